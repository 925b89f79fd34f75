"""One selection, three files."""

from collections.abc import Callable
from dataclasses import dataclass

from shop.documents.catalogue import catalogue_pdf
from shop.documents.edition import CatalogueData
from shop.documents.pricelist import price_list
from shop.documents.tables import sheet_csv, xlsx


@dataclass(frozen=True, slots=True)
class Kind:
    """A file format: its media type and what makes it."""

    media_type: str
    make: Callable[[CatalogueData, str], bytes]


KINDS: dict[str, Kind] = {
    "pdf": Kind("application/pdf", catalogue_pdf),
    "xlsx": Kind(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda data, lang: xlsx(price_list(data, lang)),
    ),
    "csv": Kind("text/csv", lambda data, lang: sheet_csv(price_list(data, lang)[0])),
}
