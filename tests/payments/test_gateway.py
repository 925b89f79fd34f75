"""The door to Stripe: what it asks, how it answers, and how it tells a no from not knowing."""

import dataclasses
import json
import socket
import threading
from datetime import UTC, timedelta
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
import stripe

from shop import clock
from shop.money import CURRENCIES
from shop.payments import gateway as door
from shop.payments.gateway import (
    CheckoutLine,
    Gateway,
    OutcomeUnknown,
    Refused,
    make_client,
    webhook_secret,
)
from shop.payments.sandbox import faults


class Recorder(stripe.HTTPClient):
    """Stands where the network is: keeps what was asked and gives, or raises, what it is told to."""

    name = "recorder"

    def __init__(self, *answers):
        super().__init__()
        self.answers = list(answers)
        self.asked = []

    def request(self, method, url, headers, post_data=None, *, _usage=None):
        self.asked.append((method, url, headers, post_data))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        status, body = answer
        return (body if isinstance(body, str) else json.dumps(body)), status, {}


def speaking_to(*answers):
    http = Recorder(*answers)
    return Gateway(stripe.StripeClient("sk_test_x", http_client=http)), http


# --- who is spoken to ---------------------------------------------------------------------------------------------


def test_production_without_a_key_is_refused(stripe_settings):
    with pytest.raises(ValueError, match="STRIPE_SECRET_KEY"):
        make_client(stripe_settings.but(app_env="production"))
    with pytest.raises(ValueError, match="https"):
        make_client(
            stripe_settings.but(app_env="production", stripe_secret_key="sk_live_1", stripe_api_base="http://x")
        )
    assert not (stripe_settings.instance_path / "sandbox.db").exists()


def test_with_a_key_stripe_itself_is_asked_in_good_time_and_twice_more(stripe_settings):
    client = make_client(stripe_settings.but(stripe_secret_key="sk_test_1", stripe_webhook_secret="whsec_1"))
    options = client._requestor._options
    assert (options.base_addresses["api"], options.max_network_retries) == ("https://api.stripe.com", 2)
    assert client._requestor._client._timeout == (5, 20)
    assert not (stripe_settings.instance_path / "sandbox.db").exists()


def test_the_webhook_secret_is_the_settings_or_the_sandboxs_own(stripe_settings):
    assert webhook_secret(stripe_settings.but(stripe_webhook_secret="whsec_1")) == "whsec_1"
    own = webhook_secret(stripe_settings)
    assert own.startswith("whsec_")
    assert webhook_secret(stripe_settings) == own
    assert webhook_secret(stripe_settings.but(app_env="production")) == ""
    assert webhook_secret(stripe_settings.but(stripe_secret_key="sk_test_1")) == ""


@pytest.fixture
def served(sandbox_app):
    """The sandbox over HTTP, on a port of its own."""

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_):
            pass

    server = make_server("127.0.0.1", 0, sandbox_app, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_same_sandbox_is_reached_by_http(served, stripe_settings, checkout, press):
    client = make_client(stripe_settings.but(stripe_api_base=served + "/"))
    by_http = Gateway(client)
    made = checkout()
    press(made, "pay")
    assert by_http.find_checkout(made.session_id).state == "paid"
    client._requestor._client._thread_local.session.close()


# --- what is asked ------------------------------------------------------------------------------------------------


def test_a_checkout_is_asked_for_exactly_so(checkout, gateway, monkeypatch):
    asked = {}
    sessions = gateway._client.v1.checkout.sessions
    create = sessions.create
    monkeypatch.setattr(sessions, "create", lambda params, options: asked.update(params) or create(params, options))
    monkeypatch.setattr(gateway._client.v1.checkout, "sessions", sessions, raising=False)
    expires = clock.now() + timedelta(minutes=35)
    checkout(expires_at=expires, ref="QS-1042/1", lang="vi")
    assert asked == {
        "mode": "payment",
        "ui_mode": "hosted_page",
        "client_reference_id": "QS-1042/1",
        "customer_email": "anna@example.com",
        "line_items": [
            {"quantity": 1, "price_data": {"currency": "cny", "unit_amount": 38000, "product_data": {"name": "Lotus pond, silk embroidery"}}},
            {"quantity": 2, "price_data": {"currency": "cny", "unit_amount": 6800, "product_data": {"name": "Pan chang knot"}}},
        ],
        "allowed_payment_method_types": ["card", "alipay", "wechat_pay"],
        "payment_intent_data": {"transfer_group": "QS-1042/1", "metadata": {"attempt": "1"}},
        "metadata": {"attempt": "1"},
        "success_url": "http://127.0.0.1:8000/en/orders/secret?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://127.0.0.1:8000/en/cart",
        "locale": "vi",
        "expires_at": int(expires.timestamp()),
    }  # fmt: skip


def test_a_checkout_answers_in_our_own_words(checkout, gateway):
    expires = clock.now() + timedelta(minutes=40)
    made = checkout(expires_at=expires)
    assert (made.state, made.amount_minor, made.currency, made.ref, made.mode) == (
        "open",
        51600,
        "CNY",
        "QS-1",
        "payment",
    )
    assert made.expires_at == expires.replace(microsecond=0)
    assert made.expires_at.tzinfo is UTC
    assert made.metadata == {"attempt": "1"}
    assert (made.livemode, made.payment_intent) == (False, None)
    assert gateway.find_checkout(made.session_id) == made
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.state = "paid"


@pytest.mark.parametrize("currency", sorted(CURRENCIES))
def test_every_currency_of_the_shop_reaches_stripe_in_its_own_units(checkout, currency):
    made = checkout(currency=currency, lines=[CheckoutLine("A knot", 123457, 1)])
    assert (made.amount_minor, made.currency) == (123457, currency)


def test_more_lines_than_stripe_takes_are_shown_as_one(checkout, client):
    made = checkout(lines=[CheckoutLine(f"Knot {n}", 100 + n, 2) for n in range(101)])
    assert made.amount_minor == sum(2 * (100 + n) for n in range(101))
    assert len(client.v1.checkout.sessions.line_items.list(made.session_id).data) == 1


def test_a_checkout_needs_no_email(checkout):
    assert checkout(email=None).state == "open"
    assert checkout(email="").state == "open"


# --- a no ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wishes", "reason", "param"),
    [
        ({"email": "anna"}, "email_invalid", "customer_email"),
        ({"lines": []}, "parameter_missing", "line_items"),
        ({"lines": [CheckoutLine("Knot", 100, 1)]}, "amount_too_small", "line_items"),
        (
            {"lines": [CheckoutLine("Knot", -100, 1)]},
            "parameter_invalid_integer",
            "line_items[0][price_data][unit_amount]",
        ),
        ({"expires_at": clock.now() + timedelta(minutes=29)}, "invalid_request_error", "expires_at"),
        ({"success_url": "/done"}, "url_invalid", "success_url"),
        ({"lang": "xx"}, "invalid_request_error", "locale"),
        ({"ref": "x" * 201}, "invalid_request_error", "client_reference_id"),
    ],
)
def test_what_stripe_refuses_is_refused_with_its_reason(checkout, wishes, reason, param):
    with pytest.raises(Refused) as caught:
        checkout(**wishes)
    assert (caught.value.data["reason"], caught.value.data["param"], caught.value.status) == (reason, param, 409)


def test_a_key_used_for_another_sum_is_refused(checkout):
    checkout(idempotency_key="order:1")
    with pytest.raises(Refused) as caught:
        checkout(idempotency_key="order:1")
    assert caught.value.data["reason"] == "idempotency_error"


def test_the_same_request_with_the_same_key_is_one_session(checkout):
    same = {"ref": "QS-1", "idempotency_key": "k", "expires_at": clock.now() + timedelta(minutes=35)}
    assert checkout(**same) == checkout(**same)


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404])
def test_a_definite_answer_is_a_refusal(status):
    gateway, _ = speaking_to((status, {"error": {"type": "invalid_request_error", "message": "no"}}))
    with pytest.raises(Refused):
        gateway.refund(payment_intent="pi_1", amount_minor=1, idempotency_key="k", metadata={})


# --- not knowing --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        stripe.APIConnectionError("time-out", should_retry=True),
        (500, {"error": {"type": "api_error", "message": "oops"}}),
        (503, "<html>busy</html>"),
        (502, ""),
        (200, "not json"),
        (409, {"error": {"type": "idempotency_error", "code": "idempotency_key_in_use", "message": "busy"}}),
        (429, {"error": {"type": "invalid_request_error", "code": "rate_limit", "message": "slowly"}}),
    ],
)
def test_without_a_usable_answer_the_outcome_is_unknown(answer):
    gateway, _ = speaking_to(answer)
    with pytest.raises(OutcomeUnknown) as caught:
        gateway.refund(payment_intent="pi_1", amount_minor=1, idempotency_key="k", metadata={})
    assert caught.value.status == 503
    with pytest.raises(OutcomeUnknown):
        gateway.find_checkout("cs_1")


def test_nobody_listening_is_unknown_too(stripe_settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{free.getsockname()[1]}"
        client = make_client(
            stripe_settings.but(stripe_secret_key="sk_test_1", stripe_webhook_secret="w", stripe_api_base=base)
        )
        client._requestor._options.max_network_retries = 0
        with pytest.raises(OutcomeUnknown):
            Gateway(client).find_checkout("cs_1")
    client._requestor._client._thread_local.session.close()


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(stripe.HTTPClient, "_sleep_time_seconds", lambda *_: 0)


@pytest.mark.parametrize("fault", ["error_after", "timeout_after"])
def test_a_lost_answer_is_found_by_its_reference_and_not_made_twice(
    checkout, gateway, client, stripe_settings, impatient, fault
):
    faults.switch(stripe_settings.instance_path, fault, on=True)
    with pytest.raises(OutcomeUnknown):
        checkout(ref="QS-1")
    faults.switch(stripe_settings.instance_path, fault, on=False)
    assert gateway.find_checkout_by_ref("QS-1").state == "open"
    assert gateway.find_checkout_by_ref("QS-2") is None
    assert len(client.v1.checkout.sessions.list().data) == 1


def test_after_a_lost_answer_the_same_key_gives_the_same_refund(paid, gateway, stripe_settings, impatient):
    intent = paid().payment_intent
    same = {"payment_intent": intent, "amount_minor": 500, "idempotency_key": "refund:1", "metadata": {"refund": "1"}}
    faults.switch(stripe_settings.instance_path, "timeout_after", on=True)
    with pytest.raises(OutcomeUnknown):
        gateway.refund(**same)
    faults.switch(stripe_settings.instance_path, "timeout_after", on=False)
    made = gateway.refund(**same)
    assert gateway.refunds_of(intent) == [made]
    assert made.metadata == {"refund": "1"}


def test_the_sdk_asks_again_by_itself_with_the_same_key(impatient):
    session = {
        "id": "re_1",
        "object": "refund",
        "amount": 1,
        "currency": "cny",
        "status": "succeeded",
        "payment_intent": None,
        "metadata": {},
    }
    http = Recorder(stripe.APIConnectionError("lost", should_retry=True), (200, session))
    gateway = Gateway(stripe.StripeClient("sk_test_x", http_client=http, max_network_retries=door.RETRIES))
    assert gateway.refund(payment_intent="pi_1", amount_minor=1, idempotency_key="k", metadata={}).state == "succeeded"
    assert [headers["Idempotency-Key"] for _, _, headers, _ in http.asked] == ["k", "k"]


def test_a_search_that_cannot_be_sure_says_so(checkout, gateway, monkeypatch, at):
    at()
    for _ in range(5):
        checkout()
    monkeypatch.setattr(door, "PAGE", 2)
    monkeypatch.setattr(door, "MAX_PAGES", 2)
    with pytest.raises(OutcomeUnknown) as caught:
        gateway.find_checkout_by_ref("QS-1")
    assert caught.value.data["reason"] == "too_many"
    monkeypatch.setattr(door, "MAX_PAGES", 3)
    assert gateway.find_checkout_by_ref("QS-1").ref == "QS-1"


def test_of_several_sessions_the_paid_one_counts(checkout, press, gateway, at):
    at()
    first = checkout(ref="QS-1")
    at(minutes=5)
    second = checkout(ref="QS-1")
    third = checkout(ref="QS-1")
    gateway.expire_checkout(third.session_id, "e3")
    assert gateway.find_checkout_by_ref("QS-1").session_id == second.session_id
    press(first, "pay")
    assert gateway.find_checkout_by_ref("QS-1").session_id == first.session_id
    assert [one.session_id for one in gateway.checkouts_of("QS-1")] == [
        third.session_id,
        second.session_id,
        first.session_id,
    ]
    since = clock.now() - timedelta(minutes=1)
    assert gateway.find_checkout_by_ref("QS-1", since=since, until=clock.now()).session_id == second.session_id


def test_a_session_older_than_the_span_is_not_found(checkout, gateway, at):
    at()
    made = checkout(ref="QS-1")
    at(hours=25)
    assert gateway.find_checkout_by_ref("QS-1") is None
    assert gateway.find_checkout_by_ref("QS-1", since=clock.now() - timedelta(days=2)).session_id == made.session_id
