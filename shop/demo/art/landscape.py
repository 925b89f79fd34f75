"""Hills in enamel sand, and the two vases."""

# ruff: noqa: PLR0917  a drawing's points come in the order in which one draws

import math
from collections.abc import Callable, Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from shop.demo.art.enamel import AMBER, IVORY, NAVY, PINK, RED, Enamel, petal_rim
from shop.demo.art.thread import Colour, Point, ink, lit, ray

_OVER = 2


def hills() -> Image.Image:
    """Five ranges from malachite to azurite, a red sun and boats: 1,200 × 1,000, opaque."""
    work = Enamel(1200, 1000, (236, 219, 178), 9)
    rng = work.rng
    _wash(work, (236, 219, 178), (226, 208, 184), 0, 520, None)
    sun = [ray((905, 250), step * 4, 76) for step in range(90)]
    work.cell(sun, (184, 44, 38), (206, 70, 52), 4)
    for x, y, size in ((300, 190, 1.0), (640, 110, 0.8), (1080, 330, 0.8)):
        for turn in (-1, 0, 1):
            work.curl((x + turn * 62 * size, y + abs(turn) * 12 * size), 36 * size, 180, 1, 2.4)
        work.wire([(x - 130 * size, y + 36 * size), (x + 150 * size, y + 36 * size)], 2.4)
    ranges = (
        ((128, 176, 164), (198, 206, 178)), ((64, 142, 138), (154, 190, 170)), ((28, 110, 120), (98, 168, 154)),
        ((16, 78, 106), (44, 136, 138)), ((12, 54, 86), (26, 104, 114)),
    )  # fmt: skip
    for number, (top, foot) in enumerate(ranges):
        ridge = _ridge(370 + number * 112, 150 - number * 16, rng.uniform(0, 6))
        line = [(x, ridge(x)) for x in range(-10, 1216, 5)]
        _wash(work, top, foot, min(y for _, y in line), 400 + number * 112 + 90, line)
        work.wire(line, 3.6)
        for below in (26, 52, 84):
            at = rng.randrange(0, 20)
            strokes = [(x, ridge(x) + below + 9 * math.sin(x * 0.02 + below)) for x in range(0, 1208, 5)]
            while at < len(strokes) - 8:
                run = rng.randrange(8, 24)
                work.wire(strokes[at : at + run], 1.7)
                at += run + rng.randrange(8, 28)
    for row in range(8):
        start, level = rng.uniform(0, 300), 906 + row * 12
        while start < 1200:
            stroke = rng.uniform(40, 140)
            work.wire([(start, level), (min(1200, start + stroke), level)], 1.4)
            start += stroke + rng.uniform(50, 170)
    for x, y in ((250, 850), (292, 822), (930, 806)):
        work.cell([(x - 38, y), (x + 38, y), (x + 25, y + 16), (x - 25, y + 16)], (150, 60, 40), None, 2)
        work.cell([(x, y - 4), (x, y - 50), (x + 30, y - 10)], IVORY, None, 2)
    return work.fired().convert("RGB")


def _ridge(base: float, height: float, phase: float) -> Callable[[float], float]:
    def at(x: float) -> float:
        waves = ((1.1, 0.55), (2.3, 0.33), (4.7, 0.16), (9.1, 0.06))
        return base - height * sum(a * abs(math.sin(x / 1200 * math.pi * f + phase * f)) for f, a in waves) + 40

    return at


def _wash(work: Enamel, top: Colour, foot: Colour, start: float, end: float, line: Sequence[Point] | None) -> None:
    """Colour laid from ``top`` to ``foot``, below ``line`` where one is given."""
    width, height = work.size
    ramp = Image.linear_gradient("L").resize((width, max(2, round((end - start) * _OVER))))
    fade = Image.new("L", work.size, 255)
    fade.paste(ramp, (0, round(start * _OVER)))
    fade.paste(0, (0, 0, width, max(0, round(start * _OVER))))
    colours = Image.composite(Image.new("RGB", work.size, ink(foot)), Image.new("RGB", work.size, ink(top)), fade)
    mask = Image.new("L", work.size, 255 if line is None else 0)
    if line is not None:
        shape = [(x * _OVER, y * _OVER) for x, y in line] + [(width, height), (0, height)]
        ImageDraw.Draw(mask).polygon(shape, fill=255)
    work.image.paste(colours, (0, 0), mask)


Profile = Sequence[tuple[float, float]]
BALUSTER: Profile = (
    (0, 0.36), (0.03, 0.37), (0.07, 0.27), (0.15, 0.22), (0.22, 0.30), (0.32, 0.66), (0.44, 0.84), (0.56, 0.80),
    (0.72, 0.54), (0.86, 0.38), (0.93, 0.37), (0.97, 0.43), (1, 0.44),
)  # fmt: skip
BUD: Profile = (
    (0, 0.24), (0.04, 0.25), (0.10, 0.18), (0.18, 0.17), (0.30, 0.34), (0.46, 0.62), (0.62, 0.74), (0.78, 0.66),
    (0.92, 0.42), (0.97, 0.36), (1, 0.38),
)  # fmt: skip


def baluster_vase() -> Image.Image:
    """An imagined flower six times round a deep blue body: 800 × 1,000."""
    work = Enamel(800, 1000, (22, 62, 128), 12)
    for y in (330, 452, 574, 696, 818):
        for x in range(40, 800, 60):
            work.curl((x + (y // 2) % 30, y - 50), 21, work.rng.uniform(0, 360), work.rng.choice((-1, 1)), 2)
    for x, y, radius, number in (
        (400, 480, 108, 0), (196, 410, 74, 1), (604, 410, 74, 1), (230, 610, 66, 2), (570, 610, 66, 2),
        (400, 690, 70, 1), (400, 318, 52, 2), (300, 800, 44, 0), (500, 800, 44, 0), (400, 190, 40, 1),
    ):  # fmt: skip
        for degrees in range(20, 380, 72):
            work.leaf(ray((x, y), degrees, radius * 0.9), degrees, radius * 0.62)
        pairs = (
            [(RED, PINK), ((214, 96, 92), IVORY), (PINK, IVORY)], [(AMBER, IVORY), (IVORY, (255, 250, 236))],
            [((206, 120, 150), IVORY), (IVORY, (255, 250, 240))],
        )  # fmt: skip
        work.flower((x, y), radius, pairs[number], 9 if radius > 60 else 8, x)
    return _turned(work, BALUSTER, 400, (0.0, 0.055, 0.19, 0.235, 0.88, 0.965))


def bud_vase() -> Image.Image:
    """Petals from dark to light green round a small body: 800 × 1,000."""
    work = Enamel(800, 1000, (20, 92, 96), 13)
    for row, (root, reach, shades) in enumerate(
        (
            (520, 360, ((26, 110, 112), (70, 156, 146))), (700, 420, ((34, 132, 126), (112, 186, 168))),
            (850, 430, ((62, 158, 144), (160, 212, 190))), (985, 400, ((112, 186, 164), (206, 232, 210))),
        )
    ):  # fmt: skip
        for x in range(-60 + (row % 2) * 66, 900, 132):
            work.cell(petal_rim((x, root), -90, reach, 62), *shades, 3)
            for turn in (-9, 0, 9):
                work.wire(
                    [ray((x, root), -90 + turn, reach * 0.18), ray((x, root), -90 + turn * 0.9, reach * 0.72)], 1.8
                )
    return _turned(work, BUD, 330, (0.0, 0.07, 0.2, 0.95))


def _turned(work: Enamel, profile: Profile, breadth: float, bands: Sequence[float]) -> Image.Image:
    """The flat enamel wrapped round a body of this profile, with light from the left and gilded bands."""
    top, foot, middle = 40, 960, 400.0

    def half(share: float) -> float:
        return breadth * _smooth(profile, share)

    work.image = _wrapped(work.image, breadth * 0.86)
    work.draw = ImageDraw.Draw(work.image)
    width = work.size[0]
    light = bytes(
        max(40, min(255, int(255 * (0.22 + 0.86 * math.cos((x / _OVER - middle + 70) / breadth * 1.3)))))
        for x in range(width)
    )
    shade = Image.frombytes("L", (width, 1), light).resize(work.size)
    work.image = ImageChops.multiply(work.image, Image.merge("RGB", [shade] * 3))
    work.draw = ImageDraw.Draw(work.image)
    for share in bands:
        y, reach = top + (foot - top) * share, half(share)
        for down in range(0, 13, 4):
            curve = [
                (middle + reach * math.cos(math.pi * step / 40), y + down + 10 * math.sin(math.pi * step / 40))
                for step in range(41)
            ]
            work.wire(curve, 4)
    sides = [(half(step / 240), top + (foot - top) * step / 240) for step in range(241)]
    mask = Image.new("L", work.size, 0)
    body = ImageDraw.Draw(mask)
    body.polygon(
        [((middle - w) * 2, y * 2) for w, y in sides] + [((middle + w) * 2, y * 2) for w, y in sides[::-1]], fill=255
    )
    for share, y in ((0.0, top), (1.0, foot)):
        reach = half(share)
        body.ellipse([(middle - reach) * 2, (y - 11) * 2, (middle + reach) * 2, (y + 11) * 2], fill=255)
    mouth = half(0) - 10
    work.draw.ellipse(
        [(middle - mouth) * 2, (top - 8) * 2, (middle + mouth) * 2, (top + 8) * 2], fill=ink(lit(NAVY, 0.4))
    )
    gloss = [(0.34, 0.36, 0.41, 0.66), (0.43, 0.09, 0.455, 0.2)]
    return work.fired(mask.filter(ImageFilter.GaussianBlur(1.5)), gloss)


def _smooth(profile: Profile, share: float) -> float:
    """The profile between its points, without corners."""
    last = len(profile) - 1
    at = next((number for number in range(last) if share <= profile[number + 1][0]), last - 1)
    points = [profile[max(0, min(last, at + step))] for step in (-1, 0, 1, 2)]
    (_, p), (a, q), (b, r), (_, s) = points
    u = (share - a) / (b - a)
    slope_in = (r - p) / max(1e-6, points[2][0] - points[0][0]) * (b - a)
    slope_out = (s - q) / max(1e-6, points[3][0] - points[1][0]) * (b - a)
    return (
        (2 * u**3 - 3 * u**2 + 1) * q + (u**3 - 2 * u**2 + u) * slope_in
        + (3 * u**2 - 2 * u**3) * r + (u**3 - u**2) * slope_out
    )  # fmt: skip


def _wrapped(flat: Image.Image, radius: float) -> Image.Image:
    """The picture as a cylinder shows it: narrower towards both sides."""
    width, height = flat.size
    middle, reach, strips = width / 2, radius * _OVER, 64
    mesh = []
    for strip in range(strips):
        left, right = strip * width // strips, (strip + 1) * width // strips
        a, b = (
            middle + 0.86 * reach * math.asin(max(-1.0, min(1.0, (x - middle) / (reach * 1.05)))) for x in (left, right)
        )
        mesh.append(((left, 0, right, height), (a, 0, a, height, b, height, b, 0)))
    return flat.transform(flat.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)
