"""Reading again only what may have changed.

SQLite tells each connection whether anybody else has committed since it last looked, for the price of a function call.
A process counts those changes: a connection looks before its reading begins, and one that sees a change, or looks for
the first time, raises the count. What was read under the present count is what would be read now. PostgreSQL gives no
such sign, so there everything is read.
"""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from sqlalchemy import Executable, Row
from sqlalchemy.engine import Connection

from shop.home.kept import Kept

_STAMP = "home.stamp"
_SEEN = "home.seen"
_counter = count(1)
_now = {"count": 0}
_read: Kept[Sequence[Row[Any]]] = Kept(300)


def rows_of(
    connection: Connection, statement: Executable, name: object, binds: Mapping[str, Any]
) -> Sequence[Row[Any]]:
    """The statement's rows; read only where the database has changed since `name` with these `binds` was read last."""
    seen = _changes(connection)
    if seen is None:
        return connection.execute(statement, binds).all()
    key = (seen, name, tuple((part, tuple(v) if isinstance(v, list) else v) for part, v in binds.items()))
    found = _read.get(key)
    if found is None:
        found = _read.put(key, connection.execute(statement, binds).all())
        connection.info[_SEEN] = (connection.get_transaction(), seen)
    return found


def _changes(connection: Connection) -> int | None:
    """The count of changes that what is read now belongs to; None where that cannot be told.

    A transaction sees the state of its first statement: what it reads belongs to the count from before that, never
    to one that somebody else has raised meanwhile.
    """
    if connection.dialect.name != "sqlite":
        return None
    if connection.in_transaction():
        began, seen = connection.info.get(_SEEN, (None, 0))
        return seen if began is connection.get_transaction() else None
    raw: Any = connection.connection.driver_connection
    # data_version tells of others' commits only, so our own writes on this connection are looked for beside it
    stamp = (raw.execute("PRAGMA data_version").fetchone()[0], raw.total_changes)
    if connection.info.get(_STAMP) != stamp:
        connection.info[_STAMP] = stamp
        _now["count"] = next(_counter)
    return _now["count"]
