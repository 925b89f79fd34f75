"""Lists of our own: one row a piece or a size of it, headings in Chinese, Vietnamese or English."""

from collections.abc import Mapping, Sequence
from functools import partial

from shop.catalog.importing.cells import HANDLE_LENGTH, TITLE_LENGTH, Row
from shop.catalog.importing.grouping import Gathered, first_prose, first_text, once, one_title
from shop.catalog.importing.headings import plain_heading
from shop.catalog.importing.rows import ImportedProduct, ImportedVariant, canonical, product_key, variant_key

_TOTALS = {
    plain_heading(word) for word in ("合计", "总计", "小计", "共计", "Total", "Sum", "Tổng", "Tổng cộng", "Cộng")
}
_BARE_FIGURES = frozenset("0123456789.×x*X-–/ ")


def gather(rows: Sequence[Row], gathered: Gathered, units: Mapping[str, str]) -> None:
    """All products of the file. Rows of one handle, else of one title, are sizes and colours of one product."""
    titles = [key for key in (rows[0].columns if rows else ()) if key.startswith("title:")]
    groups: dict[str, list[Row]] = {}
    handles: dict[str, str] = {}
    for row in rows:
        title = next((text for key in titles if (text := row.glance(key, TITLE_LENGTH))), "")
        if plain_heading(title) in _TOTALS and not row.raw("sku").strip():
            gathered.skip(row, "total_row")
            continue
        handle = row.glance("handle", HANDLE_LENGTH) or title
        if not handle:
            row.refuse(titles[0], "missing_title")
            continue
        key = canonical(handle)
        handles.setdefault(key, handle)
        groups.setdefault(key, []).append(row)
    for key, group in groups.items():
        for handle, part in _parts(handles[key], group):
            gathered.take(part, partial(_product, gathered, handle, part, titles, units))


def _parts(handle: str, rows: list[Row]) -> list[tuple[str, list[Row]]]:
    """One product, or as many as rows where one title names different pieces, each with its own number."""
    values = [_values(row) for row in rows]
    if len(set(values)) == len(rows) or any(row.raw("handle").strip() or not row.raw("sku").strip() for row in rows):
        return [(handle, rows)]
    return [(f"{handle} {row.raw('sku').strip()}"[:HANDLE_LENGTH], [row]) for row in rows]


def _values(row: Row) -> tuple[str, str]:
    return canonical(row.raw("size")), canonical(row.raw("colour"))


def _product(
    gathered: Gathered, handle: str, rows: Sequence[Row], titles: Sequence[str], units: Mapping[str, str]
) -> ImportedProduct | None:
    before = len(gathered.faults.found)
    first_text(rows, "handle", HANDLE_LENGTH)
    title = _by_language(gathered, {key: one_title(rows, key) for key in titles})
    if not title and len(gathered.faults.found) == before:
        rows[0].refuse(titles[0], "missing_title")
    description = _by_language(gathered, {key: first_prose(rows, key) for key in _keys(rows, "description")})
    materials = _by_language(gathered, {key: first_prose(rows, key) for key in _keys(rows, "materials")})
    craft = first_text(rows, "craft")
    tags = once([tag for row in rows for tag in row.names("tags")])
    if len(gathered.faults.found) > before:
        return None
    read = [gathered.sound(partial(_variant, gathered, handle, row, units)) for row in rows]
    variants = tuple(variant for variant in read if variant is not None)
    if not variants:
        return None
    return ImportedProduct(
        key=product_key(handle),
        handle=handle,
        title=title,
        description=description,
        materials=materials,
        rows=tuple(row.number for row in rows),
        variants=variants,
        craft=craft or None,
        tags=tags,
    )


def _keys(rows: Sequence[Row], name: str) -> list[str]:
    return [key for key in rows[0].columns if key.startswith(f"{name}:")]


def _by_language(gathered: Gathered, texts: Mapping[str, str]) -> dict[str, str]:
    """Several columns of one text name their languages; a single one is in the language of the file's texts."""
    if len(texts) == 1:
        (text,) = texts.values()
        return {gathered.lang: text} if text else {}
    return {key.partition(":")[2]: text for key, text in texts.items() if text}


def _variant(gathered: Gathered, handle: str, row: Row, units: Mapping[str, str]) -> ImportedVariant:
    size = _sized(row.text("size"), units.get("size", ""))
    colour = row.text("colour")
    sku = row.sku()
    if sku:
        gathered.claim(row, variant_key(sku, "", ()), "sku")
    place = variant_key(None, handle, (size, colour))
    gathered.claim(row, place, "size" if size else _keys([row], "title")[0])
    price = row.money("price", gathered.currency, gathered.number_lang)
    pay = row.money("pay", gathered.currency, gathered.number_lang)
    if price and pay and pay > price:
        row.refuse("pay", "pay_over_price", other=row.text("price"))
    return ImportedVariant(
        key=variant_key(sku, handle, (size, colour)),
        place_key=place,
        rows=(row.number,),
        sku=sku,
        options=tuple((name, value) for name, value in (("size", size), ("colour", colour)) if value),
        size_label=size or None,
        colour=colour or None,
        price=price,
        quantity=row.quantity(),
        weight_g=row.grams(unit=units.get("weight", "g")),
        pay=pay,
        makers=row.names("makers"),
        picture_urls=row.urls("pictures"),
    )


def _sized(size: str, unit: str) -> str:
    """A bare figure under "尺寸(cm)" means centimetres and says so on the product page."""
    return f"{size} {unit}" if size and unit and set(size) <= _BARE_FIGURES else size
