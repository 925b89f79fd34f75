"""Stripe is silent, refuses, or answers late: the order is kept, nothing is placed twice, and she may try again."""

import pytest

from shop.catalog.models import Variant
from shop.db import reading
from shop.payments.sandbox import faults
from tests.home.buying.steps import checkouts, counts, newest_order, order_of, work

ONE = {"orders": 1, "paid": 0, "checkouts": 1, "payments": 0}


def left(variant_id) -> tuple[int, int]:
    with reading() as session:
        variant = session.get_one(Variant, variant_id)
        return variant.on_hand, variant.reserved


def switched(app, name):
    return faults.switch(app.config["SETTINGS"].instance_path, name, on=True)


def off(app, name):
    faults.switch(app.config["SETTINGS"].instance_path, name, on=False)


@pytest.mark.parametrize("fault", ["error_after", "timeout_after"])
def test_when_stripe_does_not_answer_the_order_is_kept_and_can_be_tried_again(anna, market, fault):
    anna.add(market.variants["plate"], 3)
    form = anna.form()
    switched(anna.app, fault)
    answer = anna.send(form)
    assert answer.status_code == 503
    text = answer.get_data(as_text=True)
    group = newest_order()
    assert group.number in text
    assert "The payment service does not answer." in text
    assert checkouts()[0].state == "unknown"
    off(anna.app, fault)
    answer = anna.client.send(f"/en/orders/{group.secret}/pay")
    assert answer.headers["Location"].startswith("http://127.0.0.1:8000/sandbox/pay/")
    anna.press(answer.headers["Location"])
    anna.check(group.secret)
    assert counts() == {"orders": 1, "paid": 1, "checkouts": 1, "payments": 1}


def test_the_worker_finds_a_payment_page_whose_answer_never_came(anna, market, at):
    at("2026-11-20 09:00")
    anna.add(market.variants["lotus"])
    form = anna.form()
    switched(anna.app, "timeout_after")
    anna.send(form)
    off(anna.app, "timeout_after")
    at("2026-11-20 09:06")
    work(anna.app)
    (checkout,) = checkouts()
    assert (checkout.state, bool(checkout.session_id)) == ("open", True)
    assert anna.send(form).headers["Location"] == checkout.url


def test_when_stripe_refuses_the_order_is_kept_and_a_new_attempt_has_a_new_key(anna, market, monkeypatch):
    from shop.payments.gateway import Gateway, Refused

    anna.add(market.variants["lotus"])
    form = anna.form()

    def refuse(*_, **__):
        raise Refused(reason="amount_too_large", param="line_items")

    with monkeypatch.context() as patched:
        patched.setattr(Gateway, "create_checkout", refuse)
        answer = anna.send(form)
        assert answer.status_code == 503
        assert "The payment page could not be opened." in answer.get_data(as_text=True)
    assert newest_order().state == "placed"
    url = anna.send(form).headers["Location"]
    anna.press(url)
    anna.check(newest_order().secret)
    assert [(one.key, one.state) for one in checkouts()] == [("order:1:1", "failed"), ("order:1:2", "paid")]
    assert counts()["paid"] == 1


def test_an_older_order_that_stripe_does_not_let_go_of_comes_first(anna, market, monkeypatch):
    from shop.payments.gateway import Gateway, OutcomeUnknown

    anna.order(market.variants["lotus"])
    anna.add(market.variants["knot"])
    form = anna.form()

    def silent(*_, **__):
        raise OutcomeUnknown(reason="timeout")

    with monkeypatch.context() as patched:
        patched.setattr(Gateway, "expire_checkout", silent)
        answer = anna.send(form)
    assert answer.status_code == 503
    assert order_of(1).number in answer.get_data(as_text=True)
    assert counts() == ONE
    assert anna.send(form).status_code == 303
    assert [order_of(number).state for number in (1, 2)] == ["cancelled", "placed"]


def test_a_form_left_open_past_the_payment_pages_time_is_looked_at_again(anna, market, at):
    at("2026-11-20 09:00")
    anna.add(market.variants["plate"], 3)
    form = anna.form()
    anna.send(form)
    at("2026-11-20 10:00")
    answer = anna.send(form)
    assert answer.status_code == 409
    assert "Your cart changed in the meantime" in answer.get_data(as_text=True)
    assert newest_order().state == "cancelled"
    assert anna.send(anna.form()).status_code == 303
    assert counts() == {"orders": 2, "paid": 0, "checkouts": 2, "payments": 0}
    assert left(market.variants["plate"]) == (3, 3)
