"""A small shop to buy in, with the sandbox in Stripe's place; its books are clean after every test."""

import pytest

from shop.outbox.worker import run_due
from shop.people.limits import limiter
from tests.home.buying.steps import Buyer
from tests.support.audited import audited


@pytest.fixture(autouse=True)
def _fresh_limits():
    yield
    if limiter.initialized:
        limiter.reset()


@pytest.fixture
def market(shop, app):
    """The factory's shop: lotus and knots made to order, three plates on the shelf."""
    with audited():
        yield shop
        with app.app_context():
            run_due()


@pytest.fixture
def anna(app, market):
    """A buyer with her browser."""
    return Buyer(app.test_client(), app)


@pytest.fixture
def another(app, market):
    """More buyers: `another()`."""
    return lambda: Buyer(app.test_client(), app)
