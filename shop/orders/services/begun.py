"""What cancelling means for the work behind a line: nothing begun is undone, what is begun is finished for the shelf."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.actor import Actor
from shop.db import locked
from shop.errors import NotYours
from shop.orders.errors import WorkBegun
from shop.orders.models import OrderLine
from shop.orders.services.allocating import of_pieces
from shop.orders.services.refunds import OFFICERS
from shop.orders.services.routing import linked
from shop.work.models import LIVE, SAID_YES, WorkAssignment, WorkOrder


@dataclass(frozen=True, slots=True)
class Unmade:
    """Of the pieces cancelled, `unbegun` were nobody's yet, with the pay and materials they wait for, and `accepted`
    are made; the makers of the others finish them for the shelf.
    """

    unbegun: int
    accepted: int
    maker_minor: int
    materials_minor: int


def undo_work(session: Session, line: OrderLine, pieces: int, *, begun: bool, by: Actor | None) -> Unmade:
    """Take so many pieces off a line's work, those first that no maker has said yes to.

    Raises WorkBegun where others would have to go too and `begun` does not say so, or where a broker cancels and any
    maker has said yes; NotYours where somebody else than an officer says so. `by` None: a fact from outside.
    """
    if begun and by is not None and by.role not in OFFICERS:
        raise NotYours(line_id=line.id)
    order = locked(session, WorkOrder, {line.work_order_id or 0})[line.work_order_id or 0]
    slips = session.scalars(
        select(WorkAssignment)
        .where(WorkAssignment.work_order_id == order.id, WorkAssignment.state.in_(LIVE))
        .order_by(WorkAssignment.id.desc())
        .execution_options(populate_existing=True)
    ).all()
    said_yes = sum(slip.quantity - slip.rejected for slip in slips if slip.state in SAID_YES)
    to_come = line.left - linked(session, line)
    unbegun = min(pieces, order.quantity - said_yes, to_come)
    if (pieces > unbegun and not begun) or (said_yes and by is not None and by.role == "broker"):
        raise WorkBegun(line_id=line.id)
    _take_back_asked(slips, room=order.quantity - said_yes - unbegun)
    maker, materials = (
        of_pieces(minor, quantity=order.quantity, before=0, pieces=unbegun)
        for minor in (order.maker_minor, order.materials_minor)
    )
    if unbegun == order.quantity:
        order.state = "cancelled"
    else:
        order.quantity -= unbegun
        order.maker_minor -= maker
        order.materials_minor -= materials
        if sum(slip.accepted for slip in slips) == order.quantity:
            order.state = "done"
    return Unmade(unbegun, max(0, pieces - to_come), maker, materials)


def _take_back_asked(slips: Sequence[WorkAssignment], *, room: int) -> None:
    """Whoever was asked last is told first that it is not needed any more; her no or yes has not come yet."""
    asked = [slip for slip in slips if slip.state == "asked"]
    over = sum(slip.quantity for slip in asked) - room
    for slip in asked:
        if over > 0:
            slip.state, slip.reason = "taken_back", "order cancelled"
            over -= slip.quantity
