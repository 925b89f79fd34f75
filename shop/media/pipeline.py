"""From what somebody sent to a picture of our own: checked, turned upright, stripped, drawn anew in our sizes."""

import hashlib
import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image, ImageCms, UnidentifiedImageError

from shop.errors import ShopError

WIDTHS = (320, 480, 800, 1200)
MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_SIDE = 12_000
_FORMATS = ("JPEG", "PNG", "WEBP")
_WHITE = (255, 255, 255)
_ORIENTATION = 0x0112

# Pillow warns before it has decoded anything; as an error the warning stops the bomb instead of announcing it.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)

# Fifty million pixels are 150 MB once decoded: a burst of uploads waits its turn instead of filling the memory.
_decoding = threading.BoundedSemaphore(2)


class BadPicture(ShopError):
    """What was sent cannot be shown as a picture. ``why`` is one of empty, too_large (bytes, limit), not_a_picture,
    unsupported (kind), heic, animated, too_many_pixels (limit) or truncated; ``code`` is the same after "picture_".
    """

    status = 422

    def __init__(self, why: str, **data: object) -> None:
        super().__init__(**data)
        self.why = why
        self.code = f"picture_{why}"
        if why == "too_large":
            self.status = 413


@dataclass(frozen=True, slots=True)
class Checked:
    """A picture ready to be stored: the master as JPEG in full size, and WebP by width. Lengths in pixels."""

    master: bytes
    width: int
    height: int
    sha256: str
    sizes: dict[int, bytes]

    @property
    def bytes_size(self) -> int:
        """Bytes of the master and all sizes together."""
        return len(self.master) + sum(map(len, self.sizes.values()))


def widths_for(width: int) -> tuple[int, ...]:
    """The sizes a picture of this width has. Nothing is enlarged; a tiny one is kept as it is under the smallest."""
    return tuple(offered for offered in WIDTHS if offered <= width) or WIDTHS[:1]


def check_and_reencode(data: bytes) -> Checked:
    """The picture in ``data`` in our own sizes, without any metadata. Raises BadPicture with its code.

    Colours come out as sRGB, transparent parts white. Only JPEG, PNG and WebP are opened, whatever the file is called.
    """
    if not data:
        raise BadPicture("empty")
    if len(data) > MAX_BYTES:
        raise BadPicture("too_large", bytes=len(data), limit=MAX_BYTES)
    with _decoding, _refusals(data):
        return reencode(_upright(_opened(data)))


def reencode(image: Image.Image, *, method: int = 4) -> Checked:
    """Master and sizes of an RGB image. ``method`` is WebP's effort, 0 (quick) to 6 (small)."""
    master = _encoded(image, "JPEG", quality=92, subsampling=0)
    sizes: dict[int, bytes] = {}
    smaller = image
    for width in reversed(widths_for(image.width)):
        if smaller.width > width:
            height = max(1, round(image.height * width / image.width))
            smaller = smaller.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
        sizes[width] = _encoded(smaller, "WEBP", quality=80, method=method)
    return Checked(master, image.width, image.height, hashlib.sha256(master).hexdigest(), sizes)


def _encoded(image: Image.Image, form: str, **options: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


@contextmanager
def _refusals(data: bytes) -> Iterator[None]:
    """Turns what a decoder raises on hostile bytes into one of our codes."""
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadPicture("too_many_pixels", limit=MAX_PIXELS) from error
    except UnidentifiedImageError as error:
        raise _unknown(data) from error
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, OverflowError) as error:
        # Decoders have no common exception: a half file ends in an OSError, a malformed one in any of these.
        raise BadPicture("truncated") from error


def _unknown(data: bytes) -> BadPicture:
    head = data[:512]
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        if brand in {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"}:
            return BadPicture("heic")
        return BadPicture("unsupported", kind="AVIF" if brand in {b"avif", b"avis"} else "video")
    kinds = {b"GIF8": "GIF", b"%PDF": "PDF", b"BM": "BMP", b"II*\0": "TIFF", b"MM\0*": "TIFF", b"8BPS": "PSD"}
    for magic, kind in kinds.items():
        if head.startswith(magic):
            return BadPicture("unsupported", kind=kind)
    if b"<svg" in head.lower():
        return BadPicture("unsupported", kind="SVG")
    if head.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")):
        return BadPicture("truncated")
    return BadPicture("not_a_picture")


def _opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data), formats=_FORMATS)
    width, height = image.size
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise BadPicture("too_many_pixels", width=width, height=height, limit=MAX_PIXELS)
    if image.format != "MPO" and getattr(image, "is_animated", False):
        raise BadPicture("animated")
    image.load()
    return image


def _upright(image: Image.Image) -> Image.Image:
    """Turned as its camera was held, in sRGB, on white, with nothing attached."""
    profile = image.info.get("icc_profile")
    turned = _turned(image)
    plain = _plain(_srgb(turned, profile) if isinstance(profile, bytes) else turned)
    bare = Image.new("RGB", plain.size)
    bare.paste(plain)
    return bare


def _turned(image: Image.Image) -> Image.Image:
    try:
        orientation = image.getexif().get(_ORIENTATION, 1)
    except (OSError, SyntaxError, ValueError, IndexError, KeyError, TypeError):
        return image  # a picture is not refused because its camera wrote broken EXIF
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
    return image.transpose(turns[orientation]) if orientation in turns else image


def _srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Telephones photograph in wider colour spaces; dropping the profile without this would leave pale colours."""
    if image.mode not in {"RGB", "CMYK"}:
        return image
    try:
        turned = ImageCms.profileToProfile(
            image, ImageCms.getOpenProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image
    return turned or image


def _plain(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits a channel; a plain convert would cut everything off at 255
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L").convert("RGB")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        ground = Image.new("RGB", layer.size, _WHITE)
        ground.paste(layer, mask=layer.getchannel("A"))
        return ground
    return image.convert("RGB")
