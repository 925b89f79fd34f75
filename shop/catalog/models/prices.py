"""Prices and how each is shared (money.md 1)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Base, Currency, Id, Minor, Utc, one_of

PART_KINDS = ("maker", "materials", "broker", "workshop", "coop", "costs", "outlet", "tax")


class PriceSplit(Base):
    """One price of a variant and how one unit of it is shared. A new price is a new row; the old one stays, not live.

    `kind` is retail, trade (from `min_quantity` on), sample or outlet.
    """

    __tablename__ = "price_split"
    __table_args__ = (
        CheckConstraint("price_minor > 0", name="price_positive"),
        CheckConstraint("min_quantity > 0", name="min_quantity_positive"),
        Index(
            "uq_price_split_live",
            "variant_id",
            "kind",
            "min_quantity",
            unique=True,
            sqlite_where=text("live"),
            postgresql_where=text("live"),
        ),
    )
    id: Mapped[Id]
    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id"), index=True)
    kind: Mapped[str] = mapped_column(one_of("kind", "retail", "trade", "sample", "outlet"))
    min_quantity: Mapped[int] = mapped_column(default=1)
    lead_days: Mapped[int | None]
    price_minor: Mapped[Minor]
    currency: Mapped[Currency]
    valid_from: Mapped[datetime] = mapped_column(Utc)
    live: Mapped[bool] = mapped_column(default=True)
    set_by: Mapped[str] = mapped_column(String(80))


class PricePart(Base):
    """One share of a split. `payee` is the owner key it goes to ("broker:2"), empty where the kind says it."""

    __tablename__ = "price_part"
    __table_args__ = (CheckConstraint("amount_minor >= 0", name="amount_not_negative"),)
    id: Mapped[Id]
    split_id: Mapped[int] = mapped_column(ForeignKey("price_split.id"), index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(one_of("kind", *PART_KINDS))
    payee: Mapped[str] = mapped_column(String(60), default="")
    amount_minor: Mapped[Minor]


class PieceRate(Base):
    """Agreed pay for one accepted piece, with the minutes it takes; dated. It only proposes (product.md 3)."""

    __tablename__ = "piece_rate"
    __table_args__ = (
        CheckConstraint("pay_minor > 0", name="pay_positive"),
        CheckConstraint("minutes > 0", name="minutes_positive"),
        Index(
            "uq_piece_rate_live", "variant_id", unique=True, sqlite_where=text("live"), postgresql_where=text("live")
        ),
    )
    id: Mapped[Id]
    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id"), index=True)
    pay_minor: Mapped[Minor]
    currency: Mapped[Currency]
    minutes: Mapped[int]
    valid_from: Mapped[date]
    below_minimum_reason: Mapped[str] = mapped_column(String(300), default="")
    live: Mapped[bool] = mapped_column(default=True)
    set_by: Mapped[str] = mapped_column(String(80))
