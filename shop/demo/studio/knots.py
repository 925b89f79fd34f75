"""How the knotted pieces look."""

# ruff: noqa: PLR0917  a drawing's points come in the order in which one draws

from PIL import Image, ImageDraw

from shop.demo.studio.cloth import BLUSH, MIST, PAPER, SAND, STONE, toned, woven
from shop.demo.studio.parts import Rgb, Shades, dyed, fit, part
from shop.demo.studio.shapes import (
    BRASS,
    OAK,
    Point,
    Table,
    bead,
    bowed,
    cord_between,
    rod,
)

Pictures = list[Image.Image]


def _silk(colour: Rgb) -> Shades:
    """A dye from its middle tone."""
    return toned(colour, 0.34), colour, toned(colour, 1.62)


RED, DEEP_RED, BRIGHT = _silk((196, 34, 42)), _silk((150, 22, 32)), _silk((210, 36, 38))
GREEN, OCHRE, INDIGO = _silk((40, 128, 98)), _silk((196, 140, 60)), _silk((48, 70, 128))
WINE, INK, WATER = _silk((116, 26, 48)), _silk((44, 62, 100)), _silk((96, 160, 184))
HEMP, TEA, NIGHT, BLACK = _silk((178, 156, 120)), _silk((118, 78, 54)), _silk((36, 52, 98)), _silk((52, 50, 52))


class Hanging:
    """Things on one cord, from the top down."""

    def __init__(self, shades: Shades, width: int = 500, height: int = 800) -> None:
        self.shades = shades
        self.sheet = Image.new("RGBA", (width, height), (0, 0, 0, 0))
        self.y = 0

    def cord(self, length: int, thickness: float = 12, *, twin: bool = False) -> "Hanging":
        """A piece of cord, or two side by side."""
        middle = self.sheet.width / 2
        for x in (middle - thickness * 0.9, middle + thickness * 0.9) if twin else (middle,):
            piece = cord_between(self.sheet.width, length + 16, [(x, 0), (x, length + 16)], thickness, self.shades[1])
            self.sheet.alpha_composite(piece, (0, self.y))
        self.y += length
        return self

    def hang(self, thing: Image.Image, overlap: int = 6) -> "Hanging":
        """The next thing, a little over what is above it."""
        self.sheet.alpha_composite(thing, ((self.sheet.width - thing.width) // 2, max(0, self.y - overlap)))
        self.y += thing.height - overlap
        return self

    def tied(self, name: str, width: int, overlap: int = 14) -> "Hanging":
        """A knot of the cord's colour."""
        return self.hang(fit(dyed(part(name), self.shades), width=width), overlap)

    def tassel(self, height: int, name: str = "tassel", overlap: int = 4) -> "Hanging":
        """A tassel of the cord's colour."""
        return self.hang(fit(dyed(part(name), self.shades), height=height), overlap)

    def bead(self, size: int, colour: Rgb, overlap: int = 6) -> "Hanging":
        """A bead."""
        return self.hang(bead(size, colour), overlap)


def _near(
    name: str, shades: Shades, tint: Rgb, width: int = 1050, at: Point = (400, 400), turn: float = 0
) -> Image.Image:
    """The knot, larger than the picture."""
    table = Table(tint)
    table.lay(fit(dyed(part(name), shades), width=width), at, turn=turn, height=22)
    return table.image


def _shown(hanging: Hanging, tint: Rgb, at: Point = (400, 400), turn: float = 0) -> Image.Image:
    table = Table(tint)
    table.lay(hanging.sheet, at, turn=turn, height=14)
    return table.image


def panchang_door_hanging() -> Pictures:
    """Red, on two cords, with a tassel."""
    hanging = Hanging(RED).cord(90, 12, twin=True).tied("panchang", 430, 20).cord(20).tassel(270)
    return [_shown(hanging, PAPER), _near("panchang", RED, PAPER, 1150, (400, 470))]


def great_panchang_wall() -> Pictures:
    """Deep red, under a rod, two tassels."""
    table = Table(STONE)
    for x in (300, 500):
        table.lay(Hanging(DEEP_RED, 160, 330).cord(30, 11).tassel(230).sheet, (x, 640), height=10)
    table.lay(cord_between(300, 80, [(8, 74), (150, 6), (292, 74)], 8, DEEP_RED[1]), (400, 40), height=5)
    table.lay(fit(dyed(part("panchang-great"), DEEP_RED), width=530), (400, 352), height=16)
    table.lay(rod(330, 22), (400, 84), height=10)
    return [table.image, _near("panchang-great", DEEP_RED, STONE, 1300, (400, 500))]


def small_knot_brass_beads() -> Pictures:
    """Jade green, a brass bead above and below."""
    hanging = (
        Hanging(GREEN).cord(110, 12).bead(44, BRASS).tied("panchang-small", 300, 16).bead(44, BRASS, 14).tassel(240)
    )
    return [_shown(hanging, PAPER), _near("panchang-small", GREEN, PAPER, 980)]


def car_mirror_knot() -> Pictures:
    """Seven loops round a wooden bead, a short tassel."""
    hanging = Hanging(BRIGHT).cord(110, 10, twin=True).tied("loops", 420, 22)
    hanging.sheet.alpha_composite(bead(70, (150, 104, 64), glass=False), (215, 268))
    hanging.y -= 44
    hanging.cord(40).tassel(190)
    return [_shown(hanging, MIST), _near("loops", BRIGHT, MIST, 1100)]


def ruyi_curtain_ties() -> Pictures:
    """Two ties, mirror images, in ochre."""
    table = Table(SAND)
    for side in (-1, 1):
        x = 400 + side * 200
        arc = cord_between(360, 420, bowed((180, 410), (180 + side * 150, 200), (180, 14)), 15, OCHRE[1])
        table.lay(arc, (x, 230), height=8)
        table.lay(fit(dyed(part("ruyi"), OCHRE), width=300), (x, 420), turn=side * 4, height=12)
        table.lay(Hanging(OCHRE, 160, 300).cord(30, 13).tassel(230).sheet, (x, 660), height=10)
    return [table.image, _near("ruyi", OCHRE, SAND, 1000)]


def double_coin_bookmarks() -> Pictures:
    """Three colours, tails capped with brass."""
    table = Table(PAPER)
    for number, shades in enumerate((INDIGO, OCHRE, GREEN)):
        x = 190 + number * 210
        for side in (-1, 1):
            tail = cord_between(120, 460, bowed((60, 4), (60 + side * 34, 240), (60 + side * 10, 440)), 10, shades[1])
            table.lay(tail, (x + side * 8, 548), height=4)
            table.lay(bead(20, BRASS), (x + side * 18, 762), height=3)
        table.lay(fit(dyed(part("coin"), shades), width=190), (x, 240), turn=90, height=8)
    return [table.image, _near("coin", OCHRE, PAPER, 860, turn=12)]


def flat_knot_bracelet() -> Pictures:
    """Tea brown with one bead, on linen and close by."""
    linen = woven("linen", (220, 210, 190), 800, 800)
    table = Table(PAPER, linen)
    for side in (-1, 1):
        table.lay(
            cord_between(160, 240, bowed((80, 6), (80 + side * 60, 130), (80 + side * 20, 226)), 7, TEA[1]),
            (400 + side * 14, 690),
            height=4,
        )
    table.lay(fit(dyed(part("braid"), TEA), width=540), (400, 380), height=10)
    table.lay(bead(64, (150, 186, 112)), (400, 126), height=8)
    detail = Table(PAPER, linen)
    detail.lay(fit(dyed(part("braid"), TEA), width=1300), (400, 860), height=20)
    detail.lay(bead(150, (150, 186, 112)), (400, 268), height=14)
    return [table.image, detail.image]


def plafond_knot_pendant() -> Pictures:
    """Ring within ring, night blue, on a silk cord."""
    table = Table(BLUSH)
    loop = (
        bowed((400, 520), (60, 200), (260, 60))
        + bowed((260, 60), (400, -30), (540, 60))
        + bowed((540, 60), (740, 200), (400, 520))
    )
    table.lay(cord_between(800, 800, loop, 9, NIGHT[1]), height=5)
    table.lay(fit(dyed(part("plafond"), NIGHT), width=250), (400, 560), height=11)
    table.lay(fit(dyed(part("plafond"), NIGHT), width=120), (400, 560), turn=18, height=4)
    return [table.image, _near("plafond", NIGHT, BLUSH, 820)]


def button_knot_set() -> Pictures:
    """Six pairs in black."""
    table = Table(PAPER, woven("cotton", (214, 202, 180), 800, 800))
    frog = fit(dyed(part("frog"), BLACK), width=330)
    for number in range(6):
        table.lay(frog, (212 + number % 2 * 376, 170 + number // 2 * 230), turn=(2, -3, 1, 3, -2, 2)[number], height=8)
    detail = Table(PAPER, woven("cotton", (214, 202, 180), 800, 800))
    detail.lay(fit(dyed(part("frog"), BLACK), width=1250), (400, 400), height=20)
    return [table.image, detail.image]


def _key_ring(shades: Shades, tint: Rgb) -> Image.Image:
    ring = Image.new("RGBA", (480, 480), (0, 0, 0, 0))
    draw = ImageDraw.Draw(ring)
    for step in range(26):
        tone = toned(BRASS, 1.4 - abs(step - 9) / 12)
        draw.ellipse((20 + step, 20 + step, 459 - step, 459 - step), outline=(*tone, 255), width=3)
    table = Table(tint)
    table.lay(ring.reduce(2), (400, 150), height=10)
    table.lay(cord_between(60, 160, [(30, 4), (30, 156)], 14, shades[1]), (400, 300), height=6)
    table.lay(fit(dyed(part("clover"), shades), width=360), (400, 510), height=14)
    return table.image


def cloverleaf_key_ring() -> Pictures:
    """Clover green; ochre; close by."""
    return [_key_ring(GREEN, SAND), _key_ring(OCHRE, SAND), _near("clover", GREEN, SAND, 900, (400, 430))]


def gift_knot_set() -> Pictures:
    """Five small knots, five colours."""
    table = Table(STONE)
    for number, (shades, name) in enumerate(
        (
            (BRIGHT, "clover"),
            (OCHRE, "loops"),
            (GREEN, "panchang-small"),
            (INDIGO, "plafond"),
            (_silk((198, 92, 126)), "coin"),
        )
    ):
        x, y = ((180, 230), (400, 160), (620, 230), (280, 580), (520, 580))[number]
        small = (
            Hanging(shades, 240, 420).cord(50, 8, twin=True).tied(name, 170, 10).cord(8, 8).tassel(110, "tassel-thin")
        )
        table.lay(small.sheet, (x, y + 40), height=9)
    return [table.image, _near("loops", OCHRE, STONE, 1000)]


def _tassel_pair(shades: Shades) -> Image.Image:
    table = Table(BLUSH)
    for x, turn in ((290, 4), (520, -3)):
        pair = Hanging(shades, 300, 800).cord(90, 10, twin=True).tied("ruyi", 170, 14).cord(16, 10).tassel(440)
        table.lay(pair.sheet, (x, 420), turn=turn, height=13)
    return table.image


def bookcase_tassels() -> Pictures:
    """Wine red; ink blue; the head close by."""
    table = Table(BLUSH)
    table.lay(Hanging(WINE, 700, 1400).cord(60, 26).tied("ruyi", 420, 20).tassel(1000).sheet, (400, 700), height=18)
    return [_tassel_pair(WINE), _tassel_pair(INK), table.image]


def wedding_double_knot() -> Pictures:
    """Two knots side by side that cannot be parted, red with a gold thread."""
    table = Table(PAPER)
    knot, gold = fit(dyed(part("panchang-small"), BRIGHT), width=350), _silk((214, 168, 74))
    for x in (300, 500):
        table.lay(Hanging(BRIGHT, 160, 300).cord(20, 12).tassel(240).sheet, (x, 690), height=10)
    for points, colour in (
        (bowed((400, 4), (360, 90), (300, 250)), BRIGHT[1]), (bowed((400, 4), (440, 90), (500, 250)), BRIGHT[1]),
        (bowed((392, 4), (352, 90), (292, 250)), gold[1]), (bowed((408, 4), (448, 90), (508, 250)), gold[1]),
    ):  # fmt: skip
        table.lay(cord_between(800, 800, points, 12 if colour == BRIGHT[1] else 5, colour), height=4)
    for x in (285, 515):
        table.lay(knot, (x, 400), height=14)
    table.lay(fit(dyed(part("coin"), gold), width=110), (400, 400), turn=90, height=6)
    table.lay(bead(50, BRASS), (400, 70), height=6)
    near = Table(PAPER)
    near.lay(fit(dyed(part("panchang-small"), BRIGHT), width=900), (180, 420), height=20)
    near.lay(fit(dyed(part("panchang-small"), BRIGHT), width=900), (820, 420), height=20)
    near.lay(fit(dyed(part("coin"), gold), width=330), (500, 420), turn=90, height=12)
    return [table.image, near.image]


def fan_tassel() -> Pictures:
    """A glass bead, a small knot, a thin tassel, water blue."""
    hanging = (
        Hanging(WATER)
        .cord(120, 9, twin=True)
        .bead(56, (120, 190, 206))
        .tied("coin", 130, 6)
        .cord(14, 9)
        .tassel(430, "tassel-thin")
    )
    near = (
        Hanging(WATER, 800, 1300)
        .cord(40, 22, twin=True)
        .bead(170, (120, 190, 206))
        .tied("coin", 420, 10)
        .cord(30, 22)
        .tassel(800)
    )
    return [_shown(hanging, SAND, turn=8), _shown(near, SAND, (400, 650))]


def bell_wind_hanging() -> Pictures:
    """Three strands in hemp with brass bells, from a ring of bamboo."""
    bell = _bell(56)
    table = Table(MIST)
    for x, length, names in (
        (250, 40, ("clover", "coin")),
        (400, 90, ("loops", "clover")),
        (550, 10, ("coin", "clover")),
    ):
        strand = Hanging(HEMP, 200, 760).cord(60 + length, 8)
        for name in names:
            strand.tied(name, 140, 10).cord(50, 8)
        table.lay(strand.hang(bell, 8).sheet, (x, 470), height=8)
    ring = Image.new("RGBA", (880, 160), (0, 0, 0, 0))
    draw = ImageDraw.Draw(ring)
    for step in range(22):
        tone = toned(OAK, 1.3 - abs(step - 7) / 14)
        draw.ellipse((4 + step, 4 + step, 875 - step, 155 - step), outline=(*tone, 255), width=3)
    for x in (130, 400, 670):
        table.lay(cord_between(300, 110, [(150, 0), (150 + (x - 400) * 0.5, 108)], 5, HEMP[1]), (400, 52), height=3)
    table.lay(ring.reduce(2), (400, 118), height=9)
    near = Table(MIST)
    near.lay(
        Hanging(HEMP, 700, 1000).tied("clover", 430, 0).cord(60, 20).hang(_bell(280), 16).sheet, (400, 520), height=18
    )
    return [table.image, near.image]


def _bell(width: int) -> Image.Image:
    out = Image.new("RGBA", (width * 2, round(width * 2.3)), (0, 0, 0, 0))
    draw = ImageDraw.Draw(out)
    w = width * 2
    for step in range(w // 2, 0, -1):
        share = step / (w / 2)
        tone = toned(BRASS, 0.5 + 0.9 * (1 - share) ** 0.8)
        left, right = w / 2 - step - (1 - share) * w * 0.1, w / 2 + step - (1 - share) * w * 0.1
        draw.pieslice(
            (left, w * 0.12 + (1 - share) * w * 0.16, right, w * 1.7 - (1 - share) * w * 0.3),
            180,
            360,
            fill=(*tone, 255),
        )
    draw.ellipse((0, w * 0.82, w, w * 1.02), fill=(*toned(BRASS, 0.72), 255))
    draw.ellipse((w * 0.08, w * 0.86, w * 0.92, w * 0.99), fill=(*toned(BRASS, 0.3), 255))
    draw.ellipse((w * 0.42, w * 0.9, w * 0.58, w * 1.08), fill=(*toned(BRASS, 0.9), 255))
    draw.ellipse((w * 0.43, 0, w * 0.57, w * 0.2), outline=(*toned(BRASS, 0.8), 255), width=max(2, w // 24))
    return out.reduce(2)
