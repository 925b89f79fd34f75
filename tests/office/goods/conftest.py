"""A small co-op with goods on sale and a draft, and people signed in to its office."""

from collections.abc import Iterator

import pytest

from shop.db import reading
from shop.ledger.audit import audit
from tests.factories.catalog import Shop
from tests.factories.opened import opened_shop


@pytest.fixture
def goods(app) -> Iterator[Shop]:
    """`lotus` and `knot` on sale, `plate` a draft that lacks pieces on the shelf; `flask audit` is clean afterwards."""
    made = opened_shop(5_000_000)
    yield made
    with reading() as session:
        assert audit(session) == []
