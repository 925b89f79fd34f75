"""What somebody typed while she was signed out in another tab: kept on the sign-in page, sent again afterwards.

The text travels in the page, signed, and nowhere else; passwords and files do not travel.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from itsdangerous import BadData, URLSafeTimedSerializer

from shop.people.forms import SignInForm
from shop.web.access import SignInFirst, signed_in
from shop.web.errors import error_page

LARGEST = 64 * 1024
AGE_SECONDS = 60 * 60
SIGNED_OUT = "signed_out"
FOR_EVERYBODY = {"people.sign_in", "people.ask_reset", "people.new_password", "people.invitation"}


@dataclass(frozen=True, slots=True)
class Kept:
    """A form that waits: where it goes, the page it came from, its fields."""

    action: str
    page: str
    fields: list[tuple[str, str]]


def local(path: str | None) -> str:
    """`path` if it is one of our own addresses, else "": the guard of every redirect to what somebody sent."""
    if not path or not path.startswith("/") or path.startswith("//") or len(path) > 2000:
        return ""
    if "\\" in path or any(ord(sign) <= 32 or ord(sign) == 127 for sign in path):
        return ""
    parts = urlsplit(path)
    return "" if parts.scheme or parts.netloc else path


def page_before() -> str:
    """The page of ours that sent this form, as far as the browser says; else ""."""
    said = urlsplit(request.referrer or "")
    if said.netloc != request.host:
        return ""
    return local(said.path + (f"?{said.query}" if said.query else ""))


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="kept-text")


def _typed() -> list[tuple[str, str]]:
    found = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name != "csrf_token" and "password" not in name and "\x00" not in value
    ]
    size = sum(len(name) + len(value) for name, value in found)
    return found if size <= LARGEST and any(value.strip() for _, value in found) else []


def opened(blob: str) -> Kept | None:
    """What `blob` keeps; None for one that is not ours or over an hour old."""
    try:
        action, page, fields = _serializer().loads(blob, max_age=AGE_SECONDS)
    except (BadData, ValueError, TypeError):
        return None
    return Kept(local(action), local(page), [(str(name), str(value)) for name, value in fields])


def sign_in_first() -> ResponseReturnValue:
    """To the sign-in page: by redirect, or with what was typed kept on it."""
    if request.method == "GET":
        back = request.full_path.rstrip("?")
        return redirect(url_for("people.sign_in", next=local(back) or None), 303)
    typed = _typed()
    if not typed:
        return redirect(url_for("people.sign_in", next=page_before() or None), 303)
    form = SignInForm(formdata=None)
    form.kept.data = str(_serializer().dumps([request.full_path.rstrip("?"), page_before(), typed]))
    return render_template("people/sign_in.html", form=form, kept=True), 401


def init_app(app: Flask) -> None:
    @app.errorhandler(SignInFirst)
    def nobody(_error: SignInFirst) -> ResponseReturnValue:
        return sign_in_first()

    @app.errorhandler(CSRFError)
    def no_token(_error: CSRFError) -> Any:
        # signing out in another tab took the token away: that is no forgery, and the text must not be lost
        left = session.get(SIGNED_OUT) and signed_in() is None
        if left and not g.get("lang_in_url") and request.endpoint not in FOR_EVERYBODY:
            return sign_in_first()
        return error_page(400)
