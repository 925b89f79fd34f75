"""How many statements went to the database, and which."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

FRAME = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "DROP", "ALTER")


class Statements(list[str]):
    """The statements of a stretch of code, in order; transactions' frames are not counted."""

    @property
    def writes(self) -> list[str]:
        """Those that change something."""
        return [one for one in self if one.lstrip("( \n").upper().startswith(WRITES)]


@contextmanager
def counted() -> Iterator[Statements]:
    """All statements of this process, on whichever engine, while the block runs."""
    seen = Statements()

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.upper().startswith(FRAME):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)
