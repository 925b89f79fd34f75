"""Breaking a rule of the database on purpose, until the transaction is rolled back, to see that the audit reports it."""

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from shop.ledger.audit import CHECKS

KEPT = {"posting_never_goes": "posting", "order_event_never_changes": "order_event"}
"""Triggers that the breaks of their own check take away."""


def unguarded(connection: Connection) -> None:
    """Take away what the database itself would refuse, until the transaction is rolled back."""
    if connection.dialect.name == "sqlite":
        for name in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            if name not in KEPT:
                connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
    else:
        connection.exec_driver_sql("SET session_replication_role = replica")
        for table in inspect(connection).get_table_names():
            for rule in inspect(connection).get_check_constraints(table):
                connection.exec_driver_sql(f'ALTER TABLE "{table}" DROP CONSTRAINT "{rule["name"]}"')
    connection.exec_driver_sql("DROP INDEX uq_payout_payee_attempt")


def broken(connection: Connection, check: str, statement: str) -> set[str]:
    """What this check reports after the statement, which is then taken back."""
    raw = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite":
        raw.execute("PRAGMA foreign_keys = OFF")
    with connection.begin() as transaction:
        unguarded(connection)
        table = next((table for name, table in KEPT.items() if name in statement), "")
        on = f" ON {table}" if connection.dialect.name == "postgresql" else ""
        done = connection.exec_driver_sql(statement.replace("{on}", on))
        if done.rowcount == 0:
            return {"nothing to break"}
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            found = {breach.check.replace("database.foreign_keys", "database") for breach in CHECKS[check](session)}
        transaction.rollback()
    return found
