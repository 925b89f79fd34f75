"""The migrations lead where the models stand, on both engines, up and down; history is guarded by triggers."""

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from shop import db, schema
from tests.guards.reading import told
from tests.support import databases

APPEND_ONLY = {
    "change",
    "closed_month",
    "confirmation",
    "earning",
    "order_event",
    "posting",
    "transfer",
    "work_receipt",
}
TRIGGERS = {f"{table}.{table}_{end}" for table in APPEND_ONLY for end in ("never_changes", "never_goes")} | {
    "account.account_never_goes",
    "account.account_keeps_its_name",
    "payout_item.payout_item_within_earning",
    "posting.posting_in_an_open_month",
    "transfer.transfer_in_an_open_month",
}
LATER = {"sqlite": {"payout_item.payout_item_within_earning_later"}, "postgresql": set()}
"""SQLite has one trigger for each event."""


@pytest.fixture(params=databases.KINDS)
def empty(request, tmp_path):
    url = f"sqlite:///{tmp_path}/empty.sqlite3" if request.param == "sqlite" else databases.empty_postgres("empty")
    made = db.make_engine(url)
    yield made
    made.dispose()


def triggers(engine) -> dict[str, str]:
    """Table and name of each trigger, and what it does."""
    asked = {
        "sqlite": "SELECT tbl_name || '.' || name, sql FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT c.relname || '.' || t.tgname, pg_get_triggerdef(t.oid) FROM pg_trigger t"
        " JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal",
    }[engine.dialect.name]
    with engine.connect() as connection:
        return {row[0]: row[1] for row in connection.execute(text(asked))}


def test_the_migrated_database_is_what_the_models_say(engine):
    found = [str(one) for one in schema.differences(engine)]
    assert not found, told(found)


def test_up_down_and_up_again_leave_no_trace(empty):
    schema.upgrade(empty)
    first = shape(empty)
    assert set(first["trigger"]) == TRIGGERS | LATER[empty.dialect.name]
    schema.downgrade(empty)
    left = set(inspect(empty).get_table_names()) - {"alembic_version"}
    assert not left, told(sorted(left))
    assert not triggers(empty)
    schema.upgrade(empty)
    assert shape(empty) == first
    assert schema.revision_of(empty) == schema.head()


def test_each_migration_can_be_undone_by_itself(empty):
    schema.upgrade(empty)
    while schema.revision_of(empty):
        before = schema.revision_of(empty)
        schema.downgrade(empty, "-1")
        assert schema.revision_of(empty) != before
        schema.upgrade(empty, "+1")
        assert schema.revision_of(empty) == before
        schema.downgrade(empty, "-1")


def shape(engine) -> dict[str, list[str]]:
    """Everything that a migration may leave: tables, columns, indexes, constraints' names, triggers."""
    looked = inspect(engine)
    tables = sorted(looked.get_table_names())
    return {
        "table": tables,
        "column": [
            f"{table}.{one['name']} {one['type']} {one['nullable']}"
            for table in tables
            for one in looked.get_columns(table)
        ],
        "index": sorted(f"{table}.{one['name']}" for table in tables for one in looked.get_indexes(table)),
        "check": sorted(f"{table}.{one['name']}" for table in tables for one in looked.get_check_constraints(table)),
        "key": sorted(f"{table}.{one['name']}" for table in tables for one in looked.get_foreign_keys(table)),
        "trigger": sorted(triggers(engine)),
    }


def test_history_is_guarded_by_the_same_triggers_on_both_engines(engine):
    found = triggers(engine)
    assert set(found) == TRIGGERS | LATER[engine.dialect.name]
    refusing = (
        ("RAISE(ABORT",) if engine.dialect.name == "sqlite" else ("EXECUTE FUNCTION refuse_", "claims_within_earning()")
    )
    assert not [name for name, does in found.items() if not any(word in does for word in refusing)]


@pytest.mark.parametrize("attack", ["UPDATE change SET kind = 'other'", "DELETE FROM change"])
def test_a_line_of_history_can_be_neither_changed_nor_deleted(engine, attack):
    add_line(engine)
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(attack))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT kind FROM change")).scalars().all() == ["made"]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_line_of_history_cannot_be_replaced_either(engine):
    add_line(engine)
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(
            text(
                "INSERT OR REPLACE INTO change SELECT id, about, 'other', facts, at, actor, actor_name, NULL FROM change"
            )
        )


def add_line(engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO change (id, about, kind, facts, at, actor, actor_name)"
                " VALUES (1, 'user:1', 'made', '{}', '2026-11-20 09:00:00', 'user:1', 'Fen')"
            )
        )


@pytest.mark.parametrize("kind", databases.KINDS)
def test_names_of_constraints_are_the_same_on_both_engines(kind):
    """A migration names what it drops; a name that only one engine knows would fail on the other."""
    made = databases.clean(kind)
    names = shape(made)
    for what in ("check", "key"):
        unnamed = [one for one in names[what] if one.endswith(".None")]
        assert not unnamed, told(unnamed)
