"""Sentences for what is wrong with a file, and for what becomes of a row, in the reader's language."""

from textwrap import shorten

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from shop.catalog.importing.fates import Change, Fate
from shop.catalog.importing.rows import RowFault
from shop.web.i18n import comma

# Codes of a fault → its sentence. ``one`` and ``two`` are the facts in ``RowFault.other``, parted by ", ".
_FAULTS = {
    # the file
    "file_too_large": _l("The file is larger than %(other)s MB."),
    "file_too_many_rows": _l("The file has more than %(other)s rows. Please cut it into parts."),
    "file_too_many_columns": _l("The row has more than %(other)s cells."),
    "file_cell_too_long": _l("A cell in this row holds more than %(other)s characters."),
    "file_not_a_table": _l("This is neither a CSV nor an XLSX file."),
    "file_old_excel": _l("This is an old or locked Excel file. Please save it as XLSX without a password."),
    "file_damaged": _l("The Excel file is damaged or not whole."),
    "file_entities": _l("The Excel file holds declarations that no honest list needs."),
    "file_external_links": _l("The Excel file points at other files. Please save the values only."),
    "file_encoding": _l("The letters of the file cannot be told. Please save it as UTF-8."),
    "file_cut_off": _l("The file ends in the middle of a text in quotation marks. Is it whole?"),
    "file_bad_quotes": _l("The quotation marks in this row do not fit together."),
    "file_bad_character": _l("This row holds a character that no list can hold."),
    "empty_file": _l("There is nothing in the file."),
    "only_heading": _l("There is a heading, but no row under it."),
    "unknown_headings": _l("No heading of a product list was found. The first row says: %(value)s"),
    "no_title_column": _l("There is no column for the title (%(other)s). The headings are: %(value)s"),
    "no_price_column": _l(
        "There is no column for the price (%(other)s); single prices may be missing. The headings are: %(value)s"
    ),
    "duplicate_column": _l("Two columns mean the same: %(other)s. Please keep one."),
    "woocommerce": _l("This looks like a WooCommerce export. Shopify exports and our own lists can be read."),
    "other_currency": _l("The file says %(one)s, prices here are in %(two)s."),
    "not_sold_in": _l("Prices in %(one)s cannot be taken over: the co-op sells in %(two)s."),
    # rows
    "short_row": _l("The row ends early: %(one)s cells, the heading has %(two)s. Is the file complete?"),
    "long_row": _l("The row is too long: %(one)s cells, the heading has %(two)s. Is a quotation mark missing?"),
    "missing_handle": _l("A row without handle belongs to no product."),
    "missing_title": _l("The title of the piece is missing."),
    "conflicting_title": _l("One product, two titles; row %(one)s says: %(two)s"),
    "too_long": _l("Too long: %(other)s characters at most."),
    "bad_character": _l("There is a character in it that no text can hold."),
    "duplicate_sku": _l("The same item number as in row %(other)s."),
    "duplicate_variant": _l("The same size and colour as in row %(other)s."),
    "product_refused": _l("Left out, because row %(other)s of the same product is wrong."),
    # figures
    "money_malformed": _l("The cell holds no amount of money."),
    "money_bad_groups": _l("Unclear figure. Write it like 1,260.00."),
    "money_ambiguous": _l("Unclear figure: it can be read in two ways."),
    "money_readings": _l("Unclear figure: %(one)s or %(two)s?"),
    "money_negative": _l("An amount cannot be below zero."),
    "money_zero": _l("An amount must be more than zero. Leave it empty if there is none yet."),
    "money_too_large": _l("The amount in this cell is too large."),
    "money_too_many_decimals": _l("There are more decimals than the currency has."),
    "pay_over_price": _l("The pay is more than the price (%(other)s)."),
    "quantity_bad": _l("This is no number of pieces."),
    "quantity_broken": _l("Only whole pieces can be counted."),
    "quantity_negative": _l("There cannot be fewer than no pieces."),
    "quantity_too_large": _l("At most %(other)s pieces."),
    "weight_bad": _l("This is no weight. Write grams, or 0.5 kg."),
    # what the database says
    "unknown_maker": _l("The workshop has no maker of this name."),
    "several_makers": _l("Several makers have this name. Write her number instead."),
    "unknown_craft": _l("No craft has this name."),
    "unknown_craft_like": _l("No craft has this name; is it %(other)s?"),
    "sku_elsewhere": _l("This item number is taken by another product."),
    "listed": _l("It is listed already. Please change this on its page, where the split is set."),
    "listed_variant": _l("The product is listed already. Please add this one on its page, where the split is set."),
    "pay_below_rate": _l("Below the agreed pay of %(other)s."),
    "taken_in": _l("%(other)s of these pieces have been counted already, so the number cannot go below that."),
    "two_products": _l("The file puts it with other pieces than the shop does."),
    # no faults, only left out
    "total_row": _l("A total, no piece."),
    "nothing_in_row": _l("Nothing but a handle."),
}
_FATES = {
    "new": _l("new product"),
    "variant": _l("new size or colour"),
    "changed": _l("will be changed"),
    "same": _l("already so"),
    "picture": _l("picture to be supplied"),
    "skipped": _l("no piece"),
    "refused": _l("cannot be taken"),
}
_UNREADABLE = _l("The file cannot be read. A CSV or XLSX file is expected, whole and not locked.")


def fault_text(fault: RowFault) -> str:
    """What is wrong, as one sentence without row, column and value, which stand beside it."""
    code = fault.code
    if code == "missing_column":
        code = f"no_{fault.column}_column"
    if code in {"money_bad_groups", "money_ambiguous"} and fault.other:
        code = "money_readings"
    if code == "unknown_craft" and fault.other:
        code = "unknown_craft_like"
    one, _comma, two = fault.other.partition(", ")
    facts = {"value": fault.value, "other": fault.other, "one": one, "two": two}
    sentence = _FAULTS.get(code, _UNREADABLE)
    return str(sentence % facts) if "%(" in str(sentence) else str(sentence)


def fate_text(fate: Fate) -> str:
    """What becomes of a row, in a word or two."""
    return str(_FATES[fate])


def change_text(change: Change) -> str:
    """A field, named as in the file, with its value before and after, shortened."""
    before, after = (shorten(value, 40, placeholder="…") or "–" for value in (change.before, change.after))
    return f"{change.label} {before} → {after}"


def place_text(fault: RowFault) -> str:
    """Row and column of a fault as a spreadsheet shows them; empty for the file itself."""
    if not fault.row:
        return ""
    row = gettext("row %(row)s", row=fault.row)
    return f"{row}{comma()}{fault.letter} {fault.column}" if fault.letter else row
