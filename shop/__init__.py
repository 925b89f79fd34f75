"""Qiaoshou 巧手: made by hand, paid by name."""

from importlib import import_module
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from config import ROOT, Settings
from shop import clock, commands, db
from shop.web import init_web, seal_web

ROOMS = (
    "outbox",
    "crafts",
    "media",
    "people",
    "places",
    "coop",
    "ledger",
    "search",
    "makers",
    "brokers",
    "workshops",
    "catalog",
    "cart",
    "payments",
    "work",
    "orders",
    "payouts",
    "expo",
    "home",
    "desk",
    "office",
    "demo",
)


def create_app(settings: Settings | None = None) -> Flask:
    """The whole shop as a WSGI app. Raises pydantic's ValidationError where a setting makes no sense."""
    settings = settings or Settings()
    app = Flask(
        "shop",
        root_path=str(ROOT),
        template_folder="templates",
        static_folder=str(ROOT / "static"),
        instance_path=str(settings.instance_path.resolve()),
    )
    app.config.update(
        SECRET_KEY=settings.signing_key(),
        SETTINGS=settings,
        MAX_CONTENT_LENGTH=12 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=1000,
        SESSION_COOKIE_NAME="session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.app_env == "production",
        PERMANENT_SESSION_LIFETIME=60 * 60 * 24 * 30,
    )
    if settings.app_env == "production":
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    Path(app.instance_path).mkdir(parents=True, exist_ok=True)
    clock.keep_in(Path(app.instance_path) / "clock" if settings.app_env == "development" else None)
    db.connect(settings.db_url)
    init_web(app)
    for name in ROOMS:
        init = getattr(import_module(f"shop.{name}"), "init_app", None)
        if init:
            init(app)
    commands.init_app(app)
    seal_web(app)
    return app


def settings_of(app: Flask) -> Settings:
    """The typed settings an app was made with."""
    found = app.config["SETTINGS"]
    assert isinstance(found, Settings)
    return found
