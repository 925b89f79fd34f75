"""Tie-dye: how far the dye got, from 0 (all of it) to 255 (none). Grey, so that any indigo can be chosen later."""

import math
from collections.abc import Callable

from PIL import Image, ImageFilter

from shop.demo.dice import dice

SIZE = 800
Resist = Callable[[float, float, float, float], float]
"""From place and two noises (all about -1 to 1) to what the thread kept white, 0 to 1."""


def _noise(cells: int, seed: int) -> bytes:
    """Soft clouds."""
    raw = dice(seed).randbytes(cells * cells)
    small = Image.frombytes("L", (cells, cells), raw).filter(ImageFilter.GaussianBlur(0.6))
    return small.resize((SIZE, SIZE), Image.Resampling.BICUBIC).tobytes()


def dyed(resist: Resist) -> Image.Image:
    """The cloth: resist, the dye's creeping, weave."""
    slow, quick, fine = _noise(14, 1), _noise(150, 2), _noise(400, 3)
    out = bytearray(SIZE * SIZE)
    for y in range(SIZE):
        v = (y / SIZE - 0.5) * 2
        row = y * SIZE
        weave_y = math.sin(y * 1.9)
        for x in range(SIZE):
            at = row + x
            n, m, f = slow[at] / 128 - 1, quick[at] / 128 - 1, fine[at] / 128 - 1
            white = resist((x / SIZE - 0.5) * 2, v, n, m)
            white = min(1.0, max(0.0, white + m * 0.10 + f * 0.05))
            white = white * white * (3 - 2 * white)
            value = 22 + white * 208 + (math.sin(x * 1.9) + weave_y) * 4 + f * 9
            out[at] = int(max(0, min(255, value)))
    return Image.frombytes("L", (SIZE, SIZE), bytes(out))


def _rings(r: float, angle: float, pitch: float, pleats: int, m: float) -> float:
    wobble = r * (1 + 0.05 * math.cos(angle * pleats) + 0.02 * math.cos(angle * pleats * 2 + 1))
    pleat = 0.62 + 0.38 * math.cos(angle * pleats * 2 + m * 2.4)
    return (0.5 + 0.5 * math.cos(wobble / pitch * math.tau + m * 1.5)) * pleat


def sky() -> Image.Image:
    """One large ring with small ones around."""
    stars = [
        (0.78 * math.cos(turn * math.tau / 8 + 0.39), 0.78 * math.sin(turn * math.tau / 8 + 0.39)) for turn in range(8)
    ]

    def resist(x: float, y: float, n: float, m: float) -> float:
        for cx, cy in stars:
            r = math.hypot(x - cx, y - cy)
            if r < 0.19:
                return _rings(r, math.atan2(y - cy, x - cx), 0.062, 7, m) * (1 - (r / 0.19) ** 3)
        r = math.hypot(x, y) * (1 + 0.05 * n)
        if r > 0.62:
            return 0.05 + 0.05 * n
        fade = 1 if r < 0.5 else (0.62 - r) / 0.12
        return _rings(r, math.atan2(y, x), 0.125, 12, m) * fade * 1.1

    return dyed(resist)


def grid() -> Image.Image:
    """Folded and clamped: an even grid of lozenges."""

    def resist(x: float, y: float, n: float, m: float) -> float:
        u, v = (x * 3 + 0.08 * n + 0.03 * m) % 1 - 0.5, (y * 3 + 0.08 * n) % 1 - 0.5
        lozenge = 0.5 - abs(u) - abs(v)
        edge = max(0.0, 1 - abs(lozenge) / 0.11)
        heart = max(0.0, 1 - math.hypot(u, v) / 0.15)
        crease = max(0.0, 1 - min(abs(abs(u) - 0.5), abs(abs(v) - 0.5)) / 0.022) * 0.45
        return max(edge * (0.86 + 0.2 * m), heart * 0.9, crease)

    return dyed(resist)


def butterflies() -> Image.Image:
    """Nine butterflies, each a few rows of stitched dots."""

    def resist(x: float, y: float, n: float, m: float) -> float:
        column, line = math.floor((x + 1) * 1.5), math.floor((y + 1) * 1.5)
        u = ((x + 1) * 1.5 % 1 - 0.5) * 2
        v = ((y + 1) * 1.5 % 1 - 0.5) * 2
        turn = math.radians((column * 37 + line * 61) % 60 - 30)
        u, v = u * math.cos(turn) - v * math.sin(turn), u * math.sin(turn) + v * math.cos(turn)
        r, angle = math.hypot(u, v) * (1 + 0.05 * n), math.atan2(v, abs(u))
        wing = 0.80 * abs(math.sin(angle * 1.5 + 1.25)) ** 0.55 * (1.05 if v < 0 else 0.82) + 0.08
        share = r / wing
        if share > 1.12:
            return 0.04 + 0.03 * n
        white = 0.0
        for band in (0.34, 0.56, 0.78, 1.0):
            near = abs(share - band) * wing
            if near < 0.05:
                dots = 0.5 + 0.5 * math.cos(angle * (18 + band * 26) + m)
                white = max(white, (1 - near / 0.05) * (0.45 + 0.75 * dots))
        body = max(0.0, 1 - abs(u) / 0.05) * (1 if abs(v) < 0.34 else 0)
        shade: float = 0.16 * (1 - share) + 0.1 * m
        return max(white, body, shade)

    return dyed(resist)
