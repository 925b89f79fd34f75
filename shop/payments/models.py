"""What passed between us and Stripe. Knows no order: `ref` is the key of whatever is paid."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Base, Currency, Id, Minor, Utc, one_of


class Checkout(Base):
    """One try to be paid through Stripe's hosted page. `key` is our idempotency key; a new try has a new one.

    `amount_minor` is what we asked for, `received_minor` what Stripe says it got.
    """

    __tablename__ = "checkout"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        Index("ix_checkout_ref", "ref"),
        Index("ix_checkout_state_expires", "state", "expires_at"),
    )
    id: Mapped[Id]
    ref: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(120), unique=True)
    state: Mapped[str] = mapped_column(
        one_of("state", "pending", "open", "processing", "paid", "expired", "failed", "unknown"), default="pending"
    )
    session_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    url: Mapped[str | None] = mapped_column(Text)
    payment_intent: Mapped[str | None] = mapped_column(String(255), unique=True)
    request: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency]
    received_minor: Mapped[Minor | None]
    fee_minor: Mapped[Minor | None]
    created_at: Mapped[datetime] = mapped_column(Utc)
    expires_at: Mapped[datetime] = mapped_column(Utc)
    paid_at: Mapped[datetime | None] = mapped_column(Utc)


class StripeRefund(Base):
    """Money sent back through Stripe; `ref` is our refund's key and Stripe's idempotency key."""

    __tablename__ = "stripe_refund"
    __table_args__ = (CheckConstraint("amount_minor > 0", name="amount_positive"),)
    id: Mapped[Id]
    ref: Mapped[str] = mapped_column(String(60), unique=True)
    payment_intent: Mapped[str] = mapped_column(String(255), index=True)
    refund_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    state: Mapped[str] = mapped_column(one_of("state", "pending", "sent", "failed", "unknown"), default="pending")
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency]
    created_at: Mapped[datetime] = mapped_column(Utc)


class StripeEvent(Base):
    """An event as Stripe sent it; its id is the replay protection. Effects are keyed by the object, not by it."""

    __tablename__ = "stripe_event"
    id: Mapped[str] = mapped_column(String(255), primary_key=True)
    type: Mapped[str] = mapped_column(String(80), index=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    received_at: Mapped[datetime] = mapped_column(Utc)
    handled_at: Mapped[datetime | None] = mapped_column(Utc)
    outcome: Mapped[str] = mapped_column(String(80), default="")
