"""What `flask audit` checks of payouts: claims, sums, and the accounts behind them."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.ledger.audit import Breach, check
from shop.ledger.models import Account, Earning, Posting
from shop.payouts.models import Confirmation, Payout, PayoutItem
from shop.payouts.services.batches import key_of


def _claims(session: Session) -> list[Breach]:
    ids = session.scalars(
        select(PayoutItem.earning_id)
        .where(PayoutItem.live)
        .group_by(PayoutItem.earning_id)
        .having(func.count(PayoutItem.id) > 1)
    ).all()
    return [Breach("payouts.claimed_twice", list(ids))] if ids else []


def _sums(session: Session) -> list[Breach]:
    ids = session.scalars(
        select(Payout.id)
        .outerjoin(PayoutItem, PayoutItem.payout_id == Payout.id)
        .group_by(Payout.id, Payout.amount_minor)
        .having(func.coalesce(func.sum(PayoutItem.amount_minor), 0) != Payout.amount_minor)
    ).all()
    return [Breach("payouts.sum_of_items", list(ids))] if ids else []


def _available(session: Session) -> list[Breach]:
    """Available is what was earned and is in no approved payout; in transit what is approved or sent and not received."""
    owed: dict[tuple[str, str], int] = {}
    for owner, minor in session.execute(select(Earning.owner, func.sum(Earning.amount_minor)).group_by(Earning.owner)):
        owed[owner, "available"] = int(minor)
    received = set(
        session.scalars(
            select(Posting.source).where(Posting.kind.in_(("payout_paid", "payout_confirmed", "payout_acknowledged")))
        )
    )
    for payout in session.scalars(
        select(Payout).where(Payout.state.not_in(("drafted", "cancelled", "failed", "returned")))
    ):
        owed[payout.payee, "available"] = owed.get((payout.payee, "available"), 0) - payout.amount_minor
        if f"payout:{payout.id}" not in received:
            owed[payout.payee, "in_transit"] = owed.get((payout.payee, "in_transit"), 0) + payout.amount_minor
    booked: dict[tuple[str, str], int] = {}
    for row in session.scalars(select(Account)):
        head, _, tail = row.kind.partition(":")
        if head in {"maker", "broker", "workshop"} and tail in {"available", "in_transit"}:
            booked[f"{head}:{row.owner}", tail] = row.balance_minor
    wrong = sorted(key for key in {*owed, *booked} if owed.get(key, 0) != booked.get(key, 0))
    return [
        Breach("payouts.owed", [":".join(key)], {"earned": owed.get(key, 0), "booked": booked.get(key, 0)})
        for key in wrong
    ]


def _confirmed(session: Session) -> list[Breach]:
    said = select(Confirmation.payout_id).where(Confirmation.strength == "self")
    ids = session.scalars(select(Payout.id).where(Payout.state == "confirmed", Payout.id.not_in(said))).all()
    return [Breach("payouts.confirmed_without_her_word", list(ids))] if ids else []


def _approved(session: Session) -> list[Breach]:
    keys = set(session.scalars(select(Posting.key).where(Posting.kind == "payout_approved")))
    ids = [
        payout.id
        for payout in session.scalars(select(Payout).where(Payout.state.not_in(("drafted", "cancelled"))))
        if f"{key_of(payout)}:approved" not in keys
    ]
    return [Breach("payouts.approved_is_posted", list(ids))] if ids else []


def init_checks() -> None:
    for name, found in {
        "payouts.claimed_twice": _claims,
        "payouts.sum_of_items": _sums,
        "payouts.owed": _available,
        "payouts.confirmed_without_her_word": _confirmed,
        "payouts.approved_is_posted": _approved,
    }.items():
        check(name)(found)
