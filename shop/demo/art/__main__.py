"""``python -m shop.demo.art OUT``: draw every master into the folder OUT."""

import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from shop.demo.art import cord, dye, enamel, flowers, heads, landscape

MASTERS: dict[str, tuple[Callable[[], Image.Image], int]] = {
    "lotus-pond": (flowers.lotus_pond, 82),
    "lotus-parts": (flowers.lotus_parts, 82),
    "peony-spray": (flowers.peony_spray, 82),
    "flower-heads": (heads.flower_heads, 78),
    "gourd-sachet": (heads.gourd_sachet, 82),
    "panchang": (cord.door_panchang, 78),
    "panchang-great": (cord.great_panchang, 74),
    "knots": (cord.small_knots, 78),
    "knots-more": (cord.more_knots, 78),
    "tassels": (cord.tassels, 82),
    "lotus-plate": (enamel.lotus_plate, 80),
    "blue-dish": (enamel.blue_flower_dish, 80),
    "plum-ground": (enamel.plum_ground, 78),
    "small-enamels": (enamel.small_enamels, 80),
    "hills": (landscape.hills, 76),
    "baluster-vase": (landscape.baluster_vase, 80),
    "bud-vase": (landscape.bud_vase, 80),
    "dye-sky": (dye.sky, 76),
    "dye-grid": (dye.grid, 74),
    "dye-butterflies": (dye.butterflies, 74),
}
"""Name of the master, what draws it, WebP quality."""


def main(folder: Path) -> None:
    """Draw all masters; prints name, size and kB of each."""
    folder.mkdir(parents=True, exist_ok=True)
    total = 0
    for name, (drawn, quality) in MASTERS.items():
        path = folder / f"{name}.webp"
        image = drawn()
        image.save(path, "WEBP", quality=quality, alpha_quality=90, method=6)
        total += path.stat().st_size
        sys.stdout.write(f"{name} {image.width}x{image.height} {path.stat().st_size // 1000} kB\n")
    sys.stdout.write(f"{len(MASTERS)} masters, {total // 1000} kB\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m shop.demo.art OUT")
    main(Path(sys.argv[1]))
