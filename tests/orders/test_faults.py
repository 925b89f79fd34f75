"""A fault needs two persons and never docks the maker; a carrier bears a loss up to its cover."""

import pytest
from sqlalchemy import select

from shop.coop.models import Task
from shop.db import reading, writing
from shop.errors import BadInput, Conflict, NotYours
from shop.ledger.chart import named
from shop.ledger.queries import balance
from shop.orders import services as orders
from shop.orders.errors import NotRefundable
from shop.orders.models import OrderLine, Refund
from tests.factories.orders import lines, paid, seller_orders
from tests.people import ADA, FEN, HOA, TAO


def kept(name):
    with reading() as session:
        return balance(session, named(name), "CNY")


@pytest.fixture
def sent(shop, plates):
    """Two plates, dispatched: `sent()`, or delivered: `sent(delivered=True)`; gives their line."""

    def go(*, delivered=False) -> OrderLine:
        group_id = paid({plates(2): 2})
        with reading() as session:
            (line,), (seller,) = lines(session, group_id), seller_orders(session, group_id)
        with writing() as session:
            orders.dispatch(session, seller_order_id=seller.id, carrier="SF  Express: air", tracking="E1", by=HOA)
        if delivered:
            with writing() as session:
                orders.deliver(session, seller_order_id=seller.id, by=HOA)
        return line

    return go


def asked(line, *, passed=False, quantity=1, by=FEN, how="a crack"):
    with writing() as session:
        return orders.ask_fault(session, line_id=line.id, quantity=quantity, passed=passed, how=how, by=by).id


def agreed(fault_id, *, by=TAO):
    with writing() as session:
        return orders.agree_fault(session, fault_id=fault_id, by=by).amount_minor


def tasks():
    with reading() as session:
        return [(task.kind, task.done_at is None) for task in session.scalars(select(Task).order_by(Task.id))]


def test_a_fault_needs_a_second_person_and_the_maker_keeps_her_pay(shop, plates, sent):
    line = sent(delivered=True)
    for wrong in ({"by": HOA}, {"how": " "}, {"quantity": 3}):
        with pytest.raises((NotYours, BadInput)):
            asked(line, **wrong)
    fault = asked(line)
    with pytest.raises(Conflict):
        asked(line)
    for who in (FEN, HOA):
        with pytest.raises(NotYours):
            agreed(fault, by=who)
    assert kept("expense:returns") == 0
    assert agreed(fault) == 34200
    with pytest.raises(Conflict):
        agreed(fault)
    assert (kept("maker:5:available"), kept("broker:2:available")) == (42600, 2 * 2736 + 1500)
    assert (kept("expense:returns"), kept("income:commission"), kept("coop:costs")) == (27300 + 2736, 3420, -744)
    assert tasks() == [("fault_asked", False)]


@pytest.mark.parametrize("delivered", [False, True])
def test_a_broker_who_let_it_pass_does_not_keep_her_part(shop, plates, sent, delivered):
    line = sent(delivered=delivered)
    assert agreed(asked(line, passed=True)) == 34200
    assert kept("broker:2:owes") == (2736 if delivered else 0)
    assert kept("broker:2:held") + kept("broker:2:available") == 2736 + 1500 + (2736 if delivered else 0)
    assert kept("expense:returns") == 27300


def test_a_fault_that_was_mended_gives_nothing_back(shop, plates, sent):
    line = sent(delivered=True)
    fault = asked(line)
    with writing() as session:
        orders.drop_fault(session, fault_id=fault, by=FEN)
    with pytest.raises(Conflict):
        agreed(fault)
    assert (kept(f"buyer:{line.seller_order_id}:credit"), tasks()) == (0, [("fault_asked", False)])


def test_what_has_not_left_is_not_faulty_but_cancelled(shop, plates):
    group_id = paid({plates(1): 1})
    with reading() as session:
        (line,) = lines(session, group_id)
    with pytest.raises(NotRefundable):
        asked(line)


@pytest.mark.parametrize(("cover", "claim"), [(10_000, 10_000), (99_999, 34200)])
def test_a_carrier_bears_a_loss_up_to_its_cover(shop, plates, sent, cover, claim):
    line = sent()
    with writing() as session:
        refund = orders.lose_line(session, line_id=line.id, quantity=1, cover_minor=cover, by=FEN)
    assert (refund.amount_minor, refund.claim_minor) == (34200, claim)
    assert (kept("carrier:sf-express-air:claims"), kept("expense:losses")) == (claim, 34200 - claim)
    before = kept("bank:main")
    with pytest.raises(BadInput), writing() as session:
        orders.end_claim(session, refund_id=refund.id, got_minor=claim + 1, by=TAO)
    with pytest.raises(NotYours), writing() as session:
        orders.end_claim(session, refund_id=refund.id, got_minor=1, by=HOA)
    with writing() as session:
        orders.end_claim(session, refund_id=refund.id, got_minor=6000, by=TAO)
    assert (kept("bank:main") - before, kept("carrier:sf-express-air:claims")) == (6000, 0)
    assert kept("expense:losses") == 34200 - 6000
    with pytest.raises(Conflict), writing() as session:
        orders.end_claim(session, refund_id=refund.id, got_minor=0, by=ADA)
    with reading() as session:
        assert session.get_one(Refund, refund.id).claim_got_minor == 6000
    assert tasks() == [("carrier_claim", False)]
