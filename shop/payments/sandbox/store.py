"""What the sandbox remembers: one SQLite file that the web and worker processes share."""

import fcntl
import json
import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Json = dict[str, Any]

_VERSION = 1

_SCHEMA = f"""
CREATE TABLE thing (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    created INTEGER NOT NULL,
    due INTEGER,
    body TEXT NOT NULL,
    hidden TEXT NOT NULL
);
CREATE INDEX thing_kind ON thing (kind, seq);
CREATE INDEX thing_due ON thing (due) WHERE due IS NOT NULL;
CREATE INDEX thing_intent ON thing (kind, json_extract(body, '$.payment_intent'));
CREATE INDEX thing_charge ON thing (kind, json_extract(body, '$.charge'));
CREATE INDEX thing_source ON thing (kind, json_extract(body, '$.source'));
CREATE UNIQUE INDEX thing_paid_once ON thing (json_extract(body, '$.payment_intent'))
    WHERE kind = 'charge' AND json_extract(body, '$.status') <> 'failed';
CREATE TABLE delivery (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    event TEXT NOT NULL,
    due INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'given_up')),
    status INTEGER
);
CREATE INDEX delivery_due ON delivery (due) WHERE state = 'waiting';
CREATE INDEX delivery_event ON delivery (event);
CREATE TABLE kept_answer (
    key TEXT PRIMARY KEY,
    asked TEXT NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    created INTEGER NOT NULL
);
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
PRAGMA user_version = {_VERSION};
"""

_FILTERS = frozenset({"payment_intent", "charge", "source", "status", "type", "currency", "transfer_group"})


@dataclass
class Thing:
    """One object of Stripe's: ``body`` is what Stripe would answer, ``hidden`` what only the sandbox knows of it.

    ``due`` is the second at which time alone changes it (a session expires, a payment settles).
    """

    kind: str
    body: Json
    hidden: Json = field(default_factory=dict)
    due: int | None = None

    @property
    def id(self) -> str:
        return str(self.body["id"])


class Unit:
    """One transaction on the sandbox's file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    def get(self, kind: str, thing_id: str) -> Thing | None:
        """The thing of that kind and id, if there is one."""
        row = self._sql.execute(
            "SELECT kind, body, hidden, due FROM thing WHERE id = ? AND kind = ?", (thing_id, kind)
        ).fetchone()
        return _thing(row) if row else None

    def add(self, thing: Thing) -> Thing:
        """Keep a new thing."""
        self._sql.execute(
            "INSERT INTO thing (id, kind, created, due, body, hidden) VALUES (?, ?, ?, ?, ?, ?)",
            (thing.id, thing.kind, thing.body["created"], thing.due, json.dumps(thing.body), json.dumps(thing.hidden)),
        )
        return thing

    def save(self, thing: Thing) -> None:
        """Write a changed thing back."""
        self._sql.execute(
            "UPDATE thing SET due = ?, body = ?, hidden = ? WHERE id = ?",
            (thing.due, json.dumps(thing.body), json.dumps(thing.hidden), thing.id),
        )

    def listed(
        self,
        kind: str,
        *,
        limit: int | None = None,
        where: Mapping[str, str] | None = None,
        created: Sequence[tuple[str, int]] = (),
        types: Sequence[str] = (),
        before: str | None = None,
        after: str | None = None,
    ) -> list[Thing]:
        """Things newest first. ``after`` and ``before`` are the ids next to which a page begins, as in Stripe's lists."""
        clauses, values = ["kind = ?"], [kind]
        for name, wanted in (where or {}).items():
            assert name in _FILTERS
            clauses.append(f"json_extract(body, '$.{name}') = ?")
            values.append(wanted)
        for operator, second in created:
            assert operator in {"<", "<=", ">", ">=", "="}
            clauses.append(f"created {operator} CAST(? AS INTEGER)")
            values.append(str(second))
        if types:
            clauses.append("(" + " OR ".join(["json_extract(body, '$.type') GLOB ?"] * len(types)) + ")")
            values.extend(types)
        if after:
            clauses.append("seq < (SELECT seq FROM thing WHERE id = ?)")
            values.append(after)
        if before:
            clauses.append("seq > (SELECT seq FROM thing WHERE id = ?)")
            values.append(before)
        order = "ASC" if before else "DESC"
        rows = self._sql.execute(
            # every name put into this text stands in a fixed list above; values travel as parameters
            f"SELECT kind, body, hidden, due FROM thing WHERE {' AND '.join(clauses)} ORDER BY seq {order} LIMIT ?",  # noqa: S608
            (*values, -1 if limit is None else limit),
        ).fetchall()
        found = [_thing(row) for row in rows]
        return found[::-1] if before else found

    def overdue(self, second: int) -> list[Thing]:
        """Things that time has changed by now, in the order of their time."""
        rows = self._sql.execute(
            "SELECT kind, body, hidden, due FROM thing WHERE due IS NOT NULL AND due <= ? ORDER BY due, seq LIMIT 500",
            (second,),
        ).fetchall()
        return [_thing(row) for row in rows]

    def is_overdue(self, second: int) -> bool:
        """Whether time has changed anything by now."""
        found = self._sql.execute("SELECT 1 FROM thing WHERE due IS NOT NULL AND due <= ? LIMIT 1", (second,))
        return found.fetchone() is not None

    def setting(self, name: str) -> str | None:
        """A value all processes see."""
        row = self._sql.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    def settings(self, prefix: str) -> list[str]:
        """Names of the settings that begin so, without the beginning."""
        rows = self._sql.execute("SELECT name FROM setting ORDER BY name").fetchall()
        return [row[0].removeprefix(prefix) for row in rows if row[0].startswith(prefix)]

    def set(self, name: str, value: str | None) -> None:
        """Keep a value for all processes, or forget it with None."""
        if value is None:
            self._sql.execute("DELETE FROM setting WHERE name = ?", (name,))
        else:
            self._sql.execute("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", (name, value))

    def execute(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Rows of a statement on the tables of deliveries and kept answers."""
        return self._sql.execute(statement, values).fetchall()

    def save_point(self) -> None:
        """Remember this state of the transaction."""
        self._sql.execute("SAVEPOINT start")

    def back_to_save_point(self) -> None:
        """Undo all since then and keep the transaction open."""
        self._sql.execute("ROLLBACK TO start")


def _thing(row: tuple[Any, ...]) -> Thing:
    return Thing(kind=row[0], body=json.loads(row[1]), hidden=json.loads(row[2]), due=row[3])


class Store:
    """The file, its connections and its queue of writers.

    Writers queue behind a thread lock and a file lock before they begin, since SQLite's own waiting is not fair
    (house.md §5).
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.own: dict[str, str] = {}
        """Settings of this process: a file made anew under a running shop gets them again."""
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._pid = os.getpid()
        self._turn = threading.Lock()
        self._idle: list[tuple[int, sqlite3.Connection]] = []

    @contextmanager
    def reading(self) -> Iterator[Unit]:
        """A view of one moment; nothing in it may write."""
        with self._connection() as sql, _transaction(sql, "BEGIN"):
            yield Unit(sql)

    @contextmanager
    def writing(self) -> Iterator[Unit]:
        """A unit of work of which all or nothing is kept."""
        with self._connection() as sql, self._turn, self._file_turn(), _transaction(sql, "BEGIN IMMEDIATE"):
            yield Unit(sql)

    def close(self) -> None:
        """Let go of the file."""
        while self._idle:
            self._idle.pop()[1].close()

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        if self._pid != os.getpid():  # a forked child must not use its parent's connections
            self._begin_anew()
        inode, sql = self._take()
        try:
            yield sql
        finally:
            self._idle.append((inode, sql))

    def _take(self) -> tuple[int, sqlite3.Connection]:
        while self._idle:
            inode, sql = self._idle.pop()
            # a demo that was thrown away and made anew has another file under the same name
            if self.file.exists() and self.file.stat().st_ino == inode:
                return inode, sql
            sql.close()
        return self._open()

    def _open(self) -> tuple[int, sqlite3.Connection]:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        sql = sqlite3.connect(self.file, timeout=10, isolation_level=None, check_same_thread=False)
        sql.execute("PRAGMA busy_timeout = 10000")
        if sql.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
            with self._file_turn():
                if sql.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
                    sql.execute("PRAGMA journal_mode = WAL")
                    sql.executescript("BEGIN IMMEDIATE;" + _SCHEMA + "COMMIT;")
                    sql.executemany("INSERT INTO setting (name, value) VALUES (?, ?)", self.own.items())
        # test money: a power cut may forget the last moment, never half of a payment
        sql.execute("PRAGMA synchronous = NORMAL")
        return self.file.stat().st_ino, sql

    @contextmanager
    def _file_turn(self) -> Iterator[None]:
        with self.file.with_suffix(".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


@contextmanager
def _transaction(sql: sqlite3.Connection, begin: str) -> Iterator[None]:
    sql.execute(begin)
    try:
        yield
    except BaseException:
        sql.execute("ROLLBACK")
        raise
    sql.execute("COMMIT")


_stores: dict[Path, Store] = {}
_stores_lock = threading.Lock()


def open_store(instance_path: Path) -> Store:
    """This process's door to ``sandbox.db`` in the instance folder."""
    file = instance_path.resolve() / "sandbox.db"
    with _stores_lock:
        if file not in _stores:
            _stores[file] = Store(file)
        return _stores[file]
