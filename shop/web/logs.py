"""One line of JSON per event on standard error, with the id of the request it belongs to."""

import logging
import re
import secrets
import sys
import time
import traceback
from types import TracebackType
from typing import Any

import structlog
from flask import Flask, Response, g, request

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")
log = structlog.get_logger()
SHORTEST_SECRET = 8

Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def told(error: BaseException) -> str:
    """The traceback of a fault, without what opens somebody's page: what stands in the address, and the values that a
    database repeats in its complaints.
    """
    text = "".join(traceback.format_exception(error))
    text = re.sub(r"(?m)^(DETAIL|CONTEXT):.*$", r"\1: …", text)
    form = request.__dict__.get("form") or {}  # if it was read: reading it here might fail anew
    named = [*(request.view_args or {}).values(), *request.args.values(), *form.values()]
    for value in sorted({str(each) for each in named}, key=len, reverse=True):
        if len(value) >= SHORTEST_SECRET:
            text = text.replace(value, "…")
    return text


def say_fault(found: Raised | Any) -> None:
    """In place of Flask's own line, which repeats the whole address."""
    error = found[1] if isinstance(found, tuple) else found
    log.error(
        "fault",
        id=g.get("request_id", ""),
        method=request.method,
        route=str(request.url_rule or "none"),
        trace=told(error) if isinstance(error, BaseException) else "",
    )


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
    app.log_exception = say_fault  # type: ignore[method-assign,assignment]

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
            # the rule only: a query or a secret link's tail has no place in a log
            log.info(
                "request",
                id=g.get("request_id", ""),
                method=request.method,
                route=str(request.url_rule or "none"),
                status=response.status_code,
                ms=slow_ms,
            )
        return response
