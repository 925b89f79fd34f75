"""A small shop with money in the bank, and books that must be clean when a test ends."""

import pytest

from tests.factories.opened import opened_shop
from tests.support.audited import audited


@pytest.fixture
def shop(app):
    """The factory's shop; `flask audit` is clean after every test that uses it."""
    made = opened_shop()
    with audited():
        yield made
