"""Work slips: what each maker has in hand, was asked for, or has handed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from shop.catalog.models import Piece, Product, Variant
from shop.coop.models import HourlyMinimum
from shop.db import Texts
from shop.makers.models import Maker
from shop.media.models import Picture
from shop.money import Money
from shop.orders.models import OrderGroup, OrderLine, SellerOrder
from shop.work.models import LIVE, WorkAssignment, WorkOrder, WorkReceipt
from shop.work.queries import Left


@dataclass(frozen=True, slots=True)
class SlipLine:
    """A maker's share of some work as lists show it. `left` pieces are still with her; sums are in minor units.

    `in_state` counts all slips of the same state, `due` those of them whose day has come.
    """

    id: int
    work_order_id: int
    maker_id: int
    number: str
    name: Texts
    mark: str
    title: Texts
    quantity: int
    left: int
    pay: Money
    due_on: date
    state: str
    picture: str | None
    in_state: int
    due: int


def _picture() -> Any:
    return (
        select(Picture.key)
        .join(Product, Product.cover_id == Picture.id)
        .join(Variant, Variant.product_id == Product.id)
        .where(Variant.id == WorkOrder.variant_id)
        .correlate(WorkOrder)
        .scalar_subquery()
    )


def slips(
    session: Session,
    *,
    today: date,
    broker_id: int | None = None,
    maker_id: int | None = None,
    states: Sequence[str] = ("agreed", "asked"),
    limit: int = 6,
    after: tuple[date, int] | None = None,
) -> list[SlipLine]:
    """Slips of a broker's work or of a maker, at most `limit` of each state, the soonest due first.

    `after` is (due day, id) of the last line of the page before.
    """
    which: list[ColumnElement[bool]] = [WorkAssignment.state.in_(states)]
    if broker_id is not None:
        which.append(WorkOrder.broker_id == broker_id)
    if maker_id is not None:
        which.append(WorkAssignment.maker_id == maker_id)
    state = WorkAssignment.state
    found = (
        select(
            WorkAssignment.id,
            WorkAssignment.work_order_id,
            Maker.id.label("maker_id"),
            Maker.number,
            Maker.name,
            Maker.mark,
            WorkOrder.title,
            WorkAssignment.quantity,
            (WorkAssignment.quantity - WorkAssignment.accepted - WorkAssignment.rejected).label("left"),
            WorkAssignment.pay_minor,
            WorkAssignment.currency,
            WorkAssignment.due_on,
            state.label("state"),
            _picture().label("picture"),
            func.count().over(partition_by=state).label("in_state"),
            func.sum(case((WorkAssignment.due_on <= today, 1), else_=0)).over(partition_by=state).label("due"),
        )
        .join(WorkOrder, WorkOrder.id == WorkAssignment.work_order_id)
        .join(Maker, Maker.id == WorkAssignment.maker_id)
        .where(*which)
        .subquery()
    )
    place = func.row_number().over(partition_by=found.c.state, order_by=(found.c.due_on, found.c.id)).label("place")
    numbered = select(found, place)
    if after is not None:
        later = (found.c.due_on > after[0]) | ((found.c.due_on == after[0]) & (found.c.id > after[1]))
        numbered = numbered.where(later)
    page = numbered.subquery()
    rows = session.execute(select(page).where(page.c.place <= limit).order_by(page.c.due_on, page.c.id)).all()
    return [_slip(row) for row in rows]


def _slip(row: Any) -> SlipLine:
    return SlipLine(
        row.id,
        row.work_order_id,
        row.maker_id,
        row.number,
        row.name,
        row.mark,
        row.title,
        row.quantity,
        int(row.left),
        Money(row.pay_minor, row.currency),
        row.due_on,
        row.state,
        row.picture,
        int(row.in_state),
        int(row.due),
    )


@dataclass(frozen=True, slots=True)
class OpenWork:
    """Pieces to make that are not all given out. `total` counts all such work of the broker, this one included."""

    order: WorkOrder
    left: Left
    picture: str | None
    number: str | None
    total: int


def open_work(
    session: Session, *, broker_id: int, limit: int = 4, after: tuple[date, int] | None = None
) -> list[OpenWork]:
    """Work of a broker with pieces that nobody has been asked for, the soonest due first."""
    given = (
        select(
            WorkAssignment.work_order_id,
            func.sum(WorkAssignment.quantity - WorkAssignment.rejected).label("pieces"),
            func.sum(WorkAssignment.pay_minor - WorkAssignment.lost_minor).label("minor"),
        )
        .join(WorkOrder, WorkOrder.id == WorkAssignment.work_order_id)
        .where(WorkAssignment.state.in_(LIVE), WorkOrder.broker_id == broker_id, WorkOrder.state == "open")
        .group_by(WorkAssignment.work_order_id)
        .subquery()
    )
    pieces = func.coalesce(given.c.pieces, 0)
    wanted = (
        select(
            WorkOrder,
            pieces,
            func.coalesce(given.c.minor, 0),
            _picture(),
            OrderGroup.number,
            func.count().over(),
        )
        .outerjoin(given, given.c.work_order_id == WorkOrder.id)
        .outerjoin(OrderLine, OrderLine.work_order_id == WorkOrder.id)
        .outerjoin(SellerOrder, SellerOrder.id == OrderLine.seller_order_id)
        .outerjoin(OrderGroup, OrderGroup.id == SellerOrder.group_id)
        .where(WorkOrder.broker_id == broker_id, WorkOrder.state == "open", WorkOrder.quantity > pieces)
        .order_by(WorkOrder.due_on, WorkOrder.id)
        .limit(limit)
    )
    if after is not None:
        wanted = wanted.where(
            (WorkOrder.due_on > after[0]) | ((WorkOrder.due_on == after[0]) & (WorkOrder.id > after[1]))
        )
    return [
        OpenWork(order, Left(order.quantity - int(got), order.maker_minor - int(minor)), picture, number, int(total))
        for order, got, minor, picture, number, total in session.execute(wanted)
    ]


@dataclass(frozen=True, slots=True)
class Work:
    """A work order with what belongs to its page. `seller_order_id` and `number` are empty for the shelf's work."""

    order: WorkOrder
    picture: str | None
    seller_order_id: int | None
    number: str | None
    minimum: Money | None
    minimum_since: date | None


def work(session: Session, *, work_order_id: int, today: date) -> Work:
    """One work order, its order's number, and the local minimum per hour today, in two statements."""
    order, picture, seller_order_id, number = session.execute(
        select(WorkOrder, _picture(), SellerOrder.id, OrderGroup.number)
        .outerjoin(OrderLine, OrderLine.work_order_id == WorkOrder.id)
        .outerjoin(SellerOrder, SellerOrder.id == OrderLine.seller_order_id)
        .outerjoin(OrderGroup, OrderGroup.id == SellerOrder.group_id)
        .where(WorkOrder.id == work_order_id)
    ).one()
    least = session.execute(
        select(HourlyMinimum.minor, HourlyMinimum.valid_from)
        .where(HourlyMinimum.valid_from <= today, HourlyMinimum.currency == order.currency)
        .order_by(HourlyMinimum.valid_from.desc())
        .limit(1)
    ).first()
    minimum = Money(least.minor, order.currency) if least else None
    return Work(order, picture, seller_order_id, number, minimum, least.valid_from if least else None)


@dataclass(frozen=True, slots=True)
class Asked:
    """A maker who was asked, and what she said."""

    assignment: WorkAssignment
    number: str
    name: Texts
    mark: str
    lang: str

    @property
    def pay(self) -> Money:
        """What all her pieces together pay."""
        return Money(self.assignment.pay_minor, self.assignment.currency)

    @property
    def out(self) -> int:
        """Pieces still with her."""
        return self.assignment.quantity - self.assignment.accepted - self.assignment.rejected


_ASKED = select(WorkAssignment, Maker.number, Maker.name, Maker.mark, Maker.lang).join(
    Maker, Maker.id == WorkAssignment.maker_id
)


def asked(session: Session, *, work_order_id: int) -> list[Asked]:
    """Everybody who was asked for this work, in the order of asking; at most two hundred."""
    rows = session.execute(
        _ASKED.where(WorkAssignment.work_order_id == work_order_id).order_by(WorkAssignment.id).limit(200)
    )
    return [Asked(*row) for row in rows]


def slip(session: Session, *, assignment_id: int) -> Asked:
    """One maker's slip."""
    return Asked(*session.execute(_ASKED.where(WorkAssignment.id == assignment_id)).one())


@dataclass(frozen=True, slots=True)
class Received:
    """What came in of a slip and how it was judged; `pieces` are the numbers of those accepted."""

    receipt: WorkReceipt
    pieces: tuple[str, ...]

    @property
    def pay(self) -> Money:
        """What became hers with it."""
        return Money(self.receipt.pay_minor, self.receipt.currency)


def received(session: Session, *, assignment_id: int) -> list[Received]:
    """All receipts of a slip, the newest first, with the numbers of their pieces."""
    receipts = session.scalars(
        select(WorkReceipt).where(WorkReceipt.assignment_id == assignment_id).order_by(WorkReceipt.id.desc()).limit(50)
    ).all()
    numbers: dict[str, list[str]] = {}
    for key, number in session.execute(
        select(Piece.receipt_key, Piece.number)
        .where(Piece.receipt_key.in_([f"receipt:{each.id}" for each in receipts]))
        .order_by(Piece.id)
    ):
        numbers.setdefault(key, []).append(number)
    return [Received(each, tuple(numbers.get(f"receipt:{each.id}", ()))) for each in receipts]


def receipt_of(session: Session, *, receipt_id: int) -> Received:
    """One receipt with the numbers of its pieces."""
    found = session.scalars(select(WorkReceipt).where(WorkReceipt.id == receipt_id)).one()
    numbers = session.scalars(
        select(Piece.number).where(Piece.receipt_key == f"receipt:{receipt_id}").order_by(Piece.id)
    )
    return Received(found, tuple(numbers))
