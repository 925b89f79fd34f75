"""Which column means what: our headings in three languages, Shopify's old and new ones."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from shop.catalog.importing.rows import Column, FileRefused, Format, RowFault, letter
from shop.money import CURRENCIES

HEADING_ROWS = 10

# The words people write over their columns; spacing, case, width, accents and punctuation do not count.
OURS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "title": {
        "zh": ("品名", "名称", "商品名称", "商品名", "产品名称", "产品名", "作品名", "作品名称", "货品名称", "标题"),
        "vi": ("tên", "tên hàng", "tên sản phẩm", "tên món", "tên tác phẩm", "sản phẩm"),
        "en": ("title", "name", "product", "product name", "item name", "piece"),
    },
    "sku": {
        "zh": ("货号", "款号", "编号", "商品编码", "商品编号", "产品编号", "产品编码", "款号/SKU", "货号/SKU"),
        "vi": ("mã", "mã hàng", "mã sản phẩm", "mã SKU", "mã số"),
        "en": ("SKU", "item no", "item number", "item code", "code", "product code"),
    },
    "handle": {"zh": (), "vi": (), "en": ("handle", "slug")},
    "price": {
        "zh": ("价格", "售价", "卖价", "单价", "零售价", "定价"),
        "vi": ("giá", "giá bán", "đơn giá", "giá bán lẻ"),
        "en": ("price", "retail price", "unit price"),
    },
    "pay": {
        "zh": ("工钱", "工价", "手工费", "工费", "工资", "计件工价"),
        "vi": ("tiền công", "công", "giá công"),
        "en": ("pay", "maker pay", "maker's pay", "pay to maker", "piece rate"),
    },
    "makers": {
        "zh": ("手艺人", "制作人", "作者", "做的人"),
        "vi": ("thợ", "thợ thủ công", "người làm", "nghệ nhân"),
        "en": ("maker", "makers", "made by", "artisan", "artisans"),
    },
    "size": {
        "zh": ("尺寸", "规格", "大小", "尺码"),
        "vi": ("kích thước", "kích cỡ", "cỡ", "khổ"),
        "en": ("size", "dimensions"),
    },
    "colour": {"zh": ("颜色", "色"), "vi": ("màu", "màu sắc"), "en": ("colour", "color")},
    "quantity": {
        "zh": ("数量", "库存", "库存数量", "件数", "现货"),
        "vi": ("số lượng", "tồn kho", "SL", "số món"),
        "en": ("quantity", "qty", "stock", "pieces", "in stock"),
    },
    "craft": {
        "zh": ("工艺", "手艺", "技艺", "工艺类别", "类别", "品类", "分类"),
        "vi": ("nghề", "nghề thủ công", "loại"),
        "en": ("craft", "category"),
    },
    "weight": {
        "zh": ("重量", "克重", "净重"),
        "vi": ("trọng lượng", "khối lượng", "cân nặng"),
        "en": ("weight", "net weight"),
    },
    "description": {
        "zh": ("说明", "描述", "简介", "介绍", "商品描述"),
        "vi": ("mô tả", "giới thiệu"),
        "en": ("description", "text", "details"),
    },
    "materials": {
        "zh": ("材料", "材质", "用料"),
        "vi": ("chất liệu", "nguyên liệu", "vật liệu"),
        "en": ("materials", "material"),
    },
    "tags": {"zh": ("标签", "关键词"), "vi": ("thẻ", "nhãn", "từ khóa"), "en": ("tags", "keywords")},
    "pictures": {
        "zh": ("图片", "照片", "主图", "图片链接"),
        "vi": ("ảnh", "hình", "hình ảnh"),
        "en": ("picture", "pictures", "photo", "photos", "image", "images"),
    },
    "currency": {"zh": ("币种", "货币"), "vi": ("tiền tệ", "loại tiền"), "en": ("currency",)},
}

# Shopify's product export before and after its headings were renamed (its help page "Using CSV files").
SHOPIFY: Mapping[str, tuple[str, ...]] = {
    "handle": ("Handle", "URL handle"),
    "title": ("Title",),
    "description": ("Body (HTML)", "Body HTML", "Description"),
    "craft": ("Type",),
    "tags": ("Tags",),
    "sku": ("Variant SKU", "SKU"),
    "price": ("Variant Price", "Price"),
    "quantity": ("Variant Inventory Qty", "Inventory quantity"),
    "weight": ("Variant Grams", "Weight value (grams)"),
    "picture": ("Image Src", "Product image URL"),
    "variant_picture": ("Variant Image", "Variant image URL"),
    "option1_name": ("Option1 Name",),
    "option1_value": ("Option1 Value",),
    "option2_name": ("Option2 Name",),
    "option2_value": ("Option2 Value",),
    "option3_name": ("Option3 Name",),
    "option3_value": ("Option3 Value",),
}
_SHOPIFY_SIGNS = (
    "Variant Price",
    "Variant SKU",
    "Option1 Name",
    "Option1 Value",
    "Body (HTML)",
    "Published on online store",
)
_WOOCOMMERCE_SIGNS = ("Regular price", "Attribute 1 name", "Tax status", "Is featured?", "Visibility in catalog")

_LANGUAGES = {
    "zh": ("中文", "中", "zh", "zh-Hans", "汉语", "chinese", "tiếng Trung"),
    "vi": ("越南文", "越文", "越", "vi", "越南语", "vietnamese", "tiếng Việt"),
    "en": ("英文", "英", "en", "英语", "english", "tiếng Anh"),
}
_UNITS = {
    "price": ("元", "人民币", "CNY", "RMB", "VND", "đ", "đồng", "USD", "EUR", "JPY", "HKD", "美元", "越南盾"),
    "weight": ("g", "gram", "克", "kg", "公斤", "千克"),
    "size": ("cm", "厘米", "mm", "毫米"),
    "quantity": ("件", "个", "pcs", "món", "cái", "chiếc"),
}
_UNITS_OF = {"pay": "price"}
# The longer name first: 美元 ends with the sign of another currency.
_CURRENCIES = (
    *(("人民币", "CNY"), ("美元", "USD"), ("欧元", "EUR"), ("日元", "JPY"), ("港币", "HKD"), ("越南盾", "VND")),
    *(
        ("rmb", "CNY"),
        ("元", "CNY"),
        ("đồng", "VND"),
        ("(đ)", "VND"),
        ("₫", "VND"),
        ("$", "USD"),
        ("€", "EUR"),
        ("£", "GBP"),
    ),
    *((code.casefold(), code) for code in CURRENCIES),
)
_IN_LANGUAGES = ("title", "description", "materials")
# Two columns for one of these contradict each other; for other fields the plainer heading is read ("工艺" beside "类别").
_SINGLE = ("sku", "handle", "price", "pay", "quantity", "currency")
_LONGEST = 80


class _Known(NamedTuple):
    """What a heading means; ``rank`` 0 is the plainest word for it, ``unit`` what it adds in brackets."""

    name: str
    lang: str
    rank: int
    unit: str = ""
    names_language: bool = False

    @property
    def key(self) -> str:
        """The field's key among the columns."""
        return f"{self.name}:{self.lang}" if self.name in _IN_LANGUAGES else self.name


@dataclass(frozen=True, slots=True)
class Headings:
    """The heading row understood. Texts that come in several languages are keyed ``title:zh``, ``title:en`` …

    ``units`` are what a heading adds in brackets ("价格(元)"), canonical; ``number`` is the row it stands in.
    """

    number: int
    format: Format
    lang: str
    columns: Mapping[str, Column]
    units: Mapping[str, str]
    currency: str
    extra: tuple[Column, ...]
    width: int


def plain_heading(text: str) -> str:
    """A heading without case, width, accents, spaces and punctuation."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(
        "d" if char == "đ" else char for char in decomposed if char.isalnum() and not unicodedata.combining(char)
    )


_OUR_WORDS = {
    plain_heading(word): _Known(name, lang, rank)
    for name, languages in OURS.items()
    for lang, words in languages.items()
    for rank, word in enumerate(words)
}
_SHOPIFY_WORDS = {plain_heading(word): name for name, words in SHOPIFY.items() for word in words}
_LANGUAGE_WORDS = {plain_heading(word): lang for lang, words in _LANGUAGES.items() for word in words}
_UNIT_WORDS = {name: {plain_heading(word) for word in words} for name, words in _UNITS.items()}


def find_headings(rows: Sequence[Sequence[str]], wanted: Format | None) -> Headings:
    """The heading row among the first ``rows``; ``wanted`` None finds the format too. Raises FileRefused."""
    filled = [(number, row) for number, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]
    if not filled:
        raise FileRefused([RowFault(0, "", "empty_file")])
    # Lists often begin with a title over the table, so the best of the first rows is the heading.
    number, row = max(filled, key=lambda item: (_known(item[1], wanted), -item[0]))
    plain = {plain_heading(cell) for cell in row}
    if wanted is None:
        if _signs(plain, _WOOCOMMERCE_SIGNS) >= 2:
            raise FileRefused([RowFault(number, "", "woocommerce")])
        wanted = "shopify" if _is_shopify(plain) else "qiaoshou"
    headings = _shopify(number, row) if wanted == "shopify" else _ours(number, row)
    _require(headings, row)
    return headings


def _known(row: Sequence[str], wanted: Format | None) -> int:
    ours = sum(1 for cell in row if cell.strip() and _our_field(cell) is not None)
    theirs = sum(1 for cell in row if plain_heading(cell) in _SHOPIFY_WORDS)
    return {"shopify": theirs, "qiaoshou": ours}.get(wanted or "", max(ours, theirs))


def _signs(plain: set[str], words: Sequence[str]) -> int:
    return sum(1 for word in words if plain_heading(word) in plain)


def _is_shopify(plain: set[str]) -> bool:
    handle = bool(plain & {"handle", "urlhandle"})
    return _signs(plain, _SHOPIFY_SIGNS) >= (1 if handle else 2)


def _our_field(cell: str) -> _Known | None:
    """What one of our headings means, or None. "价格(元)" and "Name (vi)" are understood."""
    word = plain_heading(cell[: _LONGEST + 1])
    if word in _OUR_WORDS:
        return _OUR_WORDS[word]
    if len(word) > _LONGEST:
        return None
    for cut in range(1, len(word)):
        head, tail = word[:cut], word[cut:]
        known = _OUR_WORDS.get(head)
        if known is None:
            continue
        if known.name in _IN_LANGUAGES and tail in _LANGUAGE_WORDS:
            return known._replace(lang=_LANGUAGE_WORDS[tail], names_language=True)
        if tail in _UNIT_WORDS.get(_UNITS_OF.get(known.name, known.name), ()):
            return known._replace(unit=tail)
    # Whatever else stands in brackets explains ("尺寸(长×宽)") and does not name another column.
    bare = plain_heading(re.sub(r"[(（\[【][^)）\]】]*[)）\]】]", "", cell))
    return _OUR_WORDS.get(bare)


def _ours(number: int, row: Sequence[str]) -> Headings:
    columns = [Column(index, _shown(cell, index)) for index, cell in enumerate(row)]
    known = [(found, column) for cell, column in zip(row, columns, strict=True) if (found := _our_field(cell))]
    known = _style_numbers(known)
    counted = Counter(found.lang for found, _ in known if found.name != "sku" and not found.names_language)
    chosen: dict[str, tuple[_Known, Column]] = {}
    faults: list[RowFault] = []
    for found, column in known:
        first = chosen.get(found.key)
        if first is None or (found.rank < first[0].rank and found.name not in _SINGLE):
            chosen[found.key] = (found, column)
        elif found.name in _SINGLE or found.rank == first[0].rank:
            faults.append(_duplicate(number, column, first[1]))
    if faults:
        raise FileRefused(faults)
    read = {key: column for key, (_, column) in chosen.items()}
    return Headings(
        number=number,
        format="qiaoshou",
        lang=max(counted, key=lambda one: counted[one]) if counted else "en",
        columns=read,
        units={found.name: found.unit for found, _ in chosen.values() if found.unit},
        currency=next((code for name in ("price", "pay") if (code := _currency_in(read.get(name)))), ""),
        extra=tuple(column for column in columns if column not in read.values()),
        width=len(row),
    )


def _currency_in(column: Column | None) -> str:
    """The currency a heading names ("价格(元)", "Giá (VND)"), else empty."""
    written = unicodedata.normalize("NFKC", column.heading).casefold() if column else ""
    return next((code for word, code in _CURRENCIES if word in written), "")


def _style_numbers(known: list[tuple[_Known, Column]]) -> list[tuple[_Known, Column]]:
    """款号 beside another item number names the style, that is the product; alone it is the item number."""
    if sum(1 for found, _ in known if found.name == "sku") < 2 or any(found.name == "handle" for found, _ in known):
        return known
    return [
        (found._replace(name="handle") if plain_heading(column.heading) == "款号" else found, column)
        for found, column in known
    ]


def _shopify(number: int, row: Sequence[str]) -> Headings:
    columns: dict[str, Column] = {}
    extra: list[Column] = []
    faults: list[RowFault] = []
    for index, cell in enumerate(row):
        column = Column(index, _shown(cell, index))
        name = _SHOPIFY_WORDS.get(plain_heading(cell))
        if name is None:
            extra.append(column)
        elif name in columns:
            faults.append(_duplicate(number, column, columns[name]))
        else:
            columns[name] = column
    if faults:
        raise FileRefused(faults)
    return Headings(number, "shopify", "en", columns, {}, "", tuple(extra), len(row))


def _require(headings: Headings, row: Sequence[str]) -> None:
    """A price column must stand there, even if every price is missing: a mistyped heading would lose them all."""
    present = {key.partition(":")[0] for key in headings.columns}
    missing = [name for name in ("title", "price") if name not in present]
    if not missing:
        return
    written = ", ".join(" ".join(cell.split())[:40] for cell in row if cell.strip())[:300]
    if len(missing) == 2:
        raise FileRefused([RowFault(headings.number, "", "unknown_headings", written)])
    raise FileRefused(
        [
            RowFault(headings.number, name, "missing_column", written, _accepted(headings.format, name))
            for name in missing
        ]
    )


def _accepted(kind: Format, name: str) -> str:
    if kind == "shopify":
        return ", ".join(SHOPIFY[name])
    return ", ".join(words[0] for words in OURS[name].values() if words)


def _duplicate(number: int, column: Column, first: Column) -> RowFault:
    columns = f"{first.letter}, {column.letter}"
    return RowFault(number, column.heading, "duplicate_column", column.heading, columns, column.letter)


def _shown(cell: str, index: int) -> str:
    text = " ".join(unicodedata.normalize("NFC", cell).split())
    return text[:60] if text else letter(index)
