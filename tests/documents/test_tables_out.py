"""XLSX and CSV going out, read back with openpyxl and csv."""

import csv
import zipfile
from datetime import date
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from shop.documents.tables import BadCell, Column, Sheet, csv_bytes, read_rows, sheet_csv, write_xlsx, xlsx
from shop.money import MAX_MINOR, Money

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    '=HYPERLINK("http://x")',
    "\t=1",
    "\r=1",
    "＝1",
    "{=1}",
    "http://x",
    "mailto:x",
]
LOOKALIKES = ["13800138000", "0138", "110101199001011234", "1-2", "3/4", "1E5", "TRUE", "007", " 5 ", "₫", "荷塘"]


def sheet(columns: list[Column], *rows: list[object], **more: object) -> Sheet:
    return Sheet(name="价目表", columns=columns, rows=rows, **more)


def read_back(content: bytes):
    return load_workbook(BytesIO(content)).worksheets[0]


@pytest.mark.parametrize("text", FORMULAS + LOOKALIKES)
def test_a_text_stays_the_same_text_in_excel(text):
    cell = read_back(xlsx([sheet([Column("名称")], [text])]))["A2"]
    assert cell.data_type == "s"
    assert cell.number_format == "@"
    assert cell.hyperlink is None
    assert cell.value.replace("_x000D_", "\r") == text


@pytest.mark.parametrize("text", FORMULAS + LOOKALIKES)
def test_a_text_survives_our_own_round_trip(text):
    assert list(read_rows(xlsx([sheet([Column("x")], [text])]), "x.xlsx")) == [["x"], [text]]


@pytest.mark.parametrize(
    ("money", "value", "shape"),
    [
        (Money(38050, "CNY"), 380.5, "#,##0.00"),
        (Money(1, "CNY"), 0.01, "#,##0.00"),
        (Money(-12345, "CNY"), -123.45, "#,##0.00"),
        (Money(1260000, "VND"), 1260000, "#,##0"),
        (Money(0, "CNY"), 0, "#,##0.00"),
        (Money(123456789012345, "CNY"), 1234567890123.45, "#,##0.00"),
    ],
)
def test_a_sum_is_a_number_with_the_decimals_of_its_currency(money, value, shape):
    cell = read_back(xlsx([sheet([Column("金额", "money")], [money])]))["A2"]
    assert cell.data_type == "n"
    assert (cell.value, cell.number_format) == (value, shape)


def test_every_sum_is_written_digit_for_digit():
    sums = [Money(minor, "CNY") for minor in (10, 30, 110, 1010, 99999999999999, 4503599627370497, MAX_MINOR)]
    content = xlsx([sheet([Column("x", "money")], *[[money] for money in sums])])
    read = [row[0] for row in list(read_rows(content, "x.xlsx"))[1:]]
    assert read == ["0.1", "0.3", "1.1", "10.1", "999999999999.99", "45035996273704.97", "9000000000000"]


def test_a_sum_with_more_digits_than_excel_keeps_is_written_as_text():
    cell = read_back(xlsx([sheet([Column("x", "money")], [Money(4503599627370497, "CNY")])]))["A2"]
    assert (cell.data_type, cell.value) == ("s", "45035996273704.97")


def test_headings_are_frozen_below_the_lines_above_them_and_nothing_is_hidden():
    columns = [Column("货号", width=12), Column("件数", "whole"), Column("日期", "date")]
    page = read_back(xlsx([sheet(columns, ["QS-1", 3, date(2026, 11, 20)], above=["会刊第2版", "2026年11月20日"])]))
    assert [page["A1"].value, page["A2"].value, page["A3"].value] == ["会刊第2版", "2026年11月20日", "货号"]
    assert page.freeze_panes == "A4"
    assert page["A3"].font.bold
    assert (page["B4"].value, page["C4"].value.date()) == (3, date(2026, 11, 20))
    assert page.column_dimensions["A"].width >= 12
    assert not any(column.hidden for column in page.column_dimensions.values())
    assert not any(row.hidden for row in page.row_dimensions.values())
    assert page.sheet_state == "visible"


def test_the_same_sheets_give_the_same_bytes_and_say_nothing_of_the_machine():
    def made() -> bytes:
        return xlsx([sheet([Column("x"), Column("y", "money")], ["荷", Money(1, "CNY")])])

    assert made() == made()
    with zipfile.ZipFile(BytesIO(made())) as archive:
        assert {part.date_time[0] for part in archive.infolist()} == {1980}


def test_sheet_names_are_made_fit_and_unlike():
    names = ["a/b:c", "a/b:c", "", "'x'", "很" * 40]
    content = xlsx([Sheet(name, [Column("x")], []) for name in names])
    book = load_workbook(BytesIO(content))
    assert len({name.casefold() for name in book.sheetnames}) == 5
    assert all(0 < len(name) <= 31 for name in book.sheetnames)


@pytest.mark.parametrize(
    ("kind", "value"),
    [("text", 5), ("whole", "5"), ("whole", True), ("money", 38050), ("money", "380.50"), ("date", "2026-11-20")],
)
def test_a_value_of_another_kind_than_its_column_is_refused(kind, value):
    with pytest.raises(BadCell):
        xlsx([sheet([Column("x", kind)], [value])])


def test_more_text_than_a_cell_holds_is_refused_instead_of_lost():
    with pytest.raises(BadCell):
        xlsx([sheet([Column("x")], ["荷" * 32_768])])


def test_a_row_with_a_cell_too_few_is_refused():
    with pytest.raises(ValueError, match="shorter"):
        xlsx([sheet([Column("x"), Column("y")], ["a"])])


def test_a_workbook_is_written_to_a_path(tmp_path):
    write_xlsx([sheet([Column("x")], ["荷"])], tmp_path / "x.xlsx")
    assert list(read_rows(tmp_path / "x.xlsx", "x.xlsx")) == [["x"], ["荷"]]


def read_csv(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def test_csv_is_what_rfc_4180_says_with_a_bom():
    content = csv_bytes(["名称", "说明"], [['a "b", c', "x\ny"], [None, "đ"]])
    assert content.decode("utf-8-sig") == '名称,说明\r\n"a ""b"", c","x\ny"\r\n,đ\r\n'
    assert read_csv(content) == [["名称", "说明"], ['a "b", c', "x\ny"], ["", "đ"]]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1", "＠x", "-"])
def test_a_text_that_a_spreadsheet_would_compute_gets_an_apostrophe(text):
    assert read_csv(csv_bytes(["x"], [[text]]))[1] == ["'" + text]
    assert read_csv(csv_bytes([text], []))[0] == ["'" + text]


def test_negative_numbers_and_ordinary_texts_get_none():
    row = [-5, Money(-500, "CNY"), "a-b", "1-2", " =1", "'x", date(2026, 11, 20)]
    assert read_csv(csv_bytes(["x"] * 7, [row]))[1] == ["-5", "-5.00", "a-b", "1-2", " =1", "'x", "2026-11-20"]


def test_xlsx_and_csv_of_a_sheet_hold_the_same_rows():
    one = sheet([Column("x"), Column("y", "money"), Column("z", "whole")], ["0138", Money(38000, "CNY"), 7])
    assert read_csv(sheet_csv(one)) == [["x", "y", "z"], ["0138", "380.00", "7"]]
    assert list(read_rows(xlsx([one]), "x.xlsx")) == [["x", "y", "z"], ["0138", "380", "7"]]
