"""Payments that no order took: short ones of an order that has ended, and those that did not fit it (money.md 5)."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from shop.actor import Actor
from shop.coop.services import close_task
from shop.db import locked
from shop.errors import Conflict, NotFound, NotYours
from shop.ledger.chart import account
from shop.ledger.models import Posting, Transfer
from shop.ledger.services import Draft, Move, post
from shop.money import Money
from shop.orders.models import OrderGroup, Refund
from shop.orders.services.refunds import OFFICERS, give_back
from shop.payments.models import Checkout


@dataclass(frozen=True, slots=True)
class Unused:
    """A payment that waits to be given back; `fits` is False for one that stands in `suspense:in`."""

    checkout_id: int
    session_id: str
    payment_intent: str
    amount: Money
    fits: bool


def unused_payments(session: Session, *, order_id: int) -> list[Unused]:
    """What came for an order, was not taken by it, can no longer be, and was not given back; oldest first."""
    group = session.get(OrderGroup, order_id)
    if group is None:
        return []
    given = select(Refund.id).where(Refund.payment_intent == Checkout.payment_intent).exists()
    rows = session.execute(
        select(Checkout, Transfer.currency)
        .join(Posting, Posting.key == "pay:" + Checkout.payment_intent)
        .join(Transfer, Transfer.posting_id == Posting.id)
        .where(Checkout.ref == f"order:{order_id}", Checkout.received_minor > 0, _left_over(group), ~given)
        .order_by(Checkout.id)
    ).all()
    return [
        Unused(row.id, row.session_id or "", row.payment_intent or "", Money(row.received_minor or 0, currency), fits)
        for row, currency in rows
        for fits in (row.state == "paid",)
    ]


def _left_over(group: OrderGroup) -> ColumnElement[bool]:
    odd = Checkout.state != "paid"
    if group.state == "placed":
        return odd
    return or_(odd, and_(Checkout.state == "paid", Checkout.payment_intent != (group.settling_intent or "")))


def give_back_unused(session: Session, *, checkout_id: int, by: Actor) -> None:
    """An officer sends such a payment back whole, through Stripe, as any refund goes.

    What did not fit its order leaves `suspense:in` for the buyer's credit first. Raises NotYours, NotFound, and Conflict
    where an order took it or may still take it, or it was given back before.
    """
    if by.role not in OFFICERS:
        raise NotYours(checkout_id=checkout_id)
    checkout = session.get(Checkout, checkout_id)
    if checkout is None or not checkout.ref.startswith("order:"):
        raise NotFound(what="payment")
    order_id = int(checkout.ref.removeprefix("order:"))
    group = locked(session, OrderGroup, {order_id})[order_id]
    found = next(
        (each for each in unused_payments(session, order_id=order_id) if each.checkout_id == checkout_id), None
    )
    if found is None:
        raise Conflict(state=checkout.state)
    give_back(
        session,
        group,
        payment_intent=found.payment_intent,
        amount_minor=found.amount.minor,
        currency=found.amount.currency,
        reason="unused",
        by=by,
    )
    close_task(session, key=f"payment:{found.session_id}", by=by)
    if not found.fits:
        move = Move(account("suspense:in"), account("buyer:credit", group.id), found.amount.minor)
        key = f"pay:{found.payment_intent}:back"
        post(session, [Draft(key, "pay_back", found.amount.currency, [move], source=f"order:{group.id}")], by=by)
