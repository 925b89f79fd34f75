"""How the cloisonné pieces look."""

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from shop.demo.studio.cloth import BLUSH, MIST, PAPER, SAND, STONE, toned, wood, woven
from shop.demo.studio.parts import Rgb, fit, part, recoloured
from shop.demo.studio.shapes import (
    BRASS,
    WALNUT,
    Point,
    Table,
    barrelled,
    bowed,
    box_shape,
    close_up,
    cord_between,
    cut,
    framed,
    outline_shape,
    round_shape,
    rounded,
)

Pictures = list[Image.Image]


def _near(thing: Image.Image, width: int, at: Point, tint: Rgb = PAPER, turn: float = 0) -> Image.Image:
    table = Table(tint)
    table.lay(fit(thing, width=width), at, turn=turn, height=24)
    return table.image


def _toned_hills(petals: tuple[int, float, float], leaves: tuple[int, float, float]) -> Image.Image:
    return recoloured(part("hills"), petals, leaves)


def _floor(table: Table, y: int, tint: Rgb) -> None:
    """A shelf to stand on, its edge at ``y``."""
    soft = Image.linear_gradient("L").resize((800, 800 - y)).point([150 - v // 3 for v in range(256)])
    table.image.paste(toned(tint, 0.9), (0, y, 800, 800), soft)


def _standing(thing: Image.Image, at: Point, table: Table) -> None:
    """A thing that stands: its shade lies on the floor to its right."""
    shade = Image.new("L", (thing.width * 2, 120), 0)
    ImageDraw.Draw(shade).ellipse((20, 36, round(thing.width * 1.5), 92), fill=120)
    soft = shade.filter(ImageFilter.GaussianBlur(16))
    x, y = round(at[0] - thing.width / 2), round(at[1] - thing.height)
    table.image.paste((40, 30, 24), (x, round(at[1]) - 66, x + soft.width, round(at[1]) - 66 + 120), soft)
    table.image.paste(thing, (x, y), thing)


def lotus_scroll_plate() -> Pictures:
    """Red flowers and gold on turquoise."""
    plate = part("lotus-plate")
    table = Table(PAPER)
    table.lay(fit(plate, width=700), height=22)
    tilted = Table(STONE)
    tilted.lay(
        fit(plate, width=560).resize((560, 500), Image.Resampling.BICUBIC), (400, 400), turn=20, height=30, depth=0.34
    )
    return [table.image, _near(plate, 1500, (420, 880)), tilted.image]


def small_trinket_dish() -> Pictures:
    """Five blue flowers on ivory, two sizes."""
    dish = part("blue-dish")
    table = Table(SAND)
    table.lay(fit(dish, width=470), (300, 310), height=20)
    table.lay(fit(dish, width=330), (580, 580), turn=40, height=18)
    return [table.image, _near(dish, 1180, (560, 560), SAND)]


def tea_coasters_pair() -> Pictures:
    """Lotus leaf and ginkgo."""
    table = Table(MIST, wood((186, 150, 108), 800, 800))
    for name, at in (("coaster-leaf", (280, 290)), ("coaster-ginkgo", (530, 530))):
        table.lay(fit(part(name), width=390), at, turn=8, height=12)
    return [table.image, _near(part("coaster-ginkgo"), 860, (430, 440), MIST)]


def blue_green_hills_panel() -> Pictures:
    """Five ranges, a red sun, a walnut frame."""
    face = part("hills").crop((160, 0, 1160, 1000))
    table = Table(PAPER)
    table.lay(framed(face.resize((600, 600), Image.Resampling.BICUBIC), 46), height=20)
    return [table.image, close_up(part("hills"), (680, 120, 1180, 620)), close_up(part("hills"), (160, 620, 540, 1000))]


def mountain_dawn_triptych() -> Pictures:
    """Pink sky, cold hills, one ridge over three panels."""
    face = _toned_hills((-26, 0.62, 1.0), (36, 0.42, 1.04))
    table = Table(STONE)
    for number in range(3):
        piece = face.crop((number * 400, 90, number * 400 + 390, 990)).resize((204, 470), Image.Resampling.BICUBIC)
        table.lay(framed(piece, 13, (70, 60, 56), None), (150 + number * 250, 400), height=14)
    return [table.image, close_up(face, (650, 90, 1190, 630))]


def misty_river_panel() -> Pictures:
    """Grey mist, ink and pale green; mostly water."""
    face = _toned_hills((10, 0.16, 1.03), (-28, 0.3, 1.06)).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    river = face.crop((0, 330, 1200, 930)).resize((660, 330), Image.Resampling.BICUBIC)
    mist = Image.linear_gradient("L").resize((660, 330)).point([max(0, 130 - v) for v in range(256)])
    river.paste((232, 232, 224), (0, 0), mist)
    reeds = ImageDraw.Draw(river)
    for number in range(17):
        x = 40 + number * 9 + number % 3 * 4
        reeds.line(
            bowed((x, 330), (x + 4, 260), (x + 22 - number % 5 * 8, 190 + number % 4 * 22), 10),
            fill=(206, 168, 84),
            width=2,
        )
    table = Table(PAPER)
    table.lay(framed(river, 30, (54, 42, 36)), height=18)
    return [table.image, close_up(river, (0, 60, 270, 330))]


def hills_pen_tray() -> Pictures:
    """A walnut tray with a strip of hills let in."""
    tray = cut(wood((122, 84, 56), 720, 270), box_shape(700, 262, 18)).copy()
    groove = ImageDraw.Draw(tray)
    for y in (70, 150):
        groove.rounded_rectangle((300, y, 660, y + 52), 26, fill=(84, 56, 38), outline=(150, 108, 76), width=2)
        groove.line((320, y + 46, 640, y + 46), fill=(146, 104, 72), width=3)
    strip = part("hills").crop((420, 60, 1080, 660)).resize((230, 206), Image.Resampling.BICUBIC)
    tray.paste(strip, (30, 28))
    groove.rectangle((28, 26, 261, 235), outline=BRASS, width=3)
    table = Table(SAND)
    table.lay(rounded(tray, 26, 0.7), (400, 400), turn=9, height=16)
    pen = barrelled(cut(wood((60, 44, 36), 20, 330), box_shape(18, 330, 8)))
    table.lay(pen.rotate(90, expand=True), (498, 352), turn=9, height=5)
    return [table.image, close_up(part("hills"), (420, 60, 1080, 720))]


def _vase(name: str, tint: Rgb, image: Image.Image | None = None, height: int = 620) -> Image.Image:
    table = Table(tint)
    _floor(table, 590, tint)
    _standing(fit(image or part(name), height=height), (400, 710), table)
    return table.image


def lotus_bud_vase() -> Pictures:
    """Four greens, from dark to light."""
    return [_vase("bud-vase", BLUSH, height=560), _near(part("bud-vase"), 980, (420, 380), BLUSH)]


def baluster_vase() -> Pictures:
    """Deep blue with gold scrolls, on a wooden base."""
    table = Table(PAPER)
    _floor(table, 590, PAPER)
    base = barrelled(
        cut(
            wood(WALNUT, 300, 46),
            outline_shape(300, 46, [(0.06, 0), (0.94, 0), (1, 0.5), (0.96, 1), (0.04, 1), (0, 0.5)], 4),
        )
    )
    _standing(base, (400, 740), table)
    vase = fit(part("baluster-vase"), height=610)
    table.image.paste(vase, (400 - vase.width // 2, 98), vase)
    return [table.image, _near(part("baluster-vase"), 1300, (400, 560))]


def small_vase_pair() -> Pictures:
    """The same drawing on red and on ivory."""
    red = recoloured(part("baluster-vase"), (0, 0.8, 1.12), (138, 0.92, 1.08))
    ivory = recoloured(part("baluster-vase"), (0, 1.0, 1.0), (-186, 0.2, 2.0))
    table = Table(STONE)
    _floor(table, 590, STONE)
    for vase, x in ((red, 240), (ivory, 560)):
        _standing(fit(vase, height=400), (x, 690), table)
    return [table.image, _near(red, 1150, (400, 470), STONE)]


def incense_box() -> Pictures:
    """White plum on dark green, lid and box."""
    ground = ImageChops.soft_light(part("plum-ground").convert("RGB"), Image.new("RGB", (900, 700), (128, 128, 128)))
    ground = ImageChops.add(ground, Image.new("RGB", (900, 700), (6, 40, 28)))
    lid = rounded(cut(Image.new("RGB", (440, 440), BRASS), round_shape(440, 440)), 26, 1.3)
    lid.alpha_composite(rounded(cut(ground.crop((100, 20, 760, 680)), round_shape(420, 420)), 60, 1.2), (10, 10))
    table = Table(SAND)
    under = cut(Image.new("RGB", (440, 440), (150, 92, 58)), round_shape(420, 420))
    ImageDraw.Draw(under).ellipse((4, 4, 415, 415), outline=(30, 66, 52), width=20)
    table.lay(rounded(under, 50, 1.2), (540, 520), height=16)
    table.lay(lid, (310, 320), height=24)
    return [table.image, close_up(ground, (180, 120, 560, 500))]


def _pendant(hue: int, saturation: float, value: float) -> Image.Image:
    petal = recoloured(part("petal"), (0, 1, 1), (hue, saturation, value))
    table = Table(BLUSH)
    loop = bowed((400, 400), (110, 160), (280, -20)) + bowed((520, -20), (690, 160), (400, 400))
    table.lay(cord_between(800, 800, loop[:41], 7, (96, 60, 52)), height=4)
    table.lay(cord_between(800, 800, loop[41:], 7, (96, 60, 52)), height=4)
    table.lay(rounded(fit(petal, height=330), 30, 1.2), (400, 560), height=12)
    return table.image


def petal_pendant() -> Pictures:
    """Teal; amber; close by."""
    near = Table(BLUSH)
    near.lay(rounded(fit(part("petal"), height=900), 60, 1.1), (400, 480), turn=28, height=26)
    return [_pendant(0, 1, 1), _pendant(-146, 1.2, 1.5), near.image]


def leaf_earrings() -> Pictures:
    """Two leaves, one green and one turning."""
    amber = recoloured(part("leaf"), (0, 1, 1), (-78, 1.15, 1.4))
    table = Table(MIST)
    for leaf, x, turn in ((part("leaf"), 270, 6), (amber, 530, -8)):
        hook = bowed((60, 200), (20, 60), (70, 30)) + bowed((70, 30), (120, 20), (112, 110))
        table.lay(cord_between(140, 210, hook, 5, (200, 202, 206)), (x + 20, 170), height=4)
        table.lay(rounded(fit(leaf, height=400), 30, 1.2), (x, 470), turn=turn, height=12)
    return [table.image, _near(part("leaf"), 380, (400, 420), MIST, 32)]


def tea_caddy() -> Pictures:
    """Black with small plum flowers."""
    ground = part("plum-ground").convert("RGB")
    body = cut(
        ground.crop((90, 60, 690, 620)).resize((400, 373), Image.Resampling.BICUBIC),
        outline_shape(400, 370, [(0, 0), (1, 0), (1, 0.94), (0.9, 1), (0.1, 1), (0, 0.94)], 10),
    )
    caddy = Image.new("RGBA", (400, 520), (0, 0, 0, 0))
    caddy.alpha_composite(body, (0, 150))
    lid = cut(ground.crop((300, 300, 760, 480)), box_shape(400, 110, 26))
    caddy.alpha_composite(lid, (0, 44))
    draw = ImageDraw.Draw(caddy)
    for y in (146, 510, 50):
        draw.rounded_rectangle((2, y - 5, 397, y + 5), 5, fill=BRASS)
    draw.ellipse((166, 4, 234, 52), fill=toned(BRASS, 0.9))
    table = Table(PAPER)
    _floor(table, 580, PAPER)
    _standing(barrelled(caddy, 0.5, 0.34), (400, 690), table)
    return [table.image, close_up(ground, (60, 60, 400, 400))]


def enamel_pocket_mirror() -> Pictures:
    """A moon and two hills on a lid in brass."""
    night = _toned_hills((-6, 0.22, 1.06), (20, 0.8, 0.92)).crop((640, 60, 1180, 600))
    lid = Image.new("RGBA", (460, 460), (0, 0, 0, 0))
    rim = rounded(cut(Image.new("RGB", (460, 460), BRASS), round_shape(460, 460)), 26, 1.4)
    lid.alpha_composite(rim)
    face = cut(night.resize((404, 404), Image.Resampling.BICUBIC), round_shape(404, 404))
    lid.alpha_composite(face, (28, 28))
    table = Table(SAND, woven("cotton", (58, 78, 122), 800, 800))
    table.lay(lid, (400, 410), height=18)
    ImageDraw.Draw(table.image).rounded_rectangle((374, 164, 426, 190), 8, fill=toned(BRASS, 0.85))
    return [table.image, close_up(night, (0, 0, 540, 540))]
