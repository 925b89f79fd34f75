"""A clean, migrated database for each test, on either engine, in a few milliseconds."""

import copy
import os
import shutil
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from psycopg import sql
from sqlalchemy.engine import Engine

from shop import db, schema
from shop.coop.facts import coop_facts
from shop.ledger.audit import audit
from shop.payouts.facts import pay_facts
from tests.support import postgres
from tests.support.run_folder import folder, only_one

KINDS = ("sqlite", "postgresql")
Built = TypeVar("Built")


def worker() -> str:
    """This process's name within the run: gw0, gw1 … or main."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


def migrated(url: str) -> None:
    """Bring an empty database to the schema, as `flask db upgrade` does."""
    made = db.make_engine(url, pool=1)
    try:
        schema.upgrade(made)
    finally:
        made.dispose()


def sqlite_template() -> Path:
    """A migrated SQLite file that nobody opens, made once a run."""
    template = folder() / "template.sqlite3"
    with only_one("sqlite"):
        if not template.exists():
            fresh = folder() / "fresh.sqlite3"
            migrated(f"sqlite:///{fresh}")
            fresh.rename(template)
    return template


@cache
def _postgres_template() -> str:
    name = f"{folder().name.replace('-', '_')}_template"
    with only_one("postgres-template"), psycopg.connect(postgres.server_url(), autocommit=True) as admin:
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            migrated(sqlalchemy_url(name))
    return name


def sqlalchemy_url(name: str) -> str:
    """SQLAlchemy's address of a database on the run's server."""
    url, _, query = postgres.server_url().partition("?")
    head = url.rsplit("/", 1)[0]
    return f"{head}/{name}".replace("postgresql://", "postgresql+psycopg://", 1) + (f"?{query}" if query else "")


def empty_postgres(label: str) -> str:
    """A database without a table, for the migrations' own tests. Dropped at the next call with the same label."""
    name = f"{folder().name.replace('-', '_')}_{worker()}_{label}"
    with psycopg.connect(postgres.server_url(), autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return sqlalchemy_url(name)


class SqliteBase:
    """This process's SQLite database; clean means a copy of the template."""

    def __init__(self) -> None:
        self.file = folder() / worker() / "shop.sqlite3"
        self.file.parent.mkdir(exist_ok=True)
        self.template = sqlite_template()
        self.built: dict[str, tuple[Path, Any]] = {}
        self.engine = db.make_engine(f"sqlite:///{self.file}")

    def clean(self, template: Path | None = None) -> Engine:
        """The engine, on a database as just migrated, or on a copy of `template`."""
        self.engine.dispose()
        for old in (self.file, Path(f"{self.file}-wal"), Path(f"{self.file}-shm")):
            old.unlink(missing_ok=True)
        shutil.copyfile(template or self.template, self.file)
        return self.engine

    def keep(self, name: str) -> Path:
        """What the database holds now, in a file of its own."""
        kept = folder() / worker() / f"{name}.sqlite3"
        kept.unlink(missing_ok=True)
        with closing(self.engine.raw_connection()) as connection:
            connection.execute("VACUUM INTO ?", (str(kept),))
        return kept

    def restore(self, kept: Path) -> None:
        """The database as it was kept."""
        self.clean(kept)

    def close(self) -> None:
        """Let go of it."""
        self.engine.dispose()


class PostgresBase:
    """This process's PostgreSQL database; clean means that rows are deleted where there are any.

    With triggers and foreign keys asleep (`session_replication_role`) that takes a few milliseconds, where
    TRUNCATE of all 63 tables took 93 and CREATE DATABASE … TEMPLATE 130. Without superuser rights the latter is used.
    """

    def __init__(self) -> None:
        self.name = f"{folder().name.replace('-', '_')}_{worker()}"
        self.template = _postgres_template()
        self.built: dict[str, tuple[str, Any]] = {}
        self.engine = db.make_engine(sqlalchemy_url(self.name))
        self._recreate()
        self.raw = self._open()
        self.tables = [
            row[0]
            for row in self.raw.execute(
                "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                " WHERE c.relkind = 'r' AND n.nspname = 'public' AND c.relname <> 'alembic_version'"
            )
        ]
        self.kept = self._rows()
        found = self.raw.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
        self.may_sleep = bool(found and found[0])

    def _open(self) -> psycopg.Connection:
        return psycopg.connect(sqlalchemy_url(self.name).replace("+psycopg", "", 1), autocommit=True)

    def _recreate(self) -> None:
        with psycopg.connect(postgres.server_url(), autocommit=True) as admin:
            name = sql.Identifier(self.name)
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, sql.Identifier(self.template)))

    def _rows(self) -> dict[str, int]:
        """Tables that hold rows, and how many."""
        asked = " UNION ALL ".join(f"SELECT '{t}', (SELECT count(*) FROM {t})" for t in self.tables)
        return {name: count for name, count in self.raw.execute(asked) if count} if asked else {}

    def clean(self) -> Engine:
        """The engine, on a database as just migrated."""
        if not self.may_sleep or self.kept:
            self.engine.dispose()
            self.raw.close()
            self._recreate()
            self.raw = self._open()
            return self.engine
        try:
            self._delete()
        except psycopg.errors.LockNotAvailable:
            # a test left a transaction open
            self.raw.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            self.engine.dispose()
            self._delete()
        return self.engine

    def _delete(self) -> None:
        used = " UNION ALL ".join(f"(SELECT '{table}' FROM {table} LIMIT 1)" for table in self.tables)
        with self.raw.transaction():
            self.raw.execute("SET LOCAL lock_timeout = '3s'")
            self.raw.execute("SET LOCAL session_replication_role = replica")
            for (table,) in self.raw.execute(used).fetchall():
                self.raw.execute(f"DELETE FROM {table}")
            self.raw.execute(
                "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)"
                " FROM pg_sequences WHERE last_value IS NOT NULL AND schemaname = 'public'"
            )

    def keep(self, name: str) -> str:
        """Copies of all rows in a schema of their own, and the statements that bring them back."""
        schema_name = f"kept_{name.replace('-', '_')}"
        self.raw.execute(f"DROP SCHEMA IF EXISTS {schema_name} CASCADE; CREATE SCHEMA {schema_name}")
        back = ["SET LOCAL session_replication_role = replica"]
        for table in self._rows():
            self.raw.execute(f"CREATE TABLE {schema_name}.{table} AS TABLE public.{table}")
            asked = (
                "SELECT string_agg(quote_ident(attname), ',' ORDER BY attnum) FROM pg_attribute"
                " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"
            )
            names = (self.raw.execute(asked, (table,)).fetchone() or ("",))[0]
            back.append(f"INSERT INTO public.{table} ({names}) SELECT {names} FROM {schema_name}.{table}")
        counters = self.raw.execute(
            "SELECT format('%I.%I', schemaname, sequencename), last_value FROM pg_sequences"
            " WHERE last_value IS NOT NULL AND schemaname = 'public'"
        )
        back += [f"SELECT setval('{sequence}', {last})" for sequence, last in counters]
        return "; ".join(back)

    def restore(self, kept: str) -> None:
        """The rows as they were kept, on a clean database."""
        with self.raw.transaction():
            self.raw.execute(kept)

    def close(self) -> None:
        """Let go of it."""
        self.engine.dispose()
        self.raw.close()


_open: dict[str, SqliteBase | PostgresBase] = {}


def clean(kind: str) -> Engine:
    """The engine of `kind` on a clean database, and the process's engine (`shop.db.engine()`) from now on."""
    if kind not in _open:
        _open[kind] = SqliteBase() if kind == "sqlite" else PostgresBase()
    made = _open[kind].clean()
    use(made)
    return made


def built(name: str, build: Callable[[], Built]) -> Built:
    """What `build` gives, and its rows on a clean database: built once in this process, copied from then on.

    A room's usual world takes its services fifty milliseconds to a second, and its rows are always the same.
    """
    engine = db._state["engine"]
    base = next((each for each in _open.values() if each.engine is engine), None)
    if base is None or (isinstance(base, PostgresBase) and not base.may_sleep):
        return build()
    if name not in base.built:
        answer = build()
        with db.reading() as session:
            assert audit(session) == []
        base.built[name] = (base.keep(name), answer)
    else:
        kept, answer = base.built[name]
        base.clean()
        base.restore(kept)
        db.forget_kept()
        with db.reading() as session:  # building read and kept these, and pages count their statements
            coop_facts(session)
            pay_facts(session)
    return copy.deepcopy(answer)


def keep_sqlite() -> Path:
    """A copy of this process's SQLite database as it stands, for `again_sqlite`."""
    copy = folder() / worker() / "kept.sqlite3"
    copy.unlink(missing_ok=True)
    with closing(_open["sqlite"].engine.raw_connection()) as connection:
        connection.execute("VACUUM INTO ?", (str(copy),))
    return copy


def again_sqlite(copy: Path) -> Engine:
    """As `clean`, but as the database stood when it was copied."""
    base = _open["sqlite"]
    assert isinstance(base, SqliteBase)
    made = base.clean(copy)
    use(made)
    return made


def use(made: Engine) -> None:
    """Make `made` the process's engine; one that a test connected by itself is closed first."""
    ours = [base.engine for base in _open.values()]
    now = db._state.get("engine")
    if now is not None and now is not made and now not in ours:
        now.dispose()
    db._state["engine"] = made
    db.forget_kept()


def leave_server() -> None:
    """Drop what this run made on a server that is not its own. Our own server goes with all it has."""
    if not os.environ.get("TEST_DATABASE_URL"):
        return
    with psycopg.connect(postgres.server_url(), autocommit=True) as admin:
        pattern = folder().name.replace("-", "_").replace("_", r"\_") + r"\_%"
        for (name,) in admin.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", (pattern,)).fetchall():
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def close_all() -> None:
    """At the end of this process."""
    for base in _open.values():
        base.close()
    _open.clear()
