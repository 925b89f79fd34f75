"""Flowers and leaves, each a scene of its own on a transparent ground."""

# ruff: noqa: PLR0917  a drawing's points come in the order in which one draws

import math

from PIL import Image

from shop.demo.art.thread import Colour, Needlework, Point, Shades, bow, lit, mix, ray

ROSE: Shades = ((253, 244, 236), (247, 198, 192), (203, 76, 92))
LEAF: Shades = ((40, 96, 76), (84, 138, 100), (142, 180, 128))
CRIMSON: Shades = ((120, 14, 34), (196, 40, 56), (244, 170, 160))
IVORY: Shades = ((214, 168, 132), (246, 228, 204), (255, 250, 240))
STALK: tuple[Colour, Colour] = ((58, 112, 78), (96, 146, 96))


def lotus(work: Needlework, centre: Point, scale: float, shades: Shades = ROSE) -> None:
    """An open lotus, about 560 × 480 at scale 1, ``centre`` being where its petals meet."""
    edge = lit(shades[2], 0.72)

    def ring(petals: list[tuple[float, float, float, float]], tone: float, lift: float) -> None:
        root = (centre[0], centre[1] + lift * scale)
        for degrees, length, width, bend in petals:
            tip = ray(root, degrees, length * scale)
            darker = (lit(shades[0], tone), lit(shades[1], tone), lit(shades[2], tone))
            work.petal(root, tip, width * scale, darker, bend=bend * scale, edge=edge, fullness=0.78)

    ring([(-90, 290, 76, 0), (-117, 282, 70, 4), (-63, 282, 70, -4)], 0.88, 0)
    ring([(-139, 262, 68, 10), (-41, 262, 68, -10), (-159, 250, 58, 16), (-21, 250, 58, -16)], 0.93, 0)
    ring([(-104, 232, 66, 6), (-76, 232, 66, -6), (-176, 214, 46, 28), (-4, 214, 46, -28)], 0.97, 10)
    ring([(-130, 216, 60, 16), (-50, 216, 60, -16), (-90, 208, 68, 0), (-154, 182, 52, 20), (-26, 182, 52, -20)], 1, 16)


def bud(work: Needlework, root: Point, scale: float, shades: Shades = ROSE, lean: float = 0) -> None:
    """A closed lotus, 150 high at scale 1."""
    for turn, width, tone in ((-13, 34, 0.9), (13, 34, 0.9), (-6, 36, 0.96), (5, 38, 1.0)):
        tip = ray(root, -90 + lean + turn * 0.8, 158 * scale)
        darker = (lit(shades[0], tone), lit(shades[1], tone), lit(shades[2], tone))
        work.petal(root, tip, width * scale, darker, bend=turn * -0.6, edge=lit(shades[2], 0.7), fullness=0.7)


def pad(work: Needlework, centre: Point, radius: float, squash: float = 0.55, shades: Shades = LEAF) -> None:
    """A lotus leaf seen from the side: satin rays, a wavy rim and veins."""
    rng = work.rng
    veins = 13

    def at(angle: float, r: float) -> Point:
        wave = 1 + 0.05 * math.sin(angle * 5 + 1) + 0.03 * math.sin(angle * 9)
        return centre[0] + math.cos(angle) * r * wave, centre[1] + math.sin(angle) * r * squash * wave

    rim = [at(step / 60 * math.tau, radius) for step in range(61)]
    work.shade_under(rim, depth=0.4)
    work.draw.polygon([(x * 2, y * 2) for x, y in rim], fill=(52, 108, 84))
    count = int(radius * radius * squash / 4)
    for number in range(count):
        angle = rng.uniform(0, math.tau)
        reach = math.sqrt(number / count)
        start, end = at(angle, radius * max(0, reach - 0.09)), at(angle, radius * min(1, reach + 0.07))
        fold = 0.90 + 0.13 * math.cos(angle * veins)
        tone = mix(mix(shades[0], shades[1], reach * 1.4), shades[2], max(0, reach - 0.7) * 2.2)
        work.stitch(start, end, lit(tone, fold), 1.7)
    for vein in range(veins):
        angle = (vein + 0.5) * math.tau / veins
        for step in range(16):
            work.stitch(at(angle, radius * step / 17), at(angle, radius * (step + 1) / 17), lit(shades[2], 0.98), 1.5)
    for step in range(120):
        work.stitch(
            at(step / 120 * math.tau, radius), at((step + 1) / 120 * math.tau, radius), lit(shades[0], 0.8), 1.8
        )
    work.knots(centre, radius * 0.02, 12, shades[2], 2.2)


def water(work: Needlework, left: float, right: float, top: float, rows: int = 4) -> None:
    """A few lines of ripples in running stitch."""
    for row in range(rows):
        y = top + row * 13
        x = left + row * 22 + work.rng.uniform(-8, 8)
        while x < right - row * 30:
            for step in range(4):
                a, b = x + step * 4, x + step * 4 + 4
                wave = (4 * math.sin(a * 0.04 + row), 4 * math.sin(b * 0.04 + row))
                work.stitch((a, y + wave[0]), (b, y + wave[1]), (126, 150, 150), 1.6)
            x += 24


def lotus_pond() -> Image.Image:
    """A flower, a bud, two leaves and ripples: 1,000 × 1,000."""
    work = Needlework(1000, 1000, 7)
    work.stem((715, 330), (742, 560), (640, 850), STALK, 6)
    water(work, 230, 760, 850)
    for start, via, end in (((660, 690), (660, 800), (585, 868)), ((315, 720), (350, 800), (430, 868))):
        work.stem(start, via, end, STALK, 7)
    pad(work, (310, 716), 158, 0.5)
    pad(work, (668, 678), 182, 0.54)
    work.stem((500, 520), (512, 700), (488, 872), STALK, 8)
    bud(work, (716, 336), 1.05, lean=6)
    lotus(work, (500, 520), 1.12)
    return work.finished()


def pod(work: Needlework, root: Point, scale: float) -> None:
    """A seed head, its rim turned to us."""
    for degrees in (-128, -112, -100, -90, -80, -68, -52):
        work.petal(root, ray(root, degrees, 150 * scale), 24 * scale, ((86, 96, 60), (132, 138, 84), (168, 164, 108)))
    x, y = root[0], root[1] - 128 * scale
    work.draw.ellipse(
        [(x - 98 * scale) * 2, (y - 38 * scale) * 2, (x + 98 * scale) * 2, (y + 38 * scale) * 2], fill=(150, 146, 92)
    )
    for ring in range(34, 0, -1):
        share = ring / 34
        for step in range(72):
            a, b = (math.tau * turn / 72 for turn in (step, step + 1))
            rx, ry = 98 * scale * share, 38 * scale * share
            start, end = (x + math.cos(a) * rx, y + math.sin(a) * ry), (x + math.cos(b) * rx, y + math.sin(b) * ry)
            work.stitch(start, end, mix((196, 188, 128), (128, 128, 78), share**2), 2.4)
    for degrees, reach in ((0, 0), *((turn * 60 + 30, 0.62) for turn in range(6))):
        seed = math.radians(degrees)
        at = (x + math.cos(seed) * 98 * scale * reach, y + math.sin(seed) * 38 * scale * reach)
        work.knot(at, (84, 78, 46), 10 * scale)
        work.knot((at[0], at[1] - 1), (150, 134, 82), 6.5 * scale)


def lotus_parts() -> Image.Image:
    """Sheet of four, 700 × 700 each: flower and bud above, leaf and seed head below."""
    work = Needlework(1400, 1400, 11)
    lotus(work, (350, 460), 1.12)
    work.stem((1050, 470), (1040, 560), (1062, 670), STALK, 10)
    bud(work, (1050, 478), 2.4, lean=4)
    pad(work, (350, 1050), 300, 0.62)
    work.stem((1050, 1090), (1066, 1230), (1040, 1370), ((96, 98, 62), (134, 130, 84)), 10)
    pod(work, (1050, 1100), 1.5)
    return work.finished()


def peony(work: Needlework, centre: Point, size: float, shades: Shades, heart: Colour = (240, 196, 74)) -> None:
    """A full peony, ``size`` being its radius."""
    rng = work.rng
    for ring, (count, reach, width) in enumerate(((11, 1.0, 0.36), (9, 0.8, 0.34), (8, 0.6, 0.3), (6, 0.4, 0.24))):
        for number in range(count):
            degrees = number * 360 / count + ring * 23 + rng.uniform(-7, 7)
            root = ray(centre, degrees, size * 0.05)
            tip = ray(centre, degrees, size * reach * rng.uniform(0.94, 1.05))
            tone = 0.93 + ring * 0.03
            own: Shades = (lit(shades[0], tone), lit(shades[1], tone), lit(shades[2], tone))
            bend = rng.uniform(-0.07, 0.07) * size
            work.petal(root, tip, size * width, own, bend=bend, fullness=1.5, blunt=0.5, ruffle=0.045, density=0.8)
    for number in range(7):
        degrees = number * 51 + rng.uniform(-9, 9)
        own = (lit(shades[0], 0.9), shades[0], shades[1])
        work.petal(centre, ray(centre, degrees, size * 0.24), size * 0.12, own, fullness=1.2, blunt=0.6, ruffle=0.05)
    work.knots(centre, size * 0.06, 34, heart, size * 0.017)


def peony_leaf(work: Needlework, root: Point, degrees: float, length: float, shades: Shades = LEAF) -> None:
    """Three fingers on one stalk, as peonies have them."""
    for turn, share in ((-34, 0.72), (34, 0.72), (0, 1.0)):
        work.leaf(root, ray(root, degrees + turn, length * share), length * 0.17 * share, shades, turn * 0.3)


def branch(work: Needlework, start: Point, via: Point, end: Point, leaves: int, length: float) -> None:
    """A stalk with leaves on both sides."""
    work.stem(start, via, end, STALK, 8)
    for number in range(leaves):
        at = bow(start, via, end, 0.18 + 0.6 * number / max(1, leaves - 1))
        peony_leaf(work, at, -90 + (62 if number % 2 else -62) + work.rng.uniform(-12, 12), length)


def peony_spray() -> Image.Image:
    """Five peonies, one of them turned aside and one half hidden: 1,000 × 1,000."""
    work = Needlework(1000, 1000, 23)
    branch(work, (500, 950), (470, 700), (330, 360), 5, 130)
    branch(work, (510, 950), (600, 760), (730, 560), 4, 130)
    branch(work, (500, 800), (560, 480), (640, 210), 4, 104)
    work.stem((540, 860), (380, 820), (250, 730), STALK, 6)
    peony_leaf(work, (250, 740), 200, 120)
    peony_leaf(work, (290, 760), 110, 120)
    peony(work, (640, 200), 108, CRIMSON)
    peony(work, (238, 690), 112, CRIMSON)
    peony_leaf(work, (610, 690), 60, 150)
    peony_leaf(work, (440, 560), -10, 130)
    peony_leaf(work, (820, 430), -40, 110)
    peony(work, (730, 560), 168, CRIMSON)
    peony(work, (370, 380), 212, CRIMSON)
    return work.finished()
