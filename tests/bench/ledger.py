"""`python -m tests.bench.ledger [--full]`: how many orders a second the books take; the last line is JSON.

An order is what a paid one costs the books: three postings and nine transfers through `post()` in one unit of work, its own
accounts for buyer and open work, and those of one of three brokers and of the co-op. ``one``: one writer on SQLite with
`synchronous=FULL`. ``eight``: eight writers in two processes, of which the slowest hundredth is `p99_ms`. ``postgresql``:
the same eight with four milliseconds of Python inside the transaction. ``bare`` is one writer with the driver alone, who
inserts as many rows just as safely into tables of the same columns without rules, in the same run.
Goals: 500/s, 100 ms, 300/s. Afterwards every order acknowledged is in the books, and their sums agree.
"""

import argparse
import json
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from config import ROOT
from shop import db
from shop.actor import COMMAND
from shop.db import again, reading, writing
from shop.ledger.audit import CHECKS
from shop.ledger.chart import account
from shop.ledger.models import Posting
from shop.ledger.services import Draft, Move, post
from tests.bench.books import laid, ready

GOAL = {"one": 500, "p99_ms": 100, "postgresql": 300}
INSIDE_MS = 4


def order(name: str, number: int, inside_ms: float) -> None:
    """One paid order, in one unit of work."""
    mine, line, broker = f"{name}-{number}", f"L{name}-{number}", str(1 + number % 3)
    buyer = account("buyer:credit", mine)
    moves = [
        Move(buyer, account("work:open", line), 23_600),
        Move(buyer, account("materials:held", line), 5_200),
        Move(buyer, account("broker:held", broker), 3_040),
        Move(buyer, account("coop:commission:held", broker), 3_800),
        Move(buyer, account("coop:costs"), 2_360),
        Move(buyer, account("broker:held", broker), 1_200),
        Move(account("expense", "promotions"), account("coop:commission:held", broker), 200),
    ]
    drafts = [
        Draft(f"pay:{mine}", "pay", "CNY", [Move(account("psp:stripe"), buyer, 39_200)], source=f"order:{mine}"),
        Draft(f"order:{mine}:paid", "order_paid", "CNY", moves, source=f"order:{mine}"),
        Draft(f"pay:{mine}:fee", "pay_fee", "CNY", [Move(account("coop:costs"), account("psp:stripe"), 1_359)]),
    ]

    def work() -> None:
        with writing() as session:
            if inside_ms:
                until = time.perf_counter() + inside_ms / 1000
                while time.perf_counter() < until:
                    pass
            post(session, drafts, by=COMMAND)

    again(work)


def writers(url: str, name: str, threads: int, count: int, inside_ms: float) -> list[float]:
    """So many orders by each of so many threads; how long each took, in milliseconds."""
    db.connect(url)
    found: list[float] = []

    def write(thread: int) -> None:
        for number in range(count):
            began = time.perf_counter()
            order(f"{name}{thread}", number, inside_ms)
            found.append((time.perf_counter() - began) * 1000)

    running = [threading.Thread(target=write, args=(thread,)) for thread in range(threads)]
    for each in running:
        each.start()
    for each in running:
        each.join()
    return found


def two_processes(url: str, count: int, inside_ms: float) -> tuple[list[float], float]:
    """Eight writers in two processes: what each order took, and seconds from the first to the last."""
    command = [sys.executable, "-m", "tests.bench.ledger", "--writer", url, "4", str(count), str(inside_ms)]
    running = [
        subprocess.Popen([*command, name], cwd=ROOT, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)
        for name in ("a", "b")
    ]
    for each in running:
        assert each.stdout is not None
        each.stdout.readline()  # it has started; both begin together
    began = time.perf_counter()
    told = []
    for each in running:
        assert each.stdin is not None
        each.stdin.write("go\n")
        each.stdin.flush()
    for each in running:
        told += json.loads(each.communicate()[0])
    return told, time.perf_counter() - began


def bare(folder: Path, count: int) -> float:
    """Orders a second of one writer with the driver alone."""
    base = sqlite3.connect(folder / "bare.sqlite3", isolation_level=None)
    base.execute("PRAGMA journal_mode = WAL")
    base.execute("PRAGMA synchronous = FULL")
    base.execute(
        "CREATE TABLE posting (id INTEGER PRIMARY KEY, key TEXT UNIQUE, kind TEXT, at TEXT, day TEXT, source TEXT)"
    )
    base.execute(
        "CREATE TABLE transfer (id INTEGER PRIMARY KEY, posting INTEGER, debit INTEGER, credit INTEGER, minor INTEGER)"
    )
    base.execute("CREATE TABLE account (id INTEGER PRIMARY KEY, name TEXT UNIQUE, minor INTEGER)")
    base.executemany("INSERT INTO account (name, minor) VALUES (?, 0)", [(f"shared:{n}",) for n in range(6)])
    began = time.perf_counter()
    for number in range(count):
        base.execute("BEGIN IMMEDIATE")
        for kind in ("pay", "paid", "fee"):
            base.execute(
                "INSERT INTO posting (key, kind, at, day, source) VALUES (?, ?, '2026-11-20', '2026-11-20', 'order')",
                (f"{kind}:{number}", kind),
            )
        base.executemany("INSERT INTO account (name, minor) VALUES (?, 1)", [(f"{n}:{number}",) for n in range(3)])
        base.executemany("UPDATE account SET minor = minor + 1 WHERE id = ?", [(n + 1,) for n in range(3)])
        base.executemany("INSERT INTO transfer (posting, debit, credit, minor) VALUES (?, 1, 2, 3)", [(number,)] * 9)
        base.execute("COMMIT")
    per_second = count / (time.perf_counter() - began)
    base.close()
    return per_second


def figures_of(times: list[float], seconds: float) -> dict[str, float]:
    """Orders a second, and what the middle and the slowest hundredth took."""
    found = sorted(times)
    return {
        "per_second": round(len(found) / seconds, 1),
        "p50_ms": round(found[len(found) // 2], 1),
        "p99_ms": round(found[min(len(found) - 1, len(found) * 99 // 100)], 1),
    }


def in_the_books(orders: int) -> bool:
    """Whether all of them are booked, and running sums, folds and transfers agree."""
    with reading() as session:
        booked = session.scalar(select(func.count(Posting.id)).where(Posting.kind == "order_paid"))
        wrong = [breach for name in ("ledger.balance", "ledger.fold") for breach in CHECKS[name](session)]
    return booked == orders and not wrong


def run(count: int) -> dict[str, Any]:
    """The whole measurement."""
    figures: dict[str, dict[str, float]] = {}
    with laid("sqlite") as (engine, url):
        folder = Path(str(engine.url.database)).parent
        plain = bare(folder, count)
        began = time.perf_counter()
        figures["one"] = figures_of(writers(url, "one", 1, count, 0), time.perf_counter() - began)
        figures["eight"] = figures_of(*two_processes(url, count // 4, 0))
        booked = in_the_books(count + 8 * (count // 4))
    with laid("postgresql") as (_engine, url):
        figures["postgresql"] = figures_of(*two_processes(url, count // 4, INSIDE_MS))
        booked = in_the_books(8 * (count // 4)) and booked
    reached = figures["one"]["per_second"] >= GOAL["one"] and figures["eight"]["p99_ms"] <= GOAL["p99_ms"]
    return {
        "name": "ledger",
        "figures": figures,
        "bare": {"per_second": round(plain, 1)},
        "ratio": round(plain / figures["one"]["per_second"], 1),
        "all_booked": booked,
        "goal": GOAL,
        "ok": bool(reached and figures["postgresql"]["per_second"] >= GOAL["postgresql"] and booked),
    }


def main(arguments: list[str]) -> None:
    """The program, or one of its two writing processes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="ten times as many orders")
    parser.add_argument("--writer", nargs=5, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.writer:
        url, threads, count, inside, name = asked.writer
        print("ready", flush=True)
        sys.stdin.readline()
        print(json.dumps(writers(url, name, int(threads), int(count), float(inside))))
        return
    ready()
    print(json.dumps(run(4_000 if asked.full else 400)))


if __name__ == "__main__":
    main(sys.argv[1:])
