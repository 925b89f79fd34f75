"""One word for all drafts of an import: craft, makers, pay with minutes, and the split that follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.actor import Actor
from shop.catalog import services as catalog
from shop.catalog.importing.drafts import proposed_pay
from shop.catalog.models import PieceRate, PricePart, PriceSplit, Product, ProductMaker, Variant
from shop.coop.services import record
from shop.db import locked
from shop.errors import ShopError
from shop.money import share


@dataclass(frozen=True, slots=True)
class Wish:
    """What all drafts get. None, False and () leave things as they are; `again` also where something is set already.

    Pay is what the list says, else `pay_percent` of the price. A split that is there is only shared anew where `again`
    comes with a share to give; what the wish leaves open of it stays.
    """

    craft_id: int | None = None
    technique_id: int | None = None
    made_to_order: bool = False
    maker_ids: tuple[int, ...] = ()
    minutes: int | None = None
    pay_percent: int | None = None
    materials_percent: int | None = None
    again: bool = False


@dataclass(slots=True)
class Outcome:
    """How many drafts were changed, and why a variant could not get its split or rate: (item number, refusal).

    `without_pay` has the item numbers of those whose pay neither the list nor the wish says.
    """

    changed: int = 0
    without_pay: list[str] = field(default_factory=list)
    refused: list[tuple[str, ShopError]] = field(default_factory=list)


def apply_wish(session: Session, *, product_ids: Sequence[int], wish: Wish, by: Actor, outcome: Outcome) -> None:
    """Give these drafts what is wished; the history of each says what it got.

    A draft or a variant that is refused keeps what it had and is told in `outcome`; the others get theirs.
    """
    for product in locked(session, Product, set(product_ids)).values():
        if product.state != "draft":
            continue
        item_no = product.item_no
        try:
            with session.begin_nested():
                given = _facts(session, product, wish) + _makers(session, product, wish)
        except ShopError as error:
            outcome.refused.append((item_no, error))
            continue
        if wish.minutes or wish.pay_percent or wish.materials_percent is not None:
            given += _all_figures(session, product, wish, by, outcome)
        for kind in given:
            record(session, about=f"product:{product.id}", kind=kind, by=by, facts={"drafts": True})
        outcome.changed += bool(given)


def _all_figures(session: Session, product: Product, wish: Wish, by: Actor, outcome: Outcome) -> list[str]:
    """Rates and splits of its variants; gives the history's word for it where one was set."""
    variants = session.scalars(
        select(Variant).where(Variant.product_id == product.id, Variant.is_active).order_by(Variant.position)
    ).all()
    rated = False
    for variant in variants:
        try:
            with session.begin_nested():
                fate = _figures(session, product, variant, wish, by)
            rated = rated or fate == "set"
            if fate == "no pay":
                outcome.without_pay.append(product.item_no)
        except ShopError as error:
            error.data.setdefault("currency", variant.currency)
            outcome.refused.append((product.item_no, error))
    return ["price"] if rated else []


def _facts(session: Session, product: Product, wish: Wish) -> list[str]:
    fields: dict[str, object] = {}
    if wish.craft_id and (wish.again or product.craft_id is None):
        fields |= {"craft_id": wish.craft_id, "technique_id": wish.technique_id}
    if wish.made_to_order and not product.made_to_order:
        fields["made_to_order"] = True
    if fields:
        catalog.edit_product(session, product_id=product.id, version=product.version, **fields)
    return ["edited"] if fields else []


def _makers(session: Session, product: Product, wish: Wish) -> list[str]:
    if not wish.maker_ids:
        return []
    has = session.scalar(select(ProductMaker.id).where(ProductMaker.product_id == product.id).limit(1))
    if not wish.again and has is not None:
        return []
    catalog.set_makers(session, product_id=product.id, maker_ids=wish.maker_ids)
    return ["makers"]


def _figures(
    session: Session, product: Product, variant: Variant, wish: Wish, by: Actor
) -> Literal["set", "stays", "no pay"]:
    """Her rate and the split of the price, unless nobody says her pay. What is there already stays unless asked."""
    if not variant.price_minor:
        return "stays"
    rate = session.scalar(select(PieceRate).where(PieceRate.variant_id == variant.id, PieceRate.live))
    now = _parts_now(session, variant)
    anew = not now or (wish.again and (wish.pay_percent is not None or wish.materials_percent is not None))
    pay = _pay(product, variant, wish, rate=rate, now=0 if anew else now["maker"])
    if not pay:
        return "no pay"
    minutes = wish.minutes or (rate.minutes if rate else None)
    if anew:
        given = wish.materials_percent
        parts = catalog.propose_parts(
            session,
            workshop_id=product.workshop_id,
            price_minor=variant.price_minor,
            pay_minor=pay,
            materials_minor=now.get("materials", 0) if given is None else _percent(variant.price_minor, given),
            craft_id=product.technique_id or product.craft_id,
        )
        _set_split(session, variant, parts, rate=rate, pay=pay, minutes=minutes, by=by)
    elif minutes and (rate is None or (wish.again and rate.minutes != minutes)):
        catalog.set_piece_rate(session, variant_id=variant.id, pay_minor=pay, minutes=minutes, by=by)
    else:
        return "stays"
    return "set"


def _parts_now(session: Session, variant: Variant) -> dict[str, int]:
    """Kind of part → minor units, of the retail price in force; nothing where it has no split."""
    found: dict[str, int] = {}
    live = (PriceSplit.variant_id == variant.id, PriceSplit.live, PriceSplit.kind == "retail")
    for part in session.scalars(select(PricePart).join(PriceSplit, PriceSplit.id == PricePart.split_id).where(*live)):
        found[part.kind] = found.get(part.kind, 0) + part.amount_minor
    return found


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


def _pay(product: Product, variant: Variant, wish: Wish, *, rate: PieceRate | None, now: int) -> int:
    """What she gets for a piece: as agreed, as it stands in the split that stays (`now`), as the list says, as wished."""
    if rate is not None and not (wish.again and wish.pay_percent):
        return rate.pay_minor
    said = proposed_pay(product, variant)
    if now or said:
        return now or (said.minor if said else 0)
    return _percent(variant.price_minor or 0, wish.pay_percent) if wish.pay_percent else 0


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
