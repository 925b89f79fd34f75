"""Disputes: a buyer's bank has taken the money back, and asks why it was charged."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Base, Currency, Id, Minor, Utc, one_of


class Dispute(Base):
    """A dispute at Stripe about an order's payment. While it is open, and when it was lost, nothing more is sent.

    `withdrawn_minor` and `fee_minor` left Stripe's balance, `returned_minor` and `fee_back_minor` came back with a win;
    `lost_minor` of what was withdrawn is a loss: never more than was paid and not given back before (money.md 6).
    """

    __tablename__ = "dispute"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint(
            "withdrawn_minor >= 0 AND returned_minor >= 0 AND fee_minor >= 0 AND fee_back_minor >= 0",
            name="sums_not_negative",
        ),
        CheckConstraint("lost_minor >= 0 AND lost_minor <= withdrawn_minor", name="lost_within_withdrawn"),
    )
    id: Mapped[Id]
    dispute_id: Mapped[str] = mapped_column(String(255), unique=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("order_group.id"), index=True)
    payment_intent: Mapped[str] = mapped_column(String(255), index=True)
    reason: Mapped[str] = mapped_column(String(60), default="")
    state: Mapped[str] = mapped_column(one_of("state", "open", "won", "lost"), default="open")
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency]
    withdrawn_minor: Mapped[Minor] = mapped_column(default=0)
    fee_minor: Mapped[Minor] = mapped_column(default=0)
    returned_minor: Mapped[Minor] = mapped_column(default=0)
    fee_back_minor: Mapped[Minor] = mapped_column(default=0)
    lost_minor: Mapped[Minor] = mapped_column(default=0)
    opened_at: Mapped[datetime] = mapped_column(Utc)
    due_at: Mapped[datetime | None] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
