"""Reading the books."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from shop.ledger.chart import HELD_FOR_IT, OWED, Name
from shop.ledger.models import Account, CoverDay, Posting, Transfer


def balance(session: Session, name: Name, currency: str) -> int:
    """What stands on an account, in its own direction; 0 for one that was never used."""
    these = (Account.kind == name.kind, Account.owner == name.owner, Account.currency == currency)
    return sum(row.minor for row in _standing(session, *these))


def free_balances(session: Session, rows: Sequence[Account]) -> dict[int, int]:
    """What stands on free accounts, each in its own direction."""
    if not rows:
        return {}
    return {row.id: row.minor for row in _standing(session, Account.id.in_([row.id for row in rows]))}


@dataclass(frozen=True, slots=True)
class _Standing:
    id: int
    kind: str
    minor: int


def _standing(session: Session, *these: ColumnElement[bool]) -> list[_Standing]:
    """The accounts that are meant, in one statement: between two of them the worker may fold, and a sum count twice."""

    def since(column: InstrumentedAttribute[int]) -> ScalarSelect[Any]:
        moved = select(func.coalesce(func.sum(Transfer.amount_minor), 0))
        return moved.where(column == Account.id, Transfer.id > Account.folded_to).scalar_subquery()

    net = since(Transfer.debit_id) - since(Transfer.credit_id)
    minor = case(
        (Account.floored, Account.balance_minor),
        (Account.side == "debit", Account.folded_minor + net),
        else_=Account.folded_minor - net,
    )
    found = session.execute(select(Account.id, Account.kind, minor.label("minor")).where(*these))
    return [_Standing(row.id, row.kind, int(row.minor)) for row in found]


@dataclass(frozen=True, slots=True)
class TrialRow:
    """An account with what stands on its debit or its credit side; one of the two is 0."""

    id: int
    name: str
    kind: str
    owner: str
    currency: str
    debit_minor: int
    credit_minor: int


def trial_balance(session: Session, currency: str) -> list[TrialRow]:
    """Every account that is not empty, summed from its transfers, by name."""
    sums = (
        select(Transfer.debit_id.label("account_id"), func.sum(Transfer.amount_minor).label("amount"))
        .group_by(Transfer.debit_id)
        .union_all(select(Transfer.credit_id, -func.sum(Transfer.amount_minor)).group_by(Transfer.credit_id))
        .subquery()
    )
    rows = session.execute(
        select(Account.id, Account.kind, Account.owner, func.sum(sums.c.amount).label("net"))
        .join(sums, sums.c.account_id == Account.id)
        .where(Account.currency == currency)
        .group_by(Account.id, Account.kind, Account.owner)
    ).all()
    found = [
        TrialRow(
            row.id,
            str(Name(row.kind, row.owner)),
            row.kind,
            row.owner,
            currency,
            max(int(row.net), 0),
            max(-int(row.net), 0),
        )
        for row in rows
        if int(row.net)
    ]
    return sorted(found, key=lambda row: row.name)


@dataclass(frozen=True, slots=True)
class Cover:
    """What we have to pay with against what we owe, by kind; `spare_minor` below zero is the treasurer's alarm."""

    have: dict[str, int]
    owe: dict[str, int]

    @property
    def spare_minor(self) -> int:
        return sum(self.have.values()) - sum(self.owe.values())


def cover(session: Session, currency: str) -> Cover:
    """Bank, Stripe and floats (the fund's apart) against all that is owed (money.md 3)."""
    have, owe = dict.fromkeys(HELD_FOR_IT, 0), dict.fromkeys(OWED, 0)
    for row in _standing(session, Account.currency == currency, Account.kind.in_([*have, *owe])):
        (have if row.kind in have else owe)[row.kind] += row.minor
    return Cover(have, owe)


def cover_days(session: Session, currency: str, *, before: date | None = None, limit: int = 14) -> list[CoverDay]:
    """The last days as the worker saw them, the newest first; older than `before`."""
    query = select(CoverDay).where(CoverDay.currency == currency).order_by(CoverDay.day.desc()).limit(min(limit, 100))
    return list(session.scalars(query if before is None else query.where(CoverDay.day < before)))


@dataclass(frozen=True, slots=True)
class Movement:
    """One transfer of an account as its owner sees it: `minor` is signed in the account's direction."""

    id: int
    key: str
    kind: str
    occurred_at: datetime
    actor: str
    source: str
    other: str
    minor: int


def movements(session: Session, account_id: int, *, before: int | None = None, limit: int = 50) -> list[Movement]:
    """The newest transfers of an account, at most `limit`, older than transfer `before`."""
    mine = session.get_one(Account, account_id)
    other_id = case((Transfer.debit_id == account_id, Transfer.credit_id), else_=Transfer.debit_id)
    query = (
        select(Transfer, Posting, Account)
        .join(Posting, Posting.id == Transfer.posting_id)
        .join(Account, Account.id == other_id)
        .where((Transfer.debit_id == account_id) | (Transfer.credit_id == account_id))
        .order_by(Transfer.id.desc())
        .limit(min(limit, 200))
    )
    if before is not None:
        query = query.where(Transfer.id < before)
    return [
        Movement(
            transfer.id,
            posting.key,
            posting.kind,
            posting.occurred_at,
            posting.actor,
            posting.source,
            str(Name(other.kind, other.owner)),
            transfer.amount_minor
            if (transfer.debit_id == account_id) == (mine.side == "debit")
            else -transfer.amount_minor,
        )
        for transfer, posting, other in session.execute(query)
    ]
