"""Writing to the books: `post()`, and nothing else in the shop."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Date, case, func, insert, literal, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.errors import ShopError
from shop.ledger.chart import CHART, Name
from shop.ledger.models import Account, ClosedMonth, Earning, Posting, Transfer


@dataclass(frozen=True, slots=True)
class Move:
    """`amount_minor` from `credit` to `debit` (debit ← credit). A move of nothing is left out."""

    debit: Name
    credit: Name
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Earned:
    """A sum that this posting makes its owner's own; `source` names what for, once."""

    owner: str
    source: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Draft:
    """One event to be posted. `key` names the thing that happened once (money.md 3)."""

    key: str
    kind: str
    currency: str
    moves: Sequence[Move]
    source: str = ""
    occurred_at: datetime | None = None
    on_behalf_of: str | None = None
    reverses_id: int | None = None
    earned: Sequence[Earned] = field(default=())


@dataclass(frozen=True, slots=True)
class Posted:
    """`fresh` is False when the same event had been posted before: nothing was written then."""

    id: int
    key: str
    fresh: bool


class Overdraft(ShopError):
    """An account with a floor would fall below zero."""

    code = "overdraft"


class KeyReused(ShopError):
    """The key was posted before with other contents."""

    code = "key_reused"


def post(session: Session, drafts: Sequence[Draft], *, by: Actor) -> list[Posted]:
    """Post all events of one unit of work; called once in it, and last.

    An event whose key is known is given back as it stands. Raises Overdraft where a floor would break, KeyReused
    where a known key comes with other moves, ValueError for an event without a sum.
    """
    if session.info.get("posted"):
        raise RuntimeError("post() is called once in a unit of work, with all its postings")
    session.info["posted"] = True
    session.flush()  # what the postings are about must be in the database before the books speak of it
    known = _known(session, drafts)
    fresh = [draft for draft in drafts if draft.key not in known]
    accounts = _accounts(session, fresh)
    _apply(session, fresh, accounts)
    for draft in fresh:
        known[draft.key] = Posted(_write(session, draft, accounts, by=by), draft.key, fresh=True)
    return [known[draft.key] for draft in drafts]


def _moves(draft: Draft) -> list[Move]:
    moves = [move for move in draft.moves if move.amount_minor]
    if not moves or any(move.amount_minor < 0 for move in moves):
        raise ValueError(f"{draft.key}: a posting moves positive sums")
    return moves


def _known(session: Session, drafts: Sequence[Draft]) -> dict[str, Posted]:
    found = session.execute(
        select(Posting.key, Posting.id).where(Posting.key.in_([draft.key for draft in drafts]))
    ).all()
    ids = {row.key: row.id for row in found}
    for draft in drafts:
        if draft.key in ids and _contents(session, ids[draft.key]) != sorted(
            (str(move.debit), str(move.credit), draft.currency, move.amount_minor) for move in _moves(draft)
        ):
            raise KeyReused(key=draft.key)
    return {key: Posted(posting_id, key, fresh=False) for key, posting_id in ids.items()}


def _contents(session: Session, posting_id: int) -> list[tuple[str, str, str, int]]:
    rows = session.scalars(select(Transfer).where(Transfer.posting_id == posting_id)).all()
    ids = {row.debit_id for row in rows} | {row.credit_id for row in rows}
    names = {
        row.id: str(Name(row.kind, row.owner))
        for row in session.execute(select(Account.id, Account.kind, Account.owner).where(Account.id.in_(ids)))
    }
    return sorted((names[row.debit_id], names[row.credit_id], row.currency, row.amount_minor) for row in rows)


Key = tuple[Name, str]


def _accounts(session: Session, drafts: Sequence[Draft]) -> dict[Key, int]:
    wanted = sorted(
        {(side, draft.currency) for draft in drafts for move in _moves(draft) for side in (move.debit, move.credit)}
    )
    if not wanted:
        return {}
    found = _find(session, wanted)
    missing = [key for key in wanted if key not in found]
    if missing:
        make = (sqlite_insert if session.get_bind().dialect.name == "sqlite" else pg_insert)(Account)
        # two workers may open the same account in the same moment; the later one finds it there
        session.execute(
            make.on_conflict_do_nothing(index_elements=["kind", "owner", "currency"]),
            [
                {
                    "kind": name.kind,
                    "owner": name.owner,
                    "currency": currency,
                    "side": CHART[name.kind].side,
                    "floored": CHART[name.kind].floored,
                }
                for name, currency in missing
            ],
        )
        found = _find(session, wanted)
    return found


def _find(session: Session, wanted: Sequence[Key]) -> dict[Key, int]:
    rows = session.execute(
        select(Account.id, Account.kind, Account.owner, Account.currency).where(
            tuple_(Account.kind, Account.owner, Account.currency).in_(
                [(name.kind, name.owner, currency) for name, currency in wanted]
            )
        )
    )
    return {(Name(row.kind, row.owner), row.currency): row.id for row in rows}


def _apply(session: Session, drafts: Sequence[Draft], accounts: dict[Key, int]) -> None:
    """Move the running sums of floored accounts, held in id order until the unit of work ends."""
    change: dict[int, int] = defaultdict(int)
    for draft in drafts:
        for move in _moves(draft):
            for name, sign in ((move.debit, 1), (move.credit, -1)):
                kind = CHART[name.kind]
                if kind.floored:
                    change[accounts[name, draft.currency]] += (
                        sign * move.amount_minor if kind.side == "debit" else -sign * move.amount_minor
                    )
    moving = {key: delta for key, delta in sorted(change.items()) if delta}
    if not moving:
        return
    held = session.execute(
        select(Account.id, Account.kind, Account.owner, Account.balance_minor)
        .where(Account.id.in_(moving))
        .order_by(Account.id)
        .with_for_update(key_share=True)
    ).all()
    for row in held:
        if row.balance_minor + moving[row.id] < 0:
            raise Overdraft(account=str(Name(row.kind, row.owner)), short_minor=-(row.balance_minor + moving[row.id]))
    table = Account.__table__
    for account_id, delta in moving.items():
        session.execute(
            update(table)  # type: ignore[arg-type]
            .where(table.c.id == account_id)
            .values(balance_minor=table.c.balance_minor + delta)
        )


_FIRST_OPEN = select(func.max(ClosedMonth.until)).scalar_subquery()


def _write(session: Session, draft: Draft, accounts: dict[Key, int], *, by: Actor) -> int:
    at = draft.occurred_at or clock.now()
    day = literal(clock.day_of(at), Date)
    posting_id = session.execute(
        insert(Posting)
        .values(
            key=draft.key,
            kind=draft.kind,
            occurred_at=at,
            # asked in the statement itself: a month may be closed while this unit of work waits for the table
            booked_on=case((day < _FIRST_OPEN, _FIRST_OPEN), else_=day),
            actor=by.key,
            on_behalf_of=draft.on_behalf_of,
            source=draft.source,
            reverses_id=draft.reverses_id,
        )
        .returning(Posting.id)
    ).scalar_one()
    session.execute(
        insert(Transfer),
        [
            {
                "posting_id": posting_id,
                "debit_id": accounts[move.debit, draft.currency],
                "credit_id": accounts[move.credit, draft.currency],
                "currency": draft.currency,
                "amount_minor": move.amount_minor,
            }
            for move in _moves(draft)
        ],
    )
    if draft.earned:
        session.execute(
            insert(Earning),
            [
                {
                    "owner": earned.owner,
                    "source": earned.source,
                    "posting_id": posting_id,
                    "amount_minor": earned.amount_minor,
                    "currency": draft.currency,
                    "available_at": at,
                }
                for earned in draft.earned
            ],
        )
    return int(posting_id)
