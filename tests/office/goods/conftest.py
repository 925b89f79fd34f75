"""A small co-op with goods on sale and a draft, and people signed in to its office."""

from collections.abc import Iterator

import pytest

from tests.factories.catalog import Shop
from tests.factories.opened import opened_shop
from tests.support.audited import audited


@pytest.fixture
def goods(app) -> Iterator[Shop]:
    """`lotus` and `knot` on sale, `plate` a draft that lacks pieces on the shelf; `flask audit` is clean afterwards."""
    made = opened_shop(5_000_000)
    with audited():
        yield made
