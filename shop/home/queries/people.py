"""Makers and workshops as the public sees them."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Text, bindparam, cast, func, literal, null, select, union_all
from sqlalchemy.engine import Connection
from sqlalchemy.orm import aliased

from shop.catalog.models import Piece, Product, ProductMaker
from shop.db import Texts
from shop.home.queries.shelf import buyable
from shop.makers.models import Consent, Maker
from shop.media.models import Picture
from shop.places.models import Place
from shop.workshops.models import Workshop, WorkshopMaker


@dataclass(frozen=True, slots=True)
class Life:
    """What a maker's page may need besides her public side; what she did not agree to is for the page to leave out."""

    village: Texts
    county: Texts | None
    face: str | None
    pieces: int
    workshops: tuple[tuple[str, Texts], ...]
    agreed: dict[str, date]


_HER = bindparam("maker", type_=BigInteger)
_town, _county = aliased(Place), aliased(Place)
_NO = cast(null(), Text)
_LIFE = union_all(
    select(
        literal("her", Text).label("kind"),
        cast(select(func.count(Piece.id)).where(Piece.maker_id == _HER).scalar_subquery(), BigInteger).label("n"),
        cast(Place.name, Text).label("t0"),
        cast(func.coalesce(cast(_county.name, Text), cast(_town.name, Text)), Text).label("t1"),
        cast(Picture.key, Text).label("t2"),
        Maker.joined_on.label("on"),
    )
    .select_from(Maker)
    .join(Place, Place.id == Maker.village_id)
    .outerjoin(_town, _town.id == Place.parent_id)
    .outerjoin(_county, _county.id == _town.parent_id)
    .outerjoin(Picture, Picture.id == Maker.face_id)
    .where(Maker.id == _HER),
    select(
        literal("workshop", Text),
        Workshop.id,
        cast(Workshop.slug, Text),
        cast(Workshop.name, Text),
        _NO,
        Maker.joined_on,
    )
    .select_from(WorkshopMaker)
    .join(Workshop, Workshop.id == WorkshopMaker.workshop_id)
    .join(Maker, Maker.id == WorkshopMaker.maker_id)
    .where(WorkshopMaker.maker_id == _HER),
    select(
        literal("answer", Text),
        Consent.id,
        cast(Consent.item, Text),
        _NO,
        _NO,
        Consent.answered_on,
    ).where(Consent.maker_id == _HER, Consent.live, Consent.given, Consent.withdrawn_on.is_(None)),
)


def life_of(connection: Connection, maker_id: int) -> Life:
    """The facts of a maker's page, in one statement."""
    kinds: dict[str, list[Any]] = {}
    for row in connection.execute(_LIFE, {"maker": maker_id}):
        kinds.setdefault(row.kind, []).append(row)
    her = kinds["her"][0]
    return Life(
        json.loads(her.t0),
        json.loads(her.t1) if her.t1 else None,
        her.t2,
        her.n,
        tuple((row.t0, json.loads(row.t1)) for row in sorted(kinds.get("workshop", []), key=lambda row: row.n)),
        {row.t0: row.on for row in kinds.get("answer", [])},
    )


_ids = bindparam("ids", expanding=True, type_=BigInteger)
_COUNTS = (
    select(ProductMaker.maker_id, func.count(Product.id).label("products"))
    .join(Product, Product.id == ProductMaker.product_id)
    .join(Workshop, Workshop.id == Product.workshop_id)
    .where(ProductMaker.maker_id.in_(_ids), Product.state == "published", Workshop.is_open, buyable())
    .group_by(ProductMaker.maker_id)
)
_VILLAGES = select(Place.id, Place.name).where(Place.id.in_(_ids))
_PICTURES = select(Picture.id, Picture.key).where(Picture.id.in_(_ids))


def shelf_counts(connection: Connection, maker_ids: Collection[int]) -> dict[int, int]:
    """How many products of each maker stand in the shop."""
    return {row[0]: row[1] for row in connection.execute(_COUNTS, {"ids": list(maker_ids)})} if maker_ids else {}


def village_names(connection: Connection, ids: Collection[int]) -> dict[int, Texts]:
    """Names of places by id."""
    return {row[0]: row[1] for row in connection.execute(_VILLAGES, {"ids": list(ids)})} if ids else {}


def picture_keys(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    """Keys of pictures by id."""
    return {row[0]: row[1] for row in connection.execute(_PICTURES, {"ids": list(ids)})} if ids else {}
