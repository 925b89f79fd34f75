"""`flask import products`: what it says, what it writes, and how it ends."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from shop.actor import COMMAND
from shop.catalog.models import Product, Variant
from shop.coop.models import Change
from shop.db import reading
from shop.ledger.audit import audit
from tests.catalog.test_import_plan import LOTUS, workshop
from tests.catalog.test_import_reading import FILES

Run = Callable[..., Result]
GOOD = f"品名,货号,工艺,尺寸,价格,工钱,手艺人,数量,图片,备注\n{','.join(LOTUS)},老样\n"

__all__ = ["workshop"]


@pytest.fixture
def run(app: Flask, workshop: int) -> Run:
    """`run(file, "--dry-run")`: the command on the workshop w-emb."""
    assert workshop

    def command(file: Path, *options: str, slug: str = "w-emb") -> Result:
        return app.test_cli_runner().invoke(args=["import", "products", str(file), "--workshop", slug, *options])

    return command


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    """A list on disk with this text."""

    def write(text: str) -> Path:
        file = tmp_path / "list.csv"
        file.write_text(text, encoding="utf-8")
        return file

    return write


def counted() -> tuple[int, int]:
    with reading() as session:
        return (
            session.scalar(select(func.count(Product.id))) or 0,
            session.scalar(select(func.count(Variant.id))) or 0,
        )


def test_a_list_comes_in_and_the_command_says_what_the_drafts_lack(run: Run, written: Callable[[str], Path]) -> None:
    result = run(written(GOOD))
    assert result.exit_code == 0, result.output
    assert "new drafts: 1, changed: 0." in result.output
    assert "Columns that are not read: 备注" in result.output
    assert "Picture to be supplied, row 2, 荷塘绣片: a.jpg" in result.output
    assert "The drafts still lack" in result.output
    assert counted() == (1, 1)
    with reading() as session:
        assert audit(session) == [], "a draft's price may wait for its split"


def test_the_same_list_twice_says_so_and_writes_nothing(run: Run, written: Callable[[str], Path]) -> None:
    file = written(GOOD)
    run(file)
    result = run(file)
    assert result.exit_code == 0
    assert "the shop has all of it already" in result.output
    assert counted() == (1, 1)
    with reading() as session:
        (noted,) = session.scalars(select(Change).where(Change.kind == "imported")).all()
    assert (noted.facts["new"], noted.actor) == (1, COMMAND.key)


def test_a_dry_run_prints_the_fate_of_every_row_and_writes_nothing(run: Run) -> None:
    result = run(FILES / "shopify.csv", "--dry-run")
    assert result.exit_code == 0
    for line in (
        "row 2  new product  LC-40-R Lotus Cushion",
        "row 3  new size or colour  LC-40-B Lotus Cushion",
        "row 4  picture to be supplied  Lotus Cushion",
        "row 5  new product  Knot Charm",
        "nothing has been written",
    ):
        assert line in result.output
    assert counted() == (0, 0)


def test_a_bad_row_is_named_with_row_column_value_and_reason(run: Run, written: Callable[[str], Path]) -> None:
    file = written(GOOD + "结,PC-1,刺绣,,380.000,,,,,\n")
    result = run(file)
    assert result.exit_code == 1
    assert "row 3  cannot be taken  PC-1 结  E 价格: “380.000” – Unclear figure: 380.00 or 380000.00?" in result.output
    assert "Nothing has been written" in result.output
    assert counted() == (0, 0)
    assert run(file, "--dry-run").exit_code == 1
    result = run(file, "--skip-bad")
    assert result.exit_code == 0
    assert "rows left out: 1" in result.output
    assert counted() == (1, 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "There is nothing in the file."),
        ("品名,价格\n", "no row under it"),
        ("品名,数量\n荷花,1\n", "There is no column for the price"),
        ("品名,价格,价格\n荷花,1,2\n", "Two columns mean the same: B, C"),
        ('品名,价格\n"荷花,1\n', "list.csv"),
        ("品名,价格（USD）\n荷花,1\n", "The file says USD, prices here are in CNY."),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_one_line(
    run: Run, written: Callable[[str], Path], text: str, said: str
) -> None:
    result = run(written(text))
    assert result.exit_code == 1
    assert said in result.output
    assert "Traceback" not in result.output
    assert counted() == (0, 0)


def test_what_the_command_cannot_find_is_said_in_one_line(run: Run, written: Callable[[str], Path]) -> None:
    file = written(GOOD)
    for result, said in (
        (run(file, slug="nowhere"), "There is no workshop “nowhere”. Known: w-emb, w-other."),
        (run(file.with_name("gone.csv")), "No such file"),
        (run(file.parent), "Is a directory"),
        (run(file, "--currency", "XXX"), "--currency XXX is not known"),
        (run(file, "--currency", "USD"), "Prices in USD cannot be taken over: the co-op sells in CNY."),
    ):
        assert result.exit_code == 1
        assert said in result.output
    assert counted() == (0, 0)


def test_a_database_without_tables_is_told_in_one_line(
    another_app: Callable[..., Flask], written: Callable[[str], Path], tmp_path: Path
) -> None:
    empty = another_app(database_url=f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    result = empty.test_cli_runner().invoke(args=["import", "products", str(written(GOOD)), "--workshop", "w-emb"])
    assert result.exit_code == 1
    assert result.output.startswith("The database cannot be used")
    assert result.output.count("\n") == 1


def test_a_list_can_be_read_as_the_kind_it_is_told_to_be(run: Run, written: Callable[[str], Path]) -> None:
    file = written("Handle,Title,Price\na,A,1\na,,2\n")
    assert run(file, "--format", "qiaoshou", "--dry-run").exit_code == 1
    assert run(file, "--format", "shopify", "--dry-run").exit_code == 1
    assert "Traceback" not in run(file, "--format", "shopify").output


def test_a_program_reads_one_json_object(run: Run, written: Callable[[str], Path]) -> None:
    file = written(GOOD + "结,PC-1,刺绣,,-5,,,,,\n")
    result = run(file, "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert told["ok"] is False
    assert [fate["fate"] for fate in told["fates"]] == ["new", "refused"]
    assert told["fates"][1]["faults"][0] == {
        "row": 3,
        "column": "价格",
        "letter": "E",
        "code": "money_negative",
        "value": "-5",
        "text": "An amount cannot be below zero.",
    }
    told = json.loads(run(file, "--json", "--skip-bad").stdout)
    assert told["ok"] is True
    assert len(told["new"]) == 1
    assert told["import"]
    assert json.loads(run(file, "--json", slug="nowhere").stdout)["ok"] is False


@pytest.mark.shared
def test_the_real_shopify_export_comes_in_by_command(run: Run) -> None:
    path = FILES.parents[2].parent / "shared" / "data" / "shopify" / "apparel.csv"
    assert "row 23  new product  Striped Skirt and Top" not in run(path, "--dry-run").output
    result = run(path)
    assert result.exit_code == 0, result.output
    assert "new drafts: 20," in result.output
    assert counted() == (20, 22)
