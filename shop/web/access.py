"""The rule that decides access: one line at the top of each view, and a register that the matrix test reads.

A room's `access.py` declares `@rule("broker", own="assignment")` functions; a view's first line calls one of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask, current_app, g, has_request_context, request
from flask_login import COOKIE_NAME, LoginManager, current_user
from werkzeug.exceptions import Forbidden

from shop.actor import Actor

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may pass: `roles` (empty: everybody), and what must be her own ("" where nothing is owned)."""

    name: str
    roles: tuple[str, ...]
    own: str


RULES: dict[str, Rule] = {}


class SignInFirst(Exception):
    """Nobody is signed in; the page is shown after sign-in."""


def rule(*roles: str, own: str = "") -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Register an access function: it runs only for a signed-in person with one of `roles` (none: for everybody).

    Raises SignInFirst for nobody, Forbidden for the wrong role; the function itself raises NotFound or NotYours.
    """

    def declare(decide: Callable[P, T]) -> Callable[P, T]:
        name = f"{decide.__module__}.{decide.__name__}"
        RULES[name] = Rule(name, roles, own)

        @wraps(decide)
        def decided(*args: P.args, **kwargs: P.kwargs) -> T:
            g.access_decided = name
            if roles:
                actor = signed_in()
                if actor is None:
                    raise SignInFirst
                if actor.role not in roles:
                    raise Forbidden
            return decide(*args, **kwargs)

        return decided

    return declare


@rule()
def public() -> None:
    """Everybody may see it, signed in or not."""


def signed_in() -> Actor | None:
    """Who is signed in on this device, or None. A browser that brings no session has none opened: its pages are cached."""
    if has_request_context() and "_login_user" not in g:
        names = (current_app.config["SESSION_COOKIE_NAME"], current_app.config.get("REMEMBER_COOKIE_NAME", COOKIE_NAME))
        if request.cookies.keys().isdisjoint(names):
            return None
    found = getattr(current_user, "actor", None)
    return found if isinstance(found, Actor) else None


def current_actor() -> Actor:
    """Who acts; SignInFirst when nobody is signed in."""
    actor = signed_in()
    if actor is None:
        raise SignInFirst
    return actor


login_manager = LoginManager()


def init_app(app: Flask) -> None:
    # its context processor would open a session on every page; templates read `user`
    login_manager.init_app(app, add_context_processor=False)
    # there is no remember cookie here, and looking for one would open the session on every public answer
    app.after_request_funcs[None].remove(login_manager._update_remember_cookie)  # noqa: SLF001

    @app.context_processor
    def who() -> dict[str, object]:
        return {"user": signed_in()}
