"""What desk pages share: redirects with a word, numbers in addresses, and the device that belongs to a broker."""

from datetime import UTC, date, datetime, timedelta

from flask import Response, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop import clock
from shop.desk.blueprint import desk
from shop.desk.sentences import bad_input
from shop.errors import BadInput, ShopError
from shop.web.access import signed_in
from shop.web.addresses import number
from shop.web.errors import sentence

__all__ = ["number"]
"""Passed on to the views of this room."""

DESK_DEVICE = "desk_device"
"""A mark on a device that a broker has used: a word given there by a card is told to the co-op."""

DEVICE_SECONDS = 30 * 24 * 60 * 60


def told(error: ShopError) -> str:
    """A refusal's sentence; what is wrong with a field in the desk's own words."""
    return bad_input(error.data) if type(error) is BadInput else sentence(error)


def done(endpoint: str, word: str = "", **where: object) -> ResponseReturnValue:
    """On to the next page, with good news."""
    if word:
        flash(word)
    return redirect(url_for(endpoint, **where), 303)  # type: ignore[arg-type]


def refused(error: ShopError, endpoint: str, **where: object) -> ResponseReturnValue:
    """Back to a page, with why nothing was done. What is not there, or not hers, stays a page of its own."""
    if error.status in {403, 404, 503}:
        raise error
    flash(told(error), "error")
    return redirect(url_for(endpoint, **where), 303)  # type: ignore[arg-type]


def place(name: str) -> tuple[date, int] | None:
    """Where a list goes on: a day and an id out of "2026-11-21.7"; None for anything else."""
    day, _dot, last = request.args.get(name, "").partition(".")
    try:
        return date.fromisoformat(day), min(int(last), 2**62)
    except ValueError:
        return None


def week_began() -> datetime:
    """Monday's midnight at the co-op."""
    today = clock.today()
    monday = today - timedelta(days=today.weekday())
    return datetime.combine(monday, datetime.min.time(), tzinfo=UTC) - timedelta(hours=8)


def late_label(due_on: date) -> str:
    """How late it is; "" while it is not."""
    days = (clock.today() - due_on).days
    if days < 0:
        return ""
    return str(_("today")) if days == 0 else str(_("%(num)s days late", num=days))


@desk.after_request
def mark_device(response: Response) -> Response:
    """Remember on this device that a broker worked here; only the cards' pages are sent it."""
    actor = signed_in()
    if actor is not None and actor.role == "broker" and DESK_DEVICE not in request.cookies:
        response.set_cookie(
            DESK_DEVICE,
            "1",
            max_age=DEVICE_SECONDS,
            path="/m",
            httponly=True,
            samesite="Lax",
            secure=current_app.config["SESSION_COOKIE_SECURE"],
        )
    return response
