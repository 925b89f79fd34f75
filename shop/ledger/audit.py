"""`flask audit`: read only, on a live database; each check names the rows that do not agree."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from shop.ledger.chart import CHART
from shop.ledger.models import Account, Earning, Posting, Transfer
from shop.ledger.queries import cover

TRIGGERS = (
    "posting_never_changes",
    "posting_never_goes",
    "transfer_never_changes",
    "transfer_never_goes",
    "earning_never_changes",
    "earning_never_goes",
    "account_keeps_its_name",
    "account_never_goes",
)


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that the data break: which rows, and what is wrong with them."""

    check: str
    ids: list[int | str]
    facts: dict[str, object] = field(default_factory=dict)


Check = Callable[[Session], list[Breach]]
CHECKS: dict[str, Check] = {}
DEEP: dict[str, Check] = {}


def check(name: str, *, deep: bool = False) -> Callable[[Check], Check]:
    """Register a rule of the data; rooms above add theirs in `init_app` under their own name."""

    def add(found: Check) -> Check:
        (DEEP if deep else CHECKS)[name] = found
        return found

    return add


def audit(session: Session, *, deep: bool = False) -> list[Breach]:
    """All breaches found; empty when the books and the rows agree."""
    wanted = {**CHECKS, **(DEEP if deep else {})}
    return [breach for found in wanted.values() for breach in found(session)]


def _balances(session: Session) -> list[Breach]:
    sides = [
        {
            row[0]: int(row[1])
            for row in session.execute(select(column, func.sum(Transfer.amount_minor)).group_by(column))
        }
        for column in (Transfer.debit_id, Transfer.credit_id)
    ]
    wrong: list[Breach] = []
    for row in session.scalars(select(Account).where(Account.floored)):
        net = sides[0].get(row.id, 0) - sides[1].get(row.id, 0)
        real = net if row.side == "debit" else -net
        if real != row.balance_minor or real < 0:
            wrong.append(
                Breach("ledger.balance", [row.id], {"account": row.name, "kept": row.balance_minor, "real": real})
            )
    return wrong


def _folds(session: Session) -> list[Breach]:
    wrong: list[Breach] = []
    for row in session.scalars(select(Account).where(~Account.floored, Account.folded_to > 0)):
        sums = [
            int(
                session.scalar(
                    select(func.coalesce(func.sum(Transfer.amount_minor), 0)).where(
                        column == row.id, Transfer.id <= row.folded_to
                    )
                )
                or 0
            )
            for column in (Transfer.debit_id, Transfer.credit_id)
        ]
        real = sums[0] - sums[1] if row.side == "debit" else sums[1] - sums[0]
        if real != row.folded_minor:
            wrong.append(Breach("ledger.fold", [row.id], {"account": row.name, "kept": row.folded_minor, "real": real}))
    return wrong


def _chart(session: Session) -> list[Breach]:
    return [
        Breach("ledger.chart", [row.id], {"account": row.name})
        for row in session.scalars(select(Account))
        if row.kind not in CHART or (CHART[row.kind].side, CHART[row.kind].floored) != (row.side, row.floored)
    ]


def _empty_postings(session: Session) -> list[Breach]:
    ids = session.scalars(
        select(Posting.id).where(~select(Transfer.id).where(Transfer.posting_id == Posting.id).exists()).limit(50)
    ).all()
    return [Breach("ledger.empty_posting", list(ids))] if ids else []


def _cover(session: Session) -> list[Breach]:
    found = []
    for currency in session.scalars(select(Account.currency).distinct()):
        spare = cover(session, currency).spare_minor
        if spare < 0:
            found.append(Breach("ledger.cover", [currency], {"short_minor": -spare}))
    return found


def _fund(session: Session) -> list[Breach]:
    found = []
    for currency in session.scalars(select(Account.currency).distinct()):
        kept = dict(
            session.execute(
                select(Account.kind, func.sum(Account.balance_minor))
                .where(Account.currency == currency, Account.kind.in_(["fund:cash", "fund:loans", "fund:capital"]))
                .group_by(Account.kind)
            ).all()
        )
        cash_and_loans = int(kept.get("fund:cash", 0)) + int(kept.get("fund:loans", 0))
        if cash_and_loans != int(kept.get("fund:capital", 0)):
            found.append(
                Breach("ledger.fund", [currency], {"has": cash_and_loans, "capital": int(kept.get("fund:capital", 0))})
            )
    return found


def _earnings(session: Session) -> list[Breach]:
    ids = session.scalars(
        select(Earning.id).where(~select(Posting.id).where(Posting.id == Earning.posting_id).exists()).limit(50)
    ).all()
    return [Breach("ledger.earning_without_posting", list(ids))] if ids else []


def _triggers(session: Session) -> list[Breach]:
    if session.get_bind().dialect.name == "sqlite":
        names = set(session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
    else:
        names = set(session.scalars(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")))
    missing = [name for name in TRIGGERS if name not in names]
    return [Breach("ledger.trigger_missing", list(missing))] if missing else []


def _database(session: Session) -> list[Breach]:
    if session.get_bind().dialect.name != "sqlite":
        return []
    broken = [f"{row[0]}:{row[1]}" for row in session.execute(text("PRAGMA foreign_key_check")).all()]
    answers = [str(row[0]) for row in session.execute(text("PRAGMA quick_check(5)")).all()]
    found = [Breach("database.foreign_keys", list(broken[:50]))] if broken else []
    return found + ([Breach("database.integrity", list(answers))] if answers != ["ok"] else [])


def _deep(session: Session) -> list[Breach]:
    if session.get_bind().dialect.name != "sqlite":
        return []
    answers = [str(row[0]) for row in session.execute(text("PRAGMA integrity_check(20)")).all()]
    return [Breach("database.integrity", list(answers))] if answers != ["ok"] else []


def init_checks() -> None:
    for name, found in {
        "ledger.balance": _balances,
        "ledger.fold": _folds,
        "ledger.chart": _chart,
        "ledger.empty_posting": _empty_postings,
        "ledger.cover": _cover,
        "ledger.fund": _fund,
        "ledger.earning_without_posting": _earnings,
        "ledger.trigger_missing": _triggers,
        "database": _database,
    }.items():
        check(name)(found)
    check("database.deep", deep=True)(_deep)
