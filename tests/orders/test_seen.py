"""Refunds first seen at Stripe: booked once, whatever tells of them, without anybody's pay, and named by an officer."""

import pytest
from sqlalchemy import select

from shop.coop.models import Task
from shop.db import reading, writing
from shop.errors import BadInput, Conflict, NotYours
from shop.ledger.chart import named
from shop.ledger.queries import balance
from shop.orders import services as orders
from shop.orders.models import Refund
from shop.payments import jobs
from shop.payments.models import Checkout, StripeEvent
from tests.factories.orders import agreed, group, lines, seller_orders, work_of
from tests.orders.steps import news, opened, placed, press, settled
from tests.people import FEN, HOA, MEI


@pytest.fixture
def buy(app):
    """Paid on the sandbox's page: `buy({variant: 2})`; gives the order and its payment."""

    def go(wants):
        group_id, checkout_id = placed(wants)
        checkout = opened(app, checkout_id)
        press(app, checkout)
        assert settled(app, checkout.session_id) == "paid"
        news(app)
        with reading() as session:
            return group_id, session.get_one(Checkout, checkout_id).payment_intent

    return go


def in_dashboard(app, intent, do="refund", amount=""):
    """Somebody presses a button on Stripe's own pages."""
    with app.app_context():
        charge = jobs.gateway()._client.v1.payment_intents.retrieve(intent).latest_charge
    answer = app.test_client().post("/sandbox/dashboard", data={"do": do, "charge": charge, "amount": amount})
    assert answer.status_code == 303, answer.text
    news(app)


def kept(name):
    with reading() as session:
        return balance(session, named(name), "CNY")


def refunds():
    with reading() as session:
        rows = session.scalars(select(Refund).order_by(Refund.id)).all()
        return [(row.reason, row.state, row.amount_minor, row.unnamed) for row in rows]


def tasks():
    with reading() as session:
        return [(task.kind, task.done_at is None) for task in session.scalars(select(Task).order_by(Task.id))]


def outcomes(like):
    with reading() as session:
        return set(session.scalars(select(StripeEvent.outcome).where(StripeEvent.type.like(like))))


def test_all_of_it_before_dispatch_is_a_cancellation_and_no_maker_loses(app, shop, plates, buy):
    group_id, intent = buy({plates(2): 2, shop.variants["knot"]: 2})
    with reading() as session:
        (order,) = work_of(session, group_id)
    agreed(order.id, {2: 1})
    in_dashboard(app, intent)
    total = 2 * 34200 + 2 * 6800 + 1500 + 1200
    assert refunds() == [("cancelled", "sent", total, True)]
    assert (outcomes("refund.%"), outcomes("charge.refunded")) == ({"cancelled"}, {"sent"})
    with reading() as session:
        assert group(session, group_id).state == "refunded"
    assert (kept("stock:2:pieces"), kept("maker:2:held")) == (54600, 4100)
    assert (kept(f"buyer:{group_id}:credit"), kept("broker:1:held"), kept("expense:returns")) == (0, 0, 5000)
    assert tasks() == [("refund_unnamed", True)]
    with writing() as session:
        orders.name_refund(session, refund_id=1, what="keep", by=FEN)
    assert tasks() == [("refund_unnamed", False)]


def test_a_part_is_a_price_reduction_until_an_officer_names_it(app, plates, buy):
    group_id, intent = buy({plates(3): 3})
    with reading() as session:
        (line,), (seller,) = lines(session, group_id), seller_orders(session, group_id)
    in_dashboard(app, intent, amount="34000")
    assert refunds() == [("reduction", "sent", 34000, True)]
    assert (kept("expense:returns"), kept("stock:2:pieces")) == (34000, 0)
    with pytest.raises(NotYours), writing() as session:
        orders.name_refund(session, refund_id=1, what="cancel", line_id=line.id, quantity=1, by=HOA)
    with pytest.raises(BadInput), writing() as session:
        orders.name_refund(session, refund_id=1, what="cancel", line_id=line.id, quantity=4, by=FEN)
    with writing() as session:
        orders.name_refund(session, refund_id=1, what="cancel", line_id=line.id, quantity=1, by=FEN)
    assert refunds() == [("cancelled", "sent", 34000, False)]
    # the buyer got 2.00 less than the piece had cost her: nobody's part lessens by it
    assert (kept("stock:2:pieces"), kept("broker:2:held"), kept("expense:returns")) == (27300, 2 * 2736 + 1500, -200)
    with pytest.raises(Conflict), writing() as session:
        orders.name_refund(session, refund_id=1, what="keep", by=FEN)
    with writing() as session:
        orders.dispatch(session, seller_order_id=seller.id, carrier="EMS", tracking="E1", by=HOA)
    in_dashboard(app, intent, amount="100")
    with writing() as session:
        orders.name_refund(session, refund_id=2, what="lose", line_id=line.id, quantity=1, by=FEN)
    assert (kept("expense:losses"), kept("expense:returns")) == (100, -200)


def test_one_that_could_not_be_sent_before_is_sent_by_it(app, plates, buy, monkeypatch):
    group_id, intent = buy({plates(1): 1})
    with reading() as session:
        (line,) = lines(session, group_id)
    with writing() as session:
        orders.cancel_line(session, line_id=line.id, by=FEN)
    with monkeypatch.context() as patched:
        patched.setattr(jobs.Gateway, "refund", _refuses)
        news(app)
    assert refunds() == [("cancelled", "failed", 35700, False)]
    in_dashboard(app, intent)
    assert refunds() == [("cancelled", "sent", 35700, False)]
    assert (kept(f"buyer:{group_id}:credit"), tasks()) == (0, [("refund_failed", False)])


def _refuses(*_args, **_facts):
    raise jobs.Refused(reason="card_declined")


def test_our_own_refund_that_comes_back_as_news_is_booked_once(app, plates, buy):
    group_id, _ = buy({plates(2): 2})
    with reading() as session:
        (line,) = lines(session, group_id)
    with writing() as session:
        orders.cancel_line(session, line_id=line.id, quantity=1, by=FEN)
    for _ in range(3):
        news(app)
    assert refunds() == [("cancelled", "sent", 34200, False)]
    assert outcomes("charge.refunded") == {"sent"}


def test_a_payment_that_no_order_took_is_given_back_by_it_and_others_wait_for_a_person(app, shop, buy):
    group_id, intent = buy({shop.variants["lotus"]: 1})
    with reading() as session:
        (line,) = lines(session, group_id)
    with writing() as session:
        orders.reduce_line(session, line_id=line.id, amount_minor=38000, by=FEN)
    # ours waits for the worker when the whole is sent back by hand
    with app.app_context():
        jobs.gateway().refund(payment_intent=intent, amount_minor=30000, idempotency_key="hand", metadata={})
        answer = jobs.gateway().refunds_of(intent)[0]
    with writing() as session:
        assert orders.refund_seen(session, answer) == "for a person"
    assert tasks() == [("refund_unbooked", True)]


def test_brokers_may_not_name_them(app, plates, buy):
    _, intent = buy({plates(1): 1})
    in_dashboard(app, intent, amount="100")
    with pytest.raises(NotYours), writing() as session:
        orders.name_refund(session, refund_id=1, what="keep", by=MEI)
    assert refunds() == [("reduction", "sent", 100, True)]
