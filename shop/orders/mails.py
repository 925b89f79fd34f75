"""Letters about an order, in the buyer's or the broker's language; owed in the same transaction."""

from typing import Any

from sqlalchemy.orm import Session

from shop.brokers.models import Broker
from shop.orders.models import OrderGroup, SellerOrder
from shop.outbox.mail import owe_mail
from shop.people.models import User


def owe_order_mail(
    session: Session, *, group: OrderGroup, template: str, key: str = "", facts: dict[str, Any] | None = None
) -> None:
    """A letter to the buyer: paid, making, ready, dispatched, delivered, given_back, refund_failed,
    refund_by_bank, link.
    """
    owe_mail(
        session,
        key=f"order:{group.id}:{key or template}",
        to=group.email,
        lang=group.lang,
        template=f"orders/{template}",
        facts={
            "number": group.number,
            "secret": group.secret,
            "name": group.name,
            "total_minor": group.total_minor,
            "voucher_minor": group.voucher_minor,
            "currency": group.currency,
            **(facts or {}),
        },
    )


def owe_broker_mail(session: Session, *, group: OrderGroup, seller: SellerOrder, broker: Broker) -> None:
    """A letter to the broker whose workshop was bought from, where she has an account."""
    if broker.user_id is None:
        return
    user = session.get_one(User, broker.user_id)
    owe_mail(
        session,
        key=f"seller_order:{seller.id}:new",
        to=user.email,
        lang=user.lang,
        template="orders/new_for_broker",
        facts={"number": group.number, "name": user.name, "due_on": seller.ship_by},
    )
