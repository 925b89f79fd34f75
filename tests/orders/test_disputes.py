"""Disputes: booked once whatever comes first, never more of a loss than was paid and not sent back, and nothing is sent."""

import itertools

import pytest
from sqlalchemy import select

from shop.db import reading, writing
from shop.ledger.audit import audit
from shop.ledger.queries import trial_balance
from shop.orders import services as orders
from shop.orders.errors import Disputed
from shop.orders.models import Dispute, OrderGroup, Refund
from shop.payments import events, jobs
from shop.payments.reconciling import reconciled
from shop.payments.sandbox import faults
from shop.payments.sandbox.amounts import dispute_fee_of, fee_of
from shop.payments.sandbox.store import open_store
from tests.factories.orders import agreed, lines, received, seller_orders, work_of
from tests.orders.steps import opened, placed, press
from tests.orders.test_seen import buy, in_dashboard, kept, outcomes, tasks
from tests.people import FEN, HOA, MEI
from tests.support import databases

__all__ = ["buy"]
FEE = dispute_fee_of("cny")


def states():
    with reading() as session:
        return [(row.state, row.lost_minor) for row in session.scalars(select(Dispute).order_by(Dispute.id))]


def agrees(app):
    """Stripe and the books say the same."""
    with app.app_context():
        assert reconciled(jobs.gateway(), currency="CNY").differences == ()


def test_a_dispute_stops_dispatch_and_no_accepted_pay_and_is_over_when_it_is_won(app, shop, buy):
    group_id, intent = buy({shop.variants["lotus"]: 1})
    with reading() as session:
        (order,), (seller,), (line,) = (
            work_of(session, group_id),
            seller_orders(session, group_id),
            lines(session, group_id),
        )
    (slip,) = agreed(order.id, {1: 1})
    in_dashboard(app, intent, "dispute")
    assert (states(), tasks()) == ([("open", 0)], [("dispute_opened", True)])
    assert (kept("disputes:open"), kept("expense:bank")) == (39200, FEE)
    received(slip, 1)
    assert kept("maker:1:available") == 23600
    for step in (
        lambda session: orders.dispatch(session, seller_order_id=seller.id, carrier="EMS", tracking="E", by=MEI),
        lambda session: orders.cancel_line(session, line_id=line.id, begun=True, by=FEN),
        lambda session: orders.reduce_line(session, line_id=line.id, amount_minor=1, by=FEN),
    ):
        with pytest.raises(Disputed), writing() as session:
            step(session)
    agrees(app)
    in_dashboard(app, intent, "win")
    assert (states(), tasks()) == ([("won", 0)], [("dispute_opened", False)])
    assert (kept("disputes:open"), kept("expense:losses")) == (0, 0)
    assert outcomes("charge.dispute.%") == {"open", "won"}
    agrees(app)
    with writing() as session:
        orders.dispatch(session, seller_order_id=seller.id, carrier="EMS", tracking="E", by=MEI)


def test_a_lost_dispute_is_a_loss_and_what_comes_back_of_the_pieces_lessens_it(app, plates, buy):
    group_id, intent = buy({plates(1): 1})
    with reading() as session:
        (line,) = lines(session, group_id)
    in_dashboard(app, intent, "dispute")
    in_dashboard(app, intent, "lose")
    assert states() == [("lost", 35700)]
    assert (kept("disputes:open"), kept("expense:losses")) == (0, 35700)
    agrees(app)
    with writing() as session:
        assert orders.cancel_line(session, line_id=line.id, by=HOA).amount_minor == 0
    assert (kept("stock:2:pieces"), kept("broker:2:held"), kept("expense:losses")) == (27300, 0, 0)
    assert kept(f"buyer:{group_id}:credit") == 0
    assert tasks() == [("dispute_opened", False), ("dispute_lost", True)]


def test_lost_after_all_was_given_back_is_no_loss_but_still_open(app, plates, buy):
    _, intent = buy({plates(1): 1})
    in_dashboard(app, intent)
    in_dashboard(app, intent, "dispute")
    in_dashboard(app, intent, "lose")
    assert states() == [("lost", 0)]
    assert (kept("disputes:open"), kept("expense:losses")) == (35700, 0)
    agrees(app)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_five_events_end_alike_in_whatever_order_they_come(app, plates):
    """Paid, a part given back in the dashboard, its sum told by the charge, a dispute opened and lost."""
    faults.switch(_instance(app), "lost", on=True)
    group_id, checkout_id = placed({plates(2): 2})
    checkout = opened(app, checkout_id)
    press(app, checkout)
    with app.app_context():
        intent = jobs.gateway().find_checkout(checkout.session_id).payment_intent
    for do, amount in (("refund", "5000"), ("dispute", ""), ("lose", "")):
        in_dashboard(app, intent, do, amount)
    wanted = (
        "checkout.session.completed",
        "refund.created",
        "charge.refunded",
        "charge.dispute.created",
        "charge.dispute.closed",
    )
    with open_store(_instance(app)).reading() as unit:
        told = {event.body["type"]: event.body["data"]["object"] for event in unit.listed("event")}
    kept_file, ends = databases.keep_sqlite(), set()
    for order in itertools.permutations(wanted):
        databases.again_sqlite(kept_file)
        with app.app_context():
            for kind in order:
                events.outcome_of(kind, told[kind])
        ends.add(_end(group_id))
    assert len(ends) == 1
    with reading() as session:
        assert audit(session) == []
    assert states() == [("lost", 2 * 34200 + 1500 - 5000)]
    agrees(app)


def _instance(app):
    from pathlib import Path

    return Path(app.instance_path)


def _end(group_id):
    with reading() as session:
        books = tuple((row.name, row.debit_minor, row.credit_minor) for row in trial_balance(session, "CNY"))
        refunds = tuple((row.reason, row.state, row.amount_minor) for row in session.scalars(select(Refund)))
        disputes = tuple((row.state, row.lost_minor) for row in session.scalars(select(Dispute)))
        return books, refunds, disputes, session.get_one(OrderGroup, group_id).state


def test_the_fee_of_a_dispute_is_the_banks_and_not_the_charges(app, plates, buy):
    _, intent = buy({plates(1): 1})
    in_dashboard(app, intent, "dispute")
    assert kept("psp:stripe") == -fee_of(35700, "cny") - FEE
