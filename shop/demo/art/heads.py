"""Single flower heads in other techniques, and the gourd sachet with its flowers."""

# ruff: noqa: PLR0917  a drawing's points come in the order in which one draws

import math

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from shop.demo.art.cord import cord, tassel
from shop.demo.art.flowers import CRIMSON, LEAF, STALK, peony, peony_leaf
from shop.demo.art.thread import Colour, Needlework, Point, Shades, ink, leaf_flow, lit, mix, noise, ray
from shop.demo.dice import dice

CORAL: Shades = ((168, 44, 40), (232, 104, 84), (255, 196, 170))
GOLD: Shades = ((146, 98, 30), (214, 166, 74), (250, 224, 150))
BLOSSOM: Shades = ((250, 226, 206), (246, 196, 190), (226, 120, 138))
SUN: Shades = ((250, 232, 160), (242, 196, 96), (222, 150, 60))
SEA: Shades = ((222, 238, 236), (130, 192, 192), (34, 122, 128))
PETALS = ((11, 1.0, 0.36), (9, 0.78, 0.33), (7, 0.55, 0.27), (5, 0.34, 0.2))


def seeded(work: Needlework, centre: Point, size: float, shades: Shades) -> None:
    """A peony of nothing but knots."""
    rng = work.rng
    for count, reach, width in PETALS:
        for number in range(count):
            degrees = number * 360 / count + reach * 90 + rng.uniform(-6, 6)
            flow = leaf_flow(
                ray(centre, degrees, size * 0.05), ray(centre, degrees, size * reach), size * width, 0, 1.5, 0.5, 0, 0
            )
            rim = [flow(step / 30, -1) for step in range(31)] + [flow(1 - step / 30, 1) for step in range(31)]
            work.shade_under(rim, depth=0.6)
            work.draw.polygon([(x * 2, y * 2) for x, y in rim], fill=ink(lit(shades[0], 0.8)))
            rows = int(size * reach / 7)
            for row in range(rows):
                along = (row + 0.5) / rows
                half = math.dist(flow(along, -1), flow(along, 1)) / 2
                across = max(1, int(half / 3.6))
                tone = mix(shades[0], shades[1], along * 2) if along < 0.5 else mix(*shades[1:], along * 2 - 1)
                for step in range(-across, across + 1):
                    work.knot(flow(along, step / (across + 0.4)), tone, 3.5)
    work.knots(centre, size * 0.07, 40, SUN[1], 4)


def couched(work: Needlework, centre: Point, size: float) -> None:
    """A peony of laid gold thread, each line held down by small red stitches."""
    for count, reach, width in PETALS:
        for number in range(count):
            degrees = number * 360 / count + reach * 90
            root, tip = ray(centre, degrees, size * 0.05), ray(centre, degrees, size * reach)
            rim = [
                leaf_flow(root, tip, size * width, 0, 1.4, 0.55, 0, 0)(step / 24, side)
                for side, steps in ((-1, range(25)), (1, range(24, -1, -1)))
                for step in steps
            ]
            work.shade_under(rim, depth=0.65)
            work.draw.polygon([(x * 2, y * 2) for x, y in rim], fill=(132, 24, 32))
            for line in range(6):
                inner = 1 - line * 0.15
                flow = leaf_flow(
                    root,
                    ray(centre, degrees, size * reach * (0.25 + 0.75 * inner)),
                    size * width * inner,
                    0,
                    1.4,
                    0.55,
                    0,
                    0,
                )
                for side in (-1, 1):
                    for step in range(24):
                        tone = GOLD[2] if step % 3 else GOLD[1]
                        work.stitch(flow(step / 24, side), flow((step + 1) / 24, side), tone, 3.4)
                        if step % 6 == 3:
                            x, y = flow(step / 24, side)
                            work.draw.line((x * 2 - 3, y * 2 - 3, x * 2 + 3, y * 2 + 3), fill=(166, 40, 40), width=2)
    for step in range(int(size * 1.1), 0, -1):
        work.knot(ray(centre, step * 21, size * 0.17 * math.sqrt(step / (size * 1.1))), GOLD[1 + step % 2], 3.2)


def blossom(work: Needlework, centre: Point, size: float, shades: Shades, turn: float = 0, petals: int = 5) -> None:
    """A small open flower."""
    for number in range(petals):
        tip = ray(centre, turn + number * 360 / petals, size)
        work.petal(centre, tip, size * 0.45, shades, fullness=1.25, blunt=0.6, density=1.1)
    work.knots(centre, size * 0.1, max(8, int(size / 4)), SUN[1], max(1.8, size * 0.035))


def sprig(work: Needlework, foot: Point, scale: float) -> None:
    """A twig with five small flowers."""
    x, y = foot
    top = (x + 30 * scale, y - 560 * scale)
    work.stem(foot, (x - 50 * scale, y - 280 * scale), top, STALK, 6 * scale)
    for dx, dy, degrees in ((-10, -110, -150), (-18, -190, -28), (-20, -300, -155), (-10, -380, -20), (8, -470, -150)):
        root = (x + dx * scale, y + dy * scale)
        work.leaf(root, ray(root, degrees, 120 * scale), 22 * scale, LEAF, 10)
    for dx, dy, size in ((28, -560, 84), (-120, -420, 62), (124, -430, 66), (-110, -220, 54), (110, -250, 58)):
        joint = (x - 14 * scale, y + (dy + 90) * scale)
        work.stem(
            joint,
            ((joint[0] + x + dx * scale) / 2, joint[1] - 20 * scale),
            (x + dx * scale, y + dy * scale),
            STALK,
            4 * scale,
        )
        blossom(work, (x + dx * scale, y + dy * scale), size * scale, BLOSSOM, dx)


def flower_heads() -> Image.Image:
    """Sheet of four, 700 × 700 each: peony in satin and in seed stitch, in couched gold, and a twig."""
    work = Needlework(1400, 1400, 31)
    for degrees in (150, 215, 100):
        peony_leaf(work, ray((350, 350), degrees, 190), degrees, 150)
    peony(work, (360, 340), 235, CRIMSON)
    seeded(work, (1050, 350), 300, CORAL)
    couched(work, (350, 1050), 310)
    sprig(work, (1050, 1385), 1.0)
    return work.finished()


def gourd_sachet() -> Image.Image:
    """A red gourd with flowers in five colours, on its cord: 800 × 1,000."""
    size = (1600, 2000)
    bag = Image.new("L", size, 0)
    draw = ImageDraw.Draw(bag)
    draw.ellipse((390, 740, 1210, 1530), fill=255)
    draw.ellipse((520, 360, 1080, 900), fill=255)
    bag = bag.filter(ImageFilter.GaussianBlur(26)).point(lambda value: 255 if value > 128 else 0)
    work = Needlework(800, 1000, 41)
    work.image.paste(_silk(size, (196, 40, 48)), (0, 0), bag)
    work.draw = ImageDraw.Draw(work.image)
    for x0, y0, x1, y1, bend in (
        (400, 600, 280, 500, 18), (400, 600, 520, 505, -18), (400, 640, 270, 705, -18), (400, 640, 535, 700, 18),
        (400, 350, 318, 268, 12), (400, 350, 482, 268, -12),
    ):  # fmt: skip
        work.leaf((x0, y0), (x1, y1), 24, LEAF, bend)
    blossom(work, (400, 600), 112, BLOSSOM, 15, 6)
    for x, y, radius, shades, turn in (
        (278, 528, 62, SEA, 10), (526, 538, 62, SUN, 40), (314, 676, 50, SUN, 70), (492, 678, 50, SEA, 50),
        (400, 342, 74, SUN, 12), (322, 356, 42, BLOSSOM, 12), (478, 356, 42, SEA, 40),
    ):  # fmt: skip
        blossom(work, (x, y), radius, shades, turn)
    work.image.putalpha(ImageChops.multiply(work.image.getchannel("A"), bag))
    _golden_seam(work, bag)
    under = Image.new("RGBA", size, (0, 0, 0, 0))
    below = ImageDraw.Draw(under)
    cord(below, [(800, 0), (800, 400)], 34, (168, 34, 40))
    for x, drop in ((680, 1780), (800, 1880), (920, 1780)):
        cord(below, [(x, 1480), (x, 1570)], 22, (168, 34, 40))
        tassel(below, (x, 1556), drop - 1556, 46, (176, 32, 40), work.rng)
    under.alpha_composite(work.image)
    work.image = under
    return work.finished()


def _golden_seam(work: Needlework, bag: Image.Image) -> None:
    edge = bag.filter(ImageFilter.FIND_EDGES).filter(ImageFilter.MaxFilter(13))
    work.image.paste((198, 152, 66, 255), (0, 0), edge)
    work.draw = ImageDraw.Draw(work.image)
    for turn in range(0, 3600, 12):
        at = _rim_point(bag, turn / 10)
        work.draw.line((at[0] - 5, at[1] - 6, at[0] + 5, at[1] + 6), fill=(250, 226, 150), width=3)
    for row in range(26):
        tone = lit((206, 164, 84), work.rng.uniform(0.8, 1.2))
        work.draw.line((548, 838 + row * 3, 1052, 838 + row * 3), fill=ink(tone), width=3)


def _rim_point(bag: Image.Image, degrees: float) -> Point:
    centre: Point = (800, 940)
    inside, outside = 0.0, 900.0
    while outside - inside > 2:
        middle = (inside + outside) / 2
        x, y = ray(centre, degrees, middle)
        within = 0 <= x < bag.width and 0 <= y < bag.height and bag.getpixel((int(x), int(y)))
        inside, outside = (middle, outside) if within else (inside, middle)
    return ray(centre, degrees, inside)


def _silk(size: tuple[int, int], colour: Colour) -> Image.Image:
    """A round, softly lit silk surface."""
    light = (
        Image.radial_gradient("L").resize((1500, 1900)).transform(size, Image.Transform.AFFINE, (1, 0, 20, 0, 1, -60))
    )
    dark, bright = Image.new("RGB", size, ink(lit(colour, 0.55))), Image.new("RGB", size, ink(lit(colour, 1.12)))
    ground = Image.composite(dark, bright, light.point(lambda value: min(255, int(value * 1.2))))
    grain = noise((size[0] // 2, size[1]), dice(2), 14).resize(size)
    return Image.blend(ground, Image.merge("RGB", [grain] * 3), 0.05)
