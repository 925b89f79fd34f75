"""The co-op's cash in brokers' hands: drawn against what is to be handed over, brought back, and what she laid out."""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.brokers.models import Broker
from shop.coop.models import Coop, Task
from shop.coop.services import open_task
from shop.db import locked
from shop.errors import BadInput, NotFound
from shop.ledger.chart import account
from shop.ledger.models import Posting, Transfer
from shop.ledger.queries import balance
from shop.ledger.services import Draft, KeyReused, Move, post
from shop.payouts.errors import BankShort, MoreThanToHandOver
from shop.payouts.models import Payout
from shop.payouts.services.rights import TREASURER, only

BANK = account("bank", "main")


def draw_float(session: Session, *, broker_id: int, amount_minor: int, currency: str, by: Actor, key: str) -> None:
    """The broker takes the co-op's cash with her to pay makers: `broker:float ← bank`. `key` is the form's.

    What she laid out of her own is given back first: `broker:credit ← bank`. Raises MoreThanToHandOver, BankShort: both
    are our decisions, and looked at while no other drawing goes on.
    """
    only(by, TREASURER)
    locked(session, Coop, {1})  # one drawing at a time in the whole co-op, or two would share one balance of the bank
    _hold(session, broker_id)
    name = f"float:{broker_id}:{key}"
    if _posted(session, name, "float_out", _positive(amount_minor)):
        return
    credit = balance(session, account("broker:credit", broker_id), currency)
    most = max(
        cash_to_hand_over(session, broker_id=broker_id)
        + credit
        - balance(session, account("broker:float", broker_id), currency),
        0,
    )
    if amount_minor > most:
        raise MoreThanToHandOver(most_minor=most, currency=currency, field="amount")
    has = balance(session, BANK, currency)
    if amount_minor > has:
        raise BankShort(has_minor=has, currency=currency, field="amount")
    repaid = min(credit, amount_minor)
    moves = [
        Move(account("broker:credit", broker_id), BANK, repaid),
        Move(account("broker:float", broker_id), BANK, amount_minor - repaid),
    ]
    if repaid == credit:
        _close_short(session, broker_id, by)
    post(session, [Draft(name, "float_out", currency, moves, source=f"broker:{broker_id}")], by=by)


def return_float(session: Session, *, broker_id: int, amount_minor: int, currency: str, by: Actor, key: str) -> None:
    """The broker brings cash back: `bank ← broker:float`. Overdraft where she says more than she holds."""
    only(by, TREASURER)
    _hold(session, broker_id)
    move = Move(BANK, account("broker:float", broker_id), _positive(amount_minor))
    draft = Draft(f"float:{broker_id}:{key}", "float_back", currency, [move], source=f"broker:{broker_id}")
    post(session, [draft], by=by)


def paid_out(session: Session, payout: Payout, *, her_own_word: bool) -> list[Move]:
    """The moves by which cash leaves a broker for a payee: `in_transit ← float`.

    Her own word is a fact from outside (money.md 3): what the float does not hold the broker laid out of her own,
    `in_transit ← broker:credit`, and the treasurer is told.
    """
    broker_id, owner = payout.broker_id or 0, payout.payee
    kind, _, number = owner.partition(":")
    transit, cash = account(f"{kind}:in_transit", number), account("broker:float", broker_id)
    _hold(session, broker_id)
    held = balance(session, cash, payout.currency)
    if not her_own_word or held >= payout.amount_minor:
        return [Move(transit, cash, payout.amount_minor)]
    short = payout.amount_minor - held
    open_task(
        session,
        key=f"float_short:{broker_id}:{payout.id}",
        kind="float_short",
        facts={"payout_id": payout.id, "broker_id": broker_id, "short_minor": short},
    )
    return [Move(transit, cash, held), Move(transit, account("broker:credit", broker_id), short)]


def cash_to_hand_over(session: Session, *, broker_id: int) -> int:
    """What a broker still has to hand to makers in cash, in minor units."""
    return int(
        session.scalar(
            select(func.coalesce(func.sum(Payout.amount_minor), 0)).where(
                Payout.broker_id == broker_id, Payout.rail == "cash", Payout.state.in_(("approved", "sent"))
            )
        )
        or 0
    )


def _hold(session: Session, broker_id: int) -> None:
    """Whatever touches a broker's cash waits for its turn here, before any account is held."""
    if broker_id not in locked(session, Broker, {broker_id}):
        raise NotFound(what="broker")


def _positive(amount_minor: int) -> int:
    if amount_minor <= 0:
        raise BadInput(field="amount")
    return amount_minor


def _posted(session: Session, key: str, kind: str, amount_minor: int) -> bool:
    """Whether this form has moved its cash before. Raises KeyReused where it moved another sum."""
    rows = session.execute(
        select(Posting.kind, func.sum(Transfer.amount_minor))
        .join(Transfer, Transfer.posting_id == Posting.id)
        .where(Posting.key == key)
        .group_by(Posting.kind)
    ).all()
    if rows and (rows[0][0], int(rows[0][1])) != (kind, amount_minor):
        raise KeyReused(key=key)
    return bool(rows)


def _close_short(session: Session, broker_id: int, by: Actor) -> None:
    session.execute(
        update(Task)
        .where(Task.key.startswith(f"float_short:{broker_id}:"), Task.done_at.is_(None))
        .values(done_at=clock.now(), done_by=by.key)
    )
