"""What was done long ago keeps its key, so that it is not done again, and loses what it said: addresses, letters' words."""

from datetime import timedelta

from sqlalchemy import String, cast, literal_column, select, update

from shop import clock
from shop.db import again, writing
from shop.outbox.models import OutboxRow
from shop.outbox.periodic import every

KEPT = timedelta(days=90)
AT_ONCE = 500
A_DAY = 24 * 60 * 60

EMPTY = literal_column("'{}'", String)


def forget_done() -> int:
    """Empty what done jobs carried, ninety days after; gives how many."""
    return sum(iter(lambda: again(_some), 0))


def _some() -> int:
    with writing() as session:
        long_ago = clock.now() - KEPT
        # as text: PostgreSQL compares no JSON
        told = cast(OutboxRow.payload, String) != EMPTY
        ids = session.scalars(
            select(OutboxRow.id)
            .where(OutboxRow.state == "done", OutboxRow.due_at < long_ago, OutboxRow.done_at < long_ago, told)
            .limit(AT_ONCE)
        ).all()
        session.execute(update(OutboxRow).where(OutboxRow.id.in_(ids)).values(payload={}))
        return len(ids)


def init_app() -> None:
    """Once a day."""
    every(A_DAY, "outbox.forget_done")(forget_done)
