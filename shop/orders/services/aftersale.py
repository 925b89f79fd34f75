"""Cancelling and returning whole lines: who bears it follows from the reason (money.md 2)."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.catalog import services as catalog
from shop.catalog.models import Piece
from shop.coop.models import Coop
from shop.db import locked
from shop.errors import NotFound
from shop.ledger.chart import Name, account
from shop.ledger.services import Draft, Move, post
from shop.orders.errors import NotRefundable, WorkBegun
from shop.orders.history import note
from shop.orders.mails import owe_order_mail
from shop.orders.models import LinePiece, OrderGroup, OrderLine, Refund, RefundPart, SellerOrder, Shipment, SplitPart
from shop.orders.services.refunds import send
from shop.orders.services.routing import refresh_state
from shop.orders.services.settling import part_account
from shop.work.models import WorkAssignment, WorkOrder

POST_BACK_DAYS = 30
"""A parcel announced within the window may be on its way back for so long."""


@dataclass(frozen=True, slots=True)
class _Case:
    group: OrderGroup
    seller: SellerOrder
    line: OrderLine
    parts: list[SplitPart]


def cancel_line(session: Session, *, line_id: int, by: Actor) -> Refund:
    """Undo a line before dispatch: a shelf piece goes back, work nobody has said yes to is undone.

    The buyer is owed everything she paid for it, post included when nothing else of that parcel is left. Raises
    WorkBegun once a maker has said yes, NotRefundable after dispatch or a second time.
    """
    case = _load(session, line_id)
    if case.seller.state not in {"to_assign", "making", "ready"}:
        raise NotRefundable(line_id=line_id)
    if case.line.source == "made":
        _undo_work(session, case.line)
    moves: list[Move] = []
    buyer = account("buyer:credit", case.group.id)
    for part in case.parts:
        where = part_account(part, case.seller.workshop_id, case.line.source)
        moves += [
            Move(where, buyer, part.paid_minor - part.refunded_minor),
            Move(where, account("expense", "promotions"), part.given_minor),
        ]
    if case.line.source == "shelf":
        catalog.put_back(session, piece_ids=_unlink(session, case.line))
    case.line.cancelled = True
    refund = _decide(session, case, reason="cancelled", by=by)
    session.flush()  # the state of what is left is read below
    left = session.scalar(
        select(OrderLine.id).where(OrderLine.seller_order_id == case.seller.id, ~OrderLine.cancelled).limit(1)
    )
    if left is None:
        case.seller.state = "cancelled"
    else:
        refresh_state(session, case.seller)
    _end_if_empty(session, case)
    _book(session, case, refund, moves, by=by)
    return refund


def _undo_work(session: Session, line: OrderLine) -> None:
    order = locked(session, WorkOrder, {line.work_order_id or 0}).get(line.work_order_id or 0)
    if order is None:
        return
    begun = session.scalar(
        select(WorkAssignment.id)
        .where(WorkAssignment.work_order_id == order.id, WorkAssignment.state.in_(("agreed", "done")))
        .limit(1)
    )
    if begun is not None:
        raise WorkBegun(line_id=line.id)
    order.state = "cancelled"
    session.execute(
        update(WorkAssignment)
        .where(WorkAssignment.work_order_id == order.id, WorkAssignment.state == "asked")
        .values(state="taken_back", reason="order cancelled")
    )


def return_line(session: Session, *, line_id: int, by: Actor) -> Refund:
    """A delivered line came back in good order within the window: maker and broker keep their pay.

    The piece goes to stock at cost; broker's part is carried by `expense:returns`, commission and costs by the co-op.
    When nothing else of the parcel is left, its outward post is given back too. Raises NotRefundable for a line that
    was not delivered, is over the window, or came back before.
    """
    case = _load(session, line_id)
    shipment = session.scalar(select(Shipment).where(Shipment.seller_order_id == case.seller.id))
    coop = session.get(Coop, 1)
    window = timedelta(days=(coop.return_days if coop else 30) + POST_BACK_DAYS)
    if shipment is None or shipment.delivered_at is None or clock.now() > shipment.delivered_at + window:
        raise NotRefundable(line_id=line_id)
    buyer = account("buyer:credit", case.group.id)
    moves = [move for part in case.parts for move in _returned(part, case, buyer)]
    catalog.put_back(session, piece_ids=_unlink(session, case.line))
    case.line.cancelled = True
    refund = _decide(session, case, reason="return", by=by)
    _end_if_empty(session, case)
    _book(session, case, refund, moves, by=by)
    return refund


def lose_line(session: Session, *, line_id: int, by: Actor) -> Refund:
    """A line was lost on the way: the buyer gets everything back, maker and broker keep theirs, `expense:losses` pays.

    A carrier's cover is booked when it is granted. Raises NotRefundable for what has not left or was given back.
    """
    case = _load(session, line_id)
    if case.seller.state not in {"dispatched", "delivered"}:
        raise NotRefundable(line_id=line_id)
    buyer, losses, gift = (
        account("buyer:credit", case.group.id),
        account("expense", "losses"),
        account("expense", "promotions"),
    )
    moves = [
        move
        for part in case.parts
        for move in (Move(losses, buyer, part.paid_minor - part.refunded_minor), Move(losses, gift, part.given_minor))
    ]
    for piece_id in _unlink(session, case.line):
        session.get_one(Piece, piece_id).state = "gone"
    case.line.cancelled = True
    refund = _decide(session, case, reason="lost", by=by)
    _end_if_empty(session, case)
    _book(session, case, refund, moves, by=by)
    return refund


def _end_if_empty(session: Session, case: _Case) -> None:
    """An order of which nothing is left is over, whether it was cancelled, came back or was lost."""
    session.flush()  # the line's own end must be seen
    left = session.scalar(
        select(OrderLine.id)
        .join(SellerOrder, SellerOrder.id == OrderLine.seller_order_id)
        .where(SellerOrder.group_id == case.group.id, ~OrderLine.cancelled)
        .limit(1)
    )
    if left is None:
        case.group.state = "refunded"


def _returned(part: SplitPart, case: _Case, buyer: Name) -> list[Move]:
    left = part.paid_minor - part.refunded_minor
    gift = account("expense", "promotions")
    if part.kind in {"maker", "materials"}:
        where = account("stock:pieces", case.seller.workshop_id)
    elif part.kind == "coop":
        where = (
            account("income", "commission")
            if part.released
            else account("coop:commission:held", case.seller.workshop_id)
        )
    elif part.kind == "costs":
        where = account("coop:costs")
    elif part.kind == "tax":
        where = account("tax", part.payee or "sales")
    else:
        where = account("expense", "returns")
    return [Move(where, buyer, left), Move(where, gift, part.given_minor)]


def _load(session: Session, line_id: int) -> _Case:
    line = session.get(OrderLine, line_id)
    if line is None:
        raise NotFound(what="line")
    seller = locked(session, SellerOrder, {line.seller_order_id})[line.seller_order_id]
    group = locked(session, OrderGroup, {seller.group_id})[seller.group_id]
    session.refresh(line)
    if line.cancelled or group.state != "paid":
        raise NotRefundable(line_id=line_id)
    parts = list(session.scalars(select(SplitPart).where(SplitPart.line_id == line.id).order_by(SplitPart.position)))
    others = session.scalar(
        select(OrderLine.id)
        .where(OrderLine.seller_order_id == seller.id, OrderLine.id != line.id, ~OrderLine.cancelled)
        .limit(1)
    )
    if others is None:
        # the last line of a parcel takes its post along
        parts += session.scalars(
            select(SplitPart).where(SplitPart.seller_order_id == seller.id, SplitPart.kind == "shipping")
        )
    return _Case(group, seller, line, parts)


def _unlink(session: Session, line: OrderLine) -> list[int]:
    pieces = session.scalars(select(LinePiece).where(LinePiece.line_id == line.id)).all()
    ids = [row.piece_id for row in pieces]
    for row in pieces:
        session.delete(row)
    return ids


def _decide(session: Session, case: _Case, *, reason: str, by: Actor) -> Refund:
    amount = sum(part.paid_minor - part.refunded_minor for part in case.parts)
    paid = case.group.settling_intent
    given = sum(part.given_minor for part in case.parts)
    # a line that a voucher paid whole is undone like any other, and nothing goes back
    if amount < 0 or not amount + given or (amount and paid is None):
        raise NotRefundable(line_id=case.line.id)
    refund = Refund(
        group_id=case.group.id,
        line_id=case.line.id,
        key=f"{reason}:line:{case.line.id}",
        reason=reason,
        amount_minor=amount,
        currency=case.group.currency,
        state="decided" if amount else "sent",
        payment_intent=paid or "",
        decided_by=by.key,
        decided_at=clock.now(),
    )
    session.add(refund)
    session.flush()  # its parts, its posting and Stripe's refund are named after it
    for part in case.parts:
        session.add(
            RefundPart(
                refund_id=refund.id,
                part_id=part.id,
                paid_minor=part.paid_minor - part.refunded_minor,
                given_minor=part.given_minor,
            )
        )
    return refund


def _book(session: Session, case: _Case, refund: Refund, moves: list[Move], *, by: Actor) -> None:
    for part in session.scalars(
        select(SplitPart).join(RefundPart, RefundPart.part_id == SplitPart.id).where(RefundPart.refund_id == refund.id)
    ):
        part.refunded_minor = part.paid_minor
        if refund.reason == "cancelled":
            part.released = True  # it is nobody's any more: a release must pass it by
    if refund.amount_minor:
        send(session, refund)
    note(
        session,
        group_id=case.group.id,
        seller_order_id=case.seller.id,
        kind={"cancelled": "line_cancelled", "lost": "line_lost"}.get(refund.reason, "line_returned"),
        by=by,
        facts={"line_id": case.line.id, "amount_minor": refund.amount_minor},
    )
    owe_order_mail(
        session,
        group=case.group,
        template="given_back",
        key=f"refund:{refund.id}",
        facts={"reason": refund.reason, "amount_minor": refund.amount_minor},
    )
    draft = Draft(
        key=f"refund:{refund.id}",
        kind=f"refund_{refund.reason}",
        currency=refund.currency,
        moves=moves,
        source=f"order:{case.group.id}",
    )
    post(session, [draft], by=by)
