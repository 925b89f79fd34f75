"""A broker's goods: what she lists, how each stands, and one of them to be edited."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from shop.catalog.models import PieceRate, PricePart, PriceSplit, Product, ProductMaker, ProductPicture, Variant
from shop.catalog.queries import LiveSplit, live_splits
from shop.db import Texts
from shop.media.models import Picture
from shop.money import Money
from shop.workshops.models import Workshop

PAGE = 20
STATES = ("on_sale", "sold_out", "draft", "withdrawn")


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """A product as the broker's list shows it. `state` is on_sale, sold_out, draft or withdrawn; `hers` what its maker gets."""

    id: int
    item_no: str
    name: Texts
    picture: str | None
    price: Money | None
    hers: Money | None
    state: str
    on_hand: int
    reserved: int
    made_to_order: bool
    lead_days: int
    variants: int


def _of_variants(figure: Any) -> Any:
    """A figure over a product's sizes."""
    return select(figure).where(Variant.product_id == Product.id).correlate(Product).scalar_subquery()


def _stands() -> Any:
    """How a product stands, as an SQL word."""
    active = (
        select(func.count(Variant.id))
        .where(Variant.product_id == Product.id, Variant.is_active)
        .correlate(Product)
        .scalar_subquery()
    )
    stock = (
        select(func.coalesce(func.sum(Variant.on_hand - Variant.reserved), 0))
        .where(Variant.product_id == Product.id, Variant.is_active)
        .correlate(Product)
        .scalar_subquery()
    )
    return case(
        (Product.state == "draft", "draft"),
        (Product.state == "withdrawn", "withdrawn"),
        (active == 0, "sold_out"),
        (~Product.made_to_order & (stock == 0), "sold_out"),
        else_="on_sale",
    )


def goods_counts(session: Session, *, broker_id: int) -> dict[str, int]:
    """How many of a broker's goods stand how."""
    stands = (
        select(_stands().label("stands"))
        .join(Workshop, Workshop.id == Product.workshop_id)
        .where(Workshop.broker_id == broker_id)
        .subquery()
    )
    return {
        state: int(count)
        for state, count in session.execute(select(stands.c.stands, func.count()).group_by(stands.c.stands))
    }


def goods(session: Session, *, broker_id: int, state: str = "", before: int | None = None) -> list[GoodsLine]:
    """A page of her goods, the newest first; one more than PAGE tells that there are more."""
    stands = _stands()
    hers = (
        select(func.min(PricePart.amount_minor))
        .join(PriceSplit, PriceSplit.id == PricePart.split_id)
        .join(Variant, Variant.id == PriceSplit.variant_id)
        .where(
            Variant.product_id == Product.id, PriceSplit.live, PriceSplit.kind == "retail", PricePart.kind == "maker"
        )
        .correlate(Product)
        .scalar_subquery()
    )
    wanted = (
        select(
            Product.id,
            Product.item_no,
            Product.name,
            Picture.key,
            _of_variants(func.min(Variant.price_minor)).label("price_minor"),
            _of_variants(func.min(Variant.currency)).label("currency"),
            hers.label("hers"),
            stands.label("stands"),
            _of_variants(func.coalesce(func.sum(Variant.on_hand), 0)).label("on_hand"),
            _of_variants(func.coalesce(func.sum(Variant.reserved), 0)).label("reserved"),
            Product.made_to_order,
            Product.lead_days,
            _of_variants(func.count(Variant.id)).label("variants"),
        )
        .join(Workshop, Workshop.id == Product.workshop_id)
        .outerjoin(Picture, Picture.id == Product.cover_id)
        .where(Workshop.broker_id == broker_id)
        .order_by(Product.id.desc())
        .limit(PAGE + 1)
    )
    if state in STATES:
        wanted = wanted.where(stands == state)
    if before is not None:
        wanted = wanted.where(Product.id < before)
    return [_goods(row) for row in session.execute(wanted)]


def _goods(row: Any) -> GoodsLine:
    def money(minor: int | None) -> Money | None:
        return None if minor is None or row.currency is None else Money(int(minor), row.currency)

    return GoodsLine(
        row.id,
        row.item_no,
        row.name,
        row.key,
        money(row.price_minor),
        money(row.hers),
        row.stands,
        int(row.on_hand),
        int(row.reserved),
        row.made_to_order,
        row.lead_days,
        int(row.variants),
    )


@dataclass(frozen=True, slots=True)
class Goods:
    """One product with what its page shows and its form begins with."""

    product: Product
    workshop: Texts
    variants: tuple[Variant, ...]
    rates: dict[int, PieceRate]
    splits: dict[int, LiveSplit]
    maker_ids: tuple[int, ...]
    pictures: tuple[tuple[int, str], ...]

    @property
    def only(self) -> Variant | None:
        """Its one size, where it has just one: then its price is edited with it."""
        return self.variants[0] if len(self.variants) == 1 else None


def one(session: Session, *, product_id: int) -> Goods:
    """A product with its sizes, rates, splits, makers and pictures, in six statements."""
    product, workshop = session.execute(
        select(Product, Workshop.name)
        .join(Workshop, Workshop.id == Product.workshop_id)
        .where(Product.id == product_id)
    ).one()
    variants = tuple(
        session.scalars(
            select(Variant).where(Variant.product_id == product_id).order_by(Variant.position, Variant.id).limit(100)
        )
    )
    ids = [variant.id for variant in variants]
    rates = {
        rate.variant_id: rate
        for rate in session.scalars(select(PieceRate).where(PieceRate.variant_id.in_(ids), PieceRate.live))
    }
    makers = session.scalars(
        select(ProductMaker.maker_id).where(ProductMaker.product_id == product_id).order_by(ProductMaker.maker_id)
    ).all()
    pictures = session.execute(
        select(Picture.id, Picture.key)
        .join(ProductPicture, ProductPicture.picture_id == Picture.id)
        .where(ProductPicture.product_id == product_id)
        .order_by(ProductPicture.position)
    ).all()
    return Goods(
        product,
        workshop,
        variants,
        rates,
        live_splits(session, variant_ids=ids),
        tuple(makers),
        tuple((row.id, row.key) for row in pictures),
    )
