"""Numbered pieces, and stock held for a checkout."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Base, Currency, Id, Minor, Utc, one_of


class Piece(Base):
    """One physical thing with its number and its maker; what she earned by it and its material are frozen here.

    States: `shelf` (for sale), `reserved` (in a checkout), `sold`, `made` (for an order, never for sale), `gone`.
    """

    __tablename__ = "piece"
    __table_args__ = (
        Index("ix_piece_variant_state", "variant_id", "state", "id"),
        CheckConstraint("maker_minor >= 0 AND materials_minor >= 0", name="cost_not_negative"),
    )
    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(30), unique=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id"))
    maker_id: Mapped[int] = mapped_column(ForeignKey("maker.id"), index=True)
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id"))
    state: Mapped[str] = mapped_column(one_of("state", "shelf", "reserved", "sold", "made", "gone"))
    maker_minor: Mapped[Minor]
    materials_minor: Mapped[Minor]
    currency: Mapped[Currency]
    receipt_key: Mapped[str] = mapped_column(String(80), index=True)
    accepted_at: Mapped[datetime] = mapped_column(Utc)


class Reservation(Base):
    """Stock held for a checkout until a moment, or longer while a payment is under way. `ref` is the order's key."""

    __tablename__ = "reservation"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity_positive"), UniqueConstraint("ref", "variant_id"))
    id: Mapped[Id]
    ref: Mapped[str] = mapped_column(String(60))
    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id"), index=True)
    quantity: Mapped[int]
    state: Mapped[str] = mapped_column(one_of("state", "held", "taken", "freed"), default="held")
    expires_at: Mapped[datetime] = mapped_column(Utc, index=True)


class ReservedPiece(Base):
    """Which pieces a live reservation holds. A piece stands in at most one."""

    __tablename__ = "reserved_piece"
    piece_id: Mapped[int] = mapped_column(ForeignKey("piece.id"), primary_key=True)
    reservation_id: Mapped[int] = mapped_column(ForeignKey("reservation.id"), index=True)
