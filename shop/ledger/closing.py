"""Closing a month: from then on its figures stay equal to the byte, and what comes late is booked in the next one."""

import hashlib
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.errors import ShopError
from shop.ledger.journal import journal, next_month
from shop.ledger.models import ClosedMonth, Posting


class NotToClose(ShopError):
    """The month is not the one that may be closed next: it is not over, is closed, or one before it is open."""

    code = "not_to_close"


@dataclass(frozen=True, slots=True)
class Digest:
    """What a month's journal holds, and the SHA-256 of all of it."""

    postings: int
    transfers: int
    digest: str


def digest_of(session: Session, *, since: date, until: date) -> Digest:
    """The journal from `since` up to and without `until`, read page by page."""
    found = hashlib.sha256()
    postings = transfers = 0
    for line in journal(session, since=since, until=until):
        facts = (
            line.booked_on.isoformat(),
            line.key,
            line.kind,
            line.source,
            line.actor,
            line.on_behalf_of,
            line.debit,
            line.credit,
            str(line.amount.minor),
            line.amount.currency,
        )
        found.update("\x1f".join(facts).encode() + b"\n")
        postings, transfers = line.entry, transfers + 1
    return Digest(postings, transfers, found.hexdigest())


def closed_months(session: Session) -> dict[date, ClosedMonth]:
    """All closed months by their first day."""
    return {row.month: row for row in session.scalars(select(ClosedMonth).order_by(ClosedMonth.month))}


def oldest_open_month(session: Session) -> date | None:
    """The first day of the month that may be closed next, once it is over; None while nothing is booked."""
    closed = select(func.max(ClosedMonth.until)).scalar_subquery()
    first = select(func.min(Posting.booked_on)).scalar_subquery()
    row = session.execute(select(closed.label("closed"), first.label("first"))).one()
    if row.closed is not None:
        open_since: date = row.closed
        return open_since
    return None if row.first is None else row.first.replace(day=1)


def close_month(session: Session, *, month: date, by: Actor) -> ClosedMonth:
    """Close the oldest open month, `month` being its first day. There is no way back.

    Raises NotToClose for any other month, and for one that is not over.
    """
    if session.get_bind().dialect.name == "postgresql":
        # postings of this month may still be uncommitted elsewhere: wait for them; later ones find the month closed
        session.execute(text("LOCK TABLE posting, transfer IN SHARE MODE"))
    until = next_month(month)
    if month != oldest_open_month(session) or clock.today() < until:
        raise NotToClose(month=month.isoformat())
    found = digest_of(session, since=month, until=until)
    row = ClosedMonth(
        month=month,
        until=until,
        postings=found.postings,
        transfers=found.transfers,
        digest=found.digest,
        closed_at=clock.now(),
        closed_by=by.key,
    )
    session.add(row)
    session.flush()
    return row
