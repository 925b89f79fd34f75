"""XLSX within limits: what is inside is looked at before it is unpacked, then read row by row."""

import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING

from shop.documents.limits import BadFile, Limits

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

# openpyxl speaks of parts it leaves out (validations, headers); they are not what a person sees in the cells.
warnings.filterwarnings("ignore", module="openpyxl")

_MOST_PARTS = 2_000
_PROLOG = 65_536
_ROOT = re.compile(rb"<[A-Za-z_]")
_DECLARED = re.compile(rb"""<\?xml[^>]*encoding=["']([^"']+)""")
_ROW = re.compile(rb"<(?:[A-Za-z]+:)?row[\s/>]")
_WIDEST_ROW = 16_384
_ZEROS = re.compile(r"0+")
_MIDNIGHT = time()


def rows(content: bytes, limits: Limits) -> Iterator[list[str]]:
    """The rows of the first sheet that is shown. Raises BadFile at once for a file that is no sound workbook."""
    # loads for a third of a second, and every web process reads this file
    from openpyxl import load_workbook  # noqa: PLC0415

    _look_inside(content, limits)
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
    except Exception:  # noqa: BLE001  whatever a damaged part makes openpyxl raise
        raise BadFile("damaged") from None
    sheet = next((sheet for sheet in book.worksheets if sheet.sheet_state == "visible"), None)
    if sheet is None:
        raise BadFile("not_a_table")
    if (sheet.max_row or 0) > limits.rows:
        raise BadFile("too_many_rows", row=limits.rows + 1, limit=limits.rows)
    if (sheet.max_column or 0) > _WIDEST_ROW:
        raise BadFile("too_many_columns", limit=limits.columns)
    # What the sheet says of its size may be wrong; without it each row ends where its cells end.
    sheet.reset_dimensions()
    return _cells(book, sheet.iter_rows())


def _look_inside(content: bytes, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > limits.unpacked:
                raise BadFile("too_large", limit=limits.unpacked)
            if any(part.flag_bits & 1 for part in parts):
                raise BadFile("old_excel")
            if "[Content_Types].xml" not in names or not any(name.startswith("xl/workbook") for name in names):
                raise BadFile("not_a_table")
            if any(name.lower().startswith("xl/externallinks/") for name in names):
                raise BadFile("external_links")
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")):
                    _check_part(archive, part)
                if part.filename.lower().startswith("xl/worksheets/") and not part.is_dir():
                    _check_sheet(archive.read(part), limits)
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, ValueError):
        raise BadFile("damaged") from None


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """No document type, so no entities; UTF-8, so that none hides; no link of the workbook to elsewhere."""
    with archive.open(part) as file:
        start = file.read(_PROLOG)
    root = _ROOT.search(start)
    declared = _DECLARED.match(start.lstrip(b"\xef\xbb\xbf"))
    if declared and declared[1].lower() not in (b"utf-8", b"us-ascii", b"ascii"):
        raise BadFile("entities", part=part.filename)
    if start and (root is None or b"<!" in start[: root.start()].replace(b"<!--", b"")):
        raise BadFile("entities", part=part.filename)
    if part.filename.lower().endswith("workbook.xml.rels") and b'"External"' in start:
        raise BadFile("external_links")


def _check_sheet(content: bytes, limits: Limits) -> None:
    """Count rows and cells without parsing: openpyxl goes through a whole sheet that does not say how large it is."""
    start = 0
    number = 0
    for number, found in enumerate(_ROW.finditer(content), 1):
        if number > limits.rows:
            raise BadFile("too_many_rows", row=number, limit=limits.rows)
        _check_width(content, start, found.start(), number - 1, limits)
        start = found.start()
    _check_width(content, start, len(content), number, limits)


def _check_width(content: bytes, start: int, end: int, row: int, limits: Limits) -> None:
    if content.count(b"<c", start, end) > limits.columns + _WIDEST_ROW:
        raise BadFile("too_many_columns", row=row, limit=limits.columns)


def _cells(book: "Workbook", found: Iterator[tuple[object, ...]]) -> Iterator[list[str]]:
    number = 0
    try:
        for number, row in enumerate(found, 1):  # noqa: B007  counted for the refusal below
            cells = [_seen(cell) for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            yield cells
    except (GeneratorExit, BadFile):
        raise
    except Exception:  # noqa: BLE001  see above
        raise BadFile("damaged", row=number + 1) from None
    finally:
        book.close()


def _seen(cell: object) -> str:
    """The cell as a person sees it, as far as it says what it is: a sum without its grouping, a day as ISO."""
    value = getattr(cell, "value", None)
    if value is None:
        return ""
    if isinstance(value, str):
        if "_x" not in value:
            return value
        from openpyxl.utils.escape import unescape  # noqa: PLC0415

        return unescape(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, str(getattr(cell, "number_format", "")))
    return _moment(value)


def _number(value: float, shape: str) -> str:
    """Excel shows 15 digits, zeros before a number where the format asks for them, and percents."""
    exact = Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}")
    if not exact.is_finite():
        return ""
    if "%" in shape:
        return f"{_plain(exact * 100)}%"
    text = _plain(exact)
    return text.zfill(len(shape)) if _ZEROS.fullmatch(shape) and text.isdecimal() else text


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        if value.time() == _MIDNIGHT:
            return value.date().isoformat()
        return value.isoformat(" ", "seconds" if value.second else "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
    return str(value)
