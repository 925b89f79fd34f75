"""Statements of a broker's whole group on paper: asked for here, made by the worker, fetched when they are ready."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.brokers.queries import broker_names
from shop.db import reading, writing
from shop.errors import NotFound, ShopError
from shop.office import access
from shop.office.blueprint import bp
from shop.payouts import services
from shop.payouts.pages import group_asked, group_file, group_page
from shop.web.errors import sentence


@bp.get("/brokers/<int:broker_id>/statements")
def group_statements(broker_id: int) -> ResponseReturnValue:
    """What was asked for, and asking for a month."""
    access.staff()
    with reading() as session:
        name = broker_names(session, [broker_id]).get(broker_id)
    if name is None:
        raise NotFound(what="broker")
    return group_page(
        "office/group.html",
        broker_id,
        file="office.group_statements_file",
        where={"broker_id": broker_id},
        name=name,
        broker_id=broker_id,
        nav="office.brokers",
    )


@bp.post("/brokers/<int:broker_id>/statements")
def group_statements_ask(broker_id: int) -> ResponseReturnValue:
    """The worker makes them; a second click is given the same run."""
    actor = access.staff()
    span, lang = group_asked()
    try:
        with writing() as session:
            services.ask_statements(
                session, broker_id=broker_id, since=span.since, until=span.until, lang=lang, by=actor
            )
    except ShopError as error:
        if error.status != 422:
            raise
        flash(sentence(error), "error")
    else:
        flash(_("The statements are being made."))
    return redirect(url_for("office.group_statements", broker_id=broker_id), 303)


@bp.get("/brokers/<int:broker_id>/statements/<int:run_id>/file")
def group_statements_file(broker_id: int, run_id: int) -> ResponseReturnValue:
    """The PDF, or the zip of PDFs."""
    access.staff()
    return group_file(run_id, broker_id)
