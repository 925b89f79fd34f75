"""Owing work, leasing it, and saying how it ended. Every step is a row; the carrier (Huey) is only a bell."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from shop import clock
from shop.errors import NotFound
from shop.outbox.models import OutboxRow

MOST_ATTEMPTS = 8
LEASE = timedelta(seconds=30)
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=24)
KEY_LENGTH = 160


# built once: every order owes several rows, and building the statement costs more than running it
_OWE = {
    name: insert(OutboxRow).on_conflict_do_nothing(index_elements=["key"])
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}


@dataclass(frozen=True, slots=True)
class Job:
    """One leased piece of work. `attempts` counts this try too, and is the proof that the lease is still ours."""

    id: int
    kind: str
    key: str
    payload: dict[str, Any] = field(default_factory=dict)
    attempts: int = 1


def machine_now() -> datetime:
    """The machine's time, on which leases run: a demo whose clock jumps a week must not take running jobs for dead."""
    return datetime.fromtimestamp(time.time(), UTC)


def owe(session: Session, *, kind: str, key: str, payload: dict[str, Any], due_at: datetime | None = None) -> None:
    """Owe one side effect from this commit on. The same `key` again changes nothing.

    Raises ValueError for a key over 160 characters, which only one of the two databases would refuse.
    """
    if not 0 < len(key) <= KEY_LENGTH:
        raise ValueError(f"a key has 1 to {KEY_LENGTH} characters: {key!r}")
    now = clock.now()
    row = {"kind": kind, "key": key, "payload": payload, "due_at": due_at or now, "created_at": now}
    session.connection().execute(_OWE[session.get_bind().dialect.name], row)


def reclaim(session: Session) -> int:
    """Take back what a dead worker held; park what has killed its worker at the last try too. Gives how many rows."""
    gone = (OutboxRow.state == "leased", OutboxRow.lease_until < machine_now())
    freed = session.scalars(
        update(OutboxRow)
        .where(*gone, OutboxRow.attempts < MOST_ATTEMPTS)
        .values(state="pending", lease_until=None, last_error="its worker ended in the middle of it")
        .returning(OutboxRow.id),
        execution_options={"synchronize_session": False},
    ).all()
    parked = session.scalars(
        update(OutboxRow)
        .where(*gone, OutboxRow.attempts >= MOST_ATTEMPTS)
        .values(state="parked", lease_until=None, last_error="every worker that tried it ended in the middle of it")
        .returning(OutboxRow.id),
        execution_options={"synchronize_session": False},
    ).all()
    return len(freed) + len(parked)


def lease(session: Session, *, limit: int, kinds: Sequence[str] | None = None) -> list[Job]:
    """At most `limit` jobs that are due, oldest first, ours until the lease runs out. Nobody else gets them meanwhile."""
    reclaim(session)
    due = select(OutboxRow.id).where(OutboxRow.state == "pending", OutboxRow.due_at <= clock.now())
    if kinds is not None:
        due = due.where(OutboxRow.kind.in_(kinds))
    # read first, then updated by id: an UPDATE whose subquery has both LIMIT and SKIP LOCKED may lock more than LIMIT
    ids = session.scalars(
        due.order_by(OutboxRow.due_at, OutboxRow.id).limit(limit).with_for_update(skip_locked=True)
    ).all()
    if not ids:
        return []
    rows = session.execute(
        update(OutboxRow)
        .where(OutboxRow.id.in_(ids), OutboxRow.state == "pending")
        .values(state="leased", attempts=OutboxRow.attempts + 1, lease_until=machine_now() + LEASE)
        .returning(OutboxRow.id, OutboxRow.kind, OutboxRow.key, OutboxRow.payload, OutboxRow.attempts),
        execution_options={"synchronize_session": False},
    )
    jobs = {row.id: Job(row.id, row.kind, row.key, row.payload, row.attempts) for row in rows}
    return [jobs[found] for found in ids if found in jobs]


def _ours(job: Job) -> tuple[Any, ...]:
    return OutboxRow.id == job.id, OutboxRow.state == "leased", OutboxRow.attempts == job.attempts


def still_ours(session: Session, job: Job) -> bool:
    """Whether our lease stands; the row is held until the unit of work ends, so that nobody takes it meanwhile."""
    return session.scalar(select(OutboxRow.id).where(*_ours(job)).with_for_update()) is not None


def renew(session: Session, jobs: Sequence[Job]) -> None:
    """Hold running jobs for another lease."""
    for job in sorted(jobs, key=lambda held: held.id):
        session.execute(
            update(OutboxRow).where(*_ours(job)).values(lease_until=machine_now() + LEASE),
            execution_options={"synchronize_session": False},
        )


def done(session: Session, job: Job, *, forget: Sequence[str] = ()) -> bool:
    """Write down that a job has been done; False when the lease had run out and another has taken it.

    `forget` names the parts of its payload, such as a link's secret, that are not kept beyond this.
    """
    values: dict[str, Any] = {"state": "done", "done_at": clock.now(), "lease_until": None, "last_error": ""}
    if forget:
        values["payload"] = {name: value for name, value in job.payload.items() if name not in forget}
    return _conclude(session, job, values)


def failed(session: Session, job: Job, error: str, *, hopeless: bool = False) -> bool:
    """Try again later, later each time: 30 s, 2 min, 8 min … a day; parked after eight tries, or at once if hopeless."""
    values: dict[str, Any] = {"lease_until": None, "last_error": error.replace("\x00", "")[:500]}
    if hopeless or job.attempts >= MOST_ATTEMPTS:
        values |= {"state": "parked"}
    else:
        pause = min(FIRST_PAUSE * 4 ** (job.attempts - 1), LONGEST_PAUSE)
        values |= {"state": "pending", "due_at": clock.now() + pause}
    return _conclude(session, job, values)


def _conclude(session: Session, job: Job, values: dict[str, Any]) -> bool:
    ended = session.scalar(
        update(OutboxRow).where(*_ours(job)).values(**values).returning(OutboxRow.id),
        execution_options={"synchronize_session": False},
    )
    return ended is not None


def unpark(session: Session, *, row_id: int) -> None:
    """Try a parked job anew, with all its tries. NotFound when it is not parked (any more)."""
    freed = session.scalar(
        update(OutboxRow)
        .where(OutboxRow.id == row_id, OutboxRow.state == "parked")
        .values(state="pending", attempts=0, due_at=clock.now())
        .returning(OutboxRow.id),
        execution_options={"synchronize_session": False},
    )
    if freed is None:
        raise NotFound(what="parked job", id=row_id)


def pull_back(session: Session, *, by: timedelta) -> int:
    """After the demo's clock went back by `by`: what was owed in the days that are no more keeps its distance from now,
    and what waits for another try need not wait for those days to come. Gives how many rows moved.
    """
    now = clock.now()
    later = select(OutboxRow).where(OutboxRow.state == "pending", OutboxRow.due_at > now)
    moved = 0
    for row in session.scalars(later.where(or_(OutboxRow.created_at > now, OutboxRow.attempts > 0)).limit(100_000)):
        if row.created_at > now:
            row.created_at -= by
            row.due_at -= by
        else:
            row.due_at = now
        moved += 1
    return moved
