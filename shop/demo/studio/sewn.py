"""How sachets and dyed cloth look."""

import math

from PIL import Image, ImageDraw

from shop.demo.studio.cloth import BLUSH, MIST, PAPER, SAND, STONE, toned, woven
from shop.demo.studio.parts import Rgb, Shades, dyed, fit, part, recoloured
from shop.demo.studio.shapes import (
    Table,
    bowed,
    box_shape,
    close_up,
    cord_between,
    cut,
    folded,
    outline_shape,
    pillow_shape,
    rounded,
    stitched,
)

Pictures = list[Image.Image]
DEEP: Shades = ((16, 30, 66), (58, 84, 138), (236, 238, 236))
MID: Shades = ((34, 62, 118), (92, 128, 180), (240, 242, 240))
NIGHT: Shades = ((12, 20, 44), (38, 58, 104), (226, 230, 232))


def gourd_sachet_mugwort() -> Pictures:
    """A red gourd with small flowers in five colours."""
    table = Table(MIST)
    gourd = part("gourd-sachet")
    table.lay(fit(gourd, height=800), (400, 400), height=16)
    return [table.image, close_up(_on(gourd, (206, 222, 212)), (200, 400, 600, 800))]


def _on(thing: Image.Image, ground: Rgb) -> Image.Image:
    out = Image.new("RGB", (800, 1000), ground)
    out.paste(thing, ((800 - thing.width) // 2, 0), thing)
    return out


def drawer_sachets() -> Pictures:
    """Four pale squares with four plants."""
    table, last = Table(PAPER), woven("silk", (232, 224, 206), 340, 340)
    plants = ((0, 0, 1.0), (150, 0.5, 1.1), (40, 0.9, 1.1), (-80, 0.7, 1.0))
    tints: tuple[Rgb, ...] = ((214, 226, 206), (206, 220, 226), (240, 228, 196), (228, 212, 228))
    for number, (turn, saturation, value) in enumerate(plants):
        face = woven("silk", tints[number], 340, 340).copy()
        plant = recoloured(part("twig"), (turn, saturation, value), ((-20, 16, 0, 40)[number], 0.9, 1.0))
        stitched(face, fit(plant, height=270), (170, 172), (8, -12, 14, -6)[number])
        at = (226 + number % 2 * 350, 232 + number // 2 * 346)
        loop = cord_between(70, 70, bowed((60, 66), (0, 10), (66, 8)), 5, toned(tints[number], 0.7))
        table.lay(loop, (at[0] - 150, at[1] - 152), height=3)
        table.lay(rounded(cut(face, pillow_shape(310, 310)), 60, 1.4), at, turn=(4, -3, -5, 3)[number], height=14)
        last = face if number == 0 else last
    return [table.image, close_up(last, (40, 30, 310, 300))]


def wedding_sachet_pair() -> Pictures:
    """Two red sachets on one cord, lotus and leaf in gold."""
    heart = [
        (
            0.5 + 0.5 * math.sin(t) ** 3,
            (15 - 13 * math.cos(t) + 5 * math.cos(2 * t) + 2 * math.cos(3 * t) + math.cos(4 * t)) / 32,
        )
        for t in (step * math.tau / 120 for step in range(120))
    ]
    table, last = Table(STONE), woven("satin", (178, 30, 38), 360, 380)
    for side in (-1, 1):
        loop = bowed((400, 160), (400 + side * 170, 60), (400 + side * 176, 404))
        table.lay(cord_between(800, 800, loop, 9, (176, 32, 40)), height=5)
    knot = dyed(part("coin"), ((96, 12, 22), (190, 36, 44), (250, 150, 136)))
    table.lay(fit(knot, width=120), (400, 180), height=6)
    for number, (name, width) in enumerate((("lotus", 196), ("peony", 190))):
        face = woven("satin", (178, 30, 38), 360, 380).copy()
        gold = recoloured(part(name), (44, 0.7, 1.35), (-60, 0.8, 1.3))
        stitched(face, fit(gold, width=width), (180, 198))
        bag = rounded(cut(face, outline_shape(330, 350, heart)), 60, 1.5)
        at = (226 + number * 348, 460)
        tail = fit(dyed(part("tassel"), ((96, 12, 22), (184, 34, 42), (246, 140, 128))), height=150)
        table.lay(tail, (at[0] + (15, -15)[number], at[1] + 236), height=7)
        table.lay(bag, at, turn=(5, -5)[number], height=16)
        last = face if number == 0 else last
    return [table.image, close_up(last, (40, 40, 320, 320))]


def herb_eye_pillow() -> Pictures:
    """Lilac flowers at both ends of cream silk."""
    face = woven("silk", (244, 236, 222), 760, 400).copy()
    lilac = fit(recoloured(part("twig"), (-62, 0.85, 1.0), (0, 0.7, 1.1)), height=300)
    stitched(face, lilac, (120, 200), 8)
    stitched(face, lilac.transpose(Image.Transpose.FLIP_LEFT_RIGHT), (640, 200), -8)
    table = Table(BLUSH)
    table.lay(rounded(cut(face, box_shape(700, 330, 60)), 80, 1.5), (400, 400), turn=-6, height=20)
    return [table.image, close_up(face, (0, 50, 300, 350))]


def indigo_sky_shawl() -> Pictures:
    """Rings on indigo; folded over itself."""
    cloth = dyed(part("dye-sky"), DEEP)
    upper = folded(cloth.crop((40, 0, 760, 800)), 4)
    table = Table(SAND)
    table.lay(
        cut(folded(cloth.transpose(Image.Transpose.ROTATE_180), 3), box_shape(520, 700, 3)),
        (450, 380),
        turn=-12,
        height=10,
    )
    table.lay(cut(upper, box_shape(560, 640, 3)), (360, 430), turn=8, height=12)
    return [table.image, close_up(cloth, (100, 100, 700, 700)), cloth]


def indigo_wrapping_cloth() -> Pictures:
    """A grid on mid indigo: flat, and tied round a box."""
    cloth = dyed(part("dye-grid"), MID)
    flat = Table(PAPER)
    flat.lay(cut(cloth, box_shape(560, 560, 3)), (400, 400), turn=45, height=8)
    tied = Table(STONE)
    box = rounded(cut(cloth, box_shape(520, 400, 40)), 60, 1.4)
    tied.lay(box, (400, 500), height=20)
    for side, points in (
        (-1, [(1, 1), (0.55, 0.35), (0.1, 0), (0, 0.3), (0.4, 0.8), (0.8, 1)]), (1, [(0, 1), (0.45, 0.35), (0.9, 0), (1, 0.3), (0.6, 0.8), (0.2, 1)]),
    ):  # fmt: skip
        ear = rounded(cut(cloth.rotate(side * 30), outline_shape(210, 190, points)), 24, 1.4)
        tied.lay(ear, (400 + side * 92, 262), height=8)
    tied.lay(rounded(cut(cloth, box_shape(110, 86, 34)), 26, 1.6), (400, 322), height=8)
    return [flat.image, close_up(cloth, (200, 200, 600, 600)), tied.image]


def indigo_cushion_cover() -> Pictures:
    """Nine butterflies on deep indigo."""
    cloth = dyed(part("dye-butterflies"), NIGHT)
    table = Table(MIST)
    cushion = rounded(cut(cloth.resize((660, 660), Image.Resampling.BICUBIC), pillow_shape(650, 650)), 110, 1.5)
    table.lay(cushion, turn=5, height=22)
    return [table.image, close_up(cloth, (250, 240, 550, 540))]


def indigo_quilted_throw() -> Pictures:
    """A dozen blues, pieced, with rows of white quilting."""
    cloth = Image.new("RGB", (800, 800), (60, 80, 120))
    blues: tuple[Shades, ...] = (
        DEEP,
        MID,
        NIGHT,
        ((70, 100, 150), (150, 178, 210), (244, 246, 244)),
        ((150, 172, 198), (206, 218, 230), (250, 250, 248)),
    )
    sources = [
        dyed(part(name), blues[number])
        for number, name in enumerate(("dye-sky", "dye-grid", "dye-butterflies", "dye-grid", "dye-sky"))
    ]
    for row in range(5):
        for column in range(5):
            number = (row * 3 + column * 2 + row * column) % 5
            left, top = (row * 173 + column * 97) % 560, (row * 61 + column * 139) % 560
            patch = (
                sources[number].crop((left, top, left + 160, top + 160))
                if (row + column) % 3
                else woven("cotton", blues[number][1], 160, 160)
            )
            cloth.paste(patch, (column * 160, row * 160))
    draw = ImageDraw.Draw(cloth)
    for line in range(20, 800, 40):
        for x in range(0, 800, 18):
            draw.line((x, line, x + 10, line), fill=(240, 240, 234), width=2)
    for seam in range(160, 800, 160):
        draw.line((seam, 0, seam, 800), fill=(24, 34, 62), width=2)
        draw.line((0, seam, 800, seam), fill=(24, 34, 62), width=2)
    table = Table(SAND)
    under = rounded(cut(folded(cloth.transpose(Image.Transpose.ROTATE_90), 2), box_shape(600, 560, 18)), 40, 1.3)
    table.lay(under, (430, 420), turn=-7, height=16)
    table.lay(rounded(cut(cloth, box_shape(540, 560, 18)), 40, 1.3), (370, 410), turn=4, height=16)
    return [table.image, close_up(cloth, (160, 160, 560, 560))]
