"""Products and their variants."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Base, Currency, Id, Minor, Texts, Tri, Utc, one_of
from shop.money import Money


class Product(Base):
    """What is listed. Only a published product is seen by the public; `version` refuses a save over another's.

    `listed_by` is the actor who listed it, never shown as its maker. `source_key` is the importer's identity.
    """

    __tablename__ = "product"
    __table_args__ = (
        UniqueConstraint("workshop_id", "source_key"),
        Index("ix_product_shelf", "state", "published_at", "id"),
        Index("ix_product_craft_shelf", "craft_id", "state", "published_at", "id"),
        CheckConstraint("state <> 'published' OR published_at IS NOT NULL", name="published_is_dated"),
        CheckConstraint("lead_days >= 0", name="lead_days_positive"),
    )
    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    item_no: Mapped[str] = mapped_column(String(20), unique=True)
    state: Mapped[str] = mapped_column(one_of("state", "draft", "published", "withdrawn"), default="draft")
    name: Mapped[Texts] = mapped_column(Tri)
    description: Mapped[Texts] = mapped_column(Tri, default=dict)
    care: Mapped[Texts] = mapped_column(Tri, default=dict)
    craft_id: Mapped[int | None] = mapped_column(ForeignKey("craft.id"))
    technique_id: Mapped[int | None] = mapped_column(ForeignKey("craft.id"), index=True)
    workshop_id: Mapped[int] = mapped_column(ForeignKey("workshop.id"), index=True)
    broker_id: Mapped[int | None] = mapped_column(ForeignKey("broker.id"), index=True)
    made_to_order: Mapped[bool] = mapped_column(default=False)
    lead_days: Mapped[int] = mapped_column(default=0)
    unique_piece: Mapped[bool] = mapped_column(default=False)
    materials: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    hs_code: Mapped[str] = mapped_column(String(12), default="")
    origin: Mapped[str] = mapped_column(String(2), default="CN")
    certificate: Mapped[Texts | None] = mapped_column(Tri)
    cover_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id"))
    source_key: Mapped[str | None] = mapped_column(String(300))
    source_facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    listed_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(Utc)
    published_at: Mapped[datetime | None] = mapped_column(Utc)
    version: Mapped[int] = mapped_column(default=1)


class Variant(Base):
    """What a buyer puts into the cart. Pieces are reserved, never sold twice.

    `on_hand` counts numbered pieces on the shelf, reserved ones included; `to_take_in` are pieces an import named
    that nobody has yet counted and numbered. Without a price it cannot be bought.
    """

    __tablename__ = "variant"
    __table_args__ = (
        CheckConstraint("price_minor IS NULL OR price_minor > 0", name="price_positive"),
        CheckConstraint("reserved >= 0 AND reserved <= on_hand", name="reserved_within_stock"),
        CheckConstraint("to_take_in >= 0", name="to_take_in_positive"),
        Index("ix_variant_price", "price_minor", "product_id"),
    )
    id: Mapped[Id]
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    sku: Mapped[str | None] = mapped_column(String(80), unique=True)
    size_label: Mapped[Texts] = mapped_column(Tri, default=dict)
    colour: Mapped[Texts] = mapped_column(Tri, default=dict)
    size: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    weight_grams: Mapped[int | None]
    price_minor: Mapped[Minor | None]
    currency: Mapped[Currency]
    on_hand: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0)
    to_take_in: Mapped[int] = mapped_column(default=0)
    source_key: Mapped[str | None] = mapped_column(String(300))
    carton: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    is_active: Mapped[bool] = mapped_column(default=True)

    @property
    def price(self) -> Money | None:
        """What one piece costs; None while it has no price."""
        return None if self.price_minor is None else Money(self.price_minor, self.currency)


class ProductPicture(Base):
    """A picture of a product, in order; the first is its cover."""

    __tablename__ = "product_picture"
    __table_args__ = (UniqueConstraint("product_id", "picture_id"),)
    id: Mapped[Id]
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    picture_id: Mapped[int] = mapped_column(ForeignKey("picture.id"))
    position: Mapped[int]
    alt: Mapped[Texts] = mapped_column(Tri, default=dict)


class ProductMaker(Base):
    """Who can make it. For a piece made to order the page says "made by one of"."""

    __tablename__ = "product_maker"
    __table_args__ = (UniqueConstraint("product_id", "maker_id"),)
    id: Mapped[Id]
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"))
    maker_id: Mapped[int] = mapped_column(ForeignKey("maker.id"), index=True)
