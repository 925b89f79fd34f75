"""`flask reconcile` and the worker's daily look: Stripe beside the books, each difference named (money.md 6)."""

import json

import pytest
from sqlalchemy import select

from shop.actor import COMMAND
from shop.coop.models import Task
from shop.db import reading, writing
from shop.ledger.chart import account
from shop.ledger.services import Draft, Move, post
from shop.orders.services import cancel_line
from shop.outbox.periodic import run_round
from shop.outbox.worker import run_due
from shop.payments import events
from shop.payments.jobs import settle_payment
from shop.payments.models import Checkout
from tests.factories import catalog
from tests.factories.orders import lines
from tests.home.buying.steps import Buyer
from tests.people import FEN


@pytest.fixture
def shop(app):
    with writing() as session:
        made = catalog.make_shop(session)
        opening = Draft("open:1", "open", "CNY", [Move(account("bank", "main"), account("equity:opening"), 1_000_000)])
        post(session, [opening], by=COMMAND)
    return made


@pytest.fixture
def told(app):
    """What `flask reconcile` says: (exit code, the JSON object)."""

    def ask() -> tuple[int, dict]:
        result = app.test_cli_runner().invoke(args=["reconcile", "--json"])
        return result.exit_code, json.loads(result.output.splitlines()[-1])

    return ask


def bought(app, shop) -> int:
    """A lotus paid at the sandbox; gives the order's id."""
    return Buyer(app.test_client(), app).buy(shop.variants["lotus"]).id


def stray(key: str, minor: int) -> None:
    """A posting at Stripe that Stripe knows nothing of."""
    with writing() as session:
        moves = [Move(account("psp:stripe"), account("buyer:credit", 99), minor)]
        post(session, [Draft(key, "pay", "CNY", moves)], by=COMMAND)


def day_passed(app, at) -> bool:
    """A day later, the worker's round."""
    at(days=1, minutes=1)
    with app.app_context():
        return run_round("payments.reconcile")


def tasks() -> list[tuple[str, bool]]:
    with reading() as session:
        rows = session.scalars(select(Task).where(Task.kind == "stripe_difference").order_by(Task.id))
        return [(row.key, row.done_at is None) for row in rows]


def test_a_payment_its_fee_and_its_refund_agree(app, shop, told):
    order = bought(app, shop)
    with reading() as session:
        (line,) = lines(session, order)
    with writing() as session:
        cancel_line(session, line_id=line.id, by=FEN)
    run_due()
    code, found = told()
    assert (code, found["differences"]) == (0, [])
    assert found["agreeing"] == 2
    assert found["outside_minor"] == found["books_minor"] < 0, "Stripe keeps its fee"


def test_what_stripe_does_not_know_is_named_with_its_sum_and_exit_1(app, shop, told):
    bought(app, shop)
    stray("pay:pi_nowhere", 4_200)
    code, found = told()
    assert code == 1
    (one,) = found["differences"]
    assert (one["what"], one["name"], one["outside_minor"], one["books_minor"]) == (
        "payment",
        "pay:pi_nowhere",
        None,
        4_200,
    )
    told_in_lines = app.test_cli_runner().invoke(args=["reconcile"]).output
    assert "payment pay:pi_nowhere: Stripe None, books 4200" in told_in_lines


def test_a_payment_the_books_never_heard_of_is_named(app, shop, told):
    buyer = Buyer(app.test_client(), app)
    buyer.press(buyer.order(shop.variants["lotus"]))
    code, found = told()
    assert code == 1
    assert [each["what"] for each in found["differences"]] == ["payment", "fee"]
    with reading() as session:
        assert session.scalars(select(Checkout)).one().state == "open", "asking changes nothing"


def test_the_worker_lists_what_has_differed_for_an_hour_and_takes_it_off_when_it_agrees(app, shop, at, monkeypatch):
    at(days=0)
    monkeypatch.setattr(events, "_settle_payment_behind", lambda _intent: None)
    buyer = Buyer(app.test_client(), app)
    buyer.press(buyer.order(shop.variants["lotus"]))
    with app.app_context():
        assert run_round("payments.reconcile")
    assert tasks() == [], "the news may be on the way"
    assert day_passed(app, at)
    assert [is_open for _, is_open in tasks()] == [True, True]
    with reading() as session:
        session_id = session.scalars(select(Checkout.session_id)).one()
    with app.app_context():
        settle_payment(session_id)
    assert day_passed(app, at)
    assert [is_open for _, is_open in tasks()] == [False, False]


def test_the_same_difference_is_listed_once(app, shop, at):
    at(days=0)
    stray("pay:pi_nowhere", 4_200)
    for _day in range(3):
        assert day_passed(app, at)
    assert tasks() == [("stripe:payment:pay:pi_nowhere", True)]
