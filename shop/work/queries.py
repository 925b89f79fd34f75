"""Reading work: what is open, and who could do it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop import clock
from shop.brokers.models import Mandate
from shop.catalog.models import Product, ProductMaker, Variant
from shop.db import Texts
from shop.makers.models import Maker, Skill
from shop.money import share
from shop.work.capacity import busy_minutes
from shop.work.models import LIVE, WorkAssignment, WorkOrder


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal for one maker: how many pieces, what it pays her, and why she."""

    maker_id: int
    number: str
    name: Texts
    mark: str
    quantity: int
    pay_minor: int
    free_hours: int
    skill: int
    last_received: date | None


@dataclass(frozen=True, slots=True)
class Left:
    """Pieces that nobody has been asked for, and the pay that stands behind them, in minor units."""

    pieces: int
    minor: int


def left_of(session: Session, *, work_order: WorkOrder) -> Left:
    """What of a work order is still to be given out."""
    pieces, minor = session.execute(
        select(
            func.coalesce(func.sum(WorkAssignment.quantity - WorkAssignment.rejected), 0),
            func.coalesce(func.sum(WorkAssignment.pay_minor - WorkAssignment.lost_minor), 0),
        ).where(WorkAssignment.work_order_id == work_order.id, WorkAssignment.state.in_(LIVE))
    ).one()
    return Left(work_order.quantity - int(pieces), work_order.maker_minor - int(minor))


def unassigned(session: Session, *, work_order: WorkOrder) -> int:
    """Pieces that nobody has been asked for."""
    return left_of(session, work_order=work_order).pieces


def proposal(session: Session, *, work_order: WorkOrder, left: Left | None = None) -> list[Proposed]:
    """The pieces still to be given out (`left`, where it is known), by skill, free capacity and who waited longest.

    Makers who just said no to this very order are not asked again; a no counts nowhere else. What exceeds everybody's
    free time goes to whoever has most of it, so that the pieces always sum to what is left.
    """
    left = left_of(session, work_order=work_order) if left is None else left
    able = _able_makers(session, work_order) if left.pieces > 0 else []
    if not able:
        return []
    minutes = max(work_order.minutes_each, 1)
    weeks = max((work_order.due_on - clock.today()).days, 1) / 7
    free = {row.id: max(int(row.hours_a_week * 60 * weeks) - int(row.busy), 0) for row in able}
    last = {row.id: clock.day_of(row.last) for row in able if row.last is not None}
    ranked = sorted(able, key=lambda row: (last.get(row.id) or date.min, -free[row.id], -(row.level or 0), row.id))
    given = dict.fromkeys((row.id for row in ranked), 0)
    fair = share(left.pieces, [1 + (row.level or 0) for row in ranked])
    rest = 0
    for row, wish in zip(ranked, fair, strict=True):
        given[row.id] = min(wish, free[row.id] // minutes)
        rest += wish - given[row.id]
    for row in sorted(ranked, key=lambda row: given[row.id] * minutes - free[row.id]):
        more = min(rest, max(free[row.id] // minutes - given[row.id], 0))
        given[row.id] += more
        rest -= more
    if rest:
        given[max(ranked, key=lambda row: free[row.id]).id] += rest
    # the very sums that `assign` will write on the slips
    pays = share(left.minor, [given[row.id] for row in ranked])
    return [
        Proposed(
            row.id,
            row.number,
            row.name,
            row.mark,
            given[row.id],
            pay,
            free[row.id] // 60,
            row.level or 0,
            last.get(row.id),
        )
        for row, pay in zip(ranked, pays, strict=True)
    ]


def _able_makers(session: Session, work_order: WorkOrder) -> Sequence[Any]:
    said_no = select(WorkAssignment.maker_id).where(
        WorkAssignment.work_order_id == work_order.id, WorkAssignment.state == "refused"
    )
    last = (
        select(func.max(WorkAssignment.created_at))
        .where(WorkAssignment.maker_id == Maker.id, WorkAssignment.state.in_(LIVE))
        .correlate(Maker)
        .scalar_subquery()
    )
    return session.execute(
        select(
            Maker.id,
            Maker.number,
            Maker.name,
            Maker.mark,
            Maker.hours_a_week,
            func.max(Skill.level).label("level"),
            busy_minutes(Maker.id).label("busy"),
            last.label("last"),
        )
        .join(ProductMaker, ProductMaker.maker_id == Maker.id)
        .join(Variant, Variant.product_id == ProductMaker.product_id)
        .join(Product, Product.id == Variant.product_id)
        .join(Mandate, (Mandate.maker_id == Maker.id) & Mandate.live & Mandate.may_accept_work)
        .outerjoin(Skill, (Skill.maker_id == Maker.id) & Skill.craft_id.in_([Product.craft_id, Product.technique_id]))
        .where(
            Variant.id == work_order.variant_id,
            Mandate.broker_id == work_order.broker_id,
            Maker.left_on.is_(None),
            Maker.id.not_in(said_no),
        )
        .group_by(Maker.id, Maker.number, Maker.hours_a_week, Maker.mark)
    ).all()
