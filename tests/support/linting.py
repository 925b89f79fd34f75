"""What every page must be, whoever it is for (house.md 6)."""

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from lxml import html

HTML_LANGS = {"zh": "zh-Hans", "vi": "vi", "en": "en"}
UNLABELLED = {"hidden", "submit", "button", "image", "reset"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SHAPES = {"path", "circle", "rect", "line", "use", "polyline", "polygon", "ellipse", "stop", "image"}
DATA_BLOCKS = {"application/ld+json", "application/json", "speculationrules"}
LEFTOVERS = re.compile(r"\{\{|\}\}|\{%|%\(\w+\)|⟦|\bundefined\b|<[a-z]+ object at 0x", re.IGNORECASE)


def _words(text: str | None) -> str:
    return " ".join((text or "").split())


def faults(source: str, path: str, *, lang: str | None = None) -> list[str]:
    """Everything that is wrong with the page, each in one sentence; an empty list for a good one."""
    doc = html.document_fromstring(source)
    first = urlsplit(path).path.strip("/").split("/")[0]
    expected = lang or (first if first in HTML_LANGS else None)
    return [
        *_heading(doc),
        *_language(doc, expected),
        *_ids(doc),
        *_fields(doc),
        *_nothing_inline(doc),
        *_leftovers(doc),
        *_pictures(doc),
        *_nesting(source),
    ]


def _heading(doc: Any) -> list[str]:
    heads = doc.findall(".//h1")
    if len(heads) != 1:
        return [f"{len(heads)} h1 on the page: {[_words(h.text_content()) for h in heads]}"]
    head = _words(heads[0].text_content())
    title = _words(doc.findtext(".//title"))
    shown = re.sub(r"^(Error|Lỗi|错误|出错|出错了)\s*[:：]\s*", "", title)
    if not head or not shown.startswith(head):
        return [f"the title {title!r} does not begin with the h1 {head!r}"]
    return []


def _language(doc: Any, expected: str | None) -> list[str]:
    said = doc.get("lang")
    if expected and said != HTML_LANGS[expected]:
        return [f"lang is {said!r} on a page in {expected}"]
    wrong = {one.get("lang") for one in doc.iter() if isinstance(one.tag, str) and one.get("lang") is not None}
    return [f"lang={one!r} is none of ours" for one in wrong - set(HTML_LANGS.values()) - {"zh-Hans-CN", "zh"}]


def _ids(doc: Any) -> list[str]:
    seen: set[str] = set()
    found = []
    for one in doc.iter():
        name = one.get("id") if isinstance(one.tag, str) else None
        if name is not None:
            if name in seen:
                found.append(f"two elements have the id {name!r}")
            seen.add(name)
    for one in doc.xpath(".//label[@for] | .//*[@aria-labelledby or @aria-describedby]"):
        names = " ".join(one.get(name, "") for name in ("for", "aria-labelledby", "aria-describedby")).split()
        found.extend(f"<{one.tag}> points to {name!r}, which is not there" for name in names if name not in seen)
    return found


def _fields(doc: Any) -> list[str]:
    found = []
    labelled = {label.get("for") for label in doc.findall(".//label")}
    for field in doc.xpath(".//input | .//select | .//textarea"):
        if field.get("type", "text") in UNLABELLED:
            continue
        wrapped = any(above.tag == "label" for above in field.iterancestors())
        said = field.get("aria-label") or field.get("aria-labelledby")
        if not (wrapped or said or field.get("id") in labelled):
            found.append(f"<{field.tag} name={field.get('name')!r}> has no label")
    for form in doc.findall(".//form"):
        if not form.get("action"):
            found.append(f"a form says no action: {html.tostring(form)[:80]!r}")
        if form.get("method", "get").lower() not in {"get", "post", "dialog"}:
            found.append(f"a form's method is {form.get('method')!r}")
    for one in doc.xpath(".//button | .//a"):
        alts = " ".join(one.xpath(".//img/@alt | .//svg/@aria-label | .//title/text()"))
        if not _words(one.text_content()) and not one.get("aria-label") and not alts.strip():
            found.append(f"<{one.tag}> has no words: {html.tostring(one)[:100]!r}")
        if one.tag == "a" and (one.get("href") in {"", "#"} or str(one.get("href")).startswith("javascript:")):
            found.append(f"a link leads nowhere: {_words(one.text_content())!r}")
    return found


def _nothing_inline(doc: Any) -> list[str]:
    found = []
    for one in doc.iter():
        if not isinstance(one.tag, str):
            continue
        if one.tag == "script" and not one.get("src") and one.get("type") not in DATA_BLOCKS:
            found.append("a script stands inside the page")
        if one.tag == "style":
            found.append("a <style> stands inside the page")
        inline = [name for name in one.attrib if name == "style" or name.startswith("on")]
        found.extend(f"<{one.tag} {name}=…> stands inside the page" for name in inline)
    return found


def _leftovers(doc: Any) -> list[str]:
    found = []
    for one in doc.iter():
        if isinstance(one.tag, str) and one.tag not in {"script", "code", "pre"}:
            said = [one.get(name) for name in ("title", "alt", "placeholder", "aria-label", "content", "value")]
            texts = [text for text in (one.text, one.tail, *said) if text]
            odd = [text for text in texts if LEFTOVERS.search(text) or text.strip() == "None"]
            found.extend(f"left over in <{one.tag}>: {_words(text)[:80]!r}" for text in odd)
    return found


def _pictures(doc: Any) -> list[str]:
    found = []
    for picture in doc.findall(".//img"):
        if picture.get("alt") is None:
            found.append(f"a picture has no alt: {picture.get('src')!r}")
        if not (picture.get("width") and picture.get("height")):
            found.append(f"a picture has no size: {picture.get('src')!r}")
    return found


class _Nesting(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, int]] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append((tag, self.getpos()[0]))
        names = [name for name, _ in attrs]
        self.faults += [f"<{tag}> says {name} twice" for name in {n for n in names if names.count(n) > 1}]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID and tag not in SHAPES:
            super().handle_startendtag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or (tag in SHAPES and not (self.open and self.open[-1][0] == tag)):
            return
        if self.open and self.open[-1][0] == tag:
            self.open.pop()
        else:
            inside = self.open[-1] if self.open else ("nothing", 0)
            self.faults.append(f"</{tag}> in line {self.getpos()[0]} closes <{inside[0]}> of line {inside[1]}")


def _nesting(source: str) -> list[str]:
    reader = _Nesting()
    reader.feed(source)
    reader.close()
    return reader.faults[:3] + [f"<{tag}> of line {line} is never closed" for tag, line in reader.open[:3]]
