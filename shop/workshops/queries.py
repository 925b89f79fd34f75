"""Workshops for pages and forms."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from shop.db import Texts
from shop.makers.models import Maker
from shop.workshops.models import Workshop, WorkshopMaker

LARGEST_PAGE = 100
MOST_NAMES = 2000


@dataclass(frozen=True, slots=True)
class WorkshopLine:
    """A workshop as pages show it. `makers` counts who works there now; it is no figure about anybody's money."""

    id: int
    slug: str
    name: Texts
    story: Texts
    hours: Texts
    craft_id: int
    village_id: int
    broker_id: int
    picture_id: int | None
    is_open: bool
    version: int
    makers: int


_COUNT = (
    select(func.count(WorkshopMaker.id))
    .join(Maker, Maker.id == WorkshopMaker.maker_id)
    .where(WorkshopMaker.workshop_id == Workshop.id, Maker.left_on.is_(None))
    .scalar_subquery()
)
_LINE = select(
    Workshop.id,
    Workshop.slug,
    Workshop.name,
    Workshop.story,
    Workshop.hours,
    Workshop.craft_id,
    Workshop.village_id,
    Workshop.broker_id,
    Workshop.picture_id,
    Workshop.is_open,
    Workshop.version,
    _COUNT,
)


def _line(row: Any) -> WorkshopLine:
    return WorkshopLine(*row)


def workshop_by_slug(source: Session | Connection, slug: str) -> WorkshopLine | None:
    """The workshop of that address, open or not; its page says that it rests. None where there is none."""
    row = source.execute(_LINE.where(Workshop.slug == slug)).first()
    return _line(row) if row else None


def workshop_line(source: Session | Connection, workshop_id: int) -> WorkshopLine | None:
    """One workshop by id."""
    row = source.execute(_LINE.where(Workshop.id == workshop_id)).first()
    return _line(row) if row else None


def open_workshops(source: Session | Connection) -> list[WorkshopLine]:
    """Those that sell now, in order of id; at most a hundred."""
    return [
        _line(row) for row in source.execute(_LINE.where(Workshop.is_open).order_by(Workshop.id).limit(LARGEST_PAGE))
    ]


def workshops(
    source: Session | Connection, *, broker_id: int | None = None, after: int = 0, limit: int = 50
) -> list[WorkshopLine]:
    """A page of all workshops, or of a broker's, in order of id; `after` is the last id of the page before."""
    page = _LINE.where(Workshop.id > after).order_by(Workshop.id).limit(max(1, min(limit, LARGEST_PAGE)))
    if broker_id is not None:
        page = page.where(Workshop.broker_id == broker_id)
    return [_line(row) for row in source.execute(page)]


def workshop_names(source: Session | Connection) -> dict[int, Texts]:
    """Id → name of every workshop, for forms that choose one of them; at most two thousand."""
    rows = source.execute(select(Workshop.id, Workshop.name).order_by(Workshop.id).limit(MOST_NAMES))
    return {row.id: row.name for row in rows}


def makers_of_workshop(source: Session | Connection, workshop_id: int, *, with_left: bool = False) -> list[int]:
    """Ids of who works there, in order of id."""
    wanted = select(WorkshopMaker.maker_id).where(WorkshopMaker.workshop_id == workshop_id)
    if not with_left:
        wanted = wanted.join(Maker, Maker.id == WorkshopMaker.maker_id).where(Maker.left_on.is_(None))
    return list(source.execute(wanted.order_by(WorkshopMaker.maker_id)).scalars())
