"""A co-op in the middle of its week, and people signed in to its office."""

from collections.abc import Callable

import pytest

from shop import clock
from shop.actor import Actor
from shop.db import reading, writing
from shop.ledger.audit import audit
from shop.people.models import User
from tests.factories.world import World, make_world
from tests.support.apps import Client
from tests.support.signing import sign_in


@pytest.fixture
def chain(app) -> World:
    """Orders in work and received, pieces on the shelf, a pay day that was sent in cash through both brokers.

    `flask audit` is clean after every test that uses it.
    """
    yield make_world()
    clock.stand_at(
        None
    )  # the chain's jobs wait for a worker that no test of pages starts: days later they would be stuck
    with reading() as session:
        assert audit(session) == []


@pytest.fixture
def as_(app) -> Callable[..., Client]:
    """A browser of one of the cast: `as_(TAO)`, in English unless told otherwise."""

    def go(who: Actor, lang: str = "en") -> Client:
        with writing() as session:
            session.get_one(User, who.user_id).lang = lang
        client = app.test_client()
        sign_in(client, who)
        return client

    return go
