"""The signed-in person, as Flask-Login and the access rules see her: read from her device's row on each request."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, cast

from flask import g
from sqlalchemy.orm import Session

from shop.actor import Actor, Role
from shop.db import reading
from shop.people import queries
from shop.web.i18n import speak

Facts = Callable[[Session, int], dict[str, Any]]

_facts: list[tuple[Facts, frozenset[str] | None]] = []


def actor_facts(facts: Facts, *, roles: Collection[str] | None = None) -> Facts:
    """Let a higher room add what it knows of a signed-in person: `facts(session, user_id)` gives fields of Actor.

    It is asked on each of her requests, so it is one short statement; with `roles`, only for people of these roles.
    """
    if all(known is not facts for known, _ in _facts):
        _facts.append((facts, None if roles is None else frozenset(roles)))
    return facts


def forget_facts(facts: Facts) -> None:
    """Take a registration back; for tests."""
    _facts[:] = [known for known in _facts if known[0] is not facts]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody signed in on this device. `token` is the device's secret; `actor` is what services are given."""

    token: str
    session_id: int
    email: str
    actor: Actor

    @property
    def is_authenticated(self) -> bool:
        """Flask-Login's question."""
        return True

    @property
    def is_active(self) -> bool:
        """Flask-Login's question; who was removed has no seat."""
        return True

    @property
    def is_anonymous(self) -> bool:
        """Flask-Login's question."""
        return False

    def get_id(self) -> str:
        """What the cookie holds."""
        return self.token

    @property
    def user_id(self) -> int:
        """Her row's id."""
        assert self.actor.user_id is not None
        return self.actor.user_id


def person_of(token: str) -> Person | None:
    """Who is signed in with this secret, or None. Pages without a language in their address speak hers from here on."""
    with reading() as session:
        seat = queries.seat(session, token=token)
        if seat is None:
            return None
        more: dict[str, Any] = {}
        for facts, roles in _facts:
            if roles is None or seat.role in roles:
                more |= facts(session, seat.user_id)
    if not g.get("lang_in_url"):
        speak(seat.lang)
    actor = Actor(
        key=f"user:{seat.user_id}",
        role=cast("Role", seat.role),
        name=seat.name,
        user_id=seat.user_id,
        lang=seat.lang,
        **more,
    )
    return Person(token, seat.session_id, seat.email, actor)
