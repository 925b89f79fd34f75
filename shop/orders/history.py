"""The order's history: who did what, on whose behalf."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.orders.models import OrderEvent


def note(
    session: Session,
    *,
    group_id: int,
    kind: str,
    by: Actor,
    seller_order_id: int | None = None,
    on_behalf_of: str | None = None,
    facts: dict[str, Any] | None = None,
) -> None:
    """Add one entry; kinds are placed, paid, expired, asked, agreed, refused, taken_back, received, ready, …"""
    session.add(
        OrderEvent(
            group_id=group_id,
            seller_order_id=seller_order_id,
            kind=kind,
            facts=facts or {},
            at=clock.now(),
            actor=by.key,
            actor_name=by.name,
            on_behalf_of=on_behalf_of,
        )
    )


def events_of(session: Session, *, group_id: int) -> list[OrderEvent]:
    """The whole history, oldest first."""
    return list(session.scalars(select(OrderEvent).where(OrderEvent.group_id == group_id).order_by(OrderEvent.id)))
