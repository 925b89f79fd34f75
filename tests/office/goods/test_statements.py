"""Statements in the office: the ledger's own figures, in figures and words, on one sheet in three languages."""

import pytest

from shop.db import reading
from shop.ledger.chart import named
from shop.ledger.queries import balance
from shop.money import Money, format_money, in_words
from tests.factories.orders import on_shelf
from tests.factories.ways import paid_by
from tests.people import FEN, MEI, OTTO, TAO


@pytest.fixture
def hers(goods) -> Money:
    """What three plates brought Zhao, as the ledger has it: 639.00."""
    on_shelf(goods.variants["plate"], 5, 3)
    with reading() as session:
        found = Money(balance(session, named("maker:5:available"), "CNY"), "CNY")
    assert found == Money(63900, "CNY")
    return found


def test_a_makers_statement_says_what_the_ledger_says_in_figures_and_words(hers, as_, visit):
    for lang, words in (
        ("zh", "人民币陆佰叁拾玖元整"),
        ("vi", "sáu trăm ba mươi chín nhân dân tệ"),
        ("en", "six hundred thirty-nine yuan"),
    ):
        page = visit("/office/statements/maker:5", client=as_(TAO, lang), lang=lang, ceiling=16)
        printed = " ".join(format_money(hers, lang).split())
        assert page.one(".total b") == printed
        assert page.all(".total span")[-1].casefold() == in_words(hers, lang).casefold() == words.casefold()
        assert page.all("tfoot td")[-1] == printed
        assert "QS-0300-01" in page.text
        other = visit("/office/statements/maker:5?lang=vi", client=as_(TAO, lang), lang="vi", ceiling=16)
        assert other.one(".total b") == "639,00 ¥"


def test_a_banks_name_in_chinese_script_says_its_language_on_other_pages(hers, as_, visit):
    facts = {"holder": "赵", "bank": "农业<b>银行", "account_no": "0622 0000 1111 2222"}
    paid_by("maker:5", "bank_file", **facts)
    for lang, named_so in (("en", 1), ("vi", 1), ("zh", 0)):
        page = visit("/office/statements/maker:5", client=as_(TAO, lang), lang=lang, ceiling=16)
        assert page.all("b span[lang=zh-Hans]") == ["农业<b>银行"] * named_so
        assert "农业<b>银行" in page.text
        assert "2222" in page.text


def test_the_months_of_a_statement_are_targets_as_large_as_all_others(hers, as_, visit):
    page = visit("/office/statements/maker:5", client=as_(TAO), ceiling=16)
    links = page.doc.cssselect(".act nav a")
    assert len(links) > 1
    assert {link.get("class") for link in links} == {"btn link"}, "small ones are 40 px high"


def test_what_she_did_not_earn_stands_on_no_statement(hers, as_, visit):
    page = visit("/office/statements/maker:1", client=as_(TAO), ceiling=16)
    assert page.one(".total b") == "¥0.00"
    assert "Nothing became yours in these days." in page.text
    assert "¥639.00" not in visit("/office/statements/broker:2", client=as_(TAO), ceiling=16).text


def test_her_paper_is_for_nobodys_cache_and_there_is_none_of_a_broker(hers, as_):
    tao = as_(TAO)
    paper = tao.get("/office/statements/maker:5/paper.pdf?lang=zh")
    assert (paper.mimetype, paper.headers["Cache-Control"]) == ("application/pdf", "private, no-store")
    assert paper.data.startswith(b"%PDF")
    assert tao.get("/office/statements/broker:1/paper.pdf").status_code == 404
    for who in (MEI, OTTO):
        assert as_(who).get("/office/statements/maker:5/paper.pdf").status_code == 403


def test_addresses_that_name_nobody_are_not_found_and_months_that_are_none_are_not_asked(hers, as_, visit):
    fen = as_(FEN)
    for payee in ("maker:0", "maker:-1", "maker:", "maker:²", "maker:٥", f"maker:{2**63}", "coop", "maker:5:available"):
        for tail in ("", "/paper.pdf"):
            assert fen.get(f"/office/statements/{payee}{tail}").status_code == 404, payee
    for month in ("2026-13", "9999-01", "soon", "2026-1"):
        page = visit(f"/office/statements/maker:5?month={month}", client=fen, ceiling=16)
        assert page.one(".total b") == "¥639.00"
