"""Paying people: claims, two persons, rails, and whose word makes it paid."""

import threading
from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from shop.coop.models import Task
from shop.db import again, reading, writing
from shop.errors import NotYours, ShopError
from shop.ledger.services import Overdraft
from shop.payouts import services as payouts
from shop.payouts.errors import NotHerself, NothingToPay, SamePerson, WrongState
from shop.payouts.models import Confirmation, Payout, PayoutBatch, PayoutItem, SpotCall
from tests.factories.orders import on_shelf
from tests.payouts.steps import ZHAO, approved, draft, draw, kept, method, phone, sent, state, tasks, text
from tests.people import FEN, HOA, LAN, MEI, TAO


def test_a_batch_claims_every_earning_once(plates):
    method("maker:5")
    batch_id, left = draft()
    assert left == []
    with pytest.raises(NothingToPay):
        draft()
    with reading() as session:
        assert [(p.payee, p.amount_minor, p.state) for p in session.scalars(select(Payout))] == [
            ("maker:5", 42600, "drafted")
        ]
        assert session.get_one(PayoutBatch, batch_id).number == 1


def test_two_treasurers_drafting_at_once_make_one_claim(plates):
    method("maker:5")
    outcomes: list[str] = []

    def run() -> None:
        try:
            again(draft)
            outcomes.append("drafted")
        except (NothingToPay, DBAPIError):
            outcomes.append("nothing")

    threads = [threading.Thread(target=run) for _ in range(6)]
    [each.start() for each in threads]
    [each.join(60) for each in threads]
    assert sorted(outcomes) == ["drafted"] + ["nothing"] * 5
    with reading() as session:
        assert session.scalar(select(func.count(PayoutItem.id)).where(PayoutItem.live)) == 1


def test_without_the_unique_claim_the_same_earning_would_be_claimed_twice(plates):
    """The control: the database, not our care, has the last word."""
    method("maker:5")
    draft()
    with pytest.raises(DBAPIError), writing() as session:
        item = session.scalars(select(PayoutItem)).one()
        session.add(PayoutItem(payout_id=item.payout_id, earning_id=item.earning_id, amount_minor=1))


def test_whoever_drafted_a_batch_never_approves_it(plates):
    method("maker:5")
    batch_id, _ = draft(by=replace(FEN, role="treasurer"))
    with pytest.raises(SamePerson), writing() as session:
        payouts.approve(session, batch_id=batch_id, by=FEN)
    with pytest.raises(DBAPIError), writing() as session:
        batch = session.get_one(PayoutBatch, batch_id)
        batch.state, batch.approved_by = "approved", FEN.key
    assert kept("maker:5:available") == 42600


def test_a_payee_without_the_data_her_rail_needs_is_left_out_and_listed(plates):
    with pytest.raises(NothingToPay) as refused:
        draft()
    assert refused.value.data == {"left": 1}
    on_shelf(plates.variants["knot"], 2, 1, by=MEI)
    method("maker:2")
    _, left = draft()
    assert [(each.payee, each.amount_minor, each.why) for each in left] == [("maker:5", 42600, "no_method")]


@pytest.mark.parametrize("number", ["", "12", "abc", "1" * 40])
def test_a_bank_account_that_cannot_be_one_is_refused(plates, number):
    with pytest.raises(ShopError):
        method("maker:5", "bank_file", holder="Zhao", account_no=number)


def test_approval_moves_her_pay_into_transit_and_a_second_click_changes_nothing(plates):
    method("maker:5")
    batch_id, _ = draft()
    approved(batch_id)
    approved(batch_id)
    assert (kept("maker:5:available"), kept("maker:5:in_transit")) == (0, 42600)


def test_sent_by_bank_is_not_paid_before_she_confirms(plates):
    payout = sent("bank_file")
    with writing() as session:
        payouts.bank_paid(session, payout_id=payout.id, by=TAO)
    assert kept("maker:5:in_transit") == 0
    with reading() as session:
        assert session.get_one(Payout, payout.id).state == "sent"
    with writing() as session:
        payouts.confirm(session, payout_id=payout.id, strength="self", route="card", by=ZHAO)
    with reading() as session:
        assert session.get_one(Payout, payout.id).state == "confirmed"
    assert kept("bank:main") == 1_000_000 - 42600


def test_the_bank_reporting_twice_pays_once(plates):
    payout = sent("bank_file")
    for _ in range(2):
        with writing() as session:
            payouts.bank_paid(session, payout_id=payout.id, by=TAO)
    assert kept("bank:main") == 1_000_000 - 42600


@pytest.mark.parametrize("was_paid", [False, True])
def test_a_returned_payout_is_hers_again_and_waits_for_a_new_one(plates, was_paid):
    payout = sent("bank_file")
    if was_paid:
        with writing() as session:
            payouts.bank_paid(session, payout_id=payout.id, by=TAO)
    with writing() as session:
        payouts.bank_failed(session, payout_id=payout.id, by=TAO, returned=True)
    assert kept("maker:5:available") == 42600
    assert kept("bank:main") == 1_000_000
    _, left = draft()
    assert left == []


def test_cash_leaves_the_brokers_float_with_the_makers_word_and_only_once(plates):
    draw()
    payout = sent()
    assert kept("broker:2:float") == 50_000
    with writing() as session:
        payouts.confirm(session, payout_id=payout.id, strength="witnessed", route="signature", by=HOA)
    assert kept("broker:2:float") == 50_000 - 42600
    with writing() as session:
        payouts.confirm(session, payout_id=payout.id, strength="self", route="card", by=ZHAO)
    assert kept("broker:2:float") == 50_000 - 42600
    with reading() as session:
        assert session.get_one(Payout, payout.id).state == "confirmed"
    with writing() as session:
        payouts.return_float(session, broker_id=2, amount_minor=7_400, currency="CNY", by=TAO, key="b1")
    assert kept("broker:2:float") == 0


def test_a_broker_cannot_say_that_she_handed_over_more_than_she_had(plates):
    draw(10_000)
    payout = sent()
    with pytest.raises(Overdraft), writing() as session:
        payouts.confirm(session, payout_id=payout.id, strength="witnessed", route="pin", by=HOA)
    with reading() as session:
        assert session.get_one(Payout, payout.id).state == "sent"
        assert session.scalar(select(func.count(Confirmation.id))) == 0


@pytest.mark.parametrize("route", ["card", "coop_call", "pin", "signature", "sms"])
def test_a_broker_can_only_acknowledge_never_confirm(plates, route):
    draw()
    payout = sent()
    with pytest.raises(NotHerself), writing() as session:
        payouts.confirm(session, payout_id=payout.id, strength="self", route=route, by=HOA)
    assert kept("maker:5:in_transit") == 42600


def test_another_broker_or_maker_can_say_nothing_about_it(plates):
    draw()
    payout = sent()
    with pytest.raises(NotYours), writing() as session:
        payouts.confirm(session, payout_id=payout.id, strength="witnessed", route="pin", by=MEI)
    with pytest.raises(NotHerself), writing() as session:
        payouts.confirm(session, payout_id=payout.id, strength="self", route="card", by=LAN)
    assert kept("broker:2:float") == 50_000


def test_an_acknowledgement_draws_a_spot_call_whose_answer_confirms(plates):
    draw()
    payout = sent()
    with writing() as session:
        payouts.confirm(session, payout_id=payout.id, strength="witnessed", route="pin", by=HOA)
    with reading() as session:
        assert session.scalars(select(SpotCall)).one().payout_id == payout.id
    with writing() as session:
        payouts.answer_spot_call(session, payout_id=payout.id, answer="received", by=FEN)
    with reading() as session:
        assert session.get_one(Payout, payout.id).state == "confirmed"
        assert {c.strength for c in session.scalars(select(Confirmation))} == {"self", "witnessed"}


def test_confirming_what_was_never_sent_is_refused(plates):
    method("maker:5")
    batch_id, _ = draft()
    payout = approved(batch_id)[0]
    with pytest.raises(WrongState), writing() as session:
        payouts.confirm(session, payout_id=payout.id, strength="self", route="card", by=ZHAO)
    assert kept("maker:5:in_transit") == 42600


@pytest.mark.parametrize(
    "body",
    [
        "1",
        "１",
        " 1 ",
        "收到",
        "OK",
        "收到了",
        "谢谢，收到",
        "钱收到了。",
        "我已经收到了，谢谢您！",
        "Đã nhận đủ, cảm ơn",
        "da nhan roi",
        "Yes, thank you",
    ],
)
def test_a_1_from_her_own_verified_phone_confirms(plates, body):
    payout = sent("bank_file")
    text(body)
    with reading() as session:
        assert session.get_one(Payout, payout.id).state == "confirmed"


@pytest.mark.parametrize("sender", ["13800000005", "+8613800000005", "008613800000005", "138 0000 0005"])
def test_her_number_is_known_in_every_spelling(plates, sender):
    phone("own_phone", phone="+8613800000005")
    payout = sent("bank_file")
    text("1", number=sender)
    with reading() as session:
        assert session.get_one(Payout, payout.id).state == "confirmed"


def test_a_1_from_a_shared_phone_only_acknowledges(plates):
    phone("shared_phone")
    payout = sent("bank_file")
    text("1")
    with reading() as session:
        assert session.get_one(Payout, payout.id).state == "acknowledged"


def test_a_1_from_a_phone_nobody_verified_only_acknowledges(plates):
    phone("own_phone", phone_verified_at=None)
    payout = sent("bank_file")
    text("1")
    with reading() as session:
        assert session.get_one(Payout, payout.id).state == "acknowledged"


@pytest.mark.parametrize(
    ("body", "number"),
    [("2", "13800000005"), ("没收到", "13800000005"), ("1", "13999999999"), ("1 P9-ZZZZZ", "13800000005")],
)
def test_other_words_numbers_and_references_confirm_nothing(plates, body, number):
    payout = sent("bank_file")
    text(body, number=number)
    with reading() as session:
        assert session.get_one(Payout, payout.id).state == "sent"


@pytest.mark.parametrize(
    "body", ["2", "没收到", "还没有收到钱", "收到了，少了十块", "chưa nhận được", "em chua nhan", "Not received"]
)
def test_a_no_by_text_message_is_a_task_of_the_co_op(plates, body):
    payout = sent("bank_file")
    text(body)
    assert (state(payout.id), tasks()) == ("sent", ["not_received"])
    text(body, key="in-2")
    assert tasks() == ["not_received"]


@pytest.mark.parametrize("body", ["什么时候发工钱？", "1 P9-ZZZZZ", "不错", "Chị gọi lại cho em nhé", "11"])
def test_no_word_of_hers_is_lost_whatever_she_writes(plates, body):
    payout = sent("bank_file")
    text(body)
    assert (state(payout.id), tasks()) == ("sent", ["message"])
    with reading() as session:
        facts = session.scalars(select(Task.facts)).one()
    assert facts == {"payee": "maker:5", "others": [], "text": body}


def test_a_word_about_nothing_that_is_open_is_read_by_a_person(plates):
    text("收到")
    assert tasks() == ["message"]


def test_a_cancelled_draft_frees_its_claims(plates):
    method("maker:5")
    batch_id, _ = draft()
    with writing() as session:
        payouts.cancel_batch(session, batch_id=batch_id, by=TAO)
    second, _ = draft()
    with reading() as session:
        assert session.get_one(PayoutBatch, second).number == 2
    assert kept("maker:5:available") == 42600


@pytest.mark.parametrize(("kind", "amount"), [("own_phone", True), ("shared_phone", False)])
def test_the_text_names_the_co_op_its_hotline_and_the_amount_only_on_her_own_phone(plates, kind, amount):
    from shop.outbox.models import OutboxRow

    phone(kind)
    sent("bank_file")
    with reading() as session:
        said = session.scalars(select(OutboxRow.payload).where(OutboxRow.kind == "sms")).one()["text"]
    assert "巧手合作社" in said
    assert "400-000-0000" in said
    assert ("426.00" in said) is amount
