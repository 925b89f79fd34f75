"""One line of JSON per event on standard error, with the id of the request it belongs to."""

import logging
import re
import secrets
import sys
import time

import structlog
from flask import Flask, Response, g, request

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")
log = structlog.get_logger()


def init_app(app: Flask) -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        # whatever standard error is now: a logger kept from an earlier moment would write into a closed stream
        logger_factory=lambda *_args: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )

    @app.before_request
    def name_request() -> None:
        given = request.headers.get("X-Request-Id", "")
        g.request_id = given if _ID.match(given) else secrets.token_hex(6)
        g.began = time.perf_counter()

    @app.after_request
    def say_request(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "")
        slow_ms = int((time.perf_counter() - g.get("began", time.perf_counter())) * 1000)
        if response.status_code >= 500 or slow_ms > 1000 or request.method == "POST":
            # the path only: a query or a secret link's tail has no place in a log
            log.info(
                "request",
                id=g.get("request_id", ""),
                method=request.method,
                route=str(request.url_rule or "none"),
                status=response.status_code,
                ms=slow_ms,
            )
        return response
