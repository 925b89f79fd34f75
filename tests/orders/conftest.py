"""A small shop with money in the bank, and books that must be clean when a test ends."""

import pytest

from shop.db import writing
from tests.factories import catalog
from tests.factories.opened import opened_shop
from tests.factories.orders import on_shelf
from tests.support.audited import audited


@pytest.fixture
def shop(app):
    """The factory's shop; `flask audit` is clean after every test that uses it."""
    made = opened_shop()
    with audited():
        yield made


@pytest.fixture
def plates(shop):
    """Put so many plates on the shelf: `plates(1)`; gives the variant."""

    def put(count):
        on_shelf(shop.variants["plate"], 5, count)
        with writing() as session:
            catalog.publish(session, shop, "plate")
        return shop.variants["plate"]

    return put
