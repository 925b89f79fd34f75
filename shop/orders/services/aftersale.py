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
from shop.errors import BadInput, NotYours
from shop.ledger.chart import Name, account
from shop.orders.errors import NotRefundable
from shop.orders.models import Refund, Shipment
from shop.orders.services.begun import Unmade, undo_work
from shop.orders.services.deciding import LOSSES, RETURNS, Undoing, decide
from shop.orders.services.disputed import room_left
from shop.orders.services.refunds import OFFICERS
from shop.orders.services.undoing import (
    Back,
    Case,
    Out,
    held,
    own_account,
    pieces_back,
    sum_back,
    unlink,
)

POST_BACK_DAYS = 30
"""A parcel announced within the window may be on its way back for so long."""

BEFORE_DISPATCH = ("to_assign", "making", "ready")
LEFT_US = ("dispatched", "delivered")


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
    found = held(session, line_id=line_id, seen=seen)
    room = room_left(session, found.group)
    case = pieces_back(session, found, quantity=quantity, most_minor=room.minor)
    undoing = cancelling(session, case, begun=begun, by=by, piece_ids=piece_ids)
    return decide(session, [undoing], reason="cancelled", bearers=[(room.bearer or RETURNS, None)], by=by)


def cancelling(
    session: Session, case: Case, *, begun: bool, by: Actor | None, piece_ids: Collection[int] = ()
) -> Undoing:
    """Take these pieces out of work and off the order. Raises NotRefundable after dispatch, and as `undo_work`."""
    if case.seller.state not in BEFORE_DISPATCH:
        raise NotRefundable(line_id=case.line.id)
    unmade = None
    if case.line.source == "made":
        unmade = undo_work(session, case.line, case.pieces, begun=begun, by=by)
    pieces = unlink(session, case.line, unmade.accepted if unmade else case.pieces, piece_ids)
    outs = [_cancelled(case, back, pieces, unmade) for back in case.backs]
    catalog.put_back(session, piece_ids=[piece.id for piece in pieces])
    return Undoing(case, outs, unmade.unbegun if unmade else 0)


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
    found = held(session, line_id=line_id, seen=seen)
    room = room_left(session, found.group)
    case = pieces_back(session, found, quantity=quantity, most_minor=room.minor)
    undoing = returning(session, case, piece_ids=piece_ids)
    return decide(session, [undoing], reason="return", bearers=[(room.bearer or RETURNS, None)], by=by)


def returning(session: Session, case: Case, *, piece_ids: Collection[int] = ()) -> Undoing:
    """Put these pieces on the shelf. Raises NotRefundable where they cannot come back."""
    shipment = session.scalar(select(Shipment).where(Shipment.seller_order_id == case.seller.id))
    coop = session.get(Coop, 1)
    window = timedelta(days=(coop.return_days if coop else 30) + POST_BACK_DAYS)
    if shipment is None or shipment.delivered_at is None or clock.now() > shipment.delivered_at + window:
        raise NotRefundable(line_id=case.line.id)
    pieces = unlink(session, case.line, case.pieces, piece_ids)
    stock = account("stock:pieces", case.seller.workshop_id)
    outs = [
        [Out(stock, _cost(pieces, back.part.kind))]
        if back.part.kind in {"maker", "materials"}
        else borne_by_coop(case, back)
        for back in case.backs
    ]
    catalog.put_back(session, piece_ids=[piece.id for piece in pieces])
    return Undoing(case, outs)


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
    cover_minor: int = 0,
    seen: str = "",
    piece_ids: Collection[int] = (),
) -> Refund:
    """Pieces were lost on the way: the buyer gets everything back, maker and broker keep theirs.

    `carrier:claims` bears it up to the carrier's cover, `expense:losses` the rest. Raises NotRefundable for what has
    not left or was given back; BadInput.
    """
    found = held(session, line_id=line_id, seen=seen)
    room = room_left(session, found.group)
    case = pieces_back(session, found, quantity=quantity, most_minor=room.minor)
    undoing = losing(session, case, piece_ids=piece_ids)
    bearers: list[tuple[Name, int | None]] = [(LOSSES, None)]
    if cover_minor:
        bearers = [(account("carrier:claims", _carrier(session, case)), cover_minor), *bearers]
    return decide(session, [undoing], reason="lost", bearers=bearers, by=by)


def _carrier(session: Session, case: Case) -> str:
    """The parcel's carrier, as its account is called."""
    name = session.scalar(select(Shipment.carrier).where(Shipment.seller_order_id == case.seller.id)) or "carrier"
    return "-".join(name.replace(":", " ").casefold().split())[:40]


def losing(session: Session, case: Case, *, piece_ids: Collection[int] = ()) -> Undoing:
    """These pieces will not be seen again. Raises NotRefundable for what has not left."""
    if case.seller.state not in LEFT_US:
        raise NotRefundable(line_id=case.line.id)
    gone(unlink(session, case.line, case.pieces, piece_ids))
    return Undoing(case, [only_tax(case, back) for back in case.backs])


def gone(pieces: Sequence[Piece]) -> None:
    """They will not be seen again, or not be sold."""
    for piece in pieces:
        piece.state = "gone"


def only_tax(case: Case, back: Back) -> list[Out]:
    if back.part.kind != "tax":
        return []
    return [Out(own_account(case, back.part), back.paid_minor + back.given_minor, own=True)]


def reduce_line(session: Session, *, line_id: int, amount_minor: int, by: Actor, seen: str = "") -> Refund:
    """The buyer keeps the pieces and pays less: everybody keeps her part, `expense:returns` bears it.

    An officer decides. Raises NotYours, NotRefundable, BadInput for a larger sum than is left.
    """
    if by.role not in OFFICERS:
        raise NotYours(line_id=line_id)
    found = held(session, line_id=line_id, seen=seen)
    room = room_left(session, found.group)
    if room.minor is not None and amount_minor > room.minor:
        raise BadInput(field="amount")
    case = sum_back(session, found, amount_minor=amount_minor)
    undoing = Undoing(case, [only_tax(case, back) for back in case.backs])
    return decide(session, [undoing], reason="reduction", bearers=[(RETURNS, None)], by=by)
