"""Counted cross stitch: drawn on a grid of cells, then stitched."""

# ruff: noqa: PLR0917  a drawing's points come in the order in which one draws

from functools import cache

from PIL import Image, ImageChops, ImageDraw

from shop.demo.dice import dice
from shop.demo.studio.cloth import BLUSH, PAPER, SAND, STONE, toned, woven
from shop.demo.studio.parts import Rgb
from shop.demo.studio.shapes import Table, box_shape, close_up, cut, outline_shape, rod, rounded

Pictures = list[Image.Image]
RED: Rgb = (190, 44, 44)
GOLD: Rgb = (226, 190, 104)
WHITE: Rgb = (240, 236, 226)
TEAL: Rgb = (46, 140, 134)
PINK: Rgb = (216, 116, 146)
INDIGO: Rgb = (36, 42, 76)
GRAIN = {
    "sowing": ("..x..", ".....", "x...x", "..x..", "....."),
    "sprout": ("x...x", ".x.x.", "..x..", "..x..", "xxxxx"),
    "flower": (".x.x.", "xxoxx", ".xxx.", "..x..", "x.x.x"),
    "ear": ("x.x.x", ".xxx.", "x.x.x", ".xxx.", "..x.."),
}


class Chart:
    """A counted pattern, one cell a stitch."""

    def __init__(self, across: int, down: int) -> None:
        self.grid = Image.new("RGBA", (across, down), (0, 0, 0, 0))

    def put(self, x: int, y: int, colour: Rgb) -> None:
        """One stitch; outside the cloth nothing happens."""
        if 0 <= x < self.grid.width and 0 <= y < self.grid.height:
            self.grid.putpixel((x, y), (*colour, 255))

    def star(self, cx: int, cy: int, reach: int, colours: tuple[Rgb, ...]) -> None:
        """An eight-pointed flower."""
        for x in range(-reach, reach + 1):
            for y in range(-reach, reach + 1):
                a, b = abs(x), abs(y)
                if a + b <= reach or max(a, b) <= reach * 0.62:
                    ring = (a + b) * len(colours) // (reach * 3 // 2 + 1)
                    self.put(cx + x, cy + y, colours[min(len(colours) - 1, ring)])

    def diamond(self, cx: int, cy: int, reach: int, colours: tuple[Rgb, ...]) -> None:
        """A stepped diamond in rings, with hooks at its corners."""
        for x in range(-reach, reach + 1):
            for y in range(-reach, reach + 1):
                far = abs(x) + abs(y)
                if far <= reach and far % 4 != 3:
                    self.put(cx + x, cy + y, colours[far * len(colours) // (reach + 1)])
        for step in range(1, reach // 2):
            for sx, sy in ((-1, -1), (-1, 1), (1, -1), (1, 1)):
                self.put(cx + sx * (reach // 2 + step), cy + sy * (reach // 2 + step), colours[-1])

    def zigzag(self, y: int, height: int, colour: Rgb) -> None:
        """A line of peaks from edge to edge."""
        for x in range(self.grid.width):
            self.put(x, y + abs(x % (height * 2) - height), colour)

    def dots(self, y: int, colour: Rgb, every: int = 2) -> None:
        """Single stitches in a row."""
        for x in range(0, self.grid.width, every):
            self.put(x, y, colour)

    def sign(self, cx: int, cy: int, name: str, colour: Rgb, heart: Rgb, size: int = 2) -> None:
        """One of the four signs of the year."""
        for j, row in enumerate(GRAIN[name]):
            for i, mark in enumerate(row):
                for a in range(size):
                    for b in range(size):
                        if mark != ".":
                            self.put(cx + (i - 2) * size + a, cy + (j - 2) * size + b, heart if mark == "o" else colour)

    def worked(self, ground: Image.Image, cell: int) -> Image.Image:
        """The pattern stitched on cloth."""
        width, height = self.grid.width * cell, self.grid.height * cell
        thread = self.grid.resize((width, height), Image.Resampling.NEAREST)
        light, cover = (_tiled(which, width, height, cell) for which in ("light", "cover"))
        uneven = _uneven(self.grid.width, self.grid.height).resize((width, height), Image.Resampling.NEAREST)
        colour = ImageChops.soft_light(
            thread.convert("RGB"), Image.merge("RGB", [ImageChops.add(light, uneven, 1, -128)] * 3)
        )
        out = ground.crop((0, 0, width, height))
        out.paste(colour, (0, 0), ImageChops.multiply(cover, thread.getchannel("A")))
        return out


@cache
def _tile(which: str, cell: int) -> Image.Image:
    big, k = cell * 8, 8
    image = Image.new("L", (big, big), 128 if which == "light" else 0)
    draw = ImageDraw.Draw(image)
    thick, pad = round(big * 0.34), round(big * 0.14)
    for ends, shade in (((pad, pad, big - pad, big - pad), 96), ((big - pad, pad, pad, big - pad), 176)):
        if which == "cover":
            draw.line(ends, fill=255, width=thick)
            continue
        draw.line(ends, fill=60, width=thick)
        draw.line(ends, fill=shade, width=round(thick * 0.75))
        draw.line([v - k // 3 for v in ends], fill=min(255, shade + 56), width=round(thick * 0.22))
    return image.resize((cell, cell), Image.Resampling.LANCZOS)


@cache
def _tiled(which: str, width: int, height: int, cell: int) -> Image.Image:
    tile, row, whole = _tile(which, cell), Image.new("L", (width, cell)), Image.new("L", (width, height))
    for x in range(0, width, cell):
        row.paste(tile, (x, 0))
    for y in range(0, height, cell):
        whole.paste(row, (0, y))
    return whole


@cache
def _uneven(across: int, down: int) -> Image.Image:
    grain = Image.frombytes("L", (across, down), dice(3).randbytes(across * down))
    return grain.point([108 + v * 40 // 255 for v in range(256)])


def _runner(chart: Chart, ground: Rgb, fringe: Rgb) -> tuple[Image.Image, Image.Image]:
    """A long cloth with fringes, and its worked face."""
    face = chart.worked(woven("linen", ground, 1000, 1000), 10)
    strip = Image.new("RGBA", (face.width, face.height + 60), (0, 0, 0, 0))
    draw, rng = ImageDraw.Draw(strip), dice(4)
    for x in range(2, face.width, 5):
        for top, end in ((30, rng.randint(0, 8)), (face.height + 30, face.height + 60 - rng.randint(0, 8))):
            draw.line((x, top, x + rng.randint(-3, 3), end), fill=(*toned(fringe, rng.uniform(0.8, 1.1)), 255), width=3)
    strip.paste(face, (0, 30))
    return strip, face


def _festive(main: Rgb, second: Rgb, third: Rgb, fourth: Rgb) -> Chart:
    chart = Chart(34, 96)
    for y in (16, 48, 80):
        chart.diamond(17, y, 12, (fourth, third, second, main))
    for y in (32, 64):
        for x in (6, 28):
            chart.star(x, y, 5, (third, second, main))
        chart.star(17, y, 4, (main, fourth))
    for y in range(96):
        for x, colour in ((0, third), (33, third)):
            if y % 2:
                chart.put(x, y, colour)
    return chart


def cross_stitch_runner_indigo() -> Pictures:
    """White and red on indigo, laid along a table."""
    strip, face = _runner(_festive(RED, GOLD, WHITE, TEAL), INDIGO, INDIGO)
    table = Table(SAND)
    table.lay(strip.resize((272, 816), Image.Resampling.BICUBIC), (400, 400), turn=-28, height=8)
    return [table.image, close_up(face, (0, 310, 340, 650))]


def cross_stitch_runner_red() -> Pictures:
    """Yellow and white on festival red."""
    strip, face = _runner(
        _festive((242, 208, 108), WHITE, (246, 226, 160), (250, 240, 214)), (170, 30, 36), (180, 40, 44)
    )
    table = Table(STONE)
    for at in ((270, 330), (560, 470)):
        table.lay(strip.resize((240, 720), Image.Resampling.BICUBIC), at, turn=18, height=8)
    return [table.image, close_up(face, (0, 150, 340, 490))]


def cross_stitch_placemats() -> Pictures:
    """Four white mats, each with a band of its own colour."""
    table, face = Table(PAPER), woven("cotton", WHITE, 450, 320)
    for number, colour in enumerate(((56, 92, 150), (60, 128, 110), (176, 70, 66), (204, 156, 70))):
        chart = Chart(45, 32)
        for y in (5, 16, 27):
            chart.star(7, y, 5, (WHITE, colour, colour, colour))
        for y in range(32):
            for x in (0, 1, 13, 14):
                if (x + y) % 2:
                    chart.put(x, y, colour)
        face = chart.worked(woven("cotton", (238, 234, 224), 450, 320), 10)
        table.lay(
            cut(face.resize((420, 300), Image.Resampling.BICUBIC), box_shape(420, 299, 5)),
            (300 + number * 60, 220 + number * 120),
            turn=6 - number * 4,
            height=8,
        )
    return [table.image, close_up(face, (0, 0, 320, 320))]


def cross_stitch_tote() -> Pictures:
    """A canvas bag with red diamonds under the rim."""
    chart = Chart(52, 56)
    for x in (8, 26, 44):
        chart.diamond(x, 17, 8, (WHITE, RED, RED))
    for y in (5, 29):
        chart.zigzag(y, 2, RED)
    face = chart.worked(woven("linen", (228, 214, 188), 1000, 1000), 10)
    bag = rounded(
        cut(face, outline_shape(520, 556, [(0.02, 0), (0.98, 0), (1, 0.96), (0.96, 1), (0.04, 1), (0, 0.96)])), 40, 0.9
    )
    table = Table(BLUSH)
    for inset in (0, 20):
        handle = Image.new("RGBA", (300, 220), (0, 0, 0, 0))
        ImageDraw.Draw(handle).arc(
            (16 + inset, 10 + inset * 2, 284 - inset, 420),
            180,
            360,
            fill=(*toned((214, 198, 168), 1 - inset / 90), 255),
            width=26,
        )
        table.lay(handle, (400, 136 + inset), height=6)
    table.lay(bag, (400, 492), height=18)
    return [table.image, close_up(face, (90, 10, 430, 350))]


def cross_stitch_wall_band() -> Pictures:
    """Sowing, sprouting, flowering, harvest, in earth colours."""
    chart = Chart(22, 96)
    soil, ochre, olive = (124, 82, 52), (200, 150, 72), (118, 122, 62)
    for number, name in enumerate(GRAIN):
        y = 14 + number * 23
        chart.sign(11, y, name, (soil, olive, olive, ochre)[number], ochre)
        chart.zigzag(y + 10, 2, (ochre, soil)[number % 2])
    face = chart.worked(woven("linen", (222, 208, 180), 1000, 1000), 10)
    band = face.resize((164, 716), Image.Resampling.BICUBIC).convert("RGBA")
    table = Table(STONE)
    table.lay(band, (400, 410), height=9)
    for y in (56, 764):
        table.lay(rod(190, 16), (400, y), height=8)
    return [table.image, close_up(face, (0, 470, 220, 690))]


def cross_stitch_tablecloth() -> Pictures:
    """White flowers in the corners of grey linen, folded once."""
    chart = Chart(64, 64)
    grey: Rgb = (156, 156, 154)
    for x, y in ((12, 12), (24, 10), (10, 24), (24, 24), (38, 9), (9, 38)):
        chart.star(x, y, 5, (WHITE, WHITE, (226, 226, 220)))
    for at in range(64):
        for x, y in ((at, 3), (3, at)):
            if at % 2:
                chart.put(x, y, WHITE)
    face = chart.worked(woven("linen", grey, 1000, 1000), 10)
    table = Table(SAND)
    under = cut(woven("linen", toned(grey, 0.9), 700, 700), box_shape(620, 620, 4))
    table.lay(under, (430, 430), turn=-6, height=10)
    table.lay(cut(face, box_shape(600, 600, 4)), (410, 410), turn=-9, height=9)
    return [table.image, close_up(face, (0, 0, 340, 340))]
