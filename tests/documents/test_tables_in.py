"""Reading what others send: encodings, delimiters, cells as a person sees them, and files made to hurt."""

import time
import unicodedata
from contextlib import suppress
from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from shop.documents.tables import BadFile, Column, Limits, Sheet, csv_bytes, read_rows, xlsx
from tests.documents.samples import with_part, zipped

ROWS = [["货号", "名称", "价格"], ["QS-0381", "荷塘绣片，手工双面绣的一朵荷花", "380.50"], ["QS-0117", "盘长结", "68"]]
VIET = [["mã", "tên", "giá"], ["QS-1", "Thêu hai mặt Đầm sen", "380"], ["QS-2", "Nút bàn trường", "68"]]


def as_csv(rows: list[list[str]], mark: str = ",", end: str = "\r\n") -> str:
    return "".join(mark.join(f'"{cell}"' if mark in cell else cell for cell in row) + end for row in rows)


def workbook(*rows: list[object], shapes: dict[str, str] | None = None) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for place, shape in (shapes or {}).items():
        book.active[place].number_format = shape
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def in_cp1258(text: str) -> bytes:
    """As old Vietnamese systems write it: tones behind their letters."""
    out = b""
    for sign in text:
        base, tone = sign, ""
        for mark in "\u0300\u0301\u0303\u0309\u0323":
            bare = unicodedata.normalize("NFC", unicodedata.normalize("NFD", sign).replace(mark, ""))
            if bare != sign:
                base, tone = bare, mark
        out += (base + tone).encode("cp1258")
    return out


def refused(content: bytes, limits: Limits | None = None, **more: str) -> BadFile:
    with pytest.raises(BadFile) as caught:
        list(read_rows(content, "list.csv", limits, **more))
    assert caught.value.data["reason"] == caught.value.reason
    return caught.value


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "gbk", "gb2312"]
)
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_chinese_lists_are_read_in_the_encodings_and_with_the_marks_people_have(encoding, mark):
    assert list(read_rows(as_csv(ROWS, mark).encode(encoding), "x.csv")) == ROWS


@pytest.mark.parametrize("mark", ["\ufeff", ""])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_read_with_and_without_a_mark(encoding, mark):
    assert list(read_rows((mark + as_csv(VIET)).encode(encoding), "x.csv")) == VIET


def test_windows_1258_is_read_where_it_is_declared_and_refused_where_not():
    content = in_cp1258(as_csv(VIET))
    assert list(read_rows(content, "x.csv", encoding="windows-1258")) == VIET
    assert refused(content).reason == "encoding"


def test_an_unknown_declared_encoding_is_refused():
    assert refused(b"a,b\n", encoding="ebcdic").reason == "encoding"


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
def test_another_alphabet_is_refused_instead_of_read_as_chinese(encoding):
    assert refused("nom,prix\nété brodé,3\nécharpe crème,4\n".encode(encoding)).reason == "encoding"


def test_a_damaged_utf_8_file_is_refused_with_the_row_and_not_read_as_gb18030():
    content = as_csv(ROWS).encode()
    place = content.index("盘".encode())
    fault = refused(content[:place] + b"\xe7\x9b" + content[place + 3 :])
    assert (fault.reason, fault.row) == ("encoding", 3)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_file_cut_off_in_a_character_is_refused(encoding):
    fault = refused(as_csv(ROWS[:2]).split("，", maxsplit=1)[0].encode(encoding)[:-1])
    assert fault.reason in {"cut_off", "encoding"}
    assert fault.row == 2 or encoding == "utf-16"


def test_a_file_cut_off_inside_quotes_is_refused_with_the_row():
    fault = refused(b'sku,title\n1,ok\n2,"half')
    assert (fault.reason, fault.row) == ("bad_quotes", 3)


def test_quotes_hold_line_breaks_marks_and_quotes_and_rows_are_counted_as_records():
    content = b'sku,title\r\n1,"two\r\nlines, and ""quotes"""\r\n2,x\r\n'
    assert list(read_rows(content, "x.csv"))[1:] == [["1", 'two\r\nlines, and "quotes"'], ["2", "x"]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_all_line_ends_are_known(end):
    assert list(read_rows(as_csv(ROWS, end=end).encode(), "x.csv")) == ROWS


def test_empty_rows_keep_their_place_and_those_at_the_end_are_left_out():
    assert list(read_rows(b"a,b\n\n1,2\n,\n3,4\n\n,\n\n", "x.csv")) == [["a", "b"], [], ["1", "2"], [], ["3", "4"]]


def test_an_empty_file_has_no_rows():
    assert list(read_rows(b"", "x.csv")) == []
    assert list(read_rows(b"\xef\xbb\xbf\r\n", "x.csv")) == []


def test_a_line_that_names_the_mark_is_obeyed_and_left_out():
    assert list(read_rows(b"sep=;\r\na;b,c\r\n1;2\r\n", "x.csv")) == [["a", "b,c"], ["1", "2"]]


def test_a_comma_in_a_price_does_not_make_a_comma_the_mark():
    content = "tên;giá\r\nKhăn;1,5\r\nTúi, đỏ;2,5\r\n".encode()
    assert list(read_rows(content, "x.csv")) == [["tên", "giá"], ["Khăn", "1,5"], ["Túi, đỏ", "2,5"]]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"%PDF-1.7\n%\x80\x80\n\0\0\0", "not_a_table"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0", "not_a_table"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "not_a_table"),
        (b"<?xml version='1.0'?><Workbook/>", "not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "old_excel"),
        (b"PK\x03\x04 and then nothing", "damaged"),
        (zipped({"word/document.xml": b"<w/>"}), "not_a_table"),
    ],
)
def test_what_is_no_table_is_refused(content, reason):
    assert refused(content).reason == reason


def test_limits_name_the_row():
    limits = Limits(rows=3, columns=2, cell=5, size=1000)
    assert list(read_rows(b"a,b\n1,2\n3,4\n", "x.csv", limits)) == [["a", "b"], ["1", "2"], ["3", "4"]]
    assert (refused(b"a\n1\n2\n3\n", limits).reason, refused(b"a\n1\n2\n3\n", limits).row) == ("too_many_rows", 4)
    assert (refused(b"a,b\n1,2,3\n", limits).reason, refused(b"a,b\n1,2,3\n", limits).row) == ("too_many_columns", 2)
    assert (refused(b"a\n1\n123456\n", limits).reason, refused(b"a\n1\n123456\n", limits).row) == ("cell_too_long", 3)
    assert refused(b"a" * 1001, limits).reason == "too_large"


def test_numbers_come_back_as_a_person_sees_them():
    content = workbook(
        ["text", "0138", "110101199001011234", "1-2", "=x"],
        [380, 380.5, 0.1 + 0.2, 1e15, -0.07, 1e-7, 123456789.12],
        [True, None, datetime(2026, 11, 20), date(2026, 11, 20), datetime(2026, 11, 20, 8, 5), timedelta(hours=26)],
    )
    # openpyxl takes a text with = for a formula; nothing computed it, so a person sees an empty cell
    assert list(read_rows(content, "x.xlsx")) == [
        ["text", "0138", "110101199001011234", "1-2"],
        ["380", "380.5", "0.3", "1000000000000000", "-0.07", "0.0000001", "123456789.12"],
        ["TRUE", "", "2026-11-20", "2026-11-20", "2026-11-20 08:05", "26:00:00"],
    ]


def test_leading_zeros_and_percents_made_by_a_format_are_seen():
    content = workbook([138, 0.125, 380], shapes={"A1": "00000000", "B1": "0.0%", "C1": "0.00"})
    assert list(read_rows(content, "x.xlsx")) == [["00000138", "12.5%", "380"]]


def test_the_first_sheet_that_is_shown_is_read():
    book = Workbook()
    book.active.append(["hidden"])
    book.active.sheet_state = "hidden"
    book.create_sheet("b").append(["shown"])
    book.active = 1
    out = BytesIO()
    book.save(out)
    assert list(read_rows(out.getvalue(), "x.xlsx")) == [["shown"]]


def in_time(content: bytes, reason: str, seconds: float = 2.0) -> None:
    started = time.perf_counter()
    assert refused(content).reason == reason
    assert time.perf_counter() - started < seconds


PLAIN = xlsx([Sheet("x", [Column("a")], [["1"]])])
SHEET = b'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def with_sheet(data: bytes) -> bytes:
    return with_part(PLAIN, "xl/worksheets/sheet1.xml", SHEET + data + b"</worksheet>")


def test_a_sheet_of_a_million_rows_is_refused_quickly():
    row = b'<row r="%d"><c r="A%d"><v>1</v></c></row>'
    rows = b"".join(row % (n, n) for n in range(1, 1_048_577))
    in_time(with_sheet(b"<sheetData>" + rows + b"</sheetData>"), "too_many_rows")


def test_a_sheet_that_says_it_has_a_million_rows_is_refused_at_once():
    in_time(with_sheet(b'<dimension ref="A1:C1048576"/><sheetData/>'), "too_many_rows", 0.5)


def test_one_cell_in_the_last_row_or_column_is_refused_quickly():
    far = b'<sheetData><row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>'
    wide = b'<sheetData><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData>'
    in_time(with_sheet(far), "too_many_rows")
    in_time(with_sheet(wide), "too_many_columns")


def test_a_row_of_a_million_cells_is_refused_quickly():
    cells = b"<c><v>1</v></c>" * 1_000_000
    in_time(
        with_sheet(b'<dimension ref="A1:A1"/><sheetData><row r="1">' + cells + b"</row></sheetData>"),
        "too_many_columns",
    )


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    in_time(with_part(PLAIN, "xl/media/image1.png", b"\0" * 200_000_000), "too_large")


def test_an_entity_bomb_is_refused():
    bomb = b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "xxxxxxxxxx">' + b"".join(
        b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10 if n else b"&a;" * 10) for n in range(10)
    )
    sheet = bomb + b"]><worksheet><sheetData><row><c><v>&a9;</v></c></row></sheetData></worksheet>"
    in_time(with_part(PLAIN, "xl/worksheets/sheet1.xml", sheet), "entities")
    in_time(with_part(PLAIN, "xl/sharedStrings.xml", sheet), "entities")


def test_an_entity_bomb_in_another_encoding_is_refused():
    sheet = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE b [<!ENTITY a "x">]><worksheet>&a;</worksheet>'
    in_time(with_part(PLAIN, "xl/worksheets/sheet1.xml", sheet.encode("utf-16")), "entities")


def test_a_workbook_that_takes_values_from_elsewhere_is_refused():
    in_time(with_part(PLAIN, "xl/externalLinks/externalLink1.xml", b"<externalLink/>"), "external_links")
    links = (
        b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="rId1" Type="x" Target="file:///etc/passwd" TargetMode="External"/></Relationships>'
    )
    in_time(with_part(PLAIN, "xl/_rels/workbook.xml.rels", links), "external_links")


def test_a_damaged_sheet_is_refused_with_the_row():
    fault = refused(
        with_sheet(
            b'<dimension ref="A1:A2"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>1</c>'
        )
    )
    assert (fault.reason, fault.row) == ("damaged", 2)


@pytest.mark.parametrize("at", [0.3, 0.6, 0.9])
def test_half_a_workbook_is_refused(at):
    assert refused(PLAIN[: int(len(PLAIN) * at)]).reason == "damaged"


def test_a_password_is_named():
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")).reason == "old_excel"


def test_a_file_on_disk_is_measured_before_it_is_read(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(b"a\n" * 600)
    with pytest.raises(BadFile):
        read_rows(path, "x.csv", Limits(size=1000))


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)


@given(st.integers(2, 4).flatmap(lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n), min_size=1, max_size=6)))
def test_what_we_write_is_read_back_whatever_it_says(rows):
    guarded = [
        [f"'{cell}" if cell.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")) else cell for cell in row]
        for row in rows
    ]
    header = [f"h{n}" for n in range(len(rows[0]))]
    assert list(read_rows(csv_bytes(header, rows), "x.csv")) == [header, *guarded]
    sheet = Sheet("x", [Column(title) for title in header], rows)
    assert list(read_rows(xlsx([sheet]), "x.xlsx")) == [header, *rows]


@given(st.binary(max_size=400))
def test_any_bytes_are_rows_or_a_refusal(content):
    with suppress(BadFile):
        for row in read_rows(content, "x"):
            assert all(isinstance(cell, str) for cell in row)
