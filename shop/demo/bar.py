"""What the demo's bar says on a page; it costs the public pages no statement until an order was placed here."""

import time
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask, current_app, request
from flask.wrappers import Response
from flask_babel import gettext as _
from sqlalchemy import select

from config import Settings
from shop import clock
from shop.db import KEPT, reading
from shop.demo.steps import Step, next_step
from shop.people.models import User
from shop.web.access import signed_in
from shop.web.filters import day

COOKIE = "demo_order"
ROLES = ("buyer", "broker", "organizer", "treasurer", "officer", "admin")


NO_SECONDS = 10.0
"""So long a shop that is no demo is not asked again whether it became one."""


@dataclass(slots=True)
class _No:
    until: float = 0.0

    def forget(self) -> None:
        self.until = 0.0


_no = _No()
KEPT.append(_no.forget)


@dataclass(frozen=True, slots=True)
class Bar:
    """The bar's words; `next_step` is (label, address) or None."""

    day_label: str
    roles: list[tuple[str, str, bool]]
    next_step: tuple[str, str] | None
    friday_label: str
    letters_count: int


def is_demo() -> bool:
    """Whether this database holds the demo co-op; a yes is asked once, a no again after a while."""
    if "demo" in current_app.extensions:
        return True
    if time.monotonic() < _no.until:
        return False
    with reading() as session:
        known = session.scalar(select(User.id).where(User.email == "admin@demo.example")) is not None
    if known:
        current_app.extensions["demo"] = True
    else:
        _no.until = time.monotonic() + NO_SECONDS
    return known


def role_label(role: str) -> str:
    """What a role is called on the bar."""
    return str(
        {
            "buyer": _("Buyer"),
            "broker": _("Broker"),
            "organizer": _("Organizer"),
            "treasurer": _("Treasurer"),
            "officer": _("Officer"),
            "admin": _("Admin"),
        }[role]
    )


def next_friday() -> timedelta:
    """From now to nine in the morning of the next Friday at the co-op."""
    now = clock.now()
    morning = now.replace(hour=1, minute=0, second=0, microsecond=0)
    ahead = morning + timedelta(days=(4 - morning.weekday()) % 7)
    return ahead - now if ahead > now else ahead + timedelta(days=7) - now


def order_here() -> str | None:
    """The order last looked at on this device."""
    return request.cookies.get(COOKIE)


def step_here() -> Step | None:
    """What comes next for that order."""
    secret = order_here()
    if not secret:
        return None
    with reading() as session:
        return next_step(session, secret=secret)


def bar() -> Bar | None:
    """The bar for this page, or None where this is no demo."""
    settings = current_app.config["SETTINGS"]
    assert isinstance(settings, Settings)
    if not is_demo():
        return None
    actor = signed_in() if current_app.config["SESSION_COOKIE_NAME"] in request.cookies else None
    step = step_here()
    friday = clock.now() + next_friday()
    folder = settings.instance_path
    letters = sum(1 for kind in ("mail", "sms") for _file in (folder / kind).glob("*.*"))
    return Bar(
        day_label=day(clock.now()),
        roles=[(role, role_label(role), bool(actor and actor.role == role)) for role in ROLES],
        next_step=(step.label, "/demo/next") if step else None,
        friday_label=_("Jump to Friday, %(day)s", day=day(friday)),
        letters_count=letters,
    )


def init_app(app: Flask) -> None:
    @app.context_processor
    def give_bar() -> dict[str, object]:
        return {"demo_bar": bar()}

    @app.after_request
    def remember_order(response: Response) -> Response:
        """The next step on the bar is that of the order this device looked at last."""
        if request.endpoint == "home.order" and response.status_code == 200 and request.view_args:
            secret = str(request.view_args.get("secret", ""))
            if secret and request.cookies.get(COOKIE) != secret:
                response.set_cookie(COOKIE, secret, max_age=86400 * 7, httponly=True, samesite="Lax")
        return response
