"""How much time makers have, and the "made in N days" that follows from it (product.md 5.2): computed, never typed."""

from collections.abc import Iterable
from math import ceil

from sqlalchemy import ScalarSelect, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from shop.catalog.models import PieceRate, Product, ProductMaker, Variant
from shop.makers.models import Maker
from shop.work.models import WorkAssignment, WorkOrder

CHECK_DAYS = 2
"""Days for collecting and checking after the last stitch."""


def open_minutes(session: Session, *, maker_ids: Iterable[int]) -> dict[int, int]:
    """Minutes of work each maker has said yes to, or is being asked for, and not yet delivered."""
    rows = session.execute(
        select(
            WorkAssignment.maker_id,
            func.sum(
                (WorkAssignment.quantity - WorkAssignment.accepted - WorkAssignment.rejected) * WorkOrder.minutes_each
            ),
        )
        .join(WorkOrder, WorkOrder.id == WorkAssignment.work_order_id)
        .where(WorkAssignment.maker_id.in_(list(maker_ids)), WorkAssignment.state.in_(("asked", "agreed")))
        .group_by(WorkAssignment.maker_id)
    )
    return {row[0]: int(row[1] or 0) for row in rows}


def busy_minutes(maker_id: InstrumentedAttribute[int]) -> ScalarSelect[int]:
    """The same as an SQL figure of one maker, for statements about many."""
    left = WorkAssignment.quantity - WorkAssignment.accepted - WorkAssignment.rejected
    return (
        select(func.coalesce(func.sum(left * WorkOrder.minutes_each), 0))
        .select_from(WorkAssignment)
        .join(WorkOrder, WorkOrder.id == WorkAssignment.work_order_id)
        .where(WorkAssignment.maker_id == maker_id, WorkAssignment.state.in_(("asked", "agreed")))
        .correlate(Maker)
        .scalar_subquery()
    )


def days_needed(*, open_work_minutes: int, piece_minutes: int, hours_a_week: int) -> int:
    """Calendar days until one more piece is made and checked; 0 hours a week means she takes no work."""
    minutes_a_day = max(hours_a_week, 1) * 60 / 7
    return ceil((open_work_minutes + piece_minutes) / minutes_a_day) + CHECK_DAYS


def refresh_lead_days(session: Session, *, maker_ids: set[int]) -> None:
    """Compute `lead_days` anew for the made-to-order products of these makers: the soonest of its makers counts."""
    session.flush()  # the change that brought us here must be counted
    product_ids = list(
        session.scalars(
            select(ProductMaker.product_id)
            .join(Product, Product.id == ProductMaker.product_id)
            .where(ProductMaker.maker_id.in_(maker_ids), Product.made_to_order)
            .distinct()
        )
    )
    refresh_products(session, product_ids=product_ids)


def refresh_products(session: Session, *, product_ids: list[int]) -> None:
    """Compute `lead_days` of these made-to-order products from their makers' open work."""
    if not product_ids:
        return
    minutes = {
        row[0]: int(row[1])
        for row in session.execute(
            select(Variant.product_id, func.min(PieceRate.minutes))
            .join(PieceRate, PieceRate.variant_id == Variant.id)
            .where(Variant.product_id.in_(product_ids), PieceRate.live)
            .group_by(Variant.product_id)
        )
    }
    makers = session.execute(
        select(ProductMaker.product_id, Maker.id, Maker.hours_a_week)
        .join(Maker, Maker.id == ProductMaker.maker_id)
        .where(ProductMaker.product_id.in_(product_ids), Maker.left_on.is_(None), Maker.hours_a_week > 0)
    ).all()
    busy = open_minutes(session, maker_ids={row.id for row in makers})
    soonest: dict[int, int] = {}
    for product_id, maker_id, hours in makers:
        days = days_needed(
            open_work_minutes=busy.get(maker_id, 0), piece_minutes=minutes.get(product_id, 0), hours_a_week=hours
        )
        soonest[product_id] = min(days, soonest.get(product_id, days))
    for product_id, days in sorted(soonest.items()):
        session.execute(
            update(Product).where(Product.id == product_id, Product.lead_days != days).values(lead_days=days)
        )
