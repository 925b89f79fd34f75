"""Payouts that never reached her: an officer's end, and the bank's return after her word."""

import pytest
from sqlalchemy import select

from shop.coop.models import Change, Task
from shop.coop.services import open_task
from shop.db import reading, writing
from shop.errors import BadInput
from shop.ledger.models import Posting
from shop.payouts import services as payouts
from shop.payouts.errors import NotYourPart, WrongState
from shop.payouts.models import Payout, PayoutItem
from tests.factories.cash import in_hand
from tests.payouts.steps import ZHAO, approved, bank, draft, kept, method, sent, state, tasks
from tests.people import ADA, FEN, HOA, MEI, TAO


def ended(payout_id: int, *, by=FEN, reason: str = "robbed on the way") -> Payout:
    with writing() as session:
        return payouts.end_payout(session, payout_id=payout_id, reason=reason, by=by)


def keys(payout: Payout) -> list[str]:
    with reading() as session:
        found = session.scalars(select(Posting.key).where(Posting.source == f"payout:{payout.id}").order_by(Posting.id))
        return [key.removeprefix(f"payout:{payout.batch_id}:maker:5:1:") for key in found]


def waiting_cash() -> Payout:
    method("maker:5")
    batch_id, _ = draft()
    return approved(batch_id)[0]


def test_cash_that_never_reached_her_is_hers_again_and_waits_for_a_new_payout(plates):
    payout = sent()
    with writing() as session:
        open_task(
            session, key=f"not_received:{payout.id}:2026-11-20", kind="not_received", facts={"payout_id": payout.id}
        )
    ended(payout.id)
    assert (state(payout.id), kept("maker:5:available"), kept("maker:5:in_transit")) == ("failed", 42_600, 0)
    assert keys(payout) == ["approved", "failed"]
    assert tasks() == []
    with reading() as session:
        assert session.scalars(select(PayoutItem.live)).all() == [False]
        change = session.scalars(select(Change).where(Change.about == f"payout:{payout.id}")).one()
        assert (change.kind, change.actor, change.facts) == ("payout_failed", FEN.key, {"reason": "robbed on the way"})
        assert session.scalars(select(Task.done_by)).one() == FEN.key
    second, left = draft()
    assert left == []
    approved(second)
    assert kept("maker:5:in_transit") == 42_600


def test_approved_cash_can_be_ended_before_it_was_sent(plates):
    payout = waiting_cash()
    ended(payout.id)
    assert (state(payout.id), kept("maker:5:available")) == ("failed", 42_600)


def test_an_approved_bank_payout_is_cancelled(plates):
    bank()
    batch_id, _ = draft()
    (payout,) = approved(batch_id)
    ended(payout.id, by=ADA)
    assert (state(payout.id), kept("maker:5:available"), kept("bank:main")) == ("cancelled", 42_600, 1_000_000)
    assert keys(payout) == ["approved", "cancelled"]


def test_what_a_broker_wrongly_witnessed_stands_in_her_float_again(plates):
    in_hand(2, 42_600)
    payout = sent()
    with writing() as session:
        payouts.confirm(session, payout_id=payout.id, strength="witnessed", route="signature", by=HOA)
    with writing() as session:
        payouts.answer_spot_call(session, payout_id=payout.id, answer="not_received", by=FEN)
    assert (kept("broker:2:float"), tasks()) == (0, ["not_received"])
    ended(payout.id)
    assert (state(payout.id), kept("broker:2:float"), kept("maker:5:available")) == ("failed", 42_600, 42_600)
    assert tasks() == []


def test_what_the_bank_has_or_she_confirmed_has_no_such_end(plates):
    payout = sent("bank_file")
    with pytest.raises(WrongState):
        ended(payout.id)
    with writing() as session:
        payouts.confirm(session, payout_id=payout.id, strength="self", route="card", by=ZHAO)
    with pytest.raises(WrongState):
        ended(payout.id)
    assert kept("maker:5:in_transit") == 42_600


def test_a_second_click_is_refused_and_changes_nothing(plates):
    payout = sent()
    ended(payout.id)
    with pytest.raises(WrongState):
        ended(payout.id)
    assert kept("maker:5:available") == 42_600


@pytest.mark.parametrize("who", [TAO, HOA, MEI, ZHAO], ids=["treasurer", "broker", "other broker", "maker"])
def test_only_an_officer_ends_a_payout(plates, who):
    payout = sent()
    with pytest.raises(NotYourPart):
        ended(payout.id, by=who)
    assert state(payout.id) == "sent"


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301])
def test_an_end_needs_a_reason(plates, reason):
    payout = sent()
    with pytest.raises(BadInput):
        ended(payout.id, reason=reason)
    assert state(payout.id) == "sent"


@pytest.mark.parametrize("word", ["self", "witnessed"])
def test_the_banks_return_after_her_word_gives_it_back_and_is_looked_at(plates, word):
    payout = sent("bank_file")
    with writing() as session:
        payouts.bank_paid(session, payout_id=payout.id, by=TAO)
    with writing() as session:
        by, route = (ZHAO, "card") if word == "self" else (HOA, "signature")
        payouts.confirm(session, payout_id=payout.id, strength=word, route=route, by=by)
    for _time in range(2):
        with writing() as session:
            payouts.bank_failed(session, payout_id=payout.id, by=TAO, returned=True)
    assert (state(payout.id), kept("bank:main"), kept("maker:5:available")) == ("returned", 1_000_000, 42_600)
    assert "back_after_word" in tasks()
    _, left = draft()
    assert left == []


def test_what_the_bank_never_carried_out_does_not_come_back_after_her_word(plates):
    payout = sent("bank_file")
    with writing() as session:
        payouts.confirm(session, payout_id=payout.id, strength="self", route="card", by=ZHAO)
    with pytest.raises(WrongState), writing() as session:
        payouts.bank_failed(session, payout_id=payout.id, by=TAO, returned=True)
    assert state(payout.id) == "confirmed"
