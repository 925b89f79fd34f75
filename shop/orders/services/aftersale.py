"""Cancelling, returning, losing some pieces of a line, and reducing its price: who bears it follows from the reason.

The table is money.md 2. Every verb takes `quantity` pieces, by default all that are left, and `seen`: how the line stood
on the page that asks (`seen_now`), so that a form sent twice gives nothing back twice.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.catalog import services as catalog
from shop.catalog.models import Piece
from shop.coop.models import Coop
from shop.errors import NotYours
from shop.ledger.chart import Name, account
from shop.ledger.services import Draft, Move, post
from shop.orders.errors import NotRefundable
from shop.orders.history import note
from shop.orders.mails import owe_order_mail
from shop.orders.models import OrderLine, Refund, RefundPart, SellerOrder, Shipment
from shop.orders.services.begun import Unmade, undo_work
from shop.orders.services.refunds import OFFICERS, send
from shop.orders.services.routing import refresh_state
from shop.orders.services.undoing import (
    Back,
    Case,
    Out,
    held,
    moves_of,
    own_account,
    pieces_back,
    sum_back,
    undone_of,
    unlink,
)

POST_BACK_DAYS = 30
"""A parcel announced within the window may be on its way back for so long."""

BEFORE_DISPATCH = ("to_assign", "making", "ready")
LEFT_US = ("dispatched", "delivered")

NOTES = {
    "cancelled": "line_cancelled",
    "return": "line_returned",
    "lost": "line_lost",
    "reduction": "line_reduced",
    "fault": "line_faulty",
}
"""Reason → entry of the history."""

RETURNS = account("expense", "returns")


def cancel_line(
    session: Session,
    *,
    line_id: int,
    by: Actor,
    quantity: int | None = None,
    begun: bool = False,
    seen: str = "",
    piece_ids: Collection[int] = (),
) -> Refund:
    """Undo pieces before dispatch: from the shelf they go back, work nobody has said yes to is undone.

    With `begun`, an officer cancels more: accepted pieces go on the shelf at cost, what makers have begun they finish
    for it, and are paid as agreed. The buyer is owed everything she paid for them, post included when nothing else of
    that parcel is left. Raises WorkBegun, NotYours, BadInput, and NotRefundable after dispatch or a second time.
    """
    case = pieces_back(session, held(session, line_id=line_id, seen=seen), quantity=quantity)
    if case.seller.state not in BEFORE_DISPATCH:
        raise NotRefundable(line_id=line_id)
    unmade = None
    if case.line.source == "made":
        unmade = undo_work(session, case.line, case.pieces, begun=begun, by=by)
    pieces = unlink(session, case.line, unmade.accepted if unmade else case.pieces, piece_ids)
    outs = [_cancelled(case, back, pieces, unmade) for back in case.backs]
    catalog.put_back(session, piece_ids=[piece.id for piece in pieces])
    return _undo(session, case, outs, reason="cancelled", by=by, unmade=unmade.unbegun if unmade else 0)


def _cancelled(case: Case, back: Back, pieces: Sequence[Piece], unmade: Unmade | None) -> list[Out]:
    kind, where = back.part.kind, own_account(case, back.part)
    if kind == "tax":
        return [Out(where, back.paid_minor + back.given_minor, own=True)]
    if kind not in {"maker", "materials"}:
        return [Out(where, back.whole_minor, own=True)]
    on_shelf = Out(account("stock:pieces", case.seller.workshop_id), _cost(pieces, kind))
    if unmade is None:
        return [on_shelf]
    return [Out(where, unmade.maker_minor if kind == "maker" else unmade.materials_minor, own=True), on_shelf]


def _cost(pieces: Sequence[Piece], kind: str) -> int:
    return sum(piece.maker_minor if kind == "maker" else piece.materials_minor for piece in pieces)


def return_line(
    session: Session,
    *,
    line_id: int,
    by: Actor,
    quantity: int | None = None,
    seen: str = "",
    piece_ids: Collection[int] = (),
) -> Refund:
    """Delivered pieces came back in good order within the window: maker and broker keep their pay.

    The pieces go to stock at cost; broker's part is carried by `expense:returns`, commission and costs by the co-op.
    When nothing else of the parcel is left, its outward post is given back too. Raises NotRefundable for a line that
    was not delivered, is over the window, or came back before; BadInput.
    """
    case = pieces_back(session, held(session, line_id=line_id, seen=seen), quantity=quantity)
    shipment = session.scalar(select(Shipment).where(Shipment.seller_order_id == case.seller.id))
    coop = session.get(Coop, 1)
    window = timedelta(days=(coop.return_days if coop else 30) + POST_BACK_DAYS)
    if shipment is None or shipment.delivered_at is None or clock.now() > shipment.delivered_at + window:
        raise NotRefundable(line_id=line_id)
    pieces = unlink(session, case.line, case.pieces, piece_ids)
    stock = account("stock:pieces", case.seller.workshop_id)
    outs = [
        [Out(stock, _cost(pieces, back.part.kind))]
        if back.part.kind in {"maker", "materials"}
        else borne_by_coop(case, back)
        for back in case.backs
    ]
    catalog.put_back(session, piece_ids=[piece.id for piece in pieces])
    return _undo(session, case, outs, reason="return", by=by)


def borne_by_coop(case: Case, back: Back) -> list[Out]:
    """Co-op's part, costs and tax give what is theirs; the other parts are kept."""
    kind, where = back.part.kind, own_account(case, back.part)
    if kind == "tax":
        return [Out(where, back.paid_minor + back.given_minor, own=True)]
    if kind == "coop" and back.part.released:
        return [Out(account("income", "commission"), back.whole_minor)]
    return [Out(where, back.whole_minor, own=True)] if kind in {"coop", "costs"} else []


def lose_line(
    session: Session,
    *,
    line_id: int,
    by: Actor,
    quantity: int | None = None,
    seen: str = "",
    piece_ids: Collection[int] = (),
) -> Refund:
    """Pieces were lost on the way: the buyer gets everything back, maker and broker keep theirs, `expense:losses` pays.

    Raises NotRefundable for what has not left or was given back; BadInput.
    """
    case = pieces_back(session, held(session, line_id=line_id, seen=seen), quantity=quantity)
    if case.seller.state not in LEFT_US:
        raise NotRefundable(line_id=line_id)
    gone(unlink(session, case.line, case.pieces, piece_ids))
    outs = [_only_tax(case, back) for back in case.backs]
    return _undo(session, case, outs, reason="lost", by=by, bearer=account("expense", "losses"))


def gone(pieces: Sequence[Piece]) -> None:
    """They will not be seen again, or not be sold."""
    for piece in pieces:
        piece.state = "gone"


def _only_tax(case: Case, back: Back) -> list[Out]:
    if back.part.kind != "tax":
        return []
    return [Out(own_account(case, back.part), back.paid_minor + back.given_minor, own=True)]


def reduce_line(session: Session, *, line_id: int, amount_minor: int, by: Actor, seen: str = "") -> Refund:
    """The buyer keeps the pieces and pays less: everybody keeps her part, `expense:returns` bears it.

    An officer decides. Raises NotYours, NotRefundable, BadInput for a larger sum than is left.
    """
    if by.role not in OFFICERS:
        raise NotYours(line_id=line_id)
    case = sum_back(session, held(session, line_id=line_id, seen=seen), amount_minor=amount_minor)
    outs = [_only_tax(case, back) for back in case.backs]
    return _undo(session, case, outs, reason="reduction", by=by)


def _undo(
    session: Session,
    case: Case,
    outs: Sequence[Sequence[Out]],
    *,
    reason: str,
    by: Actor,
    bearer: Name = RETURNS,
    unmade: int = 0,
) -> Refund:
    """Write the refund with its parts, move the states, tell the buyer, ask Stripe, and book it: last."""
    line, before = case.line, case.line.undone
    refund = _decide(session, case, reason=reason, key=f"{reason}:line:{line.id}:{before}:{_left(case)}", by=by)
    line.undone += case.pieces
    line.unmade += unmade
    line.cancelled = line.undone == line.quantity
    for back, given_up in zip(case.backs, outs, strict=True):
        undone = undone_of(given_up)
        session.add(
            RefundPart(
                refund_id=refund.id,
                part_id=back.part.id,
                paid_minor=back.paid_minor,
                given_minor=back.given_minor,
                undone_minor=undone,
            )
        )
        back.part.refunded_minor += back.paid_minor
        if reason == "cancelled" and line.cancelled:
            back.part.released = True  # it is nobody's any more: a release must pass it by
    session.flush()  # the states of what is left are read below
    if reason == "cancelled":
        _state_after(session, case)
    _end_if_empty(session, case)
    if refund.amount_minor:
        send(session, refund)
    facts = {"line_id": line.id, "amount_minor": refund.amount_minor, "quantity": case.pieces}
    note(session, group_id=case.group.id, seller_order_id=case.seller.id, kind=NOTES[reason], by=by, facts=facts)
    told = {"reason": reason, "amount_minor": refund.amount_minor}
    owe_order_mail(session, group=case.group, template="given_back", key=f"refund:{refund.id}", facts=told)
    _book(session, refund, moves_of(case, outs, [(bearer, None)]), by=by)
    return refund


def _left(case: Case) -> int:
    return sum(back.part.paid_minor - back.part.refunded_minor for back in case.backs)


def _decide(session: Session, case: Case, *, reason: str, key: str, by: Actor) -> Refund:
    amount = case.amount_minor
    paid = case.group.settling_intent
    # a line that a voucher paid whole is undone like any other, and nothing goes back
    if amount and paid is None:
        raise NotRefundable(line_id=case.line.id)
    refund = Refund(
        group_id=case.group.id,
        line_id=case.line.id,
        key=key,
        reason=reason,
        quantity=case.pieces,
        amount_minor=amount,
        currency=case.group.currency,
        state="decided" if amount else "sent",
        payment_intent=paid or "",
        decided_by=by.key,
        decided_at=clock.now(),
    )
    session.add(refund)
    session.flush()  # its parts, its posting and Stripe's refund are named after it
    return refund


def _state_after(session: Session, case: Case) -> None:
    left = session.scalar(
        select(OrderLine.id).where(OrderLine.seller_order_id == case.seller.id, ~OrderLine.cancelled).limit(1)
    )
    if left is None:
        case.seller.state = "cancelled"
    else:
        refresh_state(session, case.seller)


def _end_if_empty(session: Session, case: Case) -> None:
    """An order of which nothing is left is over, whether it was cancelled, came back or was lost."""
    left = session.scalar(
        select(OrderLine.id)
        .join(SellerOrder, SellerOrder.id == OrderLine.seller_order_id)
        .where(SellerOrder.group_id == case.group.id, ~OrderLine.cancelled)
        .limit(1)
    )
    if left is None:
        case.group.state = "refunded"


def _book(session: Session, refund: Refund, moves: Sequence[Move], *, by: Actor) -> None:
    if not moves:
        return  # lost or faulty, after the whole price had been given back before
    draft = Draft(
        key=f"refund:{refund.id}",
        kind=f"refund_{refund.reason}",
        currency=refund.currency,
        moves=moves,
        source=f"order:{refund.group_id}",
    )
    post(session, [draft], by=by)
