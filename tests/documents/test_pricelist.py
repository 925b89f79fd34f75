"""The price list as XLSX and CSV."""

import csv
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from shop.documents.labels import LABELS
from shop.documents.pricelist import price_list
from shop.documents.tables import sheet_csv, xlsx
from shop.money import Money
from tests.documents.samples import NAMES, edition, item

FORMULA = '=HYPERLINK("http://evil.example","荷塘")'


def as_csv(data, lang="zh") -> list[dict[str, str]]:
    text = sheet_csv(price_list(data, lang)[0]).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline=""), strict=True))


def as_xlsx(data, lang="zh"):
    return load_workbook(BytesIO(xlsx(price_list(data, lang))))


def test_there_is_one_row_for_each_item_and_tier():
    rows = as_csv(edition([item(1), item(2, tiers=[(5, Money(100, "CNY"))]), item(3, tiers=[])]))
    assert [(row["货号"], row["起订件数"], row["单价"]) for row in rows] == [
        ("QS-0001", "10", "341.01"),
        ("QS-0001", "30", "330.51"),
        ("QS-0002", "5", "1.00"),
        ("QS-0003", "", ""),
    ]


def test_edition_and_date_stand_above_and_in_every_row():
    book = as_xlsx(edition([item(1)]))
    page = book.worksheets[0]
    assert "梭桥女子手工艺展" in page["A1"].value
    assert "会刊版次：2" in page["A2"].value
    assert "2026年11月20日" in page["A2"].value
    assert page.freeze_panes == "A5"
    row = as_csv(edition([item(1)]))[0]
    assert (row["会刊版次"], row["日期"]) == ("2", "2026-11-20")


@pytest.mark.parametrize("lang", ["zh", "vi", "en"])
def test_xlsx_and_csv_have_the_same_rows(lang):
    data = edition([item(1), item(2)])
    page = as_xlsx(data, lang).worksheets[0]
    grid = [[cell.value for cell in row] for row in page.iter_rows(min_row=4)]
    rows = as_csv(data, lang)
    assert grid[0] == list(rows[0])
    assert len(grid) - 1 == len(rows) == 4
    for cells, row in zip(grid[1:], rows, strict=True):
        assert (cells[2], cells[3]) == (row[grid[0][2]], row[grid[0][3]])
        place = grid[0].index(LABELS["unit_price"][lang])
        assert cells[place] == pytest.approx(float(row[grid[0][place]]))


def test_nothing_is_hidden_and_no_column_speaks_of_pay_or_split():
    book = as_xlsx(edition([item(1)]))
    assert book.sheetnames == ["价目表"]
    page = book.worksheets[0]
    assert not any(column.hidden for column in page.column_dimensions.values())
    headings = {str(cell.value) for cell in page[4]}
    assert not any(
        word in heading for heading in headings for word in ("工钱", "成本", "分成", "佣金", "电话", "身份证")
    )


def test_names_stand_in_three_languages_and_formulas_stay_text():
    data = edition([item(1, names={**NAMES, "en": FORMULA}, text=FORMULA, hs_code="0138", maker="-王")])
    row = as_csv(data)[0]
    assert (row["中文名"], row["越南文名"]) == (NAMES["zh"], NAMES["vi"])
    assert row["英文名"] == "'" + FORMULA
    page = as_xlsx(data).worksheets[0]
    cells = {page.cell(4, place).value: page.cell(5, place) for place in range(1, page.max_column + 1)}
    assert (cells["英文名"].data_type, cells["英文名"].value) == ("s", FORMULA)
    assert cells["海关编码（参考）"].value == "0138"
    assert cells["手艺人"].value == "-王"


def test_the_carton_has_its_volume():
    row = as_csv(edition([item(1)]), "en")[0]
    assert (row["CBM (m³)"], row["Carton L×W×H (cm)"], row["Pcs per carton"]) == ("0.036", "27×27×50", "12")


def test_the_same_edition_gives_the_same_bytes():
    data = edition([item(1), item(2)])
    assert xlsx(price_list(data, "zh")) == xlsx(price_list(data, "zh"))
    assert sheet_csv(price_list(data, "zh")[0]) == sheet_csv(price_list(data, "zh")[0])
