"""Single payouts down to the slips behind them, what is not confirmed, and the calls the co-op owes."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.actor import Actor
from shop.brokers.queries import broker_names
from shop.coop.queries import changes_about
from shop.db import reading, writing
from shop.errors import BadInput, NotFound
from shop.money import Money
from shop.office import access
from shop.office.answers import number, refusal
from shop.office.blueprint import bp
from shop.office.forms.ending import EndForm
from shop.office.forms.pay import CallForm
from shop.office.pay_words import account_text
from shop.office.queries import pay
from shop.office.queries.trail import bought
from shop.payouts import services
from shop.payouts.models import Payout, PayoutBatch
from shop.payouts.queries import payee_names
from shop.payouts.queries import unconfirmed as sent_and_unheard
from shop.payouts.services.deducting import deductions_of

ANSWERS = ("received", "less_received", "not_received", "not_reached")
CALLS = 30
MOST_UNHEARD = 300


@bp.get("/payouts/<int:payout_id>")
def payout(payout_id: int) -> ResponseReturnValue:
    """One payout, down to slips and orders."""
    actor = access.staff()
    return _page(actor, payout_id, CallForm(), EndForm())


@bp.post("/payouts/<int:payout_id>")
def payout_called(payout_id: int) -> ResponseReturnValue:
    """She told an officer in a call that she has it."""
    actor = access.officer()
    form = CallForm()
    status = refusal(
        form,
        lambda session: services.confirm(
            session,
            payout_id=payout_id,
            strength="self",
            route="coop_call",
            evidence=form.evidence.data or "",
            by=actor,
        ),
    )
    if status is not None:
        return _page(actor, payout_id, form, EndForm(formdata=None), status)
    flash(_("Confirmed by her own word."))
    return redirect(url_for("office.payout", payout_id=payout_id), 303)


@bp.post("/payouts/<int:payout_id>/end")
def payout_end(payout_id: int) -> ResponseReturnValue:
    """It never reached her: an officer gives the sum back to what she is owed."""
    actor = access.officer()
    form = EndForm()
    status = refusal(
        form,
        lambda session: services.end_payout(session, payout_id=payout_id, reason=form.reason.data or "", by=actor),
    )
    if status is not None:
        return _page(actor, payout_id, CallForm(formdata=None), form, status)
    flash(_("Written down. Her pay is hers again and waits for the next batch."))
    return redirect(url_for("office.payout", payout_id=payout_id), 303)


def _page(actor: Actor, payout_id: int, form: CallForm, ending: EndForm, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        row = session.get(Payout, payout_id)
        if row is None:
            raise NotFound(what="payout")
        batch = session.get_one(PayoutBatch, row.batch_id)
        behind = pay.behind(session, payout_id=payout_id, after=number("after"))
        more, behind = len(behind) > pay.PAGE, behind[: pay.PAGE]
        words = pay.confirmations_of(session, payout_id=payout_id)
        postings = pay.postings_of(session, source=f"payout:{payout_id}")
        facts: dict[str, object] = {
            "form": form,
            "ending": ending,
            "may_end": services.may_end(row) if actor.role in access.OFFICERS else "",
            "ended": changes_about(session, about=f"payout:{payout_id}", limit=1),
            "payout": row,
            "amount": Money(row.amount_minor, row.currency),
            "where": account_text(row),
            "batch": batch,
            "names": payee_names(session, payees=[row.payee]),
            "broker": broker_names(session, [row.broker_id]).get(row.broker_id, {}) if row.broker_id else {},
            "behind": behind,
            "bought": bought(session, sources=[each.source for each in behind if each.order_id is None]),
            "after": number("after"),
            "next_page": url_for("office.payout", payout_id=payout_id, after=behind[-1].earning_id) if more else None,
            "kept": deductions_of(session, payout_ids=[payout_id]).get(payout_id, []),
            "words": words,
            "postings": postings,
            "actors": pay.actor_names(
                session,
                [*(each.by for each in words), *(each.actor for each in postings), batch.drafted_by, row.sent_by or ""],
            ),
            "may_confirm": actor.role in access.OFFICERS and row.state in {"sent", "acknowledged"},
            "nav": "office.batches",
        }
    page = render_template("office/payout.html", **facts)
    return page, status


@bp.get("/unconfirmed")
def unconfirmed() -> ResponseReturnValue:
    """Sent and not confirmed, the oldest first; of one broker or of all."""
    access.staff()
    broker_id = number("broker") or None
    with reading() as session:
        rows = sent_and_unheard(session, broker_id=broker_id, limit=MOST_UNHEARD)
        names = payee_names(session, payees=[row.payout.payee for row in rows])
        brokers = broker_names(session, {row.payout.broker_id for row in rows if row.payout.broker_id})
        done = pay.carried_out(session, payout_ids=[row.payout.id for row in rows])
    return render_template(
        "office/unconfirmed.html",
        rows=rows,
        names=names,
        brokers=brokers,
        carried_out=done,
        broker=brokers.get(broker_id or 0),
        cut=len(rows) == MOST_UNHEARD,
        nav="office.index",
    )


@bp.get("/spot-calls")
def spot_calls() -> ResponseReturnValue:
    actor = access.staff()
    with reading() as session:
        calls = pay.calls_owed(session, after=number("after"), limit=CALLS + 1)
        more, calls = len(calls) > CALLS, calls[:CALLS]
        names = payee_names(session, payees=[call.payout.payee for call in calls])
        brokers = broker_names(session, {call.payout.broker_id for call in calls if call.payout.broker_id})
    return render_template(
        "office/spot_calls.html",
        calls=calls,
        names=names,
        brokers=brokers,
        answers=ANSWERS,
        may_answer=actor.role in access.OFFICERS,
        next_page=url_for("office.spot_calls", after=calls[-1].payout.id) if more else None,
        nav="office.index",
    )


@bp.post("/payouts/<int:payout_id>/call")
def spot_call_answer(payout_id: int) -> ResponseReturnValue:
    actor = access.officer()
    answer = request.form.get("answer", "")
    if answer not in ANSWERS:
        raise BadInput(field="answer")
    with writing() as session:
        services.answer_spot_call(session, payout_id=payout_id, answer=answer, by=actor)
    known: dict[str, str] = {
        "received": _("Confirmed by her own word."),
        "not_reached": _("Written down. The call stays on the list."),
    }
    flash(known.get(answer) or _("Written down. It is on the list of what must be looked at."), "message")
    return redirect(url_for("office.spot_calls"), 303)
