"""How money, days and three-language texts are printed."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.lists import format_list
from flask import Flask
from markupsafe import Markup, escape

from shop.db import Texts
from shop.money import Money, format_money, in_words
from shop.web.i18n import HTML_LANG, LOCALE, current_lang, pick

SHORT = {"zh": "M月d日", "vi": "dd/MM/yyyy", "en": "d MMM y"}
FOOT = {"zh": "M月d日", "vi": "dd/MM", "en": "d MMM"}
MONTH = {"zh": "y年M月", "vi": "MM/y", "en": "MMM y"}
LONG = {"zh": "y年M月d日EEEE", "vi": "EEEE, dd/MM/yyyy", "en": "EEEE d MMMM y"}
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ZONE = ZoneInfo("Asia/Shanghai")


def money(value: Money | None) -> str:
    """¥1,260.00 or 1.260.000 ₫; an em dash for None."""
    return "—" if value is None else format_money(value, current_lang())


def _day(value: date | datetime | None) -> date | None:
    return value.astimezone(_ZONE).date() if isinstance(value, datetime) else value


def day(value: date | datetime | None, lang: str | None = None) -> str:
    """11月21日 · 21/11/2026 · 21 Nov 2026."""
    lang = lang or current_lang()
    found = _day(value)
    return "" if found is None else format_date(found, SHORT[lang], locale=LOCALE[lang])


def day_short(value: date) -> str:
    """11月21日 · 21/11 · 21 Nov: for the foot of a chart, where the year is clear."""
    lang = current_lang()
    return str(format_date(value, FOOT[lang], locale=LOCALE[lang]))


def day_long(value: date | datetime | None, lang: str | None = None) -> str:
    """2026年11月21日星期六 · thứ bảy, 21/11/2026 · Saturday 21 November 2026."""
    lang = lang or current_lang()
    found = _day(value)
    return "" if found is None else format_date(found, LONG[lang], locale=LOCALE[lang])


def moment(value: datetime) -> str:
    """Day and time of day at the co-op: 11月21日 10:40."""
    at = value.astimezone(_ZONE)
    return f"{day(value)} {at:%H:%M}"


def month(value: date) -> str:
    """2026年11月 · 11/2026 · Nov 2026."""
    lang = current_lang()
    return str(format_date(value, MONTH[lang], locale=LOCALE[lang]))


def listed(words: Iterable[str]) -> str:
    """A list as the language writes it: 甲、乙和丙 · a, b and c."""
    return str(format_list(list(words), locale=LOCALE[current_lang()]))


def words_of(value: Money) -> str:
    """A sum in words of the page's language."""
    return in_words(value, current_lang())


def tri_text(texts: Texts | None) -> str:
    """The text in this page's language, else in one it exists in."""
    return pick(texts, current_lang())[0]


def tri(texts: Texts | None) -> Markup:
    """As `tri_text`, with the right `lang` on it where the page's own language is missing."""
    lang = current_lang()
    found, code = pick(texts, lang)
    if code == lang or not found:
        return escape(found)
    return Markup('<span lang="{}">{}</span>').format(HTML_LANG[code], found)


def name(text: str | None) -> Markup:
    """A name kept in one spelling only; in Chinese script it carries its own `lang` on pages of other languages."""
    if text and current_lang() != "zh" and _HAN.search(text):
        return Markup('<span lang="{}">{}</span>').format(HTML_LANG["zh"], text)
    return escape(text or "")


def with_name(text: str, key: str, called: str, **others: str) -> Markup:
    """A sentence with placeholders, filled; what stands for `key` is a name, shown as `name` does."""
    return escape(text) % {**others, key: name(called)}


def straight(text: str | None) -> str:
    """A name from outside; marks in it that would turn the text show as �."""
    return _TURNING.sub("�", text or "")


def isolated(text: str | None) -> Markup:
    """As `straight`, in its own direction of writing."""
    return Markup("<bdi>{}</bdi>").format(straight(text))


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(money=money, day=day, day_long=day_long, tri=tri, tri_text=tri_text)
    app.jinja_env.filters.update(
        moment=moment, month=month, listed=listed, in_words=words_of, name=name, isolated=isolated
    )
    app.jinja_env.globals.update(Money=Money)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
