"""Whose part of paying people it is, who did it, and words and accounts that are looked at twice."""

from datetime import date

import pytest
from sqlalchemy import func, select, update

from shop import clock
from shop.brokers.models import Broker
from shop.coop.models import Task
from shop.db import reading, writing
from shop.makers.errors import BrokersNumber
from shop.makers.models import Maker
from shop.makers.services import edit_maker, verify_phone
from shop.outbox.models import OutboxRow
from shop.payouts import services as payouts
from shop.payouts.errors import NotHerself, NotYourPart, OwnMethod, WayChanged
from shop.payouts.models import Payout, PayoutBatch, PayoutItem
from shop.payouts.queries.ways import changed_since
from tests.factories.orders import on_shelf
from tests.factories.ways import paid_by
from tests.payouts.steps import ZHAO, approved, bank, draft, kept, method, phone, sent, state, tasks, text
from tests.people import ADA, ANNA, FEN, HOA, LAN, MEI, OTTO, TAO

EVERYBODY = (ADA, ANNA, FEN, HOA, LAN, MEI, OTTO, TAO)


def texts() -> list[tuple[str, str]]:
    with reading() as session:
        rows = session.scalars(select(OutboxRow).where(OutboxRow.kind == "sms").order_by(OutboxRow.id))
        return [(row.payload["to"], row.payload["text"]) for row in rows]


def test_each_step_asks_again_whose_part_it_is(plates):
    payout = sent("bank_file")
    steps = {
        "draft": (
            {"treasurer"},
            lambda session, by: payouts.draft_batch(session, pay_on=date(2026, 11, 27), currency="CNY", by=by),
        ),
        "approve": (
            {"officer", "admin"},
            lambda session, by: payouts.approve(session, batch_id=payout.batch_id, by=by),
        ),
        "cancel": (
            {"treasurer", "officer", "admin"},
            lambda session, by: payouts.cancel_batch(session, batch_id=payout.batch_id, by=by),
        ),
        "send": ({"treasurer"}, lambda session, by: payouts.mark_sent(session, payout_ids=[payout.id], by=by)),
        "paid": ({"treasurer"}, lambda session, by: payouts.bank_paid(session, payout_id=payout.id, by=by)),
        "failed": ({"treasurer"}, lambda session, by: payouts.bank_failed(session, payout_id=payout.id, by=by)),
        "draw": (
            {"treasurer"},
            lambda session, by: payouts.draw_float(
                session, broker_id=2, amount_minor=1, currency="CNY", by=by, key="x"
            ),
        ),
        "back": (
            {"treasurer"},
            lambda session, by: payouts.return_float(
                session, broker_id=2, amount_minor=1, currency="CNY", by=by, key="y"
            ),
        ),
        "method": (
            {"officer", "admin"},
            lambda session, by: payouts.set_method(session, payee="maker:5", rail="cash", by=by),
        ),
        "call": (
            {"officer", "admin"},
            lambda session, by: payouts.answer_spot_call(session, payout_id=payout.id, answer="received", by=by),
        ),
    }
    for name, (roles, step) in steps.items():
        for who in EVERYBODY:
            if who.role in roles:
                continue
            with pytest.raises(NotYourPart), writing() as session:
                step(session, who)
            assert state(payout.id) == "sent", (name, who)
    assert (kept("maker:5:in_transit"), kept("bank:main")) == (42_600, 1_000_000)


def test_the_treasurer_who_sends_does_not_confirm_by_a_call_of_his_own(plates):
    payout = sent("bank_file")
    with pytest.raises(NotHerself), writing() as session:
        payouts.confirm(session, payout_id=payout.id, strength="self", route="coop_call", by=TAO)
    assert state(payout.id) == "sent"


def test_who_sent_and_who_gave_up_stands_on_the_row(plates):
    payout = sent()
    with reading() as session:
        assert session.get_one(Payout, payout.id).sent_by == TAO.key
    on_shelf(plates.variants["plate"], 5, 1, key="more")
    batch_id, _ = draft()
    with writing() as session:
        payouts.cancel_batch(session, batch_id=batch_id, by=FEN)
    with reading() as session:
        batch = session.get_one(PayoutBatch, batch_id)
        assert batch.cancelled_by == FEN.key
        assert batch.cancelled_at is not None


def test_whoever_set_where_a_payees_money_goes_does_not_approve_its_going_there(plates):
    bank()
    paid_by("maker:5", by=FEN)
    batch_id, _ = draft()
    with pytest.raises(OwnMethod) as refused, writing() as session:
        payouts.approve(session, batch_id=batch_id, by=FEN)
    assert (refused.value.status, refused.value.data) == (403, {"people": 1})
    assert kept("maker:5:available") == 42_600
    with writing() as session:
        payouts.approve(session, batch_id=batch_id, by=ADA)
    assert kept("maker:5:in_transit") == 42_600


def test_a_method_that_another_has_approved_once_may_be_approved_by_its_setter(plates):
    paid_by("maker:5", by=FEN)
    batch_id, _ = draft()
    with writing() as session:
        payouts.approve(session, batch_id=batch_id, by=ADA)
    on_shelf(plates.variants["plate"], 5, 1, key="more")
    second, _ = draft()
    approved(second)
    assert kept("maker:5:available") == 0


def test_a_setter_who_changes_it_back_is_still_its_setter(plates):
    method("maker:5")
    for rail in ("bank_file", "cash"):
        facts = {"holder": "Fen", "account_no": "622200009999"} if rail == "bank_file" else {}
        paid_by("maker:5", rail, by=FEN, **facts)
    batch_id, _ = draft()
    with pytest.raises(OwnMethod):
        approved(batch_id)


def test_she_hears_of_a_new_way_of_paying_her_on_her_number(plates):
    phone("own_phone", phone="+8613800000005")
    method("maker:5")
    assert texts() == []
    method("maker:5")
    assert texts() == []
    bank()
    ((to, said),) = texts()
    assert to == "+8613800000005"
    assert "改了" in said
    assert "400-000-0000" in said
    assert "6222" not in said


def test_the_number_that_was_hers_hears_that_it_no_longer_is(plates):
    phone("own_phone", phone="+8613800000005")
    with writing() as session:
        version = session.get_one(Maker, 5).version
        edit_maker(session, maker_id=5, version=version, by=FEN, phone="13900000009", phone_kind="own_phone")
    ((to, said),) = texts()
    assert to == "+8613800000005"
    assert "400-000-0000" in said


def brokers_phone(number: str) -> None:
    with writing() as session:
        session.execute(update(Broker).where(Broker.id == 2).values(phone=number))


def test_a_brokers_number_is_never_registered_or_verified_as_a_makers_own(plates):
    with writing() as session:
        version = session.get_one(Maker, 5).version
    brokers_phone("+8613800138000")
    with pytest.raises(BrokersNumber), writing() as session:
        edit_maker(session, maker_id=5, version=version, by=FEN, phone="138 0013 8000", phone_kind="own_phone")
    with writing() as session:
        edit_maker(session, maker_id=5, version=version, by=FEN, phone="138 0013 8000", phone_kind="shared_phone")
    phone("own_phone", phone="+8613800138000", phone_verified_at=None)
    with pytest.raises(BrokersNumber), writing() as session:
        verify_phone(session, maker_id=5, by=FEN)


def test_a_1_from_a_brokers_number_only_acknowledges_and_is_looked_at(plates):
    phone("own_phone", phone="+8613800138000", phone_verified_at=clock.now())
    brokers_phone("138 0013 8000")
    payout = sent("bank_file")
    text("1", number="+8613800138000")
    assert state(payout.id) == "acknowledged"
    assert "brokers_number" in tasks()


def two_sent(shop) -> dict[str, int]:
    """Bank payouts of Zhao and Li, on their way."""
    on_shelf(shop.variants["knot"], 2, 1, by=MEI)
    bank()
    method("maker:2", "bank_file", holder="Li", account_no="622200003333")
    batch_id, _ = draft()
    rows = approved(batch_id)
    with writing() as session:
        payouts.mark_sent(session, payout_ids=[row.id for row in rows], by=TAO)
    return {row.payee: row.id for row in rows}


def by_card(payout_id: int, payee: str, device: str) -> None:
    with writing() as session:
        her = type(ZHAO)(payee, "maker")
        payouts.confirm(session, payout_id=payout_id, strength="self", route="card", by=her, device=device)


def test_words_of_several_makers_from_one_device_within_minutes_are_looked_at(plates, at):
    found = two_sent(plates)
    at("2026-11-20 09:00")
    by_card(found["maker:5"], "maker:5", "one")
    assert tasks() == []
    at("2026-11-20 09:09")
    by_card(found["maker:2"], "maker:2", "one")
    assert tasks() == ["burst"]
    with reading() as session:
        assert session.scalars(select(Task.facts)).one() == {"payout_id": found["maker:2"], "others": ["maker:5"]}
    assert state(found["maker:2"]) == "confirmed"


@pytest.mark.parametrize(("device", "later"), [("two", "09:01"), ("one", "09:11")])
def test_another_device_or_an_hour_of_its_own_is_no_burst(plates, at, device, later):
    found = two_sent(plates)
    at("2026-11-20 09:00")
    by_card(found["maker:5"], "maker:5", "one")
    at(f"2026-11-20 {later}")
    by_card(found["maker:2"], "maker:2", device)
    assert tasks() == []


def test_one_bank_account_for_two_payees_is_looked_at(plates):
    bank()
    assert tasks() == []
    method("maker:2", "bank_file", holder="Li", account_no="6222000011112222")
    assert tasks() == ["one_account"]
    with reading() as session:
        task = session.scalars(select(Task)).one()
    assert task.facts == {"payee": "maker:2", "others": ["maker:5"]}
    assert "6222" not in task.key


def test_a_batch_takes_the_first_five_hundred_and_sums_each_payee_once(plates):
    on_shelf(plates.variants["plate"], 5, 1, key="more")
    method("maker:5")
    with reading() as session:
        ahead = payouts.outlook(session, currency="CNY")
    assert (ahead.people, ahead.amount_minor) == (1, 63_900)
    draft()
    with reading() as session:
        assert session.scalar(select(func.count(PayoutItem.id))) == 2
        assert session.scalars(select(Payout.amount_minor)).one() == 63_900
        assert payouts.outlook(session, currency="CNY").people == 0


def test_a_way_changed_back_after_the_draft_still_bars_its_setter(plates):
    method("maker:5")
    paid_by("maker:5", "bank_file", holder="Fen", account_no="622200009999", by=FEN)
    batch_id, _ = draft()
    method("maker:5")
    with pytest.raises(OwnMethod):
        approved(batch_id)


def test_a_batch_is_not_approved_to_go_where_nobody_is_paid_any_more(plates):
    bank()
    batch_id, _left = draft()
    method("maker:5", "wallet", bank="wechat", holder="Zhao", account_no="zhao-wx-2026")
    with reading() as session:
        assert changed_since(session, batch_id=batch_id) == 1
    with pytest.raises(WayChanged) as refused:
        approved(batch_id)
    assert refused.value.data == {"people": 1}
    with writing() as session:
        payouts.cancel_batch(session, batch_id=batch_id, by=TAO)
    (payout,) = approved(draft()[0])
    assert (payout.rail, payout.account) == ("wallet", "zhao-wx-2026")
