"""Pay days, cut-off, a batch that drafts itself, and a pay day that nobody kept."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from shop.actor import WORKER
from shop.db import reading, writing
from shop.payouts import services as payouts
from shop.payouts.errors import NothingToPay, NotYourPart, SamePerson
from shop.payouts.facts import schedule
from shop.payouts.jobs import draft_due
from shop.payouts.models import PayoutBatch
from shop.payouts.paydays import ZONE, Schedule, began
from shop.payouts.queries.sweep import next_pay_day, stalled_since
from tests.factories.orders import on_shelf
from tests.payouts.steps import approved, draft, method
from tests.people import ADA, FEN, TAO

FRIDAY = date(2026, 11, 27)


def settings(version: int = 0, **fields) -> None:
    with writing() as session:
        payouts.set_pay_settings(session, version=version, by=ADA, **fields)


def stalled() -> datetime | None:
    with reading() as session:
        return stalled_since(session)


def batches() -> list[PayoutBatch]:
    with reading() as session:
        return list(session.scalars(select(PayoutBatch).order_by(PayoutBatch.id)))


def test_every_other_friday_is_counted_from_a_week_of_the_co_ops_choice():
    days = Schedule(4, every_weeks=2, counted_from=date(2026, 11, 24))
    assert days.next_day(after=date(2026, 11, 20)) == FRIDAY
    assert days.next_day(after=FRIDAY) == date(2026, 12, 11)
    assert days.last_day(until=date(2026, 12, 10)) == FRIDAY
    assert days.last_day(until=FRIDAY) == FRIDAY
    assert Schedule(4).next_day(after=FRIDAY) == date(2026, 12, 4)


@pytest.mark.parametrize(
    ("days", "moment", "drafted", "day"),
    [
        (Schedule(4), "2026-11-25 09:00", None, FRIDAY),
        (Schedule(4), "2026-11-27 09:00", None, FRIDAY),
        (Schedule(4), "2026-11-27 09:00", FRIDAY, date(2026, 12, 4)),
        (Schedule(4), "2026-11-25 09:00", FRIDAY, date(2026, 12, 4)),
        (Schedule(4, cut_off_days=2, cut_off_hour=18), "2026-11-25 09:59", None, FRIDAY),
        (Schedule(4, cut_off_days=2, cut_off_hour=18), "2026-11-25 10:00", None, date(2026, 12, 4)),
        (Schedule(4, cut_off_days=0, cut_off_hour=0), "2026-11-27 01:00", None, date(2026, 12, 4)),
    ],
)
def test_nobody_is_promised_a_pay_day_that_takes_up_nothing_more(at, days, moment, drafted, day):
    assert days.day_of(at(moment), drafted=drafted) == day


def test_what_waits_since_before_the_cut_off_is_promised_the_day_itself(shop, at):
    settings(cut_off_days=2, cut_off_hour=18)
    at("2026-11-24 09:00")
    method("maker:5")
    on_shelf(shop.variants["plate"], 5, 1)
    at("2026-11-27 03:00")
    with reading() as session:
        assert next_pay_day(session, payee="maker:5") == FRIDAY
        assert next_pay_day(session, payee="maker:1") == next_pay_day(session) == date(2026, 12, 4)
    draft()
    with reading() as session:
        assert next_pay_day(session, payee="maker:5") == date(2026, 12, 4)


def test_a_cut_off_is_a_moment_where_the_co_op_is():
    assert Schedule(4).cut_off(FRIDAY) is None
    assert Schedule(4, cut_off_days=2, cut_off_hour=18).cut_off(FRIDAY) == datetime(2026, 11, 25, 18, tzinfo=ZONE)


def test_what_is_accepted_after_the_cut_off_waits_for_the_next_pay_day(shop, at):
    method("maker:5")
    settings(cut_off_days=1, cut_off_hour=12)
    at("2026-11-26 03:00")
    on_shelf(shop.variants["plate"], 5, 1)
    at("2026-11-26 05:00")
    on_shelf(shop.variants["plate"], 5, 1, key="later")
    batch_id, _ = draft()
    (payout,) = approved(batch_id)
    assert payout.amount_minor == 21_300
    with pytest.raises(NothingToPay):
        draft()
    with writing() as session:
        payouts.draft_batch(session, pay_on=FRIDAY + timedelta(days=7), currency="CNY", by=TAO)
    assert len(batches()) == 2


def test_the_shop_drafts_at_the_cut_off_once_and_a_person_approves(plates, at):
    method("maker:5")
    at("2026-11-25 09:00")
    assert draft_due() == 0
    settings(drafts_itself=True, cut_off_days=1, cut_off_hour=12)
    assert draft_due() == 0
    at("2026-11-26 05:00")
    assert draft_due() == 1
    assert draft_due() == 0
    (batch,) = batches()
    assert (batch.pay_on, batch.drafted_by, batch.state) == (FRIDAY, WORKER.key, "drafted")
    with pytest.raises(NotYourPart), writing() as session:
        payouts.approve(session, batch_id=batch.id, by=TAO)
    with pytest.raises(NotYourPart), writing() as session:
        payouts.approve(session, batch_id=batch.id, by=WORKER)
    approved(batch.id)


def test_a_draft_that_was_given_up_is_not_made_again_by_the_shop(plates, at):
    method("maker:5")
    settings(drafts_itself=True)
    at("2026-11-27 01:00")
    assert draft_due() == 1
    (batch,) = batches()
    with writing() as session:
        payouts.cancel_batch(session, batch_id=batch.id, by=TAO)
    assert draft_due() == 0


def test_a_pay_day_without_its_batch_is_seen_from_the_day_after(shop, at):
    at("2026-11-24 09:00")
    method("maker:5")
    on_shelf(shop.variants["plate"], 5, 1)
    at("2026-11-27 12:00")
    assert stalled() is None
    at("2026-11-28 01:00")
    assert stalled() == began(FRIDAY)
    batch_id, _ = draft()
    assert stalled() == began(FRIDAY)
    payout_ids = [row.id for row in approved(batch_id)]
    assert stalled() == began(FRIDAY)
    with writing() as session:
        payouts.mark_sent(session, payout_ids=payout_ids, by=TAO)
    assert stalled() is None


def test_who_cannot_be_paid_is_no_stall(shop, at):
    at("2026-11-24 09:00")
    on_shelf(shop.variants["plate"], 5, 1)
    at("2026-11-30 01:00")
    assert stalled() is None


def test_monitoring_sees_it_alive_and_ready(shop, client, at):
    at("2026-11-24 09:00")
    method("maker:5")
    on_shelf(shop.variants["plate"], 5, 1)
    at("2026-11-30 01:00")
    expected = began(FRIDAY).isoformat()
    assert client.get("/readyz").get_json()["pay_stalled_since"] == expected
    assert client.get("/healthz").get_json() == {"status": "ok", "pay_stalled_since": expected}


def test_whoever_drafted_still_does_not_approve(plates):
    method("maker:5")
    with pytest.raises(NotYourPart), writing() as session:
        payouts.draft_batch(session, pay_on=FRIDAY, currency="CNY", by=FEN)
    batch_id, _ = draft()
    with pytest.raises((SamePerson, NotYourPart)), writing() as session:
        payouts.approve(session, batch_id=batch_id, by=TAO)


def test_settings_are_seen_at_once(plates):
    with reading() as session:
        assert schedule(session).cut_off_days is None
    settings(cut_off_days=3)
    with reading() as session:
        assert schedule(session).cut_off_days == 3
