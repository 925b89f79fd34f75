"""What still stands open of a month that is about to be closed: it may come later, and is then booked in the next."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Select,
    String,
    case,
    cast,
    extract,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from shop import clock
from shop.coop.models import Task
from shop.ledger.models import Account, ClosedMonth, Posting
from shop.orders.models import Refund
from shop.outbox.models import OutboxRow
from shop.payments.models import StripeEvent
from shop.payouts.models import BY_BANK, Payout, PayoutBatch

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Open:
    """One kind of thing that waits: how many of it, and the sum of it in minor units where it is money."""

    kind: str
    count: int
    minor: int | None


def still_open(session: Session, *, until: date, currency: str, months: bool = False) -> list[Open]:
    """What began before `until` and is not over, in one statement; kinds of which there is nothing are left out."""
    end = datetime(until.year, until.month, until.day, tzinfo=ZONE).astimezone(UTC)
    reported = select(Posting.source).where(Posting.kind == "payout_paid")
    payout = Payout.currency == currency
    found = union_all(
        _summed("drafted", Payout.amount_minor, payout, Payout.state == "drafted", PayoutBatch.pay_on < until).join(
            PayoutBatch, PayoutBatch.id == Payout.batch_id
        ),
        _summed("approved", Payout.amount_minor, payout, Payout.state == "approved", PayoutBatch.pay_on < until).join(
            PayoutBatch, PayoutBatch.id == Payout.batch_id
        ),
        _summed(
            "unreported",
            Payout.amount_minor,
            payout,
            Payout.rail.in_(BY_BANK),
            Payout.state.in_(("sent", "acknowledged", "confirmed")),
            Payout.sent_at < end,
            (literal("payout:") + cast(Payout.id, String)).not_in(reported),
        ),
        _summed(
            "unconfirmed",
            Payout.amount_minor,
            payout,
            Payout.rail == "cash",
            Payout.state.in_(("sent", "acknowledged")),
            Payout.sent_at < end,
        ),
        _summed(
            "refunds",
            Refund.amount_minor,
            Refund.currency == currency,
            Refund.state.in_(("decided", "failed")),
            Refund.decided_at < end,
        ),
        *(
            _summed(
                kind,
                Account.balance_minor,
                Account.currency == currency,
                Account.kind == account,
                Account.balance_minor > 0,
            )
            for kind, account in (("suspense", "suspense:in"), ("stripe_payout", "psp:in_transit"))
        ),
        _counted("differences", Task.kind == "stripe_difference", Task.done_at.is_(None), Task.created_at < end),
        _counted("events", StripeEvent.handled_at.is_(None), StripeEvent.received_at < end),
        _counted("parked", OutboxRow.state == "parked", OutboxRow.created_at < end),
        *((_open_since(),) if months else ()),
    )
    return [
        Open(row.kind, row.many, None if row.minor is None else int(row.minor))
        for row in session.execute(found)
        if row.many
    ]


def not_over(session: Session, *, currency: str) -> list[Open]:
    """The same of all days, and how many months are over and not closed; one statement, for the front page."""
    today = clock.today()
    found = still_open(session, until=today + timedelta(days=1), currency=currency, months=True)
    return [each for each in found if each.kind != "month"] + [
        replace(each, count=months, minor=None)
        for each in found
        if each.kind == "month"
        for months in (_months_over(each.minor or 0, today),)
        if months
    ]


def _months_over(since: int, today: date) -> int:
    """From a day written as 20261101 to the month of today."""
    year, month = divmod(since // 100, 100)
    return max((today.year - year) * 12 + today.month - month, 0)


def _open_since() -> Select[str, int, int]:
    """The day since which the books are open, as a number: 20261101."""
    closed = select(func.max(ClosedMonth.until)).scalar_subquery()
    first = select(func.min(Posting.booked_on)).scalar_subquery()
    day = func.coalesce(closed, first, type_=Date)
    number = extract("year", day) * 10_000 + extract("month", day) * 100 + extract("day", day)
    return select(
        literal("month", String), case((day.is_(None), literal(0)), else_=literal(1)), cast(number, BigInteger)
    )


def _summed(kind: str, amount: InstrumentedAttribute[int], *these: ColumnElement[bool]) -> Select[str, int, int]:
    return select(
        literal(kind, String).label("kind"),
        func.count().label("many"),
        cast(func.sum(amount), BigInteger).label("minor"),
    ).where(*these)


def _counted(kind: str, *these: ColumnElement[bool]) -> Select[str, int, int]:
    return select(literal(kind, String), func.count(), cast(null(), BigInteger)).where(*these)
