"""`python -m tests.bench.audit [--full]`: how long `flask audit` takes over the books; the last line is JSON.

The books are filled with makers' earnings (`--full`: a million transfers, else fifty thousand) and audited on SQLite and
PostgreSQL as the command does it, in one snapshot; the quicker of three. ``bare`` is the driver alone adding up every
transfer by account, which no audit can do without, in the same run. Goal: 2 seconds for a million.
"""

import argparse
import json
import sqlite3
import sys
import time
from collections.abc import Callable
from typing import Any

import psycopg

from shop.db import reading
from shop.ledger.audit import audit
from tests.bench.books import earned, laid, ready

GOAL_SECONDS = 2.0
ADD_UP = "SELECT {side}, sum(amount_minor) FROM transfer GROUP BY {side}"


def bare(kind: str, url: str) -> float:
    """Seconds that the driver takes to add up both sides of all transfers."""
    address = url.removeprefix("sqlite:///") if kind == "sqlite" else url.replace("+psycopg", "", 1)
    base: Any = sqlite3.connect(address) if kind == "sqlite" else psycopg.connect(address)
    began = time.perf_counter()
    for side in ("debit_id", "credit_id"):
        base.execute(ADD_UP.format(side=side)).fetchall()
    taken = time.perf_counter() - began
    base.close()
    return taken


def timed(work: Callable[[], object]) -> float:
    """Seconds of the quickest of three runs."""
    found = []
    for _ in range(3):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return min(found)


def measure(kind: str, makers: int, each: int) -> dict[str, Any]:
    """The figures of one database."""
    with laid(kind) as (engine, url):
        transfers = earned(engine, makers=makers, each=each)
        breaches: list[str] = []

        def look() -> None:
            with reading(snapshot=True) as session:
                breaches[:] = [breach.check for breach in audit(session)]

        seconds, plain = timed(look), timed(lambda: bare(kind, url))
    return {
        "transfers": transfers,
        "seconds": round(seconds, 3),
        "bare_seconds": round(plain, 3),
        "ratio": round(seconds / plain, 1),
        "breaches": breaches,
    }


def main(arguments: list[str]) -> None:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="a million transfers")
    full = parser.parse_args(arguments).full
    makers, each = (20_000, 50) if full else (1_000, 50)
    ready()
    figures = {kind: measure(kind, makers, each) for kind in ("sqlite", "postgresql")}
    ok = all(row["seconds"] <= GOAL_SECONDS and not row["breaches"] for row in figures.values())
    print(json.dumps({"name": "audit", "figures": figures, "goal": {"seconds": GOAL_SECONDS}, "ok": ok}))


if __name__ == "__main__":
    main(sys.argv[1:])
