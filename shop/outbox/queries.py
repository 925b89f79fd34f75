"""What waits, what is parked, and when a worker was last seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop import clock
from shop.outbox.models import Heartbeat, OutboxRow
from shop.outbox.services import machine_now

WORKER = "worker"
COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Backlog:
    """How far the worker is behind. Counts end at 1000; `oldest_due_at` and `seen_at` are None where there is none."""

    due: int
    parked: int
    oldest_due_at: datetime | None
    seen_at: datetime | None

    @property
    def stalled(self) -> bool:
        """Whether something has been due for over five minutes: no worker runs, or it does not keep up."""
        return self.oldest_due_at is not None and (clock.now() - self.oldest_due_at).total_seconds() > 300


def anything_to_do(session: Session) -> bool:
    """Whether a job is due, or a dead worker's lease has run out."""
    due = select(OutboxRow.id).where(OutboxRow.state == "pending", OutboxRow.due_at <= clock.now()).limit(1)
    if session.scalar(due) is not None:
        return True
    gone = select(OutboxRow.id).where(OutboxRow.state == "leased", OutboxRow.lease_until < machine_now()).limit(1)
    return session.scalar(gone) is not None


def backlog(session: Session) -> Backlog:
    """For the office's front page and the health check."""
    due = (OutboxRow.state == "pending", OutboxRow.due_at <= clock.now())
    due_count, parked = (
        select(func.count()).select_from(select(OutboxRow.id).where(*these).limit(COUNTED).subquery()).scalar_subquery()
        for these in (due, (OutboxRow.state == "parked",))
    )
    oldest = select(func.min(OutboxRow.due_at)).where(*due).scalar_subquery()
    seen = select(Heartbeat.at).where(Heartbeat.name == WORKER).scalar_subquery()
    row = session.execute(select(due_count, parked, oldest, seen)).one()
    return Backlog(row[0] or 0, row[1] or 0, row[2], row[3])


def worker_seen_at(session: Session) -> datetime | None:
    """When a worker last looked for work, by the shop's clock."""
    return session.scalar(select(Heartbeat.at).where(Heartbeat.name == WORKER))


def marks(session: Session) -> dict[str, datetime]:
    """Name → last run, of the worker and of everything that runs every so often."""
    return dict(session.execute(select(Heartbeat.name, Heartbeat.at)).all())


def rows(
    session: Session, *, states: Sequence[str] = ("parked",), before: int | None = None, limit: int = 50
) -> list[OutboxRow]:
    """A page of the outbox, newest first; `before` is the last id of the page before."""
    page = select(OutboxRow).where(OutboxRow.state.in_(states)).order_by(OutboxRow.id.desc()).limit(min(limit, 200))
    if before is not None:
        page = page.where(OutboxRow.id < before)
    return list(session.scalars(page))
