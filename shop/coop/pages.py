"""The co-op's own pages: Markdown with the co-op's facts in it, made into clean HTML."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

from shop.coop.errors import UnknownPlaceholder
from shop.coop.facts import CoopFacts
from shop.db import Texts

SLUGS = ("terms", "privacy", "returns", "how-makers-are-paid", "contact", "imprint", "accessibility")
PLACEHOLDERS = (
    "coop_name",
    "legal_form",
    "registration",
    "address",
    "email",
    "hotline",
    "hotline_hours",
    "return_days",
    "hold_days",
    "working_age",
)
_WORD = re.compile(r"\{([a-z_]{1,40})\}")
_MARKS = re.compile(r"([\\`*_{}\[\]<>()#+.!|~-])")
_TAGS = {
    "a",
    "blockquote",
    "br",
    "code",
    "em",
    "h2",
    "h3",
    "h4",
    "hr",
    "li",
    "ol",
    "p",
    "strong",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
}


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """A page ready to show: its title as text, the rest as HTML of a few harmless tags. `lang` is the text's own."""

    title: str
    html: Markup
    lang: str


def check_placeholders(text: str) -> None:
    """Raise UnknownPlaceholder for the first {word} that stands for nothing."""
    for found in _WORD.finditer(text):
        if found.group(1) not in PLACEHOLDERS:
            raise UnknownPlaceholder(word=found.group(1), known=PLACEHOLDERS)


def rendered(body: str, facts: CoopFacts, lang: str) -> RenderedPage:
    """The page as it reads now in `lang`, the language of `body`. What the co-op has not said yet is an em dash."""
    values = tuple((name, _value(name, facts, lang)) for name in PLACEHOLDERS)
    return _rendered(body, values, lang)


def _value(name: str, facts: CoopFacts, lang: str) -> str:
    said = facts.name if name == "coop_name" else getattr(facts, name)
    return (_in(said, lang) if isinstance(said, dict) else str(said)) or "—"


def _in(texts: Texts, lang: str) -> str:
    return next((texts[code] for code in (lang, "zh", "en", "vi") if texts.get(code)), "")


@lru_cache(maxsize=64)
def _rendered(body: str, values: tuple[tuple[str, str], ...], lang: str) -> RenderedPage:
    known = dict(values)
    first, _, rest = body.lstrip().partition("\n")
    title = _WORD.sub(lambda found: known.get(found.group(1), found.group(0)), first.lstrip("# ").strip())
    # what the co-op typed into its settings is text, never Markdown
    filled = _WORD.sub(
        lambda found: _MARKS.sub(r"\\\1", known[found.group(1)]) if found.group(1) in known else found.group(0), rest
    )
    html = nh3.clean(
        _markdown().render(filled),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener",
    )
    return RenderedPage(title, Markup(html), lang)  # noqa: S704  nh3 has just cleaned it


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")
