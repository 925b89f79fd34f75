"""Whatever a file holds: no crash, each row accounted for, and two imports at once are one."""

import subprocess
import sys
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from config import ROOT
from shop.actor import COMMAND
from shop.catalog.importing.applying import apply
from shop.catalog.importing.drafts import drafts_of, past_imports, pictures_to_supply, proposed_pay
from shop.catalog.importing.plan import plan
from shop.catalog.importing.reading import read
from shop.catalog.importing.rows import FileRefused, ImportFile
from shop.catalog.importing.words import fault_text
from shop.catalog.models import Product, Variant
from shop.db import again, reading, writing
from shop.money import Money
from tests.catalog.test_import_plan import LARGE, LOTUS, list_of, workshop
from tests.catalog.test_import_reading import FILES, OURS, SHOPIFY, of_rows

__all__ = ["workshop"]

CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["荷花", "a", "A", "b", "24", "1.5", "-1", "<p>x<br>y", "合计", "Title", "Default Title", '"', "\x00"]
    ),
)
ROWS = st.lists(st.lists(CELLS, max_size=9), max_size=12)


def accounted(file: ImportFile) -> set[int]:
    """Rows that are taken or named with what is wrong."""
    taken = {
        row
        for product in file.products
        for row in (*product.picture_rows, *(row for variant in product.variants for row in variant.rows))
    }
    return taken | {fault.row for fault in file.faults} | {note.row for note in file.skipped}


@pytest.mark.parametrize("heading", [OURS, SHOPIFY])
@settings(max_examples=150, deadline=None)
@given(rows=ROWS)
def test_each_row_with_something_in_it_is_taken_or_named(heading: list[str], rows: list[list[str]]) -> None:
    try:
        file = of_rows(heading, *rows)
    except FileRefused:
        return
    assert len(accounted(file)) == file.row_count
    keys = [variant.key for product in file.products for variant in product.variants]
    assert len(keys) == len(set(keys))
    for fault in file.faults:
        assert fault.row > 1
        assert "\x00" not in fault.value


@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=300))
def test_any_bytes_are_a_list_or_refused(data: bytes) -> None:
    try:
        file = read(data, "list.csv", currency="CNY")
    except FileRefused:
        return
    assert len(accounted(file)) == file.row_count


def test_every_fault_has_a_sentence(app: object) -> None:
    with app.app_context():  # type: ignore[attr-defined]
        for bad in ("abc", "-5", "1e3", "380.000", "380,00", "0", "$5", "9" * 30):
            for fault in list_of([*LOTUS[:4], bad, *LOTUS[5:]]).faults:
                assert not fault_text(fault).startswith("The file cannot be read"), fault


def test_an_import_killed_before_its_end_leaves_nothing_and_can_be_run_again(engine: Engine, workshop: int) -> None:
    url = engine.url.render_as_string(hide_password=False)
    script = f"""
import os, signal
from pathlib import Path
import shop.models
from shop import db
from config import ROOT
from shop.actor import COMMAND
from shop.catalog.importing.applying import apply
from shop.catalog.importing.plan import plan
from shop.catalog.importing.reading import read
db.connect({url!r})
file = read(Path({str(FILES / "shopify.csv")!r}).read_bytes(), "shopify.csv", currency="CNY")
with db.writing() as session:
    assert apply(session, plan=plan(session, file=file, workshop_id={workshop}), skip_bad=False, by=COMMAND).ref
    os.kill(os.getpid(), signal.SIGKILL)
"""
    killed = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False)
    assert killed.returncode == -9
    with reading() as session:
        assert session.scalar(select(func.count(Product.id))) == 0
    file = read((FILES / "shopify.csv").read_bytes(), "shopify.csv", currency="CNY")
    with writing() as session:
        known = plan(session, file=file, workshop_id=workshop)
        assert len(apply(session, plan=known, skip_bad=False, by=COMMAND).new_products) == 3


def test_the_drafts_of_an_import_are_found_with_their_pictures_and_pay(engine: Engine, workshop: int) -> None:
    with writing() as session:
        known = plan(session, file=list_of(LOTUS, LARGE), workshop_id=workshop)
        ref = apply(session, plan=known, skip_bad=False, by=COMMAND).ref
    with reading() as session:
        (product,) = drafts_of(session, ref=ref)
        variants = session.scalars(select(Variant).order_by(Variant.position)).all()
        assert pictures_to_supply(product) == ["a.jpg"]
        assert [proposed_pay(product, variant) for variant in variants] == [Money(23600, "CNY"), Money(33000, "CNY")]
        (past,) = past_imports(session, workshop_id=workshop)
        assert (past.ref, past.new, past.changed) == (ref, 1, 0)
        assert past_imports(session, workshop_id=workshop + 1) == []
        assert list(drafts_of(session, ref="another")) == []


def test_two_imports_of_one_file_at_once_make_one_list(engine: Engine, workshop: int) -> None:
    file = list_of(LOTUS, LARGE)
    start = threading.Barrier(2)
    failed: list[BaseException] = []

    def bring_in() -> None:
        def work() -> None:
            with writing() as session:
                apply(session, plan=plan(session, file=file, workshop_id=workshop), skip_bad=False, by=COMMAND)

        try:
            start.wait(10)
            again(work)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=bring_in) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed == []
    with reading() as session:
        assert session.scalar(select(func.count(Product.id))) == 1
        assert session.scalar(select(func.count(Variant.id))) == 2
