"""A statement as a page or as a PDF; the desk, the maker's card and the office lead to it by addresses of their own."""

from functools import partial
from typing import Any

from flask import Response, render_template, request, send_file, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from shop.catalog.sentences import PART_COLOURS, part_label
from shop.db import LANGS, reading
from shop.documents.labels import label
from shop.documents.statement import statement_pdf
from shop.errors import NotFound
from shop.money import Money
from shop.payouts.group_paper import file_of
from shop.payouts.models import StatementRun
from shop.payouts.queries.groups import runs
from shop.payouts.sheet import Span, code, method_shown, months_back, paper, sheet, span_of, who_of
from shop.payouts.words import back_of
from shop.web.filters import money
from shop.web.i18n import LABELS, speak


def spoken(usual: str) -> str:
    """The language asked for, else the payee's own; the page speaks it from here on."""
    wished = request.args.get("lang", "")
    lang = wished if wished in LANGS else usual
    speak(lang)
    return lang


def statement_page(
    payee: str, /, *, endpoint: str, back: str, usual: str = "", pdf: str = "", year: str = "", **where: object
) -> str:
    """The sheet; `endpoint` with `where` is its own address, for the other languages and months.

    It speaks the language asked for, else `usual`, else the payee's own.
    """
    span = span_of(request.args.get("month", ""))
    with reading() as session:
        who = who_of(session, payee=payee)
        found = sheet(session, payee=payee, span=span, who=who)
    lang = spoken(usual or who.lang)
    asked = {**where, "month": span.month or None}
    paid = [
        {
            "kind": PART_COLOURS.get(kind, "cost"),
            "label": part_label(kind),
            "minor": minor,
            "amount": money(Money(minor, found.books.currency)),
        }
        for kind, minor in (found.paid.parts if found.paid else ())
    ]
    return render_template(
        "payouts/statement.html",
        sheet=found,
        payee=payee,
        w=partial(label, lang=lang),
        sent_to=[method_shown(each) for each in found.sent_to],
        back_of=back_of,
        paid=paid,
        paid_total=Money(found.paid.minor, found.books.currency) if found.paid else None,
        qr=Markup(code(payee, span, _("Check this statement"))),  # noqa: S704  our own drawing
        langs=[(each, LABELS[each], url_for(endpoint, lang=each, **asked), each == lang) for each in LANGS],  # type: ignore[arg-type]
        months=[
            (first, url_for(endpoint, lang=lang, month=month, **where), month == span.month)  # type: ignore[arg-type]
            for month, first in months_back()
        ],
        pdf=url_for(pdf, lang=lang, **asked) if pdf else "",  # type: ignore[arg-type]
        year=url_for(year, lang=lang, **where, year=span.until.year) if year else "",  # type: ignore[arg-type]
        year_number=span.until.year,
        back=back,
    )


def statement_file(payee: str) -> Response:
    """The same as a PDF."""
    span = span_of(request.args.get("month", ""))
    with reading() as session:
        who = who_of(session, payee=payee)
        found = sheet(session, payee=payee, span=span, who=who)
    lang = spoken(who.lang)
    answer = Response(statement_pdf(paper(found, payee=payee, lang=lang), lang), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="statement-{found.payee.number}.pdf"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def group_asked() -> tuple[Span, str]:
    """The month and language that a form about a whole group asks for; a language that is none is each maker's own."""
    lang = request.form.get("lang", "")
    return span_of(request.form.get("month", "") or months_back(1)[0][0]), lang if lang in LANGS else ""


def group_page(template: str, group: int, *, file: str, where: dict[str, Any], **more: Any) -> Response:
    """What was asked for a broker's group and how far the worker is; the page looks again by itself while it is at it."""
    with reading() as session:
        rows = runs(session, broker_id=group)
    shown = [(row, url_for(file, run_id=row.id, **where) if file_of(row) else "") for row in rows]
    answer = Response(
        render_template(
            template, runs=shown, months=months_back(), langs=[(code, LABELS[code]) for code in LANGS], **more
        )
    )
    if any(row.finished_at is None for row in rows):
        answer.headers["Refresh"] = "5"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def group_file(run_id: int, broker_id: int) -> Response:
    """What a run made. Raises NotFound for another group's, and for one that is not finished or kept no more."""
    with reading() as session:
        row = session.get(StatementRun, min(run_id, 2**62))
    found = file_of(row) if row is not None and row.broker_id == broker_id else None
    if row is None or found is None:
        raise NotFound(what="statements")
    answer = send_file(
        found, as_attachment=True, download_name=f"statements-{row.since:%y%m%d}-{row.until:%y%m%d}{found.suffix}"
    )
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
