"""The journal of a month to take along: CSV, a workbook with numbered entries, and Beancount's text."""

from collections.abc import Iterator
from datetime import date

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from shop import clock
from shop.db import reading
from shop.documents.tables import Cell, Column, Sheet, sheet_csv, xlsx
from shop.errors import NotFound
from shop.ledger.closing import closed_months, oldest_open_month
from shop.ledger.journal import beancount, booked_months, journal, next_month, standing_before
from shop.office import access
from shop.office.blueprint import bp
from shop.office.book_words import posting_label
from shop.web.filters import month as month_text

MOST_IN_A_WORKBOOK = 50_000
"""Lines; more of them go into the CSV, which costs a tenth."""

KINDS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "beancount": "text/plain",
}


@bp.get("/accounts/journal")
def journal_months() -> ResponseReturnValue:
    """The months there are."""
    access.staff()
    with reading() as session:
        months = booked_months(session)
        closed = closed_months(session)
        next_to_close = oldest_open_month(session)
    return render_template(
        "office/journal.html",
        months=months,
        closed=closed,
        next_to_close=next_to_close,
        running=clock.today().replace(day=1),
        most=MOST_IN_A_WORKBOOK,
        nav="office.accounts",
    )


@bp.get("/accounts/journal/<int:year>-<int:month>.<kind>")
def journal_file(year: int, month: int, kind: str) -> ResponseReturnValue:
    """One month as a file."""
    access.staff()
    if kind not in KINDS or not (2000 <= year <= 9998 and 1 <= month <= 12):
        raise NotFound(what="page")
    first = date(year, month, 1)
    with reading() as session:
        content = _content(session, first, kind)
    answer = Response(content, mimetype=KINDS[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="journal-{first:%Y-%m}.{kind}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _content(session: Session, first: date, kind: str) -> bytes:
    until = next_month(first)
    lines = journal(session, since=first, until=until)
    if kind == "beancount":
        before, after = standing_before(session, first), standing_before(session, until)
        text = beancount(lines, since=first, until=until, before=before, after=after)
        return ("\n".join(text) + "\n").encode()
    columns = [
        Column(_("Entry no."), "whole"),
        Column(_("Booked on"), "date"),
        Column(_("What"), "text", 30),
        Column(_("Posting"), "text", 34),
        Column(_("Debit"), "text", 28),
        Column(_("Credit"), "text", 28),
        Column(_("Sum"), "money"),
        Column(_("Currency"), "text", 9),
        Column(_("Of"), "text", 18),
        Column(_("By"), "text", 14),
        Column(_("On behalf of"), "text", 14),
    ]

    def rows() -> Iterator[list[Cell]]:
        for line in lines:
            yield [
                line.entry,
                line.booked_on,
                posting_label(line.kind),
                line.key,
                line.debit,
                line.credit,
                line.amount,
                line.amount.currency,
                line.source,
                line.actor,
                line.on_behalf_of,
            ]

    sheet = Sheet(month_text(first), columns, rows())
    return sheet_csv(sheet) if kind == "csv" else xlsx([sheet])
