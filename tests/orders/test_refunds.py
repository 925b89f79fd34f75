"""Money on its way back: refused, killed in between, failed days later; the buyer's sum is never lost and never doubled."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from shop import clock
from shop.coop.models import Task
from shop.db import reading, writing
from shop.errors import BadInput, Conflict, NotYours
from shop.ledger.chart import named
from shop.ledger.models import Posting
from shop.ledger.queries import balance
from shop.orders import services as orders
from shop.orders.models import Refund
from shop.outbox.models import OutboxRow
from shop.outbox.services import machine_now
from shop.outbox.worker import run_due
from shop.payments import jobs
from shop.payments.models import Checkout, StripeEvent, StripeRefund
from shop.payments.sandbox import faults
from tests.factories.orders import lines
from tests.orders.steps import news, opened, placed, press, settled
from tests.people import ADA, FEN


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture
def sold(app, plates):
    """One plate, paid on the sandbox's page; gives the order and its payment."""
    group_id, checkout_id = placed({plates(2): 1})
    checkout = opened(app, checkout_id)
    press(app, checkout)
    assert settled(app, checkout.session_id) == "paid"
    news(app)
    with reading() as session:
        return group_id, session.get_one(Checkout, checkout_id).payment_intent


def cancelled(group_id):
    with reading() as session:
        (line,) = lines(session, group_id)
    with writing() as session:
        return orders.cancel_line(session, line_id=line.id, by=FEN).id


def in_dashboard(app, intent, amount):
    """Somebody has given back a part in Stripe's own pages, so that the whole is refused."""
    with app.app_context():
        jobs.gateway().refund(payment_intent=intent, amount_minor=amount, idempotency_key="dashboard", metadata={})


def worked(app):
    with app.app_context():
        run_due()


def state(refund_id):
    with reading() as session:
        refund = session.get_one(Refund, refund_id)
        rows = session.scalars(select(StripeRefund.state).order_by(StripeRefund.id)).all()
    return refund.state, list(rows)


def letters():
    with reading() as session:
        rows = session.scalars(select(OutboxRow.payload).where(OutboxRow.kind == "mail").order_by(OutboxRow.id)).all()
    return [row["template"] for row in rows]


def credit(group_id):
    with reading() as session:
        return balance(session, named(f"buyer:{group_id}:credit"), "CNY")


def tasks():
    with reading() as session:
        found = session.scalars(select(Task).order_by(Task.id)).all()
    return [(task.kind, task.done_at is None) for task in found]


def at_stripe(app, intent):
    with app.app_context():
        return jobs.gateway().refunds_of(intent)


def test_a_refused_refund_stands_as_failed_and_waits_for_a_person(app, sold):
    group_id, intent = sold
    in_dashboard(app, intent, 100)
    refund_id = cancelled(group_id)
    for _ in range(3):
        worked(app)
    assert state(refund_id) == ("failed", ["failed"])
    assert tasks() == [("refund_failed", True)]
    assert letters()[-1] == "orders/refund_failed"
    assert credit(group_id) == 35700
    with reading() as session:
        (job,) = session.scalars(select(OutboxRow).where(OutboxRow.kind == "payments.refund"))
        assert (job.state, job.attempts) == ("done", 1)
        (task,) = session.scalars(select(Task))
        assert task.facts["order"]


def test_a_refused_refund_is_tried_again_as_a_new_attempt(app, sold, monkeypatch):
    group_id, intent = sold
    refund_id = cancelled(group_id)
    with monkeypatch.context() as patched:
        patched.setattr(jobs.Gateway, "refund", _refuses)
        worked(app)
    assert state(refund_id) == ("failed", ["failed"])
    with writing() as session:
        orders.try_again(session, refund_id=refund_id, by=FEN)
    with pytest.raises(Conflict), writing() as session:
        orders.try_again(session, refund_id=refund_id, by=FEN)
    worked(app)
    assert state(refund_id) == ("sent", ["failed", "sent"])
    assert [made.amount_minor for made in at_stripe(app, intent)] == [35700]
    assert tasks() == [("refund_failed", False)]
    assert credit(group_id) == 0


def _refuses(*_args, **_facts):
    raise jobs.Refused(reason="card_declined")


def test_a_second_failure_is_told_again(app, sold, monkeypatch):
    group_id, _ = sold
    refund_id = cancelled(group_id)
    monkeypatch.setattr(jobs.Gateway, "refund", _refuses)
    worked(app)
    with writing() as session:
        orders.try_again(session, refund_id=refund_id, by=FEN)
    worked(app)
    assert state(refund_id) == ("failed", ["failed", "failed"])
    assert tasks() == [("refund_failed", False), ("refund_failed", True)]
    assert credit(group_id) == 35700


def test_a_refund_goes_by_bank_only_when_two_have_said_so(app, sold, monkeypatch):
    group_id, _ = sold
    refund_id = cancelled(group_id)
    with pytest.raises(Conflict), writing() as session:
        orders.ask_by_bank(session, refund_id=refund_id, how="GB29 NWBK", by=FEN)
    monkeypatch.setattr(jobs.Gateway, "refund", _refuses)
    worked(app)
    with pytest.raises(Conflict), writing() as session:
        orders.sent_by_bank(session, refund_id=refund_id, by=ADA)
    with pytest.raises(BadInput), writing() as session:
        orders.ask_by_bank(session, refund_id=refund_id, how="  ", by=FEN)
    with writing() as session:
        orders.ask_by_bank(session, refund_id=refund_id, how="GB29 NWBK", by=FEN)
    with pytest.raises(NotYours), writing() as session:
        orders.sent_by_bank(session, refund_id=refund_id, by=FEN)
    with pytest.raises(Conflict), writing() as session:
        orders.try_again(session, refund_id=refund_id, by=FEN)
    assert (state(refund_id)[0], credit(group_id)) == ("failed", 35700)
    with writing() as session:
        orders.sent_by_bank(session, refund_id=refund_id, by=ADA)
    with pytest.raises(Conflict), writing() as session:
        orders.sent_by_bank(session, refund_id=refund_id, by=ADA)
    assert state(refund_id) == ("sent", ["failed"])
    assert credit(group_id) == 0
    assert tasks() == [("refund_failed", False)]
    with reading() as session:
        assert balance(session, named("bank:main"), "CNY") == 1_000_000 - 35700
    assert letters()[-1] == "orders/refund_by_bank"


def test_what_does_not_go_by_bank_after_all_is_tried_again(app, sold, monkeypatch):
    group_id, _ = sold
    refund_id = cancelled(group_id)
    with monkeypatch.context() as patched:
        patched.setattr(jobs.Gateway, "refund", _refuses)
        worked(app)
    with writing() as session:
        orders.ask_by_bank(session, refund_id=refund_id, how="GB29 NWBK", by=FEN)
    with writing() as session:
        orders.drop_by_bank(session, refund_id=refund_id, by=FEN)
    with writing() as session:
        orders.try_again(session, refund_id=refund_id, by=FEN)
    worked(app)
    assert state(refund_id) == ("sent", ["failed", "sent"])


def killed_in_between(app, monkeypatch):
    """Stripe has made the refund, and the process dies before our row says so."""
    with monkeypatch.context() as patched, app.app_context():
        patched.setattr(jobs, "_refund_answer", _dies)
        with pytest.raises(Killed):
            run_due()
    with writing() as session:
        for row in session.scalars(select(OutboxRow).where(OutboxRow.state == "leased")):
            row.lease_until = machine_now() - timedelta(minutes=5)


def _dies(*_args):
    raise Killed


@pytest.mark.parametrize("hours", [0, 25])
def test_a_kill_between_stripes_refund_and_our_row_sends_nothing_twice(app, plates, shop, monkeypatch, hours):
    """After a day Stripe has forgotten the key, so only looking it up tells what was made."""
    group_id, checkout_id = placed({plates(1): 1, shop.variants["lotus"]: 1})
    checkout = opened(app, checkout_id)
    press(app, checkout)
    settled(app, checkout.session_id)
    news(app)
    with reading() as session:
        intent = session.get_one(Checkout, checkout_id).payment_intent
        plate = next(line for line in lines(session, group_id) if line.source == "shelf")
    with writing() as session:
        refund_id = orders.cancel_line(session, line_id=plate.id, by=FEN).id
    killed_in_between(app, monkeypatch)
    assert state(refund_id) == ("decided", ["pending"])
    clock.stand_at(clock.now() + timedelta(hours=hours))
    worked(app)
    assert [made.amount_minor for made in at_stripe(app, intent)] == [35700]
    assert state(refund_id) == ("sent", ["sent"])
    assert credit(group_id) == 0


def failing(app, *, on=True):
    faults.switch(Path(app.instance_path), "refund_failed", on=on)


def test_a_refund_that_fails_days_later_is_the_buyers_again_and_waits_for_a_person(app, sold):
    group_id, intent = sold
    failing(app)
    refund_id = cancelled(group_id)
    worked(app)
    news(app)
    assert (state(refund_id), credit(group_id)) == (("sent", ["sent"]), 0)
    clock.stand_at(clock.now() + timedelta(minutes=5))
    faults.switch(Path(app.instance_path), "duplicate", on=True)
    for _ in range(3):
        news(app)
    assert (state(refund_id), credit(group_id)) == (("failed", ["failed"]), 35700)
    assert tasks() == [("refund_failed", True)]
    with reading() as session:
        sent, back = session.scalars(
            select(Posting).where(Posting.key.like(f"refund:{refund_id}:%")).order_by(Posting.id)
        )
        assert (back.key, back.reverses_id) == (f"{sent.key}:failed", sent.id)
    failing(app, on=False)
    with writing() as session:
        orders.try_again(session, refund_id=refund_id, by=FEN)
    worked(app)
    news(app)
    assert state(refund_id) == ("sent", ["failed", "sent"])
    assert credit(group_id) == 0
    assert sorted(made.state for made in at_stripe(app, intent)) == ["failed", "succeeded"]


def test_news_of_a_refund_that_overtakes_our_row_is_booked_once(app, sold, monkeypatch):
    group_id, _ = sold
    refund_id = cancelled(group_id)
    killed_in_between(app, monkeypatch)
    news(app)
    worked(app)
    assert state(refund_id) == ("sent", ["sent"])
    assert credit(group_id) == 0
    with reading() as session:
        keys = session.scalars(select(Posting.key).where(Posting.kind == "refund_sent")).all()
        outcomes = set(session.scalars(select(StripeEvent.outcome).where(StripeEvent.type.like("refund.%"))))
    assert len(keys) == 1
    assert outcomes == {"sent"}
