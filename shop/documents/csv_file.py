"""CSV as people have it: which encoding, which delimiter, quotes with line breaks."""

import codecs
import csv
import re
import unicodedata
from collections.abc import Iterator
from io import StringIO

from shop.documents.limits import BadFile, Limits

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARABLE = {
    "utf-8": "utf-8",
    "utf-16": "utf-16",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "cp1258": "cp1258",
    "windows-1258": "cp1258",
}
_DELIMITERS = ",;\t|"
_CONTROL = re.compile("[\x01-\x08\x0e-\x1f]")
_GB_PAIR = re.compile(rb"[\x81-\xfe]([\x40-\x7e\x80-\xfe])")
_SNIFFED = 65_536
_SNIFFED_ROWS = 40


def rows(content: bytes, limits: Limits, encoding: str | None) -> Iterator[list[str]]:
    """The records of a CSV file. Raises BadFile at once for what is no text, while reading for broken quotes."""
    text = decoded(content, encoding)
    if _CONTROL.search(text, 0, _SNIFFED) or text.lstrip()[:1] == "<":
        raise BadFile("not_a_table")
    declared = re.match(r"sep=(.)\r?\n", text)
    if declared:
        text = text[declared.end() :]
    return _records(text, declared[1] if declared else delimiter(text), limits)


def decoded(content: bytes, encoding: str | None = None) -> str:
    """The text, by its mark, by declaration, else UTF-8, else GB18030. Raises BadFile with the row of the first fault."""
    for mark, name in _BOMS:
        if content.startswith(mark):
            return _strict(content[len(mark) :], name)
    if encoding is not None:
        known = _DECLARABLE.get(encoding.lower().replace("_", "-"))
        if known is None:
            raise BadFile("encoding", encoding=encoding)
        return unicodedata.normalize("NFC", _strict(content, known))
    if b"\0" in content:
        return _strict(content, _unmarked_utf16(content))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as fault:
        return _no_utf8(content, fault)


def _strict(content: bytes, name: str) -> str:
    try:
        return content.decode(name)
    except UnicodeDecodeError as fault:
        cut = fault.end >= len(content) and ("end of data" in fault.reason or "truncated" in fault.reason)
        cut = cut or "incomplete" in fault.reason
        raise BadFile("cut_off" if cut else "encoding", row=_row(content, fault.start, name)) from None


def _row(content: bytes, place: int, name: str) -> int:
    return content.count("\n".encode(name), 0, place) + 1


def _unmarked_utf16(content: bytes) -> str:
    """Line ends and commas have a zero byte; on which side tells the order."""
    start = content[:4096]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) * 20 < len(start) or min(even, odd) * 4 > max(even, odd):
        raise BadFile("not_a_table")
    return "utf-16-be" if even > odd else "utf-16-le"


def _no_utf8(content: bytes, fault: UnicodeDecodeError) -> str:
    """GB18030, unless the file is UTF-8 with a fault in it, or another alphabet altogether."""
    row = _row(content, fault.start, "utf-8")
    if fault.reason == "unexpected end of data":
        raise BadFile("cut_off", row=row)
    # Four signs beyond ASCII that happen to be right in UTF-8 are no accident.
    before = content[: fault.start].decode("utf-8")
    if sum(1 for sign in before if ord(sign) >= 0x80) >= 4 or not _looks_chinese(content):
        raise BadFile("encoding", row=row)
    return _strict(content, "gb18030")


def _looks_chinese(content: bytes) -> bool:
    """In GB18030 nearly every sign in use has two high bytes; an accented letter would swallow the letter behind it."""
    seconds = [pair[1][0] for pair in _GB_PAIR.finditer(content[:_SNIFFED])]
    return bool(seconds) and sum(1 for second in seconds if second >= 0xA1) * 2 > len(seconds)


def delimiter(text: str) -> str:
    """The mark that parts most rows into as many cells as the first; a comma where none does."""
    sample = text[:_SNIFFED]
    if len(text) > _SNIFFED:
        sample = sample[: max(sample.rfind("\n"), sample.rfind("\r")) + 1] or sample
    best, found = (0.0, 0), ","
    for mark in _DELIMITERS:
        widths = []
        try:
            for record in csv.reader(StringIO(sample, newline=""), delimiter=mark):
                if record:
                    widths.append(len(record))
                if len(widths) >= _SNIFFED_ROWS:
                    break
        except csv.Error:
            continue
        if widths and widths[0] > 1:
            alike = sum(1 for width in widths if width == widths[0]) / len(widths)
            if (alike, widths[0]) > best:
                best, found = (alike, widths[0]), mark
    return found


def _records(text: str, mark: str, limits: Limits) -> Iterator[list[str]]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=mark, strict=True)
    number = 0
    while True:
        number += 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            if "field limit" in str(fault):
                raise BadFile("cell_too_long", row=number, limit=limits.cell) from None
            raise BadFile("bad_quotes", row=number) from None
        yield record
