"""The books as the treasurer reads them: kinds, accounts of a kind, what moved on one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import String, case, cast, func, literal, select
from sqlalchemy.orm import Session

from shop.db import Texts
from shop.ledger.chart import CHART
from shop.ledger.models import Account, Posting, Transfer
from shop.ledger.queries import free_balances
from shop.orders.models import OrderGroup, OrderLine, SellerOrder
from shop.payouts.models import BY_BANK, Payout, PayoutBatch
from shop.payouts.queries import payee_names
from shop.workshops.models import Workshop

PAGE = 100


@dataclass(frozen=True, slots=True)
class KindSum:
    """What stands on all accounts of a kind together, on its debit or its credit side, and on how many of them."""

    kind: str
    accounts: int
    debit_minor: int
    credit_minor: int


def kind_sums(session: Session, *, currency: str) -> list[KindSum]:
    """The trial balance by kind, in two statements, from the running sums that `flask audit` compares with the transfers."""
    rows = session.execute(
        select(
            Account.kind,
            func.sum(case((Account.balance_minor != 0, 1), else_=0)),
            func.sum(Account.balance_minor),
        )
        .where(Account.floored, Account.currency == currency)
        .group_by(Account.kind)
    ).all()
    sums = {kind: (int(count), int(minor)) for kind, count, minor in rows if int(count)}
    free = session.scalars(select(Account).where(~Account.floored, Account.currency == currency)).all()
    balances = free_balances(session, free)
    found = [KindSum(kind, count, *_sides(CHART[kind].side, minor)) for kind, (count, minor) in sums.items()]
    by_kind: dict[str, list[Account]] = {}
    for row in free:
        if balances[row.id]:
            by_kind.setdefault(row.kind, []).append(row)
    for kind, accounts in by_kind.items():
        sides = [_sides(row.side, balances[row.id]) for row in accounts]
        found.append(KindSum(kind, len(accounts), sum(debit for debit, _ in sides), sum(credit for _, credit in sides)))
    return sorted(found, key=lambda row: row.kind)


def _sides(side: str, minor: int) -> tuple[int, int]:
    net = minor if side == "debit" else -minor
    return max(net, 0), max(-net, 0)


def accounts_page(
    session: Session, *, kind: str, currency: str, after: int = 0, limit: int = PAGE + 1
) -> list[tuple[Account, int]]:
    """Accounts of a kind that are not empty, with what stands on each in its own direction, by id."""
    query = select(Account).where(Account.kind == kind, Account.currency == currency, Account.id > after)
    if CHART[kind].floored:
        query = query.where(Account.balance_minor != 0)
    rows = session.scalars(query.order_by(Account.id).limit(limit)).all()
    free = free_balances(session, [row for row in rows if not row.floored])
    return [(row, free.get(row.id, row.balance_minor)) for row in rows]


def standing(session: Session, account: Account) -> int:
    """What stands on an account now, in its own direction."""
    return account.balance_minor if account.floored else free_balances(session, [account])[account.id]


def moved_since(session: Session, account: Account, *, before: int) -> int:
    """What transfers from `before` on have added to an account, in its own direction."""
    sign = 1 if account.side == "debit" else -1
    moved = select(
        func.coalesce(
            func.sum(case((Transfer.debit_id == account.id, Transfer.amount_minor), else_=-Transfer.amount_minor)), 0
        )
    ).where((Transfer.debit_id == account.id) | (Transfer.credit_id == account.id), Transfer.id >= before)
    return sign * int(session.scalar(moved) or 0)


def owner_names(session: Session, accounts: Sequence[Account]) -> Mapping[int, Texts | str]:
    """Whose account it is: a maker's, broker's or workshop's name, an order's number, else the owner as the books have it."""
    payees = {row.id: f"{row.kind.partition(':')[0]}:{row.owner}" for row in accounts if row.owner}
    names = payee_names(session, payees=list(payees.values()))
    found: dict[int, Texts | str] = {row.id: row.owner for row in accounts}
    found |= {account_id: names[payee].name for account_id, payee in payees.items() if payee in names}
    workshops = {
        row.id: int(row.owner)
        for row in accounts
        if row.owner.isdecimal() and row.kind.partition(":")[0] in {"workshop", "stock", "coop"}
    }
    if workshops:
        rows = session.execute(select(Workshop.id, Workshop.name).where(Workshop.id.in_(set(workshops.values()))))
        known = {row.id: row.name for row in rows}
        found |= {key: known[workshop] for key, workshop in workshops.items() if workshop in known}
    return found | _orders(session, accounts)


def _orders(session: Session, accounts: Sequence[Account]) -> dict[int, Texts | str]:
    groups = {row.id: int(row.owner) for row in accounts if row.kind == "buyer:credit" and row.owner.isdecimal()}
    lines = {row.id: int(row.owner[1:]) for row in accounts if row.owner[:1] == "L" and row.owner[1:].isdecimal()}
    numbers: dict[int, str] = {}
    if groups:
        query = select(OrderGroup.id, OrderGroup.number).where(OrderGroup.id.in_(set(groups.values())))
        numbers = {row.id: row.number for row in session.execute(query)}
    of_line: dict[int, str] = {}
    if lines:
        query = (
            select(OrderLine.id, OrderGroup.number)
            .join(SellerOrder, SellerOrder.id == OrderLine.seller_order_id)
            .join(OrderGroup, OrderGroup.id == SellerOrder.group_id)
            .where(OrderLine.id.in_(set(lines.values())))
        )
        of_line = {row.id: row.number for row in session.execute(query)}
    found: dict[int, Texts | str] = {key: numbers[group] for key, group in groups.items() if group in numbers}
    return found | {key: of_line[line] for key, line in lines.items() if line in of_line}


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Payouts of a batch that were sent by bank and that the bank has not reported, in minor units."""

    batch_id: int
    number: int
    count: int
    minor: int


def unanswered_by_bank(session: Session, *, currency: str) -> list[Unanswered]:
    """What the bank has in hand: sent, approved in our books, and not yet reported as carried out."""
    reported = select(Posting.source).where(Posting.kind == "payout_paid")
    key = literal("payout:") + cast(Payout.id, String)
    rows = session.execute(
        select(PayoutBatch.id, PayoutBatch.number, func.count(Payout.id), func.sum(Payout.amount_minor))
        .join(PayoutBatch, PayoutBatch.id == Payout.batch_id)
        .where(
            Payout.rail.in_(BY_BANK),
            Payout.state.in_(("sent", "acknowledged", "confirmed")),
            Payout.currency == currency,
            key.not_in(reported),
        )
        .group_by(PayoutBatch.id, PayoutBatch.number)
        .order_by(PayoutBatch.id)
    )
    return [Unanswered(row[0], row[1], int(row[2]), int(row[3])) for row in rows]
