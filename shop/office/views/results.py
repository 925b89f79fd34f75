"""The bank's results: its file is tried first, every row's fate is shown, then what is sure is booked row by row."""

from collections import Counter

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf.file import FileField

from shop.actor import Actor
from shop.coop.facts import coop_facts
from shop.db import reading, writing
from shop.errors import NotFound
from shop.money import Money
from shop.office import access, uploads
from shop.office.answers import number, put
from shop.office.blueprint import bp
from shop.office.result_words import column_text, fate_label, value_text, why_text
from shop.office.uploads import Upload
from shop.payouts import services
from shop.payouts.queries import payee_names
from shop.payouts.results.reading import LIMITS, BadResultFile, ResultRow, read_results
from shop.payouts.services import Fate
from shop.web.forms import ShopForm

KIND = "bank_result"
ROWS = 100
MOST_REFUSED = 200
FATES = ("paid", "failed", "returned", "same", "pending", "refused")
BADGES = {"paid": "ok", "failed": "red", "returned": "red", "pending": "wait", "refused": "red"}
MOST_STEPS = 2
"""A row whose money came back before we knew that it went out is booked in two steps."""


class ResultForm(ShopForm):
    """A file of the bank's."""

    file = FileField(_l("The bank's file"))


@bp.get("/results")
def results() -> ResponseReturnValue:
    """A file to be tried."""
    access.treasurer()
    return _ask(ResultForm())


def _ask(form: ResultForm, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "office/results.html", form=form, limit_mb=LIMITS.size // 1024 // 1024, rows=LIMITS.rows, nav="office.batches"
    )
    return page, status


@bp.post("/results")
def results_try() -> ResponseReturnValue:
    """Put the file aside when it can be read; nothing is booked, and what speaks against her word is a case at once."""
    actor = access.treasurer()
    form = ResultForm()
    if not form.validate():
        return _ask(form, 422)
    if not form.file.data:
        form.file.errors = (*form.file.errors, _("Please choose a CSV, XLSX or XML file."))
        return _ask(form, 422)
    with reading() as session:
        currency = coop_facts(session).currency
    data, filename = form.file.data.read(LIMITS.size + 1), form.file.data.filename or ""
    try:
        rows = read_results(data, filename, currency=currency)
    except BadResultFile as error:
        put(form, error, "file")
        return _ask(form, error.status)
    with writing() as session:
        services.open_cases(session, rows=rows)
    made = uploads.keep(data, filename=filename, workshop_id=0, kind=KIND, currency=currency, by=actor.key)
    return redirect(url_for("office.results_tried", token=made.token), 303)


def _kept(token: str, actor: Actor) -> tuple[Upload, list[ResultRow]]:
    upload, data = uploads.kept(token, by=actor.key)
    if upload.kind != KIND:
        raise NotFound(what="list")
    return upload, read_results(data, upload.filename, currency=upload.currency)


@bp.get("/results/try/<token>")
def results_tried(token: str) -> ResponseReturnValue:
    """What would become of each row, or has become of it."""
    actor = access.treasurer()
    upload, rows = _kept(token, actor)
    start = number("from")
    with reading() as session:
        fates = services.plan_results(session, rows=rows)
        shown, refused = fates[start : start + ROWS], [fate for fate in fates if fate.fate == "refused"]
        names = payee_names(session, payees=[each.payee for each in (*shown, *refused[:MOST_REFUSED]) if each.payee])
    counts = Counter(fate.fate for fate in fates)
    return render_template(
        "office/results_try.html",
        upload=upload,
        form=ShopForm(),
        fates=shown,
        refused=refused[:MOST_REFUSED],
        refused_count=len(refused),
        counts=[(fate, counts[fate], _sum(fates, fate, upload.currency)) for fate in FATES if counts[fate]],
        bookable=sum(1 for fate in fates if fate.steps),
        cases=sum(1 for fate in fates if fate.after_word and fate.steps),
        all=len(fates),
        start=start,
        names=names,
        badges=BADGES,
        words={"fate": fate_label, "why": why_text, "column": column_text, "value": value_text},
        previous=_page(token, max(start - ROWS, 0)) if start else None,
        next_page=_page(token, start + ROWS) if start + ROWS < len(fates) else None,
        nav="office.batches",
    )


def _page(token: str, start: int) -> str:
    return url_for("office.results_tried", token=token, **{"from": start or None})  # type: ignore[arg-type]


def _sum(fates: list[Fate], fate: str, currency: str) -> Money:
    return Money(sum(each.expected_minor or 0 for each in fates if each.fate == fate), currency)


@bp.post("/results/try/<token>")
def results_book(token: str) -> ResponseReturnValue:
    """Book what is sure, each row by itself, so that a broken-off click is taken up by the next."""
    actor = access.treasurer()
    _upload, rows = _kept(token, actor)
    with reading() as session:
        todo = [fate.row for fate in services.plan_results(session, rows=rows) if fate.steps]
    booked = 0
    for row in todo:
        for _step in range(MOST_STEPS):
            with writing() as session:
                fate = services.book_result(session, row=row, by=actor)
            if len(fate.steps) <= 1:
                break
        booked += bool(fate.steps)
    flash(
        ngettext(
            "%(num)s row is booked. What could not be taken stands below.",
            "%(num)s rows are booked. What could not be taken stands below.",
            booked,
        )
    )
    return redirect(url_for("office.results_tried", token=token), 303)


@bp.post("/results/try/<token>/forget")
def results_forget(token: str) -> ResponseReturnValue:
    """The file is not needed any more."""
    actor = access.treasurer()
    _kept(token, actor)
    uploads.forget(token)
    flash(_("The file is put away."))
    return redirect(url_for("office.results"), 303)
