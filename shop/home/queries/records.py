"""A numbered piece's own record."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Text, bindparam, cast, func, select
from sqlalchemy.engine import Connection

from shop.catalog.models import Piece, Product, ProductMaker, Variant
from shop.db import Texts
from shop.home.queries.shelf import buyable
from shop.makers.models import Maker
from shop.media.models import Picture
from shop.payouts.queries.claims import confirmed_at
from shop.places.models import Place
from shop.workshops.models import Workshop

_able = (
    select(func.aggregate_strings(cast(ProductMaker.maker_id, Text), ","))
    .where(ProductMaker.product_id == Product.id)
    .correlate(Product)
    .scalar_subquery()
)
_RECORD = (
    select(
        Piece.number,
        Piece.state,
        Piece.maker_id,
        Piece.maker_minor,
        Piece.currency,
        Piece.accepted_at,
        confirmed_at(Piece.receipt_key).label("confirmed_at"),
        Product.slug,
        Product.name,
        Product.materials,
        Product.certificate,
        Variant.size_label,
        Variant.colour,
        Workshop.slug.label("workshop_slug"),
        Workshop.name.label("workshop_name"),
        Place.name.label("village"),
        Picture.key.label("cover"),
        Picture.width.label("cover_width"),
        _able.label("able"),
        buyable().label("buyable"),
    )
    .join(Variant, Variant.id == Piece.variant_id)
    .join(Product, Product.id == Variant.product_id)
    .join(Workshop, Workshop.id == Piece.workshop_id)
    .join(Maker, Maker.id == Piece.maker_id)
    .join(Place, Place.id == Maker.village_id)
    .outerjoin(Picture, Picture.id == Product.cover_id)
    .where(Piece.number == bindparam("number"), Product.state == "published")
)


@dataclass(frozen=True, slots=True)
class Record:
    """A piece with what is known of it; who may be named with what is for `public_makers` to say."""

    number: str
    state: str
    maker_id: int
    maker_minor: int
    currency: str
    accepted_at: datetime
    confirmed_at: datetime | None
    slug: str
    name: Texts
    materials: list[dict[str, Any]]
    certificate: Texts | None
    size_label: Texts
    colour: Texts
    workshop_slug: str
    workshop_name: Texts
    village: Texts
    cover: str | None
    cover_width: int | None
    able: frozenset[int]
    buyable: bool


def record_of(connection: Connection, number: str) -> Record | None:
    """The record of a piece, in one statement; None for no piece of ours, and where its product is not public."""
    row = connection.execute(_RECORD, {"number": number}).first()
    if row is None:
        return None
    values = dict(row._mapping)  # noqa: SLF001  SQLAlchemy's documented name
    values["able"] = frozenset(int(one) for one in (row.able or "").split(",") if one)
    values["buyable"] = bool(row.buyable)
    return Record(**values)


def materials_text(record: Record) -> str:
    """The materials as the product's page reads them."""
    return json.dumps(record.materials or [])
