"""Cash in a broker's hands: drawn against what she hands over, and her word that posts whatever the float holds."""

import threading

import pytest
from sqlalchemy import select

from shop import clock
from shop.actor import COMMAND
from shop.db import again, reading, writing
from shop.ledger.chart import account
from shop.ledger.services import Draft, KeyReused, Move, Overdraft, post
from shop.outbox.models import OutboxRow
from shop.outbox.services import owe
from shop.outbox.worker import run_due
from shop.payouts import services as payouts
from shop.payouts.errors import BankShort, MoreThanToHandOver
from shop.payouts.models import IncomingSms
from tests.factories.cash import in_hand
from tests.payouts.steps import ZHAO, approved, draft, kept, method, phone, sent, state, tasks, text
from tests.people import HOA, TAO


def drawn(minor: int, *, key: str = "d") -> None:
    with writing() as session:
        payouts.draw_float(session, broker_id=2, amount_minor=minor, currency="CNY", by=TAO, key=key)


def says_yes(payout_id: int) -> None:
    with writing() as session:
        payouts.confirm(session, payout_id=payout_id, strength="self", route="card", by=ZHAO)


def test_her_own_word_posts_what_the_float_holds_and_the_rest_is_owed_to_the_broker(plates):
    in_hand(2, 10_000)
    payout = sent()
    says_yes(payout.id)
    assert state(payout.id) == "confirmed"
    assert (kept("maker:5:in_transit"), kept("broker:2:float"), kept("broker:2:credit")) == (0, 0, 32_600)
    assert tasks() == ["float_short"]


def test_her_own_word_posts_without_any_float(plates):
    payout = sent()
    says_yes(payout.id)
    assert (state(payout.id), kept("broker:2:credit"), tasks()) == ("confirmed", 42_600, ["float_short"])


def test_what_the_broker_laid_out_is_given_back_with_the_next_drawing(plates):
    payout = sent()
    says_yes(payout.id)
    with pytest.raises(MoreThanToHandOver) as refused:
        drawn(42_601)
    assert refused.value.data["most_minor"] == 42_600
    drawn(40_000, key="one")
    assert (kept("broker:2:credit"), kept("broker:2:float"), tasks()) == (2_600, 0, ["float_short"])
    drawn(2_600, key="two")
    assert (kept("broker:2:credit"), kept("broker:2:float"), tasks()) == (0, 0, [])
    assert kept("bank:main") == 1_000_000 - 42_600


def test_a_text_message_is_never_lost_to_a_short_float(plates, app, at):
    at("2026-11-20 09:00")
    payout = sent()
    phone("own_phone", phone="+8613800000005", phone_verified_at=clock.now())
    with writing() as session:
        owe(session, kind="sms.in", key="in:1", payload={"from": "13800000005", "text": "1"})
    with app.app_context():
        run_due(kinds=["sms.in"])
        at("2026-11-21 09:00")
        run_due(kinds=["sms.in"])
    assert (state(payout.id), kept("broker:2:credit")) == ("confirmed", 42_600)
    with reading() as session:
        (row,) = session.scalars(select(OutboxRow).where(OutboxRow.kind == "sms.in")).all()
    assert (row.state, row.attempts) == ("done", 1)


def test_a_word_from_a_shared_phone_is_kept_when_the_float_is_short_and_books_nothing(plates):
    payout = sent()
    phone("shared_phone")
    text("1")
    assert (state(payout.id), kept("maker:5:in_transit"), kept("broker:2:credit")) == ("sent", 42_600, 0)
    assert tasks() == ["float_short"]
    with reading() as session:
        assert session.scalars(select(IncomingSms.outcome)).one() == "float short"


def test_a_brokers_witness_is_still_refused_beyond_her_float(plates):
    in_hand(2, 42_599)
    payout = sent()
    with pytest.raises(Overdraft), writing() as session:
        payouts.confirm(session, payout_id=payout.id, strength="witnessed", route="pin", by=HOA)
    assert (state(payout.id), tasks()) == ("sent", [])


def test_no_more_cash_is_drawn_than_is_to_be_handed_over(plates):
    with pytest.raises(MoreThanToHandOver) as refused:
        drawn(1)
    assert refused.value.data["most_minor"] == 0
    method("maker:5")
    batch_id, _ = draft()
    approved(batch_id)
    in_hand(2, 600)
    with pytest.raises(MoreThanToHandOver) as refused:
        drawn(42_001)
    assert refused.value.data == {"most_minor": 42_000, "currency": "CNY", "field": "amount"}
    drawn(42_000)
    assert kept("broker:2:float") == 42_600
    with pytest.raises(MoreThanToHandOver):
        drawn(1, key="again")


def test_no_more_cash_is_drawn_than_the_bank_holds(plates):
    method("maker:5")
    batch_id, _ = draft()
    approved(batch_id)
    with writing() as session:
        move = Move(account("psp:in_transit"), account("bank", "main"), 1_000_000 - 5_000)
        post(session, [Draft("moved:1", "moved", "CNY", [move])], by=COMMAND)
    with pytest.raises(BankShort) as refused:
        drawn(5_001)
    assert refused.value.data["has_minor"] == 5_000
    drawn(5_000)
    assert kept("bank:main") == 0


def test_the_same_form_again_moves_nothing_and_another_sum_is_refused(plates):
    method("maker:5")
    batch_id, _ = draft()
    approved(batch_id)
    for _time in range(2):
        drawn(20_000)
    assert kept("broker:2:float") == 20_000
    with pytest.raises(KeyReused) as refused:
        drawn(20_001)
    assert refused.value.status == 409


def test_eight_drawings_at_once_take_no_more_than_is_to_be_handed_over(plates):
    method("maker:5")
    batch_id, _ = draft()
    approved(batch_id)
    outcomes: list[str] = []

    def run(number: int) -> None:
        try:
            again(lambda: drawn(20_000, key=f"t{number}"))
            outcomes.append("drawn")
        except MoreThanToHandOver:
            outcomes.append("refused")

    threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    [each.start() for each in threads]
    [each.join(60) for each in threads]
    assert sorted(outcomes) == ["drawn"] * 2 + ["refused"] * 6
    assert kept("broker:2:float") == 40_000


def test_a_drawing_and_her_word_at_once_leave_nobody_short(plates):
    payout = sent()
    failed: list[BaseException] = []

    def run(work) -> None:
        try:
            again(work)
        except MoreThanToHandOver:
            pass
        except BaseException as error:
            failed.append(error)

    jobs = [lambda: drawn(42_600), lambda: says_yes(payout.id)]
    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    [each.start() for each in threads]
    [each.join(60) for each in threads]
    assert failed == []
    assert state(payout.id) == "confirmed"
    assert kept("maker:5:in_transit") == 0
    assert 1_000_000 - kept("bank:main") + kept("broker:2:credit") == 42_600 + kept("broker:2:float")
