"""What nobody needs any more is not kept: carts long left, and what Stripe's handled events told of buyers."""

from datetime import timedelta

from sqlalchemy import String, cast, delete, literal_column, select, update

from shop import clock
from shop.cart.models import Cart, CartLine
from shop.db import again, writing
from shop.orders.models import OrderGroup
from shop.outbox.periodic import every
from shop.payments.models import StripeEvent

KEPT = timedelta(days=90)
AT_ONCE = 500
A_DAY = 24 * 60 * 60

EMPTY = literal_column("'{}'", String)


def remove_old_carts() -> int:
    """Remove carts that nobody touched for ninety days and that no order came from; gives how many."""
    return sum(iter(lambda: again(_carts), 0))


def _carts() -> int:
    with writing() as session:
        ordered = select(OrderGroup.id).where(OrderGroup.cart_id == Cart.id).exists()
        ids = session.scalars(
            select(Cart.id)
            .where(Cart.touched_at < clock.now() - KEPT, ~ordered)
            .order_by(Cart.id)
            .limit(AT_ONCE)
            .with_for_update(skip_locked=True)
        ).all()
        session.execute(delete(CartLine).where(CartLine.cart_id.in_(ids)))
        session.execute(delete(Cart).where(Cart.id.in_(ids)))
        return len(ids)


def forget_events() -> int:
    """Empty handled events ninety days after; their ids stay, which guard against replays. Gives how many."""
    return sum(iter(lambda: again(_events), 0))


def _events() -> int:
    with writing() as session:
        # as text: PostgreSQL compares no JSON
        told = cast(StripeEvent.payload, String) != EMPTY
        ids = session.scalars(
            select(StripeEvent.id).where(StripeEvent.handled_at < clock.now() - KEPT, told).limit(AT_ONCE)
        ).all()
        session.execute(update(StripeEvent).where(StripeEvent.id.in_(ids)).values(payload={}))
        return len(ids)


def init_app() -> None:
    """Once a day."""
    every(A_DAY, "orders.remove_old_carts")(remove_old_carts)
    every(A_DAY, "orders.forget_events")(forget_events)
