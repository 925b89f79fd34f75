"""Pictures by what one has of them."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.media.models import Picture


def picture_by_key(session: Session, key: str) -> Picture | None:
    """The picture with this key."""
    return session.scalar(select(Picture).where(Picture.key == key))


def pictures_by_id(session: Session, ids: Collection[int]) -> dict[int, Picture]:
    """Those of the pictures that exist, by id."""
    return {picture.id: picture for picture in session.scalars(select(Picture).where(Picture.id.in_(ids)))}


def known_keys(session: Session) -> set[str]:
    """The keys of all pictures that have a row."""
    return set(session.scalars(select(Picture.key)))
