"""Signing one of the cast in on a browser, without her password."""

from shop.actor import Actor
from shop.db import writing
from shop.people.services import open_session
from tests.support.apps import SITE, Client


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
