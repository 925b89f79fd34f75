"""From an order or a slip to the payouts that paid its people, and from a payout to the orders its pieces went to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, String, cast, func, literal, select, union_all
from sqlalchemy.orm import Session

from shop.catalog.models import Piece
from shop.db import Texts
from shop.ledger.models import Earning
from shop.money import Money
from shop.orders.models import LinePiece, OrderGroup, OrderLine, SellerOrder, Shipment
from shop.payouts.models import Payout, PayoutItem
from shop.work.models import WorkAssignment, WorkReceipt

PAGE = 50
MOST_ORDERS = 200


@dataclass(frozen=True, slots=True)
class PaidBy:
    """A payout that claims an earning, or a part of it."""

    payout_id: int
    reference: str
    state: str
    amount: Money


def paid_by(session: Session, *, sources: Sequence[str]) -> dict[str, list[PaidBy]]:
    """The live payouts of these earnings ("receipt:41"), by source; one statement."""
    found: dict[str, list[PaidBy]] = {}
    rows = session.execute(
        select(Earning.source, Payout.id, Payout.reference, Payout.state, PayoutItem.amount_minor, Payout.currency)
        .join(PayoutItem, (PayoutItem.earning_id == Earning.id) & PayoutItem.live)
        .join(Payout, Payout.id == PayoutItem.payout_id)
        .where(Earning.source.in_(list(sources)))
        .order_by(Payout.id)
    )
    for row in rows:
        paid = PaidBy(row.id, row.reference, row.state, Money(row.amount_minor, row.currency))
        found.setdefault(row.source, []).append(paid)
    return found


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody earned by an order: by which line (None: by a parcel), how much of it by this order, paid by which
    payouts. `pieces` from the shelf were paid with all others of their receipt; `hers` is what they were in it.
    """

    earning_id: int
    source: str
    payee: str
    line_id: int | None
    title: Texts
    pieces: int
    hers: Money
    earned_at: datetime
    assignment_id: int | None
    payouts: tuple[PaidBy, ...]


def trail(
    session: Session, *, order_id: int, line_id: int | None = None, after: int = 0, limit: int = PAGE + 1
) -> list[Step]:
    """Who earned by an order, or by one of its lines, in the order of their earnings; at most three statements."""
    lines = (
        select(OrderLine.id, OrderLine.title, OrderLine.work_order_id, OrderLine.source)
        .join(SellerOrder, SellerOrder.id == OrderLine.seller_order_id)
        .where(SellerOrder.group_id == order_id, *([OrderLine.id == line_id] if line_id is not None else []))
        .subquery()
    )
    made = (
        select(
            (literal("receipt:") + cast(WorkReceipt.id, String)).label("source"),
            cast(lines.c.id, BigInteger).label("line_id"),
            cast(WorkReceipt.accepted, BigInteger).label("pieces"),
            cast(WorkReceipt.pay_minor, BigInteger).label("minor"),
        )
        .select_from(lines)
        .join(WorkAssignment, WorkAssignment.work_order_id == lines.c.work_order_id)
        .join(WorkReceipt, WorkReceipt.assignment_id == WorkAssignment.id)
    )
    shelf = (
        select(
            Piece.receipt_key,
            cast(lines.c.id, BigInteger),
            cast(func.count(Piece.id), BigInteger),
            cast(func.sum(Piece.maker_minor), BigInteger),
        )
        .select_from(lines)
        .join(LinePiece, LinePiece.line_id == lines.c.id)
        .join(Piece, Piece.id == LinePiece.piece_id)
        .where(lines.c.source == "shelf")
        .group_by(Piece.receipt_key, lines.c.id)
    )
    found = union_all(made, shelf).subquery()
    query = (
        select(Earning, found.c.line_id, found.c.pieces, found.c.minor, lines.c.title)
        .join(found, found.c.source == Earning.source)
        .join(lines, lines.c.id == found.c.line_id)
        .where(Earning.id > after)
        .order_by(Earning.id, found.c.line_id)
        .limit(limit)
    )
    rows = [(row[0], row.line_id, row.title, row.pieces, row.minor) for row in session.execute(query)]
    if line_id is None:
        rows = sorted([*rows, *_parcels(session, order_id, after, limit)], key=lambda row: row[0].id)[:limit]
    paid = paid_by(session, sources=[row[0].source for row in rows])
    slips = _slips(session, [row[0].source for row in rows])
    return [
        Step(
            earning.id,
            earning.source,
            earning.owner,
            of_line,
            title,
            int(pieces),
            Money(int(minor), earning.currency),
            earning.available_at,
            slips.get(earning.source),
            tuple(paid.get(earning.source, ())),
        )
        for earning, of_line, title, pieces, minor in rows
    ]


Found = tuple[Earning, int | None, Texts, int, int]


def _parcels(session: Session, order_id: int, after: int, limit: int) -> list[Found]:
    """What brokers and workshops earned by the order's parcels."""
    ids = session.scalars(
        select(Shipment.id)
        .join(SellerOrder, SellerOrder.id == Shipment.seller_order_id)
        .where(SellerOrder.group_id == order_id)
    ).all()
    rows: list[Found] = []
    for shipment_id in ids:
        # a range of the unique index: LIKE would read all of it
        earnings = session.scalars(
            select(Earning)
            .where(Earning.source >= f"release:{shipment_id}:", Earning.source < f"release:{shipment_id};")
            .where(Earning.id > after)
            .order_by(Earning.id)
            .limit(limit)
        )
        rows += [(earning, None, {}, 0, earning.amount_minor) for earning in earnings]
    return rows


def _slips(session: Session, sources: Sequence[str]) -> dict[str, int]:
    ids = [int(source.removeprefix("receipt:")) for source in sources if source.startswith("receipt:")]
    rows = session.execute(select(WorkReceipt.id, WorkReceipt.assignment_id).where(WorkReceipt.id.in_(ids)))
    return {f"receipt:{row.id}": row.assignment_id for row in rows}


@dataclass(frozen=True, slots=True)
class Bought:
    """An order that took pieces which a payout had paid for."""

    order_id: int
    number: str
    pieces: int


def bought(session: Session, *, sources: Sequence[str]) -> dict[str, list[Bought]]:
    """Which orders took the pieces of these receipts, by source; at most MOST_ORDERS of all of them together."""
    keys = [source for source in sources if source.startswith("receipt:")]
    if not keys:
        return {}
    rows = session.execute(
        select(Piece.receipt_key, OrderGroup.id, OrderGroup.number, func.count(Piece.id).label("pieces"))
        .join(LinePiece, LinePiece.piece_id == Piece.id)
        .join(OrderLine, OrderLine.id == LinePiece.line_id)
        .join(SellerOrder, SellerOrder.id == OrderLine.seller_order_id)
        .join(OrderGroup, OrderGroup.id == SellerOrder.group_id)
        .where(Piece.receipt_key.in_(keys))
        .group_by(Piece.receipt_key, OrderGroup.id, OrderGroup.number)
        .order_by(Piece.receipt_key, OrderGroup.id)
        .limit(MOST_ORDERS)
    )
    found: dict[str, list[Bought]] = {}
    for row in rows:
        found.setdefault(row.receipt_key, []).append(Bought(row.id, row.number, row.pieces))
    return found
