"""Another account: it waits, she hears of it, a second person says yes to large sums; the co-op's own waits as well."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop import clock
from shop.brokers.models import Broker
from shop.coop.models import Change, Task
from shop.db import reading, writing
from shop.errors import BadInput
from shop.outbox.models import OutboxRow
from shop.payouts import services as payouts
from shop.payouts.errors import NothingToPay, NotYourPart, OwnMethod, SamePerson, WrongState
from shop.payouts.facts import forget_pay_facts, pay_facts
from shop.payouts.models import Payout, PaySettings
from shop.payouts.queries.ways import method_of, ways
from shop.payouts.services.payer import take_up_payer
from tests.factories.orders import on_shelf
from tests.factories.ways import paid_by
from tests.payouts.steps import approved, draft, phone, sent, tasks
from tests.payouts.test_results import plan, table
from tests.people import ADA, FEN, HOA, LAN, MEI, TAO

OLD = {"holder": "Zhao", "bank": "Farm Bank", "account_no": "622200001111"}
NEW = {"holder": "Zhao", "bank": "Farm Bank", "account_no": "622200002222"}
OWN = {"payer_name": "Co-op", "payer_account": "621700009999", "payer_bank": "Farm Bank", "payer_bank_code": "ABCD"}
BEGAN = "2026-11-20 09:00"


def write_down(payee: str = "maker:5", by=FEN, **facts) -> int:
    with writing() as session:
        return payouts.set_method(session, payee=payee, rail="bank_file", by=by, **(facts or NEW)).id


def settle(**fields) -> None:
    with writing() as session:
        version = pay_facts(session).version
        payouts.set_pay_settings(session, version=version, by=ADA, **fields)


def account_of(payee: str = "maker:5") -> str:
    with reading() as session:
        found = method_of(session, payee=payee)
        return found.account if found else ""


def drafted() -> list[tuple[str, str]]:
    """Payee and account of the newest batch."""
    batch_id, _left = draft()
    with reading() as session:
        rows = session.scalars(select(Payout).where(Payout.batch_id == batch_id).order_by(Payout.id))
        return [(row.payee, row.account) for row in rows]


def owed(kind: str) -> list[str]:
    with reading() as session:
        rows = session.scalars(select(OutboxRow).where(OutboxRow.kind == kind).order_by(OutboxRow.id))
        return [row.payload["to"] for row in rows]


def test_a_changed_account_waits_and_until_then_she_is_paid_by_the_one_before(plates, at):
    began = at(BEGAN)
    paid_by("maker:5", "bank_file", **OLD)
    write_down()
    assert drafted() == [("maker:5", OLD["account_no"])]
    clock.stand_at(began + timedelta(days=3, minutes=-1))
    assert account_of() == OLD["account_no"]
    clock.stand_at(began + timedelta(days=3))
    assert account_of() == NEW["account_no"]
    on_shelf(plates.variants["plate"], 5, 1, key="more")
    assert drafted() == [("maker:5", NEW["account_no"])]


def test_a_first_account_waits_too_and_she_is_listed_until_then(plates, at):
    began = at(BEGAN)
    write_down()
    with reading() as session:
        (left,) = payouts.outlook(session, currency="CNY").left
        assert (left.payee, left.why) == ("maker:5", "new_account")
    with pytest.raises(NothingToPay):
        draft()
    clock.stand_at(began + timedelta(days=3))
    assert drafted() == [("maker:5", NEW["account_no"])]


def test_an_account_written_down_meanwhile_never_comes_to_pay(plates, at):
    began = at(BEGAN)
    paid_by("maker:5", "bank_file", **OLD)
    thief = write_down(by=FEN, holder="Fen", account_no="622299999999")
    clock.stand_at(began + timedelta(days=2))
    write_down(by=ADA)
    for days, account in ((4, OLD), (5, NEW), (30, NEW)):
        clock.stand_at(began + timedelta(days=days))
        assert account_of() == account["account_no"]
    with pytest.raises(WrongState), writing() as session:
        payouts.approve_method(session, method_id=thief, by=ADA)


def test_above_the_limit_a_second_person_says_yes_first(plates, at):
    began = at(BEGAN)
    settle(account_limit_minor=42_599)
    paid_by("maker:5", "bank_file", **OLD)
    new = write_down()
    assert tasks() == ["method_second"]
    clock.stand_at(began + timedelta(days=3))
    assert account_of() == NEW["account_no"]
    with reading() as session:
        assert ways(session, payee="maker:5").second
        (left,) = payouts.outlook(session, currency="CNY").left  # two plates are 426.00; neither account was approved
        assert left.why == "unapproved"
    with pytest.raises(SamePerson), writing() as session:
        payouts.approve_method(session, method_id=new, by=FEN)
    for _time in range(2):
        with writing() as session:
            payouts.approve_method(session, method_id=new, by=ADA)
    assert drafted() == [("maker:5", NEW["account_no"])]
    with reading() as session:
        assert session.scalars(select(Change.kind).where(Change.about == "maker:5")).all() == ["pay_method_approved"]


def test_up_to_the_limit_nobody_else_is_asked(plates):
    settle(account_limit_minor=42_600)
    paid_by("maker:5", "bank_file", **NEW)
    assert drafted() == [("maker:5", NEW["account_no"])]


def test_what_she_did_not_ask_for_is_taken_back_even_after_the_wait(plates, at):
    began = at(BEGAN)
    paid_by("maker:5", "bank_file", **OLD)
    new = write_down()
    clock.stand_at(began + timedelta(days=9))
    assert account_of() == NEW["account_no"]
    with writing() as session:
        before = payouts.take_back_method(session, method_id=new, by=FEN)
        assert before is not None
    assert account_of() == OLD["account_no"]
    assert tasks() == []
    with pytest.raises(WrongState), writing() as session:
        payouts.take_back_method(session, method_id=new, by=FEN)
    write_down(by=ADA)
    assert account_of() == OLD["account_no"]


@pytest.mark.parametrize("who", [TAO, HOA, MEI, LAN], ids=["treasurer", "broker", "other broker", "maker"])
def test_only_an_officer_decides_about_an_account(plates, who):
    paid_by("maker:5", "bank_file", **OLD)
    new = write_down(by=ADA)
    for step in (payouts.approve_method, payouts.take_back_method):
        with pytest.raises(NotYourPart), writing() as session:
            step(session, method_id=new, by=who)
    with reading() as session:
        found = ways(session, payee="maker:5")
        assert found.new is not None
        assert (found.new.id, found.new.approved_by, found.waits) == (new, None, True)


def test_she_is_told_by_phone_by_letter_or_by_a_call(plates):
    phone("own_phone", phone="+8613800000005")
    paid_by("maker:5", "bank_file", **OLD)
    write_down()
    assert (owed("sms"), tasks()) == (["+8613800000005"], [])
    phone("shared_phone")
    write_down(**OLD)
    write_down()
    assert tasks() == ["method_call"]
    for payee, to in (("broker:2", "hoa@example.org"), ("workshop:2", "hoa@example.org")):
        paid_by(payee, "bank_file", holder=payee, account_no=f"62220000{payee[-1]}{len(payee):03}")
        write_down(payee, holder=payee, account_no="622200003333")
        assert owed("mail")[-1] == to
    with writing() as session:
        session.get_one(Broker, 2).user_id = None
    write_down("broker:2", holder="Hoa", account_no="622200004444")
    assert tasks().count("method_call") == 2


def test_the_co_ops_own_account_waits_and_the_others_read_of_it(shop, at):
    began = at(BEGAN)
    settle(**OWN)
    settle(payer_name="Thief", payer_account="621711110000", every_weeks=1)
    assert owed("mail") == ["tao@example.org", "fen@example.org"]
    assert tasks() == ["payer_change"]
    clock.stand_at(began + timedelta(days=3, minutes=-1))
    assert take_up_payer() == 0
    with reading() as session:
        forget_pay_facts()
        assert pay_facts(session).payer_account == OWN["payer_account"]
    clock.stand_at(began + timedelta(days=3))
    assert (take_up_payer(), take_up_payer()) == (1, 0)
    with reading() as session:
        assert pay_facts(session).payer_account == "621711110000"
        assert session.get_one(PaySettings, 1).version == 3
    assert tasks() == []


def test_with_a_limit_the_co_ops_own_account_needs_a_second_person_or_is_dropped(shop, at):
    began = at(BEGAN)
    settle(**OWN, account_limit_minor=100)
    settle(payer_account="621711110000")
    clock.stand_at(began + timedelta(days=5))
    assert take_up_payer() == 0
    with pytest.raises(SamePerson), writing() as session:
        payouts.approve_payer(session, change_id=1, by=ADA)
    with pytest.raises(NotYourPart), writing() as session:
        payouts.approve_payer(session, change_id=1, by=TAO)
    with writing() as session:
        payouts.approve_payer(session, change_id=1, by=FEN)
    with reading() as session:
        assert pay_facts(session).payer_account == "621711110000"
    settle(payer_account="621722220000")
    with writing() as session:
        payouts.drop_payer(session, change_id=2, by=FEN)
    with pytest.raises(WrongState), writing() as session:
        payouts.drop_payer(session, change_id=2, by=FEN)
    clock.stand_at(began + timedelta(days=20))
    assert take_up_payer() == 0
    with reading() as session:
        assert pay_facts(session).payer_account == "621711110000"
        assert session.scalars(select(Task.kind).where(Task.done_at.is_(None))).all() == []


@pytest.mark.parametrize("fields", [{"account_wait_days": 31}, {"account_wait_days": -1}, {"account_limit_minor": -1}])
def test_a_wait_or_limit_that_cannot_be_meant_is_refused(shop, fields):
    with pytest.raises(BadInput) as refused:
        settle(**fields)
    assert refused.value.data["field"] in fields


def test_a_failure_against_her_word_is_a_case_that_is_opened_once(plates):
    payout = sent("bank_file")
    with writing() as session:
        payouts.confirm(session, payout_id=payout.id, strength="self", route="coop_call", by=FEN)
    (fate,) = plan(table(payout, "交易失败", reason="户名不符"))
    for _time in range(2):
        with writing() as session:
            assert payouts.open_cases(session, rows=[fate.row]) == 1
    assert tasks() == ["bank_against_word"]
    assert approved(payout.batch_id)[0].state == "confirmed"


def test_a_newer_account_that_still_waits_does_not_hide_who_set_the_one_that_is_paid(plates, at):
    began = at(BEGAN)
    settle(account_limit_minor=100)
    first = write_down(by=FEN, **OLD)
    with writing() as session:
        payouts.approve_method(session, method_id=first, by=ADA)
    clock.stand_at(began + timedelta(days=3))
    write_down(by=ADA)
    clock.stand_at(began + timedelta(days=9))
    batch_id, _left = draft()
    with pytest.raises(OwnMethod):
        approved(batch_id)
