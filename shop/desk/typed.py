"""What is typed on a phone: whole numbers and lengths, full-width digits included."""

import re
import unicodedata
from collections.abc import Mapping

_WHOLE = re.compile(r"[0-9]{1,6}")
_LENGTH = re.compile(r"([0-9]{1,4})(?:[.,]([0-9]))?")


class NotWhole(ValueError):
    """No whole number of zero or more."""


def plain(text: str | None) -> str:
    """Full-width digits are digits; white space around counts for nothing."""
    return unicodedata.normalize("NFKC", (text or "")[:40]).strip()


def whole(text: str | None) -> int:
    """A whole number; nothing typed is 0. Raises NotWhole for everything else: -1, 1.5, 2**63."""
    body = plain(text)
    if not body:
        return 0
    if not _WHOLE.fullmatch(body) or not body.isascii():
        raise NotWhole(body)
    return int(body)


def tenths(text: str | None) -> int | None:
    """A length in tenths of a centimetre ("8.5" is 85); None for what is no length above zero."""
    found = _LENGTH.fullmatch(plain(text))
    if not found:
        return None
    return (int(found[1]) * 10 + int(found[2] or 0)) or None


def stepped(values: Mapping[str, str], *, most: int = 9999) -> tuple[str, str] | None:
    """The field that a stepper's button changed and its new text; None when no such button was pressed."""
    for button, step in (("less", -1), ("more", 1)):
        name = values.get(button)
        if name:
            try:
                now = whole(values.get(name))
            except NotWhole:
                now = 0
            return name, str(min(max(now + step, 0), most))
    return None
