"""Needlework: stitches laid one by one on a transparent ground, with the sheen silk has and the shade petals throw."""

# ruff: noqa: PLR0917  a drawing's points come in the order in which one draws

import math
import random
from collections.abc import Callable, Sequence
from itertools import pairwise

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from shop.demo.dice import dice

Colour = tuple[float, float, float]
Point = tuple[float, float]
Shades = tuple[Colour, Colour, Colour]

_OVER = 2  # drawn twice as large and reduced, since ImageDraw's lines have hard edges
_LIGHT = math.radians(-60)


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """``a`` with ``share`` of ``b``."""
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share)


def lit(colour: Colour, factor: float) -> Colour:
    """Darker below 1, and above it towards white."""
    if factor <= 1:
        return mix((0, 0, 0), colour, factor)
    return mix(colour, (255, 255, 255), min(1, factor - 1))


def ink(colour: Colour) -> tuple[int, int, int]:
    """Whole numbers within a byte."""
    red, green, blue = (int(max(0, min(255, value))) for value in colour)
    return red, green, blue


def noise(size: tuple[int, int], rng: random.Random, spread: float) -> Image.Image:
    """Grey grain around 128, the same for the same ``rng``."""
    grain = Image.frombytes("L", size, rng.randbytes(size[0] * size[1]))
    return grain.point(lambda value: 128 + (value - 128) * spread / 74)


def bow(start: Point, via: Point, end: Point, t: float) -> Point:
    """A point of the quadratic curve."""
    u = 1 - t
    return (
        u * u * start[0] + 2 * u * t * via[0] + t * t * end[0],
        u * u * start[1] + 2 * u * t * via[1] + t * t * end[1],
    )


def ray(centre: Point, degrees: float, length: float) -> Point:
    """The point ``length`` away from ``centre``; 0 is right, -90 is up."""
    angle = math.radians(degrees)
    return centre[0] + math.cos(angle) * length, centre[1] + math.sin(angle) * length


Flow = Callable[[float, float], Point]
"""Where the thread runs: from 0 at the root to 1 at the tip, and across from -1 to 1."""


class Needlework:
    """A piece of embroidery under way. Lengths in pixels of the finished picture; the seed makes it repeatable."""

    def __init__(self, width: int, height: int, seed: int) -> None:
        self.rng = dice(seed)
        self.image = Image.new("RGBA", (width * _OVER, height * _OVER), (0, 0, 0, 0))
        self.draw = ImageDraw.Draw(self.image)

    def finished(self) -> Image.Image:
        """The piece in its own size."""
        return self.image.resize((self.image.width // _OVER, self.image.height // _OVER), Image.Resampling.LANCZOS)

    def stitch(self, start: Point, end: Point, colour: Colour, width: float = 1.6) -> None:
        """One thread: brighter where it lies across the light, with a dark side and a fine bright ridge."""
        angle = math.atan2(end[1] - start[1], end[0] - start[0])
        sheen = 0.97 + 0.11 * math.sin(angle - _LIGHT) ** 2 + self.rng.uniform(-0.055, 0.055)
        shade = lit(colour, sheen)
        x0, y0, x1, y1 = (value * _OVER for value in (*start, *end))
        thick = max(1, round(width * _OVER))
        self.draw.line((x0 + 1, y0 + 1, x1 + 1, y1 + 1), fill=ink(lit(shade, 0.83)), width=thick)
        self.draw.line((x0, y0, x1, y1), fill=ink(shade), width=thick)
        if self.rng.random() < 0.35:
            mx, my = (x0 + x1) / 2, (y0 + y1) / 2
            ridge = ((x0 + mx) / 2, (y0 + my) / 2 - 1, (x1 + mx) / 2, (y1 + my) / 2 - 1)
            self.draw.line(ridge, fill=ink(lit(shade, 1.22)), width=1)

    def fill(self, flow: Flow, colour: Callable[[float, float], Colour], count: int, length: float = 0.12) -> None:
        """Long and short stitches along ``flow``, laid from the root outwards so that each row covers the last."""
        for number in range(count):
            along = (number / count) ** 0.9
            across = self.rng.uniform(-1, 1)
            reach = length * self.rng.uniform(0.6, 1.3)
            start, end = flow(max(0.0, along - reach / 2), across), flow(min(1.0, along + reach / 2), across)
            self.stitch(start, end, colour(along, across))

    def outline(self, flow: Flow, side: float, colour: Colour, width: float = 1.5, steps: int = 46) -> None:
        """Stem stitch along one edge."""
        points = [flow(step / steps, side) for step in range(steps + 1)]
        for start, end in pairwise(points):
            self.stitch(start, end, colour, width)

    def shade_under(self, shape: Sequence[Point], offset: Point = (0, 3), blur: float = 5, depth: float = 0.5) -> None:
        """The shade a petal throws on what has been stitched before; the bare ground stays clean."""
        mask = Image.new("L", self.image.size, 0)
        moved = [((x + offset[0]) * _OVER, (y + offset[1]) * _OVER) for x, y in shape]
        ImageDraw.Draw(mask).polygon(moved, fill=round(255 * depth))
        box = _around(moved, blur * _OVER * 3, self.image.size)
        soft = mask.crop(box).filter(ImageFilter.GaussianBlur(blur * _OVER))
        part = self.image.crop(box)
        alpha = part.getchannel("A")
        dark = Image.new("RGBA", part.size, (24, 14, 20, 255))
        part.paste(dark, (0, 0), ImageChops.multiply(soft, alpha))
        part.putalpha(alpha)
        self.image.paste(part, box[:2])
        self.draw = ImageDraw.Draw(self.image)

    def petal(
        self,
        root: Point,
        tip: Point,
        width: float,
        shades: Shades,
        *,
        bend: float = 0,
        fullness: float = 0.75,
        ruffle: float = 0,
        blunt: float = 1,
        edge: Colour | None = None,
        density: float = 1,
    ) -> None:
        """A petal from ``root`` to ``tip``, ``width`` being half its breadth. ``fullness`` under 1 puts the belly
        towards the root, ``blunt`` under 1 rounds the tip, ``ruffle`` waves the rim and ``edge`` outlines it.
        """
        flow = leaf_flow(root, tip, width, bend, fullness, blunt, ruffle, self.rng.uniform(0, 6.28))
        rim = [flow(step / 40, -1) for step in range(41)] + [flow(1 - step / 40, 1) for step in range(41)]
        self.shade_under(rim)
        body = [(x * _OVER, y * _OVER) for x, y in rim]
        self.draw.polygon(body, fill=ink(lit(shades[1], 0.86)))

        def colour(along: float, across: float) -> Colour:
            tone = mix(shades[0], shades[1], along * 2) if along < 0.5 else mix(shades[1], shades[2], along * 2 - 1)
            return lit(tone, 1 - 0.16 * abs(across) ** 3)

        length = math.dist(root, tip)
        self.fill(flow, colour, int(density * length * width / 6.5))
        if edge:
            for side in (-1, 1):
                self.outline(flow, side, edge)

    def stem(self, start: Point, via: Point, end: Point, shades: tuple[Colour, Colour], width: float = 7) -> None:
        """A stalk in slanted satin."""
        steps = max(12, int(math.dist(start, end) / 1.6))
        for step in range(steps):
            at, ahead = bow(start, via, end, step / steps), bow(start, via, end, min(1, (step + 1) / steps))
            angle = math.atan2(ahead[1] - at[1], ahead[0] - at[0]) + 0.9
            half = width / 2 * (1 + 0.25 * step / steps)
            dx, dy = math.cos(angle) * half, math.sin(angle) * half
            self.stitch((at[0] - dx, at[1] - dy), (at[0] + dx, at[1] + dy), mix(*shades, self.rng.random()), 1.6)

    def leaf(self, root: Point, tip: Point, width: float, shades: Shades, bend: float = 0) -> None:
        """A leaf in two halves that meet at the vein."""
        flow = leaf_flow(root, tip, width, bend, 0.8, 1, 0, 0)
        rim = [flow(step / 30, -1) for step in range(31)] + [flow(1 - step / 30, 1) for step in range(31)]
        self.shade_under(rim, depth=0.35)
        self.draw.polygon([(x * _OVER, y * _OVER) for x, y in rim], fill=ink(lit(shades[0], 0.85)))
        count = int(math.dist(root, tip) * width / 7)
        for number in range(count):
            along = number / count
            side = self.rng.choice((-1, 1))
            inner = side * self.rng.uniform(0.02, 0.7)
            outer = side * min(1, abs(inner) + 0.4)
            start, end = flow(max(0, along - 0.05), inner), flow(min(1, along + 0.05), outer)
            tone = mix(shades[0], shades[2], abs(outer)) if side < 0 else mix(shades[1], shades[2], abs(outer) * 0.8)
            self.stitch(start, end, tone)
        self.outline(flow, 0, lit(shades[0], 0.75), 1.8)

    def knots(self, centre: Point, spread: float, count: int, colour: Colour, size: float = 3) -> None:
        """Seed stitches: little knots with a light on each."""
        for _ in range(count):
            x, y = self.rng.gauss(centre[0], spread), self.rng.gauss(centre[1], spread)
            self.knot((x, y), colour, size)

    def knot(self, at: Point, colour: Colour, size: float) -> None:
        """One seed stitch."""
        x, y, r = at[0] * _OVER, at[1] * _OVER, size * _OVER
        tone = lit(colour, self.rng.uniform(0.88, 1.08))
        self.draw.ellipse((x - r, y - r + 1, x + r, y + r + 2), fill=ink(lit(tone, 0.55)))
        self.draw.ellipse((x - r * 0.86, y - r * 0.95, x + r * 0.86, y + r * 0.8), fill=ink(tone))
        self.draw.ellipse((x - r * 0.5, y - r * 0.7, x + r * 0.1, y - r * 0.1), fill=ink(lit(tone, 1.45)))


def leaf_flow(
    root: Point, tip: Point, width: float, bend: float, fullness: float, blunt: float, ruffle: float, phase: float
) -> Flow:
    """How thread runs in a petal or leaf."""
    length = math.dist(root, tip) or 1
    nx, ny = -(tip[1] - root[1]) / length, (tip[0] - root[0]) / length
    via = ((root[0] + tip[0]) / 2 + nx * bend, (root[1] + tip[1]) / 2 + ny * bend)

    def flow(along: float, across: float) -> Point:
        wave = 1 + ruffle * math.sin(across * 7 + phase) * along
        x, y = bow(root, via, tip, along * wave)
        belly = max(0.0, math.sin(math.pi * min(1, max(0, along)) ** fullness)) ** blunt
        half = width * belly * (1 + ruffle * math.sin(along * 16 + phase))
        return x + nx * half * across, y + ny * half * across

    return flow


def _around(points: Sequence[Point], margin: float, size: tuple[int, int]) -> tuple[int, int, int, int]:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return (
        max(0, int(min(xs) - margin)),
        max(0, int(min(ys) - margin)),
        min(size[0], int(max(xs) + margin)),
        min(size[1], int(max(ys) + margin)),
    )
