"""Unclaimed pay stays hers, is listed when a year is over, and goes to her heir on evidence and with a second yes."""

from datetime import timedelta

import pytest

from shop import clock
from shop.db import reading, writing
from shop.errors import BadInput
from shop.payouts import services as payouts
from shop.payouts.errors import NothingToPay, NotYourPart, SamePerson
from shop.payouts.jobs import list_unclaimed
from shop.payouts.queries.unclaimed import unclaimed, years
from tests.factories.orders import on_shelf
from tests.factories.ways import paid_by
from tests.payouts.steps import approved, draft, kept, tasks
from tests.people import ADA, FEN, HOA, LAN, MEI, TAO

SON = {
    "heir": "Zhao Min",
    "evidence": "certificates 88 and 12, folder 3",
    "holder": "Zhao Min",
    "account_no": "622200007777",
}


def listed(year: int) -> list[tuple[str, int]]:
    with reading() as session:
        return [(line.payee, line.amount_minor) for line in unclaimed(session, year=year, currency="CNY")]


def heir(by=ADA, **changes) -> int:
    with writing() as session:
        return payouts.set_method(session, payee="maker:5", rail="bank_file", by=by, **(SON | changes)).id


def test_what_nobody_claimed_when_the_year_ended_is_listed_until_it_is_paid(shop, at):
    at("2025-12-31 15:59")
    on_shelf(shop.variants["plate"], 5, 1, key="old")
    at("2025-12-31 16:01")
    on_shelf(shop.variants["plate"], 5, 1, key="new")
    at("2026-01-20 03:00")
    assert (listed(2025), list_unclaimed()) == ([("maker:5", 21_300)], 0)
    at("2026-02-02 03:00")
    assert (list_unclaimed(), list_unclaimed(), tasks()) == (1, 1, ["unclaimed"])
    at("2027-03-01 03:00")
    assert (listed(2025), listed(2026)) == ([("maker:5", 21_300)], [("maker:5", 42_600)])
    with reading() as session:
        assert years(session, currency="CNY") == [2026, 2025]
    assert kept("maker:5:available") == 42_600
    paid_by("maker:5", "bank_file", holder="Zhao", account_no="622200001111")
    draft()
    assert (listed(2025), listed(2026)) == ([], [])


def test_her_heir_is_paid_on_evidence_by_an_officer_and_a_second_person(plates, at):
    began = at("2026-11-20 09:00")
    for evidence in ("", "  ", "x" * 301):
        with pytest.raises(BadInput) as refused:
            heir(evidence=evidence)
        assert refused.value.data["field"] == "evidence"
    for who in (TAO, MEI, HOA, LAN):
        with pytest.raises(NotYourPart):
            heir(by=who)
    method_id = heir()
    assert "method_second" in tasks()
    clock.stand_at(began + timedelta(days=30))
    with pytest.raises(NothingToPay):
        draft()
    with pytest.raises(SamePerson), writing() as session:
        payouts.approve_method(session, method_id=method_id, by=ADA)
    with writing() as session:
        payouts.approve_method(session, method_id=method_id, by=FEN)
    (payout,) = approved(draft()[0])
    assert (payout.payee, payout.holder, payout.account) == ("maker:5", "Zhao Min", "622200007777")
    with writing() as session:
        payouts.mark_sent(session, payout_ids=[payout.id], by=TAO)
    with writing() as session:
        payouts.confirm(session, payout_id=payout.id, strength="self", route="coop_call", by=FEN, evidence="her son")
    assert kept("maker:5:available") == 0


def test_her_own_account_is_used_as_long_as_the_heir_is_not_approved(plates, at):
    began = at("2026-11-20 09:00")
    paid_by("maker:5", "bank_file", holder="Zhao", account_no="622200001111")
    heir(by=FEN)
    clock.stand_at(began + timedelta(days=30))
    (payout,) = approved(draft()[0])
    assert payout.account == "622200001111"
