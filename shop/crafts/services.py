"""Keeping the tree of crafts: crafts, and techniques one step below."""

from collections.abc import Iterable
from itertools import count

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.crafts.models import Craft
from shop.db import Texts
from shop.errors import BadInput, NotFound, Taken
from shop.ids import slug_of

MOST_SYNONYMS = 30

_editions = count(1)
_state = {"edition": 0}


def edition() -> int:
    """Grows with every change of a craft in this process: what is derived from crafts sees whether it is stale."""
    return _state["edition"]


def create_craft(
    session: Session,
    *,
    name: Texts,
    slug: str = "",
    parent_id: int | None = None,
    about: Texts | None = None,
    synonyms: Iterable[str] = (),
    sort: int | None = None,
) -> Craft:
    """A craft, or with `parent_id` a technique of one, last in its row unless `sort` says otherwise.

    Raises BadInput without a name or below a technique, Taken where the slug is another's.
    """
    chosen = slug_of(slug or name.get("en") or name.get("vi") or "")
    if not any(name.values()) or not chosen:
        raise BadInput(field="name" if not any(name.values()) else "slug")
    if session.scalar(select(Craft.id).where(Craft.slug == chosen)) is not None:
        raise Taken(field="slug", value=chosen)
    _above(session, parent_id)
    if sort is None:
        sort = (session.scalar(select(func.max(Craft.sort)).where(Craft.parent_id == parent_id)) or 0) + 1
    craft = Craft(slug=chosen, parent_id=parent_id, sort=sort, name=name, about=about or {}, synonyms=_kept(synonyms))
    session.add(craft)
    session.flush()  # its techniques need the id
    _state["edition"] = next(_editions)
    return craft


def edit_craft(
    session: Session,
    *,
    craft_id: int,
    name: Texts,
    about: Texts,
    synonyms: Iterable[str],
    sort: int,
    parent_id: int | None,
) -> Craft:
    """Change all that a form shows; the slug stays, since links point to it.

    Raises NotFound; BadInput without a name, or where the tree would get a third step.
    """
    craft = session.get(Craft, craft_id)
    if craft is None:
        raise NotFound(what="craft")
    if not any(name.values()):
        raise BadInput(field="name")
    if parent_id is not None and parent_id != craft.parent_id:
        has_techniques = session.scalar(select(Craft.id).where(Craft.parent_id == craft_id).limit(1)) is not None
        if parent_id == craft_id or has_techniques:
            raise BadInput(field="parent_id")
        _above(session, parent_id)
    craft.name, craft.about, craft.sort, craft.parent_id = name, about, sort, parent_id
    craft.synonyms = _kept(synonyms)
    session.flush()
    _state["edition"] = next(_editions)
    return craft


def _above(session: Session, parent_id: int | None) -> None:
    if parent_id is None:
        return
    parent = session.get(Craft, parent_id)
    if parent is None or parent.parent_id is not None:
        raise BadInput(field="parent_id")


def _kept(synonyms: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(word.strip() for word in synonyms if word.strip()))[:MOST_SYNONYMS]
