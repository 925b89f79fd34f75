"""What the co-op decides, and what it must look at."""

from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.coop.models import Change, Task


def open_task(session: Session, *, key: str, kind: str, facts: dict[str, Any] | None = None) -> None:
    """Put something on the co-op's list; the same `key` again changes nothing."""
    make = (sqlite_insert if session.get_bind().dialect.name == "sqlite" else pg_insert)(Task)
    session.execute(
        make.values(key=key, kind=kind, facts=facts or {}, created_at=clock.now()).on_conflict_do_nothing(
            index_elements=["key"]
        )
    )


def close_task(session: Session, *, key: str, by: Actor) -> None:
    """It has been looked at; closing again changes nothing."""
    session.execute(
        update(Task).where(Task.key == key, Task.done_at.is_(None)).values(done_at=clock.now(), done_by=by.key)
    )


def record(
    session: Session,
    *,
    about: str,
    kind: str,
    by: Actor,
    on_behalf_of: str | None = None,
    facts: dict[str, Any] | None = None,
) -> None:
    """Write into the history of what has none of its own who changed it, and for whom. `about` is "maker:7"."""
    session.add(
        Change(
            about=about,
            kind=kind,
            facts=facts or {},
            at=clock.now(),
            actor=by.key,
            actor_name=by.name,
            on_behalf_of=on_behalf_of,
        )
    )
