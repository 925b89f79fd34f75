"""The room of those who sign in.

A person has an address, a password and one role; each device she is signed in on is a row, so that signing out, a new
password or her removal act at once. Makers are not among them: a maker needs no account.
Links by mail (invitation, new password) work once. Guessing is slowed, nobody is locked out for good.
Higher rooms add what they know of a signed-in person with `person.actor_facts`.
"""

from flask import Flask, g, request, url_for

from shop.db import again, writing
from shop.outbox.worker import every
from shop.people import cli, kept, limits, sentences, services, views
from shop.people.person import actor_facts, person_of
from shop.web.access import login_manager, signed_in
from shop.web.i18n import LABELS, current_lang

__all__ = ["actor_facts", "init_app"]


def _end_expired() -> None:
    def work() -> None:
        with writing() as session:
            services.end_expired(session)

    again(work)


def init_app(app: Flask) -> None:
    # a device's row decides how long she is signed in; a cookie on every answer would stop caches and guard nothing
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    # Flask-Login's own check compares addresses, which change as a phone moves
    app.config["SESSION_PROTECTION"] = None
    login_manager.user_loader(person_of)
    sentences.init_app()
    limits.init_app(app)
    kept.init_app(app)
    cli.init_app(app)
    app.register_blueprint(views.bp)
    every(3600, "people.expiry")(_end_expired)
    _speak_to_her(app)


def _speak_to_her(app: Flask) -> None:
    """Pages without a language in their address speak the signed-in person's; so do refusals that no page preceded."""

    def who_first() -> None:
        # before any check that may end in an error page; pages themselves load her with their access rule
        if (request.method != "GET" or request.endpoint is None) and app.config[
            "SESSION_COOKIE_NAME"
        ] in request.cookies:
            signed_in()

    app.before_request_funcs.setdefault(None, []).insert(0, who_first)

    @app.url_defaults
    def carry_lang(endpoint: str, values: dict[str, object]) -> None:
        if endpoint in {"people.sign_in", "people.ask_reset"} and g.get("lang_in_url"):
            values.setdefault("lang", current_lang())

    @app.context_processor
    def switch_on_my_page() -> dict[str, object]:
        """On the desk, in the office and at the fair the switch leads to where she sets her language."""
        if g.get("lang_in_url", True) or signed_in() is None:
            return {}
        now = current_lang()
        links = [
            (code, label, url_for("people.me", lang=code, _anchor="lang"), code == now)
            for code, label in LABELS.items()
        ]
        return {"other_langs": lambda: links}
