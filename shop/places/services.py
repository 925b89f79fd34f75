"""Keeping the places: counties, their towns, their villages."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.crafts.models import Craft
from shop.db import Texts
from shop.errors import BadInput, NotFound, Taken
from shop.ids import slug_of
from shop.places.models import Place

ABOVE = {"county": (), "town": ("county",), "village": ("town", "county")}
"""What a kind of place may stand in."""


def create_place(
    session: Session,
    *,
    kind: str,
    name: Texts,
    short_name: Texts | None = None,
    slug: str = "",
    parent_id: int | None = None,
    craft_id: int | None = None,
    speciality: Texts | None = None,
) -> Place:
    """A county, a town of one, or a village of either. Without `short_name` the name is its own short one.

    Raises BadInput without a name, for an unknown kind or craft or a parent that does not hold it; Taken for the slug.
    """
    if kind not in ABOVE:
        raise BadInput(field="kind")
    if not any(name.values()):
        raise BadInput(field="name")
    chosen = slug_of(slug or name.get("en") or name.get("vi") or "")
    if not chosen:
        raise BadInput(field="slug")
    if session.scalar(select(Place.id).where(Place.slug == chosen)) is not None:
        raise Taken(field="slug", value=chosen)
    _fits(session, kind, parent_id, craft_id)
    place = Place(
        slug=chosen,
        kind=kind,
        parent_id=parent_id,
        name=name,
        short_name=short_name or name,
        craft_id=craft_id,
        speciality=speciality or None,
    )
    session.add(place)
    session.flush()  # what stands in it needs the id
    return place


def edit_place(
    session: Session,
    *,
    place_id: int,
    name: Texts,
    short_name: Texts,
    parent_id: int | None,
    craft_id: int | None,
    speciality: Texts | None,
) -> Place:
    """Change all that a form shows; kind and slug stay. Raises NotFound, BadInput as `create_place`."""
    place = session.get(Place, place_id)
    if place is None:
        raise NotFound(what="place")
    if not any(name.values()):
        raise BadInput(field="name")
    _fits(session, place.kind, parent_id, craft_id)
    changes: dict[str, Any] = {
        "name": name,
        "short_name": short_name or name,
        "parent_id": parent_id,
        "craft_id": craft_id,
        "speciality": speciality or None,
    }
    for field, value in changes.items():
        setattr(place, field, value)
    session.flush()
    return place


def _fits(session: Session, kind: str, parent_id: int | None, craft_id: int | None) -> None:
    parent = session.get(Place, parent_id) if parent_id is not None else None
    if (parent is None) != (kind == "county") or (parent is not None and parent.kind not in ABOVE[kind]):
        raise BadInput(field="parent_id")
    if craft_id is not None and session.get(Craft, craft_id) is None:
        raise BadInput(field="craft_id")
