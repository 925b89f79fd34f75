"""Crafts and their techniques, for pages, forms and search."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from shop.crafts.models import Craft
from shop.db import Texts

MOST_CRAFTS = 1_000
_ALL = select(Craft.id, Craft.slug, Craft.parent_id, Craft.name, Craft.about, Craft.synonyms).order_by(
    Craft.sort, Craft.id
)
_WORDS = select(Craft.name, Craft.synonyms).order_by(Craft.id).limit(MOST_CRAFTS)


@dataclass(frozen=True, slots=True)
class CraftNode:
    """A craft with its techniques, in the co-op's order. A technique's own `techniques` are empty."""

    id: int
    slug: str
    parent_id: int | None
    name: Texts
    about: Texts
    synonyms: tuple[str, ...]
    techniques: tuple["CraftNode", ...] = ()


def _node(row: Any, techniques: tuple[CraftNode, ...] = ()) -> CraftNode:
    return CraftNode(row.id, row.slug, row.parent_id, row.name, row.about or {}, tuple(row.synonyms or ()), techniques)


def craft_tree(source: Session | Connection) -> list[CraftNode]:
    """All crafts, each with its techniques, in one statement."""
    rows = source.execute(_ALL.limit(MOST_CRAFTS)).all()
    below: dict[int | None, list[CraftNode]] = {}
    for row in rows:
        if row.parent_id is not None:
            below.setdefault(row.parent_id, []).append(_node(row))
    return [_node(row, tuple(below.get(row.id, ()))) for row in rows if row.parent_id is None]


def craft_by_slug(source: Session | Connection, slug: str) -> CraftNode | None:
    """A craft or technique with what stands below it, in one statement; None when there is none of that name."""
    below = select(Craft.id).where(Craft.slug == slug).scalar_subquery()
    rows = source.execute(_ALL.where((Craft.slug == slug) | (Craft.parent_id == below))).all()
    found = next((row for row in rows if row.slug == slug), None)
    if found is None:
        return None
    return _node(found, tuple(_node(row) for row in rows if row.parent_id == found.id))


def craft_words(source: Session | Connection) -> list[list[str]]:
    """For each craft the words that name it, in all languages; what search takes for synonyms."""
    return [[*name.values(), *(synonyms or ())] for name, synonyms in source.execute(_WORDS)]
