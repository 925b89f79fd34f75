"""Editions, statements and hostile files for the tests of documents."""

import zipfile
from datetime import date
from io import BytesIO

from PIL import Image

from shop.documents.catalogue import Carton, CatalogueData, CatalogueItem, Certificate
from shop.documents.statement import StatementData, StatementLine, StatementSum
from shop.money import Money

NAMES = {"zh": "荷塘双面绣", "vi": "Thêu hai mặt Đầm sen Ễ ộ ẫ", "en": "Lotus pond, double-sided"}
WORKSHOPS = (
    {"zh": "荷影绣坊", "vi": "Xưởng thêu Hà Ảnh", "en": "Heying Embroidery Workshop"},
    {"zh": "结绳湾结艺坊", "vi": "Xưởng nút Kết Thằng", "en": "Jieshengwan Knot Workshop"},
    {"zh": "点蓝珐琅坊", "vi": "Xưởng pháp lam Điểm Lam", "en": "Dianlan Cloisonné Workshop"},
)


def yuan(amount: str) -> Money:
    """4100 fen of "41.00"."""
    whole, _, rest = amount.partition(".")
    return Money(int(whole + rest.ljust(2, "0")), "CNY")


def picture(number: int = 0, size: tuple[int, int] = (60, 40), kind: str = "JPEG", **options: object) -> bytes:
    """A picture unlike every other number's."""
    image = Image.new("RGB", size, (number % 256, number // 256 % 256, 90))
    image.paste((250, 240, 230), (5, 5, 5 + number % 30 + 1, 20))
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def item(number: int = 1, **changes: object) -> CatalogueItem:
    """A complete entry; ``number`` makes its item number, picture and price its own."""
    facts: dict[str, object] = {
        "item_no": f"QS-{number:04d}",
        "sku": f"QS-{number:04d}-24D",
        "names": NAMES,
        "workshop": WORKSHOPS[0],
        "price_term": {"zh": "EXW 梭桥", "vi": "EXW Thoa Kiều", "en": "EXW Suoqiao"},
        "currency": "CNY",
        "tiers": [(10, Money(34100 + number, "CNY")), (30, Money(33050 + number, "CNY"))],
        "moq": 10,
        "lead_days": 25,
        "monthly_capacity": 60,
        "text": {"zh": "一朵半开的荷花。", "vi": "Một đóa sen hé nở.", "en": "One open lotus."},
        "size": {"zh": "直径24厘米", "vi": "đường kính 24 cm", "en": "24 cm across"},
        "weight_g": 210,
        "materials": {"zh": "桑蚕丝、竹绷", "vi": "lụa tơ tằm, khung tre", "en": "mulberry silk, bamboo hoop"},
        "technique": {"zh": "双面绣", "vi": "thêu hai mặt", "en": "double-sided"},
        "sample": Money(38000, "CNY"),
        "image": picture(number),
        "hs_code": "5810.99",
        "origin": {"zh": "中国", "vi": "Trung Quốc", "en": "China"},
        "carton": Carton(pieces=12, length_cm=27, width_cm=27, height_cm=50, gross_weight_g=3724, net_weight_g=2520),
        "certificate": Certificate(level={"zh": "县级", "vi": "cấp huyện", "en": "county"}, number="X-021"),
    }
    return CatalogueItem(**{**facts, **changes})


def edition(items: list[CatalogueItem], **changes: object) -> CatalogueData:
    """An edition of an invented fair."""
    facts: dict[str, object] = {
        "expo_name": {
            "zh": "梭桥女子手工艺展",
            "vi": "Hội chợ thủ công phụ nữ Thoa Kiều",
            "en": "Suoqiao Women's Craft Fair",
        },
        "starts_on": date(2026, 12, 11),
        "ends_on": date(2026, 12, 14),
        "place": {"zh": "梭桥老丝厂", "vi": "Nhà máy tơ cũ Thoa Kiều", "en": "Old Silk Works, Suoqiao"},
        "edition": "2",
        "coop_name": {"zh": "巧手手工合作社", "vi": "HTX Khéo Tay", "en": "Qiaoshou Co-operative"},
        "made_on": date(2026, 11, 20),
        "items": items,
        "preface": {
            "zh": "每一件都知道是谁做的。",
            "vi": "Món nào cũng biết ai làm.",
            "en": "For each we know who made it.",
        },
        "valid_until": date(2027, 3, 31),
    }
    return CatalogueData(**{**facts, **changes})


def statement(count: int, **changes: object) -> StatementData:
    """A statement with a rush bonus of 40.00 and an advance of 200.00 taken back."""
    work = [
        StatementLine(
            on=date(2026, 11, 1 + number % 20),
            what={"zh": "盘长结 门挂", "vi": "Nút bàn trường treo cửa", "en": "Pan chang knot, door hanging"},
            slip=str(1098 + number),
            pieces=18,
            mended=number % 2,
            rate=yuan("41.00"),
            amount=yuan("738.00"),
            state=("sent", "confirmed", "acknowledged", "available")[number % 4],
        )
        for number in range(count)
    ]
    facts: dict[str, object] = {
        "number": "GZ-2026-11-0147",
        "made_on": date(2026, 11, 20),
        "coop_name": {"zh": "巧手手工合作社", "vi": "HTX Khéo Tay", "en": "Qiaoshou Co-operative"},
        "maker_name": "高素英",
        "maker_no": "0301",
        "maker_place": "织云坪村",
        "broker_name": "丁秀梅",
        "first_day": date(2026, 11, 1),
        "last_day": date(2026, 11, 20),
        "lines": work,
        "additions": [StatementSum(what={"zh": "赶工加钱", "vi": "Thưởng gấp", "en": "Rush"}, amount=yuan("40.00"))],
        "deductions": [StatementSum(what="还预支", amount=yuan("200.00"), agreed="电话里点过头")],
        "total": Money(count * 73800 + 4000 - 20000, "CNY"),
        "hotline": "800-0000",
        "verify_url": "https://shop.example/m/9f2c7b1d4e8a6053b7c1d2e3f4a5b6c7?s=0147",
    }
    return StatementData(**{**facts, **changes})


def zipped(parts: dict[str, bytes]) -> bytes:
    """An archive of these parts."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_part(workbook: bytes, name: str, content: bytes) -> bytes:
    """The same workbook with one part more, or another one in its place."""
    with zipfile.ZipFile(BytesIO(workbook)) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    return zipped({**parts, name: content})
