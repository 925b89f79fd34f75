"""Orders as the co-op reads them: the list, one order whole, what giving a line back would cost, and work slips."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.catalog.models import Piece
from shop.db import Texts
from shop.makers.models import Maker
from shop.money import Money
from shop.orders.models import (
    Fault,
    LinePiece,
    OrderGroup,
    OrderLine,
    Refund,
    RefundPart,
    SellerOrder,
    Shipment,
    SplitPart,
)
from shop.orders.services.undoing import Case, left_minor, pieces_back, seen_as, standing
from shop.work.models import SAID_YES, WorkAssignment, WorkOrder, WorkReceipt
from shop.workshops.models import Workshop

PAGE = 50


@dataclass(frozen=True, slots=True)
class OrderRow:
    """A line of the list."""

    id: int
    number: str
    state: str
    name: str
    country: str
    total: Money
    placed_at: datetime
    parts: tuple[str, ...]


def orders(
    session: Session, *, state: str = "", words: str = "", before: int | None = None, limit: int = PAGE + 1
) -> list[OrderRow]:
    """Orders, the newest first; `words` is the beginning of a number, a name or an e-mail. Two statements."""
    query = select(OrderGroup).order_by(OrderGroup.id.desc()).limit(limit)
    if state:
        query = query.where(OrderGroup.state == state)
    if before is not None:
        query = query.where(OrderGroup.id < before)
    if words:
        start = words.replace("^", "^^").replace("%", "^%").replace("_", "^_")
        query = query.where(
            OrderGroup.number.ilike(f"{start}%", escape="^")
            | OrderGroup.email.ilike(f"{start}%", escape="^")
            | OrderGroup.name.ilike(f"%{start}%", escape="^")
        )
    groups = session.scalars(query).all()
    states: dict[int, list[str]] = {}
    for group_id, part in session.execute(
        select(SellerOrder.group_id, SellerOrder.state)
        .where(SellerOrder.group_id.in_([row.id for row in groups]))
        .order_by(SellerOrder.id)
    ):
        states.setdefault(group_id, []).append(part)
    return [
        OrderRow(
            row.id,
            row.number,
            row.state,
            row.name,
            row.country,
            Money(row.total_minor, row.currency),
            row.placed_at,
            tuple(states.get(row.id, ())),
        )
        for row in groups
    ]


@dataclass(frozen=True, slots=True)
class LineWhole:
    """A line of an order with its frozen parts (kind, payee, minor), its numbered pieces, its slips and what was given back."""

    line: OrderLine
    parts: tuple[tuple[str, str, int], ...]
    pieces: tuple[str, ...]
    slips: tuple[tuple[int, Texts, int, str], ...]
    refunds: tuple[Refund, ...]

    @property
    def amount(self) -> Money:
        return Money(self.line.amount_minor, self.line.currency)


@dataclass(frozen=True, slots=True)
class PartWhole:
    """A workshop's part of an order."""

    seller: SellerOrder
    workshop: Texts
    shipment: Shipment | None
    lines: tuple[LineWhole, ...]


def order_whole(session: Session, *, order_id: int) -> list[PartWhole]:
    """All parts of an order with their lines; seven statements whatever its size."""
    sellers = session.scalars(
        select(SellerOrder).where(SellerOrder.group_id == order_id).order_by(SellerOrder.id)
    ).all()
    ids = [row.id for row in sellers]
    workshops: dict[int, Texts] = {
        row.id: row.name
        for row in session.execute(
            select(Workshop.id, Workshop.name).where(Workshop.id.in_([row.workshop_id for row in sellers]))
        )
    }
    shipments = {
        row.seller_order_id: row for row in session.scalars(select(Shipment).where(Shipment.seller_order_id.in_(ids)))
    }
    lines = session.scalars(select(OrderLine).where(OrderLine.seller_order_id.in_(ids)).order_by(OrderLine.id)).all()
    whole = _wholes(session, lines)
    return [
        PartWhole(
            seller,
            workshops.get(seller.workshop_id, {}),
            shipments.get(seller.id),
            tuple(whole[line.id] for line in lines if line.seller_order_id == seller.id),
        )
        for seller in sellers
    ]


def _wholes(session: Session, lines: Sequence[OrderLine]) -> dict[int, LineWhole]:
    ids = [line.id for line in lines]
    parts: dict[int, list[tuple[str, str, int]]] = {}
    for part in session.scalars(
        select(SplitPart).where(SplitPart.line_id.in_(ids)).order_by(SplitPart.line_id, SplitPart.position)
    ):
        parts.setdefault(part.line_id or 0, []).append(
            (part.kind, part.payee or "", part.paid_minor + part.given_minor)
        )
    pieces: dict[int, list[str]] = {}
    for line_id, number in session.execute(
        select(LinePiece.line_id, Piece.number)
        .join(Piece, Piece.id == LinePiece.piece_id)
        .where(LinePiece.line_id.in_(ids))
        .order_by(Piece.id)
    ):
        pieces.setdefault(line_id, []).append(number)
    slips: dict[int, list[tuple[int, Texts, int, str]]] = {}
    for row in session.execute(
        select(OrderLine.id, WorkAssignment.id, Maker.name, WorkAssignment.quantity, WorkAssignment.state)
        .join(WorkAssignment, WorkAssignment.work_order_id == OrderLine.work_order_id)
        .join(Maker, Maker.id == WorkAssignment.maker_id)
        .where(OrderLine.id.in_(ids))
        .order_by(WorkAssignment.id)
    ):
        slips.setdefault(row[0], []).append((row[1], row[2], row[3], row[4]))
    refunds: dict[int, list[Refund]] = {}
    for refund in session.scalars(select(Refund).where(Refund.line_id.in_(ids)).order_by(Refund.id)):
        refunds.setdefault(refund.line_id or 0, []).append(refund)
    return {
        line.id: LineWhole(
            line,
            tuple(parts.get(line.id, ())),
            tuple(pieces.get(line.id, ())),
            tuple(slips.get(line.id, ())),
            tuple(refunds.get(line.id, ())),
        )
        for line in lines
    }


@dataclass(frozen=True, slots=True)
class GivenBack:
    """Pieces of a line about to be given back, or a sum of it (`pieces` 0): what the buyer gets, post included where
    they are the last of their parcel; what the co-op's voucher gave of it, and so gets back itself.

    `most_minor` is what is left of the line, `seen` how it stands, `numbers` its numbered pieces by id; `begun`: a
    maker has said yes to some of it.
    """

    line: OrderLine
    seller: SellerOrder
    order: OrderGroup
    amount: Money
    pieces: int
    with_post: bool
    maker_minor: int
    given: Money
    most: Money
    seen: str
    numbers: dict[int, str]
    begun: bool


def given_back(session: Session, *, line_id: int, quantity: int = 0) -> GivenBack:
    """What giving back so many pieces would mean now: all that are left, where the number makes no sense. NotFound."""
    found = standing(session, line_id=line_id)
    line, currency = found.line, found.group.currency
    if line.left:
        case = pieces_back(session, found, quantity=quantity if 0 < quantity <= line.left else None)
    else:
        case = Case(found.group, found.seller, line, 0, last=False, backs=())
    numbers = session.execute(
        select(Piece.id, Piece.number)
        .join(LinePiece, LinePiece.piece_id == Piece.id)
        .where(LinePiece.line_id == line_id)
        .order_by(Piece.id)
    ).all()
    said_yes = select(WorkAssignment.id).where(
        WorkAssignment.work_order_id == line.work_order_id, WorkAssignment.state.in_(SAID_YES)
    )
    most = left_minor(session, line_id)
    return GivenBack(
        line,
        found.seller,
        found.group,
        Money(case.amount_minor, currency),
        case.pieces,
        any(back.part.kind == "shipping" for back in case.backs),
        sum(back.whole_minor for back in case.backs if back.part.kind == "maker"),
        Money(case.given_minor, currency),
        Money(most, currency),
        seen_as(line, most),
        {row.id: row.number for row in numbers},
        line.work_order_id is not None and session.scalar(said_yes.limit(1)) is not None,
    )


def faults_of(session: Session, *, order_id: int) -> list[Fault]:
    """Faults of an order's lines, the oldest first."""
    return list(
        session.scalars(
            select(Fault)
            .join(OrderLine, OrderLine.id == Fault.line_id)
            .join(SellerOrder, SellerOrder.id == OrderLine.seller_order_id)
            .where(SellerOrder.group_id == order_id)
            .order_by(Fault.id)
        )
    )


def lines_left(session: Session, *, refund_id: int) -> list[OrderLine]:
    """Lines of a refund's order of which something is left."""
    return list(
        session.scalars(
            select(OrderLine)
            .join(SellerOrder, SellerOrder.id == OrderLine.seller_order_id)
            .join(Refund, Refund.group_id == SellerOrder.group_id)
            .where(Refund.id == refund_id, ~OrderLine.cancelled)
            .order_by(OrderLine.id)
        )
    )


def given_of(session: Session, *, refund_id: int) -> int:
    """Minor units that a refund undid of what the co-op's voucher had given."""
    given = session.scalar(select(func.sum(RefundPart.given_minor)).where(RefundPart.refund_id == refund_id))
    return int(given or 0)


@dataclass(frozen=True, slots=True)
class Slip:
    """A work slip whole: whose, for what, and what came in."""

    assignment: WorkAssignment
    work: WorkOrder
    maker: Maker
    order: OrderGroup | None
    receipts: tuple[WorkReceipt, ...]


def slip(session: Session, *, assignment_id: int) -> Slip | None:
    """A work slip; None where there is none."""
    row = session.execute(
        select(WorkAssignment, WorkOrder, Maker, OrderGroup)
        .join(WorkOrder, WorkOrder.id == WorkAssignment.work_order_id)
        .join(Maker, Maker.id == WorkAssignment.maker_id)
        .outerjoin(OrderLine, OrderLine.work_order_id == WorkOrder.id)
        .outerjoin(SellerOrder, SellerOrder.id == OrderLine.seller_order_id)
        .outerjoin(OrderGroup, OrderGroup.id == SellerOrder.group_id)
        .where(WorkAssignment.id == assignment_id)
    ).one_or_none()
    if row is None:
        return None
    receipts = session.scalars(
        select(WorkReceipt).where(WorkReceipt.assignment_id == assignment_id).order_by(WorkReceipt.id)
    ).all()
    return Slip(row[0], row[1], row[2], row[3], tuple(receipts))


def slip_of_receipt(session: Session, *, receipt_id: int) -> int | None:
    """The slip that a receipt belongs to."""
    return session.scalar(select(WorkReceipt.assignment_id).where(WorkReceipt.id == receipt_id))
