"""Statements of all her makers on paper: asked for here, made by the worker, fetched when they are ready."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.db import writing
from shop.desk import access
from shop.desk.answers import done, refused
from shop.desk.blueprint import desk
from shop.errors import ShopError
from shop.payouts import services
from shop.payouts.pages import group_asked, group_file, group_page


@desk.get("/statements")
def group() -> ResponseReturnValue:
    """What was asked for, and asking for a month."""
    me = access.broker()
    return group_page("desk/group.html", me.broker_id, file="desk.group_paper", where={}, back=url_for("desk.makers"))


@desk.post("/statements")
def group_ask() -> ResponseReturnValue:
    """The worker makes them; a second click is given the same run."""
    me = access.broker()
    span, lang = group_asked()
    try:
        with writing() as session:
            services.ask_statements(
                session, broker_id=me.broker_id, since=span.since, until=span.until, lang=lang, by=me.actor
            )
    except ShopError as error:
        return refused(error, "desk.group")
    return done("desk.group", _("The statements are being made."))


@desk.get("/statements/<int:run_id>/file")
def group_paper(run_id: int) -> ResponseReturnValue:
    """The PDF, or the zip of PDFs; nobody else's group."""
    me = access.broker()
    return group_file(run_id, me.broker_id)
