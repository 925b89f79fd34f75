"""Products as the co-op keeps them: the list, and one whole."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, case, cast, func, select
from sqlalchemy.orm import Session

from shop.brokers.models import Broker
from shop.catalog.models import (
    PieceRate,
    PricePart,
    PriceSplit,
    Product,
    ProductMaker,
    ProductPicture,
    Variant,
)
from shop.catalog.queries import LivePart
from shop.crafts.models import Craft
from shop.db import Texts
from shop.makers.queries import MakerLine, maker_lines
from shop.media.models import Picture
from shop.money import Money
from shop.search.queries import found, question_of
from shop.workshops.models import Workshop, WorkshopMaker

PAGE = 40
MOST_MAKERS = 200


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A line of the list. `price` is the lowest of its variants, None without any; `on_hand` counts pieces on the shelf.

    `sold_out`: published, and none of its variants is for sale.
    """

    id: int
    item_no: str
    name: Texts
    state: str
    workshop: Texts
    cover: str | None
    price: Money | None
    variants: int
    on_hand: int
    made_to_order: bool
    sold_out: bool


def products(
    session: Session,
    *,
    state: str = "",
    words: str = "",
    workshop_id: int | None = None,
    before: int | None = None,
    limit: int = PAGE + 1,
) -> list[ProductRow]:
    """A page of products, the newest first. `words` is looked for in names, item numbers and SKUs; what is published is
    found as buyers find it, too.
    """
    sums = (
        select(
            Variant.product_id.label("product_id"),
            func.count(Variant.id).label("variants"),
            func.min(Variant.price_minor).label("least"),
            func.min(Variant.currency).label("currency"),
            func.sum(Variant.on_hand).label("on_hand"),
            func.sum(case((Variant.is_active, 1), else_=0)).label("active"),
        )
        .group_by(Variant.product_id)
        .subquery()
    )
    query = (
        select(
            Product.id,
            Product.item_no,
            Product.name,
            Product.state,
            Product.made_to_order,
            Workshop.name.label("workshop"),
            Picture.key.label("cover"),
            sums,
        )
        .join(Workshop, Workshop.id == Product.workshop_id)
        .outerjoin(Picture, Picture.id == Product.cover_id)
        .outerjoin(sums, sums.c.product_id == Product.id)
        .order_by(Product.id.desc())
        .limit(limit)
    )
    if state == "sold_out":
        query = query.where(Product.state == "published", func.coalesce(sums.c.active, 0) == 0)
    elif state:
        query = query.where(Product.state == state)
    if workshop_id:
        query = query.where(Product.workshop_id == workshop_id)
    if before is not None:
        query = query.where(Product.id < before)
    if words:
        query = query.where(_says(session, words))
    return [
        ProductRow(
            row.id,
            row.item_no,
            row.name,
            row.state,
            row.workshop,
            row.cover,
            Money(row.least, row.currency) if row.least is not None else None,
            row.variants or 0,
            int(row.on_hand or 0),
            row.made_to_order,
            row.state == "published" and not row.active,
        )
        for row in session.execute(query)
    ]


def _says(session: Session, words: str) -> ColumnElement[bool]:
    hits = found(session, kind="product", question=question_of(session, words), limit=500)
    # both databases keep JSON texts with their letters escaped, so what is looked for is escaped as well
    inside = json.dumps(words)[1:-1]
    pattern = "%" + inside.replace("^", "^^").replace("%", "^%").replace("_", "^_") + "%"
    with_sku = select(Variant.product_id).where(Variant.sku.ilike(pattern, escape="^"))
    return (
        Product.id.in_(hits)
        | cast(Product.name, String).ilike(pattern, escape="^")
        | Product.item_no.ilike(pattern, escape="^")
        | Product.id.in_(with_sku)
    )


@dataclass(frozen=True, slots=True)
class Split:
    """A price in force and how it is shared."""

    kind: str
    min_quantity: int
    lead_days: int | None
    price_minor: int
    parts: tuple[LivePart, ...]


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture of a product in its place."""

    picture_id: int
    key: str
    width: int
    height: int
    alt: Texts


@dataclass(frozen=True, slots=True)
class ProductWhole:
    """A product with everything the office edits. `splits` and `rate` are of the chosen `variant`.

    `brokers` are those who may have a part: the workshop's, the one above her, and whoever has one now.
    """

    product: Product
    workshop: Workshop
    craft: Texts
    variants: tuple[Variant, ...]
    variant: Variant | None
    splits: tuple[Split, ...]
    rate: PieceRate | None
    rates: dict[int, PieceRate]
    pictures: tuple[Shot, ...]
    maker_ids: frozenset[int]
    staff: tuple[MakerLine, ...]
    brokers: tuple[tuple[int, Texts, int], ...]

    @property
    def sold_out(self) -> bool:
        return self.product.state == "published" and not any(variant.is_active for variant in self.variants)


def product_whole(session: Session, *, product_id: int, variant_id: int = 0) -> ProductWhole | None:
    """One product; the variant asked for, else its first. None where there is no such product."""
    product = session.get(Product, product_id)
    if product is None:
        return None
    workshop = session.get_one(Workshop, product.workshop_id)
    craft = session.get(Craft, product.craft_id) if product.craft_id else None
    variants = session.scalars(
        select(Variant).where(Variant.product_id == product_id).order_by(Variant.position, Variant.id)
    ).all()
    chosen = next((each for each in variants if each.id == variant_id), variants[0] if variants else None)
    splits = _splits(session, chosen.id) if chosen else ()
    ids = [each.id for each in variants]
    rates = {
        row.variant_id: row
        for row in session.scalars(select(PieceRate).where(PieceRate.variant_id.in_(ids), PieceRate.live))
    }
    makers = frozenset(session.scalars(select(ProductMaker.maker_id).where(ProductMaker.product_id == product_id)))
    here = session.scalars(
        select(WorkshopMaker.maker_id).where(WorkshopMaker.workshop_id == workshop.id).limit(MOST_MAKERS)
    ).all()
    staff = maker_lines(session, here)
    return ProductWhole(
        product,
        workshop,
        craft.name if craft else {},
        tuple(variants),
        chosen,
        splits,
        rates.get(chosen.id) if chosen else None,
        rates,
        _pictures(session, product_id),
        makers,
        tuple(line for line in staff.values() if line.left_on is None or line.id in makers),
        _brokers(session, workshop, splits),
    )


def _pictures(session: Session, product_id: int) -> tuple[Shot, ...]:
    rows = session.execute(
        select(ProductPicture.picture_id, Picture.key, Picture.width, Picture.height, ProductPicture.alt)
        .join(Picture, Picture.id == ProductPicture.picture_id)
        .where(ProductPicture.product_id == product_id)
        .order_by(ProductPicture.position)
    )
    return tuple(Shot(row.picture_id, row.key, row.width, row.height, row.alt or {}) for row in rows)


def _splits(session: Session, variant_id: int) -> tuple[Split, ...]:
    rows = session.execute(
        select(PriceSplit, PricePart)
        .join(PricePart, PricePart.split_id == PriceSplit.id)
        .where(PriceSplit.variant_id == variant_id, PriceSplit.live)
        .order_by(PriceSplit.id, PricePart.position)
    ).all()
    grouped: dict[int, tuple[PriceSplit, list[LivePart]]] = {}
    for split, part in rows:
        grouped.setdefault(split.id, (split, []))[1].append(LivePart(part.kind, part.payee, part.amount_minor))
    order = ("retail", "trade", "sample", "outlet")
    made = [
        Split(split.kind, split.min_quantity, split.lead_days, split.price_minor, tuple(parts))
        for split, parts in grouped.values()
    ]
    return tuple(sorted(made, key=lambda each: (order.index(each.kind), each.min_quantity)))


def _brokers(session: Session, workshop: Workshop, splits: Sequence[Split]) -> tuple[tuple[int, Texts, int], ...]:
    """(id, name, tier) of everybody who may have a broker's part here, the workshop's own broker first."""
    paid = {
        int(part.payee.partition(":")[2])
        for split in splits
        for part in split.parts
        if part.payee.startswith("broker:")
    }
    own = session.get_one(Broker, workshop.broker_id)
    ids = {own.id, *([own.parent_id] if own.parent_id else []), *paid}
    rows = session.execute(select(Broker.id, Broker.name, Broker.tier).where(Broker.id.in_(sorted(ids)))).all()
    return tuple((row.id, row.name, row.tier) for row in sorted(rows, key=lambda row: (row.id != own.id, row.id)))


def sku_taken(session: Session, *, sku: str, but: int = 0) -> bool:
    """Whether another variant has this SKU."""
    return session.scalar(select(Variant.id).where(Variant.sku == sku, Variant.id != but).limit(1)) is not None
