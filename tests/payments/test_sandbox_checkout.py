"""Sessions through the interface: the key, the bounds, idempotency, lists, expiry."""

import threading
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import stripe

from shop import clock
from shop.payments import sandbox

GOOD = {
    "mode": "payment",
    "success_url": "https://shop.example/done",
    "line_items[0][quantity]": "2",
    "line_items[0][price_data][currency]": "cny",
    "line_items[0][price_data][unit_amount]": "6800",
    "line_items[0][price_data][product_data][name]": "Pan chang knot",
}


def sessions(**changes):
    return urlencode({name: value for name, value in (GOOD | changes).items() if value is not None})


def test_a_session_answers_with_its_page_and_sum(api):
    status, made = api("POST", "/v1/checkout/sessions", sessions())
    assert status == 200
    assert (made["status"], made["payment_status"], made["amount_total"], made["currency"]) == (
        "open",
        "unpaid",
        13600,
        "cny",
    )
    assert made["url"].endswith(f"/pay/{made['id']}")
    assert made["payment_intent"] is None
    assert made["payment_method_types"] == ["card", "alipay", "wechat_pay"]
    assert made["expires_at"] - made["created"] == 24 * 3600


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"mode": None}, "mode"),
        ({"success_url": None}, "success_url"),
        ({"success_url": "javascript:alert(1)"}, "success_url"),
        ({"success_url": "/done"}, "success_url"),
        ({"cancel_url": "https://exa mple/"}, "cancel_url"),
        ({"cancel_url": "http://[1"}, "cancel_url"),
        ({"customer_email": "anna"}, "customer_email"),
        ({"customer_email": "anna@example"}, "customer_email"),
        ({"client_reference_id": "x" * 201}, "client_reference_id"),
        ({"line_items[0][quantity]": "0"}, "line_items[0][quantity]"),
        ({"line_items[0][quantity]": "-1"}, "line_items[0][quantity]"),
        ({"line_items[0][quantity]": None}, "line_items[0][quantity]"),
        ({"line_items[0][price_data][unit_amount]": "-1"}, "line_items[0][price_data][unit_amount]"),
        ({"line_items[0][price_data][unit_amount]": None}, "line_items[0][price_data][unit_amount]"),
        ({"line_items[0][price_data][unit_amount]": "100"}, "line_items"),
        ({"line_items[0][price_data][unit_amount]": "99999999"}, "line_items"),
        ({"line_items[0][price_data][currency]": "xyz"}, "line_items[0][price_data][currency]"),
        ({"line_items[0][price_data][product_data][name]": " "}, "line_items[0][price_data][product_data][name]"),
        ({"currency": "vnd"}, "line_items"),
        ({"mode": "subscription"}, "mode=subscription"),
        ({"ui_mode": "elements"}, "ui_mode=elements"),
        ({"discounts[0][coupon]": "spring"}, "discounts"),
        ({"payment_intent_data[capture_method]": "manual"}, "payment_intent_data[capture_method]"),
        ({"line_items[0][price_data][recurring][interval]": "day"}, "line_items[0][price_data][recurring]"),
        (
            {"allowed_payment_method_types[0]": "alipay", "line_items[0][price_data][currency]": "usd"},
            "allowed_payment_method_types",
        ),
    ],
)
def test_a_session_that_stripe_would_refuse_is_refused(api, changes, param):
    status, answer = api("POST", "/v1/checkout/sessions", sessions(**changes))
    assert (status, answer["error"]["param"]) == (400, param)
    assert api("GET", "/v1/checkout/sessions")[1]["data"] == []


@pytest.mark.parametrize(("seconds", "status"), [(1799, 400), (1800, 200), (86400, 200), (86401, 400), (-5, 400)])
def test_a_session_stays_open_from_half_an_hour_to_a_day(api, at, seconds, status):
    wanted = int(at().timestamp()) + seconds
    answer = api("POST", "/v1/checkout/sessions", sessions(expires_at=wanted))
    assert answer[0] == status
    assert status == 200 or answer[1]["error"]["param"] == "expires_at"


def test_dong_are_whole_and_taken_by_card_only(api):
    body = sessions(
        **{"line_items[0][price_data][currency]": "VND", "line_items[0][price_data][unit_amount]": "1260000"}
    )
    made = api("POST", "/v1/checkout/sessions", body)[1]
    assert (made["amount_total"], made["currency"], made["payment_method_types"]) == (2520000, "vnd", ["card"])


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer sk_test_wrong", "Basic x", "Bearer sk_live_1", "Bearer é"])
def test_without_the_right_key_nothing_is_done(api, header):
    for method, path in (("POST", "/v1/checkout/sessions"), ("GET", "/v1/balance"), ("GET", "/v1/nothing")):
        assert api(method, path, sessions(), Authorization=header)[0] == 401
    assert api("GET", "/v1/checkout/sessions")[1]["data"] == []


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/v1/customers"), ("POST", "/v1/transfers"), ("DELETE", "/v1/balance")]
)
def test_what_the_sandbox_does_not_play_is_an_unknown_address(api, method, path):
    assert api(method, path)[0] in {404, 405}


@pytest.mark.parametrize(
    "path", ["checkout/sessions", "payment_intents", "charges", "refunds", "balance_transactions", "events"]
)
def test_an_unknown_id_is_missing(api, path):
    status, answer = api("GET", f"/v1/{path}/nothing")
    assert (status, answer["error"]["code"]) == (404, "resource_missing")


def test_a_key_used_again_gives_the_first_answer_and_makes_nothing(api):
    first = api("POST", "/v1/checkout/sessions", sessions(), Idempotency_Key="order:1")
    assert api("POST", "/v1/checkout/sessions", sessions(), Idempotency_Key="order:1") == first
    assert len(api("GET", "/v1/checkout/sessions")[1]["data"]) == 1


def test_a_key_used_again_for_something_else_is_refused(api):
    api("POST", "/v1/checkout/sessions", sessions(), Idempotency_Key="order:1")
    other = sessions(**{"line_items[0][quantity]": "3"})
    status, answer = api("POST", "/v1/checkout/sessions", other, Idempotency_Key="order:1")
    assert (status, answer["error"]["type"]) == (400, "idempotency_error")
    assert api("POST", "/v1/refunds", sessions(), Idempotency_Key="order:1")[0] == 400
    assert len(api("GET", "/v1/checkout/sessions")[1]["data"]) == 1


def test_a_refusal_of_the_parameters_does_not_use_up_the_key(api):
    assert api("POST", "/v1/checkout/sessions", sessions(mode="pay"), Idempotency_Key="k")[0] == 400
    assert api("POST", "/v1/checkout/sessions", sessions(), Idempotency_Key="k")[0] == 200


def test_a_key_is_forgotten_after_a_day(api, at):
    at()
    first = api("POST", "/v1/checkout/sessions", sessions(), Idempotency_Key="k")[1]
    at(hours=24)
    assert api("POST", "/v1/checkout/sessions", sessions(), Idempotency_Key="k")[1]["id"] != first["id"]


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_a_key_has_a_length(api, key):
    assert (
        api("POST", "/v1/checkout/sessions", sessions(), Idempotency_Key=key)[1]["error"]["type"] == "idempotency_error"
    )


def test_the_same_key_from_many_threads_makes_one_session(sandbox_app, stripe_settings):
    key = sandbox.api_key(stripe_settings.instance_path)
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "order:1"}
    found, gate = [], threading.Barrier(12)

    def ask():
        gate.wait()
        answer = sandbox_app.test_client().post("/v1/checkout/sessions", data=sessions(), headers=headers)
        found.append(answer.get_json()["id"])

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 12
    assert len(set(found)) == 1


def test_lists_come_newest_first_in_pages(client, checkout):
    made = [checkout().session_id for _ in range(7)]
    pages = client.v1.checkout.sessions.list({"limit": 3})
    assert [session.id for session in pages.data] == made[:3:-1]
    assert pages.has_more
    assert [session.id for session in pages.auto_paging_iter()] == made[::-1]
    back = client.v1.checkout.sessions.list({"limit": 2, "ending_before": made[2]})
    assert [session.id for session in back.data] == [made[4], made[3]]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "starting_after=nothing", "expand[]=line_items", "customer=cus_1"]
)
def test_a_list_is_asked_for_rightly(api, query):
    assert api("GET", "/v1/checkout/sessions", query)[0] in {400, 404}


def test_a_list_can_be_of_one_span_of_time(client, checkout, at):
    begun = int(at().timestamp())
    first = checkout()
    at(hours=1)
    second = checkout()
    within = client.v1.checkout.sessions.list({"created": {"gte": begun, "lt": begun + 10}})
    assert [session.id for session in within.data] == [first.session_id]
    later = client.v1.checkout.sessions.list({"created": {"gt": begun}})
    assert [session.id for session in later.data] == [second.session_id]


def test_lines_are_shown_when_asked_for(client, checkout):
    made = checkout()
    plain = client.v1.checkout.sessions.retrieve(made.session_id)
    assert "line_items" not in plain.to_dict()
    full = client.v1.checkout.sessions.retrieve(made.session_id, {"expand": ["line_items"]})
    lines = [(line.description, line.quantity, line.amount_total) for line in full.line_items.data]
    assert lines == [("Lotus pond, silk embroidery", 1, 38000), ("Pan chang knot", 2, 13600)]
    assert len(client.v1.checkout.sessions.line_items.list(made.session_id).data) == 2


@pytest.mark.parametrize("path", ["nothing", "payment_intent.nothing", "customer", "a.b.c.d.e"])
def test_only_links_expand(client, paid, path):
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.retrieve(paid().session_id, {"expand": [path]})


def test_an_expired_session_stays_expired(client, checkout, press):
    made = checkout()
    assert client.v1.checkout.sessions.expire(made.session_id).status == "expired"
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.expire(made.session_id)
    assert press(made, "pay").status_code == 410
    assert client.v1.charges.list().data == []


def test_a_paid_session_cannot_be_expired(client, paid):
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.expire(paid().session_id)


def test_time_expires_a_session_once_and_says_so(client, checkout, at):
    at()
    made = checkout()
    at(minutes=34, seconds=59)
    assert client.v1.checkout.sessions.retrieve(made.session_id).status == "open"
    at(seconds=2)
    for _ in range(3):
        assert client.v1.checkout.sessions.retrieve(made.session_id).status == "expired"
    told = client.v1.events.list({"type": "checkout.session.expired"}).data
    assert [event.data.object["id"] for event in told] == [made.session_id]


def test_an_order_time_is_the_shops_time(client, checkout):
    clock.stand_at(clock.now() + timedelta(days=8))
    try:
        made = checkout()
        assert client.v1.checkout.sessions.retrieve(made.session_id).created == int(clock.now().timestamp())
    finally:
        clock.stand_at(None)
