"""The worker makes the statements of a whole group: PART on a PDF, several PDFs as a zip, in bounded memory.

A part is one job: what a crash left is made again from its beginning, and nothing else. Files lie in the instance folder,
where the pages find them, for KEPT days.
"""

import shutil
import zipfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from flask import current_app

from config import Settings
from shop import clock
from shop.db import again, reading, writing
from shop.documents.binding import bind
from shop.documents.press import forget
from shop.documents.statement import StatementData, statements_pdf
from shop.outbox.handlers import handles
from shop.outbox.periodic import every
from shop.outbox.services import Job
from shop.payouts.models import StatementRun
from shop.payouts.queries.groups import group_part
from shop.payouts.services.groups import KIND, part_made, progress
from shop.payouts.sheet import Span, paper, sheet, who_of
from shop.web.i18n import speak

PART = 200
"""Statements on one PDF."""

PRESSED = 20
"""Statements that are laid out at once: their PDF has each letter's shape once, and what typst keeps of them stays small."""

KEPT = timedelta(days=7)


def folder() -> Path:
    """Where runs lie, each in a folder of its own."""
    settings = current_app.config["SETTINGS"]
    assert isinstance(settings, Settings)
    return settings.instance_path / "statements"


def file_of(run: StatementRun) -> Path | None:
    """What a finished run made: one PDF, or a zip of several; None while it is made, and when it is kept no more."""
    if run.finished_at is None:
        return None
    name = "part-001.pdf" if run.parts == 1 else "statements.zip"
    found = folder() / run.token / name
    return found if found.is_file() else None


def make_part(job: Job) -> None:
    """Press the next PART statements of a run."""
    with reading() as session:
        run = session.get(StatementRun, job.payload["run"])
        if run is None or run.finished_at is not None or job.key != f"statements:{run.id}:{run.parts + 1}":
            return
        makers = group_part(session, run=run, limit=PART + 1)
    room = folder() / run.token
    room.mkdir(parents=True, exist_ok=True)
    number, before = run.parts + 1, run.parts * PART
    _press(run, makers[:PART], room / f"part-{number:03}.pdf", before)
    more = len(makers) > PART
    if not more and number > 1:
        _zip(room, number)
    last = makers[:PART][-1] if makers else run.last_maker_id or 0

    def work() -> None:
        with writing() as session:
            part_made(session, run_id=run.id, done=before + len(makers[:PART]), last_maker_id=last, more=more)

    again(work)


def _press(run: StatementRun, makers: Sequence[int], target: Path, before: int) -> None:
    pdfs = []
    for start in range(0, len(makers), PRESSED):
        some = makers[start : start + PRESSED]
        pdfs.append(statements_pdf([_paper(run, maker_id) for maker_id in some]))
        forget()
        with writing() as session:
            progress(session, run_id=run.id, done=before + start + len(some))
    waiting = target.with_suffix(".part")
    with waiting.open("wb") as out:
        if pdfs:
            bind(pdfs, [], out)
    waiting.replace(target)


def _paper(run: StatementRun, maker_id: int) -> tuple[StatementData, str]:
    payee = f"maker:{maker_id}"
    with reading() as session:
        who = who_of(session, payee=payee)
        found = sheet(session, payee=payee, span=Span(run.since, run.until, ""), who=who)
    lang = run.lang or who.lang
    speak(lang)
    return paper(found, payee=payee, lang=lang), lang


def _zip(room: Path, parts: int) -> None:
    waiting = room / "statements.part"
    # PDFs are packed already
    with zipfile.ZipFile(waiting, "w", zipfile.ZIP_STORED) as packed:
        for number in range(1, parts + 1):
            packed.write(room / f"part-{number:03}.pdf", f"statements-{number:03}.pdf")
    waiting.replace(room / "statements.zip")


def sweep() -> int:
    """Put away what was made long ago; how many folders."""
    old, gone = (clock.now() - KEPT).timestamp(), 0
    for room in folder().iterdir() if folder().is_dir() else ():
        if room.stat().st_mtime < old:
            shutil.rmtree(room, ignore_errors=True)
            gone += 1
    return gone


def init_app() -> None:
    handles(KIND)(make_part)
    every(24 * 60 * 60, "payouts.sweep_statements")(sweep)
