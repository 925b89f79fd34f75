"""What becomes of each row, and what is to be written for it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from shop.catalog.importing.rows import ImportedProduct, ImportedVariant, ImportFile, RowFault
from shop.errors import BadInput

Fate = Literal["new", "variant", "changed", "same", "picture", "skipped", "refused"]
FATES: tuple[Fate, ...] = ("new", "variant", "changed", "same", "picture", "skipped", "refused")


@dataclass(frozen=True, slots=True)
class Change:
    """One field that gets another value; both as they are printed. ``label`` is the file's heading for it."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowFate:
    """What becomes of one row. ``faults`` say why it is refused or skipped."""

    row: int
    fate: Fate
    name: str = ""
    sku: str = ""
    changes: tuple[Change, ...] = ()
    faults: tuple[RowFault, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedVariant:
    """A variant to make (``variant_id`` None) or to change. ``to_take_in`` is the new count of uncounted pieces."""

    imported: ImportedVariant
    variant_id: int | None
    changes: tuple[Change, ...] = ()
    to_take_in: int | None = None


@dataclass(frozen=True, slots=True)
class PlannedProduct:
    """A product to make (``product_id`` None) or to change; ``version`` is the one that was looked at.

    ``maker_ids`` and ``craft`` (craft, technique) are None where the file does not say.
    """

    imported: ImportedProduct
    product_id: int | None
    version: int
    changes: tuple[Change, ...]
    variants: tuple[PlannedVariant, ...]
    maker_ids: tuple[int, ...] | None
    craft: tuple[int, int | None] | None

    @property
    def writes(self) -> bool:
        """Whether anything is to be written for it."""
        return (
            self.product_id is None
            or bool(self.changes)
            or any(variant.variant_id is None or variant.changes for variant in self.variants)
        )


@dataclass(frozen=True, slots=True)
class PictureToSupply:
    """A picture the file points at. It is never fetched: somebody who has the right to it uploads it."""

    row: int
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Every row's fate, before anything is written."""

    file: ImportFile
    workshop_id: int
    products: tuple[PlannedProduct, ...]
    fates: tuple[RowFate, ...]
    faults: tuple[RowFault, ...]
    pictures: tuple[PictureToSupply, ...]

    @property
    def counts(self) -> Mapping[Fate, int]:
        """Rows per fate, all fates named."""
        counted = Counter(fate.fate for fate in self.fates)
        return {fate: counted[fate] for fate in FATES}

    @property
    def to_write(self) -> Sequence[PlannedProduct]:
        """The products that are new or change."""
        return [product for product in self.products if product.writes]


class RowsRefused(BadInput):
    """Rows of the file are wrong and nothing was written; ``data["faults"]`` are RowFaults."""

    code = "import_rows_refused"

    def __init__(self, faults: Sequence[RowFault]) -> None:
        super().__init__(faults=tuple(faults))
        self.faults = tuple(faults)
