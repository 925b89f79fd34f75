"""The fair catalogue as a printed book (expo.md, formats a)."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from shop.documents import book, qr
from shop.documents.binding import bind
from shop.documents.edition import Carton, CatalogueData, CatalogueItem, Certificate
from shop.documents.entry import Json
from shop.documents.pictures import LARGE_PX, LONGEST_PX, BadPicture
from shop.documents.plates import Plate, plate, press_files
from shop.documents.press import forget, pressed

__all__ = ["BadPicture", "Carton", "CatalogueData", "CatalogueItem", "Certificate", "catalogue_pdf", "write_catalogue"]


def catalogue_pdf(data: CatalogueData, lang: str) -> bytes:
    """The book as PDF, for editions that fit into memory with their pictures. Raises BadPicture."""
    out = BytesIO()
    write_catalogue(data, lang, out)
    return out.getvalue()


def write_catalogue(data: CatalogueData, lang: str, out: BinaryIO) -> None:
    """Write the book as PDF to ``out``: A4 with 3 mm bleed, a cover, the exhibitors, their items, an index.

    The same data give the same bytes. Raises BadPicture with the item numbers (``items``) whose picture cannot be
    printed, before anything is written.
    """
    plates = _plates(data.items)
    pictures: dict[Path | bytes | None, Json] = {
        image: {"digest": made.digest, "mode": made.mode, "width": made.width, "height": made.height}
        for image, made in plates.items()
    }
    codes: dict[str, str] = {}
    files = press_files()
    for url in dict.fromkeys(item.url for item in data.items if item.url):
        codes[url] = f"q{len(codes)}.svg"
        files[codes[url]] = qr.qr_svg(url, module_px=1, border=0).encode()
    pdfs: list[bytes] = []
    for part in book.parts(book.laid_out(data, lang, pictures, codes)):
        if pdfs:
            forget()
        pdfs.append(pressed("catalogue", part, files, tagged=False))
    bind(pdfs, plates.values(), out)


def _plates(items: Sequence[CatalogueItem]) -> dict[Path | bytes, Plate]:
    """The pictures of all items made ready, each once however many items show it."""
    large = book.large_pictures(items)

    def made(image: Path | bytes) -> Plate | None:
        try:
            return plate(image, LARGE_PX if image in large else LONGEST_PX)
        except BadPicture:
            return None

    images = list(dict.fromkeys(item.image for item in items if item.image is not None))
    # Halves, not single pictures: most are ready as they are, and a task costs more than looking at one.
    halves = [images[::2], images[1::2]]
    plates: dict[Path | bytes, Plate | None] = {}
    with ThreadPoolExecutor(max_workers=2) as hands:
        for half, ready in zip(halves, hands.map(lambda half: [made(image) for image in half], halves), strict=True):
            plates |= zip(half, ready, strict=True)
    refused = [item.item_no for item in items if item.image is not None and plates[item.image] is None]
    if refused:
        raise BadPicture(reason="unreadable", items=refused)
    return {image: found for image in images if (found := plates[image]) is not None}
