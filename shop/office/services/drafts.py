"""One word for all drafts of an import: craft, makers, pay with minutes, and the split that follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.actor import Actor
from shop.catalog import services as catalog
from shop.catalog.importing.drafts import proposed_pay
from shop.catalog.models import PieceRate, PriceSplit, Product, ProductMaker, Variant
from shop.db import locked
from shop.errors import ShopError
from shop.money import share


@dataclass(frozen=True, slots=True)
class Wish:
    """What all drafts get. None, False and () leave things as they are; `again` also where something is set already.

    Pay is what the list says, else `pay_percent` of the price; a split needs pay and `minutes`.
    """

    craft_id: int | None = None
    technique_id: int | None = None
    made_to_order: bool = False
    maker_ids: tuple[int, ...] = ()
    minutes: int | None = None
    pay_percent: int | None = None
    materials_percent: int = 0
    again: bool = False


@dataclass(slots=True)
class Outcome:
    """How many drafts were changed, and why a variant could not get its split or rate: (item number, refusal)."""

    changed: int = 0
    refused: list[tuple[str, ShopError]] = field(default_factory=list)


def apply_wish(session: Session, *, product_ids: Sequence[int], wish: Wish, by: Actor, outcome: Outcome) -> None:
    """Give these drafts what is wished. A refused variant keeps what it had and is told in `outcome`."""
    for product in locked(session, Product, set(product_ids)).values():
        if product.state != "draft":
            continue
        before = product.version
        _facts(session, product, wish)
        _makers(session, product, wish)
        variants = session.scalars(
            select(Variant).where(Variant.product_id == product.id, Variant.is_active).order_by(Variant.position)
        ).all()
        for variant in variants if wish.minutes or wish.pay_percent or wish.materials_percent else ():
            try:
                with session.begin_nested():
                    _figures(session, product, variant, wish, by)
            except ShopError as error:
                error.data.setdefault("currency", variant.currency)
                outcome.refused.append((product.item_no, error))
        session.refresh(product)
        outcome.changed += product.version != before


def _facts(session: Session, product: Product, wish: Wish) -> None:
    fields: dict[str, object] = {}
    if wish.craft_id and (wish.again or product.craft_id is None):
        fields |= {"craft_id": wish.craft_id, "technique_id": wish.technique_id}
    if wish.made_to_order and not product.made_to_order:
        fields["made_to_order"] = True
    if fields:
        catalog.edit_product(session, product_id=product.id, version=product.version, **fields)


def _makers(session: Session, product: Product, wish: Wish) -> None:
    if not wish.maker_ids:
        return
    has = session.scalar(select(ProductMaker.id).where(ProductMaker.product_id == product.id).limit(1))
    if wish.again or has is None:
        catalog.set_makers(session, product_id=product.id, maker_ids=wish.maker_ids)


def _figures(session: Session, product: Product, variant: Variant, wish: Wish, by: Actor) -> None:
    """The rate first, since the split must not fall below it; where both are there nothing is done unless asked."""
    if not variant.price_minor:
        return
    rate = session.scalar(select(PieceRate).where(PieceRate.variant_id == variant.id, PieceRate.live))
    split = session.scalar(
        select(PriceSplit.id).where(PriceSplit.variant_id == variant.id, PriceSplit.live, PriceSplit.kind == "retail")
    )
    pay = _pay(product, variant, wish) if rate is None or wish.again else rate.pay_minor
    if pay is None:
        return
    if split is None or wish.again:
        parts = catalog.propose_parts(
            session,
            workshop_id=product.workshop_id,
            price_minor=variant.price_minor,
            pay_minor=pay,
            materials_minor=_percent(variant.price_minor, wish.materials_percent),
        )
        _set_split(session, variant, parts, rate=rate, pay=pay, minutes=wish.minutes, by=by)
    elif wish.minutes and rate is None:
        catalog.set_piece_rate(session, variant_id=variant.id, pay_minor=pay, minutes=wish.minutes, by=by)


def _set_split(
    session: Session,
    variant: Variant,
    parts: Sequence[catalog.Part],
    *,
    rate: PieceRate | None,
    pay: int,
    minutes: int | None,
    by: Actor,
) -> None:
    assert variant.price_minor is not None
    rated = rate is None or rate.pay_minor != pay or rate.minutes != minutes
    # a lower pay must reach the rate before the price, a higher one the price before the rate
    if rated and minutes and rate is not None and pay < rate.pay_minor:
        catalog.set_piece_rate(session, variant_id=variant.id, pay_minor=pay, minutes=minutes, by=by)
        rated = False
    catalog.set_price(session, variant_id=variant.id, price_minor=variant.price_minor, parts=parts, by=by)
    if rated and minutes:
        catalog.set_piece_rate(session, variant_id=variant.id, pay_minor=pay, minutes=minutes, by=by)


def _pay(product: Product, variant: Variant, wish: Wish) -> int | None:
    said = proposed_pay(product, variant)
    if said is not None:
        return said.minor
    return _percent(variant.price_minor or 0, wish.pay_percent) if wish.pay_percent else None


def _percent(minor: int, percent: int) -> int:
    return share(minor, [percent, 100 - percent])[0]


def publish_all(session: Session, *, product_ids: Sequence[int]) -> int:
    """Show these drafts; gives how many. What came to lack something in between is passed by."""
    shown = 0
    for product_id in product_ids:
        try:
            with session.begin_nested():
                catalog.publish(session, product_id=product_id)
        except ShopError:
            continue
        shown += 1
    return shown
