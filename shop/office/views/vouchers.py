"""Vouchers: read by the co-op's staff, made and ended by an officer. What one gives never changes once it is made."""

from collections.abc import Iterator
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_number, ngettext
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from shop import clock
from shop.cart import vouchers as made
from shop.cart.errors import VoucherUnknown
from shop.cart.models import Voucher
from shop.coop import services as coop
from shop.db import Texts, reading, writing
from shop.errors import Taken
from shop.money import BadMoney, Money, parse
from shop.office import access
from shop.office.answers import choices, cut, number, posted, put
from shop.office.blueprint import bp
from shop.office.forms.vouchers import VoucherForm, whole
from shop.office.queries import vouchers as reads
from shop.office.said_back import Meant, said_back
from shop.office.words import full_day
from shop.web.filters import money, tri_text
from shop.web.i18n import current_lang
from shop.workshops.queries import workshops

SUMS = {"amount": "amount_minor", "minimum": "minimum_minor"}
COUNTS = {"percent": 100, "limit_all": made.MOST_USES, "limit_each": made.MOST_USES}
"""Figures that are counted, and the most of each."""


def bearer_label(kind: str) -> str:
    """Who bears what it gives."""
    known: dict[str, str] = {
        "coop": _("The co-op: its gift"),
        "workshop": _("The workshop: out of its own share"),
    }
    return known[kind]


def gives_label(voucher: Voucher) -> str:
    """What it takes off, and from which sum on."""
    if voucher.percent:
        said = _("%(percent)s %% off", percent=voucher.percent)
    else:
        said = _("%(amount)s off", amount=money(Money(voucher.amount_minor or 0, voucher.currency)))
    if voucher.with_post:
        said += " · " + _("of the post too")
    if voucher.minimum_minor:
        least = money(Money(voucher.minimum_minor, voucher.currency))
        said += " · " + _("from %(amount)s of pieces on", amount=least)
    return str(said)


def limits_label(voucher: Voucher) -> str:
    """How often it may be used."""
    said = []
    if voucher.limit_all:
        said.append(ngettext("at most %(num)s order", "at most %(num)s orders", voucher.limit_all))
    if voucher.limit_each:
        said.append(ngettext("%(num)s order a buyer", "%(num)s orders a buyer", voucher.limit_each))
    return " · ".join(said) or str(_("no limit"))


def whose_label(name: Texts | None) -> str:
    """For whose pieces it is."""
    return tri_text(name) if name else str(_("All pieces"))


@bp.get("/vouchers")
def vouchers() -> ResponseReturnValue:
    actor = access.staff()
    with reading() as session:
        lines, more = cut(reads.vouchers(session, before=number("before") or None))
    return render_template(
        "office/vouchers.html",
        lines=lines,
        bearer_label=bearer_label,
        gives_label=gives_label,
        limits_label=limits_label,
        whose_label=whose_label,
        today=clock.today(),
        may_edit=actor.role in access.OFFICERS,
        next_page=url_for("office.vouchers", before=lines[-1].voucher.id) if more else None,
        nav="office.vouchers",
    )


@bp.route("/vouchers/new", methods=["GET", "POST"])
def voucher_new() -> ResponseReturnValue:
    """What it comes to is shown in words before it is saved: the second post saves what the first said."""
    actor = access.officer()
    with reading() as session:
        currency = coop.the_coop(session).currency
        names = {line.id: line.name for line in workshops(session)}
        taken = posted() and _taken(session)
    form = VoucherForm(data={"valid_from": clock.today()})
    form.kind.choices = [(kind, bearer_label(kind)) for kind in ("coop", "workshop")]
    form.workshop_id.choices = choices(names.items(), none=_("All pieces"))
    return said_back(
        form,
        lambda: _meant(form, currency, names, taken=taken),
        lambda session, facts: made.make_voucher(session, by=actor, **facts),
        heading=_("New voucher"),
        sub=_("A voucher never lowers a maker's pay. What it gives cannot be changed later; it can be ended."),
        back=(str(_("Vouchers")), url_for("office.vouchers")),
        nav="office.vouchers",
    )


@bp.post("/vouchers/<int:voucher_id>/end")
def voucher_end(voucher_id: int) -> ResponseReturnValue:
    actor = access.officer()
    with writing() as session:
        made.end_voucher(session, voucher_id=voucher_id, by=actor)
    flash(_("Ended. Orders that were placed with it stand."))
    return redirect(url_for("office.vouchers"), 303)


def _taken(session: Session) -> bool:
    """Whether another voucher has the code that was sent."""
    try:
        return made.is_taken(session, code=made.folded(request.form.get("code", "")[: made.LONGEST * 2]))
    except VoucherUnknown:
        return False


def _meant(form: VoucherForm, currency: str, names: dict[int, Texts], *, taken: bool) -> Meant | None:
    """What was typed, or None with its faults at their fields."""
    facts: dict[str, Any] = {
        "code": form.code.data,
        "kind": form.kind.data,
        "currency": currency,
        "workshop_id": form.workshop_id.data,
        "with_post": bool(form.with_post.data),
        "valid_from": form.valid_from.data,
        "valid_until": form.valid_until.data,
    }
    _read_figures(form, facts, currency)
    if taken and not form.errors:
        put(form, Taken(field="code"))
    for name, words in _faults(form, facts):
        if not form.errors:
            form[name].errors = (*form[name].errors, words)
    return None if form.errors else Meant(facts, _in_words(facts, names))


def _read_figures(form: VoucherForm, facts: dict[str, Any], currency: str) -> None:
    """Counts and sums as they were typed; what is none stands at its field."""
    for name, most in COUNTS.items():
        if form[name].data:
            facts[name] = whole(form[name].data)
            if not 1 <= (facts[name] or 0) <= most:
                words = _("Please give a whole number from %(least)s to %(most)s.", least=1, most=format_number(most))
                form[name].errors = (*form[name].errors, words)
    for name, column in SUMS.items():
        if form[name].data:
            try:
                facts[column] = parse(form[name].data, currency, current_lang()).minor
            except BadMoney as error:
                put(form, error, name)
                continue
            if facts[column] > made.MOST_MINOR:
                put(form, BadMoney("too_large"), name)
            elif facts[column] < (name == "amount"):
                form[name].errors = (*form[name].errors, _("It must be more than nothing."))


def _faults(form: VoucherForm, facts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What cannot be meant, as field and sentence; the first of them counts."""
    try:
        facts["code"] = made.folded(str(form.code.data))
    except VoucherUnknown:
        yield "code", _("3 to 30 letters, digits or hyphens, please.")
    if (facts.get("percent") is None) == (facts.get("amount_minor") is None):
        yield "percent", _("Give either a share or a sum.")
    if facts["kind"] == "workshop" and facts["workshop_id"] is None:
        yield "workshop_id", _("Please say which workshop bears it.")
    if facts["with_post"] and (facts["kind"], facts["workshop_id"]) != ("coop", None):
        yield "with_post", _("Only the co-op's own voucher for all pieces can give the post.")
    if facts["valid_until"] and facts["valid_until"] < max(facts["valid_from"], clock.today()):
        yield "valid_until", _("It would be over before it begins.")


def _in_words(facts: dict[str, Any], names: dict[int, Texts]) -> str:
    """The whole voucher in one line."""
    voucher = Voucher(**facts)
    days = _("from %(day)s on", day=full_day(voucher.valid_from))
    if voucher.valid_until:
        days = _("from %(first)s to %(last)s", first=full_day(voucher.valid_from), last=full_day(voucher.valid_until))
    return " · ".join(
        str(said)
        for said in (
            voucher.code,
            gives_label(voucher),
            whose_label(names.get(voucher.workshop_id or 0)),
            bearer_label(voucher.kind),
            days,
            limits_label(voucher),
        )
    )
