"""Cloisonné: cells of enamel between gilded wires, fired, ground and a little glossy."""

import math
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from shop.demo.art.thread import Colour, Point, bow, ink, lit, mix, noise, ray
from shop.demo.dice import dice

TEAL, NAVY, IVORY, RED, AMBER = (22, 134, 138), (16, 58, 96), (236, 226, 202), (168, 38, 42), (222, 172, 74)
GREEN, PINK = (46, 112, 70), (236, 190, 180)
_OVER = 2
Cell = list[Point]


class Enamel:
    """A surface being filled. Lengths in pixels of the finished picture."""

    def __init__(self, width: int, height: int, ground: Colour, seed: int) -> None:
        self.rng = dice(seed)
        self.size = (width * _OVER, height * _OVER)
        self.image = Image.new("RGB", self.size, ink(ground))
        self.draw = ImageDraw.Draw(self.image)

    def wire(self, points: Sequence[Point], width: float = 2.6) -> None:
        """A gilded wire: dark foot, gold back, bright ridge."""
        line = [(x * _OVER, y * _OVER) for x, y in points]
        thick = max(2, round(width * _OVER))
        self.draw.line(line, fill=(104, 70, 22), width=thick + 2, joint="curve")
        self.draw.line(line, fill=(206, 160, 70), width=thick, joint="curve")
        self.draw.line([(x - 1, y - 1) for x, y in line], fill=(252, 230, 164), width=max(1, thick // 3), joint="curve")

    def cell(self, rim: Cell, colour: Colour, heart: Colour | None = None, width: float = 2.4) -> None:
        """A closed cell, shading from ``colour`` at the wire to ``heart`` in its middle."""
        cx = sum(x for x, _ in rim) / len(rim)
        cy = sum(y for _, y in rim) / len(rim)
        for step in range(8):
            share = step / 8
            inner = [((x + (cx - x) * share) * _OVER, (y + (cy - y) * share) * _OVER) for x, y in rim]
            self.draw.polygon(inner, fill=ink(mix(colour, heart or lit(colour, 1.12), share)))
        self.wire([*rim, rim[0]], width)

    def ring(self, centre: Point, radius: float, width: float = 4) -> None:
        """A wire circle."""
        self.wire([ray(centre, turn * 1.5, radius) for turn in range(241)], width)

    def curl(self, centre: Point, radius: float, turn: float, sign: int = 1, width: float = 2) -> None:
        """A tendril."""
        self.wire([ray(centre, turn + sign * step * 9, radius * (1 - step / 62)) for step in range(52)], width)

    def flower(
        self, centre: Point, radius: float, shades: Sequence[tuple[Colour, Colour]], petals: int = 8, turn: float = 0
    ) -> None:
        """A flower seen from above, one ring of petals for each pair of shades."""
        for ring, (outer, inner) in enumerate(shades):
            reach = radius * (1 - ring * 0.34)
            count = petals - ring
            for number in range(count):
                degrees = turn + number * 360 / count + ring * 360 / count / 2
                self.cell(petal_rim(centre, degrees, reach, reach * 1.9 / count), outer, inner)
        dot = [ray(centre, step * 15, radius * 0.15) for step in range(24)]
        self.cell(dot, AMBER, (250, 224, 140), 2)

    def plum(self, centre: Point, radius: float, turn: float, petals: Colour = (240, 238, 228)) -> None:
        """Five round petals and a yellow heart."""
        for number in range(5):
            middle = ray(centre, turn + number * 72, radius * 0.56)
            self.cell([ray(middle, step * 15, radius * 0.42) for step in range(24)], petals, (255, 250, 240), 2)
        self.cell([ray(centre, step * 20, radius * 0.22) for step in range(18)], AMBER, (250, 224, 140), 2)

    def leaf(
        self, root: Point, degrees: float, length: float, shades: tuple[Colour, Colour] = (GREEN, (140, 190, 120))
    ) -> None:
        """A pointed leaf with its vein."""
        self.cell(petal_rim(root, degrees, length, length * 0.26), *shades)
        self.wire([ray(root, degrees, length * 0.1), ray(root, degrees, length * 0.86)], 1.6)

    def fired(
        self, shape: Image.Image | None = None, gloss: Sequence[tuple[float, float, float, float]] = ()
    ) -> Image.Image:
        """The finished surface, cut to ``shape``: grain of the glass, and gloss in boxes given as shares of the picture."""
        width, height = self.size
        grain = noise((width // 3, height // 3), self.rng, 40).resize(self.size, Image.Resampling.BICUBIC)
        fine = noise(self.size, self.rng, 22)
        grain = Image.blend(grain, fine, 0.4)
        image = ImageChops.soft_light(self.image, Image.merge("RGB", [grain] * 3))
        light = Image.new("L", self.size, 0)
        for left, top, right, bottom in gloss:
            ImageDraw.Draw(light).ellipse((left * width, top * height, right * width, bottom * height), fill=88)
        light = light.filter(ImageFilter.GaussianBlur(width // 18))
        image.paste((255, 255, 255), (0, 0), light)
        out = image.convert("RGBA")
        if shape:
            out.putalpha(shape)
        return out.resize((width // _OVER, height // _OVER), Image.Resampling.LANCZOS)

    def disc(self, radius: float) -> Image.Image:
        """A round shape for `fired`, in the middle."""
        mask = Image.new("L", self.size, 0)
        x, y, r = self.size[0] / 2, self.size[1] / 2, radius * _OVER
        ImageDraw.Draw(mask).ellipse((x - r, y - r, x + r, y + r), fill=255)
        return mask


def petal_rim(root: Point, degrees: float, length: float, half: float) -> Cell:
    """The outline of a petal that begins at ``root``."""
    tip, left, right = ray(root, degrees, length), ray(root, degrees - 90, half * 2), ray(root, degrees + 90, half * 2)
    ahead = ray((0, 0), degrees, length * 0.72)
    out = [bow(root, (left[0] + ahead[0], left[1] + ahead[1]), tip, step / 14) for step in range(15)]
    return out + [bow(tip, (right[0] + ahead[0], right[1] + ahead[1]), root, step / 14) for step in range(1, 14)]


def lotus_plate() -> Image.Image:
    """Red and ivory flowers with scrolls on teal, a border of lappets: 1,000 × 1,000."""
    work, c = Enamel(1000, 1000, NAVY, 3), (500.0, 500.0)

    def disc(radius: float, colour: Colour) -> None:
        box = [(500 - radius) * _OVER, (500 - radius) * _OVER, (500 + radius) * _OVER, (500 + radius) * _OVER]
        work.draw.ellipse(box, fill=ink(colour))

    disc(396, TEAL)
    for number in range(26):
        degrees, half = number * 360 / 26, 180 / 26
        for share, colour in ((1.0, RED if number % 2 else AMBER), (0.52, IVORY)):
            rim = [
                ray(
                    c,
                    degrees + step / 10 * half * 0.88 * share,
                    402 + 66 * share * math.cos(step / 10 * math.pi / 2) ** 0.8,
                )
                for step in range(-10, 11)
            ]
            work.cell(rim, colour)
    for number in range(8):
        degrees = number * 45 - 90
        work.curl(ray(c, degrees + 22.5, 350), 34, degrees + 200, 1)
        work.curl(ray(c, degrees + 22.5, 262), 34, degrees + 20, -1)
        for side in (-1, 1):
            work.leaf(ray(c, degrees + side * 9, 318), degrees + side * 62, 62)
            work.curl(ray(c, degrees + side * 16, 300), 18, degrees + side * 90, side, 1.6)
    for number in range(8):
        shades = (
            [((190, 48, 58), PINK), ((226, 120, 116), IVORY)]
            if number % 2
            else [(IVORY, (255, 248, 232)), (AMBER, IVORY)]
        )
        work.flower(ray(c, number * 45 - 90, 306), 66, shades, 8, number * 45)
    disc(190, NAVY)
    disc(166, IVORY)
    for radius, width in ((462, 5.0), (398, 4.0), (190, 4.0), (166, 3.0)):
        work.ring(c, radius, width)
    work.flower(c, 150, [(RED, (206, 92, 88)), ((206, 92, 88), PINK), (PINK, IVORY)], 10, -90)
    work.ring(c, 474, 9)
    return work.fired(work.disc(478), [(0.14, 0.08, 0.62, 0.4)])


def blue_flower_dish() -> Image.Image:
    """Five blue flowers on ivory: 700 × 700."""
    work, c = Enamel(700, 700, (238, 230, 210), 4), (350.0, 350.0)
    for number in range(10):
        work.curl(ray(c, number * 36, 262), 26, number * 36 + 180, 1 if number % 2 else -1, 1.8)
        work.curl(ray(c, number * 36 + 18, 108), 20, number * 36, 1, 1.8)
    for number in range(5):
        degrees = number * 72 - 90
        for side in (-1, 1):
            work.leaf(ray(c, degrees + side * 17, 196), degrees + side * 100, 66, ((66, 128, 150), (170, 206, 204)))
        work.flower(
            ray(c, degrees, 190), 84, [((32, 78, 150), (126, 172, 214)), ((90, 140, 200), (224, 234, 238))], 7, degrees
        )
    work.flower(c, 62, [((32, 78, 150), (170, 200, 224))], 6, 0)
    for radius, width in ((322, 4.0), (300, 2.5)):
        work.ring(c, radius, width)
    work.ring(c, 334, 11)
    return work.fired(work.disc(339), [(0.14, 0.1, 0.6, 0.42)])


def plum_ground() -> Image.Image:
    """White plum scattered over dark enamel, to be cut to a lid or wrapped round a caddy: 900 × 700."""
    work = Enamel(900, 700, (26, 30, 32), 6)
    rng = work.rng
    taken: list[tuple[float, float, float]] = []
    for size in (58.0, 50.0, 44.0, 38.0, 32.0, 26.0, 20.0):
        for _ in range(90):
            x, y = rng.uniform(20, 880), rng.uniform(20, 680)
            if all(math.dist((x, y), (a, b)) > (size + r) * 1.22 for a, b, r in taken):
                taken.append((x, y, size))
    for x, y, size in taken:
        if size >= 38:
            degrees = rng.uniform(0, 360)
            work.leaf(ray((x, y), degrees, size * 0.7), degrees, size * 0.9, ((52, 98, 74), (120, 158, 112)))
    for x, y, size in taken:
        if size > 20:
            work.plum((x, y), size, rng.uniform(0, 72))
        else:
            work.curl((x, y), size, rng.uniform(0, 360), rng.choice((-1, 1)), 1.8)
    return work.fired()


def small_enamels() -> Image.Image:
    """Sheet of four, 500 × 500 each: petal and leaf above, coasters with lotus leaf and ginkgo below."""
    work = Enamel(1000, 1000, TEAL, 8)
    shape = Image.new("L", work.size, 0)
    cut = ImageDraw.Draw(shape)

    def keep(rim: Cell) -> None:
        cut.polygon([(x * _OVER, y * _OVER) for x, y in rim], fill=255)

    rim = petal_rim((250, 460), -90, 410, 82)
    keep(rim)
    work.cell(rim, (18, 112, 120), (196, 230, 222), 7)
    for turn in (-34, -17, 0, 17, 34):
        end = ray((250, 450), -90 + turn * 0.62, 320 - abs(turn) * 3.4)
        work.wire([bow((250, 450), (250 + turn * 3, 300), end, step / 12) for step in range(13)], 2.2)
    rim = petal_rim((750, 470), -90, 430, 74)
    keep(rim)
    work.cell(rim, (40, 104, 62), (160, 196, 116), 7)
    work.wire([(750, 465), (750, 80)], 3)
    for step in range(7):
        for side in (-1, 1):
            work.wire([(750, 420 - step * 46), (750 + side * (70 - abs(step - 2.4) * 12), 370 - step * 46)], 2)
    _leaf_coaster(work, (250, 750))
    _ginkgo_coaster(work, (750, 750))
    for x in (250, 750):
        cut.ellipse([(x - 236) * 2, (750 - 236) * 2, (x + 236) * 2, (750 + 236) * 2], fill=255)
    return work.fired(shape)


def _round(work: Enamel, centre: Point, ground: Colour, heart: Colour) -> None:
    work.cell([ray(centre, step * 4, 234) for step in range(90)], ground, heart, 5)
    work.ring(centre, 212, 2)


def _leaf_coaster(work: Enamel, centre: Point) -> None:
    _round(work, centre, (150, 190, 160), (206, 222, 190))
    rim = [
        ray(centre, step * 4, 168 * (1 + 0.06 * math.sin(step * 0.42) + 0.03 * math.sin(step * 0.9)))
        for step in range(90)
    ]
    work.cell(rim, (30, 88, 62), (112, 164, 108), 3)
    for number in range(13):
        work.wire([ray(centre, number * 27.7, 14), ray(centre, number * 27.7, 154)], 2)
    work.ring(centre, 12, 3)


def _ginkgo_coaster(work: Enamel, centre: Point) -> None:
    _round(work, centre, (52, 108, 84), (108, 152, 116))
    root = (centre[0] + 6, centre[1] + 62)
    notch = [1 - 0.2 * math.exp(-((step / 1.4) ** 2)) - 0.03 * (step % 3 == 0) for step in range(-13, 14)]
    rim = [root] + [ray(root, -92 + step * 5.4, 172 * share) for step, share in zip(range(-13, 14), notch, strict=True)]
    work.cell(rim, (204, 164, 62), (246, 226, 150), 3)
    for step in range(-12, 13, 3):
        end = ray(root, -92 + step * 5.3, 140)
        work.wire([bow(root, ray(root, -92 + step * 2.6, 76), end, part / 10) for part in range(11)], 1.5)
    work.wire(
        [bow(root, (root[0] - 4, root[1] + 50), (root[0] - 34, root[1] + 104), part / 10) for part in range(11)], 5
    )
