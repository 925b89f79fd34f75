"""Masters, cut from their sheets and brought to a product's colours."""

from functools import cache
from pathlib import Path

from PIL import Image, ImageOps

Rgb = tuple[int, int, int]
Shades = tuple[Rgb, Rgb, Rgb]
"""Dark, middle, light."""

MASTERS = Path(__file__).resolve().parent.parent / "pictures"
_SHEETS: dict[str, tuple[str, tuple[int, int, int, int]]] = {
    "lotus": ("lotus-parts", (0, 0, 700, 700)),
    "bud": ("lotus-parts", (700, 0, 1400, 700)),
    "pad": ("lotus-parts", (0, 700, 700, 1400)),
    "pod": ("lotus-parts", (700, 700, 1400, 1400)),
    "peony": ("flower-heads", (0, 0, 700, 700)),
    "peony-seeded": ("flower-heads", (700, 0, 1400, 700)),
    "peony-gold": ("flower-heads", (0, 700, 700, 1400)),
    "twig": ("flower-heads", (700, 700, 1400, 1400)),
    "ruyi": ("knots", (0, 0, 600, 600)),
    "coin": ("knots", (600, 0, 1200, 600)),
    "plafond": ("knots", (0, 600, 600, 1200)),
    "clover": ("knots", (600, 600, 1200, 1200)),
    "loops": ("knots-more", (0, 0, 600, 600)),
    "panchang-small": ("knots-more", (600, 0, 1200, 600)),
    "braid": ("knots-more", (0, 600, 600, 1200)),
    "frog": ("knots-more", (600, 600, 1200, 1200)),
    "tassel": ("tassels", (0, 0, 300, 700)),
    "tassel-thin": ("tassels", (300, 0, 600, 700)),
    "petal": ("small-enamels", (0, 0, 500, 500)),
    "leaf": ("small-enamels", (500, 0, 1000, 500)),
    "coaster-leaf": ("small-enamels", (0, 500, 500, 1000)),
    "coaster-ginkgo": ("small-enamels", (500, 500, 1000, 1000)),
}


@cache
def part(name: str) -> Image.Image:
    """A master, or a piece of a sheet, without the empty space around it."""
    sheet, box = _SHEETS.get(name, (name, None))
    image = _master(sheet)
    if box:
        image = image.crop(box)
    return image.crop(image.getbbox()) if image.mode == "RGBA" else image


@cache
def _master(name: str) -> Image.Image:
    with Image.open(MASTERS / f"{name}.webp") as image:
        image.load()
        return image


def fit(image: Image.Image, width: int = 0, height: int = 0) -> Image.Image:
    """Scaled to this width or height; the other follows."""
    share = width / image.width if width else height / image.height
    size = (max(1, round(image.width * share)), max(1, round(image.height * share)))
    return image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)


def dyed(image: Image.Image, shades: Shades) -> Image.Image:
    """A grey master in the colours of a dye."""
    grey = image.getchannel(0)
    coloured = ImageOps.colorize(grey, shades[0], shades[2], shades[1], blackpoint=18, whitepoint=235, midpoint=132)
    if image.mode == "RGBA":
        coloured.putalpha(image.getchannel("A"))
    return coloured


def recoloured(
    image: Image.Image,
    petals: tuple[int, float, float] = (0, 1, 1),
    leaves: tuple[int, float, float] = (0, 1, 1),
) -> Image.Image:
    """Reds and yellows by ``petals``, greens and blues by ``leaves``: degrees round the colour wheel, then factors
    for saturation and brightness.
    """
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    hue, saturation, value = image.convert("RGB").convert("HSV").split()
    green = hue.point([255 if 42 < h < 185 else 0 for h in range(256)])
    out = Image.merge(
        "HSV",
        (
            _chosen(hue, green, _turn(petals[0]), _turn(leaves[0])),
            _chosen(saturation, green, _times(petals[1]), _times(leaves[1])),
            _chosen(value, green, _times(petals[2]), _times(leaves[2])),
        ),
    ).convert("RGB")
    if alpha:
        out.putalpha(alpha)
    return out


def _chosen(band: Image.Image, green: Image.Image, petals: list[int], leaves: list[int]) -> Image.Image:
    if petals == leaves:
        return band.point(petals)
    return Image.composite(band.point(leaves), band.point(petals), green)


def _turn(degrees: int) -> list[int]:
    return [(h + round(degrees * 256 / 360)) % 256 for h in range(256)]


def _times(factor: float) -> list[int]:
    return [min(255, round(v * factor)) for v in range(256)]
