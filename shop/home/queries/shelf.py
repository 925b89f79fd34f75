"""The list: which pieces stand on the shelf, in which order, page by page.

A row holds, besides ids, the marks of everything a card is made from; two equal rows make equal cards. That is what
lets a process keep cards while a withdrawn consent, a sold piece or a new price shows on the very next request.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    ScalarSelect,
    Select,
    Tuple,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
)
from sqlalchemy.engine import Connection
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import SQLCoreOperations
from sqlalchemy.types import BigInteger, Integer, Text

from shop.catalog.models import Piece, Product, ProductMaker, Variant
from shop.home.queries.unchanged import rows_of
from shop.home.wishes import Cursor, Wish
from shop.makers.models import Maker
from shop.makers.public import NAMED, agreed_mark, agrees
from shop.orders.models import Review
from shop.search.queries import asking, matches
from shop.words import Query
from shop.workshops.models import Workshop

PAGE = 24
MOST_HITS = 2_000
"""So many hits of a question, the newest, are ranked and counted; beyond that one is asked to say more."""

ShelfRow = Row[Any]
"""(id, version, lead_days, workshop's version, variants, makers, reviews, maker of the next piece, sizes' names, …sort keys)."""

KEY = 9
"""How many of a row's columns make up what its card depends on."""


def fixed(value: str | int) -> ColumnElement[Any]:
    """A constant that stands in the statement itself; as a bind parameter each would cost the hot pages anew."""
    assert isinstance(value, int) or re.fullmatch(r"[a-z:,*]+", value)
    return literal_column(str(value) if isinstance(value, int) else f"'{value}'")


def joined(*parts: SQLCoreOperations[Any]) -> ColumnElement[str]:
    """The parts as text with colons between them."""
    whole: ColumnElement[str] = cast(parts[0], Text)
    for part in parts[1:]:
        whole = whole.concat(fixed(":")).concat(cast(part, Text))
    return whole


def _variants() -> ScalarSelect[str]:
    left = Variant.on_hand - Variant.reserved
    fact = joined(Variant.id, func.coalesce(Variant.price_minor, fixed(0)), left, cast(Variant.is_active, Integer))
    return (
        select(func.aggregate_strings(fact, ","))
        .where(Variant.product_id == Product.id)
        .correlate(Product)
        .scalar_subquery()
    )


def _labels() -> ScalarSelect[str]:
    return (
        select(func.aggregate_strings(cast(Variant.size_label, Text), ","))
        .where(Variant.product_id == Product.id)
        .correlate(Product)
        .scalar_subquery()
    )


def _makers() -> ScalarSelect[str]:
    fact = joined(Maker.id, Maker.version, agreed_mark(Maker.id))
    return (
        select(func.aggregate_strings(fact, ","))
        .select_from(ProductMaker)
        .join(Maker, Maker.id == ProductMaker.maker_id)
        .where(ProductMaker.product_id == Product.id)
        .correlate(Product)
        .scalar_subquery()
    )


def _reviews() -> ScalarSelect[str]:
    return (
        select(joined(func.count(Review.id), func.coalesce(func.sum(Review.stars), fixed(0))))
        .where(Review.product_id == Product.id, Review.published)
        .correlate(Product)
        .scalar_subquery()
    )


def next_piece(column: Any) -> ScalarSelect[Any]:
    """A column of the piece that would be sold next: the oldest on the shelf, as reserving takes them."""
    variant = aliased(Variant)
    return (
        select(column)
        .select_from(Piece)
        .join(variant, variant.id == Piece.variant_id)
        .where(variant.product_id == Product.id, variant.is_active, Piece.state == fixed("shelf"))
        .order_by(Piece.id)
        .limit(fixed(1))
        .correlate(Product)
        .scalar_subquery()
    )


def _columns() -> list[Any]:
    return [
        Product.id,
        Product.version,
        Product.lead_days,
        Workshop.version.label("workshop_version"),
        _variants().label("variants"),
        _makers().label("makers"),
        _reviews().label("reviews"),
        next_piece(Piece.maker_id).label("next_maker"),
        _labels().label("labels"),
    ]


def buyable(*more: ColumnElement[bool]) -> ColumnElement[bool]:
    """Some variant has a price and is on the shelf, or can be made."""
    variant = aliased(Variant)
    there = or_(Product.made_to_order, variant.on_hand > fixed(0))
    return exists().where(
        variant.product_id == Product.id, variant.is_active, variant.price_minor.is_not(None), there, *more
    )


def _ready() -> ColumnElement[bool]:
    variant = aliased(Variant)
    return exists().where(
        variant.product_id == Product.id, variant.is_active, variant.on_hand - variant.reserved > fixed(0)
    )


def _low() -> ScalarSelect[int]:
    variant = aliased(Variant)
    return (
        select(func.min(variant.price_minor))
        .where(variant.product_id == Product.id, variant.is_active)
        .correlate(Product)
        .scalar_subquery()
    )


def _by_maker(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(ProductMaker.product_id == Product.id, *conditions)


@dataclass(frozen=True, slots=True)
class Shape:
    """All that makes one statement differ from another; the rest are bind parameters."""

    dialect: str
    asked: bool
    sort: str
    turn: str
    when: tuple[str, ...]
    bands: int
    groups: frozenset[str]


def _ids(name: str) -> Any:
    return bindparam(name, expanding=True, type_=BigInteger)


def _conditions(shape: Shape) -> list[SQLCoreOperations[bool]]:
    found: list[SQLCoreOperations[bool]] = [Product.state == fixed("published"), Workshop.is_open, buyable()]
    if shape.when == ("ready",):
        found.append(_ready())
    elif shape.when == ("made",):
        found += [Product.made_to_order, ~_ready()]
    if shape.bands:
        low = _low()
        bands = [
            and_(low >= bindparam(f"from_{n}", type_=BigInteger), low < bindparam(f"to_{n}", type_=BigInteger))
            for n in range(shape.bands)
        ]
        found.append(or_(*bands))
    if "craft" in shape.groups:
        crafts = _ids("crafts")
        found.append(or_(Product.craft_id.in_(crafts), Product.technique_id.in_(crafts)))
    if "workshop" in shape.groups:
        found.append(Product.workshop_id.in_(_ids("workshops")))
    if "village" in shape.groups:
        lives = and_(Maker.id == ProductMaker.maker_id, Maker.village_id.in_(_ids("villages")))
        found.append(_by_maker(lives, agrees(Maker.id, "village")))
    if "named" in shape.groups:
        found.append(_by_maker(agrees(ProductMaker.maker_id, *NAMED)))
    if "maker" in shape.groups:
        found.append(_by_maker(ProductMaker.maker_id.in_(_ids("makers"))))
    return found


def _keys(shape: Shape, hit: Any) -> list[tuple[Any, bool]]:
    """(column, descending) by which the page is ordered; the id comes last and makes it total."""
    if shape.sort in {"low", "high"}:
        return [(_cheapest.price_minor, shape.sort == "high"), (_cheapest.product_id, shape.sort == "high")]
    if shape.sort == "best" and hit is not None:
        return [(hit.c.rank, False), (hit.c.id, True)]
    return [(Product.published_at, True), (Product.id, True)]


_cheapest = aliased(Variant, name="cheapest")
"""The variant that a product is ordered by: walked along its index, so that a page costs no more in a large shop."""


def _is_cheapest() -> ColumnElement[bool]:
    other = aliased(Variant)
    before = tuple_(other.price_minor, other.id) < tuple_(_cheapest.price_minor, _cheapest.id)
    cheaper = exists().where(
        other.product_id == _cheapest.product_id, other.is_active, other.price_minor.is_not(None), before
    )
    return and_(_cheapest.is_active, _cheapest.price_minor.is_not(None), ~cheaper)


def _edge(shape: Shape) -> Tuple:
    """The row that the page begins behind; its day of publication is looked up, so that no page need read it."""
    row_id = bindparam("edge_id", type_=BigInteger)
    if shape.sort == "new":
        edge = aliased(Product)
        return tuple_(select(edge.published_at).where(edge.id == row_id).scalar_subquery(), row_id)
    return tuple_(bindparam("edge", type_=BigInteger), row_id)


def _by_rank(shape: Shape, hit: Any) -> Select[Any]:
    """The ids of the best hits that stand on the shelf. Hits are looked at in their order, until a page is full."""
    ranked = select(hit.c.id, hit.c.ref, hit.c.rank).order_by(hit.c.rank, hit.c.id.desc())
    best = ranked.limit(bindparam("search_bound", type_=Integer)).subquery("best")
    on_shelf = select(fixed(1)).select_from(Product).join(Workshop, Workshop.id == Product.workshop_id)
    on_shelf = on_shelf.where(Product.id == best.c.ref, *_conditions(shape)).correlate(best)
    inner = select(best.c.ref.label("id"), best.c.rank.label("key0"), best.c.id.label("key1")).where(on_shelf.exists())
    if shape.dialect != "sqlite":
        # SQLite reads a subquery's rows as that ordered them and stops when the page is full; sorting would need all
        inner = inner.order_by(best.c.rank, best.c.id.desc())
    return inner.offset(bindparam("offset", type_=Integer))


def _by_key(shape: Shape, hit: Any, keys: list[tuple[Any, bool]]) -> Select[Any]:
    """The ids of a page in the order of its keys, behind its edge."""
    inner = select(Product.id.label("id"), *(column.label(f"key{n}") for n, (column, _) in enumerate(keys)))
    inner = inner.join(Workshop, Workshop.id == Product.workshop_id)
    if hit is not None:
        inner = inner.join(hit, hit.c.ref == Product.id)
    if shape.sort in {"low", "high"}:
        inner = inner.join(_cheapest, and_(_cheapest.product_id == Product.id, _is_cheapest()))
    inner = inner.where(*_conditions(shape))
    if shape.turn:
        here = tuple_(*(column for column, _ in keys))
        inner = inner.where(here < _edge(shape) if keys[0][1] else here > _edge(shape))
    return inner.order_by(*(column.desc() if down else column.asc() for column, down in keys))


@lru_cache(maxsize=512)
def statement(shape: Shape) -> Select[Any]:
    """The statement of a shape, built once a process."""
    hit = matches(shape.dialect, ranked=shape.sort == "best").cte("hit") if shape.asked else None
    keys = [(column, down != (shape.turn == "before")) for column, down in _keys(shape, hit)]
    inner = _by_rank(shape, hit) if shape.sort == "best" else _by_key(shape, hit, keys)
    page = inner.limit(bindparam("limit", type_=Integer)).subquery("page")
    found = [] if shape.sort == "new" else [page.c.key0]
    if hit is not None:
        found.append(select(func.aggregate_strings(cast(hit.c.ref, Text), ",")).scalar_subquery().label("hits"))
    outer = select(*_columns(), *found).join(page, page.c.id == Product.id)
    outer = outer.join(Workshop, Workshop.id == Product.workshop_id)
    shown = zip((page.c.key0, page.c.key1), keys, strict=True)
    return outer.order_by(*(column.desc() if down else column.asc() for column, (_, down) in shown))


@dataclass(frozen=True, slots=True)
class Shelf:
    """A page of the list. `before` and `after` lead to its neighbours, None where there are none.

    `hits` are the ids of everything a question found, at most MOST_HITS and filters not yet counted, with commas
    between them; None without a question.
    """

    rows: Sequence[ShelfRow]
    before: Cursor | None
    after: Cursor | None
    hits: str | None = None


def shelf(connection: Connection, wish: Wish, *, question: Query | None = None, limit: int = PAGE) -> Shelf:
    """The page of the list that `wish` asks for, in one statement (a second one where filters leave no hit)."""
    sort = wish.sort or ("best" if question is not None else "new")
    cursor = wish.cursor if wish.cursor and wish.cursor.sort == sort else None
    shape = Shape(
        connection.dialect.name,
        question is not None,
        sort,
        cursor.turn if cursor and sort != "best" else "",
        wish.when if len(wish.when) == 1 else (),
        len(wish.bands),
        wish.groups,
    )
    binds: dict[str, Any] = {"limit": limit + 1, **_binds(wish)}
    if question is not None:
        binds |= asking(question, dialect=shape.dialect, kind="product", bound=MOST_HITS)
    offset = 0
    if sort == "best":
        offset = min(cursor.place, MOST_HITS) if cursor else 0
        binds["offset"] = offset
    elif cursor:
        binds |= {"edge": cursor.place, "edge_id": cursor.id}
    rows = list(rows_of(connection, statement(shape), shape, binds))
    return _turned(rows, sort=sort, cursor=cursor, limit=limit, offset=offset, asked=question is not None)


def _binds(wish: Wish) -> dict[str, Any]:
    binds: dict[str, Any] = {}
    for n, (low, high) in enumerate(wish.bands):
        binds[f"from_{n}"], binds[f"to_{n}"] = low, high
    for group, name, ids in (
        ("craft", "crafts", wish.craft_ids),
        ("workshop", "workshops", wish.workshop_ids),
        ("village", "villages", wish.village_ids),
        ("maker", "makers", wish.maker_ids),
    ):
        if group in wish.groups:
            binds[name] = list(ids)
    return binds


def _turned(rows: list[ShelfRow], *, sort: str, cursor: Cursor | None, limit: int, offset: int, asked: bool) -> Shelf:
    more = len(rows) > limit
    hits = None
    if asked:
        hits = rows[0].hits if rows else ""
    kept = rows[:limit]
    if sort == "best":
        before = Cursor(sort, "after", max(offset - limit, 0), 0) if offset else None
        after = Cursor(sort, "after", offset + limit, 0) if more and offset + limit < MOST_HITS else None
        return Shelf(kept, before, after, hits)
    back = cursor is not None and cursor.turn == "before"
    if back:
        kept.reverse()
    if not kept:
        return Shelf(kept, None, None, hits)
    first, last = (_cursor(sort, turn, row) for turn, row in (("before", kept[0]), ("after", kept[-1])))
    earlier = more if back else cursor is not None
    later = True if back else more
    return Shelf(kept, first if earlier else None, last if later else None, hits)


def _cursor(sort: str, turn: str, row: ShelfRow) -> Cursor:
    return Cursor(sort, turn, 0 if sort == "new" else int(row.key0), row.id)
