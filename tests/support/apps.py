"""The shop as an app for tests: made once a process and engine, since making it costs more than most tests."""

import shutil
import sys
from pathlib import Path
from typing import Any

import structlog
from flask import Flask
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from sqlalchemy.engine import Engine
from werkzeug.test import TestResponse

from config import Settings
from shop import clock, create_app
from shop.outbox import worker
from shop.people.limits import limiter
from shop.web import i18n
from tests.support import databases
from tests.support.run_folder import folder

SITE = "http://127.0.0.1:8000"
UNTRANSLATED = "⟦{}⟧"


def settings(instance: Path, **changes: Any) -> Settings:
    """Settings of a test: nothing from the environment or `.env`, everything in `instance`."""
    return Settings(
        _env_file=None, **{"instance_path": instance, "secret_key": "test" * 8, "base_url": SITE, **changes}
    )  # type: ignore[call-arg]


class _Unknown:
    """What a catalogue without the words says in a test, so that a page's lint sees it."""

    def gettext(self, message: str) -> str:
        return UNTRANSLATED.format(message)

    def ngettext(self, one: str, many: str, number: int) -> str:
        return UNTRANSLATED.format(one if number == 1 else many)

    def pgettext(self, _context: str, message: str) -> str:
        return UNTRANSLATED.format(message)

    def npgettext(self, _context: str, one: str, many: str, number: int) -> str:
        return UNTRANSLATED.format(one if number == 1 else many)


def mark_untranslated() -> None:
    """Let missing translations show as ⟦…⟧ in this process."""
    for lang in ("zh", "vi"):
        i18n.words(lang)._fallback = _Unknown()  # type: ignore[attr-defined]


def quiet_logs() -> None:
    """Log to whatever standard error is at the time: pytest changes it with each test."""
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr), cache_logger_on_first_use=False)


class Client(FlaskClient):
    """A browser of sorts: it says that its posts come from the shop's own pages, and knows the form's token."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if args and isinstance(args[0], str):
            kwargs.setdefault("base_url", SITE)
        if str(kwargs.get("method", "GET")).upper() == "POST":
            headers = dict(kwargs.pop("headers", None) or {})
            headers.setdefault("Sec-Fetch-Site", "same-origin")
            kwargs["headers"] = headers
        return super().open(*args, **kwargs)

    def token(self) -> str:
        """A form token of this client's session."""
        with self.session_transaction(base_url=SITE) as session:
            known = session.get("csrf_token")
        with self.application.test_request_context(base_url=SITE):
            from flask import session as other

            if known:
                other["csrf_token"] = known
            token = str(generate_csrf())
            known = other["csrf_token"]
        with self.session_transaction(base_url=SITE) as session:
            session["csrf_token"] = known
        return token

    def send(self, path: str, /, **fields: Any) -> TestResponse:
        """Post a form as its page would, token included. For what no page would send; else use `Page.submit`."""
        return self.post(path, data={"csrf_token": self.token(), **fields})


_made: dict[str, Flask] = {}


def app_for(engine: Engine) -> Flask:
    """The app on `engine`, its instance folder emptied."""
    kind = engine.dialect.name
    instance = folder() / databases.worker() / kind
    if kind not in _made:
        made = create_app(settings(instance, database_url=engine.url.render_as_string(hide_password=False)))
        made.testing = True
        made.test_client_class = Client
        quiet_logs()
        databases.use(engine)
        _made[kind] = made
    for old in instance.iterdir():
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    clock.keep_in(instance / "clock")
    worker.remember(_made[kind])
    limiter.reset()
    return _made[kind]


def another_app(instance: Path, **changes: Any) -> Flask:
    """An app of its own for a test that needs other settings or routes."""
    made = create_app(settings(instance, **changes))
    made.test_client_class = Client
    quiet_logs()
    return made
