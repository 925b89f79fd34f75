"""Pay that nobody has claimed, by year: on a page, as CSV and as a workbook."""

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop import clock
from shop.coop.facts import coop_facts
from shop.db import reading
from shop.documents.tables import Cell, Column, Sheet, csv_bytes, xlsx
from shop.errors import NotFound
from shop.money import Money
from shop.office import access
from shop.office.answers import number
from shop.office.blueprint import bp
from shop.office.pay_words import account_text
from shop.payouts.queries.unclaimed import Unclaimed, unclaimed, years
from shop.payouts.rails import XLSX
from shop.web.filters import tri_text

FIRST_YEAR = 2000


def _year(asked: int) -> int:
    """The year asked for, else the last that is over. Raises NotFound for one that is not."""
    last = clock.today().year - 1
    if not asked:
        return last
    if not FIRST_YEAR <= asked <= last:
        raise NotFound(what="year")
    return asked


@bp.get("/unclaimed")
def unclaimed_pay() -> ResponseReturnValue:
    """Who was owed something when a year ended and has not had it since."""
    access.staff()
    year = _year(number("year"))
    with reading() as session:
        currency = coop_facts(session).currency
        lines = unclaimed(session, year=year, currency=currency)
        known = years(session, currency=currency)
    return render_template(
        "office/unclaimed.html",
        year=year,
        years=[(each, url_for("office.unclaimed_pay", year=each), each == year) for each in known],
        lines=[(line, Money(line.amount_minor, currency)) for line in lines],
        total=Money(sum(line.amount_minor for line in lines), currency),
        nav="office.batches",
    )


@bp.get("/unclaimed/<int:year>.<any(csv, xlsx):kind>")
def unclaimed_file(year: int, kind: str) -> ResponseReturnValue:
    """The same list to be kept or handed on."""
    access.staff()
    year = _year(year)
    with reading() as session:
        currency = coop_facts(session).currency
        lines = unclaimed(session, year=year, currency=currency)
    columns = [
        Column(_("Payee")),
        Column(_("Number")),
        Column(_("Hers since"), "date"),
        Column(_("Left on"), "date"),
        Column(_("How she is paid"), width=40),
        Column(_("Amount"), "money"),
    ]
    rows = [_cells(line, currency) for line in lines]
    if kind == "csv":
        answer = Response(csv_bytes([column.title for column in columns], rows), mimetype="text/csv")
    else:
        title = str(_("Unclaimed pay at the end of %(year)s", year=year))
        answer = Response(xlsx([Sheet(str(year), columns, rows, [title, _explained()])]), mimetype=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="unclaimed-{year}.{kind}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _cells(line: Unclaimed, currency: str) -> list[Cell]:
    way = account_text(line.way).striptags() if line.way else str(_("No way to be paid is in force."))
    amount = Money(line.amount_minor, currency)
    return [tri_text(line.name) or line.payee, line.number or line.payee, line.since, line.left_on, way, amount]


def _explained() -> str:
    return str(_("It stays theirs, without end, and never becomes the co-op's income. Heirs are paid on evidence."))


@bp.app_template_global("unclaimed_explained")
def explained() -> str:
    """What becomes of it, the same words on page and workbook."""
    return _explained()
