"""Books for benchmarks: makers with earnings, written straight into the tables so that they agree; databases to lay them in."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import insert, text
from sqlalchemy.engine import Connection, Engine

from shop import db, schema
from shop.actor import COMMAND
from shop.db import writing
from shop.ledger.chart import account
from shop.ledger.jobs import fold
from shop.ledger.models import Account, Earning, Posting, Transfer
from shop.ledger.services import Draft, Move, post
from shop.makers.models import Maker
from shop.payouts.models import PayoutMethod
from tests.bench.many_goods import put
from tests.factories import catalog
from tests.support import databases, run_folder

WHEN = datetime(2026, 1, 5, tzinfo=UTC)
PAY_MINOR = 2_460
FIRST = 1_000
"""The first of the benchmark's makers; the tests' shop has its own below."""


@contextmanager
def laid(kind: str) -> Iterator[tuple[Engine, str]]:
    """A migrated database with the tests' shop and money in the bank, and its address. `kind`: sqlite or postgresql.

    PostgreSQL is the server of TEST_DATABASE_URL, else the tests' own, which does not wait for the disk.
    """
    run = run_folder.open_run()
    try:
        with tempfile.TemporaryDirectory(prefix="qs-bench-") as folder:
            url = (
                f"sqlite:///{Path(folder) / 'shop.sqlite3'}" if kind == "sqlite" else databases.empty_postgres("bench")
            )
            engine = db.connect(url)
            schema.upgrade(engine)
            with writing() as session:
                catalog.make_shop(session)
                opening = [Move(account("bank", "main"), account("equity:opening"), 10**13)]
                post(session, [Draft("open:1", "open", "CNY", opening)], by=COMMAND)
            yield engine, url
            engine.dispose()
    finally:
        run_folder.close_run(run)


def earned(engine: Engine, *, makers: int, each: int) -> int:
    """So many makers with `each` earnings that nobody has paid yet, a posting and a transfer each; gives all transfers."""
    with engine.execution_options(writing=True).begin() as connection:
        village = connection.execute(text("SELECT min(village_id) FROM maker")).scalar_one()
        expense = _accounts(connection, makers)
        hers = range(FIRST, FIRST + makers)
        _people(connection, hers, village)
        rows = [(n, k, FIRST * 10 + (n - FIRST) * each + k) for n in hers for k in range(each)]
        fact = {"kind": "receipt", "occurred_at": WHEN, "booked_on": WHEN.date(), "actor": "system:command"}
        put(connection, Posting, ({"id": i, "key": f"bench:{i}", **fact} for _, _, i in rows))
        put(
            connection,
            Transfer,
            (
                {
                    "posting_id": i,
                    "debit_id": expense,
                    "credit_id": expense + 1 + n - FIRST,
                    "currency": "CNY",
                    "amount_minor": PAY_MINOR + k,
                }
                for n, k, i in rows
            ),
        )
        put(
            connection,
            Earning,
            (
                {
                    "owner": f"maker:{n}",
                    "source": f"bench:{i}",
                    "posting_id": i,
                    "amount_minor": PAY_MINOR + k,
                    "currency": "CNY",
                    "available_at": WHEN,
                }
                for n, k, i in rows
            ),
        )
        connection.execute(
            text("UPDATE account SET balance_minor = :sum WHERE kind = 'maker:available'"),
            {"sum": sum(PAY_MINOR + k for k in range(each))},
        )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    with writing() as session:
        fold(session)
    return len(rows)


def _people(connection: Connection, hers: range, village: int) -> None:
    """The makers, each with an account at a bank."""
    put(
        connection,
        Maker,
        (
            {
                "id": n,
                "number": f"QS-B-{n:06d}",
                "slug": f"bench-{n}",
                "name": {"zh": f"人{n}", "vi": f"Người {n}", "en": f"Maker {n}"},
                "mark": "moon",
                "birth_year": 1980,
                "village_id": village,
                "joined_on": date(2024, 1, 1),
            }
            for n in hers
        ),
    )
    put(
        connection,
        PayoutMethod,
        (
            {
                "payee": f"maker:{n}",
                "rail": "bank_file",
                "holder": f"Maker {n}",
                "bank": "Bank",
                "account": f"62220202{n:011d}",
                "set_by": "user:5",
                "set_at": WHEN,
                "good_from": WHEN,
            }
            for n in hers
        ),
    )


def _accounts(connection: Connection, makers: int) -> int:
    """The expense's account, and behind it one for each maker; gives its id."""
    first = 100_000
    fact = {"currency": "CNY", "balance_minor": 0, "folded_minor": 0, "folded_to": 0}
    connection.execute(
        insert(Account), [{"id": first, "kind": "expense", "owner": "bench", "side": "debit", "floored": False, **fact}]
    )
    put(
        connection,
        Account,
        (
            {"id": first + 1 + n, "kind": "maker:available", "owner": str(FIRST + n), "side": "credit", "floored": True}
            | fact
            for n in range(makers)
        ),
    )
    return first


def ready() -> None:
    """Make the shop's checks known, as the app does when it is made."""
    from config import Settings
    from shop import create_app

    with tempfile.TemporaryDirectory(prefix="qs-bench-") as folder:
        create_app(Settings(_env_file=None, instance_path=Path(folder), secret_key="b" * 32))  # type: ignore[call-arg]
    db.engine().dispose()
