"""Asking for the statements of a broker's whole group; the worker makes them (group_paper.py)."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.brokers.models import Broker
from shop.db import locked
from shop.errors import NotFound, NotYours
from shop.ids import spoken
from shop.outbox.services import owe
from shop.payouts.errors import NothingToPrint
from shop.payouts.models import StatementRun
from shop.payouts.queries.groups import group_size
from shop.payouts.services.rights import STAFF, only

KIND = "payouts.statements"


def ask_statements(session: Session, *, broker_id: int, since: date, until: date, lang: str, by: Actor) -> StatementRun:
    """Have the worker make them; the same while it is at it gives back the run there is.

    Raises NotYourPart, NotYours for another broker's group, NothingToPrint where nobody of it earned in those days.
    """
    if by.role != "broker":
        only(by, STAFF)
    elif by.broker_id != broker_id:
        raise NotYours(broker_id=broker_id)
    if broker_id not in locked(session, Broker, {broker_id}):
        raise NotFound(what="broker")
    same = (StatementRun.since == since, StatementRun.until == until, StatementRun.lang == lang)
    known = session.scalar(
        select(StatementRun).where(StatementRun.broker_id == broker_id, StatementRun.finished_at.is_(None), *same)
    )
    if known is not None:
        return known
    total = group_size(session, broker_id=broker_id, since=since, until=until)
    if not total:
        raise NothingToPrint(broker_id=broker_id)
    run = StatementRun(
        broker_id=broker_id,
        since=since,
        until=until,
        lang=lang,
        token=spoken(20),
        total=total,
        asked_by=by.key,
        asked_at=clock.now(),
    )
    session.add(run)
    session.flush()  # its id names the job
    owe(session, kind=KIND, key=f"statements:{run.id}:1", payload={"run": run.id})
    return run


def part_made(session: Session, *, run_id: int, done: int, last_maker_id: int, more: bool) -> StatementRun:
    """A part is on disk: the next one is owed in the same commit, or the run is finished."""
    run = locked(session, StatementRun, {run_id})[run_id]
    run.done, run.last_maker_id, run.parts = min(done, run.total), last_maker_id, run.parts + 1
    if more:
        owe(session, kind=KIND, key=f"statements:{run.id}:{run.parts + 1}", payload={"run": run.id})
    else:
        # who left the group meanwhile is in no part
        run.total = max(run.done, 1)
        run.finished_at = clock.now()
    return run


def progress(session: Session, *, run_id: int, done: int) -> None:
    """So many are pressed so far."""
    run = session.get_one(StatementRun, run_id)
    run.done = min(done, run.total)
