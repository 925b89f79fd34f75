"""Money as integer minor units: one currency table, shares to the last unit, reading, printing, words (money.md)."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import total_ordering
from typing import NamedTuple

from shop.errors import BadInput

MAX_MINOR = 9_000_000_000_000_00
"""The largest sum that may be typed: far above any order, and ten thousand of them still fit into BIGINT."""

_LONGEST = 40
_NO_BREAK_SPACE = "\u00a0"
_MINUS = "\u2212"


class Currency(NamedTuple):
    """How one currency counts, prints and is spoken. ``zh`` without a third word counts 角 and 分."""

    exponent: int
    symbol: str
    zh: tuple[str, str, str]
    vi: tuple[str, str]
    en: tuple[str, str, str, str]
    marks: tuple[str, ...] = ()


# fmt: off
CURRENCIES: dict[str, Currency] = {
    "CNY": Currency(2, "¥", ("人民币", "元", ""), ("nhân dân tệ", "xu"), ("yuan", "yuan", "fen", "fen"), ("元",)),
    "VND": Currency(0, "₫", ("越南盾", "盾", ""), ("đồng", ""), ("dong", "dong", "", ""), ("đ", "đồng", "盾")),
    "USD": Currency(2, "US$", ("美元", "元", ""), ("đô la Mỹ", "xu"), ("US dollar", "US dollars", "cent", "cents"), ("$",)),
    "EUR": Currency(2, "€", ("欧元", "元", ""), ("euro", "xu"), ("euro", "euros", "cent", "cents")),
    "GBP": Currency(2, "£", ("英镑", "镑", "便士"), ("bảng Anh", "xu"), ("pound sterling", "pounds sterling", "penny", "pence")),
    "JPY": Currency(0, "JP¥", ("日元", "元", ""), ("yên Nhật", ""), ("yen", "yen", "", "")),
    "HKD": Currency(2, "HK$", ("港币", "元", ""), ("đô la Hồng Kông", "xu"), ("Hong Kong dollar", "Hong Kong dollars", "cent", "cents")),
    "AUD": Currency(2, "A$", ("澳元", "元", ""), ("đô la Úc", "xu"), ("Australian dollar", "Australian dollars", "cent", "cents")),
    "CAD": Currency(2, "CA$", ("加元", "元", ""), ("đô la Canada", "xu"), ("Canadian dollar", "Canadian dollars", "cent", "cents")),
    "SGD": Currency(2, "S$", ("新加坡元", "元", ""), ("đô la Singapore", "xu"), ("Singapore dollar", "Singapore dollars", "cent", "cents")),
    "KRW": Currency(0, "₩", ("韩元", "元", ""), ("won Hàn Quốc", ""), ("won", "won", "", "")),
    "TWD": Currency(2, "NT$", ("新台币", "元", ""), ("đô la Đài Loan", "xu"), ("New Taiwan dollar", "New Taiwan dollars", "cent", "cents")),
    "THB": Currency(2, "฿", ("泰铢", "铢", "萨当"), ("bạt Thái", "satang"), ("baht", "baht", "satang", "satang")),
}
# fmt: on


class BadMoney(BadInput):
    """What was typed is no sum of money. ``reason``: empty, malformed, negative, bad_groups, ambiguous,
    too_many_decimals or too_large.
    """

    code = "bad_money"

    def __init__(self, reason: str, **data: object) -> None:
        super().__init__(reason=reason, **data)
        self.args = (reason,)
        self.reason = reason


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """A sum in minor units of one currency. Adding or ordering two currencies raises ValueError, anything
    that is no Money TypeError.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"minor units are whole: {self.minor!r}")
        if self.currency not in CURRENCIES:
            raise ValueError(f"unknown currency: {self.currency!r}")

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not mix")

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        self._same(other)
        return self.minor < other.minor

    def __add__(self, other: object) -> "Money":
        if not isinstance(other, Money):
            return NotImplemented
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: object) -> "Money":
        if not isinstance(other, Money):
            return NotImplemented
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __mul__(self, pieces: object) -> "Money":
        if type(pieces) is not int:
            return NotImplemented
        return Money(self.minor * pieces, self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)


def exponent(currency: str) -> int:
    """Number of decimals. Raises ValueError for a currency that is not in the table."""
    known = CURRENCIES.get(currency)
    if known is None:
        raise ValueError(f"unknown currency: {currency!r}")
    return known.exponent


def share(total: int, weights: Sequence[int]) -> list[int]:
    """``total`` cut by largest remainder: floor each, left-over units to the largest remainders, earlier first
    (money.md §1). The shares sum to ``total``. Raises ValueError for a negative total or weight, or no weight.
    """
    whole = sum(weights)
    if total < 0 or whole <= 0 or min(weights) < 0:
        raise ValueError(f"cannot share {total} by {list(weights)}")
    cuts = [divmod(total * weight, whole) for weight in weights]
    shares = [floor for floor, _ in cuts]
    left = total - sum(shares)
    if left:
        for place in sorted(range(len(cuts)), key=lambda place: -cuts[place][1])[:left]:
            shares[place] += 1
    return shares


def take(amount: int, parts: Sequence[int]) -> list[int]:
    """What each of ``parts`` (what is left of them) gives towards ``amount``: by largest remainder, never more
    than the part (money.md §2). Raises ValueError when all together hold less than ``amount``.
    """
    if amount == 0 and all(part == 0 for part in parts):
        return [0] * len(parts)
    if amount > sum(parts):
        raise ValueError(f"{amount} is more than is left of {list(parts)}")
    return share(amount, parts)


def per_hour(pay_minor: int, minutes: int) -> int:
    """Pay per hour in minor units, rounded down so that it never looks better than it is."""
    if minutes <= 0:
        raise ValueError(f"no time: {minutes} minutes")
    return pay_minor * 60 // minutes


# Reading. An explicit table instead of NFKC, which would turn 10² into 102 and ① into 1.
_FULL_WIDTH = str.maketrans("０１２３４５６７８９，．。￥　\u00a0\u202f", "0123456789,..¥   ")
_GROUPED = {mark: re.compile(rf"[1-9][0-9]{{0,2}}(?:{re.escape(mark)}[0-9]{{3}})+") for mark in ",."}
_PLAIN = re.compile(r"0|[1-9][0-9]*")


def _marks(currency: str) -> tuple[str, ...]:
    known = CURRENCIES[currency]
    marks = {mark.lower() for mark in (currency, known.symbol, *known.marks)}
    return tuple(sorted(marks, key=len, reverse=True))


_MARKS = {currency: _marks(currency) for currency in CURRENCIES}


def _bare(text: str, currency: str) -> str:
    """The digits and separators, without one sign of the currency before or behind."""
    body = unicodedata.normalize("NFC", text).translate(_FULL_WIDTH).lower().strip(" \t\r\n")
    for mark in _MARKS[currency]:
        if body.startswith(mark):
            return body.removeprefix(mark).lstrip(" ")
        if body.endswith(mark):
            return body.removesuffix(mark).rstrip(" ")
    return body


def _whole(digits: str, group: str) -> int:
    if _PLAIN.fullmatch(digits):
        return int(digits)
    if _GROUPED[group].fullmatch(digits):
        return int(digits.replace(group, ""))
    raise BadMoney("bad_groups" if group in digits else "malformed")


def _without_decimals(body: str) -> int:
    kinds = {mark for mark in body if mark in ",."}
    if len(kinds) > 1:
        raise BadMoney("ambiguous")
    return _whole(body, kinds.pop() if kinds else ",")


def _with_decimals(body: str, places: int, lang: str) -> int:
    group, point = (".", ",") if lang == "vi" else (",", ".")
    # Three digits behind a lone mark that could be the decimal one: 380 or 380,000? Nobody but the writer knows.
    lone = re.fullmatch(r"[0-9]+([.,])[0-9]{3}", body)
    if lone and (lone[1] == "." or point == ","):
        raise BadMoney("ambiguous")
    if body.count(".") == 1 and "," not in body:
        point, group = ".", ","
    digits, mark, decimals = body.partition(point)
    if mark and not re.fullmatch(r"[0-9]+", decimals):
        raise BadMoney("malformed")
    if len(decimals) > places:
        raise BadMoney("too_many_decimals")
    return _whole(digits, group) * int(10**places) + int(decimals.ljust(places, "0"))


def _minor(text: str, currency: str, lang: str) -> int:
    places = exponent(currency)
    if len(text) > _LONGEST:
        raise BadMoney("malformed")
    body = _bare(text, currency)
    if not body:
        raise BadMoney("empty")
    if body[0] in "-\u2212":
        raise BadMoney("negative")
    if not re.fullmatch(r"[0-9][0-9.,]*", body):
        raise BadMoney("malformed")
    minor = _with_decimals(body, places, lang) if places else _without_decimals(body)
    if minor > MAX_MINOR:
        raise BadMoney("too_large")
    return minor


def parse(text: str, currency: str, lang: str) -> Money:
    """The sum somebody typed, by one strict rule (money.md intro, product.md §5 rule 18).

    Ascii or full-width digits, with or without one sign of the currency. A sum is written as in ``lang`` (1,260.50;
    in Vietnamese 1.260,50) or plainly with a full stop (1260.50). Without decimals (VND) either mark groups, by
    threes. Raises BadMoney, with the start of the text, for everything else, above all for what can be read in two
    ways.
    """
    try:
        return Money(_minor(text, currency, lang), currency)
    except BadMoney as refused:
        raise BadMoney(refused.reason, text=text[:_LONGEST], currency=currency) from None


# Printing. Everything a currency and a language decide is looked up once, here, and not per number.
class _Style(NamedTuple):
    scale: int
    decimals: str
    group: str
    before: str
    after: str


def _style(currency: str, lang: str) -> _Style:
    known = CURRENCIES[currency]
    behind = lang == "vi" or currency == "VND"
    group, point = (".", ",") if behind else (",", ".")
    decimals = f"{point}%0{known.exponent}d" if known.exponent else ""
    before, after = ("", _NO_BREAK_SPACE + known.symbol) if behind else (known.symbol, "")
    return _Style(10**known.exponent, decimals, group, before, after)


_STYLES = {(currency, lang): _style(currency, lang) for currency in CURRENCIES for lang in ("zh", "vi", "en")}


def format_money(money: Money, lang: str) -> str:
    """¥1,260.00 in Chinese and English, 1.260,00 ¥ in Vietnamese, 1.260.000 ₫ in all three (product.md §5 rule 18).
    The space is a no-break one, the sign of a negative sum a true minus.
    """
    scale, decimals, group, before, after = _STYLES[money.currency, lang]
    whole, rest = divmod(abs(money.minor), scale)
    digits = f"{whole:,}"
    if group != ",":
        digits = digits.replace(",", group)
    if decimals:
        digits += decimals % rest
    return f"{_MINUS if money.minor < 0 else ''}{before}{digits}{after}"


def format_plain(money: Money) -> str:
    """1260.00 for CSV and other machines: ascii, no groups, no sign of the currency."""
    places = CURRENCIES[money.currency].exponent
    whole, rest = divmod(abs(money.minor), 10**places)
    sign = "-" if money.minor < 0 else ""
    return f"{sign}{whole}.{rest:0{places}d}" if places else f"{sign}{whole}"


# In words. Chinese: the capitals of the rules for vouchers (正确填写票据和结算凭证的基本规定): 零 only where it must
# stand, 整 after 元 and 角, none after 分. Vietnamese: mốt, tư, lăm after mươi; linh before a lone unit, which
# keeps bốn and năm; "không trăm" inside a number; nghìn, tỷ. English: no "and" inside a number.
_ZH = "零壹贰叁肆伍陆柒捌玖"
_VI = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_EN = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_EN_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def _zh_number(number: int) -> str:
    for unit, power in (("亿", 10**8), ("万", 10**4)):
        if number >= power:
            high, low = divmod(number, power)
            gap = "零" if 0 < low < power // 10 else ""
            return _zh_number(high) + unit + gap + (_zh_number(low) if low else "")
    words = ""
    gap = ""
    for unit, power in (("仟", 1000), ("佰", 100), ("拾", 10), ("", 1)):
        digit = number // power % 10
        if digit:
            words += gap + _ZH[digit] + unit
        gap = "零" if words and not digit else ""
    return words or "零"


def _vi_group(number: int, *, inside: bool) -> list[str]:
    hundreds, rest = divmod(number, 100)
    tens, unit = divmod(rest, 10)
    words = [_VI[hundreds], "trăm"] if hundreds or inside else []
    if tens == 0:
        return [*words, *(["linh"] if words and unit else []), *([_VI[unit]] if unit else [])]
    words += ["mười"] if tens == 1 else [_VI[tens], "mươi"]
    late = {5: "lăm"} if tens == 1 else {1: "mốt", 4: "tư", 5: "lăm"}
    return [*words, late.get(unit, _VI[unit])] if unit else words


def _vi_number(number: int, *, inside: bool = False) -> list[str]:
    words: list[str] = []
    if number >= 10**9:
        words = [*_vi_number(number // 10**9), "tỷ"]
        number %= 10**9
    for unit, power in ((["triệu"], 10**6), (["nghìn"], 1000), ([], 1)):
        group = number // power % 1000
        if group:
            words += [*_vi_group(group, inside=inside or bool(words)), *unit]
    return words or [_VI[0]]


def _en_number(number: int) -> str:
    if number < 20:
        return _EN[number]
    if number < 100:
        tens, unit = divmod(number, 10)
        return _EN_TENS[tens] + (f"-{_EN[unit]}" if unit else "")
    scales = (("trillion", 10**12), ("billion", 10**9), ("million", 10**6), ("thousand", 1000), ("hundred", 100))
    name, power = next(scale for scale in scales if number >= scale[1])
    high, low = divmod(number, power)
    return f"{_en_number(high)} {name}" + (f" {_en_number(low)}" if low else "")


def _zh_words(currency: Currency, whole: int, rest: int, *, negative: bool) -> str:
    name, unit, minor = currency.zh
    words = name + ("负" if negative else "")
    if whole or not rest:
        words += _zh_number(whole) + unit
    if not rest:
        return words + "整"
    if minor:
        return words + ("零" if whole and rest < 10 else "") + _zh_number(rest) + minor
    tenths, hundredths = divmod(rest, 10)
    if tenths:
        return words + _ZH[tenths] + "角" + (_ZH[hundredths] + "分" if hundredths else "整")
    return words + ("零" if whole else "") + _ZH[hundredths] + "分"


def _vi_words(currency: Currency, whole: int, rest: int, *, negative: bool) -> str:
    unit, minor = currency.vi
    sums = [" ".join([*_vi_number(count), name]) for count, name in ((whole, unit), (rest, minor)) if count]
    words = ("âm " if negative else "") + (" và ".join(sums) or f"{_VI[0]} {unit}")
    return words[0].upper() + words[1:]


def _en_words(currency: Currency, whole: int, rest: int, *, negative: bool) -> str:
    one, many, one_minor, many_minor = currency.en
    sums = []
    if whole or not rest:
        sums.append(f"{_en_number(whole)} {one if whole == 1 else many}")
    if rest:
        sums.append(f"{_en_number(rest)} {one_minor if rest == 1 else many_minor}")
    return ("minus " if negative else "") + " and ".join(sums)


_IN_WORDS: dict[str, Callable[..., str]] = {"zh": _zh_words, "vi": _vi_words, "en": _en_words}


def in_words(money: Money, lang: str) -> str:
    """The amount as it stands on paper (product.md §5 rule 10): 人民币壹仟贰佰陆拾元整, "Một triệu hai trăm sáu mươi
    nghìn đồng", "one thousand two hundred sixty yuan".
    """
    currency = CURRENCIES[money.currency]
    whole, rest = divmod(abs(money.minor), 10**currency.exponent)
    return _IN_WORDS[lang](currency, whole, rest, negative=money.minor < 0)
