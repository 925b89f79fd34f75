"""What a file from outside may hold, and how one is refused."""

from dataclasses import dataclass

from shop.errors import BadInput


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may hold: rows, columns, characters in a cell, bytes as sent and unpacked."""

    rows: int = 20_000
    columns: int = 200
    cell: int = 32_767
    size: int = 20 * 1024 * 1024
    unpacked: int = 128 * 1024 * 1024


LIMITS = Limits()


class BadFile(BadInput):
    """A file that cannot be read as a table. ``row`` counts as a spreadsheet does, from 1; 0 is the file itself.

    ``reason``: too_large, too_many_rows, too_many_columns, cell_too_long, not_a_table, old_excel (or locked by a
    password), damaged, entities, external_links, encoding, cut_off, bad_quotes, bad_character.
    """

    code = "bad_file"

    def __init__(self, reason: str, *, row: int = 0, **data: object) -> None:
        super().__init__(reason=reason, row=row, **data)
        self.reason = reason
        self.row = row
