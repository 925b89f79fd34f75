"""What the outbox's tests share."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select

from shop.db import reading, writing
from shop.outbox import handlers
from shop.outbox.models import OutboxRow
from shop.outbox.services import owe


@pytest.fixture
def handler() -> Iterator[Callable[..., Any]]:
    """Register a handler for this test alone: `handler("test.kind", fn)`, `handler("k", fn, inside=True)`."""
    known: list[str] = []

    def register(kind: str, doer: Callable[..., Any], *, inside: bool = False, forget: tuple[str, ...] = ()) -> None:
        (handlers.settles if inside else handlers.handles)(kind, forget=forget)(doer)
        known.append(kind)

    yield register
    for kind in known:
        handlers.forget_handler(kind)


@pytest.fixture
def owed(engine) -> Callable[..., None]:
    """Owe jobs in a unit of work of their own: `owed("a", "b", kind="test.kind")`."""

    def put(*keys: str, kind: str = "test.kind", **how: Any) -> None:
        with writing() as session:
            for key in keys:
                owe(session, kind=kind, key=key, payload=how.get("payload", {}), due_at=how.get("due_at"))

    return put


def row_of(key: str) -> OutboxRow:
    """The row as it stands now."""
    with reading() as session:
        return session.scalars(select(OutboxRow).where(OutboxRow.key == key)).one()


def states() -> dict[str, str]:
    """Key → state of every row."""
    with reading() as session:
        return dict(session.execute(select(OutboxRow.key, OutboxRow.state)).all())


def make_due(key: str) -> None:
    """Let a job that waits for its next try be due now."""
    with writing() as session:
        row = session.scalars(select(OutboxRow).where(OutboxRow.key == key)).one()
        row.due_at = row.created_at
