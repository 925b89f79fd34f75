"""Cord: drawn with its roundness and twist, laid over and under itself where it crosses. Grey, to be dyed later."""

# ruff: noqa: PLR0917  a drawing's points come in the order in which one draws

import math
import random
from collections.abc import Callable, Sequence
from itertools import pairwise

from PIL import Image, ImageDraw

from shop.demo.art.thread import Colour, Point, ink, lit, ray
from shop.demo.dice import dice

NATURAL: Colour = (150, 150, 150)
_OVER = 2
Line = list[Point]


def cord(draw: ImageDraw.ImageDraw, points: Sequence[Point], width: float, colour: Colour = NATURAL) -> None:
    """A round cord along ``points``: dark at its sides, light towards the upper left, twisted."""
    line = list(points)
    for share, factor, off in (
        (1.0, 0.42, 0),
        (0.88, 0.74, 0),
        (0.66, 1.0, 0.04),
        (0.40, 1.16, 0.09),
        (0.16, 1.36, 0.13),
    ):
        shift = -off * width
        moved = [(x + shift, y + shift) for x, y in line]
        draw.line(moved, fill=ink(lit(colour, factor)), width=max(1, round(width * share)), joint="curve")
    _twist(draw, line, width, colour)


def _twist(draw: ImageDraw.ImageDraw, line: Line, width: float, colour: Colour) -> None:
    step, run = max(5.0, width * 0.24), 0.0
    for start, end in pairwise(line):
        length = math.dist(start, end)
        if not length:
            continue
        angle = math.atan2(end[1] - start[1], end[0] - start[0]) + 0.85
        dx, dy = math.cos(angle) * width * 0.36, math.sin(angle) * width * 0.36
        at = -run % step
        while at < length:
            x = start[0] + (end[0] - start[0]) * at / length
            y = start[1] + (end[1] - start[1]) * at / length
            draw.line((x - dx, y - dy, x + dx, y + dy), fill=ink(lit(colour, 0.7)), width=max(1, round(width / 26)))
            at += step
        run += length


def tied(draw: ImageDraw.ImageDraw, lines: Sequence[Line], width: float, colour: Colour = NATURAL) -> None:
    """Cords that cross, each in turn over and under the other. ``lines`` are densely sampled curves."""
    for line in lines:
        cord(draw, line, width, colour)
    reach = width * 0.95
    for number, at in _overs(lines):
        line = lines[number]
        first = last = at
        while first > 0 and math.dist(line[first], line[at]) < reach:
            first -= 1
        while last < len(line) - 1 and math.dist(line[last], line[at]) < reach:
            last += 1
        cord(draw, line[first : last + 1], width, colour)


def _overs(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """Where each line goes over: every second of the crossings met along it."""
    meetings: list[tuple[tuple[int, int], tuple[int, int]]] = []
    for a, first in enumerate(lines):
        for b in range(a, len(lines)):
            meetings += [((a, i), (b, j)) for i, j in _crossings(first, lines[b], same=a == b)]
    met = sorted([end for meeting in meetings for end in meeting])
    partner = {end: other for pair in meetings for end, other in (pair, pair[::-1])}
    over: dict[tuple[int, int], bool] = {}
    for a in range(len(lines)):
        up = False
        for end in (end for end in met if end[0] == a):
            up = not over[partner[end]] if partner[end] in over else not up
            over.setdefault(end, up)
    return [end for end, up in over.items() if up]


def _crossings(first: Line, second: Line, *, same: bool) -> list[tuple[int, int]]:
    found = []
    for i in range(len(first) - 1):
        p, q = first[i], first[i + 1]
        for j in range(i + 2 if same else 0, len(second) - 1):
            r, s = second[j], second[j + 1]
            if max(r[0], s[0]) < min(p[0], q[0]) or max(p[0], q[0]) < min(r[0], s[0]):
                continue
            if _side(p, q, r) * _side(p, q, s) < 0 and _side(r, s, p) * _side(r, s, q) < 0:
                found.append((i, j))
    return found


def _side(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def curve(formula: Callable[[float], complex], centre: Point, scale: float, steps: int = 420, turns: float = 1) -> Line:
    """A closed curve; up on the picture is up in the formula."""
    values = [formula(step / steps * math.tau * turns) for step in range(steps + 3)]
    return [(centre[0] + value.real * scale, centre[1] - value.imag * scale) for value in values]


def tassel(
    draw: ImageDraw.ImageDraw, top: Point, length: float, width: float, colour: Colour, rng: random.Random
) -> None:
    """A tassel with a bound head."""
    x, y = top
    head = width * 1.15
    for _ in range(int(width * 7)):
        side = rng.uniform(-1, 1)
        sway = width * (0.62 + 0.2 * rng.random())
        tone = lit(colour, (0.72 + 0.5 * rng.random()) * (1.08 - 0.4 * abs(side + 0.25)))
        end = y + length * (1 - 0.02 * abs(side)) + rng.uniform(-6, 6)
        draw.line((x + side * width * 0.4, y + head, x + side * sway * 0.8, y + length * 0.5), fill=ink(tone), width=3)
        draw.line((x + side * sway * 0.8, y + length * 0.5, x + side * sway, end), fill=ink(tone), width=3)
    strips = int(width * 0.5)
    for strip in range(-strips, strips + 1):
        across = strip / strips
        half = head * 0.56 * math.sqrt(max(0, 1 - across * across))
        tone = lit(colour, (1.12 - 0.55 * (across + 0.3) ** 2) * rng.uniform(0.9, 1.06))
        at, middle = x + across * width * 0.5, y + head * 0.5
        draw.line((at, middle - half, at, middle + half), fill=ink(tone), width=2)
    for row in range(int(width * 0.16)):
        tone = lit(colour, 1.25 if row % 3 else 0.8)
        draw.line(
            (x - width * 0.47, y + head * 0.82 + row * 3, x + width * 0.47, y + head * 0.82 + row * 3),
            fill=ink(tone),
            width=2,
        )


def panchang(passes: int, size: int, gap: float) -> Image.Image:
    """The endless knot, standing on its corner. ``passes`` counts the cords each way, ``gap`` is from cord to cord."""
    side = size * _OVER
    lay = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    draw = ImageDraw.Draw(lay)
    count, width = passes * 2, gap * 0.58
    at = [side / 2 + (number - (count - 1) / 2) * gap for number in range(count)]
    low, high = at[0] - gap * 0.75, at[-1] + gap * 0.75

    def ear(x: float, y: float, start: int) -> Line:
        return [ray((x, y), start + step * 5, gap / 2) for step in range(37)]

    for pair in range(0, count, 2):
        middle = (at[pair] + at[pair + 1]) / 2
        for x, y, start in ((middle, low, 180), (middle, high, 0), (low, middle, 90), (high, middle, 270)):
            cord(draw, ear(x, y, start), width)
    for y in at:
        cord(draw, [(low, y), (high, y)], width)
    for x in at:
        cord(draw, [(x, low), (x, high)], width)
    for i, x in enumerate(at):
        for j, y in enumerate(at):
            if (i + j) % 2 == 0:
                cord(draw, [(x - gap * 0.46, y), (x + gap * 0.46, y)], width)
    turned = lay.rotate(45, resample=Image.Resampling.BICUBIC)
    return turned.resize((size, size), Image.Resampling.LANCZOS)


def _loops(inner: int, outer: int, share: float) -> Callable[[float], complex]:
    """A curve with ``inner`` + ``outer`` loops around its middle."""

    def formula(t: float) -> complex:
        return complex(math.cos(inner * t), math.sin(inner * t)) + share * complex(
            math.cos(outer * t), -math.sin(outer * t)
        )

    return formula


def _turned(formula: Callable[[float], complex], spin: complex) -> Callable[[float], complex]:
    return lambda t: formula(t) * spin


def _mat(leads: int, bights: int, depth: float) -> Callable[[float], complex]:
    """A ring plaited from one cord."""

    def formula(t: float) -> complex:
        r = 1 + depth * math.cos(bights * t / leads)
        return complex(r * math.cos(t), r * math.sin(t))

    return formula


def _sheet(width: int, height: int) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGBA", (width * _OVER, height * _OVER), (0, 0, 0, 0))
    return image, ImageDraw.Draw(image)


def _reduced(image: Image.Image) -> Image.Image:
    return image.resize((image.width // _OVER, image.height // _OVER), Image.Resampling.LANCZOS)


def great_panchang() -> Image.Image:
    """Six passes each way."""
    return panchang(6, 1000, 92)


def door_panchang() -> Image.Image:
    """Four passes each way."""
    return panchang(4, 900, 118)


def small_knots() -> Image.Image:
    """Sheet of four, 600 × 600 each: ruyi and double coin above, plafond and cloverleaf below."""
    image, draw = _sheet(1200, 1200)
    heads = []
    for turn in range(4):
        centre = ray((600, 600), turn * 90 - 90, 262)
        spin = complex(math.cos(math.radians(-turn * 90)), math.sin(math.radians(-turn * 90)))
        heads.append(curve(_turned(_loops(1, 2, 1.15), 1j * spin), centre, 138, 260))
    tied(draw, heads, 44)

    def coin(t: float) -> complex:
        return complex(1.24 * math.sin(3 * t + math.pi / 2), 1.0 * math.sin(2 * t))

    tied(draw, [curve(coin, (1800, 600), 370, 520)], 96)
    tied(draw, [curve(_mat(3, 10, 0.4), (600, 1800), 350, 700, 3)], 56)
    tied(draw, [curve(_turned(_loops(1, 2, 1.35), 1j), (1800, 1850), 205, 420)], 74)
    tied(draw, [curve(_turned(_mat(2, 3, 0.5), 1j), (1800, 1850), 120, 420, 2)], 66)
    return _reduced(image)


def more_knots() -> Image.Image:
    """Sheet of four, 600 × 600 each: seven loops and a small pan-chang above, bracelet and frog fastening below."""
    image, draw = _sheet(1200, 1200)
    tied(draw, [curve(_turned(_loops(2, 5, 0.72), 1j), (600, 600), 300, 700)], 50)
    image.paste(panchang(3, 600, 110).resize((1200, 1200)), (1200, 0))

    def strand(phase: float) -> Callable[[float], complex]:
        def formula(t: float) -> complex:
            r = 1 + 0.075 * math.sin(17 * t + phase)
            return complex(r * math.cos(t), r * math.sin(t) * 0.94)

        return formula

    tied(draw, [curve(strand(turn * math.tau / 3), (600, 1800), 430, 900) for turn in range(3)], 34)
    for y in (1800 - 34, 1800 + 34):
        for sign in (-1, 1):
            spiral = [
                ray(
                    (1800 + sign * 400, 1800),
                    (180 if sign > 0 else 0) + (1 if (y < 1800) == (sign > 0) else -1) * step * 9,
                    30 + step * 1.05,
                )
                for step in range(60)
            ]
            cord(draw, spiral, 40)
        cord(draw, [(1800 - 330, y), (1800 + 330, y)], 40)
    tied(draw, [curve(_mat(3, 5, 0.5), (1800, 1800), 78, 420, 3)], 50)
    return _reduced(image)


def tassels() -> Image.Image:
    """Sheet of two, 300 × 700 each: a full tassel and a thin one."""
    rng = dice(5)
    image, draw = _sheet(600, 700)
    cord(draw, [(300, 0), (300, 150)], 40)
    tassel(draw, (300, 120), 1230, 190, NATURAL, rng)
    cord(draw, [(900, 0), (900, 150)], 30)
    tassel(draw, (900, 130), 1200, 90, NATURAL, rng)
    return _reduced(image)
