"""Cancelling and returning whole lines: who bears it follows from the reason (money.md 2)."""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.catalog import services as catalog
from shop.db import locked
from shop.errors import NotFound
from shop.ledger.chart import Name, account
from shop.ledger.services import Draft, Move, post
from shop.orders.errors import NotRefundable, WorkBegun
from shop.orders.history import note
from shop.orders.mails import owe_order_mail
from shop.orders.models import LinePiece, OrderGroup, OrderLine, Refund, RefundPart, SellerOrder, SplitPart
from shop.orders.services.routing import refresh_state
from shop.orders.services.settling import part_account
from shop.payments.models import Checkout
from shop.payments.services import ask_for_refund
from shop.work.models import WorkAssignment, WorkOrder


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
        _close_group(session, case.group)
    else:
        refresh_state(session, case.seller)
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
    Raises NotRefundable for a line that was not delivered, is over the window, or came back before.
    """
    case = _load(session, line_id)
    if case.seller.state != "delivered":
        raise NotRefundable(line_id=line_id)
    buyer = account("buyer:credit", case.group.id)
    moves: list[Move] = []
    for part in case.parts:
        if part.kind != "shipping":
            moves += _returned(part, case, buyer)
    catalog.put_back(session, piece_ids=_unlink(session, case.line))
    case.line.cancelled = True
    refund = _decide(session, case, reason="return", by=by)
    _book(session, case, refund, moves, by=by)
    return refund


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
    if others is None and seller.state in {"to_assign", "making", "ready"}:
        # the last line of a parcel that has not left takes its post along
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
    amount = sum(
        part.paid_minor - part.refunded_minor for part in case.parts if reason != "return" or part.kind != "shipping"
    )
    paid = session.scalar(
        select(Checkout).where(Checkout.ref == f"order:{case.group.id}", Checkout.state == "paid").order_by(Checkout.id)
    )
    if amount <= 0 or paid is None or paid.payment_intent is None:
        raise NotRefundable(line_id=case.line.id)
    refund = Refund(
        group_id=case.group.id,
        line_id=case.line.id,
        key=f"{reason}:line:{case.line.id}",
        reason=reason,
        amount_minor=amount,
        currency=case.group.currency,
        payment_intent=paid.payment_intent,
        decided_by=by.key,
        decided_at=clock.now(),
    )
    session.add(refund)
    session.flush()  # its parts, its posting and Stripe's refund are named after it
    for part in case.parts:
        if reason == "return" and part.kind == "shipping":
            continue
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
    ask_for_refund(
        session,
        ref=f"refund:{refund.id}",
        payment_intent=refund.payment_intent,
        amount_minor=refund.amount_minor,
        currency=refund.currency,
    )
    note(
        session,
        group_id=case.group.id,
        seller_order_id=case.seller.id,
        kind="line_cancelled" if refund.reason == "cancelled" else "line_returned",
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


def _close_group(session: Session, group: OrderGroup) -> None:
    session.flush()  # the seller order's own end must be seen
    open_part = session.scalar(
        select(SellerOrder.id).where(SellerOrder.group_id == group.id, SellerOrder.state != "cancelled").limit(1)
    )
    if open_part is None:
        group.state = "refunded"
