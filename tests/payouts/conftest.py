"""A small shop with money in the bank, and books that must be clean when a test ends."""

import pytest

from shop.actor import COMMAND
from shop.db import reading, writing
from shop.ledger.audit import audit
from shop.ledger.chart import account
from shop.ledger.services import Draft, Move, post
from tests.factories import catalog
from tests.factories.orders import on_shelf


@pytest.fixture
def shop(app):
    """The factory's shop; `flask audit` is clean after every test that uses it."""
    with writing() as session:
        made = catalog.make_shop(session)
        opening = Draft("open:1", "open", "CNY", [Move(account("bank", "main"), account("equity:opening"), 1_000_000)])
        post(session, [opening], by=COMMAND)
    yield made
    with reading() as session:
        assert audit(session) == []


@pytest.fixture
def plates(shop):
    """Zhao has made two plates at 213.00."""
    on_shelf(shop.variants["plate"], 5, 2)
    return shop
