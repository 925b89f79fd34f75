"""What counts a voucher's uses, broken off at every statement: nothing is left, and no use is lost or counted twice."""

import pytest

from shop.actor import COMMAND
from shop.cart.models import Voucher
from shop.db import reading, writing
from shop.ledger.audit import audit
from shop.ledger.chart import account
from shop.ledger.services import Draft, Move, post
from shop.orders.services.settling import cancel_unpaid, held_order
from shop.payments.models import Checkout
from tests.factories import catalog
from tests.factories.orders import pay, place, voucher
from tests.faults.test_every_statement import broken_everywhere


@pytest.fixture
def lotus(app) -> int:
    with writing() as session:
        shop = catalog.make_shop(session)
        opening = [Move(account("bank", "main"), account("equity:opening"), 1_000_000)]
        post(session, [Draft("open:1", "open", "CNY", opening)], by=COMMAND)
        voucher(session, "LOTUS-20", amount_minor=2000, limit_all=1, limit_each=1)
        voucher(session, "ALL-OF-IT", percent=100, with_post=True, limit_all=1)
    return shop.variants["lotus"]


def used(voucher_id: int) -> int:
    with reading() as session:
        assert audit(session) == []
        return session.get_one(Voucher, voucher_id).used


def test_placing_ending_and_paying_late_count_a_use_once(lotus):
    kept: dict[str, int] = {}

    def placed() -> None:
        with writing() as session:
            found = place(session, {lotus: 1}, code="LOTUS-20")
            kept.update(order=found.group.id, checkout=found.checkout.id if found.checkout else 0)

    def ended() -> None:
        with writing() as session:
            group = held_order(session, group_id=kept["order"])
            assert group is not None
            session.get_one(Checkout, kept["checkout"]).state = "expired"
            cancel_unpaid(session, group=group)

    def paid_late() -> None:
        assert pay(kept["checkout"]) == "paid"

    assert broken_everywhere(placed) > 5
    assert used(1) == 1
    assert broken_everywhere(ended) > 3
    assert used(1) == 0
    assert broken_everywhere(paid_late) > 5
    assert used(1) == 1


def test_an_order_that_a_voucher_pays_whole_is_placed_and_paid_or_not_there(lotus):
    def placed() -> None:
        with writing() as session:
            assert place(session, {lotus: 1}, code="ALL-OF-IT").group.state == "paid"

    assert broken_everywhere(placed) > 10
    assert used(2) == 1
