"""A small shop, seen by its visitors."""

import pytest

from shop.db import writing
from shop.makers import services as makers
from tests.factories import catalog
from tests.factories.opened import opened_shop
from tests.factories.orders import on_shelf
from tests.people import ADA
from tests.support import databases

LANGS = ("zh", "vi", "en")


@pytest.fixture
def shop(app):
    """The factory's shop with three plates on the shelf, and money in the bank."""

    def build() -> catalog.Shop:
        made = opened_shop(5_000_000)
        on_shelf(made.variants["plate"], 5, 3)
        with writing() as session:
            catalog.publish(session, made, "plate")
        return made

    return databases.built("home", build)


@pytest.fixture
def withdraw():
    """She takes a consent back: `withdraw(1, "name")`."""

    def take_back(maker_id, *items):
        for item in items:
            with writing() as session:
                makers.withdraw_consent(session, maker_id=maker_id, item=item, how="call", by=ADA)

    return take_back


@pytest.fixture
def agree():
    """She says yes to an item: `agree(1, "pen_name")`."""

    def say_yes(maker_id, *items):
        for item in items:
            with writing() as session:
                makers.answer_consent(session, maker_id=maker_id, item=item, given=True, how="call", by=ADA)

    return say_yes
