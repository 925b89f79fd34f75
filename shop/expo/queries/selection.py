"""What an organizer may choose from, and what she has chosen."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.catalog.models import PriceSplit, Product, Variant
from shop.crafts.models import Craft
from shop.db import Texts
from shop.expo.models import Entry, Expo, ExpoOrganizer
from shop.media.models import Picture
from shop.money import Money
from shop.search.queries import found, question_of
from shop.workshops.models import Workshop

PAGE = 48


@dataclass(frozen=True, slots=True)
class Wish:
    """What she looks for: craft, workshop and words, each optional; `mine` shows only what is chosen."""

    craft: str = ""
    workshop: str = ""
    q: str = ""
    mine: bool = False
    after: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A product as an organizer sees it: trade price, never the split."""

    id: int
    item_no: str
    slug: str
    name: Texts
    workshop: Texts
    picture_key: str | None
    picture_width: int
    picture_height: int
    price: Money | None
    min_quantity: int
    chosen: bool


def fairs_of(session: Session, *, user_id: int) -> list[tuple[Expo, int]]:
    """The organizer's fairs with how many pieces each holds, the next first."""
    counted = select(Entry.expo_id, func.count(Entry.id).label("pieces")).group_by(Entry.expo_id).subquery()
    rows = session.execute(
        select(Expo, func.coalesce(counted.c.pieces, 0))
        .join(ExpoOrganizer, ExpoOrganizer.expo_id == Expo.id)
        .outerjoin(counted, counted.c.expo_id == Expo.id)
        .where(ExpoOrganizer.user_id == user_id)
        .order_by(Expo.starts_on, Expo.id)
        .limit(100)
    )
    return [(row[0], int(row[1])) for row in rows]


def candidates(session: Session, *, expo_id: int, wish: Wish) -> tuple[list[Candidate], int | None]:
    """Products that fit the wish, by item number, and where the next page begins (None: this is the last)."""
    trade = (
        select(
            PriceSplit.variant_id,
            PriceSplit.price_minor,
            PriceSplit.min_quantity,
            func.row_number().over(partition_by=PriceSplit.variant_id, order_by=PriceSplit.min_quantity).label("rank"),
        )
        .where(PriceSplit.kind == "trade", PriceSplit.live)
        .subquery()
    )
    query = (
        select(Product, Workshop.name, Picture, Variant, trade.c.price_minor, trade.c.min_quantity, Entry.id)
        .join(Workshop, Workshop.id == Product.workshop_id)
        .join(Variant, (Variant.product_id == Product.id) & (Variant.position == 0))
        .outerjoin(trade, (trade.c.variant_id == Variant.id) & (trade.c.rank == 1))
        .outerjoin(Picture, Picture.id == Product.cover_id)
        .outerjoin(Entry, (Entry.product_id == Product.id) & (Entry.expo_id == expo_id))
        .where(Product.state == "published", Product.id > wish.after)
        .order_by(Product.id)
        .limit(PAGE + 1)
    )
    if wish.mine:
        query = query.where(Entry.id.is_not(None))
    if wish.workshop:
        query = query.where(Workshop.slug == wish.workshop)
    if wish.craft:
        wanted = select(Craft.id).where(Craft.slug == wish.craft).scalar_subquery()
        query = query.where((Product.craft_id == wanted) | (Product.technique_id == wanted))
    if wish.q:
        question = question_of(session, wish.q)
        query = query.where(Product.id.in_(found(session, kind="product", question=question, limit=2000, ranked=False)))
    rows = session.execute(query).all()
    shown = [_candidate(row) for row in rows[:PAGE]]
    return shown, shown[-1].id if len(rows) > PAGE else None


def _candidate(row: Any) -> Candidate:
    product, workshop, picture, variant, trade_minor, min_quantity, entry_id = row
    minor = trade_minor if trade_minor is not None else variant.price_minor
    return Candidate(
        product.id,
        product.item_no,
        product.slug,
        product.name,
        workshop,
        picture.key if picture else None,
        picture.width if picture else 0,
        picture.height if picture else 0,
        None if minor is None else Money(minor, variant.currency),
        min_quantity or 1,
        entry_id is not None,
    )


def chosen_ids(session: Session, *, expo_id: int) -> list[int]:
    """Products of a fair in the order of its catalogue; withdrawn ones are left out."""
    return list(
        session.scalars(
            select(Entry.product_id)
            .join(Product, Product.id == Entry.product_id)
            .where(Entry.expo_id == expo_id, Product.state == "published")
            .order_by(Entry.position, Entry.id)
        )
    )


def workshops_and_crafts(session: Session) -> tuple[list[tuple[str, Texts]], list[tuple[str, Texts]]]:
    """(slug, name) of the workshops and of the top crafts, for the two selects."""
    workshops = session.execute(
        select(Workshop.slug, Workshop.name).where(Workshop.is_open).order_by(Workshop.id)
    ).all()
    crafts = session.execute(
        select(Craft.slug, Craft.name).where(Craft.parent_id.is_(None)).order_by(Craft.sort, Craft.id)
    ).all()
    return [(row[0], row[1]) for row in workshops], [(row[0], row[1]) for row in crafts]
