"""Things made of a face and a shape, and the table they are laid on."""

import math
from collections.abc import Callable, Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from shop.demo.studio.cloth import PAPER, SIDE, backdrop, toned, wood
from shop.demo.studio.parts import Rgb

Point = tuple[float, float]
WALNUT: Rgb = (98, 66, 44)
OAK: Rgb = (178, 138, 92)
BRASS: Rgb = (198, 158, 82)
Draw = Callable[[ImageDraw.ImageDraw, int], None]


class Table:
    """A picture being laid out, 800 × 800."""

    def __init__(self, tint: Rgb = PAPER, ground: Image.Image | None = None) -> None:
        self.image = (ground or backdrop(tint)).copy()

    def lay(
        self,
        thing: Image.Image,
        centre: Point = (SIDE / 2, SIDE / 2),
        *,
        turn: float = 0,
        height: float = 10,
        depth: float = 0.42,
    ) -> None:
        """Put a thing down with its middle at ``centre``, turned anticlockwise; ``height`` is how far its shadow falls."""
        if turn:
            # Without a rim of nothing a straight edge would come out in steps.
            thing = ImageOps.expand(thing, 2).rotate(turn, Image.Resampling.BILINEAR, expand=True)
        x, y = round(centre[0] - thing.width / 2), round(centre[1] - thing.height / 2)
        if height:
            self._shade(thing.getchannel("A"), x, y, height, depth)
        self.image.paste(thing, (x, y), thing)

    def _shade(self, alpha: Image.Image, x: int, y: int, height: float, depth: float) -> None:
        margin = round(height * 4)
        small = Image.new("L", ((alpha.width + 2 * margin) // 4 + 1, (alpha.height + 2 * margin) // 4 + 1), 0)
        small.paste(alpha.reduce(4), (margin // 4, margin // 4))
        small = small.filter(ImageFilter.GaussianBlur(max(0.8, height / 4))).point(
            [round(v * depth) for v in range(256)]
        )
        soft = small.resize((small.width * 4, small.height * 4), Image.Resampling.BILINEAR)
        at = (x - margin + round(height * 0.7), y - margin + round(height))
        self.image.paste((38, 28, 22), (at[0], at[1], at[0] + soft.width, at[1] + soft.height), soft)


def shape(width: int, height: int, draw: Draw) -> Image.Image:
    """A mask with smooth edges; ``draw`` gets a canvas and the factor it is larger by."""
    mask = Image.new("L", (width * 2, height * 2), 0)
    draw(ImageDraw.Draw(mask), 2)
    return mask.reduce(2)


def round_shape(width: int, height: int) -> Image.Image:
    """An ellipse that fills its box."""
    return shape(width, height, lambda d, k: d.ellipse((1, 1, width * k - 2, height * k - 2), fill=255))


def box_shape(width: int, height: int, radius: int = 0) -> Image.Image:
    """A rectangle with round corners."""
    return shape(
        width, height, lambda d, k: d.rounded_rectangle((0, 0, width * k - 1, height * k - 1), radius * k, fill=255)
    )


def outline_shape(width: int, height: int, points: Sequence[Point], soften: float = 0) -> Image.Image:
    """A polygon, its points given as shares of the box; ``soften`` rounds its corners, in pixels."""
    mask = Image.new("L", (width * 2, height * 2), 0)
    ImageDraw.Draw(mask).polygon([(x * width * 2, y * height * 2) for x, y in points], fill=255)
    if soften:
        mask = mask.filter(ImageFilter.GaussianBlur(soften)).point(
            [max(0, min(255, (v - 112) * 8)) for v in range(256)]
        )
    return mask.reduce(2)


def pillow_shape(width: int, height: int, pinch: float = 0.045) -> Image.Image:
    """A filled square: pointed corners, sides drawn in a little."""
    points: list[Point] = []
    for side in range(4):
        for step in range(24):
            t = step / 24
            inward = pinch * math.sin(math.pi * t) ** 0.8
            points.append([(t, inward), (1 - inward, t), (1 - t, 1 - inward), (inward, 1 - t)][side])
    return outline_shape(width, height, points)


def cut(face: Image.Image, mask: Image.Image) -> Image.Image:
    """The face in this shape; a larger face is cut around its middle."""
    left, top = (face.width - mask.width) // 2, (face.height - mask.height) // 2
    out = face.crop((left, top, left + mask.width, top + mask.height)).convert("RGBA")
    out.putalpha(ImageChops.multiply(mask, out.getchannel("A")) if face.mode == "RGBA" else mask)
    return out


def rounded(thing: Image.Image, radius: float, strength: float = 1.0) -> Image.Image:
    """The thing with body: light on the side towards the lamp, shade on the other."""
    alpha = thing.getchannel("A")
    small = Image.new("L", (alpha.width // 4 + 24, alpha.height // 4 + 24), 0)
    small.paste(alpha.reduce(4), (12, 12))
    swollen = small.filter(ImageFilter.GaussianBlur(radius / 4))
    step = max(1, round(radius / 9))
    slope = ImageChops.subtract(
        ImageChops.offset(swollen, -step, -step),
        ImageChops.offset(swollen, step, step),
        scale=1.6 / strength,
        offset=128,
    )
    slope = slope.crop((12, 12, 12 + alpha.width // 4 + 1, 12 + alpha.height // 4 + 1))
    light = slope.resize(alpha.size, Image.Resampling.BICUBIC)
    out = ImageChops.soft_light(thing.convert("RGB"), Image.merge("RGB", [light] * 3)).convert("RGBA")
    out.putalpha(alpha)
    return out


def barrelled(thing: Image.Image, edge: float = 0.5, peak: float = 0.36) -> Image.Image:
    """The thing as a standing cylinder: darker to both sides, brightest at ``peak`` of its width."""
    line = bytes(
        round(255 * (edge + (1 - edge) * max(0.0, math.cos((x / thing.width - peak) * 2.15)) ** 0.8))
        for x in range(thing.width)
    )
    shade = Image.frombytes("L", (thing.width, 1), line).resize(thing.size)
    out = ImageChops.multiply(thing.convert("RGB"), Image.merge("RGB", [shade] * 3)).convert("RGBA")
    out.putalpha(thing.getchannel("A"))
    return out


def folded(cloth: Image.Image, count: int) -> Image.Image:
    """Light and shade of ``count`` soft folds running down."""
    line = bytes(128 + round(40 * (((x * count / cloth.width) % 1) - 0.5)) for x in range(cloth.width))
    light = Image.frombytes("L", (cloth.width, 1), line).resize(cloth.size)
    return ImageChops.soft_light(cloth, Image.merge("RGB", [light] * 3))


def stitched(ground: Image.Image, motif: Image.Image, centre: Point, turn: float = 0) -> None:
    """Lay a motif on cloth, as thread that stands up a little."""
    if turn:
        motif = motif.rotate(turn, Image.Resampling.BICUBIC, expand=True)
    x, y = round(centre[0] - motif.width / 2), round(centre[1] - motif.height / 2)
    alpha = motif.getchannel("A")
    shade = alpha.point([v * 70 // 255 for v in range(256)])
    ground.paste((20, 14, 12), (x + 3, y + 4, x + 3 + motif.width, y + 4 + motif.height), shade)
    ground.paste(motif, (x, y), motif)


def framed(face: Image.Image, border: int, colour: Rgb = WALNUT, slip: Rgb | None = BRASS) -> Image.Image:
    """A picture in a wooden frame with a thin inner line."""
    width, height = face.width + 2 * border, face.height + 2 * border
    out = wood(colour, width, height).copy()
    sides = Image.new("L", (width, height), 128)
    draw = ImageDraw.Draw(sides)
    b = border
    for points, value in (
        ([(0, 0), (width, 0), (width - b, b), (b, b)], 168), ([(0, 0), (b, b), (b, height - b), (0, height)], 148),
        ([(0, height), (b, height - b), (width - b, height - b), (width, height)], 70),
        ([(width, 0), (width, height), (width - b, height - b), (width - b, b)], 92),
    ):  # fmt: skip
        draw.polygon(points, fill=value)
    out = ImageChops.soft_light(out, Image.merge("RGB", [sides] * 3))
    out.paste(face, (b, b))
    line = ImageDraw.Draw(out)
    for inset, tone in ((0, 0.35), (1, 0.6), (2, 0.8)):
        box = (b + inset, b + inset, width - b - 1 - inset, height - b - 1 - inset)
        line.line((box[0], box[3], box[0], box[1], box[2], box[1]), fill=toned(colour, tone))
    if slip:
        line.rectangle((b - 3, b - 3, width - b + 2, height - b + 2), outline=slip, width=2)
    return out.convert("RGBA")


def bead(diameter: int, colour: Rgb, *, glass: bool = True) -> Image.Image:
    """A round bead with its light."""
    out = Image.new("RGBA", (diameter * 2, diameter * 2), (0, 0, 0, 0))
    draw = ImageDraw.Draw(out)
    for step in range(diameter, 0, -1):
        share = step / diameter
        tone = toned(colour, 0.45 + 0.75 * (1 - share) ** 0.7)
        shift = (1 - share) * diameter * 0.28
        box = (diameter - step - shift, diameter - step - shift, diameter + step - shift, diameter + step - shift)
        draw.ellipse(box, fill=(*tone, 255))
    if glass:
        d = diameter
        draw.ellipse((d * 0.55, d * 0.4, d * 0.9, d * 0.65), fill=(*toned(colour, 1.85), 255))
    return out.reduce(2)


def rod(length: int, thickness: int, colour: Rgb = WALNUT, *, knobs: bool = True) -> Image.Image:
    """A turned rod, lying across."""
    board = wood(colour, length, thickness).convert("RGBA")
    line = bytes(round(255 * max(0.35, math.cos((y / thickness - 0.34) * 2.3))) for y in range(thickness))
    shade = Image.frombytes("L", (1, thickness), line).resize((length, thickness))
    out = ImageChops.multiply(board.convert("RGB"), Image.merge("RGB", [shade] * 3)).convert("RGBA")
    if not knobs:
        return out
    knob = bead(round(thickness * 1.5), colour, glass=False)
    whole = Image.new("RGBA", (length + knob.width, knob.height), (0, 0, 0, 0))
    whole.paste(out, (knob.width // 2, (knob.height - thickness) // 2))
    whole.alpha_composite(knob, (0, 0))
    whole.alpha_composite(knob, (length, 0))
    return whole


def cord_between(width: int, height: int, points: Sequence[Point], thickness: float, colour: Rgb) -> Image.Image:
    """A thin cord along points given in pixels, on a transparent sheet."""
    out = Image.new("RGBA", (width * 2, height * 2), (0, 0, 0, 0))
    draw = ImageDraw.Draw(out)
    line = [(x * 2, y * 2) for x, y in points]
    for share, tone, shift in ((1.0, 0.5, 0.0), (0.8, 0.85, 0.0), (0.5, 1.06, 0.1), (0.2, 1.4, 0.18)):
        off = shift * thickness * 2
        draw.line(
            [(x - off, y - off) for x, y in line],
            fill=(*toned(colour, tone), 255),
            width=max(1, round(thickness * 2 * share)),
            joint="curve",
        )
    return out.reduce(2)


def bowed(start: Point, via: Point, end: Point, steps: int = 40) -> list[Point]:
    """Points of a quadratic curve."""
    found = []
    for step in range(steps + 1):
        t = step / steps
        u = 1 - t
        found.append(
            (
                u * u * start[0] + 2 * u * t * via[0] + t * t * end[0],
                u * u * start[1] + 2 * u * t * via[1] + t * t * end[1],
            )
        )
    return found


def close_up(face: Image.Image, box: tuple[int, int, int, int]) -> Image.Image:
    """A part of a face, as large as the picture."""
    return face.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BICUBIC, box)
