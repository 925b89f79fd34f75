"""A small shop with money in the bank, and books that must be clean when a test ends."""

import pytest

from shop.db import reading
from shop.ledger.audit import audit
from tests.factories.opened import opened_shop


@pytest.fixture
def shop(app):
    """The factory's shop; `flask audit` is clean after every test that uses it."""
    made = opened_shop()
    yield made
    with reading() as session:
        assert audit(session) == []
