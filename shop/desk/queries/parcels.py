"""Parcels: a workshop's part of an order, what belongs in it, where it goes, and what happened to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from shop.catalog.models import Piece, Product, Variant
from shop.db import Texts
from shop.makers.models import Maker
from shop.media.models import Picture
from shop.orders.models import LinePiece, OrderEvent, OrderGroup, OrderLine, SellerOrder, Shipment
from shop.work.models import WorkAssignment, WorkOrder

OPEN = ("to_assign", "making", "ready")


@dataclass(frozen=True, slots=True)
class ParcelLine:
    """A parcel as lists show it. `total` counts all that the list was cut from."""

    id: int
    number: str
    state: str
    city: str
    country: str
    ship_by: date
    pieces: int
    total: int


def parcels(
    session: Session,
    *,
    broker_id: int,
    states: Sequence[str],
    limit: int = 4,
    before: int | None = None,
    after: tuple[date, int] | None = None,
) -> list[ParcelLine]:
    """Parts of paid orders that a broker looks after, in these states; the ones to be sent soonest first.

    `after` is (day, id) of the last line of the page before. With `before` the list is by age, older than that id.
    """
    pieces = (
        select(func.coalesce(func.sum(OrderLine.quantity), 0))
        .where(OrderLine.seller_order_id == SellerOrder.id, ~OrderLine.cancelled)
        .correlate(SellerOrder)
        .scalar_subquery()
    )
    wanted = (
        select(
            SellerOrder.id,
            OrderGroup.number,
            SellerOrder.state,
            OrderGroup.city,
            OrderGroup.country,
            SellerOrder.ship_by,
            pieces.label("pieces"),
            func.count().over().label("total"),
        )
        .join(OrderGroup, OrderGroup.id == SellerOrder.group_id)
        .where(SellerOrder.broker_id == broker_id, SellerOrder.state.in_(states), OrderGroup.paid_at.is_not(None))
        .limit(limit)
    )
    if before is None:
        wanted = wanted.order_by(SellerOrder.ship_by, SellerOrder.id)
        if after is not None:
            wanted = wanted.where(
                (SellerOrder.ship_by > after[0]) | ((SellerOrder.ship_by == after[0]) & (SellerOrder.id > after[1]))
            )
    else:
        wanted = wanted.where(SellerOrder.id < before).order_by(SellerOrder.id.desc())
    return [
        ParcelLine(row.id, row.number, row.state, row.city, row.country, row.ship_by, int(row.pieces), int(row.total))
        for row in session.execute(wanted)
    ]


def parcel_counts(session: Session, *, broker_id: int) -> dict[str, int]:
    """How many parcels of a broker are in each state."""
    rows = session.execute(
        select(SellerOrder.state, func.count(SellerOrder.id))
        .join(OrderGroup, OrderGroup.id == SellerOrder.group_id)
        .where(SellerOrder.broker_id == broker_id, OrderGroup.paid_at.is_not(None))
        .group_by(SellerOrder.state)
    )
    return {state: int(count) for state, count in rows}


@dataclass(frozen=True, slots=True)
class LineOf:
    """A line of a parcel: what, how many, which numbered pieces, and whether somebody has begun to make it."""

    line: OrderLine
    picture: str | None
    pieces: tuple[str, ...]
    agreed: int
    accepted: int

    @property
    def may_be_cancelled(self) -> bool:
        """Until a maker has said yes; a piece from the shelf until it leaves (money.md 2)."""
        return not self.line.cancelled and (self.line.source == "shelf" or not self.agreed)


@dataclass(frozen=True, slots=True)
class Parcel:
    """One parcel with everything that its page shows."""

    seller: SellerOrder
    group: OrderGroup
    shipment: Shipment | None
    lines: tuple[LineOf, ...]
    events: tuple[OrderEvent, ...]
    makers: dict[int, Texts]


def parcel(session: Session, *, seller_order_id: int) -> Parcel:
    """A parcel, its lines with their pieces, and its history, in five statements."""
    seller, group, shipment = session.execute(
        select(SellerOrder, OrderGroup, Shipment)
        .join(OrderGroup, OrderGroup.id == SellerOrder.group_id)
        .outerjoin(Shipment, Shipment.seller_order_id == SellerOrder.id)
        .where(SellerOrder.id == seller_order_id)
    ).one()
    events = session.scalars(
        select(OrderEvent)
        .where(
            OrderEvent.group_id == group.id,
            (OrderEvent.seller_order_id == seller.id) | OrderEvent.seller_order_id.is_(None),
        )
        .order_by(OrderEvent.id)
        .limit(200)
    ).all()
    maker_ids = {
        int(event.on_behalf_of.partition(":")[2])
        for event in events
        if event.on_behalf_of and event.on_behalf_of.startswith("maker:")
    }
    named = session.execute(select(Maker.id, Maker.name).where(Maker.id.in_(maker_ids)))
    makers: dict[int, Texts] = {row.id: row.name for row in named}
    return Parcel(seller, group, shipment, _lines(session, seller.id), tuple(events), makers)


def _lines(session: Session, seller_order_id: int) -> tuple[LineOf, ...]:
    begun = (
        select(
            WorkAssignment.work_order_id,
            func.sum(case((WorkAssignment.state.in_(("agreed", "done")), WorkAssignment.quantity), else_=0)).label(
                "agreed"
            ),
            func.sum(WorkAssignment.accepted).label("accepted"),
        )
        .join(WorkOrder, WorkOrder.id == WorkAssignment.work_order_id)
        .join(OrderLine, OrderLine.work_order_id == WorkOrder.id)
        .where(OrderLine.seller_order_id == seller_order_id)
        .group_by(WorkAssignment.work_order_id)
        .subquery()
    )
    rows: Sequence[Any] = session.execute(
        select(OrderLine, Picture.key, func.coalesce(begun.c.agreed, 0), func.coalesce(begun.c.accepted, 0))
        .join(Variant, Variant.id == OrderLine.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .outerjoin(Picture, Picture.id == Product.cover_id)
        .outerjoin(begun, begun.c.work_order_id == OrderLine.work_order_id)
        .where(OrderLine.seller_order_id == seller_order_id)
        .order_by(OrderLine.id)
    ).all()
    numbers: dict[int, list[str]] = {}
    for line_id, number in session.execute(
        select(LinePiece.line_id, Piece.number)
        .join(Piece, Piece.id == LinePiece.piece_id)
        .where(LinePiece.line_id.in_([row[0].id for row in rows]))
        .order_by(Piece.id)
    ):
        numbers.setdefault(line_id, []).append(number)
    return tuple(
        LineOf(line, key, tuple(numbers.get(line.id, ())), int(agreed), int(accepted))
        for line, key, agreed, accepted in rows
    )
