"""A refusal's code and data become a sentence in the reader's language, on a form or on a page of its own."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, g, make_response, render_template, request
from flask_babel import gettext as _
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, InternalServerError

from shop.errors import ShopError
from shop.web.access import signed_in
from shop.web.logs import told

WITH_LAYOUT = {
    "desk": ("broker",),
    "office": ("treasurer", "officer", "admin"),
    "expo": ("organizer",),
}
"""Rooms whose people stay in their own frame where something went wrong, and who they are."""

SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {}
"""Code of a refusal → its sentence. Each room adds its own in `init_app`."""


def sentence(error: ShopError) -> str:
    """What happened and what to do, in the page's language."""
    made = SENTENCES.get(error.code)
    return made(error.data) if made else _("This cannot be done as it stands now. Please look at the page again.")


def _titles(status: int) -> tuple[str, str]:
    known = {
        400: (_("That form did not reach us whole"), _("Please go back, load the page again and send it once more.")),
        403: (_("This page is for somebody else"), _("You are signed in, but this part belongs to another role.")),
        404: (_("We cannot find this page"), _("It may have moved, or the address has a slip in it.")),
        405: (_("This address takes no such request"), _("Please use the buttons on the page.")),
        409: (_("Something changed in the meantime"), _("Please load the page again and look once more.")),
        413: (_("That is too large"), _("Please send a smaller file or a shorter text.")),
        422: (_("Something is missing or wrong"), _("Please check what you typed.")),
        429: (_("Too many tries"), _("Please wait a little and try again.")),
        500: (
            _("Something broke on our side"),
            _("It has been written down. Nothing was half done; please try again."),
        ),
        503: (_("The shop is busy"), _("Please try again in a moment. Nothing was lost.")),
    }
    return known.get(status, known[500 if status >= 500 else 400])


def error_page(status: int, text: str = "") -> Response:
    """The error page in the reader's language, or a bare one where even that breaks."""
    title, usual = _titles(status)
    try:
        page = render_template("errors/error.html", status=status, title=title, text=text or usual, **_frame(status))
    except Exception as error:  # noqa: BLE001  the page about a fault must not fail for that same fault
        structlog.get_logger().error("error page", id=g.get("request_id", ""), trace=told(error))
        page = render_template("errors/bare.html", status=status, title=title, text=text or usual)
    return make_response(page, status)


def _frame(status: int) -> dict[str, object]:
    """The room's own frame for whoever belongs to it, with a way back; the shop's for everybody else."""
    room = request.path.split("/")[1]
    actor = signed_in() if room in WITH_LAYOUT and status < 500 else None
    if actor is None or actor.role not in WITH_LAYOUT[room]:
        return {}
    return {"error_layout": f"layouts/{room}.html", "room_start": f"/{room}/"}


def _before() -> str:
    """The address of ours that sent this request, as far as the browser says; else ""."""
    said = urlsplit(request.referrer or "")
    if said.netloc != request.host or not said.path.startswith("/") or said.path.startswith("//"):
        return ""
    return said.path + (f"?{said.query}" if said.query else "")


def too_large() -> Response:
    """The room's own page, since her text is still in the form that the browser goes back to."""
    frame = _frame(413)
    if not frame:
        return error_page(413)
    megabytes = (request.max_content_length or 0) // (1024 * 1024)
    text = _(
        "What you sent is larger than %(size)s MB; a photo is the usual reason. Nothing was saved. Go back with your"
        " browser's own button: what you typed is still there. Then choose a smaller photo.",
        size=megabytes,
    )
    try:
        page = render_template(
            "errors/error.html",
            status=413,
            title=_titles(413)[0],
            text=text,
            **frame,
            form_before=_before(),
        )
    except Exception as error:  # noqa: BLE001  the page about a fault must not fail itself
        structlog.get_logger().error("error page", id=g.get("request_id", ""), trace=told(error))
        return error_page(413, text)
    return make_response(page, 413)


def init_app(app: Flask) -> None:
    SENTENCES.setdefault("not_found", lambda _data: _("It may have moved, or the address has a slip in it."))
    SENTENCES.setdefault("taken", lambda _data: _("Another one has this name or number already."))
    SENTENCES.setdefault(
        "outdated", lambda _data: _("Somebody else saved this in the meantime. Please look at it again.")
    )
    SENTENCES.setdefault("busy", lambda _data: _("Please try again in a moment. Nothing was lost."))

    @app.errorhandler(ShopError)
    def refused(error: ShopError) -> Response:
        return error_page(error.status, sentence(error))

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Any:
        if error.code is None or error.code < 400:
            return error
        page = too_large() if error.code == 413 else error_page(error.code)
        for name, value in error.get_headers():
            if name in {"Retry-After", "Allow"}:
                page.headers[name] = value
        return page

    @app.errorhandler(PoolTimeout)
    @app.errorhandler(OperationalError)
    def database_away(error: Exception) -> Response:
        structlog.get_logger().error("database", id=g.get("request_id", ""), trace=told(error))
        page = error_page(503)
        page.headers["Retry-After"] = "3"
        return page

    @app.errorhandler(DataError)
    def cannot_be_kept(error: DataError) -> Response:
        """PostgreSQL keeps no NUL, and no number or text beyond its column. Nothing was stored; it may be our fault."""
        structlog.get_logger().error("data", id=g.get("request_id", ""), route=str(request.url_rule), trace=told(error))
        return error_page(422, _("There is a character in it that cannot be kept.") if "NUL" in str(error.orig) else "")

    @app.errorhandler(InternalServerError)
    def broke(_error: InternalServerError) -> Response:
        structlog.get_logger().error("unhandled", id=g.get("request_id", ""), route=str(request.url_rule))
        return error_page(500)
