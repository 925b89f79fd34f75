"""What statements of a whole group cost: `python -m tests.bench.statements [--makers N] [--full]`; the last line is JSON.

A shop of its own on SQLite has one broker with 400 makers (20,000 with `--full`), each with five lines in the month. The
worker's own code makes their statements part by part, as PDFs and a zip; the figures are the most memory the process
held, CPU milliseconds a statement, and bytes a statement. ``bare`` is one empty sheet of the press in the same run.
Goal: at most 300 MB, whatever the number of makers.
"""

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import insert

from config import Settings

GOAL = {"memory_mb": 300}
MAKERS, FULL = 400, 20_000
LINES = 5
AT_ONCE = 500


def memory_mb() -> int:
    """The most that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def fill(makers: int) -> None:
    """One broker's makers, each with LINES earnings today."""
    from shop import clock
    from shop.brokers.models import Mandate
    from shop.db import writing
    from shop.ledger.models import Earning, Posting
    from shop.makers.models import Maker
    from tests.factories import catalog

    with writing() as session:
        catalog.make_shop(session)
        posting = Posting(key="bench", kind="receipt", occurred_at=clock.now(), booked_on=clock.today(), actor="bench")
        session.add(posting)
        session.flush()
        first = 1000
        for start in range(0, makers, AT_ONCE):
            ids = range(first + start, first + min(start + AT_ONCE, makers))
            session.execute(insert(Maker), [_maker(number) for number in ids])
            session.execute(insert(Mandate), [_mandate(number) for number in ids])
            session.execute(insert(Earning), [row for number in ids for row in _earnings(number, posting.id)])


def _maker(number: int) -> dict[str, Any]:
    from shop import clock

    return {
        "id": number,
        "number": f"QS-M-{number:05}",
        "slug": f"bench-{number}",
        "name": {"zh": f"王小梅{number}", "vi": f"Nguyễn Thị Hoa {number}", "en": f"Wang Xiaomei {number}"},
        "mark": "lotus",
        "birth_year": 1980,
        "village_id": 2,
        "lang": ("zh", "vi", "en")[number % 3],
        "joined_on": clock.today(),
    }


def _mandate(number: int) -> dict[str, Any]:
    from shop import clock

    return {
        "maker_id": number,
        "broker_id": 1,
        "evidence": "bench",
        "starts_on": clock.today(),
        "recorded_by": "bench",
        "recorded_at": clock.now(),
    }


def _earnings(number: int, posting_id: int) -> Iterator[dict[str, Any]]:
    from shop import clock

    for line in range(LINES):
        yield {
            "owner": f"maker:{number}",
            "source": f"bench:{number}:{line}",
            "posting_id": posting_id,
            "amount_minor": 23_600 + line,
            "currency": "CNY",
            "available_at": clock.now(),
        }


def made(app: Flask) -> dict[str, float]:
    """Ask for the group's statements and run the worker until they are there."""
    from shop import clock
    from shop.actor import COMMAND, Actor
    from shop.db import reading, writing
    from shop.outbox.worker import run_due
    from shop.payouts import group_paper, services
    from shop.payouts.models import StatementRun
    from shop.payouts.services.groups import KIND

    treasurer = Actor(COMMAND.key, "treasurer")
    with writing() as session:
        run_id = services.ask_statements(
            session, broker_id=1, since=clock.today(), until=clock.today(), lang="", by=treasurer
        ).id
    before = time.process_time()
    while run_due(kinds=[KIND], limit=1):
        with reading() as session:
            run = session.get_one(StatementRun, run_id)
        print(f"{run.done} of {run.total}, {memory_mb()} MB", flush=True)
    spent = time.process_time() - before
    with app.app_context():
        found = group_paper.file_of(run)
    assert found is not None
    return {
        "makers": run.total,
        "memory_mb": memory_mb(),
        "ms_each": round(spent * 1000 / run.total, 1),
        "bytes_each": found.stat().st_size // run.total,
    }


def bare() -> float:
    """CPU milliseconds of one empty sheet."""
    import typst

    before = time.process_time()
    for place in range(20):
        typst.compile(
            f"#set page(width: 210mm, height: 297mm)\n{place}".encode(), ignore_system_fonts=True, format="pdf"
        )
    return round((time.process_time() - before) * 1000 / 20, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--makers", type=int, default=MAKERS)
    parser.add_argument("--full", action="store_true", help=f"{FULL} makers")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-statements-") as folder:
        from shop import create_app, db, schema

        url = f"sqlite:///{Path(folder) / 'shop.sqlite3'}"
        schema.upgrade(db.connect(url))
        settings = Settings(_env_file=None, instance_path=Path(folder), database_url=url, secret_key="bench" * 8)  # type: ignore[call-arg]
        app = create_app(settings)
        fill(FULL if chosen.full else chosen.makers)
        found = made(app)
        print(json.dumps({"bench": "statements", **found, "bare_ms": bare(), "goal": GOAL}))
        if found["memory_mb"] > GOAL["memory_mb"]:
            raise SystemExit("more memory than the goal allows")


if __name__ == "__main__":
    main()
