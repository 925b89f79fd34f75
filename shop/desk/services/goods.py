"""Goods as a broker lists and edits them: one form, one unit of work."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.actor import Actor
from shop.catalog import services as catalog
from shop.catalog.errors import Outdated
from shop.catalog.models import PieceRate, Product, ProductMaker, Variant
from shop.catalog.queries import lacks, live_splits, pictures_of
from shop.db import Texts, locked
from shop.desk.queries.people import may_be_named
from shop.errors import BadInput, NotYours
from shop.work.capacity import refresh_products
from shop.workshops.models import Workshop, WorkshopMaker


@dataclass(frozen=True, slots=True)
class Offer:
    """What was typed about goods; sums in minor units, per piece. `lang` is the language of the title.

    `price_minor` is None where a product has several sizes, whose prices the co-op keeps.
    """

    lang: str
    title: str
    craft_id: int
    made_to_order: bool
    maker_ids: tuple[int, ...]
    picture_ids: tuple[int, ...]
    price_minor: int | None = None
    pay_minor: int = 0
    materials_minor: int = 0
    minutes: int = 0
    size_label: Texts = field(default_factory=dict)
    size: Mapping[str, str | int] = field(default_factory=dict)


def my_goods(session: Session, product_id: int, by: Actor) -> Product:
    """The product, held until the unit of work ends, if `by` is its workshop's broker; NotYours otherwise."""
    product = locked(session, Product, {product_id}).get(product_id)
    if product is None:
        raise NotYours(product_id=product_id)
    _my_workshop(session, product.workshop_id, by)
    return product


def _my_workshop(session: Session, workshop_id: int, by: Actor) -> Workshop:
    workshop = session.get(Workshop, workshop_id)
    if workshop is None or by.broker_id is None or workshop.broker_id != by.broker_id:
        raise NotYours(workshop_id=workshop_id)
    return workshop


def list_goods(session: Session, *, workshop_id: int, offer: Offer, currency: str, key: str, by: Actor) -> Product:
    """A draft with its size, rate, split, makers and pictures. The same `key` again gives the draft there is.

    Raises NotYours, BadInput, BelowMinimum, MakerBelowRate, UnbalancedSplit.
    """
    _my_workshop(session, workshop_id, by)
    known = session.scalar(
        select(Product).where(Product.workshop_id == workshop_id, Product.source_key == f"desk:{key}")
    )
    if known is not None:
        return known
    _check_makers(session, workshop_id, offer.maker_ids, by)
    product = catalog.create_product(
        session,
        workshop_id=workshop_id,
        name={offer.lang: offer.title},
        by=by,
        broker_id=by.broker_id,
        source_key=f"desk:{key}",
        craft_id=offer.craft_id,
        made_to_order=offer.made_to_order,
    )
    variant = catalog.create_variant(
        session, product_id=product.id, currency=currency, size_label=offer.size_label, size=dict(offer.size)
    )
    _set_figures(session, product, variant, offer, by)
    catalog.set_makers(session, product_id=product.id, maker_ids=offer.maker_ids)
    _set_pictures(session, product, offer)
    refresh_products(session, product_ids=[product.id] if offer.made_to_order else [])
    return product


def edit_goods(session: Session, *, product_id: int, version: int, offer: Offer, by: Actor) -> Product:
    """Change what was typed. Raises Outdated where somebody saved in between, else as `list_goods`."""
    product = my_goods(session, product_id, by)
    if product.version != version:
        raise Outdated(product_id=product_id)
    others = _named_by_others(session, product, by)
    _check_makers(session, product.workshop_id, offer.maker_ids, by)
    changed = {"name": {**product.name, offer.lang: offer.title}, "craft_id": offer.craft_id}
    if offer.craft_id != product.craft_id:
        changed["technique_id"] = None
    catalog.edit_product(session, product_id=product_id, version=version, made_to_order=offer.made_to_order, **changed)
    if offer.price_minor is not None:
        variant = session.scalars(select(Variant).where(Variant.product_id == product_id)).one()
        if offer.size_label and offer.size_label != variant.size_label:
            catalog.edit_variant(
                session, variant_id=variant.id, size_label=dict(offer.size_label), size=dict(offer.size)
            )
        _set_figures(session, product, variant, offer, by)
    catalog.set_makers(session, product_id=product_id, maker_ids=[*offer.maker_ids, *others])
    _set_pictures(session, product, offer)
    refresh_products(session, product_ids=[product_id] if offer.made_to_order else [])
    return product


def _named_by_others(session: Session, product: Product, by: Actor) -> list[int]:
    """Makers of these goods who gave their mandate to another broker: not hers to strike off."""
    rows = session.scalars(
        select(ProductMaker.maker_id)
        .join(
            WorkshopMaker,
            (WorkshopMaker.maker_id == ProductMaker.maker_id) & (WorkshopMaker.workshop_id == product.workshop_id),
        )
        .where(ProductMaker.product_id == product.id)
        .order_by(ProductMaker.maker_id)
    ).all()
    able = _able(session, product.workshop_id, by)
    return [maker_id for maker_id in rows if maker_id not in able]


def _able(session: Session, workshop_id: int, by: Actor) -> set[int]:
    named = may_be_named(session, broker_id=by.broker_id or 0, workshop_ids=[workshop_id])
    return {maker.id for maker in named.get(workshop_id, [])}


def _check_makers(session: Session, workshop_id: int, maker_ids: tuple[int, ...], by: Actor) -> None:
    if not set(maker_ids) <= _able(session, workshop_id, by):
        raise BadInput(field="makers")


def _set_figures(session: Session, product: Product, variant: Variant, offer: Offer, by: Actor) -> None:
    """Price, split and rate, as far as they changed. Her part never falls below her rate in between."""
    assert offer.price_minor is not None
    split = live_splits(session, variant_ids=[variant.id]).get(variant.id)
    rate = session.scalar(select(PieceRate).where(PieceRate.variant_id == variant.id, PieceRate.live))
    same_price = split is not None and (split.price_minor, split.of("maker"), split.of("materials")) == (
        offer.price_minor,
        offer.pay_minor,
        offer.materials_minor,
    )
    same_rate = rate is not None and (rate.pay_minor, rate.minutes) == (offer.pay_minor, offer.minutes)
    rises = rate is not None and split is not None and offer.pay_minor > split.of("maker")
    if not same_rate and not rises:
        _set_rate(session, variant, offer, by)
    if not same_price:
        parts = catalog.propose_parts(
            session,
            workshop_id=product.workshop_id,
            price_minor=offer.price_minor,
            pay_minor=offer.pay_minor,
            materials_minor=offer.materials_minor,
            craft_id=product.technique_id or product.craft_id,
        )
        catalog.set_price(session, variant_id=variant.id, price_minor=offer.price_minor, parts=parts, by=by)
    if not same_rate and rises:
        _set_rate(session, variant, offer, by)


def _set_rate(session: Session, variant: Variant, offer: Offer, by: Actor) -> None:
    catalog.set_piece_rate(session, variant_id=variant.id, pay_minor=offer.pay_minor, minutes=offer.minutes, by=by)


def _set_pictures(session: Session, product: Product, offer: Offer) -> None:
    """The form's pictures first, then those it does not show; texts that were written for one stay with it."""
    there = {row.picture_id: row for row in pictures_of(session, product_id=product.id)}
    order = [
        *offer.picture_ids,
        *(picture_id for picture_id in list(there)[SHOWN:] if picture_id not in offer.picture_ids),
    ]
    if order == list(there):
        return
    alt = {offer.lang: offer.title}
    catalog.set_pictures(
        session,
        product_id=product.id,
        pictures=[(picture_id, there[picture_id].alt if picture_id in there else alt) for picture_id in order],
    )


SHOWN = 3
"""Pictures that the form shows and may replace."""


def publish_if_whole(session: Session, *, product_id: int, by: Actor) -> list[str]:
    """Show a draft to the public when nothing is missing; gives what is. What was withdrawn stays so."""
    product = my_goods(session, product_id, by)
    missing = lacks(session, product_id=product_id)
    if not missing and product.state == "draft":
        catalog.publish(session, product_id=product_id)
    return missing


def switch_goods(session: Session, *, product_id: int, to: str, by: Actor) -> None:
    """Sold out, on sale again, withdrawn, or shown again. Raises NotYours, BadInput, Lacking, Conflict."""
    my_goods(session, product_id, by)
    if to == "sold_out":
        catalog.sell_out(session, product_id=product_id)
    elif to == "on_sale":
        catalog.put_on_sale_again(session, product_id=product_id)
    elif to == "withdrawn":
        catalog.withdraw(session, product_id=product_id)
    elif to == "published":
        catalog.publish(session, product_id=product_id)
    else:
        raise BadInput(field="to")
