"""Pay days: what a batch would hold, drafting it, and a second person's yes."""

from datetime import date

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from shop.actor import WORKER, Actor
from shop.coop.facts import coop_facts
from shop.db import reading, writing
from shop.errors import NotFound
from shop.money import Money
from shop.office import access
from shop.office.answers import number, refusal
from shop.office.blueprint import bp
from shop.office.forms.pay import DraftForm
from shop.office.queries import pay
from shop.payouts import services
from shop.payouts.facts import pay_facts, schedule
from shop.payouts.models import BY_BANK, PayoutBatch
from shop.payouts.queries import batches as newest
from shop.payouts.queries import payee_names, strongest
from shop.payouts.queries.ways import changed_since
from shop.payouts.services import Left

BATCHES = 20
SHOWN_LEFT = 100


@bp.get("/batches")
def batches() -> ResponseReturnValue:
    actor = access.staff()
    return _list(actor, _draft_form()[0])


def _draft_form() -> tuple[DraftForm, str]:
    with reading() as session:
        facts = coop_facts(session)
        offered, days = services.next_number(session), schedule(session)
    return DraftForm(data={"pay_on": days.day_to_draft(), "number": offered}), facts.currency


@bp.post("/batches")
def batches_draft() -> ResponseReturnValue:
    """Claim what everybody is owed for one pay day."""
    actor = access.treasurer()
    form, currency = _draft_form()
    made: list[int] = []
    status = refusal(form, lambda session: made.append(_draft(session, form, currency, actor)))
    if status is not None:
        return _list(actor, form, status)
    flash(_("The batch is drafted. Now a second person looks at it."))
    return redirect(url_for("office.batch", batch_id=made[-1]), 303)


def _list(actor: Actor, form: DraftForm, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        currency = coop_facts(session).currency
        found = newest(session, before=number("before") or None, limit=BATCHES + 1)
        days = schedule(session)
        outlook = services.outlook(session, currency=currency, pay_on=days.day_to_draft())
        facts: dict[str, object] = {
            "form": form,
            "batches": found[:BATCHES],
            "sums": pay.sums_of(session, batch_ids=[row.id for row in found[:BATCHES]]),
            "outlook": outlook,
            "ready": Money(outlook.amount_minor, currency),
            "left": outlook.left[:SHOWN_LEFT],
            "left_sum": Money(sum(each.amount_minor for each in outlook.left), currency),
            "names": payee_names(session, payees=[each.payee for each in outlook.left[:SHOWN_LEFT]]),
            "currency": currency,
            "cut_off": days.cut_off(days.day_to_draft()),
            "may_draft": actor.role == "treasurer",
            "next_page": url_for("office.batches", before=found[BATCHES - 1].number) if len(found) > BATCHES else None,
            "nav": "office.batches",
        }
    page = render_template("office/batches.html", **facts)
    return page, status


def _draft(session: Session, form: DraftForm, currency: str, actor: Actor) -> int:
    assert isinstance(form.pay_on.data, date)
    offered = form.number.data or ""
    batch, _left = services.draft_batch(
        session,
        pay_on=form.pay_on.data,
        currency=currency,
        by=actor,
        number=int(offered) if offered.isdecimal() else None,
    )
    return batch.id


def _batch(session: Session, batch_id: int) -> PayoutBatch:
    found = session.get(PayoutBatch, batch_id)
    if found is None:
        raise NotFound(what="batch")
    return found


@bp.get("/batches/<int:batch_id>")
def batch(batch_id: int) -> ResponseReturnValue:
    actor = access.staff()
    with reading() as session:
        found = _batch(session, batch_id)
        rows = pay.payouts_page(session, batch_id=batch_id, after=number("after"))
        more, rows = len(rows) > pay.PAGE, rows[: pay.PAGE]
        ids = [row.id for row in rows]
        gone = ids if found.state == "approved" else []
        left: list[Left] = []
        if found.state == "drafted":
            left = services.outlook(session, currency=found.currency, pay_on=found.pay_on).left[:SHOWN_LEFT]
        names = payee_names(session, payees=[*(row.payee for row in rows), *(each.payee for each in left)])
        people = pay.actor_names(session, [found.drafted_by, found.approved_by or "", found.cancelled_by or ""])
        by_itself = found.drafted_by == WORKER.key
        own = 0
        if found.state == "drafted" and actor.role in access.OFFICERS:
            own = services.methods_set_by(session, batch_id=batch_id, key=actor.key)
        changed = changed_since(session, batch_id=batch_id) if found.state == "drafted" else 0
        sums = pay.sums_of(session, batch_ids=[batch_id])[batch_id]
        facts: dict[str, object] = {
            "batch": found,
            "sums": sums,
            "stands": sums.standing(found.state),
            "own": own,
            "changed": changed,
            "rows": rows,
            "names": names,
            "work": pay.work_of(session, payout_ids=ids),
            "said": strongest(session, payout_ids=gone),
            "carried_out": pay.carried_out(session, payout_ids=gone) if gone else set(),
            "left": left,
            "left_sum": Money(sum(each.amount_minor for each in left), found.currency),
            "drafted_by": people.get(found.drafted_by) or (_("The shop itself") if by_itself else found.drafted_by),
            "approved_by": people.get(found.approved_by or "", found.approved_by or ""),
            "cancelled_by": people.get(found.cancelled_by or "", found.cancelled_by or ""),
            "handing": pay.handing(session, currency=found.currency, batch_id=batch_id)
            if found.state == "approved"
            else [],
            "unreported": pay.unreported(session, batch_id=batch_id) if found.state == "approved" else [],
            "by_bank": BY_BANK,
            "may_transfer": bool(pay_facts(session).payer_account),
            "may_approve": actor.role in access.OFFICERS and actor.key != found.drafted_by and not own and not changed,
            "may_send": actor.role == "treasurer",
            "may_cancel": actor.role == "treasurer" or actor.role in access.OFFICERS,
            "next_page": url_for("office.batch", batch_id=batch_id, after=ids[-1]) if more else None,
            "first_page": number("after") == 0,
            "nav": "office.batches",
        }
    return render_template("office/batch.html", **facts)


@bp.post("/batches/<int:batch_id>/approve")
def batch_approve(batch_id: int) -> ResponseReturnValue:
    actor = access.officer()
    with writing() as session:
        services.approve(session, batch_id=batch_id, by=actor)
    flash(_("Approved. Now the money can be sent."))
    return redirect(url_for("office.batch", batch_id=batch_id), 303)


@bp.post("/batches/<int:batch_id>/cancel")
def batch_cancel(batch_id: int) -> ResponseReturnValue:
    actor = access.staff()
    with writing() as session:
        services.cancel_batch(session, batch_id=batch_id, by=actor)
    flash(_("The draft is given up. Everybody's pay waits for the next batch."))
    return redirect(url_for("office.batch", batch_id=batch_id), 303)
