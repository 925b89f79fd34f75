"""Pictures go into a book after it is laid out.

typst decodes every picture it is shown and keeps the pixels: a thousand photographs took ten seconds and three gigabytes.
So the press lays out with stand-ins of one pixel, each with the digest of its picture in it, and the JPEG data take their
place when the book is bound. The press must be told a picture's proportions, as a stand-in has none.
"""

from functools import cache
from hashlib import blake2b
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from shop.documents.pictures import BadPicture, printable

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
