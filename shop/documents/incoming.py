"""Tables from outside: CSV in the encodings people have, XLSX within limits, every cell the text a person sees.

Whoever sends a file may have cut it off, saved it in an old encoding, or made it to hurt. What cannot be read is refused
with a reason and the row, quickly.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from shop.documents import csv_file, xlsx_file
from shop.documents.limits import LIMITS, BadFile, Limits


def read_rows(
    source: Path | bytes, filename: str, limits: Limits | None = None, *, encoding: str | None = None
) -> Iterator[list[str]]:
    """The rows of a CSV or XLSX file (its first sheet that is shown), as texts, empty rows as empty lists.

    CSV: UTF-8, UTF-16 and GB18030 are told apart; ``encoding`` declares another ("cp1258"). Comma, semicolon, tab or
    bar is found out. XLSX: 380 is "380", 380.5 "380.5", a text "0138" stays, days are ISO. What is wrong with the file
    as a whole raises BadFile at once, what is wrong in a row when that row comes, so take all rows before acting.
    """
    limits = limits or LIMITS
    size = source.stat().st_size if isinstance(source, Path) else len(source)
    if size > limits.size:
        raise BadFile("too_large", limit=limits.size)
    content = source.read_bytes() if isinstance(source, Path) else source
    return _checked(_rows(content, filename, limits, encoding), limits)


def _rows(content: bytes, filename: str, limits: Limits, encoding: str | None) -> Iterator[list[str]]:
    if content.startswith(b"PK\x03\x04"):
        return xlsx_file.rows(content, limits)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadFile("old_excel", filename=filename)
    return csv_file.rows(content, limits, encoding)


def _checked(rows: Iterable[list[str]], limits: Limits) -> Iterator[list[str]]:
    """The rows within limits; empty ones at the end are left out."""
    empty = 0
    for number, cells in enumerate(rows, 1):
        if number > limits.rows:
            raise BadFile("too_many_rows", row=number, limit=limits.rows)
        if len(cells) > limits.columns:
            raise BadFile("too_many_columns", row=number, limit=limits.columns)
        for cell in cells:
            if len(cell) > limits.cell:
                raise BadFile("cell_too_long", row=number, limit=limits.cell)
            if "\0" in cell:
                raise BadFile("bad_character", row=number)
        if not any(cells):
            empty += 1
            continue
        yield from ([] for _ in range(empty))
        empty = 0
        yield cells
