"""A maker's income of a year: the same sums on page, paper and behind the code, in three languages, hers alone."""

from io import BytesIO

from pypdf import PdfReader

from shop import clock
from shop.db import reading, writing
from shop.payouts import services as payouts
from shop.payouts.models import Payout
from shop.payouts.queries.year import year_income
from tests.office.day.rows import row
from tests.people import LAN, MEI, TAO


def income(year: int) -> tuple[int, int, int]:
    with reading() as session:
        found = year_income(session, payee="maker:1", year=year, currency="CNY")
    return found.pieces, found.earned.minor, found.confirmed.minor


def test_a_year_on_page_and_paper_and_behind_its_code(chain, as_, visit, client):
    year = clock.today().year
    assert (income(year), income(year - 1)) == ((1, 23_600, 0), (0, 0, 0))
    payout = row(Payout, chain.mine["payout_id"])
    with writing() as session:
        payouts.confirm(session, payout_id=payout.id, strength="self", route="card", by=LAN)
    assert income(year)[2] == payout.amount_minor
    address = f"/office/statements/maker:1/{year}"
    tao = as_(TAO)
    assert any(href.startswith(address) for href in visit("/office/statements/maker:1", client=tao, ceiling=20).hrefs())
    for lang, words in (
        ("en", "two hundred thirty-six yuan"),
        ("zh", "人民币贰佰叁拾陆元整"),
        ("vi", "hai trăm ba mươi sáu"),
    ):
        page = visit(f"{address}?lang={lang}", client=as_(TAO, lang), lang=lang)
        assert words.casefold() in page.text.casefold()
        assert f"QS-M-0001/{year}" in page.text
    paper = PdfReader(BytesIO(tao.get(f"{address}/paper.pdf?lang=en").data), strict=True)
    assert len(paper.pages) == 1
    assert "Year statement of income" in paper.pages[0].extract_text()
    assert "¥236.00" in paper.pages[0].extract_text()
    card = f"/m/card-of-lan-0123456789abcdef/year/{year}"
    assert "¥236.00" in visit(f"{card}?lang=en", client=client).text
    assert client.get(f"{card}.pdf").mimetype == "application/pdf"
    assert client.get(f"{card}0").status_code == 404
    assert client.get("/m/check-year/nonsense").status_code == 404
    assert tao.get(f"/office/statements/broker:1/{year}").status_code == 404
    assert as_(MEI).get(address).status_code == 403


def test_the_code_on_a_years_paper_opens_its_sums_without_a_name(chain, app, visit):
    from shop.payouts.year_pages import _check_url

    year = clock.today().year
    with app.test_request_context():
        path = "/" + _check_url("maker:1", year).split("/", 3)[3]
    page = visit(path)
    assert "¥236.00" in page.text or "236" in page.text
    assert "Lan" not in page.text
