"""Tables as files: XLSX and CSV going out, and (from ``incoming``) what others send in.

A text is never anything but text: no formula, no link, no date made of 1-2, no number made of an account. Nothing is
hidden. The same sheets give the same bytes.
"""

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path
from typing import BinaryIO, Literal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from shop.documents.incoming import read_rows
from shop.documents.limits import LIMITS, BadFile, Limits
from shop.money import Money, exponent, format_plain

__all__ = [
    "LIMITS",
    "BadCell",
    "BadFile",
    "Cell",
    "Column",
    "Kind",
    "Limits",
    "Sheet",
    "csv_bytes",
    "read_rows",
    "sheet_csv",
    "write_xlsx",
    "xlsx",
]

Cell = str | int | Money | date | None
Kind = Literal["text", "whole", "money", "date"]

LONGEST_TEXT = 32_767
"""Characters in a cell, Excel's limit."""

_EXACT_DIGITS = 15
"""Excel keeps no more digits of a number; a longer sum is written as text rather than wrong."""

_WIDTHS: dict[Kind, int] = {"text": 18, "whole": 10, "money": 14, "date": 12}
_BAD_IN_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001  XlsxWriter wants it naive; fixed, so that the same sheets give the same bytes

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class BadCell(ValueError):
    """A value that does not fit its column."""


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and what stands below it; ``width`` in characters, 0 for the usual one of its kind."""

    title: str
    kind: Kind = "text"
    width: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: lines ``above`` the headings (title, edition), headings, rows of as many cells as columns."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    above: Sequence[str] = ()


def xlsx(sheets: Sequence[Sheet]) -> bytes:
    """The workbook as bytes. Raises BadCell when a value does not fit its column."""
    out = BytesIO()
    write_xlsx(sheets, out)
    return out.getvalue()


def write_xlsx(sheets: Sequence[Sheet], target: Path | BinaryIO) -> None:
    """Write the workbook, row by row in constant memory: headings bold and frozen, columns typed and wide enough.

    Sums are numbers with the decimals of their currency, texts forced to be text. Raises BadCell.
    """
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    workbook = xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, options)
    workbook.set_properties({"created": _MADE})
    formats = _Formats(workbook)
    try:
        for name, sheet in zip(_sheet_names(sheets), sheets, strict=True):
            _write_sheet(workbook.add_worksheet(name), sheet, formats)
    finally:
        workbook.close()


class _Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._sums: dict[int, Format] = {}
        self.title = workbook.add_format({"bold": True, "font_size": 13})
        self.note = workbook.add_format({"font_color": "#5d5248"})
        self.heading = workbook.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#f5ead0", "num_format": "@"}
        )
        self.text = workbook.add_format({"num_format": "@", "valign": "top"})
        self.whole = workbook.add_format({"num_format": "0", "valign": "top"})
        self.date = workbook.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"})

    def money(self, places: int) -> Format:
        """Grouped by threes with ``places`` decimals."""
        if places not in self._sums:
            shape = "#,##0" + ("." + "0" * places if places else "")
            self._sums[places] = self._workbook.add_format({"num_format": shape, "valign": "top"})
        return self._sums[places]


def _sheet_names(sheets: Sequence[Sheet]) -> list[str]:
    r"""Names Excel accepts: 31 characters, none of []:*?/\, no apostrophe at the ends, each once."""
    names: list[str] = []
    for number, sheet in enumerate(sheets, 1):
        name = _BAD_IN_NAME.sub(" ", sheet.name)[:31].strip("' ") or str(number)
        if name.casefold() in {taken.casefold() for taken in names}:
            name = f"{name[:27]} {number}"
        names.append(name)
    return names


def _write_sheet(page: Worksheet, sheet: Sheet, formats: _Formats) -> None:
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width or _WIDTHS[column.kind])
    for row, line in enumerate(sheet.above):
        page.write_string(row, 0, _text(line), formats.note if row else formats.title)
    heading = len(sheet.above)
    for place, column in enumerate(sheet.columns):
        page.write_string(heading, place, _text(column.title), formats.heading)
    page.freeze_panes(heading + 1, 0)
    page.repeat_rows(heading)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    writers = [(place, column, _WRITERS[column.kind]) for place, column in enumerate(sheet.columns)]
    for row, cells in enumerate(sheet.rows, heading + 1):
        for (place, column, write), cell in zip(writers, cells, strict=True):
            if cell is None or cell == "":
                continue
            if not write(page, row, place, cell, formats):
                raise BadCell(f"{column.title}: {cell!r} is no {column.kind}")


def _write_text(page: Worksheet, row: int, place: int, cell: Cell, formats: _Formats) -> bool:
    if not isinstance(cell, str):
        return False
    page.write_string(row, place, _text(cell), formats.text)
    return True


def _write_whole(page: Worksheet, row: int, place: int, cell: Cell, formats: _Formats) -> bool:
    if type(cell) is not int:
        return False
    _write_number(page, (row, place), Decimal(cell), formats.whole, formats.text)
    return True


def _write_money(page: Worksheet, row: int, place: int, cell: Cell, formats: _Formats) -> bool:
    if not isinstance(cell, Money):
        return False
    places = exponent(cell.currency)
    _write_number(page, (row, place), Decimal(cell.minor).scaleb(-places), formats.money(places), formats.text)
    return True


def _write_day(page: Worksheet, row: int, place: int, cell: Cell, formats: _Formats) -> bool:
    if not isinstance(cell, date) or isinstance(cell, datetime):
        return False
    page.write_datetime(row, place, datetime(cell.year, cell.month, cell.day), formats.date)  # noqa: DTZ001  a day
    return True


_WRITERS: dict[Kind, Callable[[Worksheet, int, int, Cell, _Formats], bool]] = {
    "text": _write_text,
    "whole": _write_whole,
    "money": _write_money,
    "date": _write_day,
}


def _write_number(page: Worksheet, at: tuple[int, int], number: Decimal, shape: Format, as_text: Format) -> None:
    if len(number.as_tuple().digits) > _EXACT_DIGITS:
        page.write_string(*at, f"{number:f}", as_text)
    else:
        page.write_number(*at, number, shape)


def _text(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise BadCell(f"{len(text)} characters in a cell: {text[:40]}…")
    return text


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """RFC 4180 in UTF-8 with BOM, so that Excel reads Chinese. Sums plain (1260.00), days ISO.

    Formula guard, in CSV only: a text that begins with one of FORMULA_SIGNS gets an apostrophe before it, as a
    spreadsheet would compute it otherwise. Numbers and sums are not guarded.
    """
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_guarded(title) for title in header])
    for row in rows:
        writer.writerow([_plain(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def sheet_csv(sheet: Sheet) -> bytes:
    """The headings and rows of a sheet as CSV, without the lines above them."""
    return csv_bytes([column.title for column in sheet.columns], sheet.rows)


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Money):
        return format_plain(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return _guarded(cell) if isinstance(cell, str) else str(cell)


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
