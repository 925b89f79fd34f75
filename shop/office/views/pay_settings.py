"""How and when the co-op pays: its bank's columns, its own account, pay days and cut-off."""

from collections.abc import Iterator
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from shop.coop import services as coop
from shop.coop.queries import changes_about
from shop.db import reading, writing
from shop.documents.bank import PROFILES, profiles_for
from shop.errors import ShopError
from shop.money import BadMoney, Money, format_plain, parse
from shop.office import access
from shop.office.answers import choices, put, refusal
from shop.office.blueprint import bp
from shop.office.forms.pay import PaySettingsForm
from shop.office.queries.pay import actor_names
from shop.payouts import services
from shop.payouts.facts import NAMES, PayFacts, schedule
from shop.payouts.models import PaySettings
from shop.payouts.queries.ways import open_payer_change
from shop.people.own_password import prove_again, slowed
from shop.web.access import current_actor
from shop.web.i18n import current_lang

HOURS = 24
LONGEST_CUT_OFF = 6
MOST_WEEKS = 4
GUARDED = (
    "payer_name",
    "payer_account",
    "payer_bank",
    "payer_bank_code",
    "account_wait_days",
    "account_limit_minor",
)
"""What is changed only by somebody who gave her password once more."""

slowed("office.pay_settings_save")


@bp.get("/pay-settings")
def pay_settings() -> ResponseReturnValue:
    """The administrator decides; the others read what was decided."""
    actor = access.staff()
    now, currency = _now()
    return _page(_form(now, currency), currency, may_edit=actor.role == "admin")


@bp.post("/pay-settings")
def pay_settings_save() -> ResponseReturnValue:
    """Which fields were changed and by whom stands in the history. Accounts ask for the administrator's password."""
    actor = access.admin()
    now, currency = _now()
    form = _form(now, currency)
    facts: dict[str, Any] = {name: form[name].data for name in NAMES if name in form and name != "version"}
    facts["payer_bank_code"] = (facts["payer_bank_code"] or "").upper()
    try:
        facts["account_limit_minor"] = _limit(form, currency)
        if any((facts[name] or None) != (getattr(now, name) or None) for name in GUARDED):
            prove_again(actor, form.own_password.data or "")
    except ShopError as error:
        form.validate()
        put(form, error)
        return _page(form, currency, may_edit=True, status=error.status)
    status = refusal(form, lambda session: services.set_pay_settings(session, version=form.seen, by=actor, **facts))
    if status is None:
        flash(_("Saved."))
        return redirect(url_for("office.pay_settings"), 303)
    return _page(form, currency, may_edit=True, status=status)


def _limit(form: PaySettingsForm, currency: str) -> int | None:
    """The sum typed, or None. Raises BadMoney with the field."""
    typed = form.account_limit.data or ""
    if not typed:
        return None
    try:
        return parse(typed, currency, current_lang()).minor
    except BadMoney as error:
        error.data["field"] = "account_limit"
        raise


@bp.post("/pay-settings/account/<int:change_id>/approve")
def payer_approve(change_id: int) -> ResponseReturnValue:
    """A second person says yes to the co-op's other account."""
    actor = access.officer()
    with writing() as session:
        services.approve_payer(session, change_id=change_id, by=actor)
    flash(_("Approved."))
    return redirect(url_for("office.pay_settings"), 303)


@bp.post("/pay-settings/account/<int:change_id>/drop")
def payer_drop(change_id: int) -> ResponseReturnValue:
    """Nobody meant it."""
    actor = access.officer()
    with writing() as session:
        services.drop_payer(session, change_id=change_id, by=actor)
    flash(_("Taken back. The co-op goes on paying from the account it has."))
    return redirect(url_for("office.pay_settings"), 303)


def _now() -> tuple[PayFacts, str]:
    with reading() as session:
        currency = coop.the_coop(session).currency
        row = session.get(PaySettings, 1)
        return (PayFacts(**{name: getattr(row, name) for name in NAMES}) if row else PayFacts()), currency


def _page(form: PaySettingsForm, currency: str, *, may_edit: bool, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        days = schedule(session)
        changes = changes_about(session, about="coop:1", limit=50)
        change = open_payer_change(session)
        names = actor_names(session, [change.set_by, change.approved_by or ""]) if change else {}
    actor = current_actor()
    page = render_template(
        "office/pay_settings.html",
        form=form,
        profile=PROFILES.get(form.bank_profile.data or next(iter(profiles_for(currency)), "")),
        next_day=days.next_day(),
        cut_off=days.cut_off(days.next_day()),
        last=next((each for each in changes if each.kind == "pay_settings"), None),
        change=change,
        names=names,
        may_decide=actor.role in access.OFFICERS,
        may_approve=change is not None and change.approved_by is None and change.set_by != actor.key,
        may_edit=may_edit,
        nav="office.batches",
    )
    return page, status


def _form(now: PayFacts, currency: str) -> PaySettingsForm:
    data: dict[str, Any] = {name: getattr(now, name) for name in NAMES}
    if now.account_limit_minor is not None:
        data["account_limit"] = format_plain(Money(now.account_limit_minor, currency))
    form = PaySettingsForm(data=data)
    usual = str(_("the usual one of %(currency)s", currency=currency))
    form.bank_profile.choices = choices(((key, PROFILES[key].name) for key in profiles_for(currency)), none=usual)
    form.every_weeks.choices = choices(
        (number, _("every week") if number == 1 else ngettext("every %(num)s week", "every %(num)s weeks", number))
        for number in range(1, MOST_WEEKS + 1)
    )
    form.cut_off_days.choices = choices(_cut_offs(), none=str(_("no cut-off: until the batch is drafted")))
    form.cut_off_hour.choices = choices((hour, f"{hour:02d}:00") for hour in range(HOURS))
    return form


def _cut_offs() -> Iterator[tuple[int, str]]:
    yield 0, str(_("on the pay day itself"))
    for number in range(1, LONGEST_CUT_OFF + 1):
        yield number, str(ngettext("%(num)s day before the pay day", "%(num)s days before the pay day", number))
