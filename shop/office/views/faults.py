"""A fault that one officer wrote down: a second person agrees, or nothing is given back."""

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from shop.actor import Actor
from shop.db import reading
from shop.errors import NotFound
from shop.office import access
from shop.office.answers import refusal
from shop.office.blueprint import bp
from shop.office.queries import pay
from shop.office.queries.orders import given_back
from shop.orders import services
from shop.orders.models import Fault
from shop.web.forms import ShopForm


@bp.get("/faults/<int:fault_id>")
def fault(fault_id: int) -> ResponseReturnValue:
    """What is said to be faulty, by whom, and what agreeing would give back."""
    actor = access.staff()
    return _page(fault_id, actor, ShopForm()), 200


@bp.post("/faults/<int:fault_id>/agreed")
def fault_agreed(fault_id: int) -> ResponseReturnValue:
    """A second person agrees, and the money goes back."""
    actor = access.staff()
    return _done(
        fault_id,
        actor,
        lambda session: services.agree_fault(session, fault_id=fault_id, by=actor),
        _("Done. The money goes back to the buyer."),
    )


@bp.post("/faults/<int:fault_id>/dropped")
def fault_dropped(fault_id: int) -> ResponseReturnValue:
    """It was none, or it is mended."""
    actor = access.officer()
    return _done(
        fault_id,
        actor,
        lambda session: services.drop_fault(session, fault_id=fault_id, by=actor),
        _("Nothing is given back."),
    )


def _done(fault_id: int, actor: Actor, work: Callable[[Session], object], words: str) -> ResponseReturnValue:
    form = ShopForm()
    status = refusal(form, work)
    if status is not None:
        return _page(fault_id, actor, form), status
    flash(words)
    return redirect(url_for("office.fault", fault_id=fault_id), 303)


def _page(fault_id: int, actor: Actor, form: ShopForm) -> str:
    with reading() as session:
        row = session.get(Fault, fault_id)
        if row is None:
            raise NotFound(what="fault")
        case = given_back(session, line_id=row.line_id, quantity=row.quantity)
        names = pay.actor_names(session, [key for key in (row.asked_by, row.ended_by) if key])
    asked = row.state == "asked"
    return render_template(
        "office/fault.html",
        row=row,
        case=case,
        actors=names,
        form=form,
        may_agree=asked and row.asked_by != actor.key,
        may_drop=asked and actor.role in access.OFFICERS,
        nav="office.orders",
    )
