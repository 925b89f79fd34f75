"""Every word of the interface in three languages (product.md 5)."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
import wtforms
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from config import ROOT
from shop.web.i18n import TRANSLATIONS, words
from tests.guards.reading import told

KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "lazy_gettext": None,
    "_l": None,
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
NEVER_SHOWN = re.compile(
    r"CSRF|IP address|Mac address|UUID|week value|Choices cannot|field name|could not coerce|could not be coerced"
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|\{\w*\}|%[sd]")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:!?](?!\w)|[\u4e00-\u9fff]\.(\s|$)")

Message = tuple[str | None, str, str]
"""Context, the English words (the singular where there are two), where they stand."""


def _found(folder: Path, methods: list[tuple[str, str]]) -> list[Message]:
    found = []
    for file, line, ids, _comments, context in extract_from_dir(folder, method_map=methods, keywords=KEYWORDS):
        one = ids[0] if isinstance(ids, tuple) else ids
        if one:
            found.append((context, one, f"{folder.name}/{file}:{line}"))
    return found


@cache
def messages() -> list[Message]:
    """What the shop says, and what WTForms says through our forms."""
    pages = [("**.html", "jinja2.ext.babel_extract"), ("**.txt", "jinja2.ext.babel_extract")]
    own = _found(ROOT / "shop", [("**.py", "python")]) + _found(ROOT / "templates", pages)
    forms = _found(Path(wtforms.__file__).parent, [("validators.py", "python"), ("fields/**.py", "python")])
    return own + [one for one in forms if not NEVER_SHOWN.search(one[1])]


class Entry(NamedTuple):
    """One entry of a catalogue."""

    where: str
    key: tuple[str | None, str]
    english: str
    strings: tuple[str, ...]


@cache
def entries(lang: str) -> list[Entry]:
    """All rooms' translations into a language."""
    found = []
    for file in sorted((TRANSLATIONS / lang).glob("*.po")):
        with file.open("rb") as opened:
            for one in read_po(opened):
                if one.id and not one.fuzzy:
                    ids = one.id if isinstance(one.id, tuple) else (one.id,)
                    strings = one.string if isinstance(one.string, tuple) else (one.string,)
                    found.append(Entry(f"{lang}/{file.name}:{one.lineno}", (one.context, ids[0]), ids[-1], strings))
    return found


@pytest.mark.parametrize("lang", ["zh", "vi"])
def test_every_message_is_translated(lang):
    known = {entry.key for entry in entries(lang) if all(entry.strings)}
    missing = {}
    for context, said, where in messages():
        if (context, said) not in known:
            missing.setdefault((context, said), where)
    assert not missing, told([f"{where}: {said!r}" for (_context, said), where in missing.items()])


@pytest.mark.parametrize("lang", ["zh", "vi"])
def test_no_english_words_have_two_translations(lang):
    words.cache_clear()
    assert words(lang).gettext("Search")


@pytest.mark.parametrize("lang", ["zh", "vi"])
def test_translations_keep_the_places_for_facts(lang):
    found = [
        f"{entry.where}: {entry.english!r} → {string!r}"
        for entry in entries(lang)
        for string in entry.strings
        if string and set(PLACEHOLDER.findall(entry.english)) != set(PLACEHOLDER.findall(string))
    ]
    assert not found, told(found)


def test_chinese_has_chinese_punctuation():
    found = [f"{one.where}: {string!r}" for one in entries("zh") for string in one.strings if HALF_WIDTH.search(string)]
    assert not found, told(found)


@pytest.mark.parametrize("lang", ["zh", "vi"])
def test_no_translation_outlives_its_message(lang):
    wanted = {(context, said) for context, said, _where in messages()}
    idle = [f"{entry.where}: {entry.english!r}" for entry in entries(lang) if entry.key not in wanted]
    assert not idle, told(idle)
