"""What the pages people look at cost: `python -m tests.bench.pages [--full]`; the last line is JSON.

A shop of its own with 2,000 products (100,000 with `--full`) on SQLite is served by granian as `make run` serves it.
Four visitors ask for a mix of pages in three languages; the figure is CPU milliseconds of the server's processes for
each request, which holds still where others use the machine too, and the lowest of three rounds. ``first`` is the same
for addresses that nobody asked for before, ``selling`` for known ones while somebody else writes twenty times a
second, so that nothing read may be used again. ``bare`` is a Flask page of 24 rows from one query, served alike in the
same run. Goals: speed.md.
"""

import argparse
import gzip
import http.client
import itertools
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask, render_template
from jinja2 import DictLoader

from config import ROOT
from tests.bench.many_goods import LANGS, THINGS, WORDS, fill
from tests.support.running import START_SECONDS, answers, bare_environment, free_port

GOAL = {"list": 1.5, "product": 1.5, "search": 2.0, "statements": 6, "html_gzip_bytes": 8000}
VISITORS = 4
ROUNDS = 3
BARE_QUERY = "SELECT slug, name, lead_days FROM product WHERE state = 'published' ORDER BY published_at DESC LIMIT 24"
BARE_PAGE = (
    "<ul>{% for slug, name, days in found %}<li><a href='/{{ slug }}'>{{ name }}</a> {{ days }}</li>{% endfor %}</ul>"
)


def bare() -> Flask:
    """A page of 24 rows from one query, and nothing of ours: what Flask itself takes."""
    app = Flask("bare")
    app.jinja_loader = DictLoader({"rows.html": BARE_PAGE})
    database = os.environ["BENCH_DATABASE"]
    held = threading.local()

    @app.get("/")
    def rows() -> str:
        if not hasattr(held, "db"):
            held.db = sqlite3.connect(database)
        return render_template("rows.html", found=held.db.execute(BARE_QUERY).fetchall())

    return app


@contextmanager
def served(target: str, folder: Path, *options: str) -> Iterator[tuple[int, int]]:
    """Granian with two processes; gives its port and process id."""
    from config import Settings
    from shop.serve import web_command

    port = free_port()
    environment = bare_environment() | {
        "INSTANCE_PATH": str(folder),
        "PORT": str(port),
        "BASE_URL": f"http://127.0.0.1:{port}",
        "DEMO": "0",
        "BENCH_DATABASE": str(folder / "shop.sqlite3"),
    }
    settings = Settings(_env_file=None, port=port, instance_path=folder)  # type: ignore[call-arg]
    command = [*web_command(settings)[:-1], *options, target]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        until = time.monotonic() + START_SECONDS
        while not answers(f"http://127.0.0.1:{port}/"):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"{target} did not start")
            time.sleep(0.05)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


def fetch(port: int, paths: Sequence[str]) -> int:
    """Ask for these pages over one connection; how many bytes came. RuntimeError for one that is no page."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    size = 0
    for path in paths:
        connection.request("GET", path)
        answer = connection.getresponse()
        size += len(answer.read())
        if answer.status not in {200, 302}:
            raise RuntimeError(f"{path}: {answer.status}")
    connection.close()
    return size


def cpu_ms(pid: int) -> float:
    """CPU time of a process and all below it so far."""
    ticks = os.sysconf("SC_CLK_TCK")
    below: dict[int, list[int]] = {}
    spent: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        one = int(stat.parent.name)
        below.setdefault(int(fields[1]), []).append(one)
        spent[one] = int(fields[11]) + int(fields[12])
    family, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        family.append(one)
        waiting += below.get(one, [])
    return sum(spent.get(one, 0) for one in family) * 1000 / ticks


def asked(port: int, pid: int, paths: Sequence[str]) -> float:
    """CPU milliseconds for each of these requests, four visitors at once."""
    before = cpu_ms(pid)
    with ThreadPoolExecutor(VISITORS) as pool:
        list(pool.map(lambda start: fetch(port, paths[start::VISITORS]), range(VISITORS)))
    return (cpu_ms(pid) - before) / len(paths)


def lowest(measure: Callable[[], float]) -> float:
    """The lowest of some rounds, the first of which only warms up."""
    measure()
    return round(min(measure() for _ in range(ROUNDS)), 3)


def mixes(count: int, requests: int) -> dict[str, list[str]]:
    """The addresses of each mix, in an order of their own."""
    dice = random.Random(7)
    heads = ("products", "products?named=1", "crafts/craft-3", "products?when=ready&price=2", "products?sort=low", "")
    lists = [f"/{lang}/{head}" for lang in LANGS for head in heads]
    things = [f"/{lang}/products/thing-{dice.randrange(1, count + 1)}" for lang in LANGS for _ in range(60)]
    words = [f"/{lang}/search?q={http_quote(word)}" for lang in LANGS for word in (*WORDS[lang], *THINGS[lang])]
    return {
        name: [dice.choice(paths) for _ in range(requests)]
        for name, paths in (("list", lists), ("product", things), ("search", words))
    }


def http_quote(word: str) -> str:
    """A word as an address holds it."""
    from urllib.parse import quote

    return quote(word)


def firsts(count: int) -> dict[str, list[str]]:
    """Addresses that none of the mixes asked for."""
    dice = random.Random(8)
    taken = {path for paths in mixes(count, 4000).values() for path in paths}
    fresh = [f"/en/products/thing-{n}" for n in dice.sample(range(1, count + 1), min(count, 900))]
    words = itertools.product(WORDS["en"], THINGS["en"], (*WORDS["vi"], *THINGS["vi"]))
    return {
        "product": [path for path in fresh if path not in taken][:600],
        "search": [
            f"/en/search?q={http_quote(' '.join(three_words[:2]))}&sort={sort}"
            for three_words, sort in zip(words, itertools.cycle(("new", "low", "high")), strict=False)
        ][:400],
    }


@contextmanager
def selling(folder: Path) -> Iterator[None]:
    """Meanwhile another process changes one row, twenty times a second."""
    stop = threading.Event()

    def write() -> None:
        connection = sqlite3.connect(folder / "shop.sqlite3", isolation_level=None)
        while not stop.wait(0.05):
            connection.execute("UPDATE shipping_rate SET days_max = 12 WHERE id = 1")
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        stop.set()
        writer.join()


def counted(folder: Path) -> dict[str, int]:
    """Statements and bytes of the heaviest page of each kind, asked for the first time by this process."""
    from config import Settings
    from shop import create_app, db
    from tests.support.statements import counted as statements

    app = create_app(Settings(_env_file=None, instance_path=folder, secret_key="b" * 32))  # type: ignore[call-arg]
    client = app.test_client()
    most, heaviest = 0, 0
    for path in ("/en/products", "/vi/products?named=1&sort=low", "/zh/search?q=荷塘", "/en/products/thing-3", "/en/"):
        db.forget_kept()
        with statements() as seen:
            answer = client.get(path)
        most, heaviest = max(most, len(seen)), max(heaviest, len(gzip.compress(answer.data, 6)))
    db.engine().dispose()
    return {"statements": most, "html_gzip_bytes": heaviest}


def run(count: int, requests: int) -> dict[str, Any]:
    """The whole measurement; gives what the last line says."""
    with tempfile.TemporaryDirectory(prefix="qs-bench-") as name:
        folder = Path(name)
        began = time.monotonic()
        from shop import db, schema

        engine = db.make_engine(f"sqlite:///{folder / 'shop.sqlite3'}", pool=2)
        schema.upgrade(engine)
        with engine.execution_options(writing=True).begin() as connection:
            fill(connection, count)
        with engine.execution_options(writing=True).begin() as connection:
            connection.exec_driver_sql("ANALYZE")
        engine.dispose()
        print(f"{count} products in {time.monotonic() - began:.1f} s", flush=True)
        with served("tests.bench.pages:bare", folder, "--factory") as (port, pid):
            floor = lowest(lambda: asked(port, pid, ["/"] * requests))
        print(f"bare Flask page: {floor} ms", flush=True)
        figures: dict[str, Any] = {"products": count}
        with served("wsgi:app", folder) as (port, pid):
            for kind, paths in mixes(count, requests).items():
                figures[kind] = lowest(lambda paths=paths: asked(port, pid, paths))  # type: ignore[misc]
                print(f"{kind}: {figures[kind]} ms", flush=True)
            with selling(folder):
                for kind, paths in mixes(count, requests).items():
                    figures[f"{kind}_selling"] = round(asked(port, pid, paths), 3)
                    print(f"{kind}, while selling: {figures[f'{kind}_selling']} ms", flush=True)
            for kind, paths in firsts(count).items():
                figures[f"{kind}_first"] = round(asked(port, pid, paths), 3)
                print(f"{kind}, first time: {figures[f'{kind}_first']} ms", flush=True)
        figures |= counted(folder)
    return {
        "name": "pages",
        "figures": figures,
        "bare": floor,
        "ratio": {kind: round(figures[kind] / floor, 2) for kind in ("list", "product", "search")},
        "goal": GOAL,
        "ok": all(figures[name] <= most for name, most in GOAL.items()),
    }


def main() -> int:
    """Measure, and say it; 0 when every goal is reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="100,000 products")
    parser.add_argument("--products", type=int, default=0)
    chosen = parser.parse_args()
    count = chosen.products or (100_000 if chosen.full else 2_000)
    said = run(count, 1_200)
    print(json.dumps(said))
    return 0 if said["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
