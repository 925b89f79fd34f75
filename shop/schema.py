"""Bringing a database to the schema this code expects, and telling whether it is there."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection, Engine

from config import ROOT
from shop.models import Base


def alembic_config(connection: Connection) -> Config:
    """Alembic's settings for one connection."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _migrating(engine: Engine) -> Iterator[Connection]:
    """One transaction. SQLite makes a table anew to change a rule of it: what points to it is checked at the end."""
    with engine.execution_options(writing=True).connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        if engine.dialect.name == "sqlite":
            # without effect inside a transaction
            raw.cursor().execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
                if engine.dialect.name == "sqlite":
                    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
                    if lost is not None:
                        raise RuntimeError(f"a row of {lost[0]} points to nothing")
        finally:
            if engine.dialect.name == "sqlite":
                raw.cursor().execute("PRAGMA foreign_keys=ON")


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run the migrations that are still to run. A run that was killed may simply be repeated."""
    with _migrating(engine) as connection:
        command.upgrade(alembic_config(connection), revision)


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Undo migrations down to `revision`."""
    with _migrating(engine) as connection:
        command.downgrade(alembic_config(connection), revision)


def head() -> str:
    """The newest migration's name."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return str(ScriptDirectory.from_config(config).get_current_head())


def revision_of(engine: Engine) -> str | None:
    """The migration a database stands at; None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def differences(engine: Engine) -> list[object]:
    """Where the migrated database and the models differ; empty when all is well."""

    def ours(thing: object, name: str | None, kind: str, reflected: bool, _other: object) -> bool:  # noqa: FBT001  Alembic's call
        # the words of search_entry are FTS5's own tables on SQLite, a column with its index on PostgreSQL
        table = str(name if kind == "table" else getattr(thing, "table", ""))
        engines_own = table.startswith("search_words") or (table == "search_entry" and "words" in str(name))
        return not (reflected and engines_own)

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False, "include_object": ours})
        return list(compare_metadata(context, Base.metadata))
