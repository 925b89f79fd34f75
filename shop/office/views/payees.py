"""How a payee wants her money: what is in force, what waits, who wrote it down; changing it, approving, taking it back."""

from typing import TypeVar

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from shop.actor import Actor
from shop.coop.facts import coop_facts
from shop.coop.services import record
from shop.db import reading, writing
from shop.errors import NotFound, ShopError
from shop.money import Money
from shop.office import access
from shop.office.answers import choices, put, refusal
from shop.office.blueprint import bp
from shop.office.forms.pay import HeirForm, MethodForm
from shop.office.pay_words import rail_label, wallet_label
from shop.office.queries.pay import actor_names
from shop.payouts import services
from shop.payouts.models import WALLETS, PayoutMethod
from shop.payouts.queries import PayeeName, payee_names
from shop.payouts.queries import ways as ways_now
from shop.payouts.rails import rails_for
from shop.people.own_password import prove_again, slowed

slowed("office.method_save", "office.heir_save")


F = TypeVar("F", bound=MethodForm)


def _method_form(now: PayoutMethod | None, currency: str, kind: type[F]) -> F:
    """The form as her method stands; a wallet stands in a method as its bank."""
    known: dict[str, str] = {}
    if now is not None:
        held = "wallet" if now.rail == "wallet" else "bank"
        known = {"rail": now.rail, "holder": now.holder, "account": now.account, "bank_code": now.bank_code}
        known[held] = now.bank
    form = kind(data=known)
    form.rail.choices = choices((rail, rail_label(rail)) for rail in rails_for(currency))
    wallets = WALLETS.get(currency, ())
    form.wallet.choices = choices(((each, wallet_label(each)) for each in wallets), none=str(_("none")))
    if not wallets:
        del form.wallet
    return form


def _payee(session: Session, payee: str) -> PayeeName:
    name = payee_names(session, payees=[payee]).get(payee)
    if name is None:
        raise NotFound(what="payee")
    return name


@bp.get("/payees/<payee>/method")
def method(payee: str) -> ResponseReturnValue:
    """How a maker, broker or workshop is paid, and what waits to be. The treasurer reads it."""
    actor = access.staff()
    return _page(payee, actor, None)


@bp.post("/payees/<payee>/method")
def method_save(payee: str) -> ResponseReturnValue:
    """An officer writes it down, not who sends the money, and gives her own password once more."""
    actor = access.officer()
    with reading() as session:
        _payee(session, payee)
        currency = coop_facts(session).currency
    form = _method_form(None, currency, MethodForm)
    if not form.validate():
        return _page(payee, actor, form, 422)
    try:
        prove_again(actor, form.own_password.data or "")
    except ShopError as error:
        put(form, error)
        return _page(payee, actor, form, error.status)

    status = refusal(form, lambda session: _write_down(session, payee, form, actor))
    if status is not None:
        return _page(payee, actor, form, status)
    flash(_("Saved."))
    return redirect(url_for("office.method", payee=payee), 303)


def _write_down(
    session: Session, payee: str, form: MethodForm, actor: Actor, *, heir: str = "", evidence: str = ""
) -> None:
    services.set_method(
        session,
        payee=payee,
        rail=form.rail.data,
        holder=form.holder.data or "",
        bank=(form.data.get("wallet") if form.rail.data == "wallet" else form.bank.data) or "",
        bank_code=(form.bank_code.data or "").upper(),
        account_no=form.account.data or "",
        heir=heir,
        evidence=evidence,
        by=actor,
    )
    facts = {"rail": form.rail.data} | ({"heir": heir, "evidence": evidence} if heir else {})
    record(session, about=payee, kind="pay_heir" if heir else "pay_method", by=actor, facts=facts)


@bp.get("/payees/<payee>/heir")
def heir(payee: str) -> ResponseReturnValue:
    """Whom to pay in her stead."""
    access.officer()
    return _heir_page(payee, None)


@bp.post("/payees/<payee>/heir")
def heir_save(payee: str) -> ResponseReturnValue:
    """An officer writes down who is paid and what shows it; a second person always approves."""
    actor = access.officer()
    with reading() as session:
        _payee(session, payee)
        currency = coop_facts(session).currency
    form = _method_form(None, currency, HeirForm)
    if not form.validate():
        return _heir_page(payee, form, 422)
    try:
        prove_again(actor, form.own_password.data or "")
    except ShopError as error:
        put(form, error)
        return _heir_page(payee, form, error.status)
    said = {"heir": form.heir.data or "", "evidence": form.evidence.data or ""}
    status = refusal(form, lambda session: _write_down(session, payee, form, actor, **said))
    if status is not None:
        return _heir_page(payee, form, status)
    flash(_("Saved. A second person approves it."))
    return redirect(url_for("office.method", payee=payee), 303)


def _heir_page(payee: str, form: HeirForm | None, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        name, currency = _payee(session, payee), coop_facts(session).currency
    form = form or _method_form(None, currency, HeirForm)
    return render_template("office/heir.html", form=form, payee=payee, name=name, nav="office.batches"), status


@bp.post("/payees/<payee>/method/<int:method_id>/approve")
def method_approve(payee: str, method_id: int) -> ResponseReturnValue:
    """A second person says yes to a changed account."""
    actor = access.officer()
    with writing() as session:
        services.approve_method(session, method_id=_of(session, payee, method_id), by=actor)
    flash(_("Approved."))
    return redirect(url_for("office.method", payee=payee), 303)


@bp.post("/payees/<payee>/method/<int:method_id>/take-back")
def method_take_back(payee: str, method_id: int) -> ResponseReturnValue:
    """She did not ask for it."""
    actor = access.officer()
    with writing() as session:
        services.take_back_method(session, method_id=_of(session, payee, method_id), by=actor)
    flash(_("Taken back. She is paid as before."))
    return redirect(url_for("office.method", payee=payee), 303)


def _of(session: Session, payee: str, method_id: int) -> int:
    row = session.get(PayoutMethod, min(method_id, 2**62))
    if row is None or row.payee != payee:
        raise NotFound(what="method")
    return row.id


def _page(payee: str, actor: Actor, form: MethodForm | None, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        name, currency = _payee(session, payee), coop_facts(session).currency
        ways = ways_now.ways(session, payee=payee)
        people = [row.set_by for row in ways.all] + [row.approved_by or "" for row in ways.all]
        names = actor_names(session, people)
    page = render_template(
        "office/method.html",
        form=form or _method_form(ways.now, currency, MethodForm),
        payee=payee,
        name=name,
        ways=ways,
        names=names,
        limit=None if ways.limit_minor is None else Money(ways.limit_minor, currency),
        me=actor.key,
        may_edit=actor.role in access.OFFICERS,
        nav="office.batches",
    )
    return page, status
