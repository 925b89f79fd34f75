"""Pay that nobody has claimed: it stays hers, is listed by year, and goes to her heirs on evidence (money.md 4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop import clock
from shop.db import Texts
from shop.ledger.models import Earning
from shop.makers.models import Maker
from shop.payouts.models import PayoutMethod
from shop.payouts.queries import payee_names
from shop.payouts.queries.claims import has_open, still_open
from shop.payouts.queries.ways import in_force, ways_of

MOST = 5_000
"""Payees on one list, at most; the longest waiting come first."""


def year_ends(year: int) -> datetime:
    """The moment at which a year is over at the co-op."""
    return datetime(year + 1, 1, 1, tzinfo=UTC) - timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Unclaimed:
    """What is still a payee's own of the years up to the one asked for. `way` is how she would be paid now."""

    payee: str
    name: Texts
    number: str
    amount_minor: int
    since: date
    left_on: date | None
    way: PayoutMethod | None


def unclaimed(session: Session, *, year: int, currency: str) -> list[Unclaimed]:
    """Who was owed something at the end of that year and has not had it since, the longest waiting first."""
    rows = session.execute(
        select(Earning.owner, func.sum(still_open()).label("minor"), func.min(Earning.available_at).label("since"))
        .where(has_open(), Earning.currency == currency, Earning.available_at < year_ends(year))
        .group_by(Earning.owner)
        .order_by(func.min(Earning.available_at), Earning.owner)
        .limit(MOST)
    ).all()
    payees = [row.owner for row in rows]
    names, ways, gone = (
        payee_names(session, payees=payees),
        ways_of(session, payees=payees if len(payees) < 500 else None),
        _left(session, payees),
    )
    return [
        Unclaimed(
            row.owner,
            names[row.owner].name if row.owner in names else {},
            names[row.owner].number if row.owner in names else "",
            int(row.minor),
            clock.day_of(row.since),
            gone.get(row.owner),
            in_force(ways[row.owner], now=clock.now()),
        )
        for row in rows
    ]


def _left(session: Session, payees: Sequence[str]) -> dict[str, date]:
    wanted = set(payees)
    rows = session.execute(select(Maker.id, Maker.left_on).where(Maker.left_on.is_not(None)))
    return {f"maker:{row.id}": row.left_on for row in rows if f"maker:{row.id}" in wanted}


def years(session: Session, *, currency: str) -> list[int]:
    """Years that are over and of which something is unclaimed, the newest first."""
    oldest = session.scalar(select(func.min(Earning.available_at)).where(has_open(), Earning.currency == currency))
    last = clock.today().year - 1
    return list(range(last, clock.day_of(oldest).year - 1, -1)) if oldest else []
