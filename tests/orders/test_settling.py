"""Which payment an order takes, what becomes of the others, and fees that come late."""

from datetime import timedelta
from urllib.parse import urlsplit

from sqlalchemy import select

from shop import clock
from shop.coop.facts import forget_facts
from shop.coop.models import Coop, Task
from shop.db import reading, writing
from shop.ledger.chart import named
from shop.ledger.queries import balance
from shop.orders import services as orders
from shop.orders.jobs import end_unpaid, release_ripe
from shop.orders.models import Refund
from shop.outbox.models import OutboxRow
from shop.outbox.worker import run_due
from shop.payments import jobs
from shop.payments.gateway import FeeAnswer, Gateway, Refused
from shop.payments.models import Checkout
from tests.factories.catalog import variant
from tests.factories.orders import group, lines, paid, pay, seller_orders
from tests.orders.steps import news, opened, placed, postings, press, settled
from tests.people import FEN, HOA


def kept(name, currency="CNY"):
    with reading() as session:
        return balance(session, named(name), currency)


def worked(app):
    with app.app_context():
        run_due()


def second_try(group_id):
    with writing() as session:
        return orders.retry_payment(session, group_id=group_id, site_url="http://shop.test").id


def cancelled(group_id):
    with reading() as session:
        (line,) = lines(session, group_id)
    with writing() as session:
        return orders.cancel_line(session, line_id=line.id, by=FEN)


def intent_of(checkout_id):
    with reading() as session:
        return session.get_one(Checkout, checkout_id).payment_intent


# Parcels lost on their way


def test_a_parcel_lost_before_release_still_pays_broker_and_co_op(app, plates):
    """The buyer has everything back from `expense:losses`; broker's and co-op's parts are kept (money.md 2)."""
    group_id = paid({plates(1): 1})
    with reading() as session:
        (line,), (seller,) = lines(session, group_id), seller_orders(session, group_id)
    with writing() as session:
        orders.dispatch(session, seller_order_id=seller.id, carrier="EMS", tracking="E1", by=HOA)
    with writing() as session:
        orders.lose_line(session, line_id=line.id, by=FEN)
    assert (kept("broker:2:held"), kept("coop:2:commission:held")) == (2736 + 1500, 3420)
    clock.stand_at(clock.now() + timedelta(days=9))
    worked(app)
    assert release_ripe() == 1
    assert (kept("broker:2:held"), kept("coop:2:commission:held")) == (0, 0)
    assert kept("broker:2:available") == 2736 + 1500
    assert kept("income:commission") == 3420
    assert kept("expense:losses") == 35700


# The payment that settles


def test_a_refund_goes_to_the_payment_that_the_order_took(app, plates):
    group_id, first = placed({plates(1): 1})
    older = opened(app, first)
    with writing() as session:
        session.get_one(Checkout, first).state = "failed"
    second = second_try(group_id)
    newer = opened(app, second)
    press(app, newer)
    assert settled(app, newer.session_id) == "paid"
    press(app, older)
    assert settled(app, older.session_id) == "double_payment"
    with app.app_context():
        run_due()
    refund = cancelled(group_id)
    assert refund.payment_intent == intent_of(second)
    with app.app_context():
        run_due()
    with reading() as session:
        assert [row.state for row in session.scalars(select(Refund))] == ["sent", "sent"]
    assert kept(f"buyer:{group_id}:credit") == 0


def test_a_short_payment_goes_back_once_the_order_is_paid_otherwise(plates):
    group_id, first = placed({plates(1): 1})
    assert pay(first, amount=100) == "short"
    second = second_try(group_id)
    assert pay(second) == "paid"
    with reading() as session:
        (back,) = session.scalars(select(Refund))
        assert (back.reason, back.amount_minor, back.payment_intent) == ("over_payment", 100, f"pi_{first}")
        (task,) = session.scalars(select(Task))
        assert task.done_at is not None
    assert kept(f"buyer:{group_id}:credit") == 100
    assert cancelled(group_id).payment_intent == f"pi_{second}"
    assert kept(f"buyer:{group_id}:credit") == 35700 + 100


def test_a_short_payment_goes_back_with_the_full_one_that_came_too_late(plates):
    variant_id = plates(1)
    group_id, first = placed({variant_id: 1})
    assert pay(first, amount=100) == "short"
    second = second_try(group_id)
    with writing() as session:
        group(session, group_id).expires_at = clock.now() - timedelta(minutes=1)
        session.get_one(Checkout, second).state = "failed"
    assert end_unpaid() == 1
    paid({variant_id: 1}, email="eva@example.org")
    assert pay(second) == "late_payment"
    with reading() as session:
        found = session.scalars(select(Refund).order_by(Refund.id)).all()
        assert [(row.reason, row.amount_minor) for row in found] == [("late_payment", 35700), ("over_payment", 100)]


# Fees


def test_a_fee_that_comes_later_is_read_until_it_is_there_and_booked_once(app, plates, monkeypatch):
    group_id, checkout_id = placed({plates(1): 1})
    checkout = opened(app, checkout_id)
    press(app, checkout)
    with monkeypatch.context() as patched:
        patched.setattr(Gateway, "fee_of", lambda _self, _intent: None)
        assert settled(app, checkout.session_id) == "paid"
        assert settled(app, checkout.session_id) == "already paid"
        for minutes in (2, 5, 10):
            clock.stand_at(clock.now() + timedelta(minutes=minutes))
            with app.app_context():
                run_due(kinds=["payments.fee"])
    assert postings("pay_fee") == 0
    for _ in range(3):
        clock.stand_at(clock.now() + timedelta(hours=1))
        with app.app_context():
            run_due(kinds=["payments.fee"])
        settled(app, checkout.session_id)
    assert (postings("pay"), postings("pay_fee")) == (1, 1)
    with app.app_context():
        fee = jobs.gateway().fee_of(intent_of(checkout_id))
    assert kept("psp:stripe") == 35700 - fee.fee_minor
    with reading() as session:
        assert session.get_one(Checkout, checkout_id).fee_minor == fee.fee_minor
        rows = session.scalars(select(OutboxRow).where(OutboxRow.kind == "payments.fee")).all()
        assert {row.state for row in rows} == {"done"}
        assert group(session, group_id).state == "paid"


def test_a_fee_in_another_money_is_left_to_the_reconciling(app, plates, monkeypatch):
    _, checkout_id = placed({plates(1): 1})
    checkout = opened(app, checkout_id)
    press(app, checkout)
    with monkeypatch.context() as patched:
        patched.setattr(Gateway, "fee_of", lambda _self, _intent: None)
        settled(app, checkout.session_id)
        patched.setattr(Gateway, "fee_of", lambda _self, _intent: FeeAnswer("txn_1", 39000, 900, "HKD"))
        clock.stand_at(clock.now() + timedelta(hours=1))
        with app.app_context():
            run_due(kinds=["payments.fee"])
    assert postings("pay_fee") == 0


# What does not fit


def test_a_payment_that_does_not_fit_is_booked_as_nobodys_and_frees_its_stock(app, plates, shop):
    group_id, checkout_id = placed({plates(1): 1})
    checkout = opened(app, checkout_id)
    press(app, checkout)
    with writing() as session:
        session.get_one(Checkout, checkout_id).currency = "VND"  # Stripe says CNY
    for _ in range(3):
        assert settled(app, checkout.session_id) == "mismatch"
        news(app)
    assert postings("pay") == 1
    assert kept("suspense:in") == 35700
    assert kept(f"buyer:{group_id}:credit") == 0
    with reading() as session:
        assert session.get_one(Checkout, checkout_id).state == "failed"
        assert session.scalars(select(Task.kind)).all() == ["payment_mismatch"]
    clock.stand_at(clock.now() + timedelta(days=3))
    worked(app)
    with app.app_context():
        jobs.settle_overdue()
    assert end_unpaid() == 1
    with reading() as session:
        assert group(session, group_id).state == "cancelled"
        assert variant(session, shop, "plate").reserved == 0


# Overdue checkouts


def test_checkouts_that_stripe_always_refuses_keep_none_behind_them_waiting(app, plates, monkeypatch):
    _, checkout_id = placed({plates(1): 1})
    with writing() as session:
        good = session.get_one(Checkout, checkout_id)
        good.expires_at = clock.now() - timedelta(hours=1)
        session.add_all(
            Checkout(
                ref=f"gift:{number}",
                key=f"stuck:{number}",
                state="open",
                session_id=f"cs_stuck_{number}",
                amount_minor=100,
                currency="CNY",
                request={},
                created_at=clock.now(),
                expires_at=clock.now() - timedelta(hours=2),
            )
            for number in range(jobs.PAGE + 20)
        )
    asked = []

    def close(number):
        asked.append(number)
        if number != checkout_id:
            raise Refused(reason="checkout_session_not_open")
        return "expired"

    monkeypatch.setattr(jobs, "close_checkout", close)
    jobs.settle_overdue()
    assert len(asked) == len(set(asked)) == jobs.PAGE + 21
    assert asked[-1] == checkout_id


def test_a_round_ends_where_stripe_does_not_answer(app, plates, monkeypatch):
    variant_id = plates(5)
    for number in range(5):
        _, checkout_id = placed({variant_id: 1}, email=f"anna{number}@example.org")
        with writing() as session:
            session.get_one(Checkout, checkout_id).expires_at = clock.now() - timedelta(hours=1)
    asked = []

    def silent(number):
        asked.append(number)
        raise jobs.OutcomeUnknown(reason="timeout")

    monkeypatch.setattr(jobs, "close_checkout", silent)
    jobs.settle_overdue()
    assert len(asked) == jobs.SILENT


def test_the_payment_page_names_this_co_op_in_the_pages_language(app, plates):
    variant_id = plates(3)
    with writing() as session:
        coop = session.get_one(Coop, 1)
        coop.name = {"zh": "荷村合作社", "vi": "Hợp tác xã Sen", "en": ""}
    forget_facts()
    for lang, name in (("zh", "荷村合作社"), ("vi", "Hợp tác xã Sen"), ("en", "荷村合作社")):
        _, checkout_id = placed({variant_id: 1}, lang=lang, email=f"{lang}@example.org")
        page = app.test_client().get(urlsplit(opened(app, checkout_id).url).path)
        assert name in page.text
        assert "Qiaoshou" not in page.text


def test_an_order_of_two_parcels_says_that_its_sum_is_for_both(app, plates, shop):
    group_id = paid({plates(1): 1, shop.variants["lotus"]: 1})
    other = paid({shop.variants["lotus"]: 1}, email="eva@example.org")
    with reading() as session:
        both, one = (group(session, each).secret for each in (group_id, other))
    page = app.test_client().get(f"/en/orders/{both}").text
    assert page.count("¥749.00 for all parcels together.") == 2
    assert "¥392.00. The makers" in app.test_client().get(f"/en/orders/{one}").text
