"""Names for the income report's rows."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.crafts.models import Craft
from shop.db import Texts
from shop.places.models import Place
from shop.workshops.models import Workshop


def village_names(session: Session, ids: Collection[int]) -> dict[int, Texts]:
    """Short names of places."""
    return {
        row.id: row.short_name for row in session.execute(select(Place.id, Place.short_name).where(Place.id.in_(ids)))
    }


def workshop_names(session: Session, ids: Collection[int]) -> dict[int, Texts]:
    """Names of workshops."""
    return {row.id: row.name for row in session.execute(select(Workshop.id, Workshop.name).where(Workshop.id.in_(ids)))}


def craft_names(session: Session, ids: Collection[int]) -> dict[int, Texts]:
    """Names of crafts."""
    return {row.id: row.name for row in session.execute(select(Craft.id, Craft.name).where(Craft.id.in_(ids)))}
