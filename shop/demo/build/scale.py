"""How big the demo is: the hand-made rows, and as many invented ones as are asked for, the same for a seed."""

import json
import random
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shop.demo.dice import dice

DATA = Path(__file__).parent.parent / "data"
Row = dict[str, Any]
LANGS = ("zh", "vi", "en")

SURNAMES = (
    ("沈", "Thẩm", "Shen"), ("柳", "Liễu", "Liu"), ("苏", "Tô", "Su"), ("何", "Hà", "He"), ("罗", "La", "Luo"),
    ("唐", "Đường", "Tang"), ("宋", "Tống", "Song"), ("梁", "Lương", "Liang"), ("韦", "Vi", "Wei"), ("白", "Bạch", "Bai"),
)  # fmt: skip
GIVEN = (
    ("桂花", "Quế Hoa", "Guihua"), ("秋月", "Thu Nguyệt", "Qiuyue"), ("春兰", "Xuân Lan", "Chunlan"),
    ("玉梅", "Ngọc Mai", "Yumei"), ("彩云", "Thái Vân", "Caiyun"), ("金凤", "Kim Phượng", "Jinfeng"),
    ("素芬", "Tố Phân", "Sufen"), ("银花", "Ngân Hoa", "Yinhua"), ("巧珍", "Xảo Trân", "Qiaozhen"),
    ("雪莲", "Tuyết Liên", "Xuelian"), ("红英", "Hồng Anh", "Hongying"), ("小满", "Tiểu Mãn", "Xiaoman"),
)  # fmt: skip
COLOURS = (
    ("黛蓝", "xanh chàm", "indigo"), ("胭脂", "son đỏ", "carmine"), ("松绿", "lục tùng", "pine green"),
    ("秋香", "vàng thu", "ochre"), ("月白", "trắng nguyệt", "moon white"), ("藕荷", "tím ngó sen", "lilac"),
    ("赭石", "nâu đất", "russet"), ("烟灰", "xám khói", "smoke grey"),
)  # fmt: skip
DAYS = (("maker_said_yes", 1), ("checked", 5), ("dispatched", 1), ("delivered", 5))
"""What follows a paid order, and how many days after the step before."""


def read(name: str) -> Any:
    """One of the data files."""
    return json.loads((DATA / name).read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Scale:
    """How many there shall be in all; what is more than the hand-made ones is invented."""

    products: int = 60
    makers: int = 24
    orders: int = 25
    seed: int = 1


class Cast:
    """Makers, products, workshops and orders of a demo of this scale, as rows of the data files."""

    def __init__(self, scale: Scale) -> None:
        chance = dice(scale.seed)
        self.makers: list[Row] = read("makers.json")
        self.products: list[Row] = read("products.json")
        self.workshops: list[Row] = read("workshops.json")
        self.orders: list[Row] = read("orders.json")
        self.makers += list(_makers(self.makers, scale.makers - len(self.makers), chance))
        for workshop in self.workshops:
            workshop["makers"] = [each["id"] for each in self.makers if each["workshop"] == workshop["id"]]
        self.products += list(_products(self.products, self.makers, scale.products - len(self.products), chance))
        self.orders += list(_orders(self.orders, self.products, scale.orders - len(self.orders), chance))


def _named(*words: tuple[str, str, str], joined: tuple[str, str, str]) -> dict[str, str]:
    return {lang: joined[place].join(word[place] for word in words) for place, lang in enumerate(LANGS)}


def _makers(known: list[Row], count: int, chance: random.Random) -> Iterable[Row]:
    """Women with names, marks and villages of their own, who can do what one of the others can; they tell no story."""
    for number in range(1, count + 1):
        like = known[number % len(known)]
        yield like | {
            "id": f"m1{number:05d}",
            "number": f"QS-M-{1000 + number}",
            "slug": f"maker-{1000 + number}",
            "name": _named(chance.choice(SURNAMES), chance.choice(GIVEN), joined=("", " ", " ")),
            "pen_name": None,
            "birth_year": chance.randint(1956, 2002),
            "hours_a_week": chance.choice((12, 18, 24, 30)),
            "story": {},
        }


def _products(known: list[Row], makers: list[Row], count: int, chance: random.Random) -> Iterable[Row]:
    """The known pieces in other colours, by other women of their workshop; `like` says whose pictures they share."""
    women: dict[str, list[str]] = {each["workshop"]: [] for each in makers}
    for each in makers:
        women[each["workshop"]].append(each["id"])
    for number in range(1, count + 1):
        like = known[chance.randrange(len(known))]
        colour = chance.choice(COLOURS)
        name = {
            lang: f"{like['name'][lang]}{before}{colour[place]} {number}{after}"
            for place, (lang, before, after) in enumerate((("zh", "（", "）"), ("vi", " (", ")"), ("en", " (", ")")))
        }
        yield like | {
            "like": like["slug"],
            "slug": f"{like['slug']}-{number}",
            "item_no": f"QS-{10000 + number}",
            "name": name,
            "makers": chance.sample(women[like["workshop"]], 2),
            "certificate": None,
            "variants": [variant | {"sku": f"{variant['sku']}-{number}"} for variant in like["variants"]],
        }


def _orders(known: list[Row], products: list[Row], count: int, chance: random.Random) -> Iterable[Row]:
    """Orders of one piece made to order, over the last six weeks, each as far as its days have taken it."""
    to_order = [each for each in products if each["availability"]["kind"] == "made_to_order"]
    for number in range(len(known) + 1, len(known) + count + 1):
        product = chance.choice(to_order)
        day = -chance.randint(1, 45)
        script = [{"day": day, "event": "placed"}, {"day": day, "event": "paid"}]
        for event, days in DAYS:
            day += chance.randint(days, days + 2)
            if day <= 0:
                script.append({"day": day, "event": event})
        line = {
            "sku": chance.choice(product["variants"])["sku"],
            "qty": chance.choice((1, 1, 1, 2, 3)),
            "maker": product["makers"][0],
        }
        yield {
            "id": f"o{number}",
            "buyer": chance.choice(known)["buyer"] | {"email": f"o{number}@demo.example"},
            "lines": [line],
            "voucher_fen": 0,
            "script": script,
        }
