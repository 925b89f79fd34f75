"""How the peony pieces look."""

from PIL import Image, ImageDraw

from shop.demo.studio.cloth import BLUSH, MIST, PAPER, SAND, STONE, wood, woven
from shop.demo.studio.parts import Rgb, fit, part, recoloured
from shop.demo.studio.shapes import (
    BRASS,
    OAK,
    WALNUT,
    Table,
    barrelled,
    bead,
    bowed,
    box_shape,
    close_up,
    cord_between,
    cut,
    folded,
    framed,
    outline_shape,
    pillow_shape,
    round_shape,
    rounded,
    shape,
    stitched,
)

Pictures = list[Image.Image]


def _piped(thing: Image.Image, colour: Rgb, inset: int = 0) -> Image.Image:
    """A thin cord along the edge of a round or square thing."""
    edge = thing.getchannel("A").point([255 if v > 128 else 0 for v in range(256)])
    inner = Image.new("L", edge.size, 0)
    step = 5 + inset
    inner.paste(edge.resize((edge.width - 2 * step, edge.height - 2 * step)), (step, step))
    ring = edge.copy()
    ring.paste(0, (0, 0), inner)
    thing.paste((*colour, 255), (0, 0), ring)
    return thing


def peony_table_screen() -> Pictures:
    """Deep red in front, cream behind, on a turning stand."""
    red = woven("silk", (246, 238, 222)).copy()
    stitched(red, fit(part("peony-spray"), height=880), (500, 520))
    cream = woven("silk", (238, 228, 208)).copy()
    stitched(cream, fit(recoloured(part("peony-spray"), (16, 0.28, 1.35), (0, 0.8, 1.05)), height=880), (500, 520))
    pictures = []
    for face, tint, turned in ((red, PAPER, False), (cream, STONE, True)):
        panel = framed(face.crop((120, 40, 880, 1000)).resize((380, 480), Image.Resampling.BICUBIC), 24)
        if turned:
            panel = panel.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        table = Table(tint)
        foot = outline_shape(
            340,
            74,
            [(0.16, 0), (0.84, 0), (1, 0.7), (1, 1), (0.9, 1), (0.84, 0.6), (0.16, 0.6), (0.1, 1), (0, 1), (0, 0.7)],
        )
        table.lay(barrelled(cut(wood(WALNUT, 340, 74), foot), 0.7), (400, 690), height=12)
        table.lay(panel, (400, 394), height=16)
        pictures.append(table.image)
    return [pictures[0], close_up(red, (170, 180, 590, 600)), pictures[1]]


def peony_hand_mirror() -> Pictures:
    """The embroidered back, the oiled handle."""
    face = woven("silk", (226, 170, 168), 520, 520).copy()
    stitched(face, fit(part("peony"), width=400), (255, 262), 20)
    mirror = Image.new("RGBA", (420, 780), (0, 0, 0, 0))
    handle = outline_shape(
        64, 380, [(0.3, 0), (0.7, 0), (0.78, 0.3), (1, 0.85), (0.8, 1), (0.2, 1), (0, 0.85), (0.22, 0.3)]
    )
    stick = barrelled(cut(wood(OAK, 380, 64).transpose(Image.Transpose.ROTATE_90), handle), 0.5)
    mirror.paste(stick, (178, 396), stick)
    rim = barrelled(cut(wood(OAK, 420, 420), round_shape(420, 420)), 0.72)
    mirror.paste(rim, (0, 0), rim)
    back = rounded(cut(face.resize((380, 380), Image.Resampling.BICUBIC), round_shape(366, 366)), 40)
    mirror.alpha_composite(_piped(back, (150, 44, 56)), (27, 27))
    table = Table(MIST)
    table.lay(mirror, (400, 400), turn=24, height=14)
    return [table.image, close_up(face, (90, 90, 430, 430))]


def peony_cushion_cover() -> Pictures:
    """Appliqué in reds from brick to rose, on oatmeal."""
    face = woven("linen", (224, 210, 184), 700, 700).copy()
    brick = recoloured(part("peony"), (8, 1.05, 0.94), (0, 0.5, 1.2))
    stitched(face, fit(brick, width=470), (352, 350))
    cushion = _piped(rounded(cut(face, pillow_shape(660, 660)), 110, 1.5), (150, 52, 46))
    table = Table(STONE)
    table.lay(cushion, turn=-4, height=22)
    return [table.image, close_up(face, (150, 150, 550, 550))]


def peony_silk_scarf() -> Pictures:
    """A plain cream scarf, folded, the flower in its corner."""
    face = woven("silk", (246, 234, 222), 800, 800).copy()
    blush = recoloured(part("peony"), (6, 0.34, 1.22), (0, 0.34, 1.3))
    stitched(face, fit(blush, width=290), (400, 570), 30)
    table = Table(SAND)
    plain = woven("silk", (240, 226, 212), 800, 800)
    table.lay(rounded(cut(folded(plain, 3), box_shape(250, 700, 6)), 18), (560, 390), turn=-14, height=8)
    table.lay(
        rounded(cut(folded(face.crop((80, 60, 800, 800)), 4), box_shape(420, 700, 6)), 18),
        (330, 420),
        turn=7,
        height=12,
    )
    return [table.image, close_up(face, (230, 400, 570, 740))]


def _purse_shape(draw: ImageDraw.ImageDraw, k: int) -> None:
    draw.ellipse((10 * k, 70 * k, 510 * k, 490 * k), fill=255)
    draw.polygon([(110 * k, 40 * k), (410 * k, 40 * k), (500 * k, 250 * k), (20 * k, 250 * k)], fill=255)


def seed_stitch_purse() -> Pictures:
    """Coral knots on black, a brass frame."""
    face = woven("satin", (36, 32, 34), 640, 640).copy()
    stitched(face, fit(part("peony-seeded"), width=400), (320, 352))
    bag = rounded(cut(face, shape(520, 500, _purse_shape)), 70, 1.4)
    whole = Image.new("RGBA", (540, 600), (0, 0, 0, 0))
    whole.alpha_composite(bag, (10, 68))
    frame = cord_between(
        540,
        240,
        bowed((104, 220), (110, 120), (180, 112))
        + bowed((180, 112), (270, 104), (360, 112))
        + bowed((360, 112), (430, 120), (436, 220)),
        20,
        BRASS,
    )
    whole.alpha_composite(frame, (0, 6))
    for x in (246, 282):
        whole.alpha_composite(bead(40, BRASS), (x - 14, 76 + (x == 282) * 10))
    table = Table(BLUSH)
    table.lay(whole, (400, 390), turn=-3, height=18)
    return [table.image, close_up(face, (200, 220, 440, 460))]


def seed_stitch_glasses_case() -> Pictures:
    """White knots on slate, a cord at the mouth."""
    face = woven("cotton", (116, 124, 134), 760, 420).copy()
    frost = recoloured(part("peony-seeded"), (18, 0.16, 1.3))
    stitched(face, fit(frost, width=262), (240, 208))
    case = rounded(cut(face, box_shape(700, 320, 110)), 70, 1.4)
    line = Image.new("RGBA", case.size, (0, 0, 0, 0))
    ImageDraw.Draw(line).line((566, 6, 566, 314), fill=(226, 220, 206, 255), width=5)
    case.alpha_composite(line)
    table = Table(PAPER)
    table.lay(
        cord_between(
            150, 120, bowed((4, 20), (90, 10), (70, 70)) + bowed((70, 70), (50, 120), (140, 110)), 5, (226, 220, 206)
        ),
        (690, 470),
        height=4,
    )
    table.lay(case, (380, 400), turn=8, height=20)
    return [table.image, close_up(face, (100, 60, 390, 350))]


def peony_brooch_pair() -> Pictures:
    """Laid gold on red, one larger and one smaller."""
    table = Table(STONE)
    gold = part("peony-gold")
    for width, at, turn in ((400, (290, 330), 0), (280, (580, 560), 50)):
        table.lay(rounded(fit(gold, width=width), 34, 1.5), at, turn=turn, height=14)
    detail = Table(STONE, woven("linen", (206, 200, 190), 800, 800))
    detail.lay(rounded(fit(gold, width=980), 80, 1.3), (420, 420), turn=25, height=20)
    return [table.image, detail.image]
