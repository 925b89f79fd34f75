"""What the demo's bar does."""

from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user
from sqlalchemy import select

from config import Settings
from shop import clock
from shop.db import reading, writing
from shop.demo import access
from shop.demo.bar import ROLES, next_friday, order_here, step_here
from shop.errors import NotFound
from shop.outbox.periodic import names, run_round
from shop.outbox.worker import run_due
from shop.people import services as people
from shop.people.device import device_name
from shop.people.landing import landing
from shop.people.models import User
from shop.people.person import person_of
from shop.web.cross_site import WITHOUT_TOKEN
from shop.web.i18n import current_lang

bp = Blueprint("demo", __name__, url_prefix="/demo")
# the bar stands on public pages, which carry no token; other sites are refused all the same
WITHOUT_TOKEN.update({"demo.go_on_as", "demo.next_step", "demo.friday"})


def _back() -> str:
    """The page the bar was on; one of ours."""
    said = urlsplit(request.headers.get("Referer", ""))
    ours = said.netloc == request.host and said.path.startswith("/") and not said.path.startswith("//")
    return said.path if ours else f"/{current_lang()}/"


def _sign_in(role: str) -> str:
    """Sign this device in as the demo's first person of a role; gives her landing page."""
    with reading() as session:
        user = session.scalars(
            select(User).where(User.role == role, User.email.like("%@demo.example"), User.is_active).order_by(User.id)
        ).first()
    if user is None:
        raise NotFound(what="role")
    _enter(user.id)
    return landing(role, user.lang)


def _enter(user_id: int) -> None:
    with writing() as session:
        token = people.open_session(session, user_id=user_id, device=device_name(request.user_agent.string))
    login_user(person_of(token))


@bp.post("/as/<role>")
def go_on_as(role: str) -> ResponseReturnValue:
    """Continue as a role, in one click."""
    access.demo_only()
    if role not in ROLES:
        raise NotFound(what="role")
    return redirect(_sign_in(role), 303)


@bp.post("/next")
def next_step() -> ResponseReturnValue:
    """Take the next step of the order last looked at here; the last one leads to the maker's statement."""
    access.demo_only()
    step = step_here()
    if step is None:
        return redirect(_back(), 303)
    step.take()
    if step.after and step.as_user:
        _enter(step.as_user)
        return redirect(step.after, 303)
    return redirect(url_for("home.order", secret=order_here()), 303)


@bp.post("/friday")
def friday() -> ResponseReturnValue:
    """Move the demo's clock to Friday morning and let the worker's rounds catch up."""
    access.demo_only()
    clock.move(next_friday())
    for name in names():
        if name != "sandbox.webhooks":
            run_round(name)
    run_due()
    return redirect(_back(), 303)


@bp.get("/letters")
def letters() -> ResponseReturnValue:
    """The newest letters and text messages that the demo sent."""
    access.demo_only()
    settings = current_app.config["SETTINGS"]
    assert isinstance(settings, Settings)
    mails = [_letter(file) for file in _newest(settings.instance_path / "mail", "*.eml")]
    texts = [
        file.read_text(encoding="utf-8").partition("\n")[::2]
        for file in _newest(settings.instance_path / "sms", "*.txt")
    ]
    return render_template("demo/letters.html", mails=mails, texts=texts)


def _newest(folder: Path, pattern: str) -> list[Path]:
    return sorted(folder.glob(pattern), key=lambda file: file.stat().st_mtime, reverse=True)[:50]


def _letter(file: Path) -> dict[str, str]:
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    body = message.get_body(("plain",))
    return {
        "to": str(message["To"]),
        "subject": str(message["Subject"]),
        "text": str(body.get_content()) if body is not None else "",
    }
