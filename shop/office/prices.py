"""The table of prices of a variant: a column a price, a row a part; typed sums read, and the differences shown."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.validators import Length, NumberRange, Optional

from shop.catalog.sentences import part_label
from shop.catalog.services import Part
from shop.money import BadMoney, Money, format_plain, parse
from shop.office.answers import choices
from shop.office.forms.fields import TOO_LONG, VersionedForm
from shop.office.queries.goods import ProductWhole, Split
from shop.web.errors import sentence
from shop.web.filters import tri_text
from shop.web.i18n import colon, current_lang

COLOURS = {"maker": "her", "materials": "mat", "broker": "broker", "workshop": "broker", "coop": "coop"}
KINDS = ("trade", "sample", "outlet")


def price_label(kind: str, min_quantity: int) -> str:
    """What a price is for."""
    if kind == "trade":
        return str(_("Trade, from %(num)s pieces", num=min_quantity))
    known: dict[str, str] = {"retail": _("Retail"), "sample": _("Sample"), "outlet": _("Outlet")}
    return known[kind]


@dataclass(frozen=True, slots=True)
class Row:
    """A part of the price; `name` is the tail of its inputs' names."""

    name: str
    kind: str
    payee: str
    label: str
    colour: str


@dataclass(slots=True)
class Column:
    """One price. `split` is what is in force, None for a price to come; `ended`: it is to be offered no more.

    `name` is the head of its inputs' names: the same price has the same name though others come between.
    """

    name: str
    kind: str
    min_quantity: int
    label: str
    split: Split | None
    price: Money | None = None
    parts: list[Part] = field(default_factory=list)
    ended: bool = False

    @property
    def may_end(self) -> bool:
        """Whether it can be offered no more: the retail price only makes way for another."""
        return self.split is not None and self.kind != "retail"

    @property
    def sum_minor(self) -> int:
        return sum(part.amount_minor for part in self.parts)

    def changed(self) -> bool:
        """Whether what was typed differs from what is in force, and is to be in force."""
        if self.ended:
            return False
        if self.split is None or self.price is None:
            return self.price is not None
        typed = {(part.kind, part.payee): part.amount_minor for part in self.parts if part.amount_minor}
        now = {(part.kind, part.payee): part.amount_minor for part in self.split.parts if part.amount_minor}
        return self.price.minor != self.split.price_minor or typed != now


MOST_MINOR = 10**13
"""Every price is below this."""


class PriceForm(VersionedForm):
    """The table; its fields are made for the product at hand."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows and columns of a variant's prices."""

    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    currency: str

    def amount(self, minor: int) -> Money:
        return Money(minor, self.currency)


def table_of(whole: ProductWhole, proposal: Sequence[Part] = ()) -> Table:
    """The table of the chosen variant; `proposal` fills the retail price of one that has none yet."""
    assert whole.variant is not None
    currency = whole.variant.currency
    columns = [
        Column(
            f"{split.kind}{split.min_quantity}",
            split.kind,
            split.min_quantity,
            price_label(split.kind, split.min_quantity),
            split,
        )
        for split in whole.splits
    ]
    for column in columns:
        assert column.split is not None
        column.price = Money(column.split.price_minor, currency)
        column.parts = [Part(part.kind, part.amount_minor, part.payee) for part in column.split.parts]
    if not any(column.kind == "retail" for column in columns):
        retail = Column("retail1", "retail", 1, price_label("retail", 1), None, whole.variant.price, list(proposal))
        columns.insert(0, retail)
    columns.append(Column("new", "", 1, str(_("A further price")), None))
    return Table(_rows(whole), tuple(columns), currency)


def _rows(whole: ProductWhole) -> tuple[Row, ...]:
    used = {part.kind for split in whole.splits for part in split.parts}

    def row(kind: str, payee: str = "", label: str = "") -> Row:
        name = kind + payee.partition(":")[2]
        return Row(name, kind, payee, label or part_label(kind), COLOURS.get(kind, "cost"))

    rows = [row("maker"), row("materials")]
    for broker_id, name, tier in whole.brokers:
        label = _("Broker %(name)s, tier %(tier)s", name=tri_text(name), tier=tier)
        rows.append(row("broker", f"broker:{broker_id}", str(label)))
    rows += [row("workshop"), row("coop"), row("costs"), row("outlet")]
    if "tax" in used:
        rows.append(row("tax"))
    return tuple(rows)


def form_of(table: Table, *, version: int, **bound: Any) -> PriceForm:
    """A form with an input for each cell, filled with what is in force; `bound` as WTForms takes it."""
    fields: dict[str, Any] = {}
    values: dict[str, Any] = {"version": version}
    for column in table.columns:
        fields[column.name] = _cell(_("%(price)s: price", price=column.label))
        values[column.name] = format_plain(column.price) if column.price else ""
        known = {(part.kind, part.payee): part.amount_minor for part in column.parts}
        for row in table.rows:
            fields[f"{column.name}_{row.name}"] = _cell(f"{column.label}{colon()}{row.label}")
            minor = known.get((row.kind, row.payee), 0)
            values[f"{column.name}_{row.name}"] = format_plain(table.amount(minor)) if minor else ""
        if column.may_end:
            fields[f"{column.name}_end"] = BooleanField(_("%(price)s: end it", price=column.label))
    fields["new_kind"] = SelectField(_("What for"), choices=choices(((kind, _kind(kind)) for kind in KINDS), none="—"))
    fields["new_min"] = IntegerField(_("From how many pieces"), [Optional(), NumberRange(1, 100_000)])
    made = type("PriceTableForm", (PriceForm,), fields)
    form = made(data=values, **bound)
    assert isinstance(form, PriceForm)
    return form


def _kind(kind: str) -> str:
    known: dict[str, str] = {"trade": _("Trade"), "sample": _("Sample"), "outlet": _("Outlet")}
    return known[kind]


def _cell(label: str) -> Any:
    return StringField(label, [Length(max=40, message=TOO_LONG)])


def read(form: PriceForm, table: Table) -> bool:
    """Read the typed sums into the table's columns; False with the sentence at its field where one is none."""
    fine = form.validate()
    for column in table.columns:
        column.ended = column.may_end and bool(form[f"{column.name}_end"].data)
        if column.ended:
            continue
        price = _sum(form[column.name], table.currency)
        cells = [(row, _sum(form[f"{column.name}_{row.name}"], table.currency)) for row in table.rows]
        column.price = price
        column.parts = [Part(row.kind, each.minor, row.payee) for row, each in cells if each]
        typed = [form[column.name], *(form[f"{column.name}_{row.name}"] for row in table.rows)]
        fine = fine and not any(cell.errors for cell in typed)
        empty = price is None and not form[column.name].errors
        if column.name == "new":
            fine = _new(form, column, table, empty=empty) and fine
        elif empty and (column.split or column.parts):
            _refuse(form[column.name], _("Please fill this in."))
            fine = False
        fine = _meant(form, column) and fine
    return fine


def _meant(form: PriceForm, column: Column) -> bool:
    """Whether a price can be one and gives her something."""
    if column.price is None:
        return True
    if not 0 < column.price.minor < MOST_MINOR:
        _refuse(form[column.name], not_a_price(column.price))
        return False
    her = form[f"{column.name}_maker"]
    if not her.errors and not any(part.kind == "maker" and part.amount_minor for part in column.parts):
        _refuse(her, _("Please fill this in."))
        return False
    return True


def not_a_price(amount: Money) -> str:
    """Why nothing can be bought or made for this sum."""
    return sentence(BadMoney("too_large")) if amount.minor > 0 else str(_("It must be more than zero."))


def _refuse(cell: Any, why: str) -> None:
    cell.errors = (*cell.errors, why)


def _new(form: PriceForm, column: Column, table: Table, *, empty: bool) -> bool:
    if empty and not column.parts:
        return True
    if form["new_kind"].errors or form["new_min"].errors:
        return False
    column.kind, column.min_quantity = str(form["new_kind"].data or ""), int(form["new_min"].data or 1)
    if not column.kind:
        _refuse(form["new_kind"], _("Please say what this price is for."))
        return False
    if column.kind != "trade":
        column.min_quantity = 1
    column.label = price_label(column.kind, column.min_quantity)
    if any(each.name == f"{column.kind}{column.min_quantity}" for each in table.columns):
        _refuse(form["new_kind"], _("This price stands in the table already."))
        return False
    if empty:
        _refuse(form["new"], _("Please fill this in."))
    return not empty


def _sum(cell: Any, currency: str) -> Money | None:
    """The sum in a cell; None for an empty one, or for none that can be meant, with its sentence."""
    if not cell.data or cell.errors:
        return None
    try:
        return parse(cell.data, currency, current_lang())
    except BadMoney as error:
        _refuse(cell, sentence(error))
        return None
