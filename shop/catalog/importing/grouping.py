"""Rows put together into products: what both kinds of file have in common."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from shop.catalog.importing.cells import TITLE_LENGTH, WORD_LENGTH, Faults, Row
from shop.catalog.importing.rows import ImportedProduct, ImportedVariant, RowFault, canonical


@dataclass(slots=True)
class Gathered:
    """What has been read so far. ``keys`` remembers where each identity stood first."""

    currency: str
    lang: str
    number_lang: str
    faults: Faults = field(default_factory=Faults)
    skipped: list[RowFault] = field(default_factory=list)
    products: list[ImportedProduct] = field(default_factory=list)
    keys: dict[str, int] = field(default_factory=dict)

    def claim(self, row: Row, key: str, column: str) -> None:
        """Take ``key`` for this row; a second row with it has a fault that names the first."""
        first = self.keys.setdefault(key, row.number)
        if first != row.number:
            row.refuse(column, "duplicate_sku" if key.startswith("sku:") else "duplicate_variant", other=str(first))

    def skip(self, row: Row, code: str) -> None:
        """Leave a row out that is no mistake; the list of fates names it."""
        self.skipped.append(RowFault(row.number, "", code))

    def sound(self, read: Callable[[], ImportedVariant]) -> ImportedVariant | None:
        """What ``read`` gives, or None where it found a fault on the way."""
        before = len(self.faults.found)
        variant = read()
        return variant if len(self.faults.found) == before else None

    def take(self, rows: Sequence[Row], read: Callable[[], ImportedProduct | None]) -> None:
        """Keep the product that ``read`` gives. Without one the whole product is refused, each row saying why."""
        before = len(self.faults.found)
        product = read()
        if product is not None:
            self.products.append(product)
            return
        broken = self.faults.found[before:]
        for row in rows:
            if row.number not in self.faults.rows:
                self.faults.add(row.number, "product_refused", other=str(broken[0].row))


def one_title(rows: Sequence[Row], name: str) -> str:
    """The title all rows agree on, spelling apart; another one is a fault at its row, none at all at the first row."""
    first: tuple[str, Row] | None = None
    for row in rows:
        title = row.text(name, TITLE_LENGTH)
        if title and first is None:
            first = (title, row)
        elif title and first and canonical(title) != canonical(first[0]):
            row.refuse(name, "conflicting_title", other=f"{first[1].number}: {first[0]}")
    return first[0] if first else ""


def first_prose(rows: Sequence[Row], name: str) -> str:
    """The first text that is there, as plain paragraphs."""
    return next((text for row in rows if (text := row.prose(name))), "")


def first_text(rows: Sequence[Row], name: str, limit: int = WORD_LENGTH) -> str:
    """The first line that is there."""
    return next((text for row in rows if (text := row.text(name, limit))), "")


def once(found: Sequence[str]) -> tuple[str, ...]:
    """In order, none twice."""
    return tuple(dict.fromkeys(found))
