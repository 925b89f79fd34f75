"""The demo co-op: invented people and villages, drawn pictures, and fifty days lived through the shop's own services.

A bar on every page lets a newcomer go on as each role, take the next step of her order, and jump to Friday. Only in
development, and only where the demo was made: production knows neither the bar nor its addresses.
"""

from flask import Flask

from config import Settings


def init_app(app: Flask) -> None:
    from shop.demo import cli  # noqa: PLC0415  it needs the models of a ready app

    settings = app.config["SETTINGS"]
    assert isinstance(settings, Settings)
    cli.init_app(app)
    if settings.app_env == "development":
        from shop.demo import bar, views  # noqa: PLC0415  production does not even load them

        app.register_blueprint(views.bp)
        bar.init_app(app)
