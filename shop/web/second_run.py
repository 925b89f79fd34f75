"""A POST that lost a race on the database runs once more, then answers 409 or 503 (house.md 4)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask
from sqlalchemy.exc import DBAPIError, IntegrityError

from shop.db import Busy, worth_again
from shop.errors import Conflict


def twice(view: Callable[..., Any]) -> Callable[..., Any]:
    """`view` with one second run on a unique violation, a deadlock or a busy database."""

    @wraps(view)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return view(*args, **kwargs)
        except DBAPIError as error:
            if not worth_again(error):
                raise
        try:
            return view(*args, **kwargs)
        except DBAPIError as error:
            if not worth_again(error):
                raise
            raise (Conflict() if isinstance(error, IntegrityError) else Busy()) from error

    return run


def init_app(app: Flask) -> None:
    posting = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    for endpoint in posting:
        app.view_functions[endpoint] = twice(app.view_functions[endpoint])
