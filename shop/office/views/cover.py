"""Is there enough for what is owed: day by day, as the worker wrote it down."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from shop.coop.facts import coop_facts
from shop.db import reading
from shop.ledger.models import CoverDay
from shop.ledger.queries import cover_days
from shop.money import Money
from shop.office import access
from shop.office.blueprint import bp
from shop.office.views.income import whole
from shop.web import charts
from shop.web.filters import day_short

PAGE = 31
DRAWN = 10
"""Days of the chart: more names would not stand beside each other."""


@bp.get("/cover")
def cover_history() -> ResponseReturnValue:
    """A month of days on a page, the newest first."""
    access.staff()
    before: date | None = None
    with suppress(ValueError):
        before = date.fromisoformat(request.args.get("before", ""))
    with reading() as session:
        days = cover_days(session, coop_facts(session).currency, before=before, limit=PAGE + 1)
    more, days = len(days) > PAGE, days[:PAGE]
    return render_template(
        "office/cover.html",
        days=days,
        chart=cover_chart(days[:DRAWN]),
        first=before is None,
        next_page=url_for("office.cover_history", before=days[-1].day.isoformat()) if more else None,
        nav="office.index",
    )


def cover_chart(days: Sequence[CoverDay]) -> charts.Lines | None:
    """What we had and owed, the oldest day first; None before the second day."""
    if len(days) < 2:
        return None
    rows = days[::-1]

    def drawn(minor: int, currency: str) -> int:
        return whole(Money(max(minor, 0), currency))

    return charts.lines(
        [day_short(row.day) for row in rows],
        [[drawn(row.have_minor, row.currency) for row in rows], [drawn(row.owe_minor, row.currency) for row in rows]],
    )
