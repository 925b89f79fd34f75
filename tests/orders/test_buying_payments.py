"""Payments that come late, twice, short, slowly, to the wrong sum, or from somebody else."""

import json
import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from shop import clock
from shop.cart.models import Cart
from shop.catalog.models import Variant
from shop.coop.models import Task
from shop.db import reading, writing
from shop.ledger.chart import named
from shop.ledger.queries import balance
from shop.orders import services as orders
from shop.orders.jobs import end_unpaid
from shop.orders.models import OrderGroup, Refund
from shop.orders.services.settling import cancel_unpaid, held_order
from shop.outbox.worker import run_due
from shop.payments import jobs
from shop.payments.models import Checkout, StripeEvent
from shop.payments.sandbox import faults
from tests.factories.catalog import variant
from tests.factories.orders import group, lines, paid, pay
from tests.home.buying.steps import ADDRESS, NEAR, Buyer
from tests.orders.race import DEEDS
from tests.orders.steps import (
    at_once,
    carts_with,
    letters,
    news,
    opened,
    orders_placed,
    placed,
    postings,
    press,
    settled,
)
from tests.people import FEN

# Payments: late, twice, short, slow, unknown


def test_webhook_return_page_and_worker_at_once_book_one_payment(app, plates):
    group_id, checkout_id = placed({plates(2): 1})
    checkout = opened(app, checkout_id)
    press(app, checkout)
    found = at_once(*[lambda: settled(app, checkout.session_id)] * 5)
    assert sorted(found) == ["already paid"] * 4 + ["paid"]
    assert (postings("pay"), postings("order_paid"), letters("paid")) == (1, 1, 1)
    with reading() as session:
        assert group(session, group_id).state == "paid"


def test_a_payment_in_the_second_in_which_the_reservation_ends_is_an_order_or_given_back(app, plates, shop):
    variant_id = plates(8)
    for _ in range(8):
        group_id, checkout_id = placed({variant_id: 1})
        checkout = opened(app, checkout_id)
        press(app, checkout)
        with writing() as session:
            group(session, group_id).expires_at = clock.now() - timedelta(seconds=1)
            session.get_one(Checkout, checkout_id).state = "failed"  # nothing may hold the worker back
        at_once(lambda cs=checkout.session_id: settled(app, cs), end_unpaid)
        with reading() as session:
            state = group(session, group_id).state
            refunds = session.scalars(select(Refund).where(Refund.group_id == group_id)).all()
        assert (state, len(refunds)) in {("paid", 0), ("refunded", 1)}
    with reading() as session:
        plate = variant(session, shop, "plate")
        sold = session.scalar(select(func.count(OrderGroup.id)).where(OrderGroup.state == "paid"))
    assert plate.on_hand == 8 - sold
    assert plate.reserved == 0


def ended(group_id):
    with writing() as session:
        cancel_unpaid(session, group=held_order(session, group_id=group_id))


def test_a_late_payment_takes_the_pieces_if_they_are_still_there(app, plates, shop):
    group_id, checkout_id = placed({plates(1): 1})
    checkout = opened(app, checkout_id)
    ended(group_id)
    press(app, checkout)
    assert settled(app, checkout.session_id) == "paid"
    with reading() as session:
        assert variant(session, shop, "plate").on_hand == 0


def test_a_late_payment_for_a_piece_sold_since_is_given_back_once_and_told(app, plates):
    variant_id = plates(1)
    group_id, checkout_id = placed({variant_id: 1})
    checkout = opened(app, checkout_id)
    ended(group_id)
    paid({variant_id: 1}, email="eva@example.org")
    press(app, checkout)
    assert settled(app, checkout.session_id) == "late_payment"
    for _ in range(3):
        news(app)
        settled(app, checkout.session_id)
    with reading() as session:
        (refund,) = session.scalars(select(Refund)).all()
        assert (refund.state, refund.amount_minor) == ("sent", 35700)
        assert group(session, group_id).state == "refunded"
        assert balance(session, named(f"buyer:{group_id}:credit"), "CNY") == 0
    assert letters("given_back") == 1


def test_a_payment_of_another_sum_or_currency_settles_nothing(app, plates):
    group_id, checkout_id = placed({plates(2): 1})
    assert pay(checkout_id, amount=100) == "short"
    with reading() as session:
        assert group(session, group_id).state == "placed"
        assert session.scalars(select(Task.kind)).all() == ["short_payment"]
    other_group, other = placed({plates_again(): 1}, email="eva@example.org")
    assert pay(other, currency="VND", pi="pi_other") == "mismatch"
    with reading() as session:
        assert group(session, other_group).state == "placed"


def plates_again():
    with reading() as session:
        return session.scalars(select(Variant.id).where(Variant.on_hand > 0)).one()


def test_a_short_payment_is_still_the_buyers_when_its_order_has_ended(app, plates):
    group_id, checkout_id = placed({plates(1): 1})
    pay(checkout_id, amount=100)
    ended(group_id)
    with reading() as session:
        assert balance(session, named(f"buyer:{group_id}:credit"), "CNY") == 100


def test_a_second_payment_of_an_order_that_was_cancelled_since_is_given_back(plates):
    group_id, checkout_id = placed({plates(1): 1})
    assert pay(checkout_id) == "paid"
    with reading() as session:
        line = lines(session, group_id)[0]
    with writing() as session:
        orders.cancel_line(session, line_id=line.id, by=FEN)
    with writing() as session:
        again = Checkout(
            ref=f"order:{group_id}",
            key="order:1:2",
            amount_minor=35700,
            currency="CNY",
            created_at=clock.now(),
            expires_at=clock.now(),
            request={},
        )
        session.add(again)
        session.flush()
        again_id = again.id
    assert pay(again_id, pi="pi_second") == "double_payment"
    with reading() as session:
        assert sorted(session.scalars(select(Refund.reason))) == ["cancelled", "double_payment"]


def test_a_slow_payment_that_fails_frees_its_pieces_once(app, plates, shop, at):
    at("2026-11-20 09:00")
    faults.switch(app.config["SETTINGS"].instance_path, "duplicate", on=True)
    group_id, checkout_id = placed({plates(2): 2})
    checkout = opened(app, checkout_id)
    press(app, checkout, "later_fail", "wechat_pay")
    assert settled(app, checkout.session_id) == "processing"
    at("2026-11-20 09:02")
    news(app)
    settled(app, checkout.session_id)
    with reading() as session:
        assert group(session, group_id).state == "cancelled"
        plate = variant(session, shop, "plate")
    assert (plate.on_hand, plate.reserved) == (2, 0)


def test_a_slow_payment_holds_its_pieces_past_their_time(app, plates, shop, at):
    at("2026-11-20 09:00")
    group_id, checkout_id = placed({plates(1): 1})
    checkout = opened(app, checkout_id)
    press(app, checkout, "later", "alipay")
    settled(app, checkout.session_id)
    with reading() as session:
        assert group(session, group_id).expires_at > clock.now() + timedelta(hours=2)
    with app.app_context():
        jobs.settle_overdue()
    end_unpaid()
    at("2026-11-20 09:02")
    news(app)
    with reading() as session:
        assert group(session, group_id).state == "paid"


def test_the_news_overtakes_the_answer_that_names_the_page(app, plates, monkeypatch):
    group_id, checkout_id = placed({plates(1): 1})
    store = jobs._answer

    def paid_meanwhile(number, answer):
        press(app, answer)
        news(app)
        return store(number, answer)

    with monkeypatch.context() as patched:
        patched.setattr(jobs, "_answer", paid_meanwhile)
        checkout = opened(app, checkout_id)
    assert checkout.state == "paid"
    with reading() as session:
        assert group(session, group_id).state == "paid"
    assert postings("pay") == 1


def test_a_payment_of_an_attempt_whose_answer_never_came_is_taken_as_that_attempts(app, plates, monkeypatch):
    """Both attempts are paid in the end: the order has one, the other goes back."""
    group_id, first = placed({plates(1): 1})
    monkeypatch.setattr(jobs, "_answer", lambda _number, _answer: (_ for _ in ()).throw(OSError("killed")))
    with pytest.raises(OSError, match="killed"):
        opened(app, first)
    monkeypatch.undo()
    with writing() as session:
        session.get_one(Checkout, first).state = "failed"
    with writing() as session:
        second = orders.retry_payment(session, group_id=group_id, site_url="http://shop.test").id
    newer = opened(app, second)
    with app.app_context():
        older = next(
            one for one in jobs.gateway().checkouts_of(f"order:{group_id}") if one.session_id != newer.session_id
        )
    press(app, older)
    assert settled(app, older.session_id) == "paid"
    press(app, newer)
    assert settled(app, newer.session_id) == "double_payment"
    with reading() as session:
        assert [(one.key, one.state) for one in session.scalars(select(Checkout).order_by(Checkout.id))] == [
            (f"order:{group_id}:1", "paid"),
            (f"order:{group_id}:2", "paid"),
        ]


def test_a_process_killed_before_the_answer_leaves_nothing_undone(app, plates, at):
    at("2026-11-20 09:00")
    _, checkout_id = placed({plates(1): 1})
    at("2026-11-20 09:02")
    with app.app_context():
        run_due()
    with reading() as session:
        assert session.get_one(Checkout, checkout_id).state == "open"


def test_an_order_nobody_pays_ends_and_its_cart_can_be_ordered_again(app, plates, shop, at):
    at("2026-11-20 09:00")
    (ticket,) = carts_with([(plates(1), 1)], 1)
    assert in_place(ticket) == "placed"
    with reading() as session:
        checkout_id = session.scalars(select(Checkout.id)).one()
    opened(app, checkout_id)
    at("2026-11-20 09:40")
    with app.app_context():
        jobs.settle_overdue()
    with reading() as session:
        assert session.scalars(select(OrderGroup.state)).one() == "cancelled"
        assert variant(session, shop, "plate").reserved == 0
        version = session.scalars(select(Cart.version)).one()
    assert version > ticket[1]
    assert in_place((ticket[0], version)) == "placed"


def in_place(ticket):
    return DEEDS["place"](ticket, threading.Barrier(1))


# The door


def test_what_stripe_did_not_sign_is_refused_and_leaves_nothing(app, plates):
    placed({plates(1): 1})
    body = json.dumps({"id": "evt_1", "object": "event", "type": "checkout.session.completed", "data": {"object": {}}})
    door = app.test_client()
    signatures = [
        "",
        "t=1,v1=00",
        "t=9999999999,v1=" + "0" * 64,
        "v1=é",
        "x" * 5000,
        f"t={int(time.time())},v1=" + "a" * 64,
    ]
    for signature in signatures:
        answer = door.post(
            "/webhooks/stripe", data=body, headers={"Stripe-Signature": signature.encode().decode("latin1")}
        )
        assert answer.status_code == 400, signature
    assert door.post("/webhooks/stripe", data=b"\xff\xfe" * 10).status_code == 400
    assert door.post("/webhooks/stripe", data=b"[" * 1_000_000).status_code == 400
    with reading() as session:
        assert session.scalar(select(func.count(StripeEvent.id))) == 0
        assert session.scalars(select(OrderGroup.state)).all() == ["placed"]


def test_an_order_of_anothers_cart_cannot_be_had_by_its_number(app, plates):
    """The cart comes from the cookie alone; a number in the form is nobody's key."""
    variant_id = plates(3)
    anna, eva = Buyer(app.test_client(), app), Buyer(app.test_client(), app)
    anna.add(variant_id)
    anna.order()
    answer = eva.client.post(
        "/en/checkout", data=ADDRESS | {"cart_id": "1", "version": "2", "csrf_token": eva.client.token()}, headers=NEAR
    )
    assert answer.headers["Location"] == "/en/cart"
    assert orders_placed() == 1
