"""What needs a second look: pieces said to be faulty, and what a carrier is asked to pay for a loss (money.md 2)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.coop.services import close_task, open_task
from shop.db import locked
from shop.errors import BadInput, Conflict, NotFound, NotYours
from shop.ledger.chart import account
from shop.ledger.services import Draft, Move, post
from shop.orders.errors import NotRefundable
from shop.orders.models import Fault, Refund
from shop.orders.services.aftersale import LEFT_US, borne_by_coop, gone
from shop.orders.services.deciding import LOSSES, RETURNS, Undoing, decide
from shop.orders.services.disputed import room_left
from shop.orders.services.refunds import OFFICERS, STAFF
from shop.orders.services.undoing import Back, Case, Out, held, own_account, pieces_back, unlink

HOW_LENGTH = 300


def ask_fault(
    session: Session, *, line_id: int, quantity: int | None, passed: bool, how: str, by: Actor, seen: str = ""
) -> Fault:
    """An officer says that pieces are faulty, how it shows, and whether the broker let them pass. Nothing is booked.

    Raises NotYours, NotRefundable for what has not left, BadInput without words or for more pieces than are left,
    Conflict where it was asked before and not answered.
    """
    if by.role not in OFFICERS:
        raise NotYours(line_id=line_id)
    found = held(session, line_id=line_id, seen=seen)
    pieces = found.line.left if quantity is None else quantity
    if found.seller.state not in LEFT_US:
        raise NotRefundable(line_id=line_id)
    if not 0 < pieces <= found.line.left:
        raise BadInput(field="quantity", left=found.line.left)
    if not how.strip():
        raise BadInput(field="how")
    if session.scalar(select(Fault.id).where(Fault.line_id == line_id, Fault.state == "asked").limit(1)) is not None:
        raise Conflict(state="asked")
    fault = Fault(
        line_id=line_id,
        quantity=pieces,
        passed=passed,
        how=how.strip()[:HOW_LENGTH],
        asked_by=by.key,
        asked_at=clock.now(),
    )
    session.add(fault)
    session.flush()  # the task names it
    facts = {"fault_id": fault.id, "order": found.group.number}
    open_task(session, key=f"fault:{fault.id}", kind="fault_asked", facts=facts)
    return fault


def agree_fault(session: Session, *, fault_id: int, by: Actor) -> Refund:
    """A second person agrees: the buyer gets her money for the pieces. The makers keep theirs.

    Co-op's part and costs give what is theirs; so does the broker's, or she owes it where it had been released, when she
    let the fault pass. `expense:returns` bears the rest. Raises NotYours for whoever asked, Conflict where it has ended.
    """
    fault = _asked(session, fault_id, by, second=True)
    found = held(session, line_id=fault.line_id, seen="")
    room = room_left(session, found.group)
    case = pieces_back(session, found, quantity=fault.quantity, most_minor=room.minor)
    gone(unlink(session, case.line, case.pieces))
    undoing = Undoing(case, [_faulty(case, back, passed=fault.passed) for back in case.backs])
    _end(session, fault, "agreed", by)
    session.flush()  # the refund that is made next is named in it
    refund = decide(session, [undoing], reason="fault", bearers=[(RETURNS, None)], by=by)
    fault.refund_id = refund.id
    return refund


def _faulty(case: Case, back: Back, *, passed: bool) -> list[Out]:
    part = back.part
    if part.kind not in {"broker", "workshop"} or not passed:
        return borne_by_coop(case, back)
    if not part.released:
        return [Out(own_account(case, part), back.whole_minor, own=True)]
    owner, _, number = (part.payee or f"workshop:{case.seller.workshop_id}").partition(":")
    return [Out(account(f"{owner}:owes", number), back.whole_minor, owed=True)]


def drop_fault(session: Session, *, fault_id: int, by: Actor) -> None:
    """It was no fault, or it is mended: nothing goes back. Raises NotYours, Conflict where it has ended."""
    _end(session, _asked(session, fault_id, by, second=False), "dropped", by)


def _asked(session: Session, fault_id: int, by: Actor, *, second: bool) -> Fault:
    if by.role not in (STAFF if second else OFFICERS):
        raise NotYours(fault_id=fault_id)
    fault = locked(session, Fault, {fault_id}).get(fault_id)
    if fault is None:
        raise NotFound(what="fault")
    if second and fault.asked_by == by.key:
        raise NotYours(fault_id=fault_id)
    if fault.state != "asked":
        raise Conflict(state=fault.state)
    return fault


def _end(session: Session, fault: Fault, state: str, by: Actor) -> None:
    fault.state, fault.ended_by, fault.ended_at = state, by.key, clock.now()
    close_task(session, key=f"fault:{fault.id}", by=by)


def end_claim(session: Session, *, refund_id: int, got_minor: int, by: Actor) -> Refund:
    """The carrier has paid so much of what was asked, or nothing: `bank:main ← carrier:claims`, the rest is a loss.

    Raises NotYours, NotFound, BadInput for more than was asked, Conflict where nothing was or it has ended.
    """
    if by.role not in STAFF:
        raise NotYours(refund_id=refund_id)
    refund = locked(session, Refund, {refund_id}).get(refund_id)
    if refund is None:
        raise NotFound(what="refund")
    if not refund.claim_minor or refund.claim_got_minor is not None:
        raise Conflict(state="no_claim")
    if not 0 <= got_minor <= refund.claim_minor:
        raise BadInput(field="amount")
    refund.claim_got_minor = got_minor
    close_task(session, key=f"refund:{refund.id}:claim", by=by)
    claims = account("carrier:claims", refund.claim_on)
    moves = [
        Move(account("bank", "main"), claims, got_minor),
        Move(LOSSES, claims, refund.claim_minor - got_minor),
    ]
    draft = Draft(f"claim:{refund.id}", "claim_ended", refund.currency, moves, source=f"order:{refund.group_id}")
    post(session, [draft], by=by)
    return refund
