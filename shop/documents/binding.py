"""Binding: the parts of a book as the press made them become one PDF, with its pictures in their places.

typst keeps everything it laid out in memory, so a long book is pressed in parts. It writes a plain table of objects and
no compressed ones, which makes putting parts together a matter of counting: the objects of a later part get higher
numbers, and all pages hang on the first part's page list. What is found otherwise than expected raises RuntimeError.

typst says how large a sheet is (MediaBox) and where it is cut (TrimBox); that all of the sheet is bleed is added here.
"""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

from shop.documents.plates import Plate

_STAND_IN = re.compile(
    rb"(?P<head><</Length )(?P<length>\d+)"
    rb"(?P<kind>/Type/XObject/Subtype/Image/Filter/DCTDecode)/Width 1/Height 1(?P<rest>/[^>]*>>\nstream\n)"
)
_BOXES = re.compile(rb"/MediaBox(\[[^\]]*\])(?=/TrimBox\[)")
_PAGES = re.compile(rb"<</Type/Pages/Count (\d+)/Kids\[([^\]]*)\]>>")
_REFERENCE = re.compile(rb"(?<![\d.])(\d+) 0 R\b")
_XREF = re.compile(rb"xref\n0 (\d+)\n")
_TRAILER = re.compile(rb"trailer\n<</Size \d+(/Root \d+ 0 R/Info \d+ 0 R)/ID\[\([^)]*\)\(([^)]*)\)\]>>\n")
_ENTRY_BYTES = 20


class _Part:
    """One PDF of the press: its objects by number, the number of its page list, its trailer."""

    def __init__(self, pdf: bytes, shift: int) -> None:
        self.shift = shift
        self._pdf = pdf
        start = int(pdf[pdf.rindex(b"startxref\n") + 10 :].split(b"\n", 1)[0])
        table = _XREF.match(pdf, start)
        trailer = _TRAILER.match(pdf, table.end() + int(table[1]) * _ENTRY_BYTES) if table else None
        if table is None or trailer is None:
            raise RuntimeError("no plain table of objects in this PDF")
        self.count = int(table[1]) - 1
        self.roots, self.identity = trailer[1], trailer[2]
        offsets = [self._offset(table.end(), number) for number in range(1, self.count + 1)]
        self.begins = min(offsets)
        places = sorted(offsets)
        ends = dict(zip(places, [*places[1:], start], strict=True))
        self._bodies = {number: (offset, ends[offset]) for number, offset in enumerate(offsets, 1)}
        lists = [number for number, body in self.objects() if _PAGES.match(body)]
        if len(lists) != 1:
            raise RuntimeError(f"{len(lists)} page lists in this PDF")
        self.page_list = lists[0]

    def _offset(self, table: int, number: int) -> int:
        entry = self._pdf[table + number * _ENTRY_BYTES : table + (number + 1) * _ENTRY_BYTES]
        if not entry.endswith(b" 00000 n\r\n"):
            raise RuntimeError(f"object {number} is not in use")
        return int(entry[:10])

    def objects(self) -> Iterator[tuple[int, bytes]]:
        """Number and body (from after "n 0 obj" to "endobj") of each object, in the order of the table."""
        for number, (start, end) in self._bodies.items():
            yield number, self._pdf[start + len(b"%d 0 obj\n" % number) : end]

    def head(self) -> bytes:
        """What stands before the first object."""
        return self._pdf[: self.begins]

    def pages(self) -> list[int]:
        """The numbers its pages have in the bound book."""
        found = next(_PAGES.match(body) for number, body in self.objects() if number == self.page_list)
        assert found is not None
        return [int(kid) + self.shift for kid in _REFERENCE.findall(found[2])]


def bind(pdfs: Sequence[bytes], plates: Iterable[Plate], out: BinaryIO) -> None:
    """Write the book to ``out``, every stand-in replaced by its picture; of these one at a time is in memory.

    Raises RuntimeError when a picture has no place in the book.
    """
    waiting = {plate.stand_in: plate for plate in plates}
    missing = set(waiting)
    parts: list[_Part] = []
    for pdf in pdfs:
        parts.append(_Part(pdf, sum(part.count for part in parts)))
    first = parts[0]
    offsets: list[int] = []
    at = out.write(first.head())
    for part in parts:
        for number, body in part.objects():
            offsets.append(at)
            at += out.write(b"%d 0 obj\n" % (number + part.shift))
            stand_in = _stand_in(body)
            if part is first and number == first.page_list:
                at += out.write(_page_list([page for each in parts for page in each.pages()]))
            elif stand_in in waiting:
                at += _write_picture(out, body, waiting[stand_in], part.shift)
                missing.discard(stand_in)
            else:
                at += out.write(_renumbered(body, part, first.page_list))
    if missing:
        raise RuntimeError(f"{len(missing)} pictures have no place in this book")
    identity = b64encode(blake2b(b"".join(part.identity for part in parts), digest_size=16).digest())
    out.write(b"xref\n0 %d\n0000000000 65535 f\r\n" % (len(offsets) + 1))
    out.writelines(b"%010d 00000 n\r\n" % offset for offset in offsets)
    out.write(b"trailer\n<</Size %d%s/ID[(%s)(%s)]>>\n" % (len(offsets) + 1, first.roots, identity, identity))
    out.write(b"startxref\n%d\n%%%%EOF" % at)


def _page_list(pages: Sequence[int]) -> bytes:
    kids = b" ".join(b"%d 0 R" % page for page in pages)
    return b"<</Type/Pages/Count %d/Kids[%s]>>\nendobj\n" % (len(pages), kids)


def _renumbered(body: bytes, part: _Part, page_list: int) -> bytes:
    """The object with its references in the book's numbers, a page with its bleed. A stream itself is left alone."""
    cut = body.find(b">>\nstream\n")
    words, stream = (body, b"") if cut < 0 else (body[:cut], body[cut:])
    if part.shift:
        words = _REFERENCE.sub(lambda found: b"%d 0 R" % (int(found[1]) + part.shift), words)
        words = words.replace(b"/Parent %d 0 R" % (part.page_list + part.shift), b"/Parent %d 0 R" % page_list)
    return _BOXES.sub(rb"/MediaBox\1/BleedBox\1", words) + stream


def _stand_in(body: bytes) -> bytes | None:
    found = _STAND_IN.match(body)
    return body[found.end() : found.end() + int(found["length"])] if found else None


def _write_picture(out: BinaryIO, body: bytes, plate: Plate, shift: int) -> int:
    content = plate.picture.read_bytes() if isinstance(plate.picture, Path) else plate.picture
    found = _STAND_IN.match(body)
    assert found is not None
    rest = _REFERENCE.sub(lambda number: b"%d 0 R" % (int(number[1]) + shift), found["rest"])
    words = b"%s%d%s/Width %d/Height %d" % (found["head"], len(content), found["kind"], plate.width, plate.height)
    return out.write(words + rest) + out.write(content) + out.write(b"\nendstream\nendobj\n")
