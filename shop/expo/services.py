"""Choosing pieces for a fair."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.catalog.models import Product
from shop.db import locked
from shop.errors import NotYours
from shop.expo.errors import SelectionFull
from shop.expo.models import Entry, Expo, ExpoOrganizer

LIMIT = 1000
"""Most entries of one catalogue; as many as one PDF is made of in a second and a half."""


def _hers(session: Session, expo_id: int, by: Actor) -> Expo:
    expo = locked(session, Expo, {expo_id}).get(expo_id)
    mine = session.scalar(
        select(ExpoOrganizer.id).where(ExpoOrganizer.expo_id == expo_id, ExpoOrganizer.user_id == by.user_id)
    )
    if expo is None or mine is None:
        raise NotYours(expo_id=expo_id)
    return expo


def choose(session: Session, *, expo_id: int, product_ids: Sequence[int], by: Actor) -> int:
    """Add published products to a fair's selection, after those there are; gives how many were new.

    Raises SelectionFull, NotYours.
    """
    expo = _hers(session, expo_id, by)
    known = set(session.scalars(select(Entry.product_id).where(Entry.expo_id == expo.id)))
    on_sale = set(
        session.scalars(select(Product.id).where(Product.id.in_(list(product_ids)), Product.state == "published"))
    )
    fresh = [each for each in dict.fromkeys(product_ids) if each in on_sale and each not in known]
    if len(known) + len(fresh) > LIMIT:
        raise SelectionFull(limit=LIMIT)
    last = session.scalar(select(func.max(Entry.position)).where(Entry.expo_id == expo.id))
    first = 0 if last is None else last + 1
    session.add_all(
        Entry(expo_id=expo.id, product_id=product_id, position=first + place, added_by=by.key, added_at=clock.now())
        for place, product_id in enumerate(fresh)
    )
    return len(fresh)


def drop(session: Session, *, expo_id: int, product_ids: Sequence[int], by: Actor) -> int:
    """Take products out of a fair's selection; gives how many were in it."""
    expo = _hers(session, expo_id, by)
    gone = session.execute(
        delete(Entry).where(Entry.expo_id == expo.id, Entry.product_id.in_(list(product_ids))).returning(Entry.id)
    ).all()
    return len(gone)
