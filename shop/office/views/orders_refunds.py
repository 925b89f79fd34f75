"""Refunds that Stripe could not send: tried again, or sent by bank once a second person has agreed."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from shop.actor import Actor
from shop.db import reading
from shop.errors import NotFound
from shop.money import BadMoney, Money, parse
from shop.office import access
from shop.office.answers import choices, put, refusal
from shop.office.blueprint import bp
from shop.office.forms.fields import FILL_IN, TOO_LONG
from shop.office.forms.refunds import ClaimForm, NameForm
from shop.office.queries import pay
from shop.office.queries.orders import given_of, lines_left
from shop.orders import services
from shop.orders.models import OrderGroup, Refund
from shop.web.forms import ShopForm
from shop.web.i18n import current_lang


class BankForm(ShopForm):
    """To which account a refund goes."""

    how = StringField(
        _l("Account it goes to"),
        [InputRequired(FILL_IN), Length(max=200, message=TOO_LONG)],
        description=_l("Holder, bank and number, as the buyer wrote them to you."),
    )


@bp.get("/refunds/<int:refund_id>")
def refund(refund_id: int) -> ResponseReturnValue:
    """A refund: how far it is, and what can be done where it has failed."""
    actor = access.staff()
    return _page(refund_id, actor, BankForm()), 200


@bp.post("/refunds/<int:refund_id>/again")
def refund_again(refund_id: int) -> ResponseReturnValue:
    actor = access.officer()
    return _done(
        refund_id,
        actor,
        ShopForm(),
        lambda session: services.try_again(session, refund_id=refund_id, by=actor),
        _("It is on its way to Stripe again."),
    )


@bp.post("/refunds/<int:refund_id>/bank")
def refund_bank(refund_id: int) -> ResponseReturnValue:
    """One person asks that it goes by bank."""
    actor = access.officer()
    form = BankForm()
    return _done(
        refund_id,
        actor,
        form,
        lambda session: services.ask_by_bank(session, refund_id=refund_id, how=form.how.data or "", by=actor),
        _("Written down. A second person says when the bank has sent it."),
    )


@bp.post("/refunds/<int:refund_id>/bank/dropped")
def refund_bank_dropped(refund_id: int) -> ResponseReturnValue:
    actor = access.officer()
    return _done(
        refund_id,
        actor,
        ShopForm(),
        lambda session: services.drop_by_bank(session, refund_id=refund_id, by=actor),
        _("It does not go by bank. It may be tried again."),
    )


@bp.post("/refunds/<int:refund_id>/bank/sent")
def refund_bank_sent(refund_id: int) -> ResponseReturnValue:
    """A second person says that the bank has sent it."""
    actor = access.staff()
    return _done(
        refund_id,
        actor,
        ShopForm(),
        lambda session: services.sent_by_bank(session, refund_id=refund_id, by=actor),
        _("Written down: the bank has sent it."),
    )


@bp.post("/refunds/<int:refund_id>/named")
def refund_named(refund_id: int) -> ResponseReturnValue:
    """An officer says what a refund made at Stripe was for."""
    actor = access.officer()
    form = _name_form(refund_id)
    return _done(
        refund_id,
        actor,
        form,
        lambda session: services.name_refund(
            session,
            refund_id=refund_id,
            what=form.what.data or "",
            line_id=form.line.data or 0,
            quantity=form.quantity.data,
            by=actor,
        ),
        _("Written down what it was for."),
    )


@bp.post("/refunds/<int:refund_id>/claim")
def refund_claim(refund_id: int) -> ResponseReturnValue:
    """What the carrier has paid of a loss, in the end."""
    actor = access.staff()
    form = ClaimForm()
    with reading() as session:
        row = session.get(Refund, refund_id)
    if row is None:
        raise NotFound(what="refund")
    typed = form.amount.data or ""
    got = Money(0, row.currency)
    if form.validate():
        try:
            got = parse(typed, row.currency, current_lang())
        except BadMoney as error:
            put(form, error, "amount")
            return _page(refund_id, actor, form), 422
    return _done(
        refund_id,
        actor,
        form,
        lambda session: services.end_claim(session, refund_id=refund_id, got_minor=got.minor, by=actor),
        _("Written down: what the carrier did not pay is our loss."),
    )


def _name_form(refund_id: int) -> NameForm:
    """The form, with the lines of the refund's order that are left."""
    form = NameForm()
    with reading() as session:
        lines = lines_left(session, refund_id=refund_id)
    form.line.choices = choices(((line.id, line.title) for line in lines), none=str(_("not one of them")))
    return form


def _done(
    refund_id: int, actor: Actor, form: ShopForm, work: Callable[[Session], Refund], words: str
) -> ResponseReturnValue:
    status = refusal(form, work)
    if status is not None:
        return _page(refund_id, actor, form), status
    flash(words)
    return redirect(url_for("office.refund", refund_id=refund_id), 303)


def _page(refund_id: int, actor: Actor, form: ShopForm) -> str:
    with reading() as session:
        row = session.get(Refund, refund_id)
        if row is None:
            raise NotFound(what="refund")
        order = session.get_one(OrderGroup, row.group_id)
        keys = [key for key in (row.decided_by, row.bank_asked_by, row.bank_approved_by) if key]
        names = pay.actor_names(session, keys)
        given = given_of(session, refund_id=refund_id)
    asked = row.claim_minor > 0 and row.claim_got_minor is None
    names_it = row.unnamed and actor.role in access.OFFICERS
    decides, failed = actor.role in access.OFFICERS, row.state == "failed"
    facts: dict[str, object] = {
        "refund": row,
        "order": order,
        "amount": Money(row.amount_minor, row.currency),
        "given": Money(given, row.currency),
        "actors": names,
        "form": form if isinstance(form, BankForm) else BankForm(formdata=None),
        "said": form,
        "claim": (form if isinstance(form, ClaimForm) else ClaimForm(formdata=None)) if asked else None,
        "claimed": Money(row.claim_minor, row.currency),
        "got": None if row.claim_got_minor is None else Money(row.claim_got_minor, row.currency),
        "naming": (form if isinstance(form, NameForm) else _name_form(refund_id)) if names_it else None,
        "may_try": decides and failed and row.bank_asked_by is None,
        "may_drop": decides and failed and row.bank_asked_by is not None,
        "may_send": failed and row.bank_asked_by not in {None, actor.key},
        "nav": "office.orders",
    }
    return render_template("office/order_refund.html", **facts)
