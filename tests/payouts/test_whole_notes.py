"""Cash goes in whole notes and the rest stays hers (money.md 4); no earning is ever claimed beyond itself."""

import threading
from datetime import date

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from shop.actor import COMMAND
from shop.db import again, reading, writing
from shop.desk.queries.purse import owed
from shop.ledger.chart import account
from shop.ledger.models import Earning
from shop.ledger.services import Draft, Earned, Move, post
from shop.payouts import services as payouts
from shop.payouts.errors import NothingToPay
from shop.payouts.models import Payout, PayoutItem
from shop.payouts.queries import statement
from shop.payouts.queries.claims import confirmed_at
from shop.payouts.rails import PAYOUT_RAILS
from tests.payouts.steps import ZHAO, approved, bank, draft, draw, kept, method
from tests.people import ADA, FEN, TAO


def earns(minor: int, name: str) -> None:
    """A sum that is Zhao's own, to the fen."""
    moves = [Move(account("expense", "piecework"), account("maker:available", "5"), minor)]
    made = Draft(name, "piecework", "CNY", moves, source=name, earned=[Earned("maker:5", name, minor)])
    with writing() as session:
        post(session, [made], by=COMMAND)


def claims(payout: Payout) -> list[int]:
    with reading() as session:
        rows = select(PayoutItem.amount_minor).where(PayoutItem.payout_id == payout.id).order_by(PayoutItem.id)
        return list(session.scalars(rows))


def lines() -> list[tuple[int, str, str]]:
    with reading() as session:
        found = statement(session, payee="maker:5", since=date(2000, 1, 1), until=date(2100, 1, 1), currency="CNY")
        return [(line.amount.minor, line.state, line.part) for line in found.lines]


def handed_over(payout: Payout) -> None:
    draw(payout.broker_id, payout.amount_minor)
    with writing() as session:
        payouts.mark_sent(session, payout_ids=[payout.id], by=TAO)
    with writing() as session:
        payouts.confirm(session, payout_id=payout.id, strength="self", route="card", by=ZHAO)


@pytest.mark.parametrize(
    ("minor", "currency", "notes"),
    [(10137, "CNY", 10100), (99, "CNY", 0), (23600, "CNY", 23600), (101_700, "VND", 101_000), (999, "VND", 0)],
)
def test_a_sum_is_handed_over_in_notes(minor, currency, notes):
    assert PAYOUT_RAILS["cash"].pays(minor, currency) == notes
    assert PAYOUT_RAILS["bank_file"].pays(minor, currency) == minor


def test_cash_is_paid_in_whole_notes_and_the_rest_goes_with_the_next_pay(shop):
    method("maker:5")
    earns(10137, "first:1")
    first = approved(draft()[0])[0]
    assert (first.amount_minor, claims(first)) == (10100, [10100])
    assert (kept("maker:5:in_transit"), kept("maker:5:available")) == (10100, 37)
    with pytest.raises(NothingToPay) as refused:
        draft()
    assert refused.value.data == {"left": 1}
    assert lines() == [(10100, "approved", "first"), (37, "open", "rest")]
    handed_over(first)
    with reading() as session:
        assert owed(session, maker_id=5, currency="CNY").open_minor == 37
        assert session.scalar(select(confirmed_at("first:1"))) is None, "she has not had all of it"
    earns(5000, "second:1")
    second = approved(draft()[0])[0]
    assert (second.amount_minor, claims(second)) == (5000, [37, 4963])
    handed_over(second)
    assert lines() == [
        (10100, "confirmed", "first"),
        (37, "confirmed", "rest"),
        (4963, "confirmed", "first"),
        (37, "open", "rest"),
    ]
    with reading() as session:
        assert session.scalar(select(confirmed_at("first:1"))) is not None
        assert owed(session, maker_id=5, currency="CNY").confirmed_minor == 15100
    assert (kept("maker:5:in_transit"), kept("maker:5:available")) == (0, 37)


def test_who_has_less_than_a_note_is_left_out_and_listed_and_a_bank_pays_to_the_fen(shop):
    method("maker:5")
    earns(10137, "first:1")
    approved(draft()[0])
    with reading() as session:
        (left,) = payouts.outlook(session, currency="CNY").left
    assert (left.payee, left.amount_minor, left.why) == ("maker:5", 37, "below_note")
    bank()
    assert claims(approved(draft()[0])[0]) == [37]
    assert kept("maker:5:available") == 0


def test_a_payout_that_failed_frees_its_part_alone(shop):
    method("maker:5")
    earns(10137, "first:1")
    first = approved(draft()[0])[0]
    bank()
    approved(draft()[0])
    with writing() as session:
        payouts.end_payout(session, payout_id=first.id, reason="robbed on the way", by=FEN)
    assert kept("maker:5:available") == 10100
    (again_paid,) = approved(draft()[0])
    assert (again_paid.amount_minor, claims(again_paid)) == (10100, [10100])


def test_the_database_refuses_claims_beyond_an_earning(shop):
    """The control: neither a further claim nor one that is made live or larger again passes it."""
    method("maker:5")
    earns(10137, "first:1")
    first = approved(draft()[0])[0]
    with reading() as session:
        earning_id = session.scalars(select(Earning.id)).one()
    for minor in (38, 0):
        with pytest.raises(DBAPIError), writing() as session:
            session.add(PayoutItem(payout_id=first.id, earning_id=earning_id, amount_minor=minor))
    with pytest.raises(DBAPIError), writing() as session:
        session.execute(update(PayoutItem).values(amount_minor=10138))
    with writing() as session:
        session.add(PayoutItem(payout_id=first.id, earning_id=earning_id, amount_minor=38, live=False))
    with pytest.raises(DBAPIError), writing() as session:
        session.execute(update(PayoutItem).values(live=True))
    with writing() as session:
        session.delete(session.scalars(select(PayoutItem).where(PayoutItem.amount_minor == 38)).one())


def test_two_claims_at_once_never_pass_an_earning_together(shop):
    method("maker:5")
    earns(10137, "first:1")
    first = approved(draft()[0])[0]
    with reading() as session:
        earning_id = session.scalars(select(Earning.id)).one()
    gate, done = threading.Barrier(4), []

    def claim() -> None:
        gate.wait(20)
        try:
            with writing() as session:
                session.add(PayoutItem(payout_id=first.id, earning_id=earning_id, amount_minor=20))
                session.flush()
            done.append(1)
        except DBAPIError:
            done.append(0)

    threads = [threading.Thread(target=lambda: again(claim)) for _ in range(4)]
    [each.start() for each in threads]
    [each.join(60) for each in threads]
    assert sum(done) == 1
    with writing() as session:
        session.delete(session.scalars(select(PayoutItem).where(PayoutItem.amount_minor == 20)).one())


def test_a_rest_that_brings_it_under_the_limit_does_not_make_the_way_another(shop):
    """Above the limit her new account waits for a second person: the old one is right, though the notes come to less."""
    method("maker:5")
    with writing() as session:
        payouts.set_pay_settings(session, version=0, by=ADA, account_limit_minor=10100)
    bank()
    earns(10137, "first:1")
    batch_id, _left = draft()
    (payout,) = approved(batch_id)
    assert (payout.rail, payout.amount_minor) == ("cash", 10100)
