"""What the worker does for orders: end those nobody paid, release what has waited long enough."""

from datetime import timedelta

import structlog
from sqlalchemy import select

from shop import clock
from shop.actor import WORKER
from shop.coop.models import Coop
from shop.db import again, reading, writing
from shop.orders.models import OrderGroup, Shipment
from shop.orders.services import expire, read_fee, refund_seen, refund_sent, release, settle, settle_dispute
from shop.orders.services.routing import on_work_news
from shop.orders.services.settling import cancel_unpaid, held_order, prolong
from shop.outbox.periodic import every
from shop.payments.services import live_checkout
from shop.payments.settled import hooks
from shop.work.news import on_news

log = structlog.get_logger()


def end_unpaid() -> int:
    """Free what overdue orders hold, where no checkout may still be paid; gives how many orders ended."""
    with reading() as session:
        ids = session.scalars(
            select(OrderGroup.id)
            .where(OrderGroup.state == "placed", OrderGroup.expires_at < clock.now())
            .order_by(OrderGroup.id)
            .limit(100)
        ).all()

    def end(group_id: int) -> bool:
        with writing() as session:
            group = held_order(session, group_id=group_id)
            if group is None or group.state != "placed" or live_checkout(session, ref=f"order:{group_id}") is not None:
                return False
            cancel_unpaid(session, group=group)
            return True

    return sum(again(lambda group_id=group_id: end(group_id)) for group_id in ids)  # type: ignore[misc]


def release_ripe() -> int:
    """Release parcels that were dispatched long enough ago; gives how many were."""
    with reading() as session:
        coop = session.get(Coop, 1)
        ripe = clock.now() - timedelta(days=coop.hold_days if coop else 7)
        ids = session.scalars(
            select(Shipment.id)
            .where(Shipment.released_at.is_(None), Shipment.dispatched_at <= ripe)
            .order_by(Shipment.id)
            .limit(200)
        ).all()

    def let_go(shipment_id: int) -> bool:
        with writing() as session:
            return release(session, shipment_id=shipment_id, by=WORKER)

    return sum(again(lambda shipment_id=shipment_id: let_go(shipment_id)) for shipment_id in ids)  # type: ignore[misc]


def init_app() -> None:
    hooks.paid = settle
    hooks.ended = expire
    hooks.refunded = refund_sent
    hooks.refund_seen = refund_seen
    hooks.disputed = settle_dispute
    hooks.fee = read_fee
    hooks.prolonged[:] = [prolong]
    on_news(on_work_news)
    every(30, "orders.end_unpaid")(end_unpaid)
    every(60, "orders.release_ripe")(release_ripe)
