"""The price list of an edition: one row per item and tier, the columns a trade buyer asks for (expo.md).

It holds trade prices only. What a maker earns, what anything costs and how a price is split are not in ``CatalogueData``
and so cannot get here; no column is hidden.
"""

from collections.abc import Iterator, Sequence

from shop.documents.edition import CatalogueData, CatalogueItem
from shop.documents.labels import Words, day, label, said
from shop.documents.tables import Cell, Column, Kind, Sheet

_COLUMNS: tuple[tuple[str, Kind, int], ...] = (
    ("edition", "text", 9),
    ("made_on", "date", 12),
    ("item_no", "text", 12),
    ("sku", "text", 16),
    ("name_zh", "text", 24),
    ("name_vi", "text", 28),
    ("name_en", "text", 30),
    ("text", "text", 40),
    ("size", "text", 20),
    ("weight_g", "whole", 10),
    ("materials", "text", 28),
    ("technique", "text", 16),
    ("colours", "text", 18),
    ("workshop", "text", 20),
    ("maker", "text", 16),
    ("booth", "text", 8),
    ("heritage_level", "text", 12),
    ("certificate_no", "text", 14),
    ("moq", "whole", 9),
    ("lead_days", "whole", 10),
    ("capacity", "whole", 10),
    ("price_term", "text", 18),
    ("currency", "text", 9),
    ("min_qty", "whole", 10),
    ("unit_price", "money", 13),
    ("sample_price", "money", 13),
    ("valid_until", "date", 12),
    ("inner_pack", "whole", 10),
    ("carton_pieces", "whole", 10),
    ("carton_size", "text", 16),
    ("gross_weight", "whole", 10),
    ("net_weight", "whole", 10),
    ("cbm", "text", 10),
    ("hs_code", "text", 14),
    ("origin", "text", 12),
    ("care", "text", 30),
    ("link", "text", 30),
)


def price_list(data: CatalogueData, lang: str) -> list[Sheet]:
    """The list as one sheet, headings in ``lang``, edition no. and date above and in every row. For XLSX and CSV."""
    title = f"{said(data.expo_name, lang)} · {label('price_list', lang)}"
    colon = "：" if lang == "zh" else ": "
    edition = (
        f"{label('edition', lang)}{colon}{data.edition} · {label('made_on', lang)}{colon}{day(data.made_on, lang)}"
    )
    return [
        Sheet(
            name=label("price_list", lang),
            columns=[Column(label(key, lang), kind, width) for key, kind, width in _COLUMNS],
            rows=_Rows(data, lang),
            above=[title, edition, said(data.coop_name, lang)],
        )
    ]


class _Rows:
    """The rows of a list, made anew each time somebody goes through them: a long list is never in memory whole."""

    def __init__(self, data: CatalogueData, lang: str) -> None:
        self._data = data
        self._lang = lang

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        for item in self._data.items:
            yield from _rows(item, self._data, self._lang)


def _rows(item: CatalogueItem, data: CatalogueData, lang: str) -> Iterator[Sequence[Cell]]:
    facts = _facts(item, data, lang)
    prices: list[dict[str, Cell]] = [{"min_qty": quantity, "unit_price": price} for quantity, price in item.tiers]
    for tier in prices or [{"min_qty": None, "unit_price": None}]:
        row = facts | tier
        yield [row[key] for key, _, _ in _COLUMNS]


def _facts(item: CatalogueItem, data: CatalogueData, lang: str) -> dict[str, Cell]:
    box = item.carton
    proof = item.certificate
    return {
        "edition": data.edition,
        "made_on": data.made_on,
        "item_no": item.item_no,
        "sku": item.sku or item.item_no,
        **{f"name_{code}": _only(item.names, code, lang) for code in ("zh", "vi", "en")},
        "text": said(item.text, lang),
        "size": said(item.size, lang),
        "weight_g": item.weight_g,
        "materials": said(item.materials, lang),
        "technique": said(item.technique, lang),
        "colours": said(item.colours, lang),
        "workshop": said(item.workshop, lang),
        "maker": said(item.maker, lang),
        "booth": item.booth,
        "heritage_level": said(proof.level, lang) if proof else None,
        "certificate_no": proof.number if proof else None,
        "moq": item.moq,
        "lead_days": item.lead_days,
        "capacity": item.monthly_capacity,
        "price_term": said(item.price_term, lang),
        "currency": item.currency,
        "sample_price": item.sample,
        "valid_until": item.valid_until or data.valid_until,
        "inner_pack": box.inner_pack if box else None,
        "carton_pieces": box.pieces if box else None,
        "carton_size": f"{box.length_cm}×{box.width_cm}×{box.height_cm}" if box else None,
        "gross_weight": box.gross_weight_g if box else None,
        "net_weight": box.net_weight_g if box else None,
        "cbm": box.cubic_metres if box else None,
        "hs_code": item.hs_code,
        "origin": said(item.origin, lang),
        "care": said(item.care, lang),
        "link": item.url,
    }


def _only(words: Words, code: str, lang: str) -> str:
    """The text in just this language; a text without language counts as the list's."""
    if isinstance(words, str):
        return words if code == lang else ""
    return words.get(code, "")
