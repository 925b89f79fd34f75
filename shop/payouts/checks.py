"""What `flask audit` checks of payouts: claims, sums, and the accounts behind them."""

from datetime import datetime

from sqlalchemy import String, cast, func, literal, select
from sqlalchemy.orm import Session

from shop.ledger.audit import Breach, Sums, booked, check, disagreeing, named_rows
from shop.ledger.chart import account
from shop.ledger.models import Earning, Posting
from shop.payouts.models import Confirmation, Payout, PayoutItem
from shop.payouts.queries import oldest_waiting
from shop.web import health

NOT_TAKEN = ("drafted", "cancelled", "failed", "returned")
"""States of a payout whose sum is still, or again, available."""

RECEIVED = ("payout_paid", "payout_confirmed", "payout_acknowledged")
PEOPLE = ("maker", "broker", "workshop")


def _claims(session: Session) -> list[Breach]:
    twice = (
        select(PayoutItem.earning_id)
        .where(PayoutItem.live)
        .group_by(PayoutItem.earning_id)
        .having(func.count(PayoutItem.id) > 1)
    )
    return named_rows(session, "payouts.claimed_twice", twice)


def _sums(session: Session) -> list[Breach]:
    wrong = (
        select(Payout.id)
        .outerjoin(PayoutItem, PayoutItem.payout_id == Payout.id)
        .group_by(Payout.id, Payout.amount_minor)
        .having(func.coalesce(func.sum(PayoutItem.amount_minor), 0) != Payout.amount_minor)
    )
    return named_rows(session, "payouts.sum_of_items", wrong)


def _owed(session: Session) -> list[Breach]:
    """Available is what was earned and is in no approved payout; in transit what is approved or sent and not received."""
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
    kinds = [f"{owner}:{word}" for owner in PEOPLE for word in ("available", "in_transit")]
    return disagreeing("payouts.owed", owed, booked(session, *kinds))


def _confirmed(session: Session) -> list[Breach]:
    said = select(Confirmation.id).where(Confirmation.payout_id == Payout.id, Confirmation.strength == "self").exists()
    wrong = select(Payout.id).where(Payout.state == "confirmed", ~said)
    return named_rows(session, "payouts.confirmed_without_her_word", wrong)


def _approved(session: Session) -> list[Breach]:
    key = literal("payout:") + cast(Payout.batch_id, String) + ":" + Payout.payee + ":" + cast(Payout.attempt, String)
    posted = select(Posting.id).where(Posting.key == key + ":approved").exists()
    wrong = select(Payout.id).where(Payout.state.not_in(("drafted", "cancelled")), ~posted)
    return named_rows(session, "payouts.approved_is_posted", wrong)


def _oldest_at(session: Session) -> datetime | None:
    found = oldest_waiting(session)
    return found.available_at if found else None


def init_checks() -> None:
    """Register these, and show on the health page how long pay has been waiting for a batch (money.md 4)."""
    health.SHOWN["oldest_available_earning"] = _oldest_at
    for name, found in {
        "payouts.claimed_twice": _claims,
        "payouts.sum_of_items": _sums,
        "payouts.owed": _owed,
        "payouts.confirmed_without_her_word": _confirmed,
        "payouts.approved_is_posted": _approved,
    }.items():
        check(name)(found)
