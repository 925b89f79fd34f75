"""Refunds: never more than what is left, never a fee back, and ends that come later."""

import threading

import pytest
import stripe

from shop.payments.gateway import CheckoutLine
from shop.payments.sandbox import faults
from shop.payments.sandbox.amounts import fee_of


@pytest.fixture
def refund(client):
    def send(intent, **wishes):
        return client.v1.refunds.create({"payment_intent": intent, **wishes})

    return send


def test_a_part_is_refunded_and_the_rest_can_follow(client, paid, refund):
    intent = paid().payment_intent
    first = refund(intent, amount=16000, metadata={"refund": "1"})
    assert (first.status, first.amount, first.metadata["refund"]) == ("succeeded", 16000, "1")
    charge = client.v1.charges.list().data[0]
    assert (charge.amount_refunded, charge.refunded) == (16000, False)
    second = refund(intent)
    assert second.amount == 35600
    charge = client.v1.charges.list().data[0]
    assert (charge.amount_refunded, charge.refunded) == (51600, True)
    told = [event.data.object["amount_refunded"] for event in client.v1.events.list({"type": "charge.refunded"}).data]
    assert told == [51600, 16000]


def test_a_refund_above_what_is_left_is_refused_and_changes_nothing(client, paid, refund):
    intent = paid().payment_intent
    refund(intent, amount=50000)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        refund(intent, amount=1601)
    assert caught.value.param == "amount"
    assert refund(intent, amount=1600).status == "succeeded"
    with pytest.raises(stripe.InvalidRequestError) as caught:
        refund(intent, amount=1)
    assert caught.value.code == "charge_already_refunded"
    assert sum(one.amount for one in client.v1.refunds.list().data) == 51600


@pytest.mark.parametrize("amount", [0, -1])
def test_a_refund_is_of_something(paid, refund, amount):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        refund(paid().payment_intent, amount=amount)
    assert caught.value.param == "amount"


def test_twenty_refunds_at_once_never_give_back_more_than_was_paid(client, paid):
    intent, gate, done = paid().payment_intent, threading.Barrier(20), []

    def send():
        gate.wait()
        try:
            done.append(client.v1.refunds.create({"payment_intent": intent, "amount": 10000}).amount)
        except stripe.InvalidRequestError:
            done.append(0)

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(done), sum(done)) == (20, 50000)
    assert client.v1.charges.list().data[0].amount_refunded == 50000


def test_what_was_not_paid_cannot_be_refunded(client, checkout, press, gateway, refund):
    made = checkout()
    press(made, "decline")
    with pytest.raises(stripe.InvalidRequestError):
        refund(client.v1.payment_intents.list().data[0].id)
    press(made, "later")
    with pytest.raises(stripe.InvalidRequestError):
        refund(gateway.find_checkout(made.session_id).payment_intent)


@pytest.mark.parametrize(
    "wishes", [{}, {"charge": "ch_nothing"}, {"payment_intent": "pi_nothing"}, {"charge": "a", "payment_intent": "b"}]
)
def test_a_refund_names_what_it_refunds(client, wishes):
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create(wishes)


def test_the_fee_is_not_given_back(client, paid, refund):
    refund(paid().payment_intent)
    movements = client.v1.balance_transactions.list().data
    assert [(one.type, one.amount, one.fee) for one in movements] == [
        ("refund", -51600, 0),
        ("charge", 51600, fee_of(51600, "cny")),
    ]
    balance = client.v1.balance.retrieve()
    assert balance.available[0].amount + balance.pending[0].amount == -fee_of(51600, "cny")


def test_a_pending_refund_succeeds_a_minute_later(client, stripe_settings, paid, refund, at):
    at()
    faults.switch(stripe_settings.instance_path, "refund_pending", on=True)
    made = refund(paid().payment_intent)
    assert made.status == "pending"
    at(minutes=1)
    assert client.v1.refunds.retrieve(made.id).status == "succeeded"
    assert client.v1.events.list().data[0].type == "charge.refund.updated"


def test_a_failed_refund_comes_back_to_the_account_and_can_be_tried_again(client, stripe_settings, paid, refund, at):
    at()
    faults.switch(stripe_settings.instance_path, "refund_failed", on=True)
    intent = paid().payment_intent
    made = refund(intent)
    with pytest.raises(stripe.InvalidRequestError):
        refund(intent, amount=1)
    at(minutes=1)
    failed = client.v1.refunds.retrieve(made.id, {"expand": ["failure_balance_transaction"]})
    assert (failed.status, failed.failure_balance_transaction.amount) == ("failed", 51600)
    assert client.v1.charges.list().data[0].amount_refunded == 0
    told = [event.type for event in client.v1.events.list({"types": ["refund.failed", "refund.updated"]}).data]
    assert sorted(told) == ["refund.failed", "refund.updated"]
    faults.switch(stripe_settings.instance_path, "refund_failed", on=False)
    assert refund(intent).status == "succeeded"


def test_a_refund_in_dong_is_whole(client, gateway, checkout, press, refund):
    made = checkout(currency="VND", lines=[CheckoutLine("Thêu", 1260000, 1)])
    press(made, "pay")
    assert refund(gateway.find_checkout(made.session_id).payment_intent, amount=260001).amount == 260001
    assert client.v1.charges.list().data[0].amount_refunded == 260001


def test_an_alipay_refund_is_a_payment_refund(client, gateway, checkout, press, refund):
    made = checkout()
    press(made, "pay", m="alipay")
    refund(gateway.find_checkout(made.session_id).payment_intent)
    assert client.v1.balance_transactions.list().data[0].type == "payment_refund"


def test_refunds_stand_on_their_charge_when_asked_for(client, paid, refund):
    made = refund(paid().payment_intent, amount=100)
    charge = client.v1.charges.retrieve(made.charge, {"expand": ["refunds"]})
    assert [one.id for one in charge.refunds.data] == [made.id]
    source = client.v1.balance_transactions.retrieve(made.balance_transaction, {"expand": ["source"]}).source
    assert source.id == made.id
