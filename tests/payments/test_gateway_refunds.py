"""What the door to Stripe does after a session was made: expire, refund, read fees and movements."""

import threading
from datetime import timedelta

import pytest

from shop import clock
from shop.payments.gateway import Refused


def test_expiring_tells_how_the_session_then_stands(checkout, paid, press, gateway):
    made = checkout()
    assert gateway.expire_checkout(made.session_id, "e1").state == "expired"
    assert gateway.expire_checkout(made.session_id, "e1").state == "expired"
    assert gateway.expire_checkout(made.session_id, "e2").state == "expired"
    assert gateway.expire_checkout(made.session_id, "e2").url is None
    assert gateway.expire_checkout(paid().session_id, "e3").state == "paid"
    slow = checkout()
    press(slow, "later")
    assert gateway.expire_checkout(slow.session_id, "e4").state == "pending"
    with pytest.raises(Refused):
        gateway.expire_checkout("cs_nothing", "e5")


def test_expiring_and_paying_at_once_end_in_one_of_the_two(checkout, sandbox_app, gateway):
    for turn in range(10):
        made, gate = checkout(), threading.Barrier(2)

        def click(made=made, gate=gate):
            gate.wait()
            sandbox_app.test_client().post(f"/pay/{made.session_id}", data={"do": "pay"})

        thread = threading.Thread(target=click)
        thread.start()
        gate.wait()
        said = gateway.expire_checkout(made.session_id, f"e{turn}").state
        thread.join()
        assert said == gateway.find_checkout(made.session_id).state
        assert said in {"paid", "expired"}


def test_what_does_not_exist_is_none(gateway):
    assert gateway.find_checkout("cs_nothing") is None
    assert gateway.find_refund("re_nothing") is None
    assert gateway.fee_of("pi_nothing") is None


def test_a_refund_is_read_back_as_it_was_made(paid, gateway):
    intent = paid().payment_intent
    made = gateway.refund(payment_intent=intent, amount_minor=34961, idempotency_key="r1", metadata={"refund": "1"})
    assert (made.state, made.amount_minor, made.currency, made.payment_intent) == ("succeeded", 34961, "CNY", intent)
    assert gateway.find_refund(made.refund_id) == made
    with pytest.raises(Refused) as caught:
        gateway.refund(payment_intent=intent, amount_minor=16640, idempotency_key="r2", metadata={})
    assert caught.value.data["param"] == "amount"


def test_a_fee_is_read_and_not_computed(paid, gateway, client):
    intent = paid().payment_intent
    fee = gateway.fee_of(intent)
    movement = client.v1.balance_transactions.list().data[0]
    assert (fee.balance_transaction, fee.amount_minor, fee.fee_minor, fee.currency) == (
        movement.id,
        51600,
        movement.fee,
        "CNY",
    )


def test_movements_are_all_that_moved_in_a_span(paid, gateway, at):
    begun = at()
    intent = paid().payment_intent
    at(minutes=1)
    gateway.refund(payment_intent=intent, amount_minor=500, idempotency_key="r", metadata={})
    found = gateway.movements(since=begun, until=clock.now())
    assert [(one.kind, one.amount_minor) for one in found] == [("refund", -500), ("charge", 51600)]
    assert found[1].source.startswith("ch_")
    assert found[1].available_at - found[1].created_at == timedelta(days=7)
    assert gateway.movements(since=begun, until=begun)[0].kind == "charge"
