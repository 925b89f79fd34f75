"""Month close: what still stands open, and the word of an officer that ends the month."""

from contextlib import suppress
from datetime import date

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop import clock
from shop.actor import Actor
from shop.coop.facts import coop_facts
from shop.db import reading
from shop.ledger.audit import audit
from shop.ledger.closing import closed_months, oldest_open_month
from shop.ledger.journal import month_booked, next_month
from shop.money import Money
from shop.office import access
from shop.office.answers import refusal
from shop.office.blueprint import bp
from shop.office.book_words import open_label, open_url
from shop.office.forms.closing import CloseForm
from shop.office.queries import pay
from shop.office.queries.closing import still_open
from shop.office.services.closing import close_month
from shop.web.filters import month as month_text
from shop.web.i18n import comma

MOST_BREACHES = 20
WAITING = {"orders.event_stuck", "orders.payment_job_stuck"}
"""Breaches that say that something is late, not that the books are wrong: it stands among what is still open."""


@bp.get("/accounts/close")
def month_close() -> ResponseReturnValue:
    """The oldest open month with what still stands open of it."""
    actor = access.staff()
    return _page(actor, CloseForm())


@bp.post("/accounts/close")
def month_closed() -> ResponseReturnValue:
    """An officer closes the month, if books and rows agree."""
    actor = access.officer()
    form = CloseForm()
    month = _posted(form)
    with reading(snapshot=True) as session:
        if month is not None and month in closed_months(session):
            return _done(month)  # a second click is told what the first has done
        wrong = sorted({breach.check for breach in audit(session)} - WAITING) if form.validate() else []
    if wrong:
        form.form_errors.append(
            _("The books do not agree with themselves: %(checks)s.", checks=comma().join(wrong[:MOST_BREACHES]))
        )
        return _page(actor, form, 409)
    status = refusal(form, lambda session: close_month(session, month=month or date.min, by=actor))
    if status is not None or month is None:
        return _page(actor, form, status or 409)
    return _done(month)


def _posted(form: CloseForm) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(form.month.data or "")
    return None


def _done(month: date) -> ResponseReturnValue:
    flash(_("%(month)s is closed. What comes late is booked in the next month.", month=month_text(month)))
    return redirect(url_for("office.journal_months"), 303)


def _page(actor: Actor, form: CloseForm, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        currency = coop_facts(session).currency
        month = oldest_open_month(session)
        over = month is not None and clock.today() >= next_month(month)
        booked = month_booked(session, month) if month else None
        waiting = still_open(session, until=next_month(month), currency=currency) if month and over else []
        closed = list(closed_months(session).values())[::-1]
        actors = pay.actor_names(session, [row.closed_by for row in closed])
    form.month.data = month.isoformat() if month else ""
    page = render_template(
        "office/close.html",
        form=form,
        month=month,
        until=next_month(month) if month else None,
        over=over,
        booked=booked,
        waiting=[
            (open_label(each.kind), each.count, None if each.minor is None else Money(each.minor, currency), url)
            for each in waiting
            for url in (open_url(each.kind),)
        ],
        may_close=actor.role in access.OFFICERS,
        closed=closed,
        actors=actors,
        nav="office.accounts",
    )
    return page, status
