"""Three languages: which one a page speaks, and its words."""

import io
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g, request, url_for
from flask_babel import Babel, Domain
from werkzeug.routing import BaseConverter

from shop.db import LANGS, Texts

HTML_LANG = {"zh": "zh-Hans", "vi": "vi", "en": "en"}
LOCALE = {"zh": "zh_Hans_CN", "vi": "vi_VN", "en": "en_GB"}
LABELS = {"zh": "中文", "vi": "Tiếng Việt", "en": "English"}
TRANSLATIONS = Path(__file__).parent / "translations"


class LangConverter(BaseConverter):
    """The first part of a buyer page's address."""

    regex = "zh|vi|en"
    part_isolating = True


class TwoWords(ValueError):
    """The same English text was translated in two ways."""


@cache
def words(lang: str) -> NullTranslations:
    """All rooms' translations for a language in one catalogue; TwoWords when rooms contradict each other."""
    if lang == "en":
        return NullTranslations()
    whole = Catalog(locale=LOCALE[lang])
    for file in sorted((TRANSLATIONS / lang).glob("*.po")):
        with file.open("rb") as opened:
            for message in read_po(opened):
                if not message.id or not message.string or message.fuzzy:
                    continue
                known = whole.get(message.id, message.context)
                if known and known.string != message.string:
                    raise TwoWords(
                        f"{lang}/{file.name}: {message.id!r} is {known.string!r} elsewhere, {message.string!r} here"
                    )
                whole.add(message.id, message.string, context=message.context)
    compiled = io.BytesIO()
    write_mo(compiled, whole)
    compiled.seek(0)
    return Translations(compiled)


class Words(Domain):  # type: ignore[misc]
    """Flask-Babel's source of translations: the merged catalogues instead of compiled files."""

    def get_translations(self) -> NullTranslations:
        return words(current_lang())


def current_lang() -> str:
    """The language of this page: zh, vi or en. Outside a request: en, or what `speaking` set."""
    try:
        lang: str = g.lang  # a page asks a hundred times: one look, where `g.get` behind a test of `g` takes four
    except (AttributeError, RuntimeError):
        return "en"
    return lang if lang in LANGS else "en"


def speak(lang: str) -> None:
    """From here on this request (or application context) speaks `lang`."""
    from flask_babel import refresh  # noqa: PLC0415

    g.lang = lang if lang in LANGS else "en"
    refresh()


def wished_lang() -> str:
    """What the browser asks for, among the three; en where it asks for none of them."""
    best = request.accept_languages.best_match(["zh", "zh-CN", "zh-Hans", "zh-TW", "vi", "vi-VN", "en"], default="en")
    return str(best).split("-")[0]


def comma() -> str:
    """Between two things of a line, with the space that the language wants."""
    return "，" if current_lang() == "zh" else ", "


def colon() -> str:
    """Between a name and what it is."""
    return "：" if current_lang() == "zh" else ": "


def semicolon() -> str:
    """Between two halves of a line."""
    return "；" if current_lang() == "zh" else "; "


def stop() -> str:
    """Behind a sentence that another one follows."""
    return "。" if current_lang() == "zh" else ". "


def pick(texts: Texts | None, lang: str) -> tuple[str, str]:
    """The text in `lang` and the language it is really in; falls back to zh, en, vi, then to ("", lang)."""
    if texts:
        for code in (lang, "zh", "en", "vi"):
            found = texts.get(code)
            if found:
                return found, code
    return "", lang


def init_app(app: Flask) -> None:
    app.url_map.converters["lang"] = LangConverter
    babel = Babel(app, locale_selector=lambda: LOCALE[current_lang()], timezone_selector=lambda: "Asia/Shanghai")
    babel.domain_instance = Words()

    @app.url_value_preprocessor
    def take_lang(_endpoint: str | None, values: dict[str, object] | None) -> None:
        g.lang = str(values.pop("lang")) if values and "lang" in values else wished_lang()
        g.lang_in_url = bool(request.url_rule and "<lang:lang>" in request.url_rule.rule)

    @app.url_defaults
    def give_lang(endpoint: str, values: dict[str, object]) -> None:
        if "lang" not in values and app.url_map.is_endpoint_expecting(endpoint, "lang"):
            values["lang"] = current_lang()

    app.jinja_env.globals.update(comma=comma, colon=colon, semicolon=semicolon, stop=stop)

    @app.context_processor
    def speak_of() -> dict[str, object]:
        lang = current_lang()
        return {"lang": lang, "html_lang": HTML_LANG[lang], "other_langs": other_langs}


def other_langs() -> list[tuple[str, str, str, bool]]:
    """(code, its own name, this page's address in it, is it this one) for the language switch."""
    now = current_lang()
    switched = []
    for code in LANGS:
        if g.get("lang_in_url") and request.endpoint:
            args = {
                **(request.view_args or {}),
                **{k: v for k, v in request.args.items() if k not in {"lang", "_anchor"}},
            }
            args = {k: v for k, v in args.items() if not k.startswith("_")}
            url = url_for(request.endpoint, lang=code, **args)
        else:
            url = f"/{code}/"
        switched.append((code, LABELS[code], url, code == now))
    return switched
