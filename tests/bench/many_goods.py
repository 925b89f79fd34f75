"""A co-op with as many products as wanted, written straight into the tables: for benchmarks only."""

import itertools
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from shop.brokers.models import Broker
from shop.cart.models import ShippingRate
from shop.catalog.models import Piece, PricePart, PriceSplit, Product, ProductMaker, ProductPicture, Variant
from shop.coop.models import Coop
from shop.crafts.models import Craft
from shop.makers.models import CONSENT_ITEMS, Consent, Maker
from shop.media.models import Picture
from shop.orders.models import Review
from shop.places.models import Place
from shop.search.services import remember_all
from shop.words import index_words
from shop.workshops.models import Workshop, WorkshopMaker

LANGS = ("zh", "vi", "en")
WORDS = {
    "zh": ("荷塘", "牡丹", "盘长", "山水", "蝴蝶", "石榴", "喜鹊", "如意"),
    "vi": ("sen", "mẫu đơn", "bàn trường", "sơn thủy", "bướm", "lựu", "chim khách", "như ý"),
    "en": ("lotus", "peony", "endless", "hills", "butterfly", "pomegranate", "magpie", "ruyi"),
}
THINGS = {
    "zh": ("双面绣", "门挂", "香包", "盘", "披肩", "桌旗", "剪纸", "葫芦"),
    "vi": ("thêu hai mặt", "treo cửa", "túi thơm", "đĩa", "khăn choàng", "khăn bàn", "cắt giấy", "bầu khô"),
    "en": ("embroidery", "door hanging", "sachet", "plate", "shawl", "runner", "paper-cut", "gourd"),
}
NOW = datetime(2026, 11, 1, tzinfo=UTC)
JOINED = date(2024, 1, 1)
EIGHT = range(1, 9)


def three(number: int, *tables: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """A name in three languages out of these words."""
    picked = [(table, number // len(table["en"]) ** place % len(table["en"])) for place, table in enumerate(tables)]
    return {lang: " ".join(table[lang][at] for table, at in picked) + f" {number}" for lang in LANGS}


def put(connection: Connection, model: Any, rows: Iterable[dict[str, Any]]) -> None:
    """Insert many rows, some thousand to a statement."""
    source = iter(rows)
    while chunk := list(itertools.islice(source, 5_000)):
        connection.execute(insert(model), chunk)


def fill(connection: Connection, count: int) -> None:
    """A co-op with `count` products of one size, a maker to ten of them, some with two makers, some with reviews."""
    makers = max(12, count // 10)
    _places(connection)
    _people(connection, makers)
    _products(connection, count)
    _prices(connection, count)
    _makers_and_pieces(connection, count, makers)
    with Session(connection) as session:
        for start in range(1, count + 1, 5_000):
            numbers = range(start, min(start + 5_000, count + 1))
            rows = [(n, index_words([f"QS-{n:06d}", *three(n, WORDS, THINGS).values()])) for n in numbers]
            remember_all(session, kind="product", rows=rows)


def price(number: int) -> int:
    """What the product of that number costs."""
    return 4_000 + number * 37 % 200_000


def _places(connection: Connection) -> None:
    name = {"zh": "巧手合作社", "vi": "Hợp tác xã Khéo Tay", "en": "Skilful Hands"}
    put(connection, Coop, [{"id": 1, "name": name, "currency": "CNY", "hotline": "400-000-0000"}])
    put(
        connection,
        Place,
        (
            {"id": n, "slug": f"village-{n}", "kind": "village", "name": three(n, WORDS), "short_name": three(n, WORDS)}
            for n in range(1, 13)
        ),
    )
    crafts = [{"id": n, "slug": f"craft-{n}", "name": three(n, THINGS), "sort": n} for n in EIGHT]
    put(connection, Craft, crafts)
    broker = {"tier": 1, "joined_on": JOINED}
    put(
        connection,
        Broker,
        ({"id": n, "slug": f"b{n}", "name": three(n, WORDS), "village_id": n, **broker} for n in EIGHT),
    )
    put(
        connection,
        Workshop,
        (
            {"id": n, "slug": f"w{n}", "name": three(n, THINGS), "craft_id": n, "village_id": n, "broker_id": n}
            for n in EIGHT
        ),
    )
    rate = {"fee_minor": 6400, "second_fee_minor": 1500, "currency": "CNY", "days_min": 5, "days_max": 12}
    put(connection, ShippingRate, ({"country": code, **rate} for code in ("CN", "VN", "GB", "*")))


def _people(connection: Connection, makers: int) -> None:
    every = range(1, makers + 1)
    put(
        connection,
        Maker,
        (
            {
                "id": n,
                "number": f"QS-M-{n:05d}",
                "slug": f"maker-{n:05d}",
                "name": three(n, WORDS),
                "mark": "fish",
                "birth_year": 1980,
                "village_id": 1 + n % 12,
                "joined_on": JOINED,
            }
            for n in every
        ),
    )
    put(connection, WorkshopMaker, ({"workshop_id": 1 + n % 8, "maker_id": n} for n in every))
    signed = {"answered_on": JOINED, "how": "signed", "recorded_by": "user:1"}
    put(
        connection,
        Consent,
        (
            {"maker_id": n, "item": item, "given": item != "pen_name" and (n + place) % 5 != 0, **signed}
            for n in every
            for place, item in enumerate(CONSENT_ITEMS)
        ),
    )


def _products(connection: Connection, count: int) -> None:
    every = range(1, count + 1)
    file = {"width": 1200, "height": 1200, "bytes_size": 1, "sha256": "0" * 64, "uploaded_by": "b", "created_at": NOW}
    put(connection, Picture, ({"key": f"{n:032x}", **file} for n in every))
    put(
        connection,
        Product,
        (
            {
                "slug": f"thing-{n}",
                "item_no": f"QS-{n:06d}",
                "state": "published",
                "name": three(n, WORDS, THINGS),
                "description": {lang: " ".join([*WORDS[lang], *THINGS[lang]]) for lang in LANGS},
                "craft_id": 1 + n % 8,
                "workshop_id": 1 + n % 8,
                "broker_id": 1 + n % 8,
                "made_to_order": n % 2 == 0,
                "lead_days": 7 + n % 20,
                "hs_code": "5810.99",
                "cover_id": n,
                "listed_by": "user:1",
                "created_at": NOW,
                "published_at": NOW - timedelta(minutes=n),
            }
            for n in every
        ),
    )
    alt = {"zh": "图", "vi": "Ảnh", "en": "Picture"}
    put(connection, ProductPicture, ({"product_id": n, "picture_id": n, "position": 0, "alt": alt} for n in every))
    said = {"lang": "en", "signed": "Ana", "text": "Finer than the picture.", "written_at": NOW}
    put(connection, Review, ({"product_id": n, "stars": 3 + n % 3, **said} for n in range(1, count + 1, 3)))


def _prices(connection: Connection, count: int) -> None:
    every = range(1, count + 1)
    size = {
        "size_label": {"zh": "24 厘米", "vi": "24 cm", "en": "24 cm across"},
        "size": {"shape": "round", "diameter": 24},
        "weight_grams": 210,
        "currency": "CNY",
    }
    put(
        connection,
        Variant,
        (
            {"product_id": n, "sku": f"S{n}", "price_minor": price(n), "on_hand": 0 if n % 2 == 0 else 2, **size}
            for n in every
        ),
    )
    split = {"kind": "retail", "currency": "CNY", "valid_from": NOW, "set_by": "user:1"}
    put(connection, PriceSplit, ({"variant_id": n, "price_minor": price(n), **split} for n in every))
    put(connection, PricePart, (part for n in every for part in parts_of(n, price(n))))


def _makers_and_pieces(connection: Connection, count: int, makers: int) -> None:
    put(connection, ProductMaker, ({"product_id": n, "maker_id": 1 + n % makers} for n in range(1, count + 1)))
    seconds = range(4, count + 1, 4)
    put(connection, ProductMaker, ({"product_id": n, "maker_id": 1 + (n + 1) % makers} for n in seconds))
    put(
        connection,
        Piece,
        (
            {
                "number": f"QS-{n:06d}-{place:02d}",
                "variant_id": n,
                "maker_id": 1 + n % makers,
                "workshop_id": 1 + n % 8,
                "state": "shelf",
                "maker_minor": price(n) * 6 // 10,
                "materials_minor": 0,
                "currency": "CNY",
                "receipt_key": f"receipt:{n}",
                "accepted_at": NOW,
            }
            for n in range(1, count + 1, 2)
            for place in (1, 2)
        ),
    )


def parts_of(number: int, price: int) -> list[dict[str, Any]]:
    """Sixty per cent hers, the rest shared."""
    hers, materials, broker = price * 6 // 10, price // 10, price * 8 // 100
    rest = price - hers - materials - broker
    kinds = (("maker", "", hers), ("materials", "", materials), ("broker", f"broker:{1 + number % 8}", broker))
    kinds += (("coop", "", rest // 2), ("costs", "", rest - rest // 2))
    return [
        {"split_id": number, "position": place, "kind": kind, "payee": payee, "amount_minor": minor}
        for place, (kind, payee, minor) in enumerate(kinds)
    ]
