"""The income report as the treasurer sees it and takes it along."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from shop.db import writing
from shop.payouts import services as payouts
from tests.people import FEN, OTTO, TAO


@pytest.fixture
def confirmed(chain):
    """Zhao says that her plates' pay came."""
    with writing() as session:
        payouts.confirm(session, payout_id=chain.foreign["payout_id"], strength="self", route="coop_call", by=FEN)
    return chain


@pytest.mark.parametrize("lang", ["zh", "vi", "en"])
def test_the_page_has_a_chart_and_every_figure_of_it_in_a_table(confirmed, as_, visit, lang):
    page = visit("/office/income", client=as_(TAO, lang), lang=lang)
    assert len(page.doc.cssselect("svg.chart[role=img]")) == 2
    women = page.all("tfoot td.n")
    assert women[0] == "1"


def test_a_group_can_be_looked_at_by_itself_only_where_it_is_large_enough(confirmed, as_, visit):
    page = visit("/office/income", client=as_(TAO))
    assert "None has 5 women by itself" in page.text
    assert not [href for href in page.hrefs() if "village=" in href]


def test_the_workbook_says_the_same_as_the_page(confirmed, as_):
    answer = as_(TAO).get("/office/income.xlsx")
    book = load_workbook(BytesIO(answer.data))
    first = [[cell for cell in row if cell is not None] for row in book.worksheets[0].iter_rows(values_only=True)]
    assert first[-1][:2] == ["The year", 1]
    assert len(book.worksheets) == 4
    again = as_(TAO).get("/office/income.xlsx")
    assert again.data == answer.data


@pytest.mark.parametrize(
    "args", ["year=x", "year=99999999999999999999", "months=0", "village=-1", "craft=1e9", "workshop=%00"]
)
def test_odd_addresses_give_the_usual_report(confirmed, as_, args):
    assert as_(TAO).get(f"/office/income?{args}").status_code == 200


def test_an_organizer_sees_no_wages(chain, as_):
    assert as_(OTTO).get("/office/income").status_code in {403, 404}
