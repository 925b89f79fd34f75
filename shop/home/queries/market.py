"""What the whole shop has on its shelf: names and numbers for filters, crafts and averages.

Reading all of it for every visitor would cost more than the page, so a process keeps it for a moment: a small shop for
a fraction of a second, a large one for some seconds, so that at most a two-hundredth of the time goes into it.
"""

import json
import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    BigInteger,
    CompoundSelect,
    Integer,
    Select,
    Text,
    bindparam,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.engine import Connection

from shop.catalog.models import PricePart, PriceSplit, Product, ProductMaker, Variant
from shop.crafts.models import Craft
from shop.db import Texts
from shop.home.kept import Kept
from shop.home.queries.shelf import MOST_HITS, buyable, joined
from shop.home.wishes import Wish, bands_of
from shop.makers.models import Maker
from shop.makers.public import NAMED, agrees
from shop.media.models import Picture
from shop.places.models import Place
from shop.workshops.models import Workshop

BOUND = 5_000
"""So many of the newest products are counted; where there are more, counts say "or more"."""

GROUP = 5
"""Figures of fewer people are not shown (product.md 5.12)."""

_TIMES = 200
_LONGEST_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Name:
    """A craft, workshop or village that filters and chips can name."""

    id: int
    slug: str
    name: Texts
    parent_id: int | None = None


@dataclass(frozen=True, slots=True)
class Stall:
    """What filters need to know of one product on the shelf."""

    id: int
    craft_id: int | None
    technique_id: int | None
    workshop_id: int
    price_minor: int
    when: str
    named: bool
    villages: tuple[int, ...]
    cover: str | None


@dataclass(frozen=True, slots=True)
class Share:
    """A workshop's prices and what of them goes to makers. `hidden` are the makers whose own pay is not public."""

    price_minor: int
    maker_minor: int
    makers: int
    hidden: int


@dataclass(frozen=True, slots=True)
class Market:
    """One look at the whole shelf. `covers` are each craft's newest picture; `names` is another as soon as a craft, workshop or village is called otherwise."""

    names: str
    crafts: dict[int, Name]
    workshops: dict[int, Name]
    villages: dict[int, Name]
    craft_slugs: dict[str, int]
    workshop_slugs: dict[str, int]
    village_slugs: dict[str, int]
    stalls: dict[int, Stall]
    shares: dict[int, Share]
    covers: tuple[tuple[int, str], ...]
    more: bool
    until: float
    counts: Kept["Counts"] = field(default_factory=lambda: Kept(256), compare=False)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many pieces each box would show, given the other groups' boxes; `more` where that is a lower bound.

    Equal counts have equal `mark`s, whichever look they come from.
    """

    total: int
    groups: Mapping[str, Mapping[int | str, int]]
    more: bool
    mark: int = 0


def _row(kind: str, *, ints: Iterable[Any] = (), texts: Iterable[Any] = ()) -> list[Any]:
    numbers, words = [*ints], [*texts]
    numbers += [null()] * (6 - len(numbers))
    words += [null()] * (3 - len(words))
    return [
        literal(kind, Text).label("kind"),
        *(cast(number, BigInteger).label(f"n{place}") for place, number in enumerate(numbers)),
        *(cast(word, Text).label(f"t{place}") for place, word in enumerate(words)),
    ]


def _newest() -> Select[Any]:
    return (
        select(Product.id)
        .join(Workshop, Workshop.id == Product.workshop_id)
        .where(Product.state == "published", Workshop.is_open, buyable())
        .order_by(Product.published_at.desc(), Product.id.desc())
        .limit(bindparam("bound", type_=Integer))
    )


def _statement() -> CompoundSelect[Any]:
    newest = _newest().cte("newest")
    low = (
        (select(func.min(Variant.price_minor)).where(Variant.product_id == Product.id, Variant.is_active))
        .correlate(Product)
        .scalar_subquery()
    )
    left = (
        (
            select(func.max(Variant.on_hand - Variant.reserved)).where(
                Variant.product_id == Product.id, Variant.is_active
            )
        )
        .correlate(Product)
        .scalar_subquery()
    )
    village = joined(
        Maker.village_id, agrees(Maker.id, "village").cast(Integer), agrees(Maker.id, *NAMED).cast(Integer)
    )
    makers = (
        select(func.aggregate_strings(village, ","))
        .select_from(ProductMaker)
        .join(Maker, Maker.id == ProductMaker.maker_id)
        .where(ProductMaker.product_id == Product.id)
        .correlate(Product)
        .scalar_subquery()
    )
    stalls = (
        select(
            *_row(
                "stall",
                ints=(Product.id, Product.craft_id, Product.technique_id, Product.workshop_id, low, left),
                texts=(makers, Picture.key),
            )
        )
        .join(newest, newest.c.id == Product.id)
        .outerjoin(Picture, Picture.id == Product.cover_id)
    )
    hers = (
        select(func.sum(PricePart.amount_minor))
        .where(PricePart.split_id == PriceSplit.id, PricePart.kind == "maker")
        .correlate(PriceSplit)
        .scalar_subquery()
    )
    pays = joined(Maker.id, agrees(Maker.id, "pay_per_piece").cast(Integer))
    who = (
        select(func.aggregate_strings(pays, ","))
        .select_from(ProductMaker)
        .join(Maker, Maker.id == ProductMaker.maker_id)
        .where(ProductMaker.product_id == Product.id)
        .correlate(Product)
        .scalar_subquery()
    )
    shares = (
        select(*_row("share", ints=(Product.workshop_id, PriceSplit.price_minor, hers), texts=(who,)))
        .join(newest, newest.c.id == Product.id)
        .join(Variant, Variant.product_id == Product.id)
        .join(PriceSplit, PriceSplit.variant_id == Variant.id)
        .where(Variant.is_active, PriceSplit.live, PriceSplit.kind == "retail", PriceSplit.min_quantity == 1)
    )
    crafts = select(*_row("craft", ints=(Craft.id, Craft.parent_id, Craft.sort), texts=(Craft.slug, Craft.name)))
    workshops = select(*_row("workshop", ints=(Workshop.id,), texts=(Workshop.slug, Workshop.name))).where(
        Workshop.is_open
    )
    villages = select(*_row("village", ints=(Place.id,), texts=(Place.slug, Place.short_name))).where(
        or_(Place.kind == "village", Place.kind == "town")
    )
    return union_all(stalls, shares, crafts, workshops, villages)


_STATEMENT = _statement()
_kept: Kept[Market] = Kept(2)
_looking = threading.Lock()


def market(connection: Connection, *, fresh: bool = False) -> Market:
    """The shelf as it was a moment ago, or with `fresh` as it is; at most one statement, and mostly none.

    While one thread looks again, the others go on with what was seen last.
    """
    found = _kept.get("it")
    if found is not None and not fresh and (time.monotonic() < found.until or _looking.locked()):
        return found
    with _looking:
        newer = _kept.get("it")
        if newer is not None and newer is not found and not fresh:
            return newer
        began = time.monotonic()
        return _kept.put("it", _market(connection.execute(_STATEMENT, {"bound": BOUND + 1}).all(), began=began))


def _market(rows: Iterable[Any], *, began: float) -> Market:
    stalls: dict[int, Stall] = {}
    names: dict[str, dict[int, Name]] = {"craft": {}, "workshop": {}, "village": {}}
    shares: list[Any] = []
    crafts: list[Any] = []
    for row in rows:
        if row.kind == "stall":
            stalls[row.n0] = _stall(row)
        elif row.kind == "share":
            shares.append(row)
        elif row.kind == "craft":
            crafts.append(row)
        else:
            names[row.kind][row.n0] = Name(row.n0, row.t0, json.loads(row.t1))
    for row in sorted(crafts, key=lambda row: (row.n1 is not None, row.n2, row.n0)):
        names["craft"][row.n0] = Name(row.n0, row.t0, json.loads(row.t1), row.n1)
    more = len(stalls) > BOUND
    slugs = {kind: {name.slug: name.id for name in found.values()} for kind, found in names.items()}
    now = time.monotonic()
    return Market(
        repr(names),
        names["craft"],
        names["workshop"],
        names["village"],
        slugs["craft"],
        slugs["workshop"],
        slugs["village"],
        stalls,
        _shares(shares),
        _covers(stalls.values()),
        more,
        now + min((now - began) * _TIMES, _LONGEST_SECONDS),
    )


def _covers(stalls: Iterable[Stall]) -> tuple[tuple[int, str], ...]:
    found: dict[int, str] = {}
    for stall in stalls:
        if stall.craft_id is not None and stall.cover:
            found.setdefault(stall.craft_id, stall.cover)
    return tuple(found.items())


def _stall(row: Any) -> Stall:
    makers = [tuple(map(int, one.split(":"))) for one in (row.t0 or "").split(",") if one]
    return Stall(
        row.n0,
        row.n1,
        row.n2,
        row.n3,
        row.n4 or 0,
        "ready" if (row.n5 or 0) > 0 else "made",
        any(named for _, _, named in makers),
        tuple({village for village, open_, _ in makers if open_}),
        row.t1,
    )


def _shares(rows: Iterable[Any]) -> dict[int, Share]:
    sums: dict[int, list[int]] = {}
    makers: dict[int, dict[int, bool]] = {}
    for row in rows:
        total = sums.setdefault(row.n0, [0, 0])
        total[0] += row.n1
        total[1] += row.n2 or 0
        known = makers.setdefault(row.n0, {})
        for one in (row.t0 or "").split(","):
            if one:
                maker, agreed = one.split(":")
                known[int(maker)] = agreed == "1"
    return {
        workshop: Share(price, hers, len(makers[workshop]), sum(not agreed for agreed in makers[workshop].values()))
        for workshop, (price, hers) in sums.items()
    }


def counts(market: Market, wish: Wish, *, currency: str, hits: str | None = None) -> Counts:
    """What the filters' boxes would show. A box of one group counts what the other groups' boxes leave."""
    key = (wish, hits, currency)
    found = market.counts.get(key)
    if found is None:
        if hits is None:
            stalls: Iterable[Stall] = market.stalls.values()
        else:
            ids = [int(hit) for hit in hits.split(",") if hit]
            stalls = [market.stalls[hit] for hit in ids if hit in market.stalls]
        more = market.more if hits is None else hits.count(",") + 1 >= MOST_HITS
        found = market.counts.put(key, _counted(stalls, wish, currency=currency, more=more))
    return found


def _counted(stalls: Iterable[Stall], wish: Wish, *, currency: str, more: bool) -> Counts:
    bands = bands_of(currency)
    when, price = set(wish.when), set(wish.price)
    crafts, workshops, villages = set(wish.craft_ids), set(wish.workshop_ids), set(wish.village_ids)
    groups: dict[str, Counter[int | str]] = {
        name: Counter() for name in ("when", "price", "craft", "workshop", "village", "named")
    }
    total = 0
    for stall in stalls:
        band = next(band.code for band in bands if stall.price_minor < band.high)
        values: dict[str, tuple[int | str, ...]] = {
            "when": (stall.when,),
            "price": (band,),
            "craft": tuple(each for each in (stall.craft_id, stall.technique_id) if each is not None),
            "workshop": (stall.workshop_id,),
            "village": stall.villages,
            "named": ("1",) if stall.named else (),
        }
        misses = [
            name
            for name, chosen in (
                ("when", when),
                ("price", price),
                ("craft", crafts),
                ("workshop", workshops),
                ("village", villages),
            )
            if chosen and chosen.isdisjoint(values[name])
        ]
        if wish.named and not stall.named:
            misses.append("named")
        if not misses:
            total += 1
            for name, found in values.items():
                groups[name].update(found)
        elif len(misses) == 1:
            groups[misses[0]].update(values[misses[0]])
    mark = hash((total, more, *(frozenset(found.items()) for found in groups.values())))
    return Counts(total, groups, more, mark)


def average_percent(market: Market, *, workshop_id: int, price_minor: int) -> int | None:
    """A workshop's average share to makers in whole percent, where it may stand beside a price whose own is not public.

    None for fewer than GROUP makers. Where fewer than GROUP of them keep their pay to themselves, the others' public
    sums could be taken away from it; then it is shown only where rounding leaves a tenth of this price open either way.
    """
    share = market.shares.get(workshop_id)
    if share is None or share.makers < GROUP or not share.price_minor:
        return None
    blurred = share.price_minor // 200 >= price_minor // 10
    if 0 < share.hidden < GROUP and not blurred:
        return None
    return (200 * share.maker_minor + share.price_minor) // (2 * share.price_minor)


def workshop_percent(market: Market, *, workshop_id: int) -> int | None:
    """The same on a workshop's own page, where it may stand beside its dearest piece."""
    dearest = max(
        (stall.price_minor for stall in market.stalls.values() if stall.workshop_id == workshop_id), default=0
    )
    return average_percent(market, workshop_id=workshop_id, price_minor=dearest)
