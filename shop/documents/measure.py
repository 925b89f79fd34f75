"""How wide a text is on paper, near enough to break and cut it before the press does."""

import re
import unicodedata

_NARROW = frozenset("ijltfrI.,;:'|!()[]/ ")
_WIDE = frozenset("mwMWQO@%&—…·“”‘’Φ")
_NO_LINE_STARTS_WITH = frozenset("，。、；：！？）》」』】”’…—,.;:!?)]}%")
_CUT = " ，,、;；·-/（("
_SENTENCE = re.compile(r"(?:[。！？]|[.!?](?= ))[”’」』）)]*")
"""The end of a sentence with what closes it."""


class _Widths(dict[str, int]):
    """Widths of signs in hundredths of the type size, found out once each."""

    def __missing__(self, sign: str) -> int:
        if ord(sign) >= 0x2E80 or sign in _WIDE:
            found = 100
        elif unicodedata.combining(sign):
            found = 0
        else:
            found = 34 if sign in _NARROW else 66 if sign.isupper() else 57
        self[sign] = found
        return found


_WIDTHS = _Widths()


def width(text: str) -> int:
    """The width in hundredths of the type size, rather too wide than too narrow."""
    return sum(map(_WIDTHS.__getitem__, text))


def one_line(text: str) -> str:
    """The text without line breaks, control characters and doubled spaces."""
    if text.isprintable():
        return " ".join(text.split())
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def short(text: str, widest: int) -> str:
    """One line of at most ``widest`` half type sizes (a Chinese character counts two), cut with an ellipsis."""
    text = one_line(text)
    left = widest
    if 2 * len(text) <= left:
        return text
    for place, sign in enumerate(text):
        left -= 2 if ord(sign) >= 0x2E80 else 1
        if left < 0:
            return _whole_words(text[:place], text[place:]).rstrip(_CUT) + "…"
    return text


def _whole_words(kept: str, rest: str) -> str:
    """What was kept, without the beginning of a word that goes on in the rest; a single long word stays cut."""
    found, after = kept, rest[:1]
    while found and _one_word(found[-1], after):
        found, after = found[:-1], found[-1]
    return found or kept


def _one_word(before: str, after: str) -> bool:
    return before.isalnum() and after.isalnum() and max(before, after) < "\u2e80"


def wrapped(text: str, widest: int, lines: int) -> list[str]:
    """At most ``lines`` lines no wider than ``widest`` hundredths of the type size, the last cut with an ellipsis.

    Breaks at spaces and between Chinese characters, never before a closing mark. Joined, the lines are the text.
    """
    found: list[str] = []
    rest = one_line(text)
    while rest and len(found) < lines:
        line = _first_line(rest, widest)
        found.append(line)
        rest = rest[len(line) :]
    if rest:
        line = found[-1]
        last = line.rstrip(_CUT)
        while last and width(last) + 100 > widest:
            last = last[:-1]
        found[-1] = _whole_words(last, (line + rest)[len(last) :]).rstrip(_CUT) + "…"
    return found


def whole_sentences(text: str, widest: int, lines: int) -> list[str]:
    """As `wrapped`, but cut after a sentence, without an ellipsis; only a first sentence too long by itself has one."""
    found = wrapped(text, widest, lines)
    whole = one_line(text)
    if "".join(found) == whole:
        return found
    kept = whole[: sum(map(len, found)) - 1]
    ends = [match.end() for match in _SENTENCE.finditer(kept)]
    return wrapped(whole[: ends[-1]], widest, lines) if ends else found


def _first_line(text: str, widest: int) -> str:
    if len(text) * 100 <= widest:
        return text
    left = widest
    breakable = 0
    for place, sign in enumerate(text):
        if place and _may_break(text[place - 1], sign):
            breakable = place
        if sign != " ":
            left -= _WIDTHS[sign]
            if left < 0:
                return text[: breakable or place or 1]
        else:
            left -= 34
    return text


def _may_break(before: str, after: str) -> bool:
    if after in _NO_LINE_STARTS_WITH or after == " ":
        return False
    return before == " " or ord(before) >= 0x2E80 or ord(after) >= 0x2E80
