"""Grounds: woven cloth, wood, and the quiet backdrops things lie on."""

import math
from functools import cache

from PIL import Image, ImageChops, ImageFilter

from shop.demo.dice import dice
from shop.demo.studio.parts import Rgb

SIDE = 800
PAPER: Rgb = (236, 228, 213)
MIST: Rgb = (220, 228, 222)
STONE: Rgb = (222, 220, 216)
SAND: Rgb = (230, 218, 200)
BLUSH: Rgb = (236, 222, 214)


def toned(colour: Rgb, factor: float) -> Rgb:
    """Darker below 1, towards white above."""
    if factor <= 1:
        red, green, blue = (round(v * factor) for v in colour)
    else:
        red, green, blue = (round(v + (255 - v) * min(1.0, factor - 1)) for v in colour)
    return red, green, blue


@cache
def backdrop(tint: Rgb = PAPER) -> Image.Image:
    """An even ground, lit from the upper left."""
    fall = Image.radial_gradient("L").resize((SIDE * 2, SIDE * 2)).crop((500, 560, 500 + SIDE, 560 + SIDE))
    image = Image.composite(
        Image.new("RGB", (SIDE, SIDE), toned(tint, 0.86)), Image.new("RGB", (SIDE, SIDE), toned(tint, 1.16)), fall
    )
    grain = _noise(SIDE, SIDE, 9).point([118 + v * 20 // 255 for v in range(256)])
    return ImageChops.soft_light(image, Image.merge("RGB", [grain] * 3))


@cache
def _noise(width: int, height: int, seed: int) -> Image.Image:
    return Image.frombytes("L", (width, height), dice(seed).randbytes(width * height))


@cache
def _weave(kind: str) -> Image.Image:
    size = (1000, 1000)
    across = _noise(1000, 1, 1).resize(size)
    down = _noise(1, 1000, 2).resize(size)
    threads = Image.blend(across, down, 0.5)
    if kind == "silk":
        soft = Image.blend(_noise(500, 1000, 3).resize(size), down, 0.4)
        return soft.point([118 + v * 22 // 255 for v in range(256)])
    if kind == "satin":
        diagonal = bytes(int(128 + 16 * math.sin((x + y * 2) * 0.9)) for y in range(40) for x in range(40))
        tile = Image.frombytes("L", (40, 40), diagonal)
        return Image.blend(tile.resize(size), across.point([120 + v * 16 // 255 for v in range(256)]), 0.7)
    spread = 74 if kind == "linen" else 44
    grid = bytes(int(128 + 34 * math.sin(x * 1.57) * math.sin(y * 1.57)) for y in range(4) for x in range(4))
    net = Image.new("L", size)
    tile = Image.frombytes("L", (4, 4), grid)
    row = Image.new("L", (1000, 4))
    for x in range(0, 1000, 4):
        row.paste(tile, (x, 0))
    for y in range(0, 1000, 4):
        net.paste(row, (0, y))
    return Image.blend(threads.point([128 - spread // 2 + v * spread // 255 for v in range(256)]), net, 0.45)


@cache
def woven(kind: str, colour: Rgb, width: int = 1000, height: int = 1000) -> Image.Image:
    """Cloth of one colour, up to 1,000 pixels a side. Kinds: silk, satin, cotton, linen."""
    weave = _weave(kind).crop((0, 0, width, height))
    return ImageChops.soft_light(Image.new("RGB", (width, height), colour), Image.merge("RGB", [weave] * 3))


@cache
def wood(colour: Rgb, width: int, height: int) -> Image.Image:
    """A board with its grain from left to right."""
    coarse = _noise(6, max(2, height // 5), 4).resize((width, height), Image.Resampling.BICUBIC)
    fine = _noise(max(2, width // 60), height, 5).resize((width, height), Image.Resampling.BICUBIC)
    grain = Image.blend(coarse, fine, 0.45).filter(ImageFilter.GaussianBlur(0.7))
    grain = grain.point([84 + v * 88 // 255 for v in range(256)])
    return ImageChops.soft_light(Image.new("RGB", (width, height), colour), Image.merge("RGB", [grain] * 3))
