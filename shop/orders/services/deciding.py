"""A refund decided: its row and parts, the states after it, the letter, Stripe's turn, and last its posting."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.coop.services import open_task
from shop.ledger.chart import Name, account
from shop.ledger.services import Draft, Move, post
from shop.orders.errors import NotRefundable
from shop.orders.history import note
from shop.orders.mails import owe_order_mail
from shop.orders.models import OrderGroup, OrderLine, Refund, RefundPart, SellerOrder
from shop.orders.services.refunds import send
from shop.orders.services.routing import refresh_state
from shop.orders.services.undoing import Case, Out, moves_of, undone_of

RETURNS = account("expense", "returns")
LOSSES = account("expense", "losses")

NOTES = {
    "cancelled": "line_cancelled",
    "return": "line_returned",
    "lost": "line_lost",
    "reduction": "refunded",
    "fault": "refunded",
}
"""Reason → entry of the history."""

Bearers = Sequence[tuple[Name, int | None]]


@dataclass(frozen=True, slots=True)
class Undoing:
    """A case with what leaves which account for each of its parts; `unmade` of its pieces nobody ever began."""

    case: Case
    outs: Sequence[Sequence[Out]]
    unmade: int = 0


def decide(session: Session, undoings: Sequence[Undoing], *, reason: str, bearers: Bearers, by: Actor) -> Refund:
    """Owe the buyer what the cases give back, and send it through Stripe. Posts, so it comes last."""
    refund = new_refund(session, undoings, reason=reason, by=by)
    if refund.amount_minor:
        send(session, refund)
    moves = apply(session, refund, undoings, bearers=bearers, by=by)
    _claim(session, refund, moves)
    if moves:
        post(session, [draft_of(refund, moves)], by=by)
    return refund


def _claim(session: Session, refund: Refund, moves: Sequence[Move]) -> None:
    """What the carrier bears is asked of it, and somebody has to see whether it pays."""
    asked = [move for move in moves if move.debit.kind == "carrier:claims"]
    if asked:
        refund.claim_on, refund.claim_minor = asked[0].debit.owner, sum(move.amount_minor for move in asked)
        group = session.get_one(OrderGroup, refund.group_id)
        facts = {"refund_id": refund.id, "order": group.number, "amount_minor": refund.claim_minor}
        open_task(session, key=f"refund:{refund.id}:claim", kind="carrier_claim", facts=facts)


def new_refund(session: Session, undoings: Sequence[Undoing], *, reason: str, by: Actor, key: str = "") -> Refund:
    """The row, named after the line and how it stood. Raises NotRefundable for an order that no payment settled."""
    first = undoings[0].case
    amount = sum(each.case.amount_minor for each in undoings)
    paid = first.group.settling_intent
    # a line that a voucher paid whole is undone like any other, and nothing goes back
    if amount and paid is None:
        raise NotRefundable(line_id=first.line.id)
    left = sum(back.part.paid_minor - back.part.refunded_minor for back in first.backs)
    refund = Refund(
        group_id=first.group.id,
        line_id=first.line.id if len(undoings) == 1 else None,
        key=key or f"{reason}:line:{first.line.id}:{first.line.undone}:{left}",
        reason=reason,
        quantity=first.pieces if len(undoings) == 1 else None,
        amount_minor=amount,
        currency=first.group.currency,
        state="decided" if amount else "sent",
        payment_intent=paid or "",
        decided_by=by.key,
        decided_at=clock.now(),
    )
    session.add(refund)
    session.flush()  # its parts, its posting and Stripe's refund are named after it
    return refund


def apply(session: Session, refund: Refund, undoings: Sequence[Undoing], *, bearers: Bearers, by: Actor) -> list[Move]:
    """Write what the refund undoes of lines and parts, and tell the buyer; gives what is to be booked."""
    moves: list[Move] = []
    for each in undoings:
        _write(session, refund, each)
        moves += moves_of(each.case, each.outs, bearers)
    session.flush()  # the states of what is left are read below
    for each in undoings:
        case = each.case
        if refund.reason == "cancelled":
            _state_after(session, case.seller)
        facts = {
            "line_id": case.line.id,
            "amount_minor": case.amount_minor,
            "quantity": case.pieces,
            "reason": refund.reason,
        }
        note(
            session,
            group_id=case.group.id,
            seller_order_id=case.seller.id,
            kind=NOTES[refund.reason],
            by=by,
            facts=facts,
        )
    group = undoings[0].case.group
    _end_if_empty(session, group)
    told = {"reason": refund.reason, "amount_minor": refund.amount_minor}
    owe_order_mail(session, group=group, template="given_back", key=f"refund:{refund.id}", facts=told)
    return moves


def draft_of(refund: Refund, moves: Sequence[Move]) -> Draft:
    """The posting of what was decided."""
    return Draft(
        key=f"refund:{refund.id}",
        kind=f"refund_{refund.reason}",
        currency=refund.currency,
        moves=moves,
        source=f"order:{refund.group_id}",
    )


def _write(session: Session, refund: Refund, undoing: Undoing) -> None:
    case, line = undoing.case, undoing.case.line
    line.undone += case.pieces
    line.unmade += undoing.unmade
    line.cancelled = line.undone == line.quantity
    for back, outs in zip(case.backs, undoing.outs, strict=True):
        session.add(
            RefundPart(
                refund_id=refund.id,
                part_id=back.part.id,
                paid_minor=back.paid_minor,
                given_minor=back.given_minor,
                undone_minor=undone_of(outs),
                owed_minor=sum(out.minor for out in outs if out.owed),
            )
        )
        back.part.refunded_minor += back.paid_minor
        if refund.reason == "cancelled" and line.cancelled:
            back.part.released = True  # it is nobody's any more: a release must pass it by


def _state_after(session: Session, seller: SellerOrder) -> None:
    left = session.scalar(
        select(OrderLine.id).where(OrderLine.seller_order_id == seller.id, ~OrderLine.cancelled).limit(1)
    )
    if left is None:
        seller.state = "cancelled"
    else:
        refresh_state(session, seller)


def _end_if_empty(session: Session, group: OrderGroup) -> None:
    """An order of which nothing is left is over, whether it was cancelled, came back or was lost."""
    left = session.scalar(
        select(OrderLine.id)
        .join(SellerOrder, SellerOrder.id == OrderLine.seller_order_id)
        .where(SellerOrder.group_id == group.id, ~OrderLine.cancelled)
        .limit(1)
    )
    if left is None:
        group.state = "refunded"
