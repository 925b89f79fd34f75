"""Rates and splits that one form gives to all drafts: what it leaves open stays, and whose pay nobody says is named."""

import pytest

from shop.catalog.models import PieceRate
from shop.db import writing
from shop.office.services.drafts import Outcome, Wish, apply_wish
from tests.office.goods.lists import brought_in, of_sku
from tests.office.goods.rows import rows, split
from tests.people import FEN

CUP = ("荷叶杯垫", "CUP-1", "168.00", "102.00", "", "直径12厘米", "")
FAN = ("并蒂莲团扇", "FAN-1", "420.00", "", "兰", "直径24厘米", "")


@pytest.fixture
def drafts(goods, as_, visit):
    """The page of two drafts: the list says the cup's pay and not the fan's."""
    return brought_in(visit, as_(FEN), CUP, FAN)


def apply(page, **fields):
    """The page after one form was sent for all drafts."""
    return page.submit(f'form[action="{page.path.partition("?")[0]}/apply"]', **fields)


def rate(variant_id: int) -> tuple[int, int]:
    (found,) = rows(PieceRate, PieceRate.variant_id == variant_id, PieceRate.live)
    return found.pay_minor, found.minutes


def test_minutes_without_any_pay_name_the_drafts_that_nobody_says_a_pay_for(drafts):
    fan = of_sku("FAN-1")
    page = apply(drafts, minutes="120")
    assert "1 drafts were changed." in page.text
    assert f"{fan[0].item_no}: neither the list nor this form says her pay." in page.text
    assert rate(of_sku("CUP-1")[1].id) == (10200, 120)
    assert split(fan[1].id) == {}


def test_other_minutes_leave_every_part_of_the_price_as_it_is(drafts):
    fan = of_sku("FAN-1")[1].id
    page = apply(drafts, minutes="120", pay_percent="60", materials_percent="10")
    before = split(fan)
    page = apply(page, minutes="130", again="y")
    assert "2 drafts were changed." in page.text
    assert (split(fan), rate(fan)) == (before, (25200, 130))


def test_another_pay_keeps_materials_and_minutes(drafts):
    fan = of_sku("FAN-1")[1].id
    page = apply(drafts, minutes="120", pay_percent="60", materials_percent="10")
    for percent, pay in (("62", 26040), ("58", 24360)):
        page = apply(page, pay_percent=percent, again="y")
        parts = split(fan)
        assert (parts["maker"], parts["materials"], rate(fan)) == (pay, 4200, (pay, 120))
        assert sum(minor for kind, minor in parts.items() if kind != "all") == 42000


def test_other_materials_keep_her_pay(drafts):
    fan = of_sku("FAN-1")[1].id
    page = apply(drafts, minutes="120", pay_percent="60", materials_percent="10")
    apply(page, materials_percent="0", again="y")
    assert split(fan) == {"all": 42000, "maker": 25200, "broker": 5600, "coop": 7000, "costs": 4200}
    assert rate(fan) == (25200, 120)


def test_a_split_without_a_rate_gets_the_rate_of_her_part(drafts):
    fan = of_sku("FAN-1")[1].id
    page = apply(drafts, pay_percent="60")
    assert rows(PieceRate, PieceRate.variant_id == fan) == []
    apply(page, minutes="120", pay_percent="50")
    assert (split(fan)["maker"], rate(fan)) == (25200, (25200, 120))


def test_what_was_published_in_between_is_left_alone(drafts, goods):
    outcome = Outcome()
    with writing() as session:
        wish = Wish(craft_id=2, made_to_order=True, minutes=10, pay_percent=50, again=True)
        apply_wish(session, product_ids=[goods.products["lotus"]], wish=wish, by=FEN, outcome=outcome)
    assert (outcome.changed, outcome.refused, outcome.without_pay) == (0, [], [])
    assert rate(goods.variants["lotus"]) == (23600, 400)
