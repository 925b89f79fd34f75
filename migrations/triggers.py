"""Rows that are never changed and never deleted: triggers that say so on both databases.

Alembic's batch mode rebuilds a table on SQLite and loses its triggers: a migration that alters one of these tables
must call `keep_append_only` for it again.
"""

from alembic import op

REFUSAL = "append-only: put right by a new row, never by a change"


def forbid(name: str, table: str, event: str) -> None:
    """Refuse `event` ("UPDATE", "DELETE", "UPDATE OF a, b") on every row of `table`."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END")
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()")


def keep_append_only(*tables: str) -> None:
    """Neither update nor delete, from now on."""
    for table in tables:
        forbid(f"{table}_never_changes", table, "UPDATE")
        forbid(f"{table}_never_goes", table, "DELETE")


def drop_append_only(*tables: str, names: tuple[str, ...] = (), table: str = "") -> None:
    """Take the triggers away again; for a downgrade only."""
    pairs = [(f"{each}_{end}", each) for each in tables for end in ("never_changes", "never_goes")]
    for name, on in [*pairs, *((name, table) for name in names)]:
        op.execute(f"DROP TRIGGER {name}" + (f" ON {on}" if op.get_bind().dialect.name == "postgresql" else ""))
