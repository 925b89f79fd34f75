"""The journal of a span of days, for whoever keeps the accounts elsewhere: lines, standings, and Beancount's text."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from shop.ledger.chart import CHART, Name, named
from shop.ledger.models import Account, Posting, Transfer
from shop.money import Money, format_plain

PAGE = 2000
_UNFIT = re.compile(r"[^A-Za-z0-9-]+")


@dataclass(frozen=True, slots=True)
class Line:
    """One transfer of the journal. `entry` counts the postings of the span, from 1."""

    entry: int
    booked_on: date
    key: str
    kind: str
    source: str
    actor: str
    on_behalf_of: str
    debit: str
    credit: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Month:
    """How many postings and transfers were booked in a month; `first` is its first day."""

    first: date
    postings: int
    transfers: int


def booked_months(session: Session, *, limit: int = 36) -> list[Month]:
    """Months with postings, the newest first."""
    found: list[Month] = []
    newest = session.scalar(select(func.max(Posting.booked_on)))
    while newest is not None and len(found) < limit:
        first = newest.replace(day=1)
        found.append(month_booked(session, first))
        newest = session.scalar(select(func.max(Posting.booked_on)).where(Posting.booked_on < first))
    return found


def month_booked(session: Session, first: date) -> Month:
    """What was booked in the month that begins with `first`."""
    postings, transfers = session.execute(
        select(func.count(func.distinct(Posting.id)), func.count(Transfer.id))
        .join(Transfer, Transfer.posting_id == Posting.id)
        .where(Posting.booked_on >= first, Posting.booked_on < next_month(first))
    ).one()
    return Month(first, int(postings), int(transfers))


def next_month(first: date) -> date:
    """The first day of the month after."""
    return (first + timedelta(days=31)).replace(day=1)


def journal(session: Session, *, since: date, until: date) -> Iterator[Line]:
    """Every transfer booked from `since` up to and without `until`, in the order of booking, read page by page."""
    debit, credit = aliased(Account), aliased(Account)
    after, entry, last = 0, 0, 0
    while True:
        rows = session.execute(
            select(Transfer, Posting, debit, credit)
            .join(Posting, Posting.id == Transfer.posting_id)
            .join(debit, debit.id == Transfer.debit_id)
            .join(credit, credit.id == Transfer.credit_id)
            .where(Posting.booked_on >= since, Posting.booked_on < until, Transfer.id > after)
            .order_by(Transfer.id)
            .limit(PAGE)
        ).all()
        for transfer, posting, left, right in rows:
            entry += posting.id != last
            after, last = transfer.id, posting.id
            yield Line(
                entry,
                posting.booked_on,
                posting.key,
                posting.kind,
                posting.source,
                posting.actor,
                posting.on_behalf_of or "",
                str(Name(left.kind, left.owner)),
                str(Name(right.kind, right.owner)),
                Money(transfer.amount_minor, transfer.currency),
            )
        if len(rows) < PAGE:
            return


Standing = dict[tuple[str, str], int]
"""Kind-and-owner's name and currency → debits less credits, in minor units; accounts at zero are left out."""


def standing_before(session: Session, day: date) -> Standing:
    """What stood on every account when `day` began, by what was booked before it."""
    found: Standing = {}
    for column, sign in ((Transfer.debit_id, 1), (Transfer.credit_id, -1)):
        rows = session.execute(
            select(Account.kind, Account.owner, Account.currency, func.sum(Transfer.amount_minor).label("minor"))
            .join(Account, Account.id == column)
            .join(Posting, Posting.id == Transfer.posting_id)
            .where(Posting.booked_on < day)
            .group_by(Account.id, Account.kind, Account.owner, Account.currency)
        )
        for row in rows:
            key = (str(Name(row.kind, row.owner)), row.currency)
            found[key] = found.get(key, 0) + sign * int(row.minor)
    return {key: minor for key, minor in sorted(found.items()) if minor}


def beancount(lines: Iterable[Line], *, since: date, until: date, before: Standing, after: Standing) -> Iterator[str]:
    """A ledger that Beancount reads by itself: accounts opened, what was carried over, every posting, and at the end a
    `balance` line for each account, so that whoever reads it also checks it.
    """
    postings = [list(group) for _entry, group in groupby(lines, key=lambda line: line.entry)]
    used = {(name, line.amount.currency) for group in postings for line in group for name in (line.debit, line.credit)}
    currencies = sorted({currency for _name, currency in used | set(before)})
    yield from (f'option "operating_currency" "{currency}"' for currency in currencies)
    yield ""
    yield from (f"{since} open {_account(name)}" for name in sorted({name for name, _currency in used | set(before)}))
    if before:
        yield f'\n{since} * "carried over"'
        yield from (f"  {_account(name)}  {_amount(minor, currency)}" for (name, currency), minor in before.items())
    for group in postings:
        first = group[0]
        yield f'\n{first.booked_on} * "{_quoted(first.kind)}" "{_quoted(first.key)}"'
        if first.source:
            yield f'  source: "{_quoted(first.source)}"'
        for line in group:
            yield f"  {_account(line.debit)}  {_amount(line.amount.minor, line.amount.currency)}"
            yield f"  {_account(line.credit)}  {_amount(-line.amount.minor, line.amount.currency)}"
    yield ""
    for name, currency in sorted(used | set(before)):
        yield f"{until} balance {_account(name)}  {_amount(after.get((name, currency), 0), currency)}"


def _amount(minor: int, currency: str) -> str:
    return f"{format_plain(Money(minor, currency))} {currency}"


def _quoted(text: str) -> str:
    return text.replace("\\", "/").replace('"', "'").replace("\n", " ")


def _account(name: str) -> str:
    """maker:7:available → Liabilities:Maker:7:Available."""
    kind, parts = named(name).kind, name.split(":")
    if parts[0] in {"income", "equity"}:
        root, parts = parts[0].capitalize(), parts[1:]
    elif parts[0] == "expense" or kind == "coop:costs":
        root, parts = "Expenses", parts[1:]
    else:
        root = "Assets" if CHART[kind].side == "debit" else "Liabilities"
    return ":".join([root, *(_part(part) for part in parts if part)])


def _part(text: str) -> str:
    fit = _UNFIT.sub("-", text).strip("-")
    return (fit[:1].upper() + fit[1:]) if fit[:1].isalnum() else f"X{fit}"
