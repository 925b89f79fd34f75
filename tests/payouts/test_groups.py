"""Statements of a whole group: made by the worker part by part, one PDF or a zip, taken up where a crash left it."""

import zipfile
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from shop import clock
from shop.db import reading, writing
from shop.errors import NotYours
from shop.makers.models import Maker
from shop.outbox.models import OutboxRow
from shop.outbox.worker import run_due
from shop.payouts import group_paper
from shop.payouts import services as payouts
from shop.payouts.errors import NothingToPrint, NotYourPart
from shop.payouts.models import StatementRun
from shop.payouts.services.groups import KIND
from tests.factories.orders import agreed, paid, received, work_of
from tests.people import FEN, HOA, LAN, MEI, OTTO, TAO


@pytest.fixture
def earned(shop):
    """Li, Sun and Yang, makers of Mei's, each made two knots; Lan of the same group nothing."""
    group_id = paid({shop.variants["knot"]: 6})
    with reading() as session:
        (order,) = work_of(session, group_id)
    for maker, slip in zip((2, 3, 4), agreed(order.id, {2: 2, 3: 2, 4: 2}), strict=True):
        received(slip, 2, key=f"knots-{maker}")
    return shop


def ask(by=TAO, broker_id: int = 1, lang: str = "") -> int:
    today = clock.today()
    with writing() as session:
        return payouts.ask_statements(
            session, broker_id=broker_id, since=today.replace(day=1), until=today, lang=lang, by=by
        ).id


def run_of(run_id: int) -> StatementRun:
    with reading() as session:
        return session.get_one(StatementRun, run_id)


def file_of(app, run_id: int):
    with app.app_context():
        return group_paper.file_of(run_of(run_id))


def work() -> None:
    while run_due(kinds=[KIND]):
        pass


def test_one_pdf_has_each_makers_statement_in_her_language_on_a_sheet_of_her_own(app, earned):
    with writing() as session:
        for number, lang in ((2, "zh"), (3, "vi"), (4, "en")):
            session.get_one(Maker, number).lang = lang
    run_id = ask()
    assert (ask(), run_of(run_id).total, run_of(run_id).done) == (run_id, 3, 0)
    assert file_of(app, run_id) is None
    work()
    run = run_of(run_id)
    assert (run.done, run.parts, run.finished_at is not None) == (3, 1, True)
    found = file_of(app, run_id)
    assert found is not None
    assert found.suffix == ".pdf"
    pages = [page.extract_text() for page in PdfReader(found, strict=True).pages]
    assert [("QS-M-0002" in pages[0]), ("QS-M-0003" in pages[1]), ("QS-M-0004" in pages[2])] == [True, True, True]
    assert ["工钱单" in pages[0], "Bảng kê" in pages[1], "Statement" in pages[2]] == [True, True, True]
    assert ask() != run_id


def test_above_a_part_it_is_a_zip_and_what_a_crash_left_is_made_again(app, earned, monkeypatch):
    monkeypatch.setattr(group_paper, "PART", 2)
    monkeypatch.setattr(group_paper, "PRESSED", 1)
    run_id = ask(lang="en")
    pressed = group_paper.statements_pdf

    def broken(papers):
        if group_paper.folder().joinpath(run_of(run_id).token, "part-001.pdf").exists():
            raise RuntimeError("the lamp went out")
        return pressed(papers)

    monkeypatch.setattr(group_paper, "statements_pdf", broken)
    work()
    assert (run_of(run_id).done, run_of(run_id).parts, run_of(run_id).finished_at) == (2, 1, None)
    monkeypatch.setattr(group_paper, "statements_pdf", pressed)
    with writing() as session:
        row = session.scalars(select(OutboxRow).where(OutboxRow.kind == KIND, OutboxRow.state != "done")).one()
        row.due_at = clock.now()
    work()
    run = run_of(run_id)
    assert (run.done, run.parts, run.finished_at is not None) == (3, 2, True)
    found = file_of(app, run_id)
    assert found is not None
    with zipfile.ZipFile(found) as packed:
        assert packed.namelist() == ["statements-001.pdf", "statements-002.pdf"]
        counts = [len(PdfReader(BytesIO(packed.read(name)), strict=True).pages) for name in packed.namelist()]
    assert counts == [2, 1]


def test_only_the_co_op_and_her_own_broker_ask_for_a_group_that_earned_something(app, earned):
    assert ask(by=MEI) == ask(by=FEN)
    for who, refusal in ((HOA, NotYours), (OTTO, NotYourPart), (LAN, NotYourPart)):
        with pytest.raises(refusal):
            ask(by=who)
    with pytest.raises(NothingToPrint):
        ask(broker_id=2)


def test_old_runs_are_put_away(app, earned):
    run_id = ask()
    work()
    with app.app_context():
        before = group_paper.sweep()
        clock.stand_at(clock.now() + group_paper.KEPT * 2)
        assert (before, group_paper.sweep() >= 1) == (0, True)
    assert file_of(app, run_id) is None
    clock.stand_at(None)  # the chain of jobs would be late by days
