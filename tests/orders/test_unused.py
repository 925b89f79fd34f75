"""Payments that no order took: too little for one that has ended, or another currency; they go back whole, once."""

import threading

import pytest
from sqlalchemy import select

from shop.coop.models import Task
from shop.db import again, reading, writing
from shop.errors import Conflict, NotYours
from shop.ledger.chart import named
from shop.ledger.queries import balance
from shop.orders import services as orders
from shop.orders.models import Refund
from shop.payments.answers import RefundAnswer
from shop.payments.models import Checkout, StripeRefund
from tests.factories.orders import group, pay, place
from tests.people import FEN, MEI, TAO


def kept(name: str, currency: str = "CNY") -> int:
    with reading() as session:
        return balance(session, named(name), currency)


def came(shop, *, ended: bool = True, **facts) -> tuple[int, int]:
    """An order that got such a payment, and the checkout it came by."""
    with writing() as session:
        placed = place(session, {shop.variants["lotus"]: 1})
        order, checkout = placed.group.id, placed.checkout.id
    pay(checkout, **facts)
    if ended:
        with writing() as session:
            orders.expire(session, session.get_one(Checkout, checkout))
    return order, checkout


def back(checkout_id: int, by=FEN) -> None:
    with writing() as session:
        orders.give_back_unused(session, checkout_id=checkout_id, by=by)


def sent(state: str = "succeeded") -> None:
    """Stripe has made the refund, or has not."""
    with writing() as session:
        row = session.scalars(select(StripeRefund)).one()
        row.refund_id, row.state = "re_1", "sent" if state == "succeeded" else "failed"
        orders.refund_sent(
            session, row, RefundAnswer("re_1", state, row.amount_minor, row.currency, row.payment_intent)
        )


def tasks() -> list[str]:
    with reading() as session:
        return list(session.scalars(select(Task.kind).where(Task.done_at.is_(None))))


def test_a_short_payment_of_an_ended_order_goes_back_whole(shop):
    order, checkout = came(shop, amount=100)
    assert tasks() == ["short_payment"]
    back(checkout)
    assert (kept(f"buyer:{order}:credit"), tasks()) == (100, [])
    sent()
    assert (kept(f"buyer:{order}:credit"), kept("psp:stripe")) == (0, 0)


def test_a_payment_in_another_currency_leaves_the_suspense_account_and_goes_back(shop):
    order, checkout = came(shop, currency="USD", amount=39200)
    assert kept("suspense:in", "USD") == 39200
    back(checkout)
    assert (kept("suspense:in", "USD"), kept(f"buyer:{order}:credit", "USD")) == (0, 39200)
    sent()
    assert (kept(f"buyer:{order}:credit", "USD"), kept("psp:stripe", "USD")) == (0, 0)
    with reading() as session:
        refund = session.scalars(select(Refund)).one()
    assert (refund.reason, refund.currency, refund.decided_by) == ("unused", "USD", FEN.key)


def test_what_stripe_cannot_send_back_stays_the_buyers(shop):
    order, checkout = came(shop, currency="USD", amount=39200)
    back(checkout)
    sent("failed")
    assert kept(f"buyer:{order}:credit", "USD") == 39200
    assert tasks() == ["refund_failed"]


@pytest.mark.parametrize("facts", [{"amount": 100}, {"currency": "USD", "amount": 39200}])
def test_what_stripe_cannot_send_back_goes_by_bank_with_a_second_person(shop, facts):
    order, checkout = came(shop, **facts)
    currency = facts.get("currency", "CNY")
    back(checkout)
    sent("failed")
    with writing() as session:
        refund = session.scalars(select(Refund)).one()
        orders.ask_by_bank(session, refund_id=refund.id, how="her account at the Farm Bank", by=FEN)
    with pytest.raises(NotYours), writing() as session:
        orders.sent_by_bank(session, refund_id=refund.id, by=FEN)
    with writing() as session:
        orders.sent_by_bank(session, refund_id=refund.id, by=TAO)
    assert (kept(f"buyer:{order}:credit", currency), kept("suspense:in", currency), tasks()) == (0, 0, [])
    with reading() as session:
        assert session.get_one(Refund, refund.id).state == "sent"


@pytest.mark.parametrize("facts", [{"amount": 100}, {"currency": "USD", "amount": 39200}])
def test_six_clicks_at_once_give_it_back_once(shop, facts):
    order, checkout = came(shop, **facts)
    outcomes: list[str] = []

    def click() -> None:
        try:
            again(lambda: back(checkout))
            outcomes.append("given")
        except Conflict:
            outcomes.append("refused")

    threads = [threading.Thread(target=click) for _ in range(6)]
    [each.start() for each in threads]
    [each.join(60) for each in threads]
    assert sorted(outcomes) == ["given"] + ["refused"] * 5
    assert kept(f"buyer:{order}:credit", facts.get("currency", "CNY")) == facts["amount"]
    with reading() as session:
        assert len(session.scalars(select(StripeRefund)).all()) == 1


@pytest.mark.parametrize("facts", [{"amount": 100}, {"currency": "USD"}])
def test_a_second_click_gives_nothing_back_twice(shop, facts):
    _, checkout = came(shop, **facts)
    back(checkout)
    with pytest.raises(Conflict):
        back(checkout)
    with reading() as session:
        assert len(session.scalars(select(StripeRefund)).all()) == 1


def test_a_short_payment_waits_while_the_order_may_still_be_paid(shop):
    order, checkout = came(shop, ended=False, amount=100)
    with reading() as session:
        assert orders.unused_payments(session, order_id=order) == []
    with pytest.raises(Conflict):
        back(checkout)


def test_a_payment_that_an_order_took_is_not_given_back_so(shop):
    order, checkout = came(shop, ended=False)
    with pytest.raises(Conflict):
        back(checkout)
    with reading() as session:
        assert group(session, order).state == "paid"


@pytest.mark.parametrize("by", [MEI, TAO])
def test_only_an_officer_gives_it_back(shop, by):
    _, checkout = came(shop, amount=100)
    with pytest.raises(NotYours):
        back(checkout, by=by)
