"""The texts of one item in a catalogue, cut to the lines they have, and the height they take."""

import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import NamedTuple

from shop.documents.edition import CatalogueItem
from shop.documents.labels import day, label, others, said
from shop.documents.measure import one_line, short, whole_sentences, width, wrapped
from shop.money import format_money

Json = dict[str, object]

TIERS_PER_ROW = 4
FACT_ROW_MM = 4.0
PRICE_ROW_MM = 8.8
LABEL_MM = {"zh": 17.5, "vi": 17.5, "en": 15}
"""The place of a fact's label; its value begins there."""

_EM_MM = 25.4 / 72
_FACT_EM = 7.2 * _EM_MM / 100
_ENGLISH = {
    "size": "Size",
    "materials": "Material",
    "technique": "Craft",
    "colours": "Colour",
    "moq": "MOQ",
    "lead": "Lead",
    "carton": "Carton",
    "hs": "HS",
    "origin": "Origin",
    "heritage": "Heritage",
    "valid_until": "Valid",
}


class _Place(NamedTuple):
    """Widths of the texts in millimetres, type sizes in points, the most lines of the story."""

    name_mm: float
    name_pt: float
    story_mm: float
    story_pt: float
    story_lines: int
    facts_mm: float


_PLACES = {
    1: _Place(85.5, 15, 85.5, 8.6, 6, 85.5),
    2: _Place(81, 15, 81, 8.6, 9, 81),
    3: _Place(97, 12, 97, 7.6, 3, 97),
    4: _Place(85.5, 11.5, 85.5, 7.6, 3, 85.5),
}
"""By the number of items on the page."""


def entry(item: CatalogueItem, lang: str, *, on_page: int, dated: bool, coded: bool) -> Json:
    """What the template shows of an item; ``height`` of all its texts in millimetres.

    ``dated``: with the day its own price is valid until. ``coded``: beside a QR code.
    """
    place = _PLACES[on_page]
    name_mm = place.name_mm - (20 if coded else 0)
    name = wrapped(said(item.names, lang), _hundredths(name_mm, place.name_pt), 2)
    other_names = [wrapped(other, _hundredths(name_mm, 7.5), 1)[0] for other in others(item.names, lang)]
    maker = _beside_number(item, lang, name_mm)
    story = whole_sentences(said(item.text, lang), _hundredths(place.story_mm, place.story_pt), place.story_lines)
    facts = _facts(item, lang, place.facts_mm, dated=dated)
    prices = _prices(item, lang)
    title_mm = _lines_mm(1 + len(other_names), 7.5) + _lines_mm(len(name), place.name_pt)
    texts_mm = (
        max(title_mm + 1, 19 if coded else 0)
        + (1.6 + _lines_mm(len(story), place.story_pt) if story else 0)
        + (1.6 + FACT_ROW_MM * len(facts))
        + (1.0 + PRICE_ROW_MM * len(prices))
    )
    return {
        "item_no": short(item.item_no, 24),
        "name": "".join(name),
        "others": "\n".join(other_names),
        "maker": maker,
        "title_height": title_mm,
        "text": "".join(story),
        "facts": {
            "rows": len(facts),
            "labels": "\n".join(row[0].label for row in facts),
            "values": "\n".join(row[0].value for row in facts),
            "labels2": "\n".join(row[1].label for row in facts),
            "values2": "\n".join(row[1].value for row in facts),
        },
        "terms": f"{item.currency} · {short(said(item.price_term, lang), 24)}",
        "prices": prices,
        "height": int(texts_mm + 1),
    }


def _beside_number(item: CatalogueItem, lang: str, wide_mm: float) -> str | None:
    """Who made it, in the line of the item number."""
    names = _BETWEEN_NAMES.split(said(item.maker, lang) or "")
    left = _hundredths(wide_mm - 4 - width(short(item.item_no, 24)) * 7.5 * _EM_MM / 100, 7.5)
    between = "、" if lang == "zh" else ", "
    for kept in range(len(names), 0, -1):
        known, more = between.join(names[:kept]), len(names) - kept
        line = (
            label("made_by_more", lang, name=known, n=more, all=len(names))
            if more
            else label("made_by", lang, name=known)
        )
        if width(line) <= left:
            break
    # one name that is longer than the line is cut, never the list
    return wrapped(line, left, 1)[0] if names[0] else None


def _hundredths(millimetres: float, points: float) -> int:
    return int(millimetres / (points * _EM_MM) * 100)


def _lines_mm(lines: int, points: float) -> float:
    """Lines of a type size with the leading of the template, 2.8 pt."""
    return lines * (points + 2.8) * _EM_MM


def _prices(item: CatalogueItem, lang: str) -> list[list[Json]]:
    cells: list[Json] = [
        {"from": label("from_n", lang, n=quantity), "price": format_money(price, lang)}
        for quantity, price in item.tiers
    ]
    if item.sample:
        cells.append({"from": label("sample", lang), "price": format_money(item.sample, lang)})
    return [cells[start : start + TIERS_PER_ROW] for start in range(0, len(cells), TIERS_PER_ROW)]


_BETWEEN_NAMES = re.compile(r"、|, ")


class _Fact(NamedTuple):
    label: str
    value: str


_BLANK = _Fact("", "")


def _facts(item: CatalogueItem, lang: str, wide_mm: float, *, dated: bool) -> list[tuple[_Fact, _Fact]]:
    """The facts in rows of two; one that is too long for half a row has a row, or two, of its own."""
    whole = int((wide_mm - LABEL_MM[lang]) / _FACT_EM)
    half = int((wide_mm / 2 - 1 - LABEL_MM[lang]) / _FACT_EM)
    long: list[tuple[_Fact, _Fact]] = []
    halves: list[_Fact] = []
    for key, value in _said_facts(item, lang, dated=dated):
        name = f"{label(key, lang)} {_ENGLISH[key]}" if lang == "zh" else label(key, lang)
        text = one_line(value)
        if not text:
            continue
        if width(text) <= half:
            halves.append(_Fact(name, text))
        else:
            lines = wrapped(text, whole, 2)
            long += [(_Fact(name if place == 0 else "", line), _BLANK) for place, line in enumerate(lines)]
    return long + list(zip_longest(halves[::2], halves[1::2], fillvalue=_BLANK))


def _said_facts(item: CatalogueItem, lang: str, *, dated: bool) -> Iterator[tuple[str, str]]:
    comma = "，" if lang == "zh" else ", "
    weight = f"{item.weight_g}\u00a0g" if item.weight_g else ""
    capacity = label("n_a_month", lang, n=item.monthly_capacity) if item.monthly_capacity else ""
    lead = label("one_day", lang) if item.lead_days == 1 else label("n_days", lang, n=item.lead_days)
    box = item.carton
    proof = item.certificate
    yield "size", comma.join(part for part in (said(item.size, lang), weight) if part)
    yield "materials", said(item.materials, lang)
    yield "technique", said(item.technique, lang)
    yield "colours", said(item.colours, lang)
    yield "moq", label("n_pieces", lang, n=item.moq)
    yield "lead", comma.join(part for part in (lead, capacity) if part)
    yield "carton", f"{box.pieces} / {box.length_cm}×{box.width_cm}×{box.height_cm} cm" if box else ""
    yield "hs", item.hs_code
    yield "origin", said(item.origin, lang)
    yield "heritage", f"{said(proof.level, lang)} {proof.number}" if proof else ""
    if dated and item.valid_until:
        yield "valid_until", day(item.valid_until, lang)
