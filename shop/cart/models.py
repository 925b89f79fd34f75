"""What a buyer means to buy, and what it costs to send."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Base, Currency, Id, Minor, Utc


class Cart(Base):
    """A visitor's cart, known by the digest of her cookie's secret. `version` changes with every change of a line."""

    __tablename__ = "cart"
    id: Mapped[Id]
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    country: Mapped[str] = mapped_column(String(2))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Utc)
    touched_at: Mapped[datetime] = mapped_column(Utc, index=True)


class CartLine(Base):
    """So many of a variant, at the price she was shown; a changed price asks her again."""

    __tablename__ = "cart_line"
    __table_args__ = (
        UniqueConstraint("cart_id", "variant_id"),
        CheckConstraint("quantity BETWEEN 1 AND 999", name="quantity_sane"),
    )
    id: Mapped[Id]
    cart_id: Mapped[int] = mapped_column(ForeignKey("cart.id"))
    variant_id: Mapped[int] = mapped_column(ForeignKey("variant.id"), index=True)
    quantity: Mapped[int]
    seen_minor: Mapped[Minor]
    currency: Mapped[Currency]


class ShippingRate(Base):
    """Post for one parcel of a workshop to a country. `workshop_id` empty: every workshop; country "*": elsewhere."""

    __tablename__ = "shipping_rate"
    __table_args__ = (
        UniqueConstraint("workshop_id", "country"),
        CheckConstraint("fee_minor >= 0", name="fee_not_negative"),
        CheckConstraint("days_min >= 0 AND days_max >= days_min", name="days_in_order"),
    )
    id: Mapped[Id]
    workshop_id: Mapped[int | None] = mapped_column(ForeignKey("workshop.id"), index=True)
    country: Mapped[str] = mapped_column(String(2))
    fee_minor: Mapped[Minor]
    second_fee_minor: Mapped[Minor]
    currency: Mapped[Currency]
    days_min: Mapped[int]
    days_max: Mapped[int]
