"""A product's page as values, in no language yet."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shop.db import Texts
from shop.home.queries.goods_rows import Seen
from shop.makers.public import PublicMaker, public_side


@dataclass(frozen=True, slots=True)
class ShownVariant:
    """A size or colour. `parts` are (kind, payee, minor) of its live retail split, in order."""

    id: int
    position: int
    price_minor: int
    left: int
    weight_grams: int | None
    size_label: Texts
    colour: Texts
    size: dict[str, Any]
    currency: str
    parts: tuple[tuple[str, str, int], ...]
    minutes: int | None


@dataclass(frozen=True, slots=True)
class HerFacts:
    """What a page may need of a maker besides her public side."""

    village: Texts
    face: str | None
    pieces: int


@dataclass(frozen=True, slots=True)
class ShownBroker:
    """A broker as a split or "listed by" may mention her; her name only where she agreed to it."""

    id: int
    user_id: int | None
    name: Texts | None


@dataclass(frozen=True, slots=True)
class ShownReview:
    """What a buyer said."""

    stars: int
    lang: str
    signed: str
    text: str
    piece_number: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Other:
    """Another product by the same makers."""

    slug: str
    name: Texts
    cover: str | None
    price_minor: int | None


@dataclass(frozen=True, slots=True)
class NextPiece:
    """The numbered piece that would be sold next."""

    number: str
    maker_id: int
    variant_id: int
    accepted_at: datetime
    confirmed_at: datetime | None


@dataclass(slots=True)
class Goods:
    """A product's page in no language yet."""

    product: Any
    variants: list[ShownVariant] = field(default_factory=list)
    inactive: list[ShownVariant] = field(default_factory=list)
    makers: dict[int, HerFacts] = field(default_factory=dict)
    public: dict[int, PublicMaker] = field(default_factory=dict)
    brokers: dict[int, ShownBroker] = field(default_factory=dict)
    pictures: list[tuple[str, int, int, Texts]] = field(default_factory=list)
    reviews: list[ShownReview] = field(default_factory=list)
    ratings: int = 0
    stars: int = 0
    piece: NextPiece | None = None
    countries: list[str] = field(default_factory=list)
    others: list[Other] = field(default_factory=list)
    others_count: int = 0

    @property
    def left(self) -> int:
        """Pieces on the shelf and in nobody's checkout."""
        return sum(variant.left for variant in self.variants)


def understood(seen: Seen) -> Goods:
    """The rows as values."""
    kinds: dict[str, list[Any]] = {}
    for row in seen.hanging:
        kinds.setdefault(row.kind, []).append(row)

    def of(kind: str) -> list[Any]:
        return kinds.get(kind, [])

    goods = Goods(seen.product)
    _fill_variants(goods, of("variant"), of("part"), of("rate"))
    goods.makers = {row.n0: HerFacts(json.loads(row.t0), row.t1, row.n2) for row in of("maker")}
    goods.public = {row.n0: _public(row) for row in of("who")}
    goods.brokers = {
        row.n0: ShownBroker(row.n0, row.n2, json.loads(row.t0) if row.n1 else None) for row in of("broker")
    }
    goods.pictures = [
        (row.t0, row.n1, row.n2, json.loads(row.t1) if row.t1 else {})
        for row in sorted(of("picture"), key=lambda row: row.n0)
    ]
    goods.reviews = [
        ShownReview(row.n1, row.t0, row.t1, row.t2, row.t3, row.at)
        for row in sorted(of("review"), key=lambda row: (row.at, row.n0), reverse=True)
    ]
    for row in of("reviews"):
        goods.ratings, goods.stars = row.n0, row.n1
    paid = {row.n0: row.at for row in of("paid")}
    for row in of("piece"):
        goods.piece = NextPiece(row.t0, row.n1, row.n2, row.at, paid.get(row.n0))
    goods.countries = sorted({row.t0 for row in of("post")})
    goods.others = [
        Other(row.t0, json.loads(row.t1), row.t2, row.n1) for row in sorted(of("other"), key=lambda row: -row.n0)
    ]
    goods.others_count = sum(row.n0 for row in of("others"))
    return goods


def _public(row: Any) -> PublicMaker:
    return public_side(
        row.n3,
        maker_id=row.n0,
        slug=row.t0,
        name=json.loads(row.t1),
        pen_name=json.loads(row.t2) if row.t2 else None,
        village_id=row.n1,
        story=json.loads(row.t3) if row.t3 else None,
        face_id=row.n2,
    )


def _fill_variants(goods: Goods, variants: Iterable[Any], parts: Iterable[Any], rates: Iterable[Any]) -> None:
    by_variant: dict[int, list[Any]] = {}
    for row in parts:
        by_variant.setdefault(row.n0, []).append(row)
    minutes = {row.n0: row.n1 for row in rates}
    for row in sorted(variants, key=lambda row: (row.n1, row.n0)):
        split = sorted(by_variant.get(row.n0, []), key=lambda part: part.n1)
        made = ShownVariant(
            row.n0,
            row.n1,
            row.n2 or 0,
            max(row.n3, 0),
            row.n5,
            json.loads(row.t0),
            json.loads(row.t1),
            json.loads(row.t2),
            row.t3,
            tuple((part.t0, part.t1, part.n2) for part in split),
            minutes.get(row.n0),
        )
        (goods.variants if row.n4 and made.price_minor else goods.inactive).append(made)
