"""Refunds and reviews."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Base, Currency, Id, Minor, Utc, one_of


class Refund(Base):
    """Money owed back to a buyer: decided once, sent once. The reason decides who bears it (money.md 2).

    `unused` is a payment that no order took. Of what a voucher paid whole nothing goes back: the sum is 0, and it is `sent`. Where Stripe cannot send it, it may go by bank: asked by one person, approved by another; `bank_note` says how.

    One first seen at Stripe is `unnamed` until an officer says what it was for.

    Of a loss, `claim_minor` is asked of the carrier `claim_on`, who paid `claim_got_minor` of it in the end.

    `quantity` pieces of its line were undone with it: none for a price reduction, NULL where it is of no line.
    """

    __tablename__ = "refund"
    __table_args__ = (CheckConstraint("amount_minor >= 0", name="amount_not_negative"),)
    id: Mapped[Id]
    group_id: Mapped[int] = mapped_column(ForeignKey("order_group.id"), index=True)
    line_id: Mapped[int | None] = mapped_column(ForeignKey("order_line.id"), index=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    reason: Mapped[str] = mapped_column(
        one_of(
            "reason",
            "cancelled",
            "late_payment",
            "double_payment",
            "over_payment",
            "return",
            "lost",
            "reduction",
            "fault",
            "unused",
        )
    )
    state: Mapped[str] = mapped_column(one_of("state", "decided", "sent", "failed"), default="decided")
    quantity: Mapped[int | None]
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency]
    payment_intent: Mapped[str] = mapped_column(String(255))
    decided_by: Mapped[str] = mapped_column(String(80))
    decided_at: Mapped[datetime] = mapped_column(Utc)
    claim_on: Mapped[str] = mapped_column(String(60), default="", server_default="")
    claim_minor: Mapped[Minor] = mapped_column(default=0, server_default="0")
    claim_got_minor: Mapped[Minor | None]
    unnamed: Mapped[bool] = mapped_column(default=False, server_default=false())
    bank_note: Mapped[str | None] = mapped_column(String(200))
    bank_asked_by: Mapped[str | None] = mapped_column(String(80))
    bank_approved_by: Mapped[str | None] = mapped_column(String(80))


class RefundPart(Base):
    """What one refund gave back of one frozen part: to the buyer, and to the co-op's gifts.

    `undone_minor` left the account in which the part waits for its owner. It differs from what was given back where
    the owner keeps it, where a piece goes on the shelf at cost, and after a price reduction. `owed_minor` of it had been
    released before, and is owed by whom it was released to.
    """

    __tablename__ = "refund_part"
    __table_args__ = (
        CheckConstraint("paid_minor >= 0 AND given_minor >= 0", name="sums_not_negative"),
        CheckConstraint("undone_minor >= 0", name="undone_not_negative"),
    )
    id: Mapped[Id]
    refund_id: Mapped[int] = mapped_column(ForeignKey("refund.id"), index=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("split_part.id"), index=True)
    paid_minor: Mapped[Minor]
    given_minor: Mapped[Minor]
    undone_minor: Mapped[Minor] = mapped_column(default=0, server_default="0")
    owed_minor: Mapped[Minor] = mapped_column(default=0, server_default="0")


class Fault(Base):
    """Pieces that are said to be faulty: one officer asks, a second person agrees, and only then is anything booked.

    `passed`: the broker let them pass, and her part of them is undone too. Accepted work is never docked (money.md 2).
    """

    __tablename__ = "fault"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("ended_by IS NULL OR ended_by <> asked_by OR state = 'dropped'", name="second_person"),
    )
    id: Mapped[Id]
    line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id"), index=True)
    refund_id: Mapped[int | None] = mapped_column(ForeignKey("refund.id"), unique=True)
    quantity: Mapped[int]
    passed: Mapped[bool]
    how: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(one_of("state", "asked", "agreed", "dropped"), default="asked")
    asked_by: Mapped[str] = mapped_column(String(80))
    asked_at: Mapped[datetime] = mapped_column(Utc)
    ended_by: Mapped[str | None] = mapped_column(String(80))
    ended_at: Mapped[datetime | None] = mapped_column(Utc)


class Review(Base):
    """What a buyer says of a piece she bought, in her own language."""

    __tablename__ = "review"
    __table_args__ = (CheckConstraint("stars BETWEEN 1 AND 5", name="stars_known"),)
    id: Mapped[Id]
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    line_id: Mapped[int | None] = mapped_column(ForeignKey("order_line.id"), unique=True)
    piece_number: Mapped[str] = mapped_column(String(30), default="")
    stars: Mapped[int]
    lang: Mapped[str] = mapped_column(one_of("lang", "zh", "vi", "en"))
    signed: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(Utc)
    published: Mapped[bool] = mapped_column(default=True)
