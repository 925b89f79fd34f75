"""Days as people type them: each language its own way, the international form in all, and nothing guessed."""

import re
import unicodedata
from datetime import date

from babel.dates import format_date

from shop.words import fold

FORMS = {"zh": "y年M月d日", "vi": "dd/MM/y", "en": "d MMMM y"}
_LOCALES = {"zh": "zh_Hans_CN", "vi": "vi_VN", "en": "en_GB"}

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_LARGE_FIRST = re.compile(r"(\d{4})\s*[年/.-]\s*(\d{1,2})\s*[月/.-]\s*(\d{1,2})\s*[日号號]?")
_SMALL_FIRST = re.compile(r"(?:ngay )?(\d{1,2})(?:[/.-]| thang )(\d{1,2})(?:[/.-]| nam )(\d{4})")
_ENGLISH = re.compile(r"(\d{1,2})(?:st|nd|rd|th)? ([a-z]{3,9})\.?,? (\d{4})")
_AMERICAN = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"]  # fmt: skip


class BadDay(ValueError):
    """No day, or one that could be two."""


def written(day: date, lang: str) -> str:
    """A day as a field shows it: 2026年11月27日 · 27/11/2026 · 27 November 2026."""
    return str(format_date(day, FORMS[lang], locale=_LOCALES[lang]))


def parse_day(text: str, lang: str) -> date:
    """The day that was typed in `lang`, or as 2026-11-27. Raises BadDay.

    In English 3/4/2026 is two days on two sides of a sea, so only what can be one of them is taken.
    """
    plain = fold(unicodedata.normalize("NFKC", text)) if lang != "zh" else unicodedata.normalize("NFKC", text)
    plain = " ".join(plain.split())
    found = _ISO.fullmatch(plain)
    if found:
        return _day(found[1], found[2], found[3])
    return {"zh": _chinese, "vi": _vietnamese, "en": _english}[lang](plain)


def _chinese(plain: str) -> date:
    found = _LARGE_FIRST.fullmatch(plain)
    if not found:
        raise BadDay(plain)
    return _day(found[1], found[2], found[3])


def _vietnamese(plain: str) -> date:
    found = _SMALL_FIRST.fullmatch(plain)
    if not found:
        raise BadDay(plain)
    return _day(found[3], found[2], found[1])


def _english(plain: str) -> date:
    found = _ENGLISH.fullmatch(plain)
    if found:
        return _day(found[3], _month(found[2]), found[1])
    found = _AMERICAN.fullmatch(plain)
    if found:
        return _day(found[3], _month(found[1]), found[2])
    found = _SMALL_FIRST.fullmatch(plain)
    if not found:
        raise BadDay(plain)
    one, two = int(found[1]), int(found[2])
    if one <= 12 and two <= 12 and one != two:
        raise BadDay(plain)
    return _day(found[3], min(one, two), max(one, two))


def _month(word: str) -> int:
    for number, name in enumerate(_MONTHS, 1):
        if name.startswith(word) or (word == "sept" and number == 9):
            return number
    raise BadDay(word)


def _day(year: int | str, month: int | str, day: int | str) -> date:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        raise BadDay from None
    if not 1900 <= found.year <= 2100:
        raise BadDay(year)
    return found
