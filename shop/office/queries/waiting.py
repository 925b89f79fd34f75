"""The front page's readings: few statements, since it is opened all day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from shop import clock
from shop.brokers.models import Broker
from shop.db import Texts
from shop.ledger.models import Earning
from shop.payouts.models import Payout, PayoutBatch, SpotCall
from shop.payouts.queries.claims import has_open, still_open

BANDS = (3, 7)
"""Days after which a payout without her word belongs to the next band."""


@dataclass(frozen=True, slots=True)
class Unheard:
    """What was sent through one broker and not confirmed, by age: sums and numbers of 0–3, 3–7 and 7+ days.

    `broker_id` None: no broker stands between. `calls` were drawn for her makers, `called` are answered, `bad` of them
    with anything but "received".
    """

    broker_id: int | None
    name: Texts
    minor: tuple[int, int, int]
    count: tuple[int, int, int]
    oldest_at: datetime
    calls: int
    called: int
    bad: int

    @property
    def total_minor(self) -> int:
        return sum(self.minor)


def unheard(session: Session, *, currency: str) -> list[Unheard]:
    """Sent and unanswered by broker, the oldest first, in one statement. Acknowledged payouts age no more."""
    now = clock.now()
    young, old = (now - timedelta(days=days) for days in BANDS)
    band = case((Payout.sent_at > young, 0), (Payout.sent_at > old, 1), else_=2)

    def of_band(number: int, value: object) -> object:
        return func.coalesce(func.sum(case((band == number, value), else_=0)), 0)

    sent = (
        select(
            Payout.broker_id.label("broker_id"),
            func.min(Payout.sent_at).label("oldest"),
            *(of_band(number, Payout.amount_minor).label(f"minor{number}") for number in range(3)),  # type: ignore[attr-defined]
            *(of_band(number, 1).label(f"count{number}") for number in range(3)),  # type: ignore[attr-defined]
        )
        .where(Payout.state == "sent", Payout.currency == currency)
        .group_by(Payout.broker_id)
        .subquery()
    )
    calls = (
        select(
            Payout.broker_id.label("broker_id"),
            func.count(SpotCall.id).label("calls"),
            func.count(SpotCall.answer).label("called"),
            func.sum(case((SpotCall.answer.in_(("not_received", "less_received")), 1), else_=0)).label("bad"),
        )
        .join(SpotCall, SpotCall.payout_id == Payout.id)
        .group_by(Payout.broker_id)
        .subquery()
    )
    rows = session.execute(
        select(sent, Broker.name, calls.c.calls, calls.c.called, calls.c.bad)
        .outerjoin(Broker, Broker.id == sent.c.broker_id)
        .outerjoin(calls, calls.c.broker_id == sent.c.broker_id)
        .order_by(sent.c.oldest)
    )
    return [
        Unheard(
            row.broker_id,
            row.name or {},
            (int(row.minor0), int(row.minor1), int(row.minor2)),
            (int(row.count0), int(row.count1), int(row.count2)),
            row.oldest,
            row.calls or 0,
            row.called or 0,
            int(row.bad or 0),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A maker's pay that no payout has claimed: since when the oldest of it is hers, and how much it is."""

    payee: str
    since: datetime
    minor: int


def longest_waiting(session: Session, *, currency: str, limit: int = 3) -> list[Waiting]:
    """Makers whose accepted pay waits longest for a pay day."""
    rows = session.execute(
        select(Earning.owner, func.min(Earning.available_at).label("since"), func.sum(still_open()))
        .where(has_open(), Earning.owner.startswith("maker:"), Earning.currency == currency)
        .group_by(Earning.owner)
        .order_by(func.min(Earning.available_at), Earning.owner)
        .limit(limit)
    )
    return [Waiting(row[0], row[1], int(row[2])) for row in rows]


def payouts_by_id(session: Session, ids: Sequence[int]) -> dict[int, Payout]:
    """These payouts."""
    if not ids:
        return {}
    return {row.id: row for row in session.scalars(select(Payout).where(Payout.id.in_(sorted(set(ids)))))}


def unfinished_batch(session: Session) -> PayoutBatch | None:
    """The oldest batch that waits to be approved, or whose payouts have not all left us."""
    unsent = select(Payout.batch_id).where(Payout.state == "approved")
    return session.scalar(
        select(PayoutBatch)
        .where((PayoutBatch.state == "drafted") | PayoutBatch.id.in_(unsent))
        .order_by(PayoutBatch.id)
        .limit(1)
    )
