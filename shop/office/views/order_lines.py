"""Giving a line back, whole or in part: the page says in words what goes back and who bears it, the button does it."""

from collections.abc import Callable
from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from shop.actor import Actor
from shop.db import reading
from shop.errors import BadInput, NotFound
from shop.money import BadMoney, Money, parse
from shop.office import access
from shop.office.answers import choices, number, posted, put, refusal
from shop.office.blueprint import bp
from shop.office.forms.refunds import HowMuchForm, LineForm
from shop.office.order_words import way_words
from shop.office.queries.orders import GivenBack, given_back
from shop.orders import services
from shop.orders.models import Fault, Refund
from shop.web.i18n import current_lang

BEFORE = {"to_assign", "making", "ready"}
MAY_BE = {
    "cancel": BEFORE,
    "return": {"delivered"},
    "lose": {"dispatched", "delivered"},
    "reduce": {*BEFORE, "dispatched", "delivered"},
    "fault": {"dispatched", "delivered"},
}
"""What can be done with a line, by where its part of the order stands; the services decide the rest."""

BY_PIECES: dict[str, Callable[..., Refund]] = {
    "cancel": services.cancel_line,
    "return": services.return_line,
    "lose": services.lose_line,
}


@bp.route("/orders/lines/<int:line_id>/<what>", methods=["GET", "POST"])
def order_line(line_id: int, what: str) -> ResponseReturnValue:
    """Cancel, return or lose pieces of a line, or reduce its price; first asked how much, then shown, then done."""
    actor = access.officer()
    if what not in MAY_BE:
        raise NotFound(what="page")
    form, asked = LineForm(), HowMuchForm(request.args)
    case, minor = _looked_at(line_id, what, form, asked)
    status: int | None = 200
    if posted():
        cover = _cover(form, case.most.currency) if what == "lose" else 0
        status = (
            422
            if cover is None
            else refusal(
                form, lambda session: _done(session, form, what, line_id=line_id, minor=minor, cover=cover, by=actor)
            )
        )
        if status is None:
            flash(_said(what, case))
            return redirect(url_for("office.order", order_id=case.order.id), 303)
    elif case.line.cancelled or case.seller.state not in MAY_BE[what] or case.order.state != "paid":
        raise NotFound(what="page")
    else:
        form.seen.data, form.quantity.data, form.minor.data = case.seen, case.pieces, "" if minor is None else minor
        if asked.amount.errors:
            status = 422
    heading, bears, button = way_words(what)
    page = render_template(
        "office/order_line.html",
        form=form,
        asked=asked,
        case=case,
        what=what,
        shown=what != "reduce" or minor is not None,
        heading=heading,
        bears=bears,
        button_words=button,
        her=Money(case.maker_minor, case.order.currency),
        nav="office.orders",
    )
    return page, status or 200


def _said(what: str, case: GivenBack) -> str:
    if what == "fault":
        return str(_("A second person is asked to agree."))
    if case.amount.minor:
        return str(_("Done. The money goes back to the buyer."))
    return str(_("Done. Nothing has to go back to the buyer."))


def _looked_at(line_id: int, what: str, form: LineForm, asked: HowMuchForm) -> tuple[GivenBack, int | None]:
    """What the form or the address asks for, in figures as they are now; the sum is None until one was asked for."""
    quantity = _whole(form.quantity.data) if posted() else number("quantity")
    with reading() as session:
        case = given_back(session, line_id=line_id, quantity=quantity)
    form.pieces.choices = choices(case.numbers.items())
    if asked.quantity.data is None:
        asked.quantity.data = case.pieces
    minor = None
    if what == "reduce" and posted():
        minor = _whole(form.minor.data)
    elif what == "reduce" and "amount" in request.args:
        minor = _amount(asked, case.most)
    if minor is None:
        return case, None
    nothing, amount = Money(0, case.most.currency), Money(minor, case.most.currency)
    return replace(case, pieces=0, with_post=False, given=nothing, amount=amount), minor


def _amount(asked: HowMuchForm, most: Money) -> int | None:
    """The sum typed, of which there is as much left; else None, and what is wrong stands at the field."""
    if not asked.validate():
        return None
    try:
        minor = parse(asked.amount.data or "", most.currency, current_lang()).minor
    except BadMoney as error:
        put(asked, error, "amount")
        return None
    if 0 < minor <= most.minor:
        return minor
    put(asked, BadInput(field="amount"))
    return None


def _whole(typed: object) -> int:
    text = str(typed or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def _cover(form: LineForm, currency: str) -> int | None:
    """What the carrier is to pay; None where that is no sum, and what is wrong stands at the field."""
    if not (form.cover.data or "").strip():
        return 0
    try:
        return max(0, parse(form.cover.data or "", currency, current_lang()).minor)
    except BadMoney as error:
        put(form, error, "cover")
        return None


def _done(
    session: Session, form: LineForm, what: str, *, line_id: int, minor: int | None, cover: int, by: Actor
) -> Refund | Fault:
    seen, quantity = form.seen.data or "-", _whole(form.quantity.data)
    if what == "reduce":
        return services.reduce_line(session, line_id=line_id, amount_minor=minor or 0, seen=seen, by=by)
    if what == "fault":
        return services.ask_fault(
            session,
            line_id=line_id,
            quantity=quantity,
            passed=bool(form.passed.data),
            how=form.how.data or "",
            seen=seen,
            by=by,
        )
    more: dict[str, dict[str, object]] = {
        "cancel": {"begun": bool(form.begun.data)},
        "lose": {"cover_minor": cover},
    }
    return BY_PIECES[what](
        session,
        line_id=line_id,
        quantity=quantity,
        piece_ids=form.pieces.data or (),
        seen=seen,
        by=by,
        **more.get(what, {}),
    )
