"""Events on their way to the shop: signed, once or twice, late, again, never."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from shop import clock
from shop.payments import sandbox
from shop.payments.gateway import read_event, webhook_secret
from shop.payments.sandbox import faults
from shop.payments.sandbox.delivery import BACK_OFF


@pytest.fixture
def deliver(stripe_settings, webhook):
    return lambda: sandbox.deliver_due(stripe_settings.instance_path, webhook, clock.now())


@pytest.fixture
def told(stripe_settings, webhook):
    """The events the shop got so far, verified."""
    secret = webhook_secret(stripe_settings)
    return lambda: [read_event(body, headers["Stripe-Signature"], secret) for _, body, headers in webhook.sent]


@pytest.fixture
def fault(stripe_settings):
    return lambda name, on=True: faults.switch(stripe_settings.instance_path, name, on=on)


PAID = ["payment_intent.created", "checkout.session.completed", "payment_intent.succeeded", "charge.succeeded"]


def test_a_payments_events_arrive_signed_and_in_order(paid, deliver, told, webhook):
    made = paid()
    assert deliver() == 4
    assert [event.type for event in told()] == PAID
    completed = told()[1]
    assert (completed.object_id, completed.payment_intent, completed.ref) == (
        made.session_id,
        made.payment_intent,
        "QS-1",
    )
    assert {url for url, _, _ in webhook.sent} == {"http://127.0.0.1:8000/webhooks/stripe"}
    assert deliver() == 0


def test_who_delivers_knows_where_the_shop_answers(paid, stripe_settings, webhook):
    """A command started beside the shop, with another port in its settings, turns nothing away."""
    paid()
    sandbox.deliver_due(
        stripe_settings.instance_path, webhook, clock.now(), url="http://127.0.0.1:8840/webhooks/stripe"
    )
    assert {url for url, _, _ in webhook.sent} == {"http://127.0.0.1:8840/webhooks/stripe"}


def test_time_alone_brings_events_in_an_idle_shop(checkout, press, stripe_settings, deliver, told, at):
    at()
    press(checkout(), "later")
    deliver()
    assert not sandbox.something_due(stripe_settings.instance_path, clock.now())
    at(seconds=120)
    assert sandbox.something_due(stripe_settings.instance_path, clock.now())
    deliver()
    assert "checkout.session.async_payment_succeeded" in [event.type for event in told()]
    assert not sandbox.something_due(stripe_settings.instance_path, clock.now())


def test_a_chinese_name_survives_the_signature(checkout, press, deliver, told):
    press(checkout(metadata={"buyer": "巧手 thêu 🧵"}), "pay")
    deliver()
    assert json.loads(told()[1].payload)["data"]["object"]["metadata"] == {"buyer": "巧手 thêu 🧵"}


@pytest.mark.parametrize("status", [0, 302, 400, 500, 503])
def test_an_event_the_shop_does_not_take_comes_again_later_and_later(paid, deliver, webhook, at, status):
    at()
    paid()
    webhook.status = status
    for tries, pause in enumerate(BACK_OFF, start=1):
        assert deliver() == 0
        assert len(webhook.sent) == 4 * tries
        at(seconds=pause - 1)
        assert deliver() == 0
        assert len(webhook.sent) == 4 * tries
        at(seconds=1)
    webhook.status = 200
    assert deliver() == 4


def test_an_event_nobody_takes_for_three_days_is_given_up_but_can_be_read(
    paid, deliver, webhook, at, stripe_settings, client
):
    at()
    paid()
    webhook.status = 500
    for pause in (*BACK_OFF, 0):
        deliver()
        at(seconds=pause)
    assert not sandbox.something_due(stripe_settings.instance_path, clock.now())
    webhook.status = 200
    at(days=30)
    assert deliver() == 0
    assert len(client.v1.events.list().data) == 4


def test_the_fault_duplicate_sends_every_event_twice(paid, deliver, told, fault):
    fault("duplicate")
    paid()
    assert deliver() == 8
    ids = [event.id for event in told()]
    assert len(set(ids)) == 4
    assert all(ids.count(one) == 2 for one in ids)
    fault("duplicate", on=False)
    paid()
    assert deliver() == 4


def test_a_fault_switched_on_in_one_process_is_seen_in_all(stripe_settings):
    faults.switch(stripe_settings.instance_path, "duplicate", on=True)
    faults.switch(stripe_settings.instance_path, "delayed", on=True)
    faults.switch(stripe_settings.instance_path, "delayed", on=False)
    # another store is what another process has
    from shop.payments.sandbox.store import Store

    other = Store(stripe_settings.instance_path / "sandbox.db")
    with other.reading() as unit:
        assert faults.is_on(unit, "duplicate")
        assert not faults.is_on(unit, "delayed")
    other.close()
    assert faults.active(stripe_settings.instance_path) == ["duplicate"]


def test_an_unknown_fault_is_refused(fault, stripe_settings):
    with pytest.raises(faults.UnknownFault):
        fault("duplicates")
    assert faults.active(stripe_settings.instance_path) == []


def test_the_fault_reordered_sends_the_newest_first(paid, deliver, told, fault):
    fault("reordered")
    paid()
    deliver()
    assert [event.type for event in told()] == PAID[::-1]


def test_the_fault_delayed_sends_an_hour_late(paid, deliver, fault, at):
    at()
    fault("delayed")
    paid()
    assert deliver() == 0
    at(minutes=59, seconds=59)
    assert deliver() == 0
    at(seconds=1)
    assert deliver() == 4


def test_the_fault_lost_sends_nothing_and_the_api_still_knows(paid, deliver, fault, client, at):
    fault("lost")
    paid()
    at(days=3)
    assert deliver() == 0
    assert {event.type for event in client.v1.events.list().data} == set(PAID)


def test_the_worker_lets_time_pass_without_anybody_asking(checkout, press, deliver, told, at):
    at()
    press(checkout(), "later")
    checkout()
    deliver()
    at(minutes=36)
    deliver()
    kinds = [event.type for event in told()]
    assert kinds.count("checkout.session.async_payment_succeeded") == 1
    assert kinds.count("checkout.session.expired") == 1


def test_two_workers_share_the_deliveries(paid, stripe_settings, webhook):
    for _ in range(5):
        paid()
    gate = threading.Barrier(4)

    def work(_):
        gate.wait()
        return sandbox.deliver_due(stripe_settings.instance_path, webhook, clock.now())

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 20
    assert len(webhook.sent) == 20


def test_a_worker_that_dies_while_sending_leaves_the_event_to_the_next(paid, stripe_settings, deliver, webhook, at):
    at()
    paid()

    def dies(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sandbox.deliver_due(stripe_settings.instance_path, dies, clock.now())
    assert deliver() == 3
    at(seconds=60)
    assert deliver() == 1


def test_a_delivered_event_says_so(paid, deliver, client):
    paid()
    assert {event.pending_webhooks for event in client.v1.events.list().data} == {1}
    deliver()
    assert {event.pending_webhooks for event in client.v1.events.list().data} == {0}


def test_a_sandbox_thrown_away_under_a_running_shop_begins_empty_and_works(
    paid, client, stripe_settings, deliver, told
):
    paid()
    for file in stripe_settings.instance_path.glob("sandbox.*"):
        file.unlink()
    assert client.v1.charges.list().data == []
    paid()
    assert len(client.v1.charges.list().data) == 1
    assert deliver() == 4
    assert told()[1].type == "checkout.session.completed"
