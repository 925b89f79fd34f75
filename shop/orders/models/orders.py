"""The buyer's order, each workshop's part of it, its parcels and its history."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Base, Currency, Id, Minor, Utc, one_of


class OrderGroup(Base):
    """What the buyer bought, and where it goes. `key` is the checkout form's, so that a double click makes one order.

    `secret` opens her order page without signing in; she and the mails to her hold it. `settling_intent` is the
    payment that the order took: what is given back of its lines goes there.
    """

    __tablename__ = "order_group"
    __table_args__ = (
        CheckConstraint("total_minor = goods_minor + shipping_minor + tax_minor - voucher_minor", name="total_adds_up"),
        CheckConstraint("goods_minor > 0 AND shipping_minor >= 0 AND tax_minor >= 0", name="sums_not_negative"),
        CheckConstraint("voucher_minor >= 0 AND total_minor >= 0", name="voucher_within"),
        CheckConstraint("state <> 'paid' OR paid_at IS NOT NULL", name="paid_is_dated"),
        Index("ix_order_group_state_expires", "state", "expires_at"),
    )
    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(20), unique=True)
    secret: Mapped[str] = mapped_column(String(40), unique=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    state: Mapped[str] = mapped_column(one_of("state", "placed", "paid", "cancelled", "refunded"), default="placed")
    email: Mapped[str] = mapped_column(String(254), index=True)
    name: Mapped[str] = mapped_column(String(120))
    phone: Mapped[str] = mapped_column(String(40), default="")
    street: Mapped[str] = mapped_column(String(300))
    city: Mapped[str] = mapped_column(String(120))
    region: Mapped[str] = mapped_column(String(120), default="")
    postcode: Mapped[str] = mapped_column(String(20), default="")
    country: Mapped[str] = mapped_column(String(2))
    note: Mapped[str] = mapped_column(Text, default="")
    lang: Mapped[str] = mapped_column(one_of("lang", "zh", "vi", "en"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    cart_id: Mapped[int | None] = mapped_column(ForeignKey("cart.id"), index=True)
    currency: Mapped[Currency]
    goods_minor: Mapped[Minor]
    shipping_minor: Mapped[Minor]
    tax_minor: Mapped[Minor] = mapped_column(default=0)
    voucher_minor: Mapped[Minor] = mapped_column(default=0)
    total_minor: Mapped[Minor]
    placed_at: Mapped[datetime] = mapped_column(Utc)
    expires_at: Mapped[datetime] = mapped_column(Utc)
    paid_at: Mapped[datetime | None] = mapped_column(Utc)
    settling_intent: Mapped[str | None] = mapped_column(String(255))


class SellerOrder(Base):
    """One workshop's part, sent to its broker. Its state is never ahead of its lines."""

    __tablename__ = "seller_order"
    __table_args__ = (
        UniqueConstraint("group_id", "workshop_id"),
        Index("ix_seller_order_broker_state", "broker_id", "state"),
    )
    id: Mapped[Id]
    group_id: Mapped[int] = mapped_column(ForeignKey("order_group.id"))
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id"), index=True)
    broker_id: Mapped[int] = mapped_column(ForeignKey("broker.id"))
    state: Mapped[str] = mapped_column(
        one_of("state", "placed", "to_assign", "making", "ready", "dispatched", "delivered", "cancelled"),
        default="placed",
    )
    shipping_minor: Mapped[Minor]
    currency: Mapped[Currency]
    ship_by: Mapped[date]
    arrives_from: Mapped[date]
    arrives_to: Mapped[date]


class Shipment(Base):
    """A parcel of a seller order. Delivered once; then, or some days after dispatch, its parts are released."""

    __tablename__ = "shipment"
    __table_args__ = (Index("ix_shipment_release", "released_at", "dispatched_at"),)
    id: Mapped[Id]
    seller_order_id: Mapped[int] = mapped_column(ForeignKey("seller_order.id"), unique=True)
    carrier: Mapped[str] = mapped_column(String(60))
    tracking: Mapped[str] = mapped_column(String(80))
    dispatched_at: Mapped[datetime] = mapped_column(Utc)
    delivered_at: Mapped[datetime | None] = mapped_column(Utc)
    released_at: Mapped[datetime | None] = mapped_column(Utc)


class OrderEvent(Base):
    """One entry in the order's history: who did what, on whose behalf. Append-only."""

    __tablename__ = "order_event"
    id: Mapped[Id]
    group_id: Mapped[int] = mapped_column(ForeignKey("order_group.id"), index=True)
    seller_order_id: Mapped[int | None] = mapped_column(ForeignKey("seller_order.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime] = mapped_column(Utc)
    actor: Mapped[str] = mapped_column(String(80))
    actor_name: Mapped[str] = mapped_column(String(120), default="")
    on_behalf_of: Mapped[str | None] = mapped_column(String(80))
