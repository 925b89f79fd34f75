"""Guessing is slowed, nobody is locked out: per network, and per account, with a way past for devices she knows.

A thousand tries on one account from everywhere use up that account's tries for strangers; a device on which she has
signed in before has tries of its own, and a link by mail lets her in at any time. Counted before the form's token is
looked at, in memory or in Redis; where Redis is away, in memory.
"""

import ipaddress
import time
from collections.abc import Callable

from flask import Flask, Response, current_app, request
from flask_limiter import Limiter, RateLimitExceeded
from flask_limiter.util import get_remote_address
from itsdangerous import BadSignature, URLSafeSerializer

from config import Settings
from shop.ids import digest, secret
from shop.people.emails import canonical
from shop.people.errors import BadEmail
from shop.web.access import signed_in
from shop.web.errors import error_page

COOKIE = "known_device"
WITH_ADDRESS = ("people.sign_in", "people.ask_reset")
"""Pages on which somebody says who she is; on the others she is signed in."""

A_YEAR = 365 * 24 * 60 * 60
MOST_ACCOUNTS = 5


def network() -> str:
    """Where a try comes from: the address, of IPv6 the /64 that one customer has."""
    said = get_remote_address() or "nowhere"
    try:
        address = ipaddress.ip_address(said)
    except ValueError:
        return said
    if isinstance(address, ipaddress.IPv6Address) and not address.ipv4_mapped:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return said


limiter = Limiter(key_func=network, strategy="moving-window", in_memory_fallback_enabled=True)


def _account_of(email: str) -> str:
    try:
        email = canonical(email)
    except BadEmail:
        email = email.strip().casefold()[:254]
    return digest(email)[:20]


def account() -> str:
    """Whom a try is for, and whether it comes from a device she knows."""
    actor = signed_in()
    if actor is not None and request.endpoint not in WITH_ADDRESS:
        return actor.key
    found = _account_of(request.form.get("email", ""))
    device, accounts = _known()
    return f"{device}:{found}" if found in accounts else found


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="known-device")


def _known() -> tuple[str, list[str]]:
    try:
        device, accounts = _serializer().loads(request.cookies.get(COOKIE, ""))
    except (BadSignature, ValueError, TypeError):
        return "", []
    return str(device), [str(one) for one in accounts]


def know_device(response: Response, email: str) -> None:
    """Remember on this device that she has signed in here, for a year. It lets nobody in."""
    device, accounts = _known()
    found = _account_of(email)
    accounts = [found, *(one for one in accounts if one != found)][:MOST_ACCOUNTS]
    response.set_cookie(
        COOKIE,
        str(_serializer().dumps([device or secret(), accounts])),
        max_age=A_YEAR,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        path="/sign-in",
    )


def _refused(response: Response) -> bool:
    return response.status_code == 422


@limiter.limit("30/minute;200/hour", key_func=network, deduct_when=_refused)
@limiter.limit("5/minute;30/hour", key_func=account, deduct_when=_refused)
def wrong_passwords() -> None:
    """Only what was refused counts: a whole office signs in from one address each morning."""


@limiter.limit("20/hour", key_func=network)
@limiter.limit("5/hour", key_func=account)
def _letters() -> None:
    """Every letter asked for counts, whether anybody has that address or not."""


CHECKS: dict[str, Callable[[], None]] = {
    "people.sign_in": wrong_passwords,
    "people.change_password": wrong_passwords,
    "people.ask_reset": _letters,
}


def init_app(app: Flask) -> None:
    settings = app.config["SETTINGS"]
    assert isinstance(settings, Settings)
    app.config["RATELIMIT_STORAGE_URI"] = settings.redis_url or "memory://"
    limiter.init_app(app)

    def slow_down() -> None:
        check = CHECKS.get(request.endpoint or "") if request.method == "POST" else None
        if check:
            check()

    before = app.before_request_funcs.setdefault(None, [])
    place = next((n for n, known in enumerate(before) if known.__module__ == "shop.web.cross_site"), len(before))
    before.insert(place, slow_down)

    @app.errorhandler(RateLimitExceeded)
    def too_many(_error: RateLimitExceeded) -> Response:
        page = error_page(429)
        limit = limiter.current_limit
        page.headers["Retry-After"] = str(max(1, int(limit.reset_at - time.time())) if limit else 60)
        return page
