"""A maker's income of a year: what became hers month by month, and what of it she has had by her own word."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Integer, case, cast, func, or_, select
from sqlalchemy.orm import Session

from shop.ledger.models import Earning
from shop.money import Money
from shop.payouts.models import Payout, PayoutItem
from shop.work.models import WorkReceipt


@dataclass(frozen=True, slots=True)
class YearMonth:
    """One month: accepted pieces, what they brought her, and what of that she has confirmed by now."""

    month: int
    pieces: int
    earned: Money
    confirmed: Money


@dataclass(frozen=True, slots=True)
class YearIncome:
    """Pay for accepted work of one year; an advance is none, and what was kept back for one had come before."""

    year: int
    currency: str
    months: tuple[YearMonth, ...]

    @property
    def pieces(self) -> int:
        return sum(each.pieces for each in self.months)

    @property
    def earned(self) -> Money:
        return Money(sum(each.earned.minor for each in self.months), self.currency)

    @property
    def confirmed(self) -> Money:
        return Money(sum(each.confirmed.minor for each in self.months), self.currency)


def _begins(year: int, month: int) -> datetime:
    """The first moment of a month at the co-op."""
    return datetime(year, month, 1, tzinfo=UTC) - timedelta(hours=8)


def year_income(session: Session, *, payee: str, year: int, currency: str) -> YearIncome:
    """What became this maker's in the year for accepted work, in one statement; only months with something are in it."""
    starts = [_begins(year, month) for month in range(1, 13)]
    month = case(*((Earning.available_at < starts[number], number) for number in range(1, 12)), else_=12)
    confirmed = (
        select(func.coalesce(func.sum(PayoutItem.amount_minor), 0))
        .join(Payout, Payout.id == PayoutItem.payout_id)
        .where(
            PayoutItem.earning_id == Earning.id,
            PayoutItem.live,
            or_(Payout.state == "confirmed", PayoutItem.deduction_id.is_not(None)),
        )
        .scalar_subquery()
    )
    each = (
        select(
            month.label("month"),
            WorkReceipt.accepted.label("pieces"),
            Earning.amount_minor.label("minor"),
            confirmed.label("confirmed"),
        )
        .join(WorkReceipt, WorkReceipt.id == cast(func.substr(Earning.source, len("receipt:") + 1), Integer))
        .where(
            Earning.owner == payee,
            Earning.currency == currency,
            Earning.source.like("receipt:%"),
            Earning.available_at >= starts[0],
            Earning.available_at < _begins(year + 1, 1),
        )
        .subquery()
    )
    rows = session.execute(
        select(each.c.month, func.sum(each.c.pieces), func.sum(each.c.minor), func.sum(each.c.confirmed))
        .group_by(each.c.month)
        .order_by(each.c.month)
    )
    months = tuple(
        YearMonth(number, int(pieces), Money(int(minor), currency), Money(int(had), currency))
        for number, pieces, minor, had in rows
    )
    return YearIncome(year, currency, months)
