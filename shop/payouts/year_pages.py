"""A maker's income of a year as a page and as a PDF, for a bank or an office; its code shows what the books say now."""

import calendar
from datetime import date
from functools import partial
from typing import Any

from babel.dates import format_date
from flask import Response, current_app, render_template, url_for
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeSerializer
from markupsafe import Markup

from config import Settings
from shop import clock
from shop.coop.facts import CoopFacts, coop_facts
from shop.db import LANGS, reading
from shop.documents.labels import label
from shop.documents.qr import qr_svg
from shop.documents.statement import StatementData, StatementLine, StatementProof, statement_pdf
from shop.errors import NotFound
from shop.money import Money
from shop.payouts.pages import spoken
from shop.payouts.queries.sheets import Payee
from shop.payouts.queries.year import YearIncome, year_income
from shop.payouts.sheet import mark_svg, who_of
from shop.web.filters import tri_text
from shop.web.i18n import LABELS, LOCALE

FIRST_YEAR = 2000


def _read(payee: str, year: int) -> tuple[Payee, YearIncome, CoopFacts]:
    """Raises NotFound for a year that has not begun."""
    if not FIRST_YEAR <= year <= clock.today().year:
        raise NotFound(what="year")
    with reading() as session:
        facts = coop_facts(session)
        income = year_income(session, payee=payee, year=year, currency=facts.currency)
        return who_of(session, payee=payee), income, facts


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="year-statement")


def _check_url(payee: str, year: int) -> str:
    settings = current_app.config["SETTINGS"]
    assert isinstance(settings, Settings)
    return f"{settings.site_url}/m/check-year/{_signer().dumps([payee, year])!s}"


def month_of(year: int, month: int, lang: str) -> str:
    """A month of that year, written out."""
    return str(format_date(date(year, month, 1), "LLLL", locale=LOCALE[lang]))


def year_page(payee: str, year: int, /, *, endpoint: str, pdf: str, back: str, usual: str = "", **where: object) -> str:
    """The sheet of a year, in the language asked for, else `usual`, else the maker's own."""
    who, income, _facts = _read(payee, year)
    lang = spoken(usual or who.lang)
    here: dict[str, Any] = {**where, "year": year}
    return render_template(
        "payouts/year.html",
        who=who,
        income=income,
        number=f"{who.number}/{year}",
        made_on=clock.today(),
        month_of=partial(month_of, year, lang=lang),
        w=partial(label, lang=lang),
        qr=Markup(qr_svg(_check_url(payee, year), module_px=3, border=2, title=_("Check this statement"))),  # noqa: S704  our own drawing
        langs=[(code, LABELS[code], url_for(endpoint, lang=code, **here), code == lang) for code in LANGS],
        years=[(each, url_for(endpoint, **{**here, "year": each, "lang": lang}), each == year) for each in _years()],
        pdf=url_for(pdf, lang=lang, **here),
        back=back,
    )


def _years() -> list[int]:
    this = clock.today().year
    return [this, this - 1, this - 2]


def year_file(payee: str, year: int) -> Response:
    """The same on A4."""
    who, income, facts = _read(payee, year)
    lang = spoken(who.lang)
    data = _paper(payee, who, income, facts, lang)
    answer = Response(statement_pdf(data, lang), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="income-{who.number}-{year}.pdf"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _paper(payee: str, who: Payee, income: YearIncome, facts: CoopFacts, lang: str) -> StatementData:
    year = income.year
    lines = [
        StatementLine(
            on=min(date(year, each.month, calendar.monthrange(year, each.month)[1]), clock.today()),
            what=month_of(year, each.month, lang),
            pieces=each.pieces,
            rate=None,
            amount=each.earned,
            state="confirmed" if each.confirmed == each.earned else "available",
        )
        for each in income.months
    ]
    rest = Money(income.earned.minor - income.confirmed.minor, income.currency)
    proofs = [
        StatementProof(strength="self", amount=income.confirmed, text=str(_("Paid, and confirmed by herself."))),
        StatementProof(strength="none", amount=rest, text=str(_("Owed to her, or sent and not yet confirmed."))),
    ]
    return StatementData(
        kind="year",
        number=f"{who.number}/{year}",
        made_on=clock.today(),
        coop_name=facts.name,
        coop_place=facts.address,
        maker_name=tri_text(who.name),
        maker_no=who.number,
        maker_place=who.village,
        mark=mark_svg(who.mark),
        first_day=date(year, 1, 1),
        last_day=min(date(year, 12, 31), clock.today()),
        lines=lines,
        total=income.earned,
        proofs=[each for each in proofs if each.amount.minor],
        hotline=facts.hotline,
        hotline_hours=facts.hotline_hours,
        verify_url=_check_url(payee, year),
    )


def year_check(ref: str, lang: str) -> str:
    """What a year's code opens: the sums as the books stand now, no name. Raises NotFound for one that is not ours."""
    try:
        payee, year = _signer().loads(ref)
    except (BadData, ValueError, TypeError):
        raise NotFound(what="statement") from None
    who, income, _facts = _read(str(payee), int(year))
    spoken(lang)
    return render_template("payouts/year_check.html", income=income, number=f"{who.number}/{year}", user=None)
