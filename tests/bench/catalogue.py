"""How long a catalogue takes: `python -m tests.bench.catalogue [--full]`; the last line is JSON.

Each figure is taken in a process of its own, so that memory is what this one book needs (peak, in MB, the whole shop
included, which is some 70) and nothing is warm. Seconds are held against the goal as CPU seconds, for others use the
machine too; on one that is idle the clock shows no more. Every product has a picture of its own, three scripts, ten facts, three
prices. ``bare`` is the same press setting the same names in one column, without pictures and tables: what typst itself
takes. Goals: speed.md, Exports.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from PIL import Image, ImageDraw

from shop.documents.catalogue import CatalogueData, write_catalogue
from shop.documents.press import pressed
from shop.documents.pricelist import price_list
from shop.documents.tables import Column, Kind, Sheet, write_xlsx
from shop.money import Money
from tests.documents.samples import NAMES, edition, item

PRODUCTS = 1000
PER_WORKSHOP = 12
GOAL = {"seconds": 1.5, "mb": 250}
XLSX_GOAL = {"seconds": 4.0, "mb": 120}
TEXT = {
    "zh": "一朵半开的荷花，一个花苞，两片叶子，下面几道水纹。双面绣两面同时成形，线头全藏在夹层里，翻过来看不出哪面是正面。",
    "vi": "Một đóa sen hé nở, một nụ, hai chiếc lá và mấy gợn nước. Hai mặt được thêu cùng lúc, đầu chỉ giấu hết vào trong.",
    "en": "One open lotus, one bud, two leaves and a few lines of water. Both faces are stitched at the same time.",
}


def draw_pictures(folder: Path, count: int) -> None:
    """``count`` pictures of 640 × 640 px, about 60 kB each, as a press gets them from the media room."""
    grain = Image.effect_noise((640, 640), 24).convert("RGB")
    for number in range(count):
        picture = grain.copy()
        pen = ImageDraw.Draw(picture)
        pen.ellipse((80, 80, 560, 560), outline=(163, 33, 31), width=20 + number % 40)
        pen.text((300, 310), str(number), fill=(33, 28, 24))
        picture.save(folder / f"{number}.jpg", "JPEG", quality=50)


def products(count: int, folder: Path, *, coded: bool = False) -> CatalogueData:
    """An edition of ``count`` products of as many workshops as it takes."""
    items = [
        item(
            number,
            names={code: f"{name} {number}" for code, name in NAMES.items()},
            image=folder / f"{number % PRODUCTS}.jpg",
            text=TEXT,
            workshop={
                "zh": f"荷影绣坊{number // PER_WORKSHOP}",
                "vi": f"Xưởng thêu {number // PER_WORKSHOP}",
                "en": f"Workshop {number // PER_WORKSHOP}",
            },
            maker="王秀兰" if number % 3 else None,
            url=f"https://shop.example/e/suoqiao/QS-{number:04d}" if coded else "",
        )
        for number in range(count)
    ]
    return edition(items)


def bare(data: CatalogueData, out: Path) -> None:
    """The names alone: typst's own share."""
    names = [" ".join(dict(entry.names).values()) for entry in data.items if not isinstance(entry.names, str)]
    template = b"""#import "sheet.typ": *
#set document(date: none)
#set text(font: sans, size: 8pt)
#for name in json("names.json") [#name #parbreak()]"""
    files = {"bare.typ": template, "names.json": json.dumps(names).encode()}
    out.write_bytes(pressed("bare", {}, files, tagged=False))


def ledger(rows: int) -> Sheet:
    """A sheet as the office takes home: twelve columns of texts, days, counts and sums."""
    kinds: tuple[Kind, ...] = ("date", "text", "text", "text", "text", "whole", "whole", "money", "money", "money")
    columns = [Column(f"{kind} {place}", kind) for place, kind in enumerate((*kinds, "text", "text"))]
    day = date(2026, 11, 20)
    return Sheet(
        "账",
        columns,
        (
            (
                *(day, f"R{n}", "6217000012345678901", "高素英", "盘长结 门挂", n, 18),
                *(Money(n * k, "CNY") for k in (3, 5, 7)),
                *("荷影绣坊", "=1+1"),
            )
            for n in range(rows)
        ),
    )


def run(kind: str, count: int, folder: Path) -> dict[str, float]:
    """One figure, taken in this process."""
    data = products(0 if kind == "ledger" else count, folder, coded=kind == "coded")
    target = folder / f"{kind}.out"
    works: dict[str, Callable[[], None]] = {
        "bare": lambda: bare(data, target),
        "prices": lambda: write_xlsx(price_list(data, "zh"), target),
        "ledger": lambda: write_xlsx([ledger(count)], target),
    }
    started, busy = time.perf_counter(), time.process_time()
    if kind in works:
        works[kind]()
    else:
        with target.open("wb") as out:
            write_catalogue(data, "zh", out)
    return {
        "seconds": round(time.perf_counter() - started, 3),
        "cpu_seconds": round(time.process_time() - busy, 3),
        "mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "file_mb": round(target.stat().st_size / 1e6, 1),
    }


def measured(kind: str, count: int, folder: Path, rounds: int) -> dict[str, float]:
    """The fastest of ``rounds`` fresh processes: others use the machine too. Memory is the median."""
    command = [sys.executable, "-m", "tests.bench.catalogue", "--one", kind, str(count), str(folder)]
    runs = [
        json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout) for _ in range(rounds)
    ]
    memory = sorted(found["mb"] for found in runs)[len(runs) // 2]
    return {**min(runs, key=lambda found: found["cpu_seconds"]), "mb": memory}


def main() -> None:
    """Print the figures and, last, one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="seven rounds instead of three")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        kind, count, folder = asked.one
        print(json.dumps(run(kind, int(count), Path(folder))))
        return
    rounds = 7 if asked.full else 3
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        draw_pictures(folder, PRODUCTS)
        figures = {
            "catalogue_1000": measured("catalogue", PRODUCTS, folder, rounds),
            "catalogue_120": measured("catalogue", 120, folder, rounds),
            "catalogue_1000_with_qr": measured("coded", PRODUCTS, folder, 1),
            "xlsx_20000_rows": measured("ledger", 20_000, folder, rounds),
            "price_list_20000_rows_37_columns": measured("prices", 10_000, folder, 1),
        }
        plain = measured("bare", PRODUCTS, folder, rounds)
    for title, found in {**figures, "bare_1000": plain}.items():
        print(f"{title:34} {found}")
    book, table = figures["catalogue_1000"], figures["xlsx_20000_rows"]
    met = {
        "catalogue_seconds": book["cpu_seconds"] <= GOAL["seconds"],
        "catalogue_mb": book["mb"] <= GOAL["mb"],
        "xlsx_seconds": table["cpu_seconds"] <= XLSX_GOAL["seconds"],
        "xlsx_mb": table["mb"] <= XLSX_GOAL["mb"],
    }
    result = {
        "name": "catalogue",
        "figures": figures,
        "bare": plain,
        "ratio": round(book["cpu_seconds"] / plain["cpu_seconds"], 2),
        "goal": {"catalogue_1000": GOAL, "xlsx_20000_rows": XLSX_GOAL},
        "met": met,
        "ok": all(met.values()),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
