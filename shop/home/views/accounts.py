"""The open accounts, as a page and as a file."""

from flask import Response, request, url_for
from flask_babel import gettext as _

from shop import clock
from shop.coop.facts import known_facts
from shop.db import reading_core
from shop.documents.tables import Cell, Column, Sheet, sheet_csv
from shop.home import accounts
from shop.home.answers import Page, piece, shown
from shop.home.blueprint import bp
from shop.home.queries import open_accounts as found
from shop.home.queries.market import GROUP
from shop.home.queries.payday import payday
from shop.money import Money, format_money
from shop.web import access
from shop.web.filters import day
from shop.web.i18n import current_lang


@bp.get("/<lang:lang>/open-accounts")
def open_accounts() -> Response:
    """What came in and where each part went, pay day by pay day; a maker's own line only where she agreed."""
    access.public()
    currency = known_facts().currency
    asked = request.args.get("after", "0")
    after = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16 else 0
    with reading_core() as connection:
        months = found.months_before(connection, clock.today(), currency=currency)
        days = found.pay_days(connection)
        paid = payday(connection, fresh=True)
        lines = found.own_lines(connection, paid, after=after) if paid else []
        hourly = found.hourly(connection, paid) if paid else None
    more, lines = len(lines) > found.LINES, lines[: found.LINES]
    sums = [each.group.confirmed_minor for each in days]
    main = piece(
        "home/_open_accounts.html",
        parts=accounts.part_rows(months, currency),
        given=_money(months.whole.given_minor, currency) if months.whole and months.whole.given_minor else None,
        back=_money(months.whole.back_minor, currency) if months.whole and months.whole.back_minor else None,
        span=accounts.span_name(months.whole) if months.whole else "",
        months=accounts.month_rows(months, currency),
        whole=accounts.whole_row(months, currency),
        month_chart=accounts.month_chart(months, currency) if months.spans else None,
        days=accounts.day_rows(days, currency),
        day_chart=accounts.day_chart(days, currency) if days else None,
        sent_sum=_money(sum(each.group.sent_minor for each in days), currency),
        confirmed_sum=None if None in sums else _money(sum(minor or 0 for minor in sums), currency),
        paid=paid,
        on=day(paid.on) if paid else "",
        stat=accounts.paid_row(paid.whole, str(_("Total")), paid.currency) if paid else None,
        hourly=_money(hourly, currency) if hourly else None,
        workshops=accounts.workshop_rows(paid) if paid else [],
        lines=accounts.her_rows(lines, currency),
        before=url_for("home.open_accounts") if after else None,
        after=url_for("home.open_accounts", after=lines[-1].maker.id) if more else None,
        least=GROUP,
    )
    words = _("What came in, where each part of it went, and what makers were sent and have confirmed.")
    return shown(Page(str(_("Open accounts")), main, str(words)))


def _money(minor: int, currency: str) -> str:
    return str(format_money(Money(minor, currency), current_lang()))


@bp.get("/<lang:lang>/open-accounts.csv")
def open_accounts_file() -> Response:
    """The same months and pay days for a spreadsheet; own lines are on the page alone, where they go at her word."""
    access.public()
    currency = known_facts().currency
    with reading_core() as connection:
        months = found.months_before(connection, clock.today(), currency=currency)
        days = found.pay_days(connection)
    rows: list[list[Cell]] = [
        [
            str(_("Month")),
            accounts.span_name(span),
            span.orders,
            None,
            Money(span.paid_minor, currency),
            Money(span.makers_minor, currency),
            Money(span.back_minor, currency),
            None,
            None,
            currency,
        ]
        for span in months.spans
    ]
    rows += [
        [
            str(_("Pay day")),
            each.on.isoformat(),
            None,
            each.group.makers,
            None,
            None,
            None,
            Money(each.group.sent_minor, currency),
            None if each.group.confirmed_minor is None else Money(each.group.confirmed_minor, currency),
            currency,
        ]
        for each in days
    ]
    columns = [
        Column(_("What")),
        Column(_("When")),
        Column(_("Orders"), "whole"),
        Column(_("Makers"), "whole"),
        Column(_("Paid by buyers"), "money"),
        Column(_("Makers’ part"), "money"),
        Column(_("Given back to buyers"), "money"),
        Column(_("Sent"), "money"),
        Column(_("Confirmed"), "money"),
        Column(_("Currency")),
    ]
    answer = Response(sheet_csv(Sheet(str(_("Open accounts")), columns, rows)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="open-accounts.csv"'
    answer.headers["Cache-Control"] = "public, no-cache"
    return answer
