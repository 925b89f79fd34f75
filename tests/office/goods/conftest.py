"""A small co-op with goods on sale and a draft, and people signed in to its office."""

from collections.abc import Callable, Iterator

import pytest

from shop.actor import COMMAND, Actor
from shop.db import reading, writing
from shop.ledger.audit import audit
from shop.ledger.chart import account
from shop.ledger.services import Draft, Move, post
from shop.people.models import User
from tests.factories.catalog import Shop, make_shop
from tests.support.apps import Client
from tests.support.signing import sign_in


@pytest.fixture
def goods(app) -> Iterator[Shop]:
    """`lotus` and `knot` on sale, `plate` a draft that lacks pieces on the shelf; `flask audit` is clean afterwards."""
    with writing() as session:
        made = make_shop(session)
        opening = [Move(account("bank", "main"), account("equity:opening"), 5_000_000)]
        post(session, [Draft("open:1", "open", "CNY", opening)], by=COMMAND)
    yield made
    with reading() as session:
        assert audit(session) == []


@pytest.fixture
def as_(app) -> Callable[..., Client]:
    """A browser of one of the cast: `as_(FEN)`, in English unless told otherwise."""

    def go(who: Actor, lang: str = "en") -> Client:
        with writing() as session:
            session.get_one(User, who.user_id).lang = lang
        client = app.test_client()
        sign_in(client, who)
        return client

    return go
