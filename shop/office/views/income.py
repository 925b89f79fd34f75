"""The income report: what women earned in a year, as a page and as a workbook."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date
from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_number, ngettext
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from shop import clock
from shop.coop.facts import coop_facts
from shop.coop.queries import hourly_minimum
from shop.db import Texts, reading
from shop.documents.tables import Cell, Column, Sheet, xlsx
from shop.money import Money, exponent
from shop.office import access
from shop.office.answers import number
from shop.office.blueprint import bp
from shop.office.queries import income as names
from shop.payouts.queries import income as found
from shop.web import charts
from shop.web.filters import tri_text
from shop.web.i18n import LOCALE, current_lang

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OFTEN = 6
"""In how many months of the year a woman is paid to be counted as often, where the page says nothing else."""
BY = ("workshop", "craft", "village")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    year: int
    often: int
    only: dict[str, int]

    def args(self, **changes: Any) -> dict[str, Any]:
        """For the address of the same report with something else."""
        often = self.often if self.often != OFTEN else None
        return {"year": self.year, "months": often, **self.only, **changes}


def _asked() -> Asked:
    today = clock.today()
    year = number("year")
    often = number("months")
    only = {each: number(each) for each in BY if request.args.get(each, "").isdecimal() and number(each)}
    return Asked(year if 2000 <= year <= today.year else today.year, often if 1 <= often <= 12 else OFTEN, only)


def _report(session: Session, asked: Asked) -> found.Income:
    currency = coop_facts(session).currency
    rows = found.earned(
        session, year=asked.year, currency=currency, **{f"{key}_id": value for key, value in asked.only.items()}
    )
    before = found.earned_before(session, year=asked.year, currency=currency)
    return found.income(rows, currency=currency, before=before, least_months=asked.often)


def _named(session: Session, report: found.Income, asked: Asked) -> dict[str, dict[int, Texts]]:
    def ids(kind: str, groups: tuple[found.Group, ...]) -> list[int]:
        return [group.key for group in groups if group.key] + ([asked.only[kind]] if kind in asked.only else [])

    return {
        "workshop": names.workshop_names(session, ids("workshop", report.workshops)),
        "craft": names.craft_names(session, ids("craft", report.crafts)),
        "village": names.village_names(session, ids("village", report.villages)),
    }


@bp.get("/income")
def income() -> ResponseReturnValue:
    """Women, mean and median, month by month, with what each figure is."""
    access.staff()
    asked = _asked()
    with reading() as session:
        report = _report(session, asked)
        named = _named(session, report, asked)
        years = found.income_years(session, until=clock.today())
        minimum = hourly_minimum(session, on=min(clock.today(), date(asked.year, 12, 31)))
    months = [month_name(group.key or 0) for group in report.months]
    return render_template(
        "office/income.html",
        asked=asked,
        report=report,
        named=named,
        years=years,
        minimum=minimum,
        tables=_tables(report, named),
        months=list(zip(months, report.months, strict=True)),
        chart=charts.lines(months, [[whole(g.mean) for g in report.months], [whole(g.median) for g in report.months]]),
        steps=charts.columns([(step_name(step, report.total.currency), step[2]) for step in report.steps]),
        least=found.LEAST,
    )


def _tables(report: found.Income, named: dict[str, dict[int, Texts]]) -> list[tuple[str, str, str, list[Any]]]:
    """(kind, heading, the first column's name, (group, name) rows), for the page and the workbook alike."""
    known = (
        ("village", _("By village"), _("Village"), report.villages),
        ("workshop", _("By workshop"), _("Workshop"), report.workshops),
        ("craft", _("By craft"), _("Craft"), report.crafts),
    )
    return [
        (kind, str(heading), str(column), [(group, group_name(group, named[kind])) for group in groups])
        for kind, heading, column, groups in known
    ]


def group_name(group: found.Group, known: dict[int, Texts]) -> str:
    """Whose figures these are; small groups together are called others."""
    if group.key is None:
        return str(ngettext("Others (%(num)s small one)", "Others (%(num)s small ones put together)", group.of))
    return tri_text(known[group.key]) if group.key in known else "–"


def month_name(month: int) -> str:
    """1月 · thg 1 · Jan."""
    return str(format_date(date(2026, month, 1), "LLL", locale=LOCALE[current_lang()]))


def whole(amount: Money) -> int:
    """Whole units of the currency, for a chart."""
    return int(amount.minor // 10 ** exponent(amount.currency))


def step_name(step: tuple[int, int | None, int], currency: str) -> str:
    """From where to where a group of the distribution reaches, in whole units."""
    low, high, _count = step
    if high is None:
        return f"≥ {format_number(whole(Money(low, currency)))}"
    return f"{format_number(whole(Money(low, currency)))}–{format_number(whole(Money(high, currency)))}"


@bp.get("/income.xlsx")
def income_xlsx() -> ResponseReturnValue:
    """The same tables as a workbook."""
    access.staff()
    asked = _asked()
    with reading() as session:
        report = _report(session, asked)
        named = _named(session, report, asked)
    answer = Response(xlsx(_sheets(report, named, asked)), mimetype=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="income-{asked.year}.xlsx"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _sheets(report: found.Income, named: dict[str, dict[int, Texts]], asked: Asked) -> list[Sheet]:
    heads = [
        Column(_("Women"), "whole"),
        Column(_("Mean a month"), "money"),
        Column(_("Median a month"), "money"),
        Column(_("Paid and confirmed"), "money"),
    ]

    def line(name: str, group: found.Group) -> list[Cell]:
        return [name, group.women, group.mean, group.median, group.total]

    whole_year: list[Cell] = [report.women, report.mean, report.median, report.total]
    sheets = [
        Sheet(
            _("By month"),
            [Column(_("Month")), *heads],
            [*(line(month_name(g.key or 0), g) for g in report.months), [str(_("The year")), *whole_year]],
            [_("Income report %(year)s", year=asked.year), _explained()],
        )
    ]
    for _kind, heading, column, rows in _tables(report, named):
        sheets.append(Sheet(heading, [Column(column), *heads], [line(name, group) for group, name in rows]))
    return sheets


def _explained() -> str:
    return str(
        _(
            "Pay for accepted work that the maker herself has confirmed, by the month of her word. Each woman is counted "
            "once. Advances are no income."
        )
    )


@bp.app_template_global("income_explained")
def explained() -> str:
    """How the figures are reckoned, the same words on page and workbook."""
    return _explained()


@bp.app_template_global("income_url")
def income_url(asked: Asked, endpoint: str = "office.income", **changes: Any) -> str:
    """The address of the same report with something else."""
    return url_for(endpoint, **asked.args(**changes))
