"""Pictures go into a book after it is laid out, and so does the box a printer looks for.

typst decodes every picture it is shown and keeps the pixels: a thousand photographs took ten seconds and three gigabytes.
So the press lays out with stand-ins of one pixel, each with the digest of its picture in it, and the JPEG data take their
place in the finished PDF byte by byte. The press must be told a picture's proportions, as a stand-in has none.

typst says how large a sheet is (MediaBox) and where it is cut (TrimBox); that all of the sheet is bleed is added here.
"""

import re
from collections.abc import Iterable
from functools import cache
from hashlib import blake2b
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, NamedTuple

from PIL import Image

from shop.documents.pictures import BadPicture, printable

_STAND_IN = re.compile(
    rb"(?P<number>\d+) 0 obj\n<</Length (?P<length>\d+)"
    rb"(?P<kind>/Type/XObject/Subtype/Image/Filter/DCTDecode)/Width 1/Height 1(?P<rest>/[^>]*)>>\nstream\n"
)
_BOXES = re.compile(rb"/MediaBox(\[[^\]]*\])(?=/TrimBox\[)")
_XREF = re.compile(rb"xref\n0 (\d+)\n")
_ENTRY_BYTES = 20
_DIGEST_BYTES = 16
_HEAD = b"\xff\xd8\xff\xfe" + (2 + 2 * _DIGEST_BYTES).to_bytes(2, "big")
"""Start of image, then a comment of the digest's length in hexadecimal."""


class Plate(NamedTuple):
    """A JPEG (or where it lies), its mode and size in pixels, its digest."""

    picture: Path | bytes
    mode: str
    width: int
    height: int
    digest: str

    @property
    def stand_in(self) -> bytes:
        """The JPEG of one pixel that the press sees. Its mode decides the colour space, which the picture takes over."""
        return _HEAD + self.digest.encode() + tail(self.mode)


def plate(picture: Path | bytes, longest_px: int) -> Plate:
    """The plate of any picture. Raises BadPicture."""
    try:
        content = picture.read_bytes() if isinstance(picture, Path) else picture
    except OSError:
        raise BadPicture(reason="unreadable") from None
    ready = printable(content, longest_px=longest_px)
    with Image.open(BytesIO(ready)) as image:
        width, height, mode = image.width, image.height, image.mode
    digest = blake2b(ready, digest_size=_DIGEST_BYTES).hexdigest()
    return Plate(picture if ready is content else ready, mode, width, height, digest)


@cache
def tail(mode: str) -> bytes:
    """What follows the digest in a stand-in."""
    pixel = BytesIO()
    Image.new(mode, (1, 1)).save(pixel, "JPEG")
    return pixel.getvalue()[2:]


def press_files() -> dict[str, bytes]:
    """The parts of all stand-ins, which the press puts together with a digest: a thousand files would cost a second."""
    return {"stand-in": _HEAD, **{f"stand-in-{mode}": tail(mode) for mode in ("RGB", "L")}}


def set_in(pdf: bytes, plates: Iterable[Plate], out: BinaryIO) -> None:
    """Write the PDF to ``out`` with every stand-in replaced by its picture; of the pictures one at a time is in memory.

    Raises RuntimeError when a picture has no place in the PDF.
    """
    waiting = {plate.stand_in: plate for plate in plates}
    missing = set(waiting)
    start = int(pdf[pdf.rindex(b"startxref\n") + 10 :].split(b"\n", 1)[0])
    table = _XREF.match(pdf, start)
    if table is None:
        raise RuntimeError("no plain table of objects in this PDF")
    count = int(table[1])
    old = [_offset(pdf, table.end(), number) for number in range(1, count)]
    new = dict.fromkeys(old, 0)
    places = sorted(old)
    at = out.write(pdf[: places[0]])
    for place, end in zip(places, [*places[1:], start], strict=True):
        new[place] = at
        found = _STAND_IN.match(pdf, place)
        stand_in = pdf[found.end() : found.end() + int(found["length"])] if found else b""
        if found and stand_in in waiting:
            at += _write(out, found, waiting[stand_in])
            missing.discard(stand_in)
        else:
            at += out.write(_BOXES.sub(rb"/MediaBox\1/BleedBox\1", pdf[place:end], count=1))
    if missing:
        raise RuntimeError(f"{len(missing)} pictures have no place in this PDF")
    trailer = pdf[table.end() + count * _ENTRY_BYTES : pdf.rindex(b"startxref\n")]
    out.write(b"xref\n0 %d\n0000000000 65535 f\r\n" % count)
    out.writelines(b"%010d 00000 n\r\n" % new[offset] for offset in old)
    out.write(trailer + b"startxref\n%d\n%%%%EOF" % at)


def _offset(pdf: bytes, table: int, number: int) -> int:
    entry = pdf[table + number * _ENTRY_BYTES : table + (number + 1) * _ENTRY_BYTES]
    if not entry.endswith(b" 00000 n\r\n"):
        raise RuntimeError(f"object {number} is not in use")
    return int(entry[:10])


def _write(out: BinaryIO, found: re.Match[bytes], plate: Plate) -> int:
    content = plate.picture.read_bytes() if isinstance(plate.picture, Path) else plate.picture
    head = b"%s 0 obj\n<</Length %d%s/Width %d/Height %d%s>>\nstream\n" % (
        found["number"],
        len(content),
        found["kind"],
        plate.width,
        plate.height,
        found["rest"],
    )
    return out.write(head) + out.write(content) + out.write(b"\nendstream\nendobj\n")
