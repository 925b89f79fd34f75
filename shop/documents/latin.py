"""Texts in the few signs that banks carry: SWIFT's character set X, which Vietnamese names are written in without marks."""

import re
import unicodedata

_X = re.compile(r"[A-Za-z0-9/\-?:().,'+ ]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")


def plain(text: str) -> str:
    """One line without control signs, which XML does not carry; every run of spaces is one."""
    return " ".join(_CONTROL.sub(" ", text).split())


def latin(text: str) -> str | None:
    """The text in set X, "Nguyễn Đức" as "Nguyen Duc"; None where it has signs that set X has no letter for."""
    folded = unicodedata.normalize("NFKD", plain(text).replace("đ", "d").replace("Đ", "D"))
    bare = "".join(sign for sign in folded if not unicodedata.combining(sign))
    return bare if _X.fullmatch(bare) else None
