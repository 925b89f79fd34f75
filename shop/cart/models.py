"""What a buyer means to buy, and what it costs to send."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Base, Currency, Id, Minor, Utc, one_of


class Voucher(Base):
    """A code that takes something off: the co-op's is its own gift, a workshop's comes out of that workshop's own part.

    What it gives never changes once it is made; it can only be ended. `used` counts the orders it stands in, and is
    raised under the row's own lock, so that its limits hold however many order at once.
    """

    __tablename__ = "voucher"
    __table_args__ = (
        CheckConstraint("(percent IS NULL) <> (amount_minor IS NULL)", name="percent_or_amount"),
        CheckConstraint("percent BETWEEN 1 AND 100", name="percent_within"),
        CheckConstraint("amount_minor > 0 AND minimum_minor >= 0", name="sums_positive"),
        CheckConstraint("kind = 'coop' OR workshop_id IS NOT NULL", name="workshop_named"),
        CheckConstraint("NOT with_post OR (kind = 'coop' AND workshop_id IS NULL)", name="post_is_the_coops"),
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="ends_after_start"),
        CheckConstraint("limit_all > 0 AND limit_each > 0", name="limits_positive"),
        CheckConstraint("used >= 0 AND (limit_all IS NULL OR used <= limit_all)", name="used_within"),
    )
    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(30), unique=True)
    kind: Mapped[str] = mapped_column(one_of("kind", "coop", "workshop"))
    workshop_id: Mapped[int | None] = mapped_column(ForeignKey("workshop.id"), index=True)
    percent: Mapped[int | None]
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[Currency]
    minimum_minor: Mapped[Minor] = mapped_column(default=0)
    with_post: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    limit_all: Mapped[int | None]
    limit_each: Mapped[int | None]
    used: Mapped[int] = mapped_column(default=0)
    made_by: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime] = mapped_column(Utc)
    ended_by: Mapped[str | None] = mapped_column(String(80))
    ended_at: Mapped[datetime | None] = mapped_column(Utc)


class Cart(Base):
    """A visitor's cart, known by the digest of her cookie's secret. `version` changes with every change of a line or
    of its voucher.
    """

    __tablename__ = "cart"
    id: Mapped[Id]
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    country: Mapped[str] = mapped_column(String(2))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Utc)
    touched_at: Mapped[datetime] = mapped_column(Utc, index=True)
    voucher_id: Mapped[int | None] = mapped_column(ForeignKey("voucher.id"))


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
