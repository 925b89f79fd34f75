"""`flask audit`: read only, on a live database; each check names the rows that do not agree."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, text, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from shop.ledger.chart import CHART, Name
from shop.ledger.closing import digest_of
from shop.ledger.models import Account, ClosedMonth, Earning, Posting, Transfer
from shop.ledger.queries import cover

APPEND_ONLY = (
    "change",
    "closed_month",
    "confirmation",
    "earning",
    "order_event",
    "posting",
    "transfer",
    "work_receipt",
)
TRIGGERS = (
    *(f"{table}_never_{end}" for table in APPEND_ONLY for end in ("changes", "goes")),
    "account_keeps_its_name",
    "account_never_goes",
    "payout_item_within_earning",
    "posting_in_an_open_month",
    "transfer_in_an_open_month",
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


Sums = dict[tuple[str, str], int]
"""Account's name and currency → minor units."""


def booked(session: Session, *kinds: str) -> Sums:
    """What stands on the accounts with a floor of these kinds."""
    rows = session.execute(
        select(Account.kind, Account.owner, Account.currency, Account.balance_minor).where(Account.kind.in_(kinds))
    )
    return {(str(Name(row.kind, row.owner)), row.currency): row.balance_minor for row in rows}


def disagreeing(name: str, rows: Mapping[tuple[str, str], int], books: Mapping[tuple[str, str], int]) -> list[Breach]:
    """A breach for each account that holds another sum than the rows behind it add up to."""
    wrong = sorted(key for key in {*rows, *books} if rows.get(key, 0) != books.get(key, 0))
    return [
        Breach(name, [account], {"currency": currency, "rows": rows.get(key, 0), "booked": books.get(key, 0)})
        for key in wrong
        for account, currency in (key,)
    ]


def named_rows(session: Session, name: str, wrong: Select[Any]) -> list[Breach]:
    """One breach for the rows that this statement finds; it names the first fifty."""
    ids = list(session.scalars(wrong.limit(50)))
    return [Breach(name, ids)] if ids else []


def _nets(session: Session, *these: ColumnElement[bool]) -> dict[int, int]:
    """Account → its debits less its credits, of the transfers that are meant."""
    nets: dict[int, int] = {}
    for column, sign in ((Transfer.debit_id, 1), (Transfer.credit_id, -1)):
        rows = session.execute(
            select(column, func.sum(Transfer.amount_minor))
            .join(Account, Account.id == column)
            .where(*these)
            .group_by(column)
        )
        for account_id, minor in rows:
            nets[account_id] = nets.get(account_id, 0) + sign * int(minor)
    return nets


def _differing(
    session: Session, name: str, kept: InstrumentedAttribute[int], *these: ColumnElement[bool]
) -> list[Breach]:
    wrong: list[Breach] = []
    nets = _nets(session, *these, Transfer.id <= Account.folded_to if kept is Account.folded_minor else true())
    for row in session.execute(
        select(Account.id, Account.kind, Account.owner, Account.side, kept.label("kept")).where(*these)
    ):
        real = nets.get(row.id, 0) * (1 if row.side == "debit" else -1)
        if real != row.kept or (kept is Account.balance_minor and real < 0):
            facts = {"account": f"{row.kind} {row.owner}".strip(), "kept": row.kept, "real": real}
            wrong.append(Breach(name, [row.id], facts))
    return wrong


def _balances(session: Session) -> list[Breach]:
    return _differing(session, "ledger.balance", Account.balance_minor, Account.floored.is_(True))


def _folds(session: Session) -> list[Breach]:
    return _differing(session, "ledger.fold", Account.folded_minor, Account.floored.is_(False))


def _chart(session: Session) -> list[Breach]:
    known = [
        and_(Account.kind == kind, Account.side == entry.side, Account.floored == entry.floored)
        for kind, entry in CHART.items()
    ]
    return named_rows(session, "ledger.chart", select(Account.id).where(~or_(*known)))


def _empty_postings(session: Session) -> list[Breach]:
    moved = select(Transfer.id).where(Transfer.posting_id == Posting.id).exists()
    return named_rows(session, "ledger.empty_posting", select(Posting.id).where(~moved))


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
    posted = select(Posting.id).where(Posting.id == Earning.posting_id).exists()
    return named_rows(session, "ledger.earning_without_posting", select(Earning.id).where(~posted))


def _closed_months(session: Session) -> list[Breach]:
    """A closed month holds the postings that it held when it was closed."""
    inside = (Posting.booked_on >= ClosedMonth.month, Posting.booked_on < ClosedMonth.until)
    now = select(func.count(Posting.id)).where(*inside).scalar_subquery()
    rows = session.execute(select(ClosedMonth.month, ClosedMonth.postings, now.label("now")))
    return [
        Breach("ledger.closed_month", [f"{row.month:%Y-%m}"], {"closed_with": row.postings, "holds": row.now})
        for row in rows
        if row.postings != row.now
    ]


def _closed_to_the_byte(session: Session) -> list[Breach]:
    """The journal of a closed month is the one that was closed, line by line."""
    return [
        Breach("ledger.closed_to_the_byte", [f"{row.month:%Y-%m}"])
        for row in session.scalars(select(ClosedMonth).order_by(ClosedMonth.month))
        if digest_of(session, since=row.month, until=row.until).digest != row.digest
    ]


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
        "ledger.closed_month": _closed_months,
        "ledger.trigger_missing": _triggers,
        "database": _database,
    }.items():
        check(name)(found)
    check("ledger.closed_to_the_byte", deep=True)(_closed_to_the_byte)
    check("database.deep", deep=True)(_deep)
