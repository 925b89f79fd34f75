"""Addresses that anybody may visit, for search engines."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Text, bindparam, cast, func, literal, select, union_all
from sqlalchemy.engine import Connection

from shop.catalog.models import Product
from shop.coop.models import CoopPage
from shop.crafts.models import Craft
from shop.makers.models import Maker
from shop.makers.public import NAMED, agrees
from shop.workshops.models import Workshop

CHUNK = 5_000
"""Products in one file; each stands there once a language, and a file may hold 50,000 addresses."""

_COUNT = (
    select(func.count(Product.id))
    .join(Workshop, Workshop.id == Product.workshop_id)
    .where(Product.state == "published", Workshop.is_open)
)
_PRODUCTS = (
    select(Product.slug)
    .join(Workshop, Workshop.id == Product.workshop_id)
    .where(Product.state == "published", Workshop.is_open)
    .order_by(Product.id)
    .limit(CHUNK)
    .offset(bindparam("offset", type_=BigInteger))
)


def _kind(name: str, slug: Any) -> list[Any]:
    return [literal(name, Text).label("kind"), cast(slug, Text).label("slug")]


_REST = union_all(
    select(*_kind("home.craft", Craft.slug)),
    select(*_kind("home.workshop", Workshop.slug)).where(Workshop.is_open),
    select(*_kind("home.maker", Maker.slug)).where(Maker.left_on.is_(None), agrees(Maker.id, *NAMED)),
    select(*_kind("home.page", CoopPage.slug)).distinct(),
)


@dataclass(frozen=True, slots=True)
class SiteMap:
    """One file: (endpoint, slug) each. `parts` is how many files there are."""

    parts: int
    places: Sequence[tuple[str, str]]


def site_map(connection: Connection, *, part: int | None) -> SiteMap:
    """All public addresses; in a shop of more than CHUNK products the `part`-th file of them, or without one how many."""
    products = int(connection.execute(_COUNT).scalar_one())
    parts = max(1, -(-products // CHUNK))
    if parts > 1 and part is None:
        return SiteMap(parts, ())
    number = part or 1
    places = [("home.product", slug) for (slug,) in connection.execute(_PRODUCTS, {"offset": (number - 1) * CHUNK})]
    if number == 1:
        places += [(row.kind, row.slug) for row in connection.execute(_REST)]
    return SiteMap(parts, places)
