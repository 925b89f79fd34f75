"""A small shop to buy in, with the sandbox in Stripe's place; its books are clean after every test."""

import pytest

from shop.db import reading
from shop.ledger.audit import audit
from shop.outbox.worker import run_due
from shop.people.limits import limiter
from tests.home.buying.steps import Buyer


@pytest.fixture(autouse=True)
def _fresh_limits():
    yield
    if limiter.initialized:
        limiter.reset()


@pytest.fixture
def market(shop, app):
    """The factory's shop: lotus and knots made to order, three plates on the shelf."""
    yield shop
    with app.app_context():
        run_due()
    with reading() as session:
        assert audit(session) == []


@pytest.fixture
def anna(app, market):
    """A buyer with her browser."""
    return Buyer(app.test_client(), app)


@pytest.fixture
def another(app, market):
    """More buyers: `another()`."""
    return lambda: Buyer(app.test_client(), app)
