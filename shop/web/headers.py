"""Security headers and what may be cached, on every answer."""

from flask import Flask, Response, request
from flask.globals import request_ctx

from config import Settings

CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self' https://checkout.stripe.com; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)


def init_app(app: Flask) -> None:
    settings = app.config["SETTINGS"]
    assert isinstance(settings, Settings)

    @app.after_request
    def guard(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", CSP)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "geolocation=(), microphone=(), payment=()")
        if settings.app_env == "production":
            headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        # Asking the proxy `session` would itself count as access, and no page could be cached.
        opened = request_ctx._session  # noqa: SLF001  there is no public way to look without touching
        looked_into = opened is not None and opened.accessed
        if looked_into or "Set-Cookie" in headers or request.method != "GET":
            headers["Cache-Control"] = "private, no-store"
        elif "Cache-Control" not in headers:
            headers["Cache-Control"] = "private, no-cache"
        return response
