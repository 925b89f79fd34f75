"""Cells read strictly: a value, nothing, or a fault at its row and column. Never a guess about a figure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal

from shop.catalog.importing.prose import line, paragraphs
from shop.catalog.importing.rows import Column, RowFault
from shop.money import CURRENCIES, BadMoney, Money, exponent, parse

TITLE_LENGTH = 200
TEXT_LENGTH = 20_000
SKU_LENGTH = 64
WORD_LENGTH = 100
HANDLE_LENGTH = 200
LIST_LENGTH = 2_000
URL_LENGTH = 2_000
SHOWN_LENGTH = 60
MAX_TAGS = 4_000
"""Tags in one text; deep nesting costs the cleaner the square of it."""

MAX_QUANTITY = 100_000
MAX_WEIGHT_G = 1_000_000
MAX_PRICE_MINOR = 1_000_000_000_000

_QUANTITY = re.compile(r"([0-9]{1,30})(?:\.0{1,2})?(?:件|个|只|幅|套|pcs|pieces?|món|cái|chiếc)?", re.IGNORECASE)
_BROKEN_QUANTITY = re.compile(r"[0-9]+[.,][0-9]+")
_WEIGHT = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,6})?)\s*(g|gram|grams|克|kg|公斤|千克)?", re.IGNORECASE)
_KILOGRAM = {"kg", "公斤", "千克"}
_UNSAFE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_FORMULA_SIGNS = frozenset("=+-@")
_NAMES = re.compile(r"[,，、;；/\n|]+")
_CURRENCY_WORDS = {"rmb": "CNY", "人民币": "CNY", "￥": "CNY", "美元": "USD", "越南盾": "VND", "dong": "VND"}


class Faults:
    """What is wrong so far, one entry a place."""

    def __init__(self) -> None:
        self.found: list[RowFault] = []
        self.rows: set[int] = set()

    def add(self, row: int, code: str, *, column: Column | None = None, value: str = "", other: str = "") -> None:
        heading, letter = (column.heading, column.letter) if column else ("", "")
        self.found.append(RowFault(row, heading, code, shown(value), other, letter))
        self.rows.add(row)


class Row:
    """One row of the file, read by field name."""

    def __init__(self, number: int, cells: Sequence[str], columns: Mapping[str, Column], faults: Faults) -> None:
        self.number = number
        self.cells = cells
        self.columns = columns
        self.faults = faults

    def raw(self, name: str) -> str:
        """The cell as it stands; empty where the file has no such column.

        An apostrophe before a sign that spreadsheets take for a formula was put there to keep it a text.
        """
        column = self.columns.get(name)
        cell = self.cells[column.index] if column and column.index < len(self.cells) else ""
        return cell[1:] if cell[:1] == "'" and cell[1:2] in _FORMULA_SIGNS else cell

    def glance(self, name: str, limit: int = WORD_LENGTH) -> str:
        """What the cell seems to say, for sorting rows; no fault is noted, reading it for good does that."""
        return line(self.raw(name))[:limit]

    def refuse(self, name: str, code: str, *, other: str = "") -> None:
        self.faults.add(self.number, code, column=self.columns.get(name), value=self.raw(name), other=other)

    def text(self, name: str, limit: int = WORD_LENGTH) -> str:
        """One line of at most ``limit`` characters, else empty and a fault."""
        return self._checked(name, line(self.raw(name)), limit)

    def prose(self, name: str, limit: int = TEXT_LENGTH) -> str:
        """Plain paragraphs of at most ``limit`` characters, else empty and a fault."""
        raw = self.raw(name)
        if len(raw) > limit * 4 or raw.count("<") > MAX_TAGS:
            self.refuse(name, "too_long", other=str(limit))
            return ""
        return self._checked(name, paragraphs(raw), limit)

    def _checked(self, name: str, value: str, limit: int) -> str:
        if _UNSAFE.search(self.raw(name)):
            self.refuse(name, "bad_character")
            return ""
        if len(value) > limit:
            self.refuse(name, "too_long", other=str(limit))
            return ""
        return value

    def sku(self, name: str = "sku") -> str | None:
        """The item number in plain width. The apostrophe before figures kept as text is no part of it."""
        return unicodedata.normalize("NFKC", self.text(name, SKU_LENGTH)).lstrip("'’").strip() or None

    def names(self, name: str, limit: int = LIST_LENGTH) -> tuple[str, ...]:
        """A list in one cell, in order, none twice."""
        parts = (line(part) for part in _NAMES.split(self._checked(name, self.raw(name).strip(), limit)))
        return tuple(dict.fromkeys(part for part in parts if part))

    def urls(self, name: str) -> tuple[str, ...]:
        """Addresses or file names of pictures in one cell."""
        found = re.split(r"[\s|；;，]+|,(?=\s|https?:)", self._checked(name, self.raw(name).strip(), URL_LENGTH))
        return tuple(dict.fromkeys(one for one in found if one))

    def money(self, name: str, currency: str, lang: str) -> Money | None:
        """A sum above zero. An empty cell is None without a fault."""
        text = self.text(name)
        if not text:
            return None
        try:
            money = amount(text, currency, lang)
        except BadMoney as refused:
            other = currency_named(text)
            if other and other != currency:
                self.refuse(name, "other_currency", other=f"{other}, {currency}")
            else:
                self.refuse(name, f"money_{refused.reason}", other=_readings(text, currency))
            return None
        if money.minor == 0:
            self.refuse(name, "money_zero")
            return None
        if money.minor > MAX_PRICE_MINOR:
            self.refuse(name, "money_too_large")
            return None
        return money

    def quantity(self, name: str = "quantity") -> int | None:
        """Whole pieces from 0 to MAX_QUANTITY. An empty cell is None without a fault."""
        text = unicodedata.normalize("NFKC", self.text(name)).replace("\u2212", "-").replace(" ", "")
        if not text:
            return None
        found = _QUANTITY.fullmatch(text)
        if found and int(found[1]) <= MAX_QUANTITY:
            return int(found[1])
        if found:
            self.refuse(name, "quantity_too_large", other=str(MAX_QUANTITY))
        elif text.startswith("-"):
            self.refuse(name, "quantity_negative")
        else:
            self.refuse(name, "quantity_broken" if _BROKEN_QUANTITY.fullmatch(text) else "quantity_bad")
        return None

    def grams(self, name: str = "weight", unit: str = "g") -> int | None:
        """Whole grams; a plain figure counts in ``unit``. Nothing and 0 are None: shops write 0 for "not weighed"."""
        text = unicodedata.normalize("NFKC", self.text(name))
        if not text:
            return None
        found = _WEIGHT.fullmatch(text)
        if not found:
            self.refuse(name, "weight_bad")
            return None
        weight = Decimal(found[1]) * (1000 if (found[2] or unit).lower() in _KILOGRAM else 1)
        if weight > MAX_WEIGHT_G:
            self.refuse(name, "weight_bad")
            return None
        return int(weight.to_integral_value()) or None


def amount(text: str, currency: str, lang: str) -> Money:
    """A sum as people and as programs write it. Raises BadMoney.

    Programs write VND with a decimal part of zeros ("380000.0"); one or two digits never are a group, so it is plain.
    """
    if exponent(currency) == 0 and re.fullmatch(r"[0-9]+\.0{1,2}", text):
        text = text.partition(".")[0]
    return parse(text, currency, lang)


def currency_named(text: str) -> str:
    """The code of the currency that ``text`` names by code, sign or word, figures apart; else empty."""
    word = re.sub(r"[0-9０-９.,，．。\s\-]+", "", text).casefold()
    if not word:
        return ""
    known = (code for code, one in CURRENCIES.items() if word in {code.casefold(), one.symbol.casefold(), *one.marks})
    return _CURRENCY_WORDS.get(word) or next(known, "")


def shown(value: str) -> str:
    """A value fit to be printed in a list of faults: one short line without control characters."""
    safe = "".join("�" if _UNSAFE.match(char) else char for char in line(value)[: SHOWN_LENGTH + 1])
    return safe if len(safe) <= SHOWN_LENGTH else f"{safe[: SHOWN_LENGTH - 1]}…"


def _readings(text: str, currency: str) -> str:
    """Two ways to read an unclear sum ("380.000" → "380.00", "380000.00"), to be asked back; else empty."""
    found = re.fullmatch(r"([0-9]+)[.,]([0-9]+)", text.strip())
    places = exponent(currency)
    if not found or not places:
        return ""
    point = f"{found[1]}.{found[2][:places].ljust(places, '0')}"
    return f"{point}, {found[1]}{found[2]}.{'0' * places}"
