"""Who did what, for whom: the history of all that keeps none of its own."""

from flask import Flask, render_template, url_for
from flask.typing import ResponseReturnValue

from shop.coop.queries import changes_about
from shop.db import reading
from shop.makers.sentences import item_label, way_label
from shop.office import access
from shop.office.answers import PAGE, cut, number
from shop.office.blueprint import bp
from shop.office.words import about_label, change_label, full_day
from shop.web.i18n import LABELS


@bp.get("/history")
def history() -> ResponseReturnValue:
    access.staff()
    with reading() as session:
        lines, more = cut(changes_about(session, before=number("before") or None, limit=PAGE + 1))
    return render_template(
        "office/history.html",
        lines=lines,
        next_page=url_for("office.history", before=lines[-1].id) if more else None,
        nav="office.shop",
    )


@bp.record_once
def _words(state: object) -> None:
    app = getattr(state, "app", None)
    assert isinstance(app, Flask)
    app.jinja_env.filters["full_day"] = full_day
    app.jinja_env.globals.update(
        change_label=change_label,
        about_label=about_label,
        item_label=item_label,
        way_label=way_label,
        lang_label=LABELS.get,
    )
