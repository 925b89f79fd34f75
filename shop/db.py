"""The one door to the database: `writing()`, `reading()`, `locked()` and the column types of the house."""

import fcntl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any, TypeVar

from sqlalchemy import (
    JSON,
    BigInteger,
    BindParameter,
    DateTime,
    Enum,
    Integer,
    MetaData,
    Select,
    String,
    bindparam,
    create_engine,
    event,
    select,
)
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column
from sqlalchemy.types import TypeDecorator

from shop.errors import ShopError

LANGS = ("zh", "vi", "en")

Texts = dict[str, str]
"""One text in up to three languages: {"zh": …, "vi": …, "en": …}."""


class Base(DeclarativeBase):
    """All tables; constraint names are fixed so that migrations on both databases can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


Id = Annotated[int, mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)]
Minor = Annotated[int, mapped_column(BigInteger)]
Currency = Annotated[str, mapped_column(String(3))]


class Utc(TypeDecorator[datetime]):
    """A moment in UTC. A naive datetime is refused, since nobody could say which moment it is."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Tri(TypeDecorator[Texts]):
    """One text in up to three languages, kept as JSON; only the shop's languages may be keys."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Texts | None, dialect: Dialect) -> Texts | None:
        if value is not None and not set(value) <= set(LANGS):
            raise ValueError(f"languages {sorted(value)}")
        return value


def one_of(name: str, *values: str) -> Enum:
    """A word out of a fixed list, as VARCHAR with a CHECK on both databases."""
    return Enum(*values, name=name, native_enum=False, create_constraint=True, validate_strings=True, length=24)


class Busy(ShopError):
    """The database had no turn for us in time."""

    status = 503
    code = "busy"


class _Door(threading.local):
    """What this thread holds, so that it never holds two connections."""

    held: str = ""


_door = _Door()
_queue = threading.Lock()
_state: dict[str, Any] = {}
KEPT: list[Callable[[], None]] = []
"""What a process keeps of the data in memory; each is called when the process turns to another database."""


def forget_kept() -> None:
    """Forget what is kept in memory of the database so far."""
    for forget in KEPT:
        forget()


def connect(url: str, *, pool: int = 64) -> Engine:
    """Make the process's engine and keep it for `engine()`. An engine made before is disposed of."""
    if "engine" in _state:
        _state["engine"].dispose()
    forget_kept()
    _state["engine"] = make_engine(url, pool=pool)
    return engine()


def engine() -> Engine:
    """The process's engine; RuntimeError before `connect`."""
    if "engine" not in _state:
        raise RuntimeError("no database yet: call shop.db.connect first")
    found: Engine = _state["engine"]
    return found


def make_engine(url: str, *, pool: int = 64) -> Engine:
    """An engine with the pragmas and pool sizes of house.md 4 and 5."""
    if url.startswith("sqlite"):
        made = create_engine(
            url, pool_size=pool, max_overflow=0, connect_args={"check_same_thread": False}, hide_parameters=True
        )
        event.listen(made, "connect", _sqlite_pragmas)
    else:
        made = create_engine(
            url, pool_size=10, max_overflow=5, pool_timeout=5, pool_pre_ping=True, hide_parameters=True
        )
    event.listen(made, "begin", _begin)
    return made


def _sqlite_pragmas(raw: Any, _record: Any) -> None:
    raw.isolation_level = None
    for pragma in (
        "foreign_keys=ON",
        "recursive_triggers=ON",
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=5000",
        "cache_size=-16000",
    ):
        raw.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        writes = connection.get_execution_options().get("writing")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _held(kind: str) -> Iterator[None]:
    if _door.held:
        raise RuntimeError(f"{kind} inside {_door.held}: a thread never holds two connections")
    _door.held = kind
    try:
        yield
    finally:
        _door.held = ""


def holding() -> str:
    """What this thread holds now: "", "reading()" or "writing()". A network call refuses to run inside the latter."""
    return _door.held


@contextmanager
def _turn(bound: Engine) -> Iterator[None]:
    """SQLite's own busy back-off is not fair, so writers queue: threads on a lock, processes on a locked file."""
    if bound.dialect.name != "sqlite" or not bound.url.database or bound.url.database == ":memory:":
        yield
        return
    if not _queue.acquire(timeout=20):
        raise Busy(why="queue")
    try:
        with Path(bound.url.database + ".lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
    finally:
        _queue.release()


@contextmanager
def writing() -> Iterator[Session]:
    """One unit of work: commits when the block ends, rolls back when it raises."""
    bound = engine().execution_options(writing=True)
    with _held("writing()"), _turn(bound), Session(bound, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def reading(*, snapshot: bool = False) -> Iterator[Session]:
    """A look at the data; nothing done here is kept. With `snapshot`, all of it as of one moment, for exports."""
    with _held("reading()"), Session(engine(), expire_on_commit=False, autoflush=False) as session:
        if snapshot and engine().dialect.name == "postgresql":
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield session


@contextmanager
def reading_core() -> Iterator[Connection]:
    """As `reading()`, without the ORM: for the hot pages' prebuilt statements."""
    with _held("reading()"), engine().connect() as connection:
        yield connection


M = TypeVar("M", bound=Base)


@cache
def _rows_to_hold(model: type[Base]) -> Select[Any]:
    key = model.__mapper__.primary_key[0]
    wanted: BindParameter[Any] = bindparam("ids", expanding=True)
    return select(model).where(key.in_(wanted)).order_by(key).with_for_update(key_share=True)


def locked(session: Session, model: type[M], ids: set[int]) -> dict[int, M]:
    """Rows held until the unit of work ends, taken in id order so that no two wait on each other."""
    rows = session.scalars(_rows_to_hold(model), {"ids": list(ids)}, execution_options={"populate_existing": True})
    return {row.id: row for row in rows}


def worth_again(error: DBAPIError) -> bool:
    """Whether a second run of the whole unit of work may succeed: lost race, deadlock, busy database."""
    state = getattr(error.orig, "sqlstate", None)
    if isinstance(error, IntegrityError):
        return state == "23505" or "UNIQUE constraint" in str(error.orig)
    if isinstance(error, OperationalError):
        return state in {"40001", "40P01"} or "database is locked" in str(error.orig)
    return False


R = TypeVar("R")


def again(work: Callable[[], R], *, tries: int = 3) -> R:
    """Run a whole unit of work, and run it anew when it lost a race. For worker and command line."""
    for left in range(tries - 1, -1, -1):
        try:
            return work()
        except DBAPIError as error:
            if not left or not worth_again(error):
                raise
    raise AssertionError("unreachable")
