"""A co-op in the middle of its week, and people signed in to its office."""

import pytest

from shop import clock
from tests.factories.world import World, make_world
from tests.support.audited import audited


@pytest.fixture
def chain(app) -> World:
    """Orders in work and received, pieces on the shelf, a pay day that was sent in cash through both brokers.

    `flask audit` is clean after every test that uses it.
    """
    made = make_world()
    with audited():
        yield made
        # the chain's jobs wait for a worker that no test of pages starts: days later they would be stuck
        clock.stand_at(None)
