"""Letters, text messages and calls to Stripe that were given up on, or still wait. Never what stands in them."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.db import reading, writing
from shop.errors import NotFound
from shop.office import access
from shop.office.answers import PAGE, cut, number
from shop.office.blueprint import bp
from shop.outbox import services
from shop.outbox.models import OutboxRow
from shop.outbox.queries import backlog, rows

SHOWN: dict[str, Sequence[str]] = {"parked": ("parked",), "waiting": ("pending", "leased")}


@bp.get("/outbox")
def outbox() -> ResponseReturnValue:
    actor = access.staff()
    which = request.args.get("state", "parked")
    which = which if which in SHOWN else "parked"
    with reading() as session:
        lines, more = cut(rows(session, states=SHOWN[which], before=number("before") or None, limit=PAGE + 1))
        health = backlog(session)
    return render_template(
        "office/outbox.html",
        lines=lines,
        which=which,
        health=health,
        may_retry=actor.role in access.OFFICERS,
        next_page=url_for("office.outbox", state=which, before=lines[-1].id) if more else None,
    )


@bp.post("/outbox/<int:row_id>/unpark")
def outbox_unpark(row_id: int) -> ResponseReturnValue:
    """Try one again. A second click, or somebody else's, does nothing more and is told so."""
    access.officer()
    try:
        with writing() as session:
            services.unpark(session, row_id=row_id)
    except NotFound:
        with reading() as session:
            if session.get(OutboxRow, row_id) is None:
                raise
        flash(_("It is being tried again already, or is done."))
    else:
        flash(_("It is tried again, with all its tries."))
    return redirect(url_for("office.outbox"), 303)
