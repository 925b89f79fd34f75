"""A bigger demo: the same rows for the same seed, and the books as clean as the small one's."""

import pytest
from sqlalchemy import select

from shop.catalog.models import Product
from shop.db import reading
from shop.demo.build import make_demo
from shop.demo.build.scale import Cast, Scale, read
from shop.ledger.audit import audit
from shop.makers.models import Maker
from shop.orders.models import OrderGroup
from shop.payouts.models import Payout
from tests.desk.conftest import count


def rows(cast: Cast) -> tuple[list, ...]:
    return cast.makers, cast.products, cast.orders


def test_the_same_seed_invents_the_same_rows_and_another_others():
    assert rows(Cast(Scale(90, 40, 60, 7))) == rows(Cast(Scale(90, 40, 60, 7)))
    assert rows(Cast(Scale(90, 40, 60, 7))) != rows(Cast(Scale(90, 40, 60, 8)))


def test_without_a_scale_it_is_the_hand_made_demo():
    cast = Cast(Scale())
    assert rows(cast) == (read("makers.json"), read("products.json"), read("orders.json"))


def test_what_is_invented_is_unlike_anything_there():
    cast = Cast(Scale(2_000, 500, 400))
    assert (len(cast.products), len(cast.makers), len(cast.orders)) == (2_000, 500, 400)
    for told in (
        [each["slug"] for each in cast.products],
        [each["item_no"] for each in cast.products],
        [variant["sku"] for each in cast.products for variant in each["variants"]],
        [each["number"] for each in cast.makers],
        [each["slug"] for each in cast.makers],
        [each["id"] for each in cast.makers + cast.orders],
    ):
        assert len(set(told)) == len(told)
    assert {each["like"] for each in cast.products[60:]} <= {each["slug"] for each in cast.products[:60]}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_bigger_demo_in_dong_is_lived_through_by_the_services(app):
    app.config["SETTINGS"] = app.config["SETTINGS"].model_copy(update={"currency": "VND"})
    make_demo(app, Scale(64, 27, 32, 3))
    assert (count(Product), count(Maker), count(OrderGroup)) == (64, 27, 32)
    with reading() as session:
        assert audit(session) == []
        assert set(session.scalars(select(OrderGroup.currency))) == {"VND"}
        assert set(session.scalars(select(Payout.rail))) == {"bank_file", "vietqr", "cash"}
