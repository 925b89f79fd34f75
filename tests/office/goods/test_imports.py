"""Lists from outside in the office: tried without writing, brought in whole or without their bad rows, once."""

import io
import zipfile

import pytest

from config import ROOT
from shop.catalog.models import Product
from shop.coop.models import Coop
from shop.db import writing
from tests.office.goods.lists import BAD, GOOD, HEAD, UPLOAD, act, brought_in, csv_of, of_sku, sent, xlsx_of
from tests.office.goods.rows import everything, rows
from tests.people import ADA, FEN, TAO

FILES = ROOT / "tests" / "data" / "import"


def test_a_dry_run_tells_the_fate_of_each_row_and_writes_nothing(goods, as_, visit):
    before = everything()
    page = sent(visit, as_(FEN), csv_of(*GOOD, BAD))
    assert page.h1 == "Import products: a dry run"
    wrong, fates = page.doc.cssselect("table.ledger tbody")
    assert [[" ".join(cell.itertext()) for cell in row][:2] for row in wrong] == [["4", "C 价格"], ["4", "G 数量"]]
    assert "The cell holds no amount of money." in page.text
    assert "Only whole pieces can be counted." in page.text
    told = [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in fates]
    assert [(line[0], line[1], line[3]) for line in told] == [
        ("2", "CUP-1", "new product"),
        ("3", "FAN-1", "new product"),
        ("4", "BAD-1", "cannot be taken"),
    ]
    assert "nothing has been written" in page.text
    assert everything() == before


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", ["导入商品：试一遍", "只能数整件"]), ("vi", ["thử", "Chỉ"]), ("en", ["a dry run"])],
)
def test_the_dry_run_is_whole_in_three_languages(goods, as_, visit, lang, words):
    client = as_(FEN, lang)
    page = sent(visit, client, csv_of(*GOOD, BAD))
    again = visit(page.path, client=client, lang=lang)
    assert all(word in again.text for word in words), again.text[:1500]


def test_all_rows_are_brought_in_or_none(goods, as_, visit):
    before = everything()
    page = sent(visit, as_(FEN), csv_of(*GOOD, BAD))
    assert page.form(act(page))["rows"] == "all"
    refused = page.submit(act(page))
    assert refused.status == 422
    assert "Nothing was written: 1 rows are wrong." in refused.one(".summary")
    assert everything() == before
    left = refused.submit(act(refused), rows="good")
    assert left.status == 200
    assert "Brought in: 2 new drafts, 0 changed, 1 rows left out." in left.text
    assert left.all("tbody th a") == ["荷叶杯垫", "并蒂莲团扇"]


def test_the_same_list_twice_makes_nothing_twice(goods, as_, visit):
    fen = as_(FEN)
    data = csv_of(*GOOD)
    first, second = sent(visit, fen, data), sent(visit, fen, data)
    first.submit(act(first))
    made = everything()
    assert "There was nothing to write: the shop has all of it already." in second.submit(act(second)).text
    assert everything() == made
    third = sent(visit, fen, data)
    assert "There is nothing to write" in third.text
    assert third.all(f"main {act(third)}") == []
    assert len(rows(Product, Product.state == "draft")) == 3


def test_a_second_click_is_told_what_the_first_has_brought_in(goods, as_, visit):
    page = sent(visit, as_(FEN), csv_of(*GOOD))
    first = page.submit(act(page))
    made = everything()
    again = page.submit(act(page))
    assert (again.status, again.path) == (200, first.path)
    assert "Brought in: 2 new drafts, 0 changed, 0 rows left out." in again.text
    assert everything() == made
    assert as_(ADA).send(page.path).status_code == 404


def test_a_second_click_that_comes_before_the_first_has_ended_is_told_the_same(goods, as_, visit, monkeypatch):
    monkeypatch.setattr("shop.office.uploads.forget", lambda token: None)
    page = sent(visit, as_(FEN), csv_of(*GOOD))
    first = page.submit(act(page))
    made = everything()
    assert page.submit(act(page)).path == first.path
    assert everything() == made


def test_a_second_click_where_there_was_nothing_to_write_says_so_again(goods, as_, visit):
    fen, data = as_(FEN), csv_of(*GOOD)
    page = sent(visit, fen, data)
    brought_in(visit, fen, *GOOD)
    for _ in range(2):
        assert "There was nothing to write" in page.submit(act(page)).text


def test_a_list_that_changes_what_is_there_says_what_changes(goods, as_, visit):
    fen = as_(FEN)
    brought_in(visit, fen, *GOOD)
    page = sent(visit, fen, csv_of((*GOOD[0][:2], "188.00", *GOOD[0][3:]), GOOD[1]))
    assert "价格 168.00 → 188.00" in page.text
    page.submit(act(page))
    assert of_sku("CUP-1")[1].price_minor == 18800


def test_lists_of_both_kinds_and_of_all_letters_are_read(goods, as_, visit):
    fen = as_(FEN)
    for name in ("shopify.csv", "zh-gb18030.csv", "en-utf16.csv", "zh.xlsx", "vi-nfd.csv"):
        page = sent(visit, fen, (FILES / name).read_bytes(), name)
        assert page.h1 == "Import products: a dry run", name
        assert page.all("tbody tr"), name


def bomb() -> bytes:
    """A small XLSX whose one sheet unpacks to a gigabyte of blanks."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx_of(*GOOD))) as honest, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for each in honest.infolist():
            if each.filename != "xl/worksheets/sheet1.xml":
                made.writestr(each, honest.read(each))
        with made.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(b"<worksheet><sheetData>")
            for _ in range(256):
                sheet.write(b" " * 1_000_000)
    return out.getvalue()


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
HALF = csv_of(*GOOD).decode()[:-12].encode()
IN_QUOTES = csv_of(("荷叶杯垫", "CUP-1", "168", "", "", "直径\n12", "3"))[:-12]
REFUSED = [
    (b"", "empty.csv", "there is nothing in the file."),
    (csv_of(), "heading.csv", "There is a heading, but no row under it."),
    (csv_of(("1", "2"), head=("a", "b")), "other.csv", "No heading of a product list was found."),
    (csv_of(("x", "1"), head=("品名", "数量")), "short.csv", "There is no column for the price"),
    (IN_QUOTES, "cut.csv", "The file ends in the middle of a text in quotation marks."),
    (
        csv_of(*GOOD)[:60] + b"\xff\xff" + csv_of(*GOOD, code="gb18030"),
        "letters.csv",
        "he letters of the file cannot be told",
    ),
    (b"%PDF-1.7 no list", "list.pdf", "row 1: No heading of a product list was found."),
    (xlsx_of(*GOOD)[:2000], "half.xlsx", "the Excel file is damaged or not whole."),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old.xls", "this is an old or locked Excel file."),
]


def test_what_is_no_list_is_refused_with_its_reason(goods, as_, visit):
    before, fen = everything(), as_(FEN)
    for data, name, said in REFUSED:
        page = sent(visit, fen, data, name, kind="qiaoshou")
        assert page.status == 422, name
        assert said in page.one(".summary"), name
        assert page.hrefs(".summary a") == ["#list"], name
        assert page.form(UPLOAD)["kind"] == "qiaoshou", name
    assert everything() == before


def test_an_excel_bomb_is_refused_before_it_unfolds(goods, as_, visit):
    data = bomb()
    assert len(data) < 1_000_000
    page = sent(visit, as_(FEN), data, "bomb.xlsx")
    assert page.status == 422
    assert page.one(".summary")


def test_half_a_list_names_the_row_where_it_ends(goods, as_, visit):
    page = sent(visit, as_(FEN), HALF)
    assert "The row ends early" in page.text
    assert page.submit(act(page)).status == 422


@pytest.mark.parametrize(("lang", "said"), [("zh", "请选"), ("vi", "xin chọn"), ("en", "please choose a CSV")])
def test_without_a_file_or_a_workshop_the_form_says_so(goods, as_, visit, lang, said):
    client = as_(FEN, lang)
    page = visit("/office/imports", client=client, lang=lang)
    refused = page.submit(UPLOAD, workshop_id="2", kind="shopify")
    assert refused.status == 422
    assert said in refused.one(".summary")
    assert refused.form(UPLOAD)["workshop_id"] == "2"
    assert refused.form(UPLOAD)["kind"] == "shopify"


def test_tampered_choices_are_refused(goods, as_, visit):
    before, fen = everything(), as_(FEN)
    for fields in ({"workshop_id": "99"}, {"workshop_id": "x"}, {"kind": "woo"}, {"currency": "XXX"}):
        page = sent(visit, fen, csv_of(*GOOD), **fields)
        assert page.status == 422, fields
        assert page.one(".summary"), fields
    assert everything() == before


def test_prices_in_money_the_coop_does_not_sell_in_are_refused(goods, as_, visit):
    page = sent(visit, as_(FEN), csv_of(*GOOD), currency="USD")
    assert page.status == 422
    assert "the co-op sells in CNY" in page.one(".summary")
    assert page.form(UPLOAD)["currency"] == "USD"
    assert len(rows(Product)) == 3


def test_a_list_is_only_for_who_sent_it_and_can_be_put_away(goods, as_, visit):
    fen, ada = as_(FEN), as_(ADA)
    page = sent(visit, fen, csv_of(*GOOD))
    assert ada.get(page.path).status_code == 404
    assert ada.send(page.path).status_code == 404
    assert ada.send(f"{page.path}/forget").status_code == 404
    gone = page.submit(f'form[action="{page.path}/forget"]')
    assert "The list is put away. Nothing was written." in gone.text
    assert fen.get(page.path).status_code == 404
    assert len(rows(Product)) == 3


def test_the_treasurer_brings_nothing_in(goods, as_, visit):
    page = sent(visit, as_(FEN), csv_of(*GOOD))
    tao = as_(TAO)
    assert tao.get("/office/imports").status_code == 403
    assert tao.get(page.path).status_code == 403
    assert tao.send(page.path).status_code == 403
    assert len(rows(Product)) == 3


def test_a_list_over_the_limit_of_a_form_is_told_in_the_users_language(goods, as_, visit):
    answer = as_(FEN, "zh").post(
        "/office/imports", data=b"x" * 26_000_000, content_type="multipart/form-data; boundary=x"
    )
    assert answer.status_code == 413
    assert "太大" in answer.text


def test_a_coop_that_changed_its_money_since_the_dry_run_is_told(goods, as_, visit):
    page = sent(visit, as_(FEN), csv_of(*GOOD))
    with writing() as session:
        session.get_one(Coop, 1).currency = "USD"
    told = page.submit(act(page))
    assert "the co-op sells in USD" in told.text
    assert len(rows(Product)) == 3


def test_many_rows_are_paged(goods, as_, visit):
    many = [(f"杯垫{number}", f"M-{number}", "10", "", "", "", "") for number in range(130)]
    fen = as_(FEN)
    page = sent(visit, fen, csv_of(*many, head=HEAD))
    assert "rows 1 to 100 of 130" in page.text
    (after,) = page.hrefs("a[rel=next]")
    second = visit(after, client=fen)
    assert "rows 101 to 130 of 130" in second.text
    assert visit(second.hrefs("a[rel=prev]")[0], client=fen).all("tbody th")[0] == "2"


def test_the_co_ops_own_currency_stands_first_and_a_turned_name_is_shown_straight(goods, as_, visit):
    page = visit("/office/imports", client=as_(FEN))
    assert page.all("#currency option")[0] == "CNY"
    tried = sent(visit, as_(FEN), csv_of(*GOOD), "list\u202evsc.csv")
    assert "\u202e" not in tried.source
    assert "list\ufffdvsc.csv" in tried.text
