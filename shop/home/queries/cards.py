"""What stands on the cards of the list, read only for cards that are not kept."""

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Integer, Text, bindparam, cast, func, literal, null, select, union_all
from sqlalchemy.engine import Connection

from shop.catalog.models import PricePart, PriceSplit, Product, Variant
from shop.db import Texts
from shop.home.kept import Kept
from shop.home.queries.shelf import KEY, ShelfRow
from shop.makers.models import Maker
from shop.makers.public import PublicMaker, agreed_mark, public_side
from shop.media.models import Picture
from shop.places.models import Place
from shop.workshops.models import Workshop


@dataclass(frozen=True, slots=True)
class Size:
    """A variant as the list sees it; `left` pieces are on the shelf and in nobody's checkout."""

    id: int
    price_minor: int
    left: int
    on_sale: bool


@dataclass(frozen=True, slots=True)
class CardFacts:
    """A product as a card shows it, in no language yet. `makers` are those that the page names or counts.

    `hers_minor` is None unless each of its makers lets her pay be public. `state` is ready, last, made, sold, sold_out.
    """

    id: int
    slug: str
    name: Texts
    heritage: bool
    cover: str | None
    cover_width: int
    size_label: Texts
    price_minor: int
    dearer: bool
    currency: str
    state: str
    lead_days: int
    ratings: int
    stars: int
    makers: tuple[PublicMaker, ...]
    one_of: bool
    villages: dict[int, Texts]
    workshop_id: int
    workshop_name: Texts
    hers_minor: int | None


MARKLESS_SECONDS = 60
"""So long a card may go on with the former name of a village."""

_facts: Kept[CardFacts] = Kept(2_000)


def _ids(name: str) -> Any:
    return bindparam(name, expanding=True, type_=BigInteger)


_HERS = (
    select(func.sum(PricePart.amount_minor))
    .join(PriceSplit, PriceSplit.id == PricePart.split_id)
    .where(
        PriceSplit.variant_id == Variant.id,
        PriceSplit.live,
        PriceSplit.kind == "retail",
        PriceSplit.min_quantity == 1,
        PricePart.kind == "maker",
    )
    .correlate(Variant)
    .scalar_subquery()
)

_NO = cast(null(), Text)
_NOTHING = cast(null(), BigInteger)

_STATEMENT = union_all(
    select(
        literal("product", Text).label("kind"),
        cast(Product.id, BigInteger).label("id"),
        cast(Product.workshop_id, BigInteger).label("n1"),
        cast(_HERS, BigInteger).label("n2"),
        cast(Picture.width, BigInteger).label("n3"),
        cast(Product.made_to_order, Integer).label("n4"),
        cast(Product.unique_piece, Integer).label("n5"),
        cast(Product.slug, Text).label("t0"),
        cast(Product.name, Text).label("t1"),
        cast(Product.certificate, Text).label("t2"),
        cast(Picture.key, Text).label("t3"),
        cast(Variant.size_label, Text).label("t4"),
        cast(Variant.currency, Text).label("t5"),
        cast(Workshop.name, Text).label("t6"),
    )
    .join(Workshop, Workshop.id == Product.workshop_id)
    .outerjoin(Picture, Picture.id == Product.cover_id)
    .outerjoin(Variant, (Variant.product_id == Product.id) & Variant.id.in_(_ids("variants")))
    .where(Product.id.in_(_ids("products"))),
    select(
        literal("maker", Text),
        cast(Maker.id, BigInteger),
        cast(Maker.village_id, BigInteger),
        cast(agreed_mark(Maker.id), BigInteger),
        _NOTHING,
        cast(null(), Integer),
        cast(null(), Integer),
        cast(Maker.slug, Text),
        cast(Maker.name, Text),
        cast(Maker.pen_name, Text),
        cast(Place.name, Text),
        *[_NO] * 3,
    )
    .join(Place, Place.id == Maker.village_id)
    .where(Maker.id.in_(_ids("makers"))),
)


def sizes_of(row: ShelfRow) -> list[Size]:
    """The variants in a row's mark, those on sale first, cheapest first."""
    sizes = []
    for one in (row.variants or "").split(","):
        if one:
            variant, price, left, on_sale = map(int, one.split(":"))
            sizes.append(Size(variant, price, left, bool(on_sale and price)))
    return sorted(sizes, key=lambda size: (not size.on_sale, size.price_minor, size.id))


def makers_in(row: ShelfRow) -> list[int]:
    """The makers in a row's mark."""
    return sorted(int(one.split(":", 1)[0]) for one in (row.makers or "").split(",") if one)


def key_of(row: ShelfRow) -> tuple[Any, ...]:
    """What a card depends on, and the minute: a village that is called otherwise leaves no mark on a row."""
    return (int(time.monotonic() // MARKLESS_SECONDS), *row[:KEY])


def card_facts(connection: Connection, rows: Sequence[ShelfRow]) -> list[CardFacts]:
    """What the rows' cards show, in the same order; one statement for those that are not kept, none for the others."""
    keys = [key_of(row) for row in rows]
    found = {key: _facts.get(key) for key in keys}
    missing = {key: row for key, row in zip(keys, rows, strict=True) if found[key] is None}
    if missing:
        for key, made in _read(connection, missing.values()):
            found[key] = _facts.put(key, made)
    return [facts for key in keys if (facts := found[key]) is not None]


def _read(connection: Connection, rows: Iterable[ShelfRow]) -> list[tuple[tuple[Any, ...], CardFacts]]:
    rows = list(rows)
    sizes = {row.id: sizes_of(row) for row in rows}
    maker_ids = sorted({maker for row in rows for maker in makers_in(row)})
    binds = {
        "products": [row.id for row in rows],
        "variants": [found[0].id for found in sizes.values() if found],
        "makers": maker_ids,
    }
    products: dict[int, Any] = {}
    villages: dict[int, tuple[int, Texts]] = {}
    public: dict[int, PublicMaker] = {}
    for fact in connection.execute(_STATEMENT, binds):
        if fact.kind == "product":
            products[fact.id] = fact
        else:
            villages[fact.id] = (fact.n1, json.loads(fact.t3))
            public[fact.id] = public_side(
                fact.n2,
                maker_id=fact.id,
                slug=fact.t0,
                name=json.loads(fact.t1),
                pen_name=json.loads(fact.t2) if fact.t2 else None,
                village_id=fact.n1,
            )
    return [
        (key_of(row), _card(row, products[row.id], sizes[row.id], public, villages))
        for row in rows
        if row.id in products
    ]


def _card(
    row: ShelfRow,
    product: Any,
    sizes: list[Size],
    public: dict[int, PublicMaker],
    villages: dict[int, tuple[int, Texts]],
) -> CardFacts:
    able = makers_in(row)
    by = able
    left = sum(size.left for size in sizes if size.on_sale)
    if not product.n4 and row.next_maker in able:
        by = [row.next_maker]  # a piece that is there names its maker; those who could make another do not matter
    all_open = bool(able) and all(public[maker].shows_pay for maker in able if maker in public)
    shown = sizes[0] if sizes else None
    ratings, stars = map(int, row.reviews.split(":"))
    return CardFacts(
        row.id,
        product.t0,
        json.loads(product.t1),
        bool(product.t2 and json.loads(product.t2)),
        product.t3,
        product.n3 or 0,
        json.loads(product.t4) if product.t4 else {},
        shown.price_minor if shown else 0,
        sum(size.on_sale for size in sizes) > 1
        and sizes[0].price_minor != max(s.price_minor for s in sizes if s.on_sale),
        product.t5 or "",
        state_of(made_to_order=bool(product.n4), unique=bool(product.n5), left=left, sizes=sizes),
        row.lead_days,
        ratings,
        stars,
        tuple(public[maker] for maker in by if maker in public),
        len(by) > 1,
        {place: name for maker, (place, name) in villages.items() if maker in by},
        product.n1,
        json.loads(product.t6),
        product.n2 if all_open else None,
    )


def state_of(*, made_to_order: bool, unique: bool, left: int, sizes: Sequence[Size]) -> str:
    """Ready to ship, the last one, made in so many days, sold for good, or sold out for now (product.md 5.2)."""
    on_sale = any(size.on_sale for size in sizes)
    if on_sale and left > 0:
        return "last" if left == 1 and not made_to_order else "ready"
    if on_sale and made_to_order:
        return "made"
    return "sold" if unique and not any(size.left for size in sizes) else "sold_out"
