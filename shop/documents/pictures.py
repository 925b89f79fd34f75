"""Pictures as a press takes them: JPEG, upright, no larger than print can show."""

from io import BytesIO

from PIL import Image, ImageOps

from shop.errors import BadInput

LONGEST_PX = 1200
"""The longest edge in pixels: 300 dots an inch on 100 mm, wider than a picture's place beside others."""

LARGE_PX = 2200
"""The same for a picture that fills a page's width."""

_FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
_MAX_PIXELS = 80_000_000
_END_OF_JPEG = b"\xff\xd9"


class BadPicture(BadInput):
    """No picture that can be printed. ``items``: the item numbers it stood for."""

    code = "bad_picture"


def _ready(image: Image.Image, ending: bytes, longest_px: int) -> bool:
    """As it is: small enough, upright, to its last byte, and without what a camera writes about place and time."""
    whole = ending.rstrip(b"\0").endswith(_END_OF_JPEG)
    small = max(image.size) <= longest_px
    return image.format == "JPEG" and image.mode in ("RGB", "L") and small and whole and "exif" not in image.info


def printable(picture: bytes, *, longest_px: int = LONGEST_PX) -> bytes:
    """The picture itself where the press takes it as it is, else a JPEG of it (transparent parts white).

    Raises BadPicture for what is no picture, is cut off, or holds more than 80 million pixels.
    """
    try:
        with Image.open(BytesIO(picture), formats=_FORMATS) as image:
            if image.width * image.height > _MAX_PIXELS:
                raise BadPicture(reason="too_large")
            if _ready(image, picture[-64:], longest_px):
                return picture
            image.draft("RGB", (longest_px, longest_px))
            return _as_jpeg(image, longest_px)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning) as refused:
        raise BadPicture(reason="unreadable") from refused


def _as_jpeg(image: Image.Image, longest_px: int) -> bytes:
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((longest_px, longest_px), Image.Resampling.LANCZOS, reducing_gap=2.0)
    if "A" in upright.getbands() or "transparency" in upright.info:
        layer = upright.convert("RGBA")
        upright = Image.new("RGB", layer.size, "white")
        upright.paste(layer, mask=layer.getchannel("A"))
    out = BytesIO()
    upright.convert("RGB").save(out, "JPEG", quality=88, subsampling=0)
    return out.getvalue()
