"""A visitor known by her cart's cookie only: its secret, the count beside it, and the country she is probably in."""

import time
from dataclasses import dataclass

from flask import Response, current_app, make_response, request
from sqlalchemy.orm import Session

from shop.cart.shipping import countries
from shop.coop.facts import known_facts
from shop.db import KEPT
from shop.web.countries import every_code
from shop.web.i18n import current_lang

CART = "cart"
COUNT = "cart_n"
LASTS_SECONDS = 60 * 24 * 60 * 60
LONGEST_TOKEN = 64
MOST_SHOWN = 999

_FRESH_SECONDS = 30.0
_HOME_OF = {"zh": "CN", "vi": "VN"}


def cart_token() -> str | None:
    """The secret of her cart's cookie, if it can be one."""
    token = request.cookies.get(CART, "")
    return token if 0 < len(token) <= LONGEST_TOKEN else None


def remember(response: Response, *, pieces: int, token: str | None = None) -> None:
    """Keep the cart's secret for 60 days, out of reach of scripts, and beside it the count that pages show."""
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    if token is not None:
        response.set_cookie(CART, token, max_age=LASTS_SECONDS, httponly=True, samesite="Lax", secure=secure, path="/")
    shown = str(min(pieces, MOST_SHOWN))
    if request.cookies.get(COUNT) != shown:
        response.set_cookie(COUNT, shown, max_age=LASTS_SECONDS, samesite="Lax", secure=secure, path="/")


def private(page: str, status: int = 200) -> Response:
    """A page for this visitor alone: kept by no cache, found by no search engine."""
    response = make_response(page, status)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@dataclass(slots=True)
class _Served:
    codes: tuple[str, ...] = ()
    until: float = 0.0


_served = _Served()


def _forget() -> None:
    _served.until = 0.0


KEPT.append(_forget)


def served_countries(session: Session) -> tuple[str, ...]:
    """Codes of the countries that have their own rate, then all others where there is a rate for these.

    Kept for half a minute: rates change rarely, and what can be sent is looked up anew whenever an order is placed.
    """
    if time.monotonic() >= _served.until:
        known = countries(session)
        own = tuple(code for code in known if code != "*")
        rest = tuple(code for code in every_code() if code not in own) if "*" in known else ()
        _served.codes, _served.until = own + rest, time.monotonic() + _FRESH_SECONDS
    return _served.codes


def guessed_country(codes: tuple[str, ...]) -> str:
    """Where she probably is: the region her browser names, else her language's home, else the co-op's country."""
    for tag, _quality in request.accept_languages:
        region = tag.replace("_", "-").rpartition("-")[2].upper()
        if len(region) == 2 and "-" in tag.replace("_", "-") and region in codes:
            return region
    wished = _HOME_OF.get(current_lang(), known_facts().country)
    return wished if wished in codes else known_facts().country
