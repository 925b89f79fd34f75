"""The treasurer takes a month's journal along."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from shop import clock
from tests.people import HOA, TAO


def this_month(kind: str) -> str:
    return f"/office/accounts/journal/{clock.today():%Y-%m}.{kind}"


def test_the_page_lists_the_months_with_their_files(chain, as_, visit):
    page = visit("/office/accounts/journal", client=as_(TAO), ceiling=20)
    assert this_month("csv") in page.hrefs()
    assert "so far" in page.one("tbody tr:has(a[href$='.csv']) th")
    assert "/office/accounts/journal" in visit("/office/accounts", client=as_(TAO)).hrefs()


def test_workbook_and_csv_hold_the_same_lines(chain, as_):
    tao = as_(TAO)
    rows = list(load_workbook(BytesIO(tao.get(this_month("xlsx")).data)).worksheets[0].iter_rows(values_only=True))
    lines = tao.get(this_month("csv")).data.decode("utf-8-sig").splitlines()
    assert len(rows) == len(lines) > 20
    assert rows[0][0] == "Entry no."
    assert lines[1].split(",")[0] == "1"


@pytest.mark.parametrize("kind", ["csv", "xlsx", "beancount"])
def test_the_same_month_gives_the_same_file(chain, as_, kind):
    tao = as_(TAO)
    assert tao.get(this_month(kind)).data == tao.get(this_month(kind)).data


@pytest.mark.parametrize("name", ["2026-13.csv", "0-1.csv", "2026-11.pdf", "9999-12.csv", "2026-0.xlsx"])
def test_what_is_no_month_is_not_found(chain, as_, name):
    assert as_(TAO).get(f"/office/accounts/journal/{name}").status_code == 404


def test_an_empty_month_is_an_empty_file_and_no_error(chain, as_):
    assert as_(TAO).get("/office/accounts/journal/2001-01.csv").status_code == 200


def test_a_broker_does_not_get_it(chain, as_):
    assert as_(HOA).get(this_month("csv")).status_code in {403, 404}
