"""A file from outside, whole: kind, headings, rows, faults. No database, no network."""

from collections.abc import Sequence

from shop.catalog.importing import qiaoshou, shopify
from shop.catalog.importing.cells import Faults, Row, currency_named
from shop.catalog.importing.grouping import Gathered
from shop.catalog.importing.headings import HEADING_ROWS, Headings, find_headings
from shop.catalog.importing.prose import guess_lang, line
from shop.catalog.importing.rows import Column, FileRefused, Format, ImportFile, RowFault
from shop.documents.tables import BadFile, Limits, read_rows

LIMITS = Limits(rows=20_000 + HEADING_ROWS)


def read(data: bytes, filename: str, *, currency: str, kind: Format | None = None) -> ImportFile:
    """What the file says, with the faults of its rows. ``kind`` None finds out by the headings.

    ``currency`` is what sums are read in; a file or row that names another one is refused. Raises FileRefused where
    the file as a whole is no list: wrong type, cut off, empty, headings missing or twice, only a heading.
    """
    try:
        sheet = list(read_rows(data, filename, LIMITS))
    except BadFile as bad:
        raise FileRefused([_unreadable(bad)]) from bad
    headings = find_headings(sheet[:HEADING_ROWS], kind)
    if headings.currency and headings.currency != currency:
        raise FileRefused([_other_currency(headings, currency)])
    faults = Faults()
    rows = _rows(sheet, headings, faults, ragged=not data.startswith(b"PK"))
    if not rows and not faults.found:
        raise FileRefused([RowFault(headings.number, "", "only_heading")])
    gathered = Gathered(currency, _language(rows, headings), headings.lang, faults)
    titles = [key for key in headings.columns if key.partition(":")[0] == "title"]
    names = {row.number: (row.glance(titles[0]), row.glance("sku")) for row in rows}
    rows = [row for row in rows if _in_currency(row, currency)]
    if headings.format == "shopify":
        shopify.gather(rows, gathered)
    else:
        qiaoshou.gather(rows, gathered, headings.units)
    return ImportFile(
        format=headings.format,
        lang=gathered.lang,
        currency=currency,
        products=tuple(gathered.products),
        faults=tuple(sorted(faults.found, key=lambda fault: (fault.row, fault.letter))),
        skipped=tuple(gathered.skipped),
        columns=headings.columns,
        names=names,
        ignored=_ignored(sheet, headings),
        row_count=sum(1 for cells in sheet[headings.number :] if _filled(cells)),
        craft_is_stated=headings.format == "qiaoshou",
    )


def _unreadable(bad: BadFile) -> RowFault:
    limit = bad.data.get("limit")
    if bad.reason == "too_large" and isinstance(limit, int):
        limit //= 1024 * 1024
    return RowFault(bad.row, "", f"file_{bad.reason}", other="" if limit is None else str(limit))


def _filled(cells: Sequence[str]) -> bool:
    return any(cell.strip() for cell in cells)


def _rows(sheet: Sequence[list[str]], headings: Headings, faults: Faults, *, ragged: bool) -> list[Row]:
    """The rows under the heading that have something in them; ``ragged`` files must not lose or gain cells.

    A row that ends before a column we read has lost a comma or is where the file was cut off.
    """
    needed = max(column.index for column in headings.columns.values()) + 1
    rows = []
    for number, cells in enumerate(sheet[headings.number :], headings.number + 1):
        if not _filled(cells):
            continue
        if ragged and len(cells) < needed:
            faults.add(number, "short_row", value=cells[0], other=f"{len(cells)}, {headings.width}")
        elif _filled(cells[headings.width :]):
            faults.add(number, "long_row", value=cells[0], other=f"{len(cells)}, {headings.width}")
        else:
            rows.append(Row(number, cells, headings.columns, faults))
    return rows


def _in_currency(row: Row, currency: str) -> bool:
    word = row.glance("currency")
    if not word or currency_named(word) == currency:
        return True
    row.refuse("currency", "other_currency", other=f"{word}, {currency}")
    return False


def _other_currency(headings: Headings, currency: str) -> RowFault:
    column = headings.columns["price"]
    return RowFault(
        headings.number,
        column.heading,
        "other_currency",
        column.heading,
        f"{headings.currency}, {currency}",
        column.letter,
    )


def _language(rows: Sequence[Row], headings: Headings) -> str:
    """The language of the texts: by what they say, since lists under Chinese headings may name things in English."""
    names = [key for key in headings.columns if key.partition(":")[0] in {"title", "description"}]
    titles = [key for key in names if key.startswith("title")]
    default = titles[0].partition(":")[2] or headings.lang
    if len(titles) > 1:
        return default
    return guess_lang((line(row.raw(titles[0])) for row in rows if row.raw(titles[0]).strip()), default)


def _ignored(sheet: Sequence[list[str]], headings: Headings) -> tuple[str, ...]:
    """Headings of columns that say something and are not read."""
    body = sheet[headings.number :]
    return tuple(column.heading for column in headings.extra if _says(body, column))


def _says(body: Sequence[list[str]], column: Column) -> bool:
    return any(cells[column.index].strip() for cells in body if column.index < len(cells))
