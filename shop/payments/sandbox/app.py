"""The sandbox as a WSGI app of its own, served beside the shop or called in process."""

import secrets
from pathlib import Path

from flask import Flask

from shop.payments.sandbox import api, dashboard, hosted
from shop.payments.sandbox.store import Store, open_store

ROOT = Path(__file__).resolve().parents[3]
MAX_BODY = 1_000_000


def create_sandbox(instance_path: Path, *, secret: str, webhook_url: str, api_key: str = "") -> Flask:
    """Stripe as far as the shop needs it: ``/v1/…`` for the SDK, ``/pay/<session>`` for buyers.

    Events go to ``webhook_url``, signed with ``secret``; both are kept in the file, where the worker finds them. The
    API takes ``api_key``, or by default the one of ``api_key()``. Development and tests only.
    """
    store = open_store(instance_path)
    _keep(store, "webhook_secret", secret)
    _keep(store, "webhook_url", webhook_url)
    app = Flask(
        __name__,
        instance_path=str(instance_path.resolve()),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
    )
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    api.set_up(app, store, api_key or _kept(store, "api_key", "sk_test_"))
    hosted.set_up(app)
    dashboard.set_up(app)
    return app


def webhook_secret(instance_path: Path) -> str:
    """The secret events are signed with where STRIPE_WEBHOOK_SECRET is not set: made once, kept in the file."""
    return _kept(open_store(instance_path), "own_webhook_secret", "whsec_")


def api_key(instance_path: Path) -> str:
    """The key the sandbox's API takes where STRIPE_SECRET_KEY is not set: made once, kept in the file."""
    return _kept(open_store(instance_path), "api_key", "sk_test_")


def _keep(store: Store, name: str, value: str) -> None:
    store.own[name] = value
    with store.reading() as unit:
        if unit.setting(name) == value:
            return
    with store.writing() as unit:
        unit.set(name, value)


def _kept(store: Store, name: str, prefix: str) -> str:
    with store.reading() as unit:
        known = unit.setting(name)
    if known is None:
        with store.writing() as unit:
            known = unit.setting(name)  # another process may have been first
            if known is None:
                known = prefix + secrets.token_hex(24)
                unit.set(name, known)
    store.own[name] = known
    return known
