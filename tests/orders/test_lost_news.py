"""Stripe's news is late, doubled, out of order or lost for days, and its answers are lost: the books end the same."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from shop import clock
from shop.db import reading, writing
from shop.orders import services as orders
from shop.orders.models import Dispute, OrderGroup, Refund
from shop.outbox.periodic import run_round
from shop.outbox.worker import run_due
from shop.payments import jobs
from shop.payments.models import StripeEvent
from shop.payments.reconciling import reconciled
from shop.payments.sandbox import faults
from tests.factories.orders import lines
from tests.orders.steps import news, opened, placed, press
from tests.orders.test_seen import buy, in_dashboard, kept, refunds
from tests.people import FEN

__all__ = ["buy"]


@pytest.fixture
def fault(app):
    """Switch the sandbox's faults, as in `fault("lost")` and `fault("lost", on=False)`."""

    def switch(*names, on=True):
        for name in names:
            faults.switch(Path(app.instance_path), name, on=on)

    return switch


def days_of_silence(app, plates, fault):
    """Paid, a part given back and disputed by one buyer, a refund of ours that fails for another: nothing is heard of it."""
    fault("lost", "refund_failed")
    paid = []
    for wants in ({plates(4): 2}, {plates(1): 1}):
        group_id, checkout_id = placed(wants)
        checkout = opened(app, checkout_id)
        press(app, checkout)
        paid.append((group_id, checkout.session_id))
    with app.app_context():
        intent = jobs.gateway().find_checkout(paid[0][1]).payment_intent
        jobs.settle_payment(paid[1][1])
    with reading() as session:
        (line,) = lines(session, paid[1][0])
    with writing() as session:
        orders.cancel_line(session, line_id=line.id, by=FEN)
    with app.app_context():
        run_due()
    assert refunds() == [("cancelled", "sent", 35700, False)]
    fault("refund_failed", on=False)
    in_dashboard(app, intent, amount="5000")
    in_dashboard(app, intent, "dispute")
    clock.stand_at(clock.now() + timedelta(days=3))
    assert news(app) == 0
    fault("lost", on=False)
    return paid[0][0]


def caught_up(app, group_id):
    with reading() as session:
        assert session.get_one(OrderGroup, group_id).state == "paid"
        assert session.scalars(select(Dispute.state)).all() == ["open"]
        states = {(row.reason, row.state, row.amount_minor) for row in session.scalars(select(Refund))}
    assert states == {("cancelled", "failed", 35700), ("reduction", "sent", 5000)}
    with app.app_context():
        assert reconciled(jobs.gateway(), currency="CNY").differences == ()


def test_what_was_lost_for_three_days_is_read_from_stripes_own_list(app, plates, fault):
    group_id = days_of_silence(app, plates, fault)
    with app.app_context():
        assert run_round("payments.missed_events")
        run_due()
    caught_up(app, group_id)
    with reading() as session:
        heard = len(session.scalars(select(StripeEvent.id)).all())
    clock.stand_at(clock.now() + timedelta(hours=2))
    with app.app_context():
        assert run_round("payments.missed_events")
    with reading() as session:
        assert len(session.scalars(select(StripeEvent.id)).all()) == heard


def test_what_was_lost_for_good_is_found_by_the_daily_comparison(app, plates, fault):
    group_id = days_of_silence(app, plates, fault)
    with app.app_context():
        assert run_round("payments.reconcile")
    caught_up(app, group_id)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_late_doubled_and_reordered_news_of_everything_is_booked_once(app, plates, fault):
    fault("delayed", "duplicate", "reordered")
    group_id, checkout_id = placed({plates(2): 2})
    press(app, opened(app, checkout_id))
    with app.app_context():
        intent = jobs.gateway()._client.v1.payment_intents.list().data[0].id
    for do, amount in (("refund", "5000"), ("dispute", ""), ("win", "")):
        in_dashboard(app, intent, do, amount)
    assert refunds() == []
    clock.stand_at(clock.now() + timedelta(hours=2))
    assert news(app) > 10
    assert refunds() == [("reduction", "sent", 5000, True)]
    assert (kept(f"buyer:{group_id}:credit"), kept("disputes:open"), kept("expense:losses")) == (0, 0, 0)
    with app.app_context():
        assert reconciled(jobs.gateway(), currency="CNY").differences == ()


@pytest.mark.parametrize("what", ["error_after", "timeout_after"])
def test_a_refund_whose_answer_was_lost_is_sent_once(app, plates, buy, fault, what, monkeypatch):
    monkeypatch.setattr("stripe.HTTPClient._sleep_time_seconds", lambda *_: 0)
    group_id, intent = buy({plates(2): 2})
    with reading() as session:
        (line,) = lines(session, group_id)
    with writing() as session:
        orders.cancel_line(session, line_id=line.id, quantity=1, by=FEN)
    fault(what)
    with app.app_context():
        run_due()
    assert refunds() == [("cancelled", "decided", 34200, False)]
    fault(what, on=False)
    clock.stand_at(clock.now() + timedelta(hours=1))
    with app.app_context():
        run_due()
        made = jobs.gateway().refunds_of(intent)
    assert [row.amount_minor for row in made] == [34200]
    assert refunds() == [("cancelled", "sent", 34200, False)]
    assert kept(f"buyer:{group_id}:credit") == 0
