"""Shopify's product export: several rows a handle, further rows with variants or only with pictures."""

from collections.abc import Sequence
from functools import partial

from shop.catalog.importing.cells import HANDLE_LENGTH, LIST_LENGTH, TITLE_LENGTH, Row
from shop.catalog.importing.grouping import Gathered, first_prose, first_text, once, one_title
from shop.catalog.importing.headings import plain_heading
from shop.catalog.importing.rows import ImportedProduct, ImportedVariant, canonical, product_key, variant_key
from shop.money import Money

_OPTIONS = (1, 2, 3)
_VARIANT_FIELDS = ("sku", "price", "quantity", "option1_value", "option2_value", "option3_value")
_COLOUR_WORDS = {plain_heading(word) for word in ("Color", "Colour", "颜色", "色", "Màu", "Màu sắc")}


def gather(rows: Sequence[Row], gathered: Gathered) -> None:
    """All products of the file, in order of their first row. Rows of one handle may stand apart."""
    groups: dict[str, list[Row]] = {}
    handles: dict[str, str] = {}
    last = ""
    for row in rows:
        handle = row.glance("handle", HANDLE_LENGTH) or row.glance("title", TITLE_LENGTH)
        if not handle and "handle" not in row.columns and last:
            handle = handles[last]
        if not handle:
            row.refuse("handle" if "handle" in row.columns else "title", "missing_handle")
            continue
        last = canonical(handle)
        handles.setdefault(last, handle)
        groups.setdefault(last, []).append(row)
    for key, group in groups.items():
        gathered.take(group, partial(_product, gathered, handles[key], group))


def _product(gathered: Gathered, handle: str, rows: Sequence[Row]) -> ImportedProduct | None:
    before = len(gathered.faults.found)
    first_text(rows, "handle", HANDLE_LENGTH)
    title = one_title(rows, "title")
    if not title and len(gathered.faults.found) == before:
        rows[0].refuse("title", "missing_title")
    body = first_prose(rows, "description")
    craft = first_text(rows, "craft")
    tags = once([tag for row in rows for tag in row.names("tags", LIST_LENGTH)])
    names = [first_text(rows, f"option{place}_name") for place in _OPTIONS]
    pictures = tuple((row.number, url) for row in rows for url in row.urls("picture"))
    if len(gathered.faults.found) > before:
        return None
    sold, shown = _sorted_out(gathered, rows)
    read = [gathered.sound(partial(_variant, gathered, handle, names, row)) for row in sold]
    variants = tuple(variant for variant in read if variant is not None)
    if not variants:
        return None
    return ImportedProduct(
        key=product_key(handle),
        handle=handle,
        title={gathered.lang: title},
        description={gathered.lang: body} if body else {},
        rows=tuple(row.number for row in rows),
        variants=variants,
        craft=craft or None,
        tags=tags,
        pictures=pictures,
        picture_rows=tuple(row.number for row in shown),
    )


def _sorted_out(gathered: Gathered, rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Rows with a variant, rows with nothing but a picture. The first row always is a variant."""
    sold, shown = [], []
    for row in rows:
        if row is rows[0] or any(row.raw(name).strip() for name in _VARIANT_FIELDS):
            sold.append(row)
        elif row.raw("picture").strip():
            shown.append(row)
        else:
            gathered.skip(row, "nothing_in_row")
    return sold, shown


def _variant(gathered: Gathered, handle: str, names: Sequence[str], row: Row) -> ImportedVariant:
    values = [row.text(f"option{place}_value") for place in _OPTIONS]
    if canonical(names[0]) == "title" and canonical(values[0]) == "default title":
        values[0] = ""
    options = tuple(
        (name or f"Option {place}", value) for place, name, value in zip(_OPTIONS, names, values, strict=True) if value
    )
    sku = row.sku()
    if sku:
        gathered.claim(row, variant_key(sku, "", ()), "sku")
    place = variant_key(None, handle, values)
    gathered.claim(row, place, "option1_value")
    return ImportedVariant(
        key=variant_key(sku, handle, values),
        place_key=place,
        rows=(row.number,),
        sku=sku,
        options=options,
        size_label=" / ".join(value for name, value in options if plain_heading(name) not in _COLOUR_WORDS) or None,
        colour=" / ".join(value for name, value in options if plain_heading(name) in _COLOUR_WORDS) or None,
        price=_price(gathered, row),
        quantity=row.quantity(),
        weight_g=row.grams(),
        picture_urls=row.urls("variant_picture"),
    )


def _price(gathered: Gathered, row: Row) -> Money | None:
    """Exports write a decimal point whatever the shop's language is."""
    return row.money("price", gathered.currency, "en")
