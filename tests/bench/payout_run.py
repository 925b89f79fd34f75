"""`python -m tests.bench.payout_run [--full]`: drafting a pay day for everybody; the last line is JSON.

Makers with earnings that wait (`--full`: 20,000 makers over a million transfers, else 1,000 over fifty thousand) are
drafted into batches until nobody is left, on SQLite and PostgreSQL; then once more, which must change nothing.
``first_batch`` is what a treasurer waits for: a batch takes at most 500 payees, so the whole needs several.
``bare`` is the driver alone inserting as many claims in one transaction, in the same run. Goals: 1 second for everybody
on SQLite, 2 on PostgreSQL.
"""

import argparse
import json
import sqlite3
import sys
import time
from datetime import date
from typing import Any

import psycopg
from sqlalchemy import func, select

from shop.db import reading, writing
from shop.payouts.errors import NothingToPay
from shop.payouts.models import Payout, PayoutBatch, PayoutItem
from shop.payouts.services import draft_batch
from tests.bench.books import earned, laid, ready
from tests.people import TAO

GOAL_SECONDS = {"sqlite": 1.0, "postgresql": 2.0}
PAY_ON = date(2026, 11, 27)


def drafted() -> bool:
    """One batch; False where there is nothing to pay."""
    try:
        with writing() as session:
            draft_batch(session, pay_on=PAY_ON, currency="CNY", by=TAO)
    except NothingToPay:
        return False
    return True


def standing() -> tuple[int, int, int, int]:
    """Batches, payouts, claims and what the payouts come to."""
    with reading() as session:
        counts = [session.scalar(select(func.count(model.id))) or 0 for model in (PayoutBatch, Payout, PayoutItem)]
        return counts[0], counts[1], counts[2], int(session.scalar(select(func.sum(Payout.amount_minor))) or 0)


def bare(kind: str, url: str, claims: int) -> float:
    """Seconds that the driver takes to insert as many rows of three numbers in one transaction."""
    rows = [(n, n, 2_460) for n in range(claims)]
    if kind == "sqlite":
        base: Any = sqlite3.connect(url.removeprefix("sqlite:///"))
        base.execute("CREATE TABLE bare (a INTEGER, b INTEGER, c INTEGER)")
        began = time.perf_counter()
        with base:
            base.executemany("INSERT INTO bare VALUES (?, ?, ?)", rows)
    else:
        base = psycopg.connect(url.replace("+psycopg", "", 1))
        base.execute("CREATE TABLE bare (a BIGINT, b BIGINT, c BIGINT)")
        base.commit()
        began = time.perf_counter()
        with base.cursor() as cursor:
            cursor.executemany("INSERT INTO bare VALUES (%s, %s, %s)", rows)
        base.commit()
    taken = time.perf_counter() - began
    base.close()
    return taken


def measure(kind: str, makers: int, each: int) -> dict[str, Any]:
    """The figures of one database."""
    with laid(kind) as (engine, url):
        transfers = earned(engine, makers=makers, each=each)
        times = []
        while True:
            began = time.perf_counter()
            more = drafted()
            times.append(time.perf_counter() - began)
            if not more:
                break
        first = standing()
        drafted()
        unchanged = standing() == first
        batches, payouts, claims, _minor = first
        plain = bare(kind, url, claims)
    whole = sum(times[:-1])
    return {
        "transfers": transfers,
        "makers": makers,
        "batches": batches,
        "everybody_paid": payouts == makers and claims == transfers,
        "seconds": round(whole, 2),
        "first_batch_seconds": round(times[0], 3),
        "second_run_seconds": round(times[-1], 3),
        "second_run_changes_nothing": unchanged,
        "bare_seconds": round(plain, 3),
        "ratio": round(whole / plain, 1),
    }


def main(arguments: list[str]) -> None:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="20,000 makers over a million transfers")
    full = parser.parse_args(arguments).full
    makers, each = (20_000, 50) if full else (1_000, 50)
    ready()
    figures = {kind: measure(kind, makers, each) for kind in ("sqlite", "postgresql")}
    ok = all(
        row["seconds"] <= GOAL_SECONDS[kind] and row["second_run_changes_nothing"] and row["everybody_paid"]
        for kind, row in figures.items()
    )
    print(json.dumps({"name": "payout_run", "figures": figures, "goal": {"seconds": GOAL_SECONDS}, "ok": ok}))


if __name__ == "__main__":
    main(sys.argv[1:])
