"""What a file says, as frozen values; nothing here has looked at the database."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from shop.errors import BadInput
from shop.money import Money

Format = Literal["shopify", "qiaoshou"]

KEY_LENGTH = 190


@dataclass(frozen=True, slots=True)
class RowFault:
    """One thing wrong at one place.

    ``row`` counts as a spreadsheet does, the heading row included; 0 is the file itself. ``column`` is the heading as
    written, empty where the whole row is meant. ``other`` is the one fact the sentence needs besides: a row, a limit,
    a second reading of the value.
    """

    row: int
    column: str
    code: str
    value: str = ""
    other: str = ""
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A heading that was understood: where it stands and how it was written."""

    index: int
    heading: str

    @property
    def letter(self) -> str:
        """A, B … Z, AA, as spreadsheets name it."""
        return letter(self.index)


@dataclass(frozen=True, slots=True)
class ImportedVariant:
    """One thing to buy. ``None`` is "the file does not say", never zero. ``rows[0]`` is where it stands.

    ``options`` are all that tells it from its sisters; ``size_label`` holds those that are no colour. ``place_key`` is
    its identity by handle and options, whatever its SKU.
    """

    key: str
    place_key: str
    rows: tuple[int, ...]
    sku: str | None = None
    options: tuple[tuple[str, str], ...] = ()
    size_label: str | None = None
    colour: str | None = None
    price: Money | None = None
    quantity: int | None = None
    weight_g: int | None = None
    pay: Money | None = None
    makers: tuple[str, ...] = ()
    picture_urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportedProduct:
    """One product with all its rows. Texts are plain, paragraphs parted by an empty line, keyed by language."""

    key: str
    handle: str
    title: Mapping[str, str]
    rows: tuple[int, ...]
    variants: tuple[ImportedVariant, ...]
    description: Mapping[str, str] = field(default_factory=dict)
    materials: Mapping[str, str] = field(default_factory=dict)
    craft: str | None = None
    tags: tuple[str, ...] = ()
    pictures: tuple[tuple[int, str], ...] = ()
    picture_rows: tuple[int, ...] = ()

    @property
    def picture_urls(self) -> tuple[str, ...]:
        """All addresses of pictures, the product's and its variants', in order and none twice."""
        own = [url for variant in self.variants for url in variant.picture_urls]
        return tuple(dict.fromkeys([*(url for _, url in self.pictures), *own]))

    @property
    def makers(self) -> tuple[str, ...]:
        """All makers that its rows name, in order and none twice."""
        return tuple(dict.fromkeys(name for variant in self.variants for name in variant.makers))


@dataclass(frozen=True, slots=True)
class ImportFile:
    """A whole file. Every row with something in it is in a product, in ``faults`` or in ``skipped``.

    ``names`` holds title and item number of each row as they stand there, to name a refused row by.
    ``craft_is_stated`` tells a craft column of ours (an unknown craft is an error) from Shopify's free "Type" (a guess).
    """

    format: Format
    lang: str
    currency: str
    products: tuple[ImportedProduct, ...]
    faults: tuple[RowFault, ...]
    skipped: tuple[RowFault, ...]
    columns: Mapping[str, Column]
    names: Mapping[int, tuple[str, str]]
    ignored: tuple[str, ...]
    row_count: int
    craft_is_stated: bool


class FileRefused(BadInput):
    """The file as a whole cannot be read; ``data["faults"]`` are RowFaults that say why."""

    code = "import_refused"

    def __init__(self, faults: Sequence[RowFault]) -> None:
        super().__init__(faults=tuple(faults))
        self.faults = tuple(faults)


def letter(index: int) -> str:
    """The spreadsheet's name of the column at ``index`` (0 is A)."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def canonical(text: str) -> str:
    """Two spellings of one identity come out equal: width, case, composition and spacing do not count."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return re.sub(r"\s+", " ", folded).strip()


def variant_key(sku: str | None, handle: str, values: Sequence[str]) -> str:
    """Identity within a workshop: the SKU, else handle and option values in their order; at most KEY_LENGTH long."""
    if sku:
        return _short(f"sku:{canonical(sku)}")
    return _short("h:" + "|".join(canonical(part).replace("|", "¦") for part in (handle, *values)).rstrip("|"))


def product_key(handle: str) -> str:
    """A product's identity within a workshop; at most KEY_LENGTH long."""
    return _short(f"h:{canonical(handle)}")


def _short(key: str) -> str:
    """Keys stand in a column of fixed width; a long one keeps its head for the eye and a digest for the truth."""
    if len(key) <= KEY_LENGTH:
        return key
    digest = hashlib.sha256(key.encode()).hexdigest()
    return f"{key[: KEY_LENGTH - 65]}~{digest}"
