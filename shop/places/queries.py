"""Villages with the town and county they belong to, for pages and forms."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session, aliased

from shop.db import Texts
from shop.places.models import Place

MOST_PLACES = 2_000


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A place and what it stands in: `town` of a village, `county` of both; None where there is none."""

    id: int
    slug: str
    kind: str
    parent_id: int | None
    name: Texts
    short_name: Texts
    craft_id: int | None
    speciality: Texts | None
    town: Texts | None
    county: Texts | None


def _lines() -> Select[*tuple[Any, ...]]:
    above, top = aliased(Place), aliased(Place)
    return (
        select(
            Place.id,
            Place.slug,
            Place.kind,
            Place.parent_id,
            Place.name,
            Place.short_name,
            Place.craft_id,
            Place.speciality,
            above.kind.label("above_kind"),
            above.short_name.label("above_name"),
            top.short_name.label("top_name"),
        )
        .outerjoin(above, above.id == Place.parent_id)
        .outerjoin(top, top.id == above.parent_id)
        .order_by(Place.id)
        .limit(MOST_PLACES)
    )


_LINES = _lines()


def _line(row: Any) -> PlaceLine:
    in_town = row.above_kind == "town"
    return PlaceLine(
        row.id,
        row.slug,
        row.kind,
        row.parent_id,
        row.name,
        row.short_name,
        row.craft_id,
        row.speciality,
        town=row.above_name if in_town else None,
        county=row.top_name if in_town else row.above_name,
    )


def places(source: Session | Connection) -> list[PlaceLine]:
    """All places, in one statement, in the order in which they were entered."""
    return [_line(row) for row in source.execute(_LINES)]


def villages(source: Session | Connection) -> list[PlaceLine]:
    """All villages, in one statement."""
    return [_line(row) for row in source.execute(_LINES.where(Place.kind == "village"))]


def places_by_id(source: Session | Connection, ids: Collection[int]) -> dict[int, PlaceLine]:
    """These places, by id, in one statement."""
    if not ids:
        return {}
    return {row.id: _line(row) for row in source.execute(_LINES.where(Place.id.in_(sorted(ids))))}
