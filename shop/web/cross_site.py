"""Posts from other sites are refused; signed-in and checkout pages carry a token besides."""

from urllib.parse import urlsplit

from flask import Flask, current_app, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import BadRequest

from config import Settings

csrf = CSRFProtect()
SENT_BY_MACHINES = {"payments.stripe_webhook"}
"""Endpoints that no browser calls: they prove themselves by a signature."""

WITHOUT_TOKEN: set[str] = set()
"""Endpoints of public, cacheable pages, whose forms carry no token: the cart before checkout."""

SAFE = {"GET", "HEAD", "OPTIONS"}


class CrossSite(BadRequest):
    """The form was sent from another site, or its token has aged."""


def same_site() -> bool:
    """Whether the browser says that this post came from our own page: Sec-Fetch-Site, else Origin, else Referer."""
    fetch = request.headers.get("Sec-Fetch-Site")
    if fetch:
        return fetch in {"same-origin", "none"}
    said = request.headers.get("Origin") or request.headers.get("Referer")
    if not said or said == "null":
        # old WebViews send neither; the SameSite cookie and, where it matters, the token stand guard then
        return said != "null"
    settings = current_app.config["SETTINGS"]
    assert isinstance(settings, Settings)
    return urlsplit(said).netloc in {request.host, urlsplit(settings.site_url).netloc}


def init_app(app: Flask) -> None:
    app.config.setdefault("WTF_CSRF_CHECK_DEFAULT", False)
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", 60 * 60 * 12)
    app.config.setdefault("WTF_CSRF_SSL_STRICT", False)
    csrf.init_app(app)

    @app.before_request
    def refuse_other_sites() -> None:
        if request.method in SAFE or request.endpoint in SENT_BY_MACHINES or request.endpoint is None:
            return
        if not same_site():
            raise CrossSite
        if request.endpoint not in WITHOUT_TOKEN:
            csrf.protect()
