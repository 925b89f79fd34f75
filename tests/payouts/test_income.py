"""The income report: confirmed pay only, each woman once, small groups together, the same figures when asked again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from shop import clock
from shop.db import reading, writing
from shop.money import Money
from shop.outbox.models import OutboxRow
from shop.payouts import services as payouts
from shop.payouts.models import Payout
from shop.payouts.queries.income import Earned, earned, earned_before, income, neighbours, put_together
from tests.factories.orders import agreed, paid, received, work_of
from tests.payouts.steps import approved, draft, method
from tests.people import FEN, TAO


def made(maker: int, variant: int, pieces: int) -> None:
    """Pieces ordered, made and accepted."""
    group = paid({variant: pieces})
    with reading() as session:
        (order,) = work_of(session, group)
    (slip,) = agreed(order.id, {maker: pieces})
    received(slip, pieces)


def pay_day(*confirmed: str) -> None:
    """Everything that waits is sent; these say that it came."""
    for payout in approved(draft()[0]):
        with writing() as session:
            payouts.mark_sent(session, payout_ids=[payout.id], by=TAO)
        if payout.payee in confirmed:
            with writing() as session:
                payouts.confirm(session, payout_id=payout.id, strength="self", route="coop_call", by=FEN)


@pytest.fixture(autouse=True)
def _nothing_stuck(shop):
    """No worker runs beside these months."""
    yield
    with writing() as session:
        session.execute(update(OutboxRow).values(state="done", done_at=clock.now()))


@pytest.fixture
def two_months(shop, at):
    """Lan: 236.00 in October and 236.00 in November. Li: 82.00 in November. Sun never says that hers came."""
    at("2026-10-09 03:00")
    for maker in (1, 2, 3):
        method(f"maker:{maker}", "bank_file", holder="She", bank="Farm Bank", account_no=f"6222 0000 1111 222{maker}")
    made(1, shop.variants["lotus"], 1)
    pay_day("maker:1")
    at("2026-11-13 03:00")
    made(1, shop.variants["lotus"], 1)
    made(2, shop.variants["knot"], 2)
    made(3, shop.variants["knot"], 1)
    pay_day("maker:1", "maker:2")


def rows(year: int = 2026, **only) -> list[Earned]:
    with reading() as session:
        return earned(session, year=year, currency="CNY", **only)


def report(year: int = 2026, **only):
    with reading() as session:
        before = earned_before(session, year=year, currency="CNY")
        return income(earned(session, year=year, currency="CNY", **only), currency="CNY", before=before, least_months=2)


def test_only_what_she_confirmed_counts_in_the_month_of_her_word(two_months):
    assert [(row.maker_id, row.month, row.minor, row.minutes) for row in rows()] == [
        (1, 10, 23600, 400),
        (1, 11, 23600, 400),
        (2, 11, 8200, 180),
    ]


def test_each_woman_is_counted_once_and_a_month_for_each(two_months):
    year = report()
    assert (year.women, year.woman_months, year.newly, year.often) == (2, 3, 2, 1)
    assert (year.total, year.mean, year.median) == (Money(55400, "CNY"), Money(18467, "CNY"), Money(23600, "CNY"))
    assert [(month.key, month.women, month.total.minor) for month in year.months] == [(10, 1, 23600), (11, 2, 31800)]
    assert year.hourly == Money((3540 + 2733 + 1) // 2, "CNY")


def test_a_payout_that_came_back_is_no_income(two_months):
    with reading() as session:
        lans = session.scalars(select(Payout).where(Payout.payee == "maker:1").order_by(Payout.id.desc())).first()
    with writing() as session:
        payouts.bank_paid(session, payout_id=lans.id, by=TAO)
    with writing() as session:
        payouts.bank_failed(session, payout_id=lans.id, by=TAO, returned=True)
    assert report().total.minor == 31800


def test_who_earned_in_an_earlier_year_does_not_earn_newly(two_months, at, shop):
    at("2027-01-08 03:00")
    made(1, shop.variants["lotus"], 1)
    made(4, shop.variants["knot"], 1)
    method("maker:4", "bank_file", holder="She", bank="Farm Bank", account_no="6222 0000 1111 2224")
    pay_day("maker:1", "maker:4")
    next_year = report(2027)
    assert (next_year.women, next_year.newly) == (2, 1)
    assert report().women == 2


def test_the_turn_of_the_year_is_the_co_ops_own_midnight(shop, at):
    at("2026-12-31 15:59")
    method("maker:1", "bank_file", holder="She", bank="Farm Bank", account_no="6222 0000 1111 2221")
    made(1, shop.variants["lotus"], 1)
    at("2026-12-31 16:01")
    pay_day("maker:1")
    assert rows(2026) == []
    assert [(row.month, row.minor) for row in rows(2027)] == [(1, 23600)]


def test_it_can_be_asked_for_one_craft_or_workshop_or_village(two_months):
    whole = rows()
    assert sum(row.minor for row in rows(craft_id=whole[0].craft_id)) == 47200
    assert rows(workshop_id=2) == []
    assert rows(village_id=whole[0].village_id) == whole


def test_asked_again_it_gives_the_same(two_months):
    assert report() == report()


def test_a_year_without_pay_is_an_empty_report(shop):
    empty = report(2020)
    assert (empty.women, empty.total.minor, empty.months, empty.steps, empty.hourly) == (0, 0, (), (), None)


@given(st.dictionaries(st.integers(1, 50), st.integers(1, 12), max_size=12))
def test_no_small_group_is_named_nor_found_by_subtracting(women):
    shown, others = put_together(women)
    assert sorted(shown + others) == sorted(women)
    assert all(women[key] >= 5 for key in shown)
    if shown and others:
        assert len(others) >= 2
        assert sum(women[key] for key in others) >= 5
        assert max(women[key] for key in others) <= min(women[key] for key in shown)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=6))
def test_no_bar_of_the_distribution_stands_for_fewer_than_five_women(counts):
    runs = neighbours(counts)
    assert [place for first, last in runs for place in range(first, last + 1)] == list(range(len(counts)))
    assert len(runs) == 1 or all(sum(counts[first : last + 1]) >= 5 for first, last in runs)
    assert neighbours([3, 4, 2, 0, 9, 1]) == [(0, 1), (2, 5)]
