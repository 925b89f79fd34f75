"""Countries: their names, which of them a parcel can reach at all, and how a postal address is written there."""

import re
from collections.abc import Callable, Collection
from functools import lru_cache

from babel import Locale
from flask import Flask
from markupsafe import Markup, escape

from shop.web.i18n import LOCALE, current_lang
from shop.words import fold

_NO_COUNTRIES = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})

NO_POST = frozenset({"AQ", "BV", "GS", "HM", "KP", "TF", "UM"})
"""Where nobody lives, or no parcel with goods is let in: a rate for "all others" does not reach them."""


@lru_cache(maxsize=1)
def every_code() -> tuple[str, ...]:
    """The codes of all countries that a parcel can reach."""
    known = [str(code) for code in Locale.parse(LOCALE["en"]).territories]
    left_out = _NO_COUNTRIES | NO_POST
    return tuple(sorted(code for code in known if len(code) == 2 and code.isalpha() and code not in left_out))


@lru_cache(maxsize=8)
def _names(lang: str) -> dict[str, str]:
    return {str(code): str(name) for code, name in Locale.parse(LOCALE[lang]).territories.items()}


def country_name(code: str, lang: str | None = None) -> str:
    """The country in the page's language."""
    return _names(lang or current_lang()).get(code, code)


@lru_cache(maxsize=32)
def _in_order(lang: str, codes: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    named = [(code, _names(lang).get(code, code)) for code in codes]
    if lang == "zh":
        # the common characters stand in GB 18030 in the order of their sound
        return tuple(sorted(named, key=lambda pair: pair[1].encode("gb18030")))
    return tuple(sorted(named, key=lambda pair: (fold(pair[1]), pair[0])))


@lru_cache(maxsize=32)
def _options(lang: str, codes: tuple[str, ...]) -> str:
    return "".join(f'<option value="{code}">{escape(name)}</option>' for code, name in _in_order(lang, codes))


def country_options(codes: Collection[str], chosen: str = "") -> Markup:
    """The options of a select in the page's language and in its order, one of them chosen."""
    made = _options(current_lang(), tuple(codes))
    # a loop in a template over all countries costs as much as the rest of a page
    return Markup(made.replace(f'<option value="{chosen}">', f'<option value="{chosen}" selected>', 1))  # noqa: S704


def _west(name: str, street: str, city: str, region: str, postcode: str) -> list[str]:
    return [name, street, " ".join(filter(None, (postcode, city))), region]


def _city_first(name: str, street: str, city: str, region: str, postcode: str) -> list[str]:
    """Town, then state, then code on one line: London BS3 1AB is two lines, Boise ID 83702 one."""
    return [name, street, " ".join(filter(None, (f"{city}," if region else city, region, postcode)))]


def _british(name: str, street: str, city: str, region: str, postcode: str) -> list[str]:
    return [name, street, city, region, postcode]


def _large_first(name: str, street: str, city: str, region: str, postcode: str) -> list[str]:
    return [" ".join(filter(None, (postcode, region, city))), street, name]


def _small_first(name: str, street: str, city: str, region: str, postcode: str) -> list[str]:
    return [name, street, ", ".join(filter(None, (city, region))) + (f" {postcode}" if postcode else "")]


_FORMS: dict[str, Callable[[str, str, str, str, str], list[str]]] = {
    **dict.fromkeys(("CN", "JP", "KR", "TW", "HK", "MO"), _large_first),
    **dict.fromkeys(("US", "CA", "AU"), _city_first),
    **dict.fromkeys(("GB", "IE", "NZ"), _british),
    **dict.fromkeys(("VN", "SG", "IN", "TH", "MY", "ID", "PH"), _small_first),
}
"""The order of the lines as the destination's post wants them (UPU S42, simplified); elsewhere the continent's."""

_HAN = re.compile(r"[㐀-鿿]")


def postal_lines(
    *, name: str, street: str, city: str, region: str, postcode: str, country: str, sender: str
) -> list[str]:
    """The lines of an address label, the country last, in English and in the sender's words: both posts read it.

    A parcel within the sender's country names none. An East Asian address in Latin letters is written small to large.
    """
    form = _FORMS.get(country, _west)
    if form is _large_first and not _HAN.search(street + city):
        form = _small_first
    lines = [line.strip() for line in form(name, street, city, region, postcode)]
    if country != sender:
        there, here = country_name(country, "en").upper(), country_name(country, _spoken(sender))
        lines.append(there if here.upper() == there else f"{there} ({here})")
    return [line for line in lines if line]


def _spoken(country: str) -> str:
    """The language of a sender's post offices, among ours."""
    return {"CN": "zh", "VN": "vi"}.get(country, "en")


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(country=country_name)
