"""Sums in words and months, as the desk's templates say them."""

from collections.abc import Iterable
from datetime import date

from babel.dates import format_date
from babel.lists import format_list
from flask import Flask

from shop.money import Money, in_words
from shop.web.i18n import LOCALE, current_lang

_MONTH = {"zh": "y年M月", "vi": "MM/y", "en": "MMM y"}


def words_of(value: Money) -> str:
    """The sum in words of the page's language."""
    return in_words(value, current_lang())


def month(value: date) -> str:
    """2026年11月 · 11/2026 · Nov 2026."""
    lang = current_lang()
    return str(format_date(value, _MONTH[lang], locale=LOCALE[lang]))


def listed(words: Iterable[str]) -> str:
    """A list as the language writes it: 甲、乙和丙 · a, b and c."""
    return str(format_list(list(words), locale=LOCALE[current_lang()]))


def init_app(app: Flask) -> None:
    app.jinja_env.filters.setdefault("in_words", words_of)
    app.jinja_env.filters.setdefault("month", month)
    app.jinja_env.filters.setdefault("listed", listed)
