"""What `flask audit` checks of payouts: claims, sums, and the accounts behind them."""

from datetime import datetime

from sqlalchemy import String, cast, func, literal, select
from sqlalchemy.orm import Session, aliased

from shop.ledger.audit import Breach, Sums, booked, check, disagreeing, named_rows
from shop.ledger.chart import account
from shop.ledger.models import Account, Earning, Posting, Transfer
from shop.payouts.models import Confirmation, Deduction, Payout, PayoutBatch, PayoutItem, PayoutMethod
from shop.payouts.queries import oldest_waiting
from shop.payouts.queries.sweep import stalled_since
from shop.web import health

NOT_TAKEN = ("drafted", "cancelled", "failed", "returned")
"""States of a payout whose sum is still, or again, available."""

HAD = ("acknowledged", "confirmed")
"""States of a payout in cash that has left its broker's hands."""

HER_CASH = ("broker:float", "broker:credit")
RECEIVED = ("payout_paid", "payout_confirmed", "payout_acknowledged")
PEOPLE = ("maker", "broker", "workshop")


def _claims(session: Session) -> list[Breach]:
    twice = (
        select(PayoutItem.earning_id)
        .join(Earning, Earning.id == PayoutItem.earning_id)
        .where(PayoutItem.live)
        .group_by(PayoutItem.earning_id, Earning.amount_minor)
        .having(func.sum(PayoutItem.amount_minor) > Earning.amount_minor)
    )
    return named_rows(session, "payouts.claimed_twice", twice)


def _sums(session: Session) -> list[Breach]:
    wrong = (
        select(Payout.id)
        .outerjoin(PayoutItem, (PayoutItem.payout_id == Payout.id) & PayoutItem.deduction_id.is_(None))
        .group_by(Payout.id, Payout.amount_minor)
        .having(func.coalesce(func.sum(PayoutItem.amount_minor), 0) != Payout.amount_minor)
    )
    return named_rows(session, "payouts.sum_of_items", wrong)


def _owed(session: Session) -> list[Breach]:
    """Available is what was earned, is in no approved payout and was not kept back; in transit what is approved or sent and not received."""
    owed: Sums = {}

    def add(payee: str, word: str, currency: str, minor: int) -> None:
        owner, _, number = payee.partition(":")
        key = (str(account(f"{owner}:{word}", number)), currency)
        owed[key] = owed.get(key, 0) + minor

    for row in session.execute(
        select(Earning.owner, Earning.currency, func.sum(Earning.amount_minor).label("minor")).group_by(
            Earning.owner, Earning.currency
        )
    ):
        add(row.owner, "available", row.currency, int(row.minor))
    arrived = (
        select(Posting.id)
        .where(Posting.source == "payout:" + cast(Payout.id, String), Posting.kind.in_(RECEIVED))
        .exists()
    )
    for taken in session.execute(
        select(Payout.payee, Payout.currency, arrived.label("arrived"), func.sum(Payout.amount_minor).label("minor"))
        .where(Payout.state.not_in(NOT_TAKEN))
        .group_by(Payout.payee, Payout.currency, arrived)
    ):
        add(taken.payee, "available", taken.currency, -int(taken.minor))
        if not taken.arrived:
            add(taken.payee, "in_transit", taken.currency, int(taken.minor))
    for kept in session.execute(
        select(Payout.payee, Payout.currency, func.sum(Deduction.amount_minor).label("minor"))
        .join(Deduction, Deduction.payout_id == Payout.id)
        .where(Deduction.live, Payout.state.not_in(("drafted", "cancelled")))
        .group_by(Payout.payee, Payout.currency)
    ):
        add(kept.payee, "available", kept.currency, -int(kept.minor))
    kinds = [f"{owner}:{word}" for owner in PEOPLE for word in ("available", "in_transit")]
    return disagreeing("payouts.owed", owed, booked(session, *kinds))


def _brokers_cash(session: Session) -> list[Breach]:
    """What a broker laid out of her own, less the cash she holds, is what payees had from her less what she was given.

    What they had are her payouts in cash that are acknowledged or confirmed; what she was given is every transfer that
    no payout made (money.md 3: what a float cannot bear goes to her credit).
    """
    rows: Sums = {}
    books: Sums = {}

    def add(to: Sums, broker_id: int | str, currency: str, minor: int) -> None:
        key = (str(account("broker:credit", broker_id)), currency)
        to[key] = to.get(key, 0) + minor

    for had in session.execute(
        select(Payout.broker_id, Payout.currency, func.sum(Payout.amount_minor).label("minor"))
        .where(Payout.rail == "cash", Payout.state.in_(HAD))
        .group_by(Payout.broker_id, Payout.currency)
    ):
        add(rows, had.broker_id, had.currency, int(had.minor))
    for column, sign in ((Transfer.debit_id, -1), (Transfer.credit_id, 1)):
        for given in session.execute(
            select(Account.owner, Transfer.currency, func.sum(Transfer.amount_minor).label("minor"))
            .join(Account, Account.id == column)
            .join(Posting, Posting.id == Transfer.posting_id)
            .where(Account.kind.in_(HER_CASH), Posting.source.not_like("payout:%"))
            .group_by(Account.owner, Transfer.currency)
        ):
            add(rows, given.owner, given.currency, sign * int(given.minor))
    for kept in session.execute(
        select(Account.kind, Account.owner, Account.currency, Account.balance_minor).where(Account.kind.in_(HER_CASH))
    ):
        sign = 1 if kept.kind == "broker:credit" else -1
        add(books, kept.owner, kept.currency, sign * kept.balance_minor)
    return disagreeing("payouts.brokers_cash", rows, books)


def _currency(session: Session) -> list[Breach]:
    wrong = (
        select(Payout.id)
        .join(PayoutBatch, PayoutBatch.id == Payout.batch_id)
        .where(Payout.currency != PayoutBatch.currency)
    )
    return named_rows(session, "payouts.one_currency", wrong)


def _confirmed(session: Session) -> list[Breach]:
    said = select(Confirmation.id).where(Confirmation.payout_id == Payout.id, Confirmation.strength == "self").exists()
    wrong = select(Payout.id).where(Payout.state == "confirmed", ~said)
    return named_rows(session, "payouts.confirmed_without_her_word", wrong)


def _approved(session: Session) -> list[Breach]:
    key = literal("payout:") + cast(Payout.batch_id, String) + ":" + Payout.payee + ":" + cast(Payout.attempt, String)
    posted = select(Posting.id).where(Posting.key == key + ":approved").exists()
    wrong = select(Payout.id).where(Payout.state.not_in(("drafted", "cancelled")), ~posted)
    return named_rows(session, "payouts.approved_is_posted", wrong)


def _waited(session: Session) -> list[Breach]:
    """No payout goes to an account that had not waited when it was drafted, nor to an heir's whom no second person approved;
    cash goes to nobody's account.
    """
    good = (
        select(PayoutMethod.id)
        .where(
            PayoutMethod.payee == Payout.payee,
            PayoutMethod.rail == Payout.rail,
            PayoutMethod.account == Payout.account,
            PayoutMethod.bank_code == Payout.bank_code,
            PayoutMethod.good_from <= PayoutBatch.drafted_at,
            (PayoutMethod.heir == "") | (PayoutMethod.approved_at <= PayoutBatch.drafted_at),
        )
        .exists()
    )
    wrong = (
        select(Payout.id)
        .join(PayoutBatch, PayoutBatch.id == Payout.batch_id)
        .where(Payout.rail != "cash", Payout.state != "cancelled", ~good)
    )
    return named_rows(session, "payouts.account_has_waited", wrong)


def _never_income(session: Session) -> list[Breach]:
    """What is a payee's own, or on its way to her, never becomes the co-op's income or capital (money.md 4)."""
    hers, ours = aliased(Account), aliased(Account)
    own = [f"{owner}:{word}" for owner in PEOPLE for word in ("available", "in_transit")]
    wrong = (
        select(Transfer.posting_id)
        .join(hers, hers.id == Transfer.debit_id)
        .join(ours, ours.id == Transfer.credit_id)
        .where(hers.kind.in_(own), ours.kind.in_(("income", "equity:opening", "fund:capital")))
    )
    return named_rows(session, "payouts.never_income", wrong)


def _oldest_at(session: Session) -> datetime | None:
    found = oldest_waiting(session)
    return found.available_at if found else None


def init_checks() -> None:
    """Register these, and show on the health page how long pay has been waiting for a batch (money.md 4)."""
    health.SHOWN["oldest_available_earning"] = _oldest_at
    health.ALIVE["pay_stalled_since"] = health.SHOWN["pay_stalled_since"] = stalled_since
    for name, found in {
        "payouts.claimed_twice": _claims,
        "payouts.sum_of_items": _sums,
        "payouts.owed": _owed,
        "payouts.brokers_cash": _brokers_cash,
        "payouts.one_currency": _currency,
        "payouts.confirmed_without_her_word": _confirmed,
        "payouts.approved_is_posted": _approved,
        "payouts.account_has_waited": _waited,
        "payouts.never_income": _never_income,
    }.items():
        check(name)(found)
