"""How the lotus pieces look, by day and by night."""

from PIL import Image, ImageDraw

from shop.demo.studio.cloth import BLUSH, MIST, PAPER, SAND, STONE, toned, wood, woven
from shop.demo.studio.parts import Rgb, dyed, fit, part, recoloured
from shop.demo.studio.shapes import (
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
    framed,
    outline_shape,
    rod,
    round_shape,
    rounded,
    stitched,
)

Pictures = list[Image.Image]
IVORY: Rgb = (247, 240, 226)
NAVY: Rgb = (26, 40, 68)


def _hoop(face: Image.Image, diameter: int, colour: Rgb = (206, 160, 100)) -> Image.Image:
    """A face stretched in a bamboo ring."""
    out = Image.new("RGBA", (diameter, diameter), (0, 0, 0, 0))
    out.paste(cut(face, round_shape(diameter - 16, diameter - 16)), (8, 8))
    ring = Image.new("RGBA", (diameter * 2, diameter * 2), (0, 0, 0, 0))
    draw = ImageDraw.Draw(ring)
    for step in range(46):
        tone = 1.28 - abs(step - 16) / 22
        draw.ellipse(
            (step, step, diameter * 2 - 1 - step, diameter * 2 - 1 - step),
            outline=(*toned(colour, max(0.42, tone)), 255),
            width=3,
        )
    out.alpha_composite(ring.reduce(2))
    return out


def lotus_pond_double_sided() -> Pictures:
    """A hoop with the pond; close by; the other side, against the light."""
    face = woven("silk", IVORY).copy()
    stitched(face, fit(part("lotus-pond"), width=690), (500, 505))
    front = Table(PAPER)
    hoop = _hoop(face.resize((760, 760), Image.Resampling.BICUBIC), 700)
    front.lay(hoop, height=16)
    back = Table(STONE)
    thin = Image.blend(face, woven("silk", (255, 250, 236)), 0.28).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    back.lay(_hoop(thin.resize((640, 640), Image.Resampling.BICUBIC), 600), (400, 390), height=26, depth=0.3)
    return [front.image, close_up(face, (330, 190, 730, 590)), back.image]


def lotus_round_fan() -> Pictures:
    """One lotus leaning across a round fan."""
    face = woven("silk", (214, 228, 208), 640, 640).copy()
    pink = recoloured(part("lotus"), (0, 0.8, 1.06))
    stitched(face, fit(part("pad"), width=300), (250, 500), 12)
    stitched(face, fit(pink, width=400), (340, 300), -18)
    stitched(face, fit(part("bud"), height=260), (520, 400), -14)
    fan = Image.new("RGBA", (560, 860), (0, 0, 0, 0))
    handle = barrelled(wood(OAK, 22, 420).convert("RGBA"))
    fan.paste(handle, (269, 430), handle)
    fan.alpha_composite(_hoop(face.resize((560, 560), Image.Resampling.BICUBIC), 540, (190, 148, 92)), (10, 0))
    tail = fit(dyed(part("tassel-thin"), ((90, 30, 48), (196, 104, 120), (246, 196, 196))), height=150)
    fan.alpha_composite(bead(26, (150, 190, 160)), (267, 690 + 20))
    fan.alpha_composite(tail, (280 - tail.width // 2, 708))
    table = Table(SAND)
    table.lay(fit(fan, height=780), (400, 400), turn=-14, height=14)
    return [table.image, close_up(face, (120, 120, 560, 560))]


def lotus_tea_mats() -> Pictures:
    """Four linen mats, the leaf from spring to autumn."""
    seasons = ((0, 1.0, 1.12), (0, 1, 1), (-14, 0.9, 0.98), (-52, 0.9, 0.86))
    table, last = Table(BLUSH), woven("linen", (226, 214, 190), 330, 330)
    for number, leaf in enumerate(seasons):
        mat = woven("linen", (226, 214, 190), 330, 330).copy()
        motif = fit(recoloured(part("pad"), leaves=leaf), width=(190, 256, 246, 230)[number])
        stitched(mat, motif, (165, 168), number * 24 - 20)
        ImageDraw.Draw(mat).rectangle((9, 9, 320, 320), outline=(196, 180, 150), width=2)
        table.lay(
            cut(mat, box_shape(330, 330, 5)),
            (218 + number % 2 * 364, 218 + number // 2 * 364),
            turn=(3, -2, -4, 2)[number],
            height=7,
        )
        last = mat if number == 1 else last
    return [table.image, close_up(last, (40, 40, 300, 300))]


def lotus_bookmarks() -> Pictures:
    """Three strips: morning, noon, dusk."""
    table, faces = Table(MIST), []
    for number, (name, tint, motif_width, at) in enumerate(
        (("bud", (240, 226, 220), 110, 300), ("lotus", (246, 232, 226), 168, 330), ("bud", (230, 206, 206), 120, 330))
    ):
        strip = woven("silk", tint, 190, 600).copy()
        flower = recoloured(part(name), (0, (0.75, 1, 1.15)[number], (1.06, 1, 0.86)[number]))
        if name == "lotus":
            stem = cord_between(190, 600, bowed((95, 380), (104, 480), (84, 570)), 7, (84, 132, 92))
            strip.paste(stem, (0, 0), stem)
        stitched(strip, fit(flower, width=motif_width), (95, at), (4, 0, -16)[number])
        stitched(strip, fit(part("pad"), width=120), (95 + (number - 1) * 14, 530), number * 10)
        tail = cord_between(60, 130, bowed((30, 120), (44, 60), (24, 4)), 5, (178, 70, 84))
        table.lay(tail, (170 + number * 230, 76 + number * 24), height=3)
        table.lay(
            cut(strip, box_shape(190, 600, 4)),
            (170 + number * 230, 410 + number * 24),
            turn=(2, -1, 3)[number],
            height=8,
        )
        faces.append(strip)
    return [table.image, close_up(faces[1], (0, 210, 190, 400))]


def lotus_lampshade() -> Pictures:
    """A ring of pale lotus, lit from inside."""
    face = woven("silk", (250, 238, 214), 700, 520).copy()
    pale = recoloured(part("lotus"), (0, 0.42, 1.12))
    for x, y, width, turn in ((110, 300, 210, 6), (350, 250, 270, -3), (590, 300, 210, -8)):
        stitched(face, fit(recoloured(part("pad"), leaves=(0, 0.5, 1.2)), width=width - 20), (x + 40, y + 150), turn)
        stitched(face, fit(pale, width=width), (x, y), turn)
    body = outline_shape(560, 440, [(0.12, 0), (0.88, 0), (1, 1), (0, 1)])
    shade = barrelled(cut(face.resize((600, 446), Image.Resampling.BICUBIC), body), 0.62, 0.42)
    glow = Image.radial_gradient("L").resize((560, 440)).point([max(0, 150 - v) for v in range(256)])
    warm = Image.new("RGBA", shade.size, (255, 214, 140, 255))
    lit_shade = Image.composite(warm, shade, glow.point([v * 130 // 255 for v in range(256)]))
    lit_shade.putalpha(shade.getchannel("A"))
    draw = ImageDraw.Draw(lit_shade)
    draw.line((66, 2, 494, 2), fill=(146, 104, 60), width=7)
    draw.line((0, 436, 560, 436), fill=(146, 104, 60), width=8)
    table = Table(SAND)
    table.lay(barrelled(wood(WALNUT, 26, 150).convert("RGBA")), (400, 620), height=6)
    table.lay(barrelled(cut(wood(WALNUT, 240, 30), box_shape(240, 30, 14))), (400, 700), height=12)
    table.lay(lit_shade, (400, 340), height=20, depth=0.3)
    return [table.image, close_up(face, (150, 90, 550, 490))]


def night_lotus_panel() -> Pictures:
    """Moonlit blue on navy, framed in walnut."""
    face = woven("silk", NAVY).copy()
    moon = recoloured(part("lotus-pond"), (-146, 0.78, 1.06), (16, 0.7, 0.86))
    stitched(face, fit(moon, width=680), (500, 505))
    table = Table(STONE)
    table.lay(framed(face.resize((600, 600), Image.Resampling.BICUBIC), 42), height=18)
    return [table.image, close_up(face, (310, 190, 750, 630))]


def night_lotus_scroll() -> Pictures:
    """Autumn: seed heads and a curled leaf, grey and silver on ink blue."""
    face = woven("silk", (44, 52, 66), 400, 1000).copy()
    pod = recoloured(part("pod"), (0, 0.25, 1.0), (-20, 0.3, 1.1))
    pad = recoloured(part("pad"), leaves=(-70, 0.28, 0.92))
    stitched(face, fit(pad, width=330), (190, 800), 14)
    stitched(face, fit(pod, height=470), (250, 520), 6)
    stitched(face, fit(pod, height=330), (120, 560), -16)
    stitched(face, fit(recoloured(part("bud"), (-150, 0.1, 0.9), (-40, 0.2, 0.8)), height=250), (300, 250), -20)
    hanging = Image.new("RGBA", (340, 740), (0, 0, 0, 0))
    mount = woven("silk", (206, 198, 182), 300, 700)
    hanging.paste(mount, (20, 20))
    hanging.paste(face.resize((236, 590), Image.Resampling.BICUBIC), (52, 72))
    ImageDraw.Draw(hanging).rectangle((50, 70, 289, 663), outline=(150, 140, 120), width=2)
    for y in (8, 712):
        bar = rod(316, 16)
        hanging.alpha_composite(bar, (0, y - 4))
    table = Table(PAPER)
    table.lay(cord_between(300, 60, [(20, 56), (150, 6), (280, 56)], 4, (120, 96, 70)), (400, 32), height=3)
    table.lay(hanging, (400, 420), height=12)
    return [table.image, close_up(face, (20, 300, 380, 660))]


def night_lotus_clutch() -> Pictures:
    """Dark satin, the lotus rising from one corner."""
    face = woven("satin", (30, 42, 72), 720, 440).copy()
    silver = recoloured(part("lotus"), (-150, 0.3, 1.1), (10, 0.5, 0.9))
    stitched(face, fit(recoloured(part("pad"), leaves=(24, 0.5, 0.8)), width=330), (170, 400), 8)
    stitched(face, fit(silver, width=380), (250, 270), -16)
    bag = rounded(cut(face, box_shape(660, 400, 26)), 46, 1.2)
    fold = Image.new("RGBA", bag.size, (0, 0, 0, 0))
    ImageDraw.Draw(fold).line((6, 60, 654, 60), fill=(8, 12, 26, 120), width=3)
    bag.alpha_composite(fold)
    table = Table(BLUSH)
    table.lay(bag, (400, 410), turn=4, height=18)
    return [table.image, close_up(face, (60, 60, 440, 440))]


def night_lotus_notebook() -> Pictures:
    """One pale lotus low on indigo cotton."""
    face = woven("cotton", (46, 60, 98), 520, 730).copy()
    pale = recoloured(part("lotus"), (-146, 0.4, 1.1))
    stem = cord_between(520, 730, bowed((262, 510), (276, 640), (250, 740)), 9, (112, 142, 140))
    face.paste(stem, (0, 0), stem)
    stitched(face, fit(pale, width=330), (262, 440))
    cover = cut(face, box_shape(500, 710, 10))
    ImageDraw.Draw(cover).rectangle((0, 0, 30, 710), fill=(34, 46, 78))
    table = Table(SAND)
    pages = cut(Image.new("RGB", (500, 710), (244, 238, 224)), box_shape(496, 706, 6))
    table.lay(pages, (412, 412), turn=-5, height=16)
    table.lay(cover, (402, 402), turn=-5, height=3)
    return [table.image, close_up(face, (80, 250, 440, 610))]
