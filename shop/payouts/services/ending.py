"""An end for a payout that never reached her: an officer's decision, with the reason (money.md 4)."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.brokers.models import Broker
from shop.coop.models import Task
from shop.coop.services import record
from shop.db import locked
from shop.errors import BadInput, NotFound
from shop.ledger.chart import account
from shop.ledger.services import Draft, Move, post
from shop.payouts.errors import WrongState
from shop.payouts.models import BY_BANK, LONGEST_REASON, Payout
from shop.payouts.services.batches import key_of
from shop.payouts.services.deducting import deductions_of, free_claims, moves_of, settle
from shop.payouts.services.rights import OFFICERS, only


def end_payout(session: Session, *, payout_id: int, reason: str, by: Actor) -> Payout:
    """She never got it: the sum is hers again and its earnings wait for a new batch.

    Cash becomes `failed`, and what a broker had wrongly witnessed stands in her float again; a bank payout that has
    not left us becomes `cancelled`, which alone undoes what it kept back. Raises NotYourPart, BadInput without a reason, WrongState for what the bank has or
    she herself confirmed.
    """
    only(by, OFFICERS)
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise BadInput(field="reason")
    payout = locked(session, Payout, {payout_id}).get(payout_id)
    if payout is None:
        raise NotFound(what="payout")
    word = may_end(payout)
    if not word:
        raise WrongState(state=payout.state)
    if payout.rail == "cash":
        locked(session, Broker, {payout.broker_id or 0})  # a drawing going on counts what she has to hand over
    owner, _, number = payout.payee.partition(":")
    source = account(f"{owner}:in_transit", number)
    if payout.state == "acknowledged":
        source = account("broker:float", payout.broker_id or 0)
    payout.state, payout.closed_at = word, clock.now()
    undone = word == "cancelled"
    kept = deductions_of(session, payout_ids=[payout.id]).get(payout.id, []) if undone else []
    free_claims(session, payout_ids=[payout.id], undone=undone)
    settle(session, advance_ids={row.advance_id for row in kept}, by=by)
    _close_tasks(session, payout.id, by)
    record(
        session,
        about=f"payout:{payout.id}",
        kind=f"payout_{word}",
        by=by,
        on_behalf_of=payout.payee,
        facts={"reason": reason.strip()},
    )
    move = Move(source, account(f"{owner}:available", number), payout.amount_minor)
    draft = Draft(
        key=f"{key_of(payout)}:{word}",
        kind=f"payout_{word}",
        currency=payout.currency,
        moves=[move, *moves_of(payout, kept, back=True)],
        source=f"payout:{payout.id}",
        on_behalf_of=payout.payee,
    )
    post(session, [draft], by=by)
    return payout


def may_end(payout: Payout) -> str:
    """What an officer's decision makes of it: failed, cancelled, or nothing where it has no such end."""
    if payout.rail == "cash" and payout.state in {"approved", "sent", "acknowledged"}:
        return "failed"
    return "cancelled" if payout.rail in BY_BANK and payout.state == "approved" else ""


def _close_tasks(session: Session, payout_id: int, by: Actor) -> None:
    keys = Task.key.in_([f"case:{payout_id}", f"spot_call:{payout_id}"])
    session.execute(
        update(Task)
        .where(keys | Task.key.startswith(f"not_received:{payout_id}:"), Task.done_at.is_(None))
        .values(done_at=clock.now(), done_by=by.key)
    )
