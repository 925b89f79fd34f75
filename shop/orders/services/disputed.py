"""Disputes as Stripe tells of them: booked once, whatever news comes first, and what they stop (money.md 6)."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import STRIPE
from shop.coop.services import close_task, open_task
from shop.ledger.chart import Name, account
from shop.ledger.services import Draft, Move, post
from shop.orders.errors import Disputed
from shop.orders.history import note
from shop.orders.models import Dispute, OrderGroup, Refund
from shop.orders.services.settling import held_order, order_of
from shop.payments.answers import DisputeAnswer
from shop.payments.models import Checkout

OPEN = account("disputes:open")
LOSSES = account("expense", "losses")
STRIPES = account("psp:stripe")
FEES = account("expense", "bank")


@dataclass(frozen=True, slots=True)
class Room:
    """What may still go back to a buyer: None for no bound but the parts themselves. After a lost dispute her bank has
    given her money back already, and `bearer` has booked it as a loss; what comes back of the pieces lessens it.
    """

    minor: int | None = None
    bearer: Name | None = None


def room_left(session: Session, group: OrderGroup) -> Room:
    """The room that disputes leave. Raises Disputed while one about this order's payment is open."""
    disputes = session.scalars(
        select(Dispute).where(Dispute.group_id == group.id, Dispute.payment_intent == (group.settling_intent or ""))
    ).all()
    if any(each.state == "open" for each in disputes):
        raise Disputed(order=group.number)
    lost = sum(each.withdrawn_minor for each in disputes if each.state == "lost")
    if not lost:
        return Room()
    return Room(max(0, _not_given_back(session, group.settling_intent or "") - lost), LOSSES)


def stops_dispatch(session: Session, *, group_id: int) -> None:
    """Raises Disputed where the buyer's bank has the money, or may keep it."""
    found = session.scalar(
        select(Dispute.id).where(Dispute.group_id == group_id, Dispute.state.in_(("open", "lost"))).limit(1)
    )
    if found is not None:
        raise Disputed(order=session.get_one(OrderGroup, group_id).number)


def _not_given_back(session: Session, payment_intent: str) -> int:
    """What was paid by a payment and neither sent back nor decided to be."""
    paid = session.scalar(select(Checkout.received_minor).where(Checkout.payment_intent == payment_intent)) or 0
    back = session.scalar(select(func.sum(Refund.amount_minor)).where(Refund.payment_intent == payment_intent))
    return max(0, paid - int(back or 0))


def settle_dispute(session: Session, answer: DisputeAnswer) -> str:
    """Bring a dispute to what Stripe says of it now; again, it changes nothing. Gives its state, or why there is none.

    `disputes:open ← psp:stripe` when the money was taken, the fee to `expense:bank`; won: back; lost: `expense:losses`,
    never more than paid − given back, and what is more stays open for a person to ask for.
    """
    checkout = session.scalar(select(Checkout).where(Checkout.payment_intent == (answer.payment_intent or "")))
    group_id = order_of(checkout.ref) if checkout is not None else None
    group = held_order(session, group_id=group_id) if group_id is not None else None
    if checkout is None or group is None:
        return "not ours"
    row = session.scalar(select(Dispute).where(Dispute.dispute_id == answer.dispute_id).with_for_update())
    if row is None:
        row = _opened(session, group, answer)
    if answer.withdrawn_minor and answer.moved_in != row.currency:
        _task(session, group, row, "dispute_currency")
        return "another currency"
    drafts = _moved(row, answer)
    if answer.state in {"won", "lost"} and row.state != answer.state:
        drafts += _ended(session, group, row, answer)
    if drafts:
        post(session, drafts, by=STRIPE)
    return row.state


def _opened(session: Session, group: OrderGroup, answer: DisputeAnswer) -> Dispute:
    row = Dispute(
        dispute_id=answer.dispute_id,
        group_id=group.id,
        payment_intent=answer.payment_intent or "",
        reason=answer.reason[:60],
        amount_minor=answer.amount_minor,
        currency=answer.currency,
        opened_at=answer.opened_at,
        due_at=answer.due_at,
        withdrawn_minor=0,
        fee_minor=0,
        returned_minor=0,
        fee_back_minor=0,
        lost_minor=0,
        state="open",
    )
    session.add(row)
    session.flush()  # the task names it
    _note(session, row, "dispute_opened")
    if answer.state == "open":
        _task(session, group, row, "dispute_opened")
    return row


def _moved(row: Dispute, answer: DisputeAnswer) -> list[Draft]:
    """What moved at Stripe since the last news."""
    found = []
    for name, kept, now, debit, credit in (
        ("opened", row.withdrawn_minor, answer.withdrawn_minor, OPEN, STRIPES),
        ("fee", row.fee_minor, answer.fee_minor, FEES, STRIPES),
        ("fee_back", row.fee_back_minor, answer.fee_back_minor, STRIPES, FEES),
    ):
        if now and not kept:
            found.append(_draft(row, name, [Move(debit, credit, now)]))
    row.withdrawn_minor = row.withdrawn_minor or answer.withdrawn_minor
    row.fee_minor = row.fee_minor or answer.fee_minor
    row.fee_back_minor = row.fee_back_minor or answer.fee_back_minor
    if answer.returned_minor and not row.returned_minor:
        row.returned_minor = answer.returned_minor
        # lost first, and won after all: the loss is taken back before what was never booked as one
        lost = min(row.lost_minor, answer.returned_minor)
        row.lost_minor -= lost
        moves = [Move(STRIPES, LOSSES, lost), Move(STRIPES, OPEN, answer.returned_minor - lost)]
        found.append(_draft(row, "won", moves))
    return found


def _ended(session: Session, group: OrderGroup, row: Dispute, answer: DisputeAnswer) -> list[Draft]:
    row.state, row.ended_at = answer.state, clock.now()
    close_task(session, key=_key(row, "dispute_opened"), by=STRIPE)
    _note(session, row, f"dispute_{row.state}")
    if row.state == "won":
        close_task(session, key=_key(row, "dispute_lost"), by=STRIPE)
        return []
    row.lost_minor = min(row.withdrawn_minor - row.returned_minor, _not_given_back(session, row.payment_intent))
    _task(session, group, row, "dispute_lost")
    return [_draft(row, "lost", [Move(LOSSES, OPEN, row.lost_minor)])] if row.lost_minor else []


def _draft(row: Dispute, name: str, moves: list[Move]) -> Draft:
    key = f"dispute:{row.dispute_id}:{name}"
    return Draft(key, f"dispute_{name}", row.currency, moves, source=f"order:{row.group_id}")


def _key(row: Dispute, kind: str) -> str:
    return f"dispute:{row.id}:{kind}"


def _task(session: Session, group: OrderGroup, row: Dispute, kind: str) -> None:
    facts = {"order": group.number, "dispute_row": row.id, "amount_minor": row.amount_minor, "currency": row.currency}
    open_task(session, key=_key(row, kind), kind=kind, facts=facts)


def _note(session: Session, row: Dispute, kind: str) -> None:
    facts = {"amount_minor": row.amount_minor, "currency": row.currency}
    note(session, group_id=row.group_id, kind=kind, by=STRIPE, facts=facts)
