"""Signing one of the cast in on a browser, without her password; and giving her one for pages that ask once more."""

from functools import cache

from shop.actor import Actor
from shop.db import writing
from shop.people.models import User
from shop.people.passwords import PasswordHash, hashed
from shop.people.services import open_session
from tests.people import PASSWORD
from tests.support.apps import SITE, Client


@cache
def _hash() -> PasswordHash:
    return hashed(PASSWORD)


def with_password(*cast: Actor) -> None:
    """These have the tests' password."""
    with writing() as session:
        for who in cast:
            session.get_one(User, who.user_id).password_hash = _hash()


def sign_in(client: Client, who: Actor | None) -> None:
    """Sign `who` in on this browser, or nobody."""
    with client.session_transaction(base_url=SITE) as kept:
        kept.clear()
    if who is None:
        return
    with writing() as session:
        token = open_session(session, user_id=who.user_id, device="test")
    with client.session_transaction(base_url=SITE) as kept:
        kept["_user_id"], kept["_fresh"] = token, True
