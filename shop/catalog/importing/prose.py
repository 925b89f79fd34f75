"""Texts from foreign files: HTML bodies become plain paragraphs, and a language is guessed where none is named."""

import html
import re
import unicodedata
from collections.abc import Iterable

import nh3

_BLOCKS = {"p", "div", "ul", "ol", "li", "br", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "table", "blockquote", "hr"}
_TAG = re.compile(r"<[a-zA-Z/!]")
_BREAK = re.compile(r"</?(?:p|div|ul|ol|h[1-6]|table|blockquote|hr)(?:\s[^>]*)?/?>")
_LINE = re.compile(r"<(?:br|li|tr)(?:\s[^>]*)?/?>")
_END = re.compile(r"</(?:li|tr)>")
_MARKS = re.compile(r"[\u200b\u2060\ufeff\u00ad\u202a-\u202e\u2066-\u2069\u200e\u200f]")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_VIETNAMESE = re.compile(
    r"[ăđơưĂĐƠƯạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ]"
)


def tidy(text: str) -> str:
    """Composed, without invisible marks (they turn text around or hide in names), lines kept."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _MARKS.sub("", composed).replace("\u00a0", " ")


def line(text: str) -> str:
    """One line of text, spaces collapsed."""
    return " ".join(tidy(text).split())


def paragraphs(text: str) -> str:
    """Plain paragraphs parted by one empty line; tags, scripts and styles are gone, entities are characters.

    List items and ``<br>`` stay lines of their own. Without a tag in it the text's own line breaks count.
    """
    text = tidy(text)
    if _TAG.search(text):
        safe = nh3.clean(text, tags=_BLOCKS, attributes={}, strip_comments=True)
        flat = re.sub(r"\s+", " ", safe)
        text = _END.sub("", _LINE.sub("\n", _BREAK.sub("\n\n", flat)))
    text = html.unescape(text).replace("\u00a0", " ")
    lines = [" ".join(one.split()) for one in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def guess_lang(texts: Iterable[str], default: str) -> str:
    """zh, vi or en by the letters of most ``texts``; ``default`` decides where letters do not tell."""
    seen = {"zh": 0, "vi": 0, "other": 0}
    for text in texts:
        if not text:
            continue
        composed = unicodedata.normalize("NFC", text)
        seen["zh" if _HAN.search(composed) else "vi" if _VIETNAMESE.search(composed) else "other"] += 1
    written = sum(seen.values())
    if not written:
        return default
    if seen["zh"] * 2 > written:
        return "zh"
    # Short Vietnamese names without a single accent are common, so a third of them with accents is enough.
    if seen["vi"] * 3 > written:
        return "vi"
    return "en" if default == "zh" else default


_FLAT = re.compile(r"([0-9]{1,4}) ?(?:cm)? ?[x×*] ?([0-9]{1,4})(?: ?(?:cm)? ?[x×*] ?([0-9]{1,4}))? ?(?:cm|厘米)")
_ROUND = re.compile(r"(?:直径|đường kính|ø|⌀|diameter) ?([0-9]{1,4}) ?(?:cm|厘米)|([0-9]{1,4}) ?cm across")


def measures(label: str) -> dict[str, str | int]:
    """Whole centimetres out of "24 × 30 cm", "直径28厘米", "28 cm across" for the scale drawing; else nothing."""
    plain = unicodedata.normalize("NFC", label).casefold().strip()
    flat, ring = _FLAT.fullmatch(plain), _ROUND.fullmatch(plain)
    if ring:
        return {"shape": "round", "diameter": int(ring[1] or ring[2])}
    if not flat:
        return {}
    size: dict[str, str | int] = {"shape": "box", "width": int(flat[1]), "height": int(flat[2])}
    return {**size, "depth": int(flat[3])} if flat[3] else size
