"""A small co-op with goods on sale and a draft, and people signed in to its office."""

from collections.abc import Iterator

import pytest

from shop.actor import COMMAND
from shop.db import reading, writing
from shop.ledger.audit import audit
from shop.ledger.chart import account
from shop.ledger.services import Draft, Move, post
from tests.factories.catalog import Shop, make_shop


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
