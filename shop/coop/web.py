"""The co-op on every page: the template global `coop`, kept fresh before the page is made."""

from flask import Flask, has_request_context, request
from sqlalchemy.exc import SQLAlchemyError

from shop.coop.facts import CoopFacts, coop_facts, known_facts, stale
from shop.db import Busy, holding, reading

WITHOUT_COOP = ("static", "health.", "media.", "sandbox")
"""Endpoints whose answers never name the co-op."""


class _Now:
    """The co-op's facts as they are known when a template asks."""

    __slots__ = ()

    def __getattr__(self, name: str) -> object:
        if stale() and not has_request_context() and not holding():
            # a letter is written by the worker, before whom no page has looked
            with reading() as session:
                coop_facts(session)
        return getattr(known_facts(), name)


def init_app(app: Flask) -> None:
    app.jinja_env.globals["coop"] = _Now()

    @app.before_request
    def look_again() -> None:
        if not stale() or (request.endpoint or "").startswith(WITHOUT_COOP):
            return
        try:
            with reading() as session:
                coop_facts(session)
        except (SQLAlchemyError, Busy):
            # the page itself will say that the database is away; it may name the co-op as last known
            return


__all__ = ["CoopFacts", "init_app"]
