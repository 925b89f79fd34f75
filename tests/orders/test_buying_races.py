"""Buying when everybody does it at once, and when payments come late, twice, short or not at all."""

import json
import threading
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from shop import clock
from shop.actor import COMMAND
from shop.cart import services as carts
from shop.cart.models import Cart, CartLine
from shop.catalog.models import Reservation, Variant
from shop.coop.models import Task
from shop.db import reading, writing
from shop.ledger.chart import account, named
from shop.ledger.models import Posting
from shop.ledger.queries import balance
from shop.ledger.services import Draft, Move, post
from shop.orders import services as orders
from shop.orders.jobs import end_unpaid
from shop.orders.models import OrderGroup, Refund
from shop.orders.services.settling import cancel_unpaid, held_order
from shop.outbox.models import OutboxRow
from shop.outbox.worker import run_due
from shop.payments import jobs
from shop.payments.models import Checkout, StripeEvent
from shop.payments.sandbox import faults
from shop.payments.sandbox.delivery import deliver_due
from tests.factories.catalog import publish, variant
from tests.factories.orders import group, lines, on_shelf, paid, pay, place
from tests.home.buying.steps import ADDRESS, NEAR, Buyer
from tests.orders.race import DEEDS, Crowd, in_threads
from tests.people import FEN, MEI


@pytest.fixture
def plates(shop):
    """Put so many plates on the shelf: `plates(1)`; gives the variant."""

    def put(count):
        on_shelf(shop.variants["plate"], 5, count)
        with writing() as session:
            publish(session, shop, "plate")
        return shop.variants["plate"]

    return put


@pytest.fixture(scope="module")
def crowd():
    """Four processes of buyers."""
    made = Crowd()
    yield made
    made.close()


def carts_with(wants, count):
    """So many visitors' carts: (cart, version) each."""
    found = []
    with writing() as session:
        for _ in range(count):
            cart, _token = carts.open_cart(session, token=None, country="GB")
            for variant_id, quantity in wants:
                carts.put(session, cart=cart, variant_id=variant_id, quantity=quantity)
            session.flush()
            session.refresh(cart)
            found.append((cart.id, cart.version))
    return found


def orders_placed():
    with reading() as session:
        return session.scalar(select(func.count(OrderGroup.id)))


def url_of(engine):
    return engine.url.render_as_string(hide_password=False)


def at_once(*deeds):
    """Run them at the same moment; their results in order, exceptions raised."""
    gate, results = threading.Barrier(len(deeds)), [None] * len(deeds)

    def go(place, deed):
        gate.wait()
        try:
            results[place] = deed()
        except Exception as error:
            results[place] = error

    threads = [threading.Thread(target=go, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for result in results:
        if isinstance(result, Exception):
            raise result
    return results


def inside(app, deed):
    def go():
        with app.app_context():
            return deed()

    return go


def settled(app, session_id):
    """Settle as webhook, return page and worker do."""
    with app.app_context():
        return jobs.settle_payment(session_id)


def opened(app, checkout_id):
    """The payment page, open."""
    with app.app_context():
        return jobs.create_checkout(checkout_id)


def press(app, checkout, button="pay", method="card"):
    return app.test_client().post(urlsplit(checkout.url).path, data={"do": button, "m": method})


def news(app):
    """Deliver the sandbox's events to the shop's door and work them off."""
    door = app.test_client()

    def post(url, body, headers):
        return door.post(urlsplit(url).path, data=body, headers=headers).status_code

    taken = deliver_due(Path(app.instance_path), post, clock.now())
    with app.app_context():
        run_due()
    return taken


def postings(kind):
    with reading() as session:
        return session.scalar(select(func.count(Posting.id)).where(Posting.kind == kind))


def letters(template):
    with reading() as session:
        rows = session.scalars(select(OutboxRow.payload).where(OutboxRow.kind == "mail"))
        return sum(row["template"] == f"orders/{template}" for row in rows)


# Forty buyers, one piece


def test_one_piece_and_forty_buyers_at_once_make_one_order(plates, shop):
    variant_id = plates(1)
    found = in_threads("place", carts_with([(variant_id, 1)], 40))
    assert found == {"placed": 1, "sold out": 39}
    assert orders_placed() == 1
    with reading() as session:
        plate = variant(session, shop, "plate")
    assert (plate.on_hand, plate.reserved) == (1, 1)


def test_one_piece_and_forty_buyers_in_four_processes_make_one_order(plates, engine, shop, crowd):
    variant_id = plates(1)
    found = crowd.race(url_of(engine), "place", carts_with([(variant_id, 1)], 40))
    assert found == {"placed": 1, "sold out": 39}
    assert orders_placed() == 1
    with reading() as session:
        plate = variant(session, shop, "plate")
    assert (plate.on_hand, plate.reserved) == (1, 1)


def test_five_pieces_and_forty_buyers_make_five_orders(plates, engine, crowd):
    variant_id = plates(5)
    found = crowd.race(url_of(engine), "place", carts_with([(variant_id, 1)], 40))
    assert found == {"placed": 5, "sold out": 35}


def test_the_guard_holds_one_piece_once(plates, engine, crowd):
    variant_id = plates(1)
    tickets = [(number, variant_id) for number in range(40)]
    assert crowd.race(url_of(engine), "guarded", tickets) == {"held": 1, "sold out": 39}


def test_control_without_the_guard_one_piece_is_held_many_times(plates, engine, crowd):
    """The race is real: the same harness with the guard taken away oversells. Undone afterwards, for the audit."""
    variant_id = plates(1)
    found = crowd.race(url_of(engine), "unguarded", [(number, variant_id) for number in range(40)])
    assert found["held"] > 1
    with writing() as session:
        held = session.scalars(select(Reservation)).all()
        assert len(held) == found["held"]
        for reservation in held:
            session.delete(reservation)
        session.get_one(Variant, variant_id).reserved = 0


def test_two_carts_with_the_same_two_pieces_in_opposite_order_never_wait_for_each_other(plates, shop):
    with writing() as session:
        opening = [Move(account("bank", "main"), account("equity:opening"), 5_000_000)]
        post(session, [Draft("open:2", "open", "CNY", opening)], by=COMMAND)
    plate = plates(120)
    on_shelf(shop.variants["knot"], 2, 120, by=MEI)
    knot, slowest = shop.variants["knot"], 0.0
    forth, back = carts_with([(plate, 1), (knot, 1)], 50), carts_with([(knot, 1), (plate, 1)], 50)
    for pair in zip(forth, back, strict=True):
        began = time.monotonic()
        assert in_threads("place", pair) == {"placed": 2}
        slowest = max(slowest, time.monotonic() - began)
    assert slowest < 3
    assert orders_placed() == 100


def test_the_same_cart_sent_by_ten_tabs_at_once_is_one_order(plates):
    (ticket,) = carts_with([(plates(3), 2)], 1)
    found = in_threads("place", [ticket] * 10)
    assert found == {"placed": 1, "known": 9}
    with reading() as session:
        assert session.scalar(select(func.count(Checkout.id))) == 1


# Over HTTP


def twin(anna, app):
    """The same browser's second tab, for another thread."""
    other = Buyer(app.test_client(), app)
    for name in ("cart", "cart_n", "session"):
        cookie = anna.client.get_cookie(name, domain="127.0.0.1")
        if cookie:
            other.client.set_cookie(name, cookie.value, domain="127.0.0.1")
    return other


def test_a_double_click_is_one_order_one_checkout_one_payment(app, plates):
    anna = Buyer(app.test_client(), app)
    anna.add(plates(3), 2)
    form = anna.form()
    clicks = [twin(anna, app) for _ in range(4)]
    answers = at_once(*(lambda one=one: one.send(form) for one in clicks))
    assert {answer.status_code for answer in answers} == {303}
    urls = {answer.headers["Location"] for answer in answers}
    assert len(urls) == 1
    for url in urls:
        at_once(*(lambda one=one, url=url: one.press(url) for one in clicks))
    with reading() as session:
        (found,) = session.scalars(select(OrderGroup)).all()
    at_once(*(lambda one=one: one.check(found.secret) for one in clicks))
    news(app)
    with reading() as session:
        assert session.scalar(select(func.count(Checkout.id))) == 1
        assert session.scalars(select(OrderGroup.state)).all() == ["paid"]
    assert postings("pay") == 1
    assert letters("paid") == 1


def test_two_presses_of_add_to_cart_at_once_are_two_pieces(app, plates):
    anna = Buyer(app.test_client(), app)
    variant_id = plates(10)
    anna.add(variant_id)
    tabs = [twin(anna, app) for _ in range(4)]
    at_once(*(lambda one=one: one.add(variant_id) for one in tabs))
    with reading() as session:
        assert session.scalars(select(CartLine.quantity)).all() == [5]


def test_a_piece_added_twice_is_one_line_and_never_more_than_the_shelf_holds(app, plates):
    anna = Buyer(app.test_client(), app)
    variant_id = plates(3)
    assert anna.add(variant_id, 2).status_code == 303
    assert anna.add(variant_id, 2).status_code == 409
    with reading() as session:
        assert session.scalars(select(CartLine.quantity)).all() == [2]


def test_forty_buyers_with_browsers_and_one_piece_are_one_order(app, plates):
    variant_id = plates(1)
    buyers = [Buyer(app.test_client(), app) for _ in range(12)]
    forms = []
    for one in buyers:
        assert one.add(variant_id).status_code == 303
        forms.append(one.form())
    answers = at_once(*(lambda one=one, form=form: one.send(form) for one, form in zip(buyers, forms, strict=True)))
    assert sorted(answer.status_code for answer in answers) == [303] + [409] * 11
    assert orders_placed() == 1


# Payments: late, twice, short, slow, unknown


def placed(wants, **changes):
    with writing() as session:
        made = place(session, wants, **changes)
    assert made.checkout is not None
    return made.group.id, made.checkout.id


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
