"""Prices, how they are shared, and piece rates (money.md 1)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.catalog.errors import BelowMinimum, MakerBelowRate, UnbalancedSplit
from shop.catalog.models import PART_KINDS, PieceRate, PricePart, PriceSplit, Product, Variant
from shop.coop.models import HourlyMinimum
from shop.errors import BadInput, NotFound
from shop.money import per_hour


@dataclass(frozen=True, slots=True)
class Part:
    """One share of a price, per unit. `payee` is an owner key ("broker:2") where the kind alone does not say it."""

    kind: str
    amount_minor: int
    payee: str = ""


def set_price(
    session: Session,
    *,
    variant_id: int,
    price_minor: int,
    parts: Sequence[Part],
    by: Actor,
    kind: str = "retail",
    min_quantity: int = 1,
    lead_days: int | None = None,
) -> PriceSplit:
    """Give a variant a price and its split, from now on; the price before stays in the books of sold lines.

    Raises UnbalancedSplit with the difference, MakerBelowRate where her part is less than her agreed rate, BadInput
    for a price or part that cannot be.
    """
    variant = session.get(Variant, variant_id)
    if variant is None:
        raise NotFound(what="variant")
    if not 0 < price_minor < 10**13 or min_quantity < 1:
        raise BadInput(field="price")
    if any(part.kind not in PART_KINDS or part.amount_minor < 0 for part in parts):
        raise BadInput(field="parts")
    difference = price_minor - sum(part.amount_minor for part in parts)
    if difference:
        raise UnbalancedSplit(difference_minor=difference, currency=variant.currency)
    if any(part.kind == "broker" and not part.payee.startswith("broker:") for part in parts):
        raise BadInput(field="parts")
    her = sum(part.amount_minor for part in parts if part.kind == "maker")
    rate = session.scalar(select(PieceRate).where(PieceRate.variant_id == variant_id, PieceRate.live))
    if her <= 0 or (rate and her < rate.pay_minor):
        raise MakerBelowRate(part_minor=her, rate_minor=rate.pay_minor if rate else 1, currency=variant.currency)
    session.execute(
        update(PriceSplit)
        .where(
            PriceSplit.variant_id == variant_id,
            PriceSplit.kind == kind,
            PriceSplit.min_quantity == min_quantity,
            PriceSplit.live,
        )
        .values(live=False)
    )
    split = PriceSplit(
        variant_id=variant_id,
        kind=kind,
        min_quantity=min_quantity,
        lead_days=lead_days,
        price_minor=price_minor,
        currency=variant.currency,
        valid_from=clock.now(),
        set_by=by.key,
    )
    session.add(split)
    session.flush()  # the parts need its id
    session.add_all(
        PricePart(split_id=split.id, position=place, kind=part.kind, payee=part.payee, amount_minor=part.amount_minor)
        for place, part in enumerate(parts)
    )
    if kind == "retail":
        variant.price_minor = price_minor
        _touch(session, variant.product_id)
    return split


def end_price(session: Session, *, variant_id: int, kind: str, min_quantity: int) -> None:
    """Offer a variant at this price no more; it stays in the books, not live. The retail price only ends by another.

    Raises BadInput for the retail price, NotFound for one that is not in force.
    """
    if kind == "retail":
        raise BadInput(field="price")
    ended = session.scalar(
        update(PriceSplit)
        .where(
            PriceSplit.variant_id == variant_id,
            PriceSplit.kind == kind,
            PriceSplit.min_quantity == min_quantity,
            PriceSplit.live,
        )
        .values(live=False)
        .returning(PriceSplit.id)
    )
    if ended is None:
        raise NotFound(what="price")


def set_piece_rate(
    session: Session, *, variant_id: int, pay_minor: int, minutes: int, by: Actor, reason: str = ""
) -> PieceRate:
    """Agree pay and minutes for one accepted piece, from today on.

    Raises BelowMinimum where the pay per hour is under the local minimum, unless an officer or administrator gives a
    reason; MakerBelowRate where a live price pays her less than that.
    """
    variant = session.get(Variant, variant_id)
    if variant is None:
        raise NotFound(what="variant")
    if not 0 < pay_minor < 10**13 or not 0 < minutes < 100_000:
        raise BadInput(field="pay" if pay_minor <= 0 else "minutes")
    minimum = hourly_minimum(session, variant.currency)
    hourly = per_hour(pay_minor, minutes)
    may_explain = by.role in {"officer", "admin", "system"}
    if minimum is not None and hourly < minimum and not (reason and may_explain):
        raise BelowMinimum(per_hour_minor=hourly, minimum_minor=minimum, currency=variant.currency)
    paid = session.scalar(
        select(PricePart.amount_minor)
        .join(PriceSplit, PriceSplit.id == PricePart.split_id)
        .where(PriceSplit.variant_id == variant_id, PriceSplit.live, PricePart.kind == "maker")
        .order_by(PricePart.amount_minor)
        .limit(1)
    )
    if paid is not None and paid < pay_minor:
        raise MakerBelowRate(part_minor=paid, rate_minor=pay_minor, currency=variant.currency)
    session.execute(update(PieceRate).where(PieceRate.variant_id == variant_id, PieceRate.live).values(live=False))
    rate = PieceRate(
        variant_id=variant_id,
        pay_minor=pay_minor,
        currency=variant.currency,
        minutes=minutes,
        valid_from=clock.today(),
        below_minimum_reason=reason if minimum is not None and hourly < minimum else "",
        set_by=by.key,
    )
    session.add(rate)
    session.flush()  # later steps of the same unit of work read the live rate
    return rate


def hourly_minimum(session: Session, currency: str) -> int | None:
    """The local minimum per hour today, in minor units; None where the co-op recorded none."""
    return session.scalar(
        select(HourlyMinimum.minor)
        .where(HourlyMinimum.valid_from <= clock.today(), HourlyMinimum.currency == currency)
        .order_by(HourlyMinimum.valid_from.desc())
        .limit(1)
    )


def _touch(session: Session, product_id: int) -> None:
    session.execute(update(Product).where(Product.id == product_id).values(version=Product.version + 1))
