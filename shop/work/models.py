"""Pieces to make, who said yes to them, and what was counted when they came in."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Base, Currency, Id, Minor, Texts, Tri, Utc, one_of

LIVE = ("asked", "agreed", "done")
"""States in which an assignment's pieces and pay are spoken for."""

SAID_YES = ("agreed", "done")
"""States in which its pay is hers to earn."""


class WorkOrder(Base):
    """Pieces to make, for an order's line or for the shelf. Pay and materials are the frozen sums of all pieces.

    `ledger_line` is the owner of `work:…:open` and `materials:…:held`; empty when made for the shelf.
    """

    __tablename__ = "work_order"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("maker_minor > 0 AND materials_minor >= 0", name="pay_positive"),
        Index("ix_work_order_broker_state", "broker_id", "state"),
    )
    id: Mapped[Id]
    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id"), index=True)
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id"))
    broker_id: Mapped[int] = mapped_column(ForeignKey("broker.id"))
    purpose: Mapped[str] = mapped_column(one_of("purpose", "order", "shelf"))
    ledger_line: Mapped[str] = mapped_column(String(40), default="", index=True)
    title: Mapped[Texts] = mapped_column(Tri)
    quantity: Mapped[int]
    maker_minor: Mapped[Minor]
    materials_minor: Mapped[Minor]
    currency: Mapped[Currency]
    minutes_each: Mapped[int] = mapped_column(default=0)
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(one_of("state", "open", "done", "cancelled"), default="open")
    created_at: Mapped[datetime] = mapped_column(Utc)


class WorkAssignment(Base):
    """A maker's share of a work order: so many pieces for so much, due then, and her yes or no with how she was told.

    `lost_minor` is the pay that her rejected pieces gave back to open work. `asked` waits for her word; `refused` never counts against her; `taken_back` was reassigned before acceptance.
    """

    __tablename__ = "work_assignment"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("pay_minor > 0", name="pay_positive"),
        CheckConstraint("accepted >= 0 AND rejected >= 0 AND accepted + rejected <= quantity", name="counts_within"),
        CheckConstraint(
            "state NOT IN ('agreed', 'done') OR (told_how IS NOT NULL AND answered_at IS NOT NULL)",
            name="yes_is_evidenced",
        ),
        Index("ix_work_assignment_maker_state", "maker_id", "state"),
    )
    id: Mapped[Id]
    work_order_id: Mapped[int] = mapped_column(ForeignKey("work_order.id"), index=True)
    maker_id: Mapped[int] = mapped_column(ForeignKey("maker.id"))
    quantity: Mapped[int]
    pay_minor: Mapped[Minor]
    currency: Mapped[Currency]
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(
        one_of("state", "asked", "agreed", "refused", "done", "taken_back"), default="asked"
    )
    told_how: Mapped[str | None] = mapped_column(one_of("told_how", "slip", "visit", "call", "sms", "self"))
    answered_at: Mapped[datetime | None] = mapped_column(Utc)
    answered_by: Mapped[str | None] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(String(200), default="")
    accepted: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    lost_minor: Mapped[Minor] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Utc)
    created_by: Mapped[str] = mapped_column(String(80))


class WorkReceipt(Base):
    """What came in and how it was judged: accepted + to mend + rejected = counted. Append-only.

    `key` is made where it was typed, so that a replayed upload makes no second one.
    """

    __tablename__ = "work_receipt"
    __table_args__ = (
        CheckConstraint("accepted >= 0 AND mend >= 0 AND rejected >= 0", name="counts_not_negative"),
        CheckConstraint("accepted + mend + rejected = counted", name="counts_agree"),
        CheckConstraint("counted > 0", name="something_came"),
    )
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(80), unique=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("work_assignment.id"), index=True)
    counted: Mapped[int]
    accepted: Mapped[int]
    mend: Mapped[int]
    rejected: Mapped[int]
    reasons: Mapped[list[Any]] = mapped_column(JSON, default=list)
    pay_minor: Mapped[Minor]
    currency: Mapped[Currency]
    at: Mapped[datetime] = mapped_column(Utc)
    by: Mapped[str] = mapped_column(String(80))
