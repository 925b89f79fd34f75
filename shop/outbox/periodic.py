"""What runs every so often, whatever the number of workers: the database says whose turn it is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from shop import clock
from shop.db import again, writing
from shop.outbox.models import Heartbeat

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
PREFIX = "every:"


@dataclass(frozen=True, slots=True)
class Round:
    """Something done every so often. `when` is asked first, so that an idle shop commits nothing."""

    seconds: int
    doer: Callable[[], object]
    when: Callable[[], bool] | None = None


_rounds: dict[str, Round] = {}


def every(
    seconds: int, name: str, *, when: Callable[[], bool] | None = None
) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Let the worker call a function every `seconds` of the shop's clock; after a day off it runs once, not often.

    The function opens its own `writing()` and must be harmless when it is called again. `when`, if given, is a cheap
    look (a folder's listing) that says whether there is anything to do; each turn taken costs a commit.
    """
    if seconds < 1 or not 0 < len(PREFIX + name) <= 40:
        raise ValueError(f"every({seconds}, {name!r})")

    def declare(doer: Callable[[], object]) -> Callable[[], object]:
        _rounds[name] = Round(seconds, doer, when)
        return doer

    return declare


def forget_round(name: str) -> None:
    """Take a registration back; for tests and for rooms that are switched off."""
    _rounds.pop(name, None)


def names() -> list[str]:
    """Everything registered."""
    return sorted(_rounds)


def due(marks: dict[str, datetime]) -> list[str]:
    """Names whose turn has come, by the marks that `queries.marks` read."""
    now = clock.now()
    return [
        name
        for name, turn in sorted(_rounds.items())
        if _is_due(marks.get(PREFIX + name), turn.seconds, now) and (turn.when is None or turn.when())
    ]


def _is_due(last: datetime | None, seconds: int, now: datetime) -> bool:
    # a mark in the future was left before the clock went back, and says nothing
    pause = timedelta(seconds=seconds)
    return last is None or last <= now - pause or last > now + pause


def _insert(session: Session) -> Any:
    return postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert


def mark(session: Session, *, name: str) -> None:
    """Write down that `name` was here now."""
    row = _insert(session)(Heartbeat).values(name=name, at=clock.now())
    session.execute(row.on_conflict_do_update(index_elements=["name"], set_={"at": row.excluded.at}))


def claim(session: Session, *, name: str) -> bool:
    """Take this turn of `name`. False when another worker has taken it."""
    now, pause = clock.now(), timedelta(seconds=_rounds[name].seconds)
    first = _insert(session)(Heartbeat).values(name=PREFIX + name, at=NEVER)
    session.execute(first.on_conflict_do_nothing(index_elements=["name"]))
    taken = session.scalar(
        update(Heartbeat)
        .where(Heartbeat.name == PREFIX + name, or_(Heartbeat.at <= now - pause, Heartbeat.at > now + pause))
        .values(at=now)
        .returning(Heartbeat.name),
        execution_options={"synchronize_session": False},
    )
    return taken is not None


def run_round(name: str) -> bool:
    """Run `name` if it is its turn and nobody else took it. Gives whether it ran; what it raises comes through."""

    def take() -> bool:
        with writing() as session:
            return claim(session, name=name)

    if name not in _rounds or not again(take):
        return False
    _rounds[name].doer()
    return True
