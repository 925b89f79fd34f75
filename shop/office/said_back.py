"""A form of which is said in words what it comes to before it is saved: the second post saves what the first said."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from shop.office.answers import posted, refusal
from shop.web.forms import ShopForm


@dataclass(frozen=True, slots=True)
class Meant:
    """What was typed: for the service, and in words."""

    facts: dict[str, Any]
    words: str


def said_back(
    form: ShopForm,
    read: Callable[[], Meant | None],
    save: Callable[[Session, dict[str, Any]], object],
    *,
    heading: str,
    sub: str,
    back: tuple[str, str],
    nav: str,
) -> ResponseReturnValue:
    """The form's page, or the way `back` once it is saved. `read` gives None with the faults at their fields."""
    status: int | None = 200
    words = ""
    if posted():
        meant = read() if form.validate() else None
        status = None if meant else 422
        if meant and form["said"].data == meant.words:
            facts = meant.facts
            status = refusal(form, lambda session: save(session, facts))
            if status is None:
                flash(_("Saved."))
                return redirect(back[1], 303)
        elif meant:
            form["said"].data = words = meant.words
    page = render_template(
        "office/form.html",
        form=form,
        heading=heading,
        sub=sub,
        said=words,
        save=_("Yes, save it") if words else _("Next"),
        back=back,
        nav=nav,
    )
    return page, status or 200
