"""How a catalogue is laid out: what stands on which page, every text already said, cut and numbered.

The pages are counted here, so that the press lays out once and the index is right. Every text has a longest length, so
that no entry pushes another off its page.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from shop.documents.edition import CatalogueData, CatalogueItem
from shop.documents.entry import FACT_ROW_MM, LABEL_MM, PRICE_ROW_MM, Json, entry
from shop.documents.labels import LABELS, Words, day, days, label, others, said
from shop.documents.measure import short, width, wrapped
from shop.words import fold

PER_PAGE = 4
PAGES_PER_PART = 64
EXHIBITORS_PER_PAGE = 30
BELOW_PREFACE = 10
ITEM_MM = 114
SMALLEST_PICTURE_MM = 26
LARGEST_PICTURE_MM = 72
INDEX_ROWS = 46
INDEX_COLUMNS = 3
INDEX_MM = 187.2
INDEX_PAGE_MM = 17.2
"""What all columns take together; what each gives to its page numbers and the gap. Few entries get wide columns."""

Pictures = Mapping[Path | bytes | None, Json]
"""File name, width and height by picture."""
_INDEX_MM_PER_HUNDREDTH = 7.5 * 25.4 / 72 / 100

T = TypeVar("T")


class Section(NamedTuple):
    """The items of one workshop, in the order of the edition."""

    workshop: Words
    items: list[CatalogueItem]


class Page(NamedTuple):
    """One page of items."""

    section: Section
    number: int
    first: bool
    items: Sequence[CatalogueItem]


def laid_out(data: CatalogueData, lang: str, pictures: Pictures, codes: Mapping[str, str]) -> Json:
    """The whole book for the template; ``codes`` are file names of QR codes by URL."""
    sections = _sections(data.items)
    lists = list(_chunks(sorted(sections, key=_a_to_z), EXHIBITORS_PER_PAGE))
    preface_page = 2 if said(data.preface, lang) else None
    first_list = 2 if preface_page is None or len(sections) <= BELOW_PREFACE else 3
    pages = list(_pages(sections, first_list + len(lists)))
    exhibitors = _exhibitor_lists(lists, pages, first_list, lang)
    below = exhibitors.pop(0) if preface_page == first_list and exhibitors else None
    next_page = pages[-1].number + 1 if pages else first_list + len(lists)
    valid = _valid_until(data, lang)
    edition = label("edition_no", lang, edition=data.edition)
    return {
        "lang": lang,
        "title": f"{said(data.expo_name, lang)} · {edition}",
        "coop": short(said(data.coop_name, lang), 44),
        "running": short(f"{said(data.expo_name, lang)} · {edition}", 90),
        "footer": " · ".join(part for part in (valid, label("not_binding", lang)) if part),
        "measures": {"fact_row": FACT_ROW_MM, "price_row": PRICE_ROW_MM, "labels": LABEL_MM[lang]},
        "words": {key: text[lang] for key, text in LABELS.items()},
        "cover": _cover(data, lang, pictures),
        "preface": _preface(data, lang, preface_page, below),
        "exhibitors": exhibitors,
        "pages": [_page(page, data, lang, pictures, codes) for page in pages],
        "index": _index(pages, next_page, lang),
    }


def parts(whole: Json) -> Iterator[Json]:
    """The book in parts of at most PAGES_PER_PART pages of items: the first with cover and lists, the last with index.

    The press keeps in memory what it lays out, some 600 kB a page.
    """
    pages = whole["pages"]
    assert isinstance(pages, list)
    chunks = list(_chunks(pages, PAGES_PER_PART)) or [[]]
    for place, chunk in enumerate(chunks):
        first, last = place == 0, place == len(chunks) - 1
        yield {
            **whole,
            "cover": whole["cover"] if first else None,
            "preface": whole["preface"] if first else None,
            "exhibitors": whole["exhibitors"] if first else [],
            "pages": chunk,
            "index": whole["index"] if last else [],
        }


def _chunks(things: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(things), size):
        yield things[start : start + size]


def _sections(items: Sequence[CatalogueItem]) -> list[Section]:
    found: dict[object, Section] = {}
    for item in items:
        workshop = item.workshop
        key = workshop if isinstance(workshop, str) else tuple(sorted(workshop.items()))
        found.setdefault(key, Section(workshop, [])).items.append(item)
    return list(found.values())


def _a_to_z(section: Section) -> tuple[bool, str]:
    """By English name, accents aside, names that are only Chinese after Z (expo.md)."""
    names = section.workshop
    name = names if isinstance(names, str) else names.get("en") or said(names, "zh")
    return (ord(name[:1] or "Z") >= 0x2E80, fold(name))


def _page_sizes(items: int) -> Iterator[int]:
    """Four a page; five are 3 + 2, so that no item stands alone after others."""
    while items > PER_PAGE + 1 or items == PER_PAGE:
        yield PER_PAGE
        items -= PER_PAGE
    if items == PER_PAGE + 1:
        yield from (3, 2)
    elif items:
        yield items


def _pages(sections: Sequence[Section], number: int) -> Iterator[Page]:
    for section in sections:
        start = 0
        for size in _page_sizes(len(section.items)):
            yield Page(section, number, start == 0, section.items[start : start + size])
            start += size
            number += 1


def _valid_until(data: CatalogueData, lang: str) -> str:
    """One date for all prices, where there is one."""
    dates = {data.valid_until} if data.valid_until else {item.valid_until for item in data.items}
    only = dates.pop() if len(dates) == 1 else None
    return label("valid_to", lang, date=day(only, lang)) if only else ""


def _on_cover(sections: Sequence[Section]) -> list[CatalogueItem]:
    """Three items with pictures, of different workshops where there are three."""
    pictured = [[item for item in section.items if item.image is not None] for section in sections]
    first = [items[0] for items in pictured if items]
    rest = [item for items in pictured for item in items[1:]]
    found: dict[Path | bytes | None, CatalogueItem] = {}
    for item in (*first, *rest):
        found.setdefault(item.image, item)
    return list(found.values())[:3]


def large_pictures(items: Sequence[CatalogueItem]) -> set[Path | bytes | None]:
    """The pictures that fill a page's width: those on the cover, and of an item that stands alone."""
    sections = _sections(items)
    alone = [section.items[0] for section in sections if len(section.items) == 1]
    return {item.image for item in (*_on_cover(sections), *alone)}


def _cover(data: CatalogueData, lang: str, pictures: Pictures) -> Json:
    name = short(said(data.expo_name, lang), 90)
    return {
        "kind": label("catalogue", lang),
        "name": name,
        "long": short(name, 26) != name,
        "others": [short(other, 90) for other in others(data.expo_name, lang)],
        "days": days(data.starts_on, data.ends_on, lang),
        "place": short(said(data.place, lang), 70),
        "edition": short(data.edition, 8),
        "made": label("printed_on", lang, date=day(data.made_on, lang)),
        "pictures": [pictures[item.image] for item in _on_cover(_sections(data.items))],
    }


def _preface(data: CatalogueData, lang: str, page: int | None, exhibitors: Json | None) -> Json | None:
    if page is None or data.preface is None:
        return None
    return {
        "page": page,
        "text": short(said(data.preface, lang), 900),
        "others": [short(other, 700) for other in others(data.preface, lang)],
        "exhibitors": exhibitors,
    }


def _exhibitor_lists(
    lists: Sequence[Sequence[Section]], pages: Sequence[Page], first_page: int, lang: str
) -> list[Json]:
    starts = {id(page.section.items): page.number for page in pages if page.first}
    return [
        {
            "page": first_page + place,
            "rows": [
                {
                    "name": short(said(section.workshop, lang), 40),
                    "others": " · ".join(short(other, 30) for other in others(section.workshop, lang)),
                    "booth": short(section.items[0].booth, 8),
                    "count": _counted("one_item", "n_items", len(section.items), lang),
                    "page": starts[id(section.items)],
                }
                for section in part
            ],
        }
        for place, part in enumerate(lists)
    ]


def _counted(one: str, many: str, n: int, lang: str) -> str:
    return label(one, lang) if n == 1 else label(many, lang, n=n)


def _page(page: Page, data: CatalogueData, lang: str, pictures: Pictures, codes: Mapping[str, str]) -> Json:
    own_dates = not _valid_until(data, lang)
    entries = [
        entry(item, lang, on_page=len(page.items), dated=own_dates, coded=item.url in codes) for item in page.items
    ]
    other_names = " · ".join(short(other, 34) for other in others(page.section.workshop, lang))
    return {
        "page": page.number,
        "section": short(said(page.section.workshop, lang), 34),
        "beside_section": other_names if page.first else label("continued", lang),
        "booth": short(page.section.items[0].booth, 12),
        "picture_heights": [_picture_height(row) for row in _chunks(entries, 2)],
        "items": [
            {**texts, "picture": pictures.get(item.image), "qr": codes.get(item.url)}
            for item, texts in zip(page.items, entries, strict=True)
        ],
    }


def _picture_height(row: Sequence[Json]) -> int:
    """What two items side by side leave to their pictures, in whole millimetres."""
    texts = max(int(str(texts["height"])) for texts in row)
    return max(SMALLEST_PICTURE_MM, min(LARGEST_PICTURE_MM, ITEM_MM - texts))


def _natural(text: str) -> list[tuple[bool, int, str]]:
    """QS-2 before QS-10."""
    return [(not part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in re.split(r"(\d+)", text)]


def _index(pages: Sequence[Page], first_page: int, lang: str) -> list[Json]:
    rows = sorted(
        ((short(item.item_no, 16), said(item.names, lang), page.number) for page in pages for item in page.items),
        key=lambda row: (_natural(row[0]), row[2]),
    )
    chunks = list(_chunks(rows, INDEX_ROWS))
    pitch = INDEX_MM / min(len(chunks) or 1, INDEX_COLUMNS)
    columns = []
    for column in chunks:
        indent = max(width(number) for number, _, _ in column) * _INDEX_MM_PER_HUNDREDTH + 2
        left = int((pitch - INDEX_PAGE_MM - indent - 2) / _INDEX_MM_PER_HUNDREDTH)
        columns.append(
            {
                "item_nos": "\n".join(number for number, _, _ in column),
                "names": "\n".join(wrapped(name, left, 1)[0] for _, name, _ in column),
                "pages": "\n".join(str(page) for _, _, page in column),
                "indent": indent,
            }
        )
    return [
        {"page": first_page + place, "pitch": pitch, "columns": list(part)}
        for place, part in enumerate(_chunks(columns, INDEX_COLUMNS))
    ]
