"""The books in the office: both sides equal, each line leads on, and every difference to Stripe, bank and cash has a name."""

from datetime import UTC, datetime

import pytest

from shop.actor import COMMAND
from shop.db import reading, writing
from shop.ledger.chart import account
from shop.ledger.models import Account
from shop.ledger.queries import trial_balance
from shop.ledger.services import Draft, Move, post
from shop.money import Money, format_money
from shop.office.queries.books import kind_sums
from shop.payments.answers import Movement
from shop.payments.reconciling import StripePosting, compare
from tests.factories.cash import in_hand
from tests.office.day.rows import bank_batch, kept, rows
from tests.people import TAO

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def charge(pi: str, amount: int, fee: int = 0, *, currency: str = "CNY") -> Movement:
    return Movement(f"txn_{pi}", "charge", f"ch_{pi}", amount, fee, currency, NOW, NOW, pi)


def refund(re: str, amount: int) -> Movement:
    return Movement(f"txn_{re}", "refund", re, -amount, 0, "CNY", NOW, NOW, "pi_1")


PAID = [StripePosting("pay:pi_1", "pay", "order:1", 93300), StripePosting("pay:pi_1:fee", "pay_fee", "order:1", -3187)]
BACK = StripePosting("refund:7:re_9", "refund_sent", "order:1", -34961)


def test_what_agrees_is_counted_and_nothing_is_named():
    found = compare([charge("pi_1", 93300, 3187), refund("re_9", 34961)], [*PAID, BACK], currency="CNY")
    assert (found.agreeing, found.differences) == (2, ())
    assert found.outside_minor == found.books_minor == 93300 - 3187 - 34961


@pytest.mark.parametrize(
    ("movements", "postings", "named"),
    [
        ([charge("pi_1", 93300, 3187)], PAID[:1], [("fee", "ch_pi_1", -3187, None)]),
        ([], PAID, [("payment", "pay:pi_1", None, 93300), ("fee", "pay:pi_1:fee", None, -3187)]),
        ([charge("pi_1", 100, 3187)], PAID, [("payment", "pay:pi_1", 100, 93300)]),
        ([charge("pi_1", 93300, 3187), refund("re_9", 34961)], PAID, [("refund", "re_9", -34961, None)]),
        ([charge("pi_1", 93300, 3187)], [*PAID, BACK], [("refund", "refund:7:re_9", None, -34961)]),
        (
            [
                charge("pi_1", 93300, 3187),
                Movement("txn_po", "payout", "po_1", -5000, 0, "CNY", NOW, NOW),
            ],
            PAID,
            [("other", "po_1", -5000, None)],
        ),
    ],
)
def test_every_difference_has_a_name_and_they_sum_to_the_difference_of_the_sums(movements, postings, named):
    found = compare(movements, postings, currency="CNY")
    assert [(each.what, each.name, each.outside_minor, each.books_minor) for each in found.differences] == named
    assert sum(each.minor for each in found.differences) == found.outside_minor - found.books_minor


def test_a_refund_that_failed_later_agrees_with_its_reversal():
    gone = Movement("txn_f", "refund_failure", "re_9", 34961, 0, "CNY", NOW, NOW)
    movements = [charge("pi_1", 93300, 3187), refund("re_9", 34961), gone]
    reversal = StripePosting("refund:7:re_9:failed", "refund_failed", "order:1", 34961)
    assert compare(movements, [*PAID, BACK, reversal], currency="CNY").differences == ()
    (missing,) = compare(movements, [*PAID, BACK], currency="CNY").differences
    assert (missing.what, missing.name, missing.outside_minor) == ("refund", "re_9", 34961)


def test_money_of_another_currency_is_not_mixed_in():
    found = compare([charge("pi_1", 93300, 3187), charge("pi_2", 999, currency="USD")], PAID, currency="CNY")
    assert (found.outside_minor, found.differences) == (93300 - 3187, ())


def test_the_sums_by_kind_are_those_of_the_transfers(chain, as_, visit):
    with reading() as session:
        by_kind = {row.kind: (row.debit_minor, row.credit_minor) for row in kind_sums(session, currency="CNY")}
        sums: dict[str, list[int]] = {}
        for row in trial_balance(session, "CNY"):
            both = sums.setdefault(row.kind, [0, 0])
            both[0] += row.debit_minor
            both[1] += row.credit_minor
    assert by_kind == {kind: tuple(both) for kind, both in sums.items()}
    total = sum(debit for debit, _ in by_kind.values())
    assert total == sum(credit for _, credit in by_kind.values())
    page = visit("/office/accounts", client=as_(TAO))
    cells = page.all("tfoot td")
    assert cells[1] == cells[2] == format_money(Money(total, "CNY"), "en")


def test_the_balance_after_each_line_runs_down_to_the_first(chain, as_, visit, monkeypatch):
    from shop.office.views import books

    monkeypatch.setattr(books, "MOVEMENTS", 2)
    (account_id,) = [row.id for row in rows(Account) if row.kind == "bank"]
    tao = as_(TAO)
    balances, path = [], f"/office/accounts/{account_id}"
    while path:
        page = visit(path, client=tao)
        balances += page.all("tbody td:last-child")
        path = next(iter(page.hrefs("a[rel=next]")), None)
    assert balances[0] == format_money(Money(kept("bank:main"), "CNY"), "en")
    assert balances[-1] == "¥50,000.00"
    assert len(balances) == 3


def test_reconciling_names_what_stripe_does_not_know(chain, as_, visit):
    page = visit("/office/reconcile", client=as_(TAO))
    lines = page.all("table.diff tbody tr")
    paid = [line for line in lines if "pay:pi_" in line]
    assert len(paid) == 2
    assert all("The books have it, Stripe does not" in line for line in paid)


def test_reconciling_asks_stripe_between_transactions(chain, as_, visit, monkeypatch):
    from shop import db
    from shop.payments.gateway import Gateway, OutcomeUnknown

    seen = []

    def away(_self, **_span):
        seen.append(db.holding())
        raise OutcomeUnknown(reason="timeout")

    monkeypatch.setattr(Gateway, "movements", away)
    page = visit("/office/reconcile", client=as_(TAO))
    assert seen == [""]
    assert "Stripe does not answer just now" in page.text


def test_what_the_bank_has_in_hand_explains_its_balance(chain, as_, visit):
    batch_id, _payout = bank_batch(chain)
    tao = as_(TAO)
    tao.send(f"/office/batches/{batch_id}/bank-file")
    ours = kept("bank:main")
    told = f"{(ours - 42600) // 100}.{ours % 100:02d}"
    page = visit(f"/office/reconcile?bank={told}", client=tao)
    (line,) = [line for line in page.all("table.diff tbody tr") if line.startswith("Bank")]
    assert "Batch 2: 1 payouts, sent and not reported" in line
    odd = visit(f"/office/reconcile?bank={(ours - 50000) // 100}.00", client=tao)
    assert "not explained by what is on its way" in odd.text
    assert "−¥74.00" in odd.text
    wrong = visit("/office/reconcile?bank=1.260", client=tao)
    assert wrong.one(".err")


def test_cash_beyond_what_is_to_be_handed_over_is_named(chain, as_, visit):
    in_hand(1, 5000)
    page = visit("/office/reconcile", client=as_(TAO))
    lines = [line for line in page.all("table.diff tbody tr") if "more cash than she has to hand over" in line]
    assert len(lines) == 2


def test_an_account_below_nothing_is_told_in_red(chain, as_, visit):
    with writing() as session:
        moves = [Move(account("expense", "bank"), account("bank", "main"), 90_000_000)]
        post(session, [Draft("fee:1", "fee", "CNY", moves)], by=COMMAND)
    page = visit("/office/", client=as_(TAO))
    assert "it does not cover what is owed" in page.one(".figs .bad:nth-child(3)")
    with writing() as session:
        moves = [Move(account("bank", "main"), account("expense", "bank"), 90_000_000)]
        post(session, [Draft("fee:2", "fee", "CNY", moves)], by=COMMAND)
