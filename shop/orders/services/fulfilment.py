"""Parcels: sent, delivered, and then broker's and co-op's parts released (money.md 4)."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.coop.models import Coop
from shop.db import locked
from shop.errors import BadInput, NotYours
from shop.ledger.chart import account
from shop.ledger.services import Draft, Earned, Move, post
from shop.orders.errors import NotReady
from shop.orders.history import note
from shop.orders.mails import owe_order_mail
from shop.orders.models import OrderGroup, RefundPart, SellerOrder, Shipment, SplitPart
from shop.orders.services.disputed import stops_dispatch


def my_seller_order(session: Session, seller_order_id: int, by: Actor) -> SellerOrder:
    """The seller order, held until the unit of work ends, if `by` may act on it; NotYours otherwise."""
    seller = locked(session, SellerOrder, {seller_order_id}).get(seller_order_id)
    if seller is None or (by.role == "broker" and seller.broker_id != by.broker_id):
        raise NotYours(seller_order_id=seller_order_id)
    return seller


def dispatch(session: Session, *, seller_order_id: int, carrier: str, tracking: str, by: Actor) -> Shipment:
    """The parcel has left. The same parcel again gives the shipment there is.

    Raises NotReady while work is open, Disputed while the buyer's bank has the money.
    """
    seller = my_seller_order(session, seller_order_id, by)
    known = session.scalar(select(Shipment).where(Shipment.seller_order_id == seller.id))
    if known is not None:
        return known
    stops_dispatch(session, group_id=seller.group_id)
    if seller.state != "ready":
        raise NotReady(state=seller.state)
    if not carrier.strip() or not tracking.strip():
        raise BadInput(field="carrier" if not carrier.strip() else "tracking")
    shipment = Shipment(
        seller_order_id=seller.id,
        carrier=carrier.strip()[:60],
        tracking=tracking.strip()[:80],
        dispatched_at=clock.now(),
    )
    session.add(shipment)
    seller.state = "dispatched"
    group = session.get_one(OrderGroup, seller.group_id)
    note(
        session,
        group_id=group.id,
        seller_order_id=seller.id,
        kind="dispatched",
        by=by,
        facts={"carrier": shipment.carrier, "tracking": shipment.tracking},
    )
    owe_order_mail(
        session,
        group=group,
        template="dispatched",
        key=f"dispatched:{seller.id}",
        facts={"carrier": shipment.carrier, "tracking": shipment.tracking},
    )
    session.flush()  # callers need its id
    return shipment


def deliver(session: Session, *, seller_order_id: int, by: Actor) -> Shipment:
    """The parcel has arrived; its parts are released at once. Again, it changes nothing."""
    seller = my_seller_order(session, seller_order_id, by)
    shipment = session.scalar(select(Shipment).where(Shipment.seller_order_id == seller.id).with_for_update())
    if shipment is None:
        raise NotReady(state=seller.state)
    if shipment.delivered_at is not None:
        return shipment
    shipment.delivered_at = clock.now()
    seller.state = "delivered"
    note(session, group_id=seller.group_id, seller_order_id=seller.id, kind="delivered", by=by)
    owe_order_mail(
        session, group=session.get_one(OrderGroup, seller.group_id), template="delivered", key=f"delivered:{seller.id}"
    )
    release(session, shipment_id=shipment.id, by=by)
    return shipment


def release(session: Session, *, shipment_id: int, by: Actor) -> bool:
    """Broker's, workshop's and co-op's parts of a parcel become theirs: delivered, or so many days after dispatch.

    False where it is too early or has been done.
    """
    shipment = session.get_one(Shipment, shipment_id, with_for_update=True)
    coop = session.get(Coop, 1)
    ripe = shipment.dispatched_at + timedelta(days=coop.hold_days if coop else 7)
    if shipment.released_at is not None or (shipment.delivered_at is None and clock.now() < ripe):
        return False
    seller = session.get_one(SellerOrder, shipment.seller_order_id)
    parts = session.scalars(
        select(SplitPart)
        .where(SplitPart.seller_order_id == seller.id, ~SplitPart.released)
        .order_by(SplitPart.id)
        .with_for_update()
    ).all()
    shipment.released_at = clock.now()
    undone = _undone(session, parts)
    sums: dict[str, int] = {}
    commission = 0
    for part in parts:
        # a part that was cancelled whole is released already and not among these; for a loss the buyer gets her money
        # from elsewhere, and the part is kept (money.md 2)
        whole = part.paid_minor + part.given_minor - undone.get(part.id, 0)
        if part.kind in {"broker", "shipping", "workshop"}:
            payee = part.payee or f"workshop:{seller.workshop_id}"
            sums[payee] = sums.get(payee, 0) + whole
        elif part.kind == "coop":
            commission += whole
        part.released = True
    moves = [Move(account("coop:commission:held", seller.workshop_id), account("income", "commission"), commission)]
    earned = []
    for payee, minor in sorted(sums.items()):
        if minor:
            owner, _, number = payee.partition(":")
            moves.append(Move(account(f"{owner}:held", number), account(f"{owner}:available", number), minor))
            earned.append(Earned(payee, f"release:{shipment.id}:{payee}", minor))
    if any(move.amount_minor for move in moves):
        post(
            session,
            [
                Draft(
                    key=f"release:{shipment.id}",
                    kind="release",
                    currency=seller.currency,
                    moves=moves,
                    source=f"order:{seller.group_id}",
                    earned=earned,
                )
            ],
            by=by,
        )
    return True


def _undone(session: Session, parts: Sequence[SplitPart]) -> dict[int, int]:
    """Part → what left its account before it could be released: of pieces that were cancelled, mostly."""
    rows = session.execute(
        select(RefundPart.part_id, func.sum(RefundPart.undone_minor))
        .where(RefundPart.part_id.in_([part.id for part in parts]))
        .group_by(RefundPart.part_id)
    )
    return {part_id: int(minor) for part_id, minor in rows}
