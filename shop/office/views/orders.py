"""Orders: the list, one whole with its history, what is given back, and the work slips behind it."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.brokers.queries import broker_names
from shop.db import Texts, reading, writing
from shop.errors import NotFound
from shop.makers.queries import maker_lines
from shop.money import Money
from shop.office import access
from shop.office.answers import number, words_asked
from shop.office.blueprint import bp
from shop.office.queries import orders as found
from shop.office.queries import pay, trail
from shop.office.queries.vouchers import voucher_of_order
from shop.office.views.order_lines import MAY_BE
from shop.orders import services
from shop.orders.history import events_of
from shop.orders.models import Dispute, OrderEvent, OrderGroup, Refund, SellerOrder
from shop.payments.models import Checkout

STATES = ("placed", "paid", "cancelled", "refunded")


@bp.get("/orders")
def orders() -> ResponseReturnValue:
    access.staff()
    state, words = request.args.get("state", ""), words_asked()
    state = state if state in STATES else ""
    with reading() as session:
        rows = found.orders(session, state=state, words=words, before=number("before") or None)
    more, rows = len(rows) > found.PAGE, rows[: found.PAGE]
    return render_template(
        "office/orders.html",
        rows=rows,
        state=state,
        states=STATES,
        words=words,
        next_page=url_for("office.orders", state=state or None, q=words or None, before=rows[-1].id) if more else None,
    )


@bp.get("/orders/<int:order_id>")
def order(order_id: int) -> ResponseReturnValue:
    actor = access.staff()
    with reading() as session:
        group = session.get(OrderGroup, order_id)
        if group is None:
            raise NotFound(what="order")
        parts = found.order_whole(session, order_id=order_id)
        events = events_of(session, group_id=order_id)
        refunds = session.scalars(select(Refund).where(Refund.group_id == order_id).order_by(Refund.id)).all()
        makers = _makers(session, events)
        shared = _brokers(parts)
        facts: dict[str, object] = {
            "order": group,
            "total": Money(group.total_minor, group.currency),
            "voucher": voucher_of_order(session, order_id=order_id) if group.voucher_minor else None,
            "parts": parts,
            "events": events,
            "makers": makers,
            "refunds": refunds,
            "faults": found.faults_of(session, order_id=order_id),
            "disputes": session.scalars(select(Dispute).where(Dispute.group_id == order_id).order_by(Dispute.id)).all(),
            "unused": services.unused_payments(session, order_id=order_id),
            "brokers": broker_names(session, {part.seller.broker_id for part in parts} | set(shared.values())),
            "shared": shared,
            "actors": pay.actor_names(session, [event.actor for event in events]),
            "may_decide": actor.role in access.OFFICERS and group.state == "paid",
            "may_try_again": actor.role in access.OFFICERS,
            "may_be": MAY_BE,
            "nav": "office.orders",
        }
    return render_template("office/order.html", **facts)


def _brokers(parts: Sequence[found.PartWhole]) -> dict[str, int]:
    """The brokers of whom each has a part of some line, by the payee as the parts have it."""
    payees = {payee for part in parts for line in part.lines for _kind, payee, _minor in line.parts}
    return {payee: int(payee.partition(":")[2]) for payee in payees if payee.startswith("broker:")}


def _makers(session: Session, events: Sequence[OrderEvent]) -> dict[int, Texts]:
    ids = {int(event.facts["maker_id"]) for event in events if event.facts.get("maker_id")}
    return {line.id: line.name for line in maker_lines(session, ids).values()}


@bp.post("/orders/parts/<int:seller_order_id>/delivered")
def order_delivered(seller_order_id: int) -> ResponseReturnValue:
    """An officer writes down that a parcel has arrived; its parts are released."""
    actor = access.officer()
    with writing() as session:
        seller = session.get(SellerOrder, seller_order_id)
        if seller is None:
            raise NotFound(what="order")
        services.deliver(session, seller_order_id=seller_order_id, by=actor)
        order_id = seller.group_id
    flash(_("Delivered. Broker's and co-op's parts are released."))
    return redirect(url_for("office.order", order_id=order_id), 303)


@bp.post("/orders/payments/<int:checkout_id>/given-back")
def order_payment_back(checkout_id: int) -> ResponseReturnValue:
    """An officer sends back what no order took."""
    actor = access.officer()
    with writing() as session:
        services.give_back_unused(session, checkout_id=checkout_id, by=actor)
        order_id = int(session.get_one(Checkout, checkout_id).ref.removeprefix("order:"))
    flash(_("Done. The money goes back to the buyer."))
    return redirect(url_for("office.order", order_id=order_id), 303)


@bp.get("/slips/<int:assignment_id>")
def slip(assignment_id: int) -> ResponseReturnValue:
    """A work slip: what she was asked, how she was told, what came in and what it was worth to her."""
    access.staff()
    with reading() as session:
        whole = found.slip(session, assignment_id=assignment_id)
        if whole is None:
            raise NotFound(what="slip")
        keys = [whole.assignment.created_by, whole.assignment.answered_by or "", *(row.by for row in whole.receipts)]
        names = pay.actor_names(session, keys)
        sources = [f"receipt:{row.id}" for row in whole.receipts]
        paid, bought = trail.paid_by(session, sources=sources), trail.bought(session, sources=sources)
    return render_template(
        "office/slip.html",
        paid=paid,
        bought=bought,
        slip=whole,
        pay=Money(whole.assignment.pay_minor, whole.assignment.currency),
        actors=names,
        nav="office.orders",
    )


@bp.get("/receipts/<int:receipt_id>")
def receipt(receipt_id: int) -> ResponseReturnValue:
    """A receipt leads to its slip, where it is listed."""
    access.staff()
    with reading() as session:
        assignment_id = found.slip_of_receipt(session, receipt_id=receipt_id)
    if assignment_id is None:
        raise NotFound(what="receipt")
    return redirect(url_for("office.slip", assignment_id=assignment_id, _anchor=f"r{receipt_id}"), 303)
