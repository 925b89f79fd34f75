"""A small shop with money in the bank, and books that must be clean when a test ends."""

import pytest

from tests.factories import catalog
from tests.factories.opened import opened_shop
from tests.factories.orders import on_shelf
from tests.support import databases
from tests.support.audited import audited


@pytest.fixture
def shop(app):
    """The factory's shop; `flask audit` is clean after every test that uses it."""
    made = opened_shop()
    with audited():
        yield made


@pytest.fixture
def plates(shop):
    """Zhao has made two plates at 213.00."""

    def build() -> catalog.Shop:
        on_shelf(shop.variants["plate"], 5, 2)
        return shop

    return databases.built("payouts-plates", build)
