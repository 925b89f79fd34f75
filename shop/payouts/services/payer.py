"""The account that the co-op itself pays from: another one waits, as a payee's does (money.md 4)."""

from datetime import timedelta

from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import WORKER, Actor
from shop.coop.services import close_task, open_task, record
from shop.db import locked, writing
from shop.errors import NotFound
from shop.outbox.periodic import every
from shop.payouts.errors import SamePerson, WrongState
from shop.payouts.facts import forget_pay_facts
from shop.payouts.models import PayerChange, PaySettings
from shop.payouts.services.rights import OFFICERS, only
from shop.payouts.services.telling import tell_of_payer

PAYER = ("payer_name", "payer_account", "payer_bank", "payer_bank_code")


def propose_payer(session: Session, *, row: PaySettings, by: Actor, **facts: str) -> PayerChange:
    """Write down another account; until it is taken up the co-op pays from the one it has. A newer one replaces it."""
    for waiting in session.scalars(select(PayerChange).where(PayerChange.is_open)):
        _end(session, waiting, "dropped", by)
    session.flush()  # at most one is open
    now = clock.now()
    good_from = now + timedelta(days=row.account_wait_days)
    change = PayerChange(
        set_by=by.key, set_at=now, good_from=good_from, **{name: facts.get(name, "") for name in PAYER}
    )
    session.add(change)
    session.flush()  # its id names the letters
    tell_of_payer(session, change)
    open_task(session, key=f"payer_change:{change.id}", kind="payer_change", facts={})
    return change


def approve_payer(session: Session, *, change_id: int, by: Actor) -> PayerChange:
    """A second person says yes. Raises NotYourPart, SamePerson, WrongState for one that is not waiting."""
    change = _open(session, change_id, by)
    if change.set_by == by.key:
        raise SamePerson(change_id=change_id)
    if change.approved_by is None:
        change.approved_by, change.approved_at = by.key, clock.now()
        close_task(session, key=f"payer_change:{change.id}", by=by)
        record(session, about="coop:1", kind="payer_approved", by=by)
    _take_up(session, change, by)
    return change


def drop_payer(session: Session, *, change_id: int, by: Actor) -> PayerChange:
    """Nobody meant it: the co-op goes on paying from the account it has. Raises NotYourPart, WrongState."""
    change = _open(session, change_id, by)
    _end(session, change, "dropped", by)
    record(session, about="coop:1", kind="payer_dropped", by=by)
    return change


def _open(session: Session, change_id: int, by: Actor) -> PayerChange:
    only(by, OFFICERS)
    change = locked(session, PayerChange, {change_id}).get(change_id)
    if change is None:
        raise NotFound(what="payer_change")
    if not change.is_open:
        raise WrongState(state=change.ended_as or "")
    return change


def _end(session: Session, change: PayerChange, word: str, by: Actor) -> None:
    change.is_open, change.ended_as, change.ended_by, change.ended_at = False, word, by.key, clock.now()
    close_task(session, key=f"payer_change:{change.id}", by=by)


def _take_up(session: Session, change: PayerChange, by: Actor) -> bool:
    """Put it into force where it has waited and, if the co-op asks for one, has its second person."""
    row = session.get_one(PaySettings, 1)
    unapproved = row.account_limit_minor is not None and change.approved_by is None
    if change.good_from > clock.now() or unapproved:
        return False
    session.execute(
        update(PaySettings)
        .where(PaySettings.id == 1)
        .values(version=PaySettings.version + 1, **{name: getattr(change, name) for name in PAYER}),
        execution_options={"synchronize_session": False},
    )
    session.expire(row)
    _end(session, change, "taken_up", by)
    event.listen(session, "after_commit", lambda _session: forget_pay_facts(), once=True)
    return True


def take_up_payer() -> int:
    """What the worker does every ten minutes; how many accounts were taken up."""
    with writing() as session:
        change = session.scalar(select(PayerChange).where(PayerChange.is_open).with_for_update())
        return int(change is not None and _take_up(session, change, WORKER))


def init_app() -> None:
    every(600, "payouts.take_up_payer")(take_up_payer)
