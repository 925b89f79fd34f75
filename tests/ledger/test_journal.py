"""The journal to take along: complete, in the order of booking, the same again, and checked by Beancount itself."""

from datetime import date
from decimal import Decimal

import pytest
from beancount import loader

from shop.actor import COMMAND
from shop.db import reading, writing
from shop.ledger.chart import account
from shop.ledger.journal import beancount, booked_months, journal, standing_before
from shop.ledger.services import Draft, Move, post

NOV, DEC = date(2026, 11, 1), date(2026, 12, 1)


def book(key: str, *moves: Move, kind: str = "open", currency: str = "CNY") -> None:
    with writing() as session:
        post(session, [Draft(key, kind, currency, list(moves), source="order:1")], by=COMMAND)


@pytest.fixture
def two_months(app, at):
    """An opening in October, a payment with its fee and an odd key in November, and dong besides yuan."""
    at("2026-10-20 03:00")
    book("open:1", Move(account("bank", "main"), account("equity:opening"), 100_000))
    at("2026-11-02 03:00")
    book("pay:pi_1", Move(account("psp:stripe"), account("buyer:credit", 1), 39_200), kind="pay")
    book(
        'float:1:"odd"\\key',
        Move(account("broker:float", 1), account("bank", "main"), 5_000),
        Move(account("coop:costs"), account("psp:stripe"), 1_359),
        kind="pay_fee",
    )
    book("open:vnd", Move(account("bank", "main"), account("equity:opening"), 7_000_000), currency="VND")
    at("2026-12-01 03:00")
    book("pay:pi_2", Move(account("psp:stripe"), account("buyer:credit", 2), 100), kind="pay")


def text(since: date = NOV, until: date = DEC) -> str:
    with reading() as session:
        before, after = standing_before(session, since), standing_before(session, until)
        return "\n".join(
            beancount(journal(session, since=since, until=until), since=since, until=until, before=before, after=after)
        )


def test_each_transfer_of_the_month_is_there_once_in_the_order_of_booking(two_months):
    with reading() as session:
        lines = list(journal(session, since=NOV, until=DEC))
    assert [(line.entry, line.debit, line.credit, line.amount.minor) for line in lines] == [
        (1, "psp:stripe", "buyer:1:credit", 39_200),
        (2, "broker:1:float", "bank:main", 5_000),
        (2, "coop:costs", "psp:stripe", 1_359),
        (3, "bank:main", "equity:opening", 7_000_000),
    ]


def test_pages_leave_nothing_out(two_months, monkeypatch):
    with reading() as session:
        whole = list(journal(session, since=NOV, until=DEC))
        monkeypatch.setattr("shop.ledger.journal.PAGE", 1)
        assert list(journal(session, since=NOV, until=DEC)) == whole


def test_the_months_there_are_stand_newest_first(two_months):
    with reading() as session:
        found = [(month.first, month.postings, month.transfers) for month in booked_months(session)]
    assert found == [(DEC, 1, 1), (NOV, 3, 4), (date(2026, 10, 1), 1, 1)]


def test_what_is_booked_later_changes_no_earlier_month(two_months, at):
    first = text()
    at("2026-12-05 03:00")
    book("pay:pi_3", Move(account("psp:stripe"), account("buyer:credit", 3), 200), kind="pay")
    assert text() == first


def test_beancount_reads_the_month_and_finds_every_balance_right(two_months):
    entries, errors, _options = loader.load_string(text())
    assert errors == []
    assert len([entry for entry in entries if type(entry).__name__ == "Balance"]) >= 8


def test_beancount_would_find_a_sum_that_is_wrong(two_months):
    _entries, errors, _options = loader.load_string(text().replace("392.00 CNY", "392.01 CNY", 1))
    assert errors


def test_the_carried_over_sums_are_equal_on_both_sides(two_months):
    with reading() as session:
        before = standing_before(session, DEC)
    for currency in ("CNY", "VND"):
        assert sum(Decimal(minor) for (_name, unit), minor in before.items() if unit == currency) == 0
