"""What an order costs: `python -m tests.bench.orders [--full]`; the last line is JSON.

A shop of its own on SQLite is served by granian with two processes, as `make run` serves it, with the Stripe sandbox
inside. ``placements``: each shopper puts a piece into a new cart and sends the checkout, again and again, and is led to
the payment page; so many orders a second, ``p99`` being the slowest hundredth of the checkout as she waits for it.
``flows``: the same by new visitors, who also open the checkout's page; ``flow_cpu_ms`` is what the server's processes
spent on one. Afterwards the database is read:
every order answered is there once, with one checkout, its pieces held once, and the books are clean. ``bare`` is a
Flask view that inserts one row a POST into SQLite just as safely, served alike in the same run. Goals: speed.md.
"""

import argparse
import http.client
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask, request

from config import ROOT, Settings
from tests.bench.pages import cpu_ms
from tests.support.running import START_SECONDS, answers, bare_environment, free_port

GOAL = {"placements_8": 100, "p99_8_ms": 150, "flow_cpu_ms": 15}
ADDRESS = {
    "email": "anna@example.org",
    "name": "Anna Berg",
    "street": "14 Weaver’s Row",
    "postcode": "BS3 1AB",
    "city": "Bristol",
}
HEADERS = {
    "Content-Type": "application/x-www-form-urlencoded",
    "Sec-Fetch-Site": "same-origin",
    "Accept-Language": "en-GB",
}
HIDDEN = re.compile(r'name="(csrf_token|version|total)" type="hidden" value="([^"]*)"')


def make_shop(folder: Path, plates: int) -> list[int]:
    """The tests' small shop, migrated, with so many plates on the shelf; gives the variants that are ordered in turn."""
    from shop import db, schema
    from shop.actor import COMMAND
    from shop.db import writing
    from shop.ledger.chart import account
    from shop.ledger.services import Draft, Move, post
    from tests.factories import catalog
    from tests.factories.orders import on_shelf

    engine = db.connect(f"sqlite:///{folder / 'shop.sqlite3'}")
    schema.upgrade(engine)
    with writing() as session:
        made = catalog.make_shop(session)
        opening = [Move(account("bank", "main"), account("equity:opening"), 100_000_000)]
        post(session, [Draft("open:1", "open", "CNY", opening)], by=COMMAND)
    for place in range(0, plates, 500):
        on_shelf(made.variants["plate"], 5, min(500, plates - place), key=f"shelf-{place}")
    with writing() as session:
        catalog.publish(session, made, "plate")
    engine.dispose()
    return [made.variants["lotus"], made.variants["plate"], made.variants["knot"]]


def bare() -> Flask:
    """A view that inserts one row a POST, and nothing of ours."""
    app = Flask("bare")
    database = os.environ["BENCH_DATABASE"]
    held = threading.local()

    @app.get("/")
    def ready() -> str:
        return "ready"

    @app.post("/")
    def keep() -> str:
        request.get_data()
        if not hasattr(held, "db"):
            held.db = sqlite3.connect(database, timeout=30, isolation_level=None)
            held.db.execute("PRAGMA synchronous = FULL")
        held.db.execute("INSERT INTO bare (words) VALUES ('order')")
        return "kept"

    return app


@contextmanager
def served(target: str, folder: Path, *options: str) -> Iterator[tuple[int, int]]:
    """Granian with two processes, its log in a file; gives port and process id."""
    from shop.serve import web_command

    port = free_port()
    environment = bare_environment() | {
        "INSTANCE_PATH": str(folder),
        "PORT": str(port),
        "BASE_URL": f"http://127.0.0.1:{port}",
        "DEMO": "0",
        "BENCH_DATABASE": str(folder / "bare.sqlite3"),
    }
    settings = Settings(_env_file=None, port=port, instance_path=folder)  # type: ignore[call-arg]
    command = [*web_command(settings)[:-1], *options, target]
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        until = time.monotonic() + START_SECONDS
        while not answers(f"http://127.0.0.1:{port}/"):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{target} did not start: {(folder / 'server.log').read_text()[-2000:]}")
            time.sleep(0.05)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


class Shopper:
    """One connection on which new visitors come one after the other."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.jar: dict[str, str] = {}
        self.seen: dict[int, dict[str, str]] = {}

    def ask(self, method: str, path: str, **fields: str) -> tuple[int, str, str]:
        """Status, Location and body."""
        headers = HEADERS | {"Cookie": "; ".join(f"{name}={value}" for name, value in self.jar.items())}
        self.connection.request(method, path, urlencode(fields) if fields else None, headers)
        answer = self.connection.getresponse()
        body = answer.read().decode()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.jar[key] = rest.partition(";")[0]
        return answer.status, answer.getheader("Location", ""), body

    def order(self, variant_id: int, *, whole: bool) -> tuple[str, float]:
        """What became of an order, and how many milliseconds its placing took.

        `whole`: by a new visitor who opens the checkout's page; else its hidden fields are those she has seen before,
        since every new cart of one piece has the same.
        """
        self.jar = {} if whole else {name: value for name, value in self.jar.items() if name == "session"}
        status, _, body = self.ask("POST", "/en/cart/lines", variant_id=str(variant_id), quantity="1")
        if status != 303:
            return f"cart {status}: {body[:200]}", 0.0
        if whole or variant_id not in self.seen:
            status, _, body = self.ask("GET", "/en/checkout")
            hidden = dict(HIDDEN.findall(re.sub(r'<input ([^>]*)id="[^"]*" ', r"<input \1", body)))
            if status != 200 or set(hidden) != {"csrf_token", "version", "total"}:
                return f"checkout {status}: {sorted(hidden)}", 0.0
            self.seen[variant_id] = hidden
        hidden = self.seen[variant_id]
        began = time.perf_counter()
        status, to, body = self.ask("POST", "/en/checkout", **hidden, **ADDRESS)
        waited = (time.perf_counter() - began) * 1000
        if status != 303 or "/sandbox/pay/" not in to:
            return f"place {status}: {to} {body[:200]}", waited
        return "placed", waited


def shoppers(port: int, pid: int, count: int, flows: int, variants: list[int], *, whole: bool) -> dict[str, Any]:
    """So many shoppers at once until `flows` orders are placed."""
    counter, lock = iter(range(flows)), threading.Lock()
    found: list[tuple[str, float]] = []

    def shop() -> None:
        shopper = Shopper(port)
        while True:
            with lock:
                number = next(counter, None)
            if number is None:
                shopper.connection.close()
                return
            found.append(shopper.order(variants[number % len(variants)], whole=whole))

    before, began = cpu_ms(pid), time.perf_counter()
    with ThreadPoolExecutor(count) as pool:
        for done in [pool.submit(shop) for _ in range(count)]:
            done.result()
    seconds = time.perf_counter() - began
    outcomes = Counter(outcome for outcome, _ in found)
    waits = sorted(waited for outcome, waited in found if outcome == "placed")
    return {
        "outcomes": outcomes,
        "placed": outcomes["placed"],
        "per_second": round(outcomes["placed"] / seconds, 1),
        "p50_ms": round(waits[len(waits) // 2], 1) if waits else 0.0,
        "p99_ms": round(waits[min(len(waits) - 1, len(waits) * 99 // 100)], 1) if waits else 0.0,
        "cpu_ms": round((cpu_ms(pid) - before) / max(1, len(found)), 2),
    }


def posts(port: int, pid: int, count: int, flows: int) -> dict[str, float]:
    """The same number of POSTs to the bare view."""

    def go(_number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for _ in range(flows // count):
            connection.request("POST", "/", "a=b", HEADERS)
            connection.getresponse().read()
        connection.close()

    before, began = cpu_ms(pid), time.perf_counter()
    with ThreadPoolExecutor(count) as pool:
        list(pool.map(go, range(count)))
    seconds = time.perf_counter() - began
    sent = flows // count * count
    return {"per_second": round(sent / seconds, 1), "cpu_ms": round((cpu_ms(pid) - before) / sent, 3)}


def read_back(folder: Path, plate: int) -> dict[str, int]:
    """What stands in the database: orders, those with one checkout that is open, plates held; breaches of the books."""
    from shop import create_app, db
    from shop.db import reading
    from shop.ledger.audit import audit

    create_app(Settings(_env_file=None, instance_path=folder, secret_key="b" * 32))  # type: ignore[call-arg]
    with reading() as session:
        breaches = len(audit(session))
    db.engine().dispose()
    with sqlite3.connect(folder / "shop.sqlite3") as base:

        def one(asked: str) -> int:
            return int(base.execute(asked).fetchone()[0])

        found = {
            "orders": one("SELECT count(*) FROM order_group WHERE state = 'placed'"),
            "carts_ordered": one("SELECT count(DISTINCT cart_id) FROM order_group"),
            "checkouts": one(
                "SELECT count(DISTINCT ref) FROM checkout WHERE state = 'open' AND session_id IS NOT NULL"
            ),
            "all_checkouts": one("SELECT count(*) FROM checkout"),
            "plates_ordered": one(f"SELECT coalesce(sum(quantity), 0) FROM order_line WHERE variant_id = {plate}"),
            "plates_held": one(f"SELECT reserved FROM variant WHERE id = {plate}"),
            "pieces_held": one("SELECT count(*) FROM reserved_piece"),
            "breaches": breaches,
        }
    with sqlite3.connect(folder / "sandbox.db") as stripe:
        found["pages"] = int(stripe.execute("SELECT count(*) FROM thing WHERE kind = 'checkout.session'").fetchone()[0])
    return found


def lost_or_twice(said: int, found: dict[str, int]) -> tuple[int, int]:
    """(orders lost, things done twice) out of what shoppers were told and what is there."""
    lost = max(0, said - min(found[name] for name in ("orders", "carts_ordered", "checkouts", "pages")))
    twice = max(0, max(found[name] for name in ("orders", "all_checkouts", "pages")) - said)
    twice += abs(found["plates_held"] - found["plates_ordered"]) + abs(found["pieces_held"] - found["plates_held"])
    return lost, twice + found["breaches"]


def run(flows: int, rounds: int) -> dict[str, Any]:
    """The whole measurement; gives what the last line says."""
    with tempfile.TemporaryDirectory(prefix="qs-bench-") as name:
        folder = Path(name)
        variants = make_shop(folder, plates=flows * (rounds + 1))
        with sqlite3.connect(folder / "bare.sqlite3") as base:
            base.execute("PRAGMA journal_mode = WAL")
            base.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, words TEXT)")
        with served("tests.bench.orders:bare", folder, "--factory") as (port, pid):
            posts(port, pid, 8, flows)
            plain = posts(port, pid, 8, flows)
        told, failed = 0, Counter[str]()
        measured: dict[str, dict[str, Any]] = {}
        with served("wsgi:app", folder) as (port, pid):
            told += shoppers(port, pid, 4, max(24, flows // 4), variants, whole=True)["placed"]
            for what, count, wanted, whole in (
                ("placements_1", 1, flows // 2, False),
                ("placements_8", 8, flows, False),
                ("flows_8", 8, flows // 2, True),
            ):
                tries = [shoppers(port, pid, count, wanted, variants, whole=whole) for _ in range(rounds)]
                for one in tries:
                    told += one["placed"]
                    failed += Counter({why: n for why, n in one["outcomes"].items() if why != "placed"})
                measured[what] = max(tries, key=lambda one: one["per_second"])
                report(what, tries)
        found = read_back(folder, variants[1])
    lost, twice = lost_or_twice(told, found)
    figures = {
        "placements_1": measured["placements_1"]["per_second"],
        "placements_8": measured["placements_8"]["per_second"],
        "p99_1_ms": measured["placements_1"]["p99_ms"],
        "p99_8_ms": measured["placements_8"]["p99_ms"],
        "p50_8_ms": measured["placements_8"]["p50_ms"],
        "placement_cpu_ms": measured["placements_8"]["cpu_ms"],
        "flows_8": measured["flows_8"]["per_second"],
        "flow_cpu_ms": measured["flows_8"]["cpu_ms"],
        "orders": told,
        "lost": lost,
        "twice": twice,
        "refused": failed.total(),
    }
    print(f"read back: {found}")
    for outcome, number in failed.items():
        print(f"not placed, {number} times: {outcome}")
    reached = figures["placements_8"] >= GOAL["placements_8"] and figures["p99_8_ms"] <= GOAL["p99_8_ms"]
    thrifty = figures["flow_cpu_ms"] <= GOAL["flow_cpu_ms"]
    return {
        "name": "orders",
        "figures": figures,
        "bare": plain,
        "ratio": {"cpu": round(figures["flow_cpu_ms"] / plain["cpu_ms"], 1) if plain["cpu_ms"] else None},
        "goal": GOAL | {"lost": 0, "twice": 0},
        "ok": bool(reached and thrifty and not lost and not twice and not failed),
    }


def report(what: str, tries: list[dict[str, Any]]) -> None:
    """A line for whoever waits."""
    told = ", ".join(f"{one['per_second']}/s p99 {one['p99_ms']} ms cpu {one['cpu_ms']} ms" for one in tries)
    print(f"{what}: {told}", flush=True)


def main(arguments: list[str], tell: Callable[[str], None] = print) -> None:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="more orders, more rounds")
    full = parser.parse_args(arguments).full
    began = time.monotonic()
    result = run(flows=400 if full else 160, rounds=3 if full else 2)
    tell(f"{time.monotonic() - began:.0f} s in all")
    tell(json.dumps(result))


if __name__ == "__main__":
    main(sys.argv[1:])
