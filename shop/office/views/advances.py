"""Advances at the co-op: her word taken down in a call, given by a second person, what a slip did not cover."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.actor import Actor
from shop.db import reading, writing
from shop.errors import NotFound
from shop.money import Money
from shop.office import access
from shop.office.answers import PAGE, cut, number, refusal
from shop.office.blueprint import bp
from shop.office.forms.advances import CalledForm, LossForm
from shop.office.queries.pay import actor_names, postings_of
from shop.payouts import services
from shop.payouts.queries import payee_names
from shop.payouts.queries.advances import LIVE, AdvanceLine, advances
from shop.web.forms import ShopForm

ID = "<int:advance_id>"


@bp.get("/advances")
def advance_list() -> ResponseReturnValue:
    """What is asked for, given and still out, the newest first."""
    access.staff()
    with reading() as session:
        lines, more = cut(
            advances(session, states=LIVE, newest_first=True, after=number("after") or None, limit=PAGE + 1)
        )
        names = payee_names(session, payees=[f"maker:{line.advance.maker_id}" for line in lines])
        loose = advances(session, states=("given",))
    return render_template(
        "office/advances.html",
        lines=lines,
        names=names,
        out=_sum([line.left for line in loose]),
        uncovered=_sum([line.uncovered for line in loose]),
        next_page=url_for("office.advance_list", after=lines[-1].advance.id) if more else None,
        nav="office.batches",
    )


def _sum(amounts: list[Money]) -> Money | None:
    return Money(sum(each.minor for each in amounts), amounts[0].currency) if amounts else None


@bp.get(f"/advances/{ID}")
def advance(advance_id: int) -> ResponseReturnValue:
    """One advance, with what each person has still to say."""
    actor = access.staff()
    return _page(advance_id, actor)


@bp.post(f"/advances/{ID}/said")
def advance_said(advance_id: int) -> ResponseReturnValue:
    """What she said in the co-op's call: that she wants it, or, after the slip, that the rest is carried on."""
    actor = access.officer()
    form = CalledForm()
    line = _line(advance_id)
    verb = services.carry_on if line.advance.state == "given" else services.agree_advance
    status = refusal(
        form, lambda session: verb(session, advance_id=advance_id, evidence=form.evidence.data or "", by=actor)
    )
    return _done(advance_id, status) or _page(advance_id, actor, status=status or 200, called=form)


@bp.post(f"/advances/{ID}/refuse")
def advance_refuse(advance_id: int) -> ResponseReturnValue:
    """She does not want it, or it is not given."""
    actor = access.officer()
    with writing() as session:
        services.refuse_advance(session, advance_id=advance_id, by=actor)
    return _done(advance_id, None) or ""


@bp.post(f"/advances/{ID}/give")
def advance_give(advance_id: int) -> ResponseReturnValue:
    """A second person gives it: it goes out with her next payout."""
    actor = access.officer()
    form = ShopForm()
    status = refusal(form, lambda session: services.give_advance(session, advance_id=advance_id, by=actor))
    return _done(advance_id, status) or _page(advance_id, actor, status=status or 200, called=form)


@bp.post(f"/advances/{ID}/loss")
def advance_loss(advance_id: int) -> ResponseReturnValue:
    """An officer proposes to write off what is not covered."""
    actor = access.officer()
    form = LossForm()
    status = refusal(
        form,
        lambda session: services.propose_loss(session, advance_id=advance_id, reason=form.reason.data or "", by=actor),
    )
    return _done(advance_id, status) or _page(advance_id, actor, status=status or 200, loss=form)


@bp.post(f"/advances/{ID}/write-off")
def advance_write_off(advance_id: int) -> ResponseReturnValue:
    """A second person says yes."""
    actor = access.officer()
    with writing() as session:
        services.write_off(session, advance_id=advance_id, by=actor)
    return _done(advance_id, None) or ""


def _done(advance_id: int, status: int | None) -> ResponseReturnValue | None:
    if status is not None:
        return None
    flash(_("Written down."))
    return redirect(url_for("office.advance", advance_id=advance_id), 303)


def _line(advance_id: int) -> AdvanceLine:
    with reading() as session:
        for line in advances(session, advance_id=min(advance_id, 2**62)):
            return line
    raise NotFound(what="advance")


def _page(
    advance_id: int, actor: Actor, *, status: int = 200, called: ShopForm | None = None, loss: ShopForm | None = None
) -> ResponseReturnValue:
    line = _line(advance_id)
    row = line.advance
    with reading() as session:
        postings = postings_of(session, source=f"advance:{row.id}")
        people = (row.asked_by, row.agreed_by, row.given_by, row.carried_by, row.loss_asked_by, row.written_off_by)
        actors = actor_names(session, [*(each or "" for each in people), *(each.actor for each in postings)])
        name = payee_names(session, payees=[f"maker:{row.maker_id}"])[f"maker:{row.maker_id}"]
    page = render_template(
        "office/advance.html",
        line=line,
        name=name,
        actors=actors,
        postings=postings,
        called=called if isinstance(called, CalledForm) else CalledForm(formdata=None),
        loss=loss or LossForm(formdata=None),
        faults=called if called is not None and not isinstance(called, CalledForm) else None,
        may_edit=actor.role in access.OFFICERS,
        may_give=row.state == "agreed" and actor.key not in {row.asked_by, row.agreed_by},
        may_write_off=row.loss_asked_by is not None and row.written_off_by is None and row.loss_asked_by != actor.key,
        nav="office.batches",
    )
    return page, status
