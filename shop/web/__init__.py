"""What every page of the shop shares, whatever room it is from.

Languages, forms, the rule that decides access, headers, errors as pages, filters for money and days. Knows no room.
"""

from flask import Flask

from shop.web import (
    access,
    addresses,
    assets,
    bodies,
    countries,
    cross_site,
    errors,
    filters,
    headers,
    health,
    i18n,
    logs,
    second_run,
)


def init_web(app: Flask) -> None:
    """Wire the parts in the order in which a request meets them."""
    logs.init_app(app)
    bodies.init_app(app)
    addresses.init_app(app)
    i18n.init_app(app)
    cross_site.init_app(app)
    access.init_app(app)
    assets.init_app(app)
    filters.init_app(app)
    countries.init_app(app)
    headers.init_app(app)
    errors.init_app(app)
    health.init_app(app)


def seal_web(app: Flask) -> None:
    """After the rooms: give every POST view its one second run."""
    second_run.init_app(app)


__all__ = ["init_web", "seal_web"]
