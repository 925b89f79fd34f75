"""The open accounts: what came in and where it went, pay day by pay day, in groups in which nobody can be told apart.

A maker stands there by herself only where she agreed to it (`own_line`) and while she does. All figures are of whole
months or whole pay days; the statement of the months is read at most once a minute by each process.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Integer, Select, Text, case, cast, func, literal, null, select, union_all
from sqlalchemy.engine import Connection

from shop.catalog.models import Piece
from shop.home.kept import Kept
from shop.home.queries.market import GROUP
from shop.home.queries.payday import LEFT, PaidGroup, Payday, has_own_line, safe, silenced
from shop.ledger.models import Earning
from shop.makers.models import Maker
from shop.makers.public import PublicMaker, agreed_mark, public_side
from shop.orders.models import (
    LinePiece,
    OrderGroup,
    OrderLine,
    Refund,
    RefundPart,
    SellerOrder,
    SplitPart,
)
from shop.payouts.models import Payout, PayoutBatch, PayoutItem
from shop.payouts.queries.income import ZONE, middle, paid_minutes
from shop.work.models import WorkAssignment, WorkOrder, WorkReceipt

MONTHS = 12
"""Whole months that the page looks back."""

PAY_DAYS = 12
LINES = 100
"""Own lines on one page."""

_FRESH_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Span:
    """One month, or several put together, of at least GROUP orders and GROUP makers: what buyers paid in it by part of
    their prices, in minor units, and what went back to buyers in it.

    `given_minor` is what the co-op's vouchers added: the parts are `paid_minor` + `given_minor`.
    """

    first: date
    last: date
    orders: int
    parts: dict[str, int]
    given_minor: int
    back_minor: int

    @property
    def parts_minor(self) -> int:
        return sum(self.parts.values())

    @property
    def paid_minor(self) -> int:
        return self.parts_minor - self.given_minor

    @property
    def makers_minor(self) -> int:
        return self.parts.get("maker", 0)


@dataclass(frozen=True, slots=True)
class Months:
    """The whole months, the newest first, and which kinds of parts went to too few to stand by themselves."""

    spans: tuple[Span, ...]
    few: frozenset[str]

    @property
    def whole(self) -> Span | None:
        """All of them together; None where there are none."""
        return _together(self.spans) if self.spans else None


@dataclass(frozen=True, slots=True)
class _Look:
    months: Months
    until: float


_kept: Kept[_Look] = Kept(4)


def months_before(connection: Connection, today: date, *, currency: str) -> Months:
    """The last MONTHS whole months before the one of `today`, in one statement; small ones stand with the next."""
    key = (today.replace(day=1), currency)
    found = _kept.get(key)
    now = time.monotonic()
    if found is None or now >= found.until:
        found = _kept.put(key, _Look(_months(connection, today, currency), now + _FRESH_SECONDS))
    return found.months


def _firsts(today: date) -> list[date]:
    firsts = [today.replace(day=1)]
    for _ in range(MONTHS):
        firsts.append((firsts[-1] - timedelta(days=1)).replace(day=1))
    return firsts[::-1]


def _start(first: date) -> datetime:
    return datetime(first.year, first.month, first.day, tzinfo=ZONE).astimezone(UTC)


def _months(connection: Connection, today: date, currency: str) -> Months:
    firsts = _firsts(today)
    starts = [_start(first) for first in firsts]

    def number(column: Any) -> Any:
        return case(*((column < starts[place + 1], literal(place, Integer)) for place in range(MONTHS - 1)), else_=11)

    def within(column: Any) -> Any:
        return (column >= starts[0]) & (column < starts[-1])

    paid = number(OrderGroup.paid_at)
    none = cast(null(), BigInteger)
    parts = (
        select(
            literal("part").label("what"),
            paid.label("month"),
            cast(SplitPart.kind, Text).label("kind"),
            cast(func.sum(SplitPart.paid_minor), BigInteger).label("minor"),
            cast(func.sum(SplitPart.given_minor), BigInteger).label("given"),
            func.count(SellerOrder.group_id.distinct()).label("orders"),
            func.count(SplitPart.payee.distinct()).label("payees"),
        )
        .join(SellerOrder, SellerOrder.id == SplitPart.seller_order_id)
        .join(OrderGroup, OrderGroup.id == SellerOrder.group_id)
        .where(within(OrderGroup.paid_at), SplitPart.currency == currency)
        .group_by("month", SplitPart.kind)
    )
    decided = number(Refund.decided_at)
    back = (
        select(
            literal("back"),
            decided.label("month"),
            literal(""),
            cast(func.sum(RefundPart.paid_minor), BigInteger),
            none,
            none,
            none,
        )
        .join(Refund, Refund.id == RefundPart.refund_id)
        .where(within(Refund.decided_at), Refund.currency == currency)
        .group_by("month")
    )
    hands = union_all(*(branch.where(within(OrderGroup.paid_at)) for branch in _hands(paid))).subquery()
    makers = select(
        literal("makers"),
        hands.c.month,
        literal(""),
        cast(func.count(hands.c.maker_id.distinct()), BigInteger),
        none,
        none,
        none,
    ).group_by(hands.c.month)
    rows = connection.execute(union_all(parts, back, makers)).all()
    return _told(firsts, rows)


def _hands(month: Any) -> tuple[Select[Any], ...]:
    """Whose work the lines of a month's orders were: makers who said yes, makers of pieces from the shelf. A piece given
    back stands with no line any more; it was one of that variant's, and what a month has shown it goes on showing.
    """
    lines = (
        select(month.label("month"))
        .select_from(OrderGroup)
        .join(SellerOrder, SellerOrder.group_id == OrderGroup.id)
        .join(OrderLine, OrderLine.seller_order_id == SellerOrder.id)
    )
    return (
        lines.add_columns(WorkAssignment.maker_id.label("maker_id"))
        .join(WorkAssignment, WorkAssignment.work_order_id == OrderLine.work_order_id)
        .where(WorkAssignment.state.in_(("agreed", "done", "taken_back"))),
        lines.add_columns(Piece.maker_id)
        .join(LinePiece, LinePiece.line_id == OrderLine.id)
        .join(Piece, Piece.id == LinePiece.piece_id),
        lines.add_columns(Piece.maker_id)
        .join(Piece, Piece.variant_id == OrderLine.variant_id)
        .where(OrderLine.cancelled, OrderLine.source == "shelf"),
    )


def _told(firsts: Sequence[date], rows: Sequence[Any]) -> Months:
    spans = [Span(first, first, 0, {}, 0, 0) for first in firsts[:MONTHS]]
    makers = [0] * MONTHS
    payees: dict[str, int] = {}
    for row in rows:
        span = spans[row.month]
        if row.what == "makers":
            makers[row.month] = int(row.minor)
        elif row.what == "back":
            spans[row.month] = replace(span, back_minor=int(row.minor))
        else:
            spans[row.month] = replace(
                span,
                orders=max(span.orders, row.orders),
                parts=span.parts | {row.kind: int(row.minor) + int(row.given)},
                given_minor=span.given_minor + int(row.given),
            )
            payees[row.kind] = max(payees.get(row.kind, 0), row.payees)
    few = {kind for kind in ("broker", "workshop", "outlet", "shipping") if 0 < payees.get(kind, 0) < GROUP}
    return Months(tuple(_grouped(spans, makers)), frozenset(few))


def _grouped(spans: Sequence[Span], makers: Sequence[int]) -> list[Span]:
    """The newest first: a month of fewer than GROUP orders or makers stands with those before it, else with the next.

    The women of several months may be the same, so several are counted as no more than the largest of them.
    """
    found: list[Span] = []
    waiting: list[Span] = []
    most = 0
    for span, women in zip(reversed(spans), reversed(makers), strict=True):
        if not (span.orders or span.back_minor or waiting):
            continue
        waiting.append(span)
        most = max(most, women)
        if sum(each.orders for each in waiting) >= GROUP and most >= GROUP:
            found.append(_together(waiting))
            waiting, most = [], 0
    waiting = [span for span in waiting if span.orders or span.back_minor]
    if waiting and found:
        found[-1] = _together([found[-1], *waiting])
    return found


def _together(spans: Sequence[Span]) -> Span:
    kinds = dict.fromkeys(kind for span in spans for kind in span.parts)
    return Span(
        min(span.first for span in spans),
        max(span.last for span in spans),
        sum(span.orders for span in spans),
        {kind: sum(span.parts.get(kind, 0) for span in spans) for kind in kinds},
        sum(span.given_minor for span in spans),
        sum(span.back_minor for span in spans),
    )


@dataclass(frozen=True, slots=True)
class PayDay:
    """All makers of one pay day together."""

    on: date
    group: PaidGroup


_said = case((Payout.state == "confirmed", Payout.amount_minor), else_=0)
_own = case((has_own_line(), 1), else_=0)
_PAY_DAYS = (
    select(
        PayoutBatch.id,
        PayoutBatch.pay_on,
        func.count(Payout.payee.distinct()).label("makers"),
        func.count(case((Payout.state == "confirmed", Payout.payee)).distinct()).label("confirmed"),
        cast(func.sum(Payout.amount_minor), BigInteger).label("sent_minor"),
        cast(func.sum(_said), BigInteger).label("confirmed_minor"),
        cast(func.sum(_own), Integer).label("named"),
        cast(func.sum(case((Payout.state == "confirmed", _own), else_=0)), Integer).label("named_confirmed"),
    )
    .join(PayoutBatch, PayoutBatch.id == Payout.batch_id)
    .join(Maker, literal("maker:") + cast(Maker.id, Payout.payee.type) == Payout.payee)
    .where(Payout.state.in_(LEFT), Payout.payee.like("maker:%"))
    .group_by(PayoutBatch.id, PayoutBatch.pay_on)
    .having(func.count(Payout.payee.distinct()) >= GROUP)
    .order_by(PayoutBatch.pay_on.desc(), PayoutBatch.id.desc())
    .limit(PAY_DAYS)
)


def pay_days(connection: Connection) -> list[PayDay]:
    """The last PAY_DAYS pay days on which enough makers were paid, the newest first."""
    found = []
    for row in connection.execute(_PAY_DAYS):
        group = PaidGroup(
            (),
            row.makers,
            row.confirmed,
            int(row.sent_minor),
            int(row.confirmed_minor),
            row.named,
            row.named_confirmed,
        )
        if group.hidden < GROUP:
            group = replace(group, named=0, named_confirmed=0)
        found.append(PayDay(row.pay_on, group if safe(group) else silenced(group)))
    return found


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A maker who agreed to it, with what she was sent on that pay day."""

    maker: PublicMaker
    minor: int
    confirmed: bool


def own_lines(connection: Connection, paid: Payday, *, after: int = 0) -> list[OwnLine]:
    """Her own line of those who agree to it now, at most LINES + 1 after the maker `after`; asked anew each time."""
    if not paid.lines_shown:
        return []
    rows = connection.execute(
        select(
            Maker.id,
            Maker.slug,
            Maker.name,
            Maker.pen_name,
            Maker.village_id,
            agreed_mark(Maker.id).label("mark"),
            Payout.amount_minor,
            Payout.state,
        )
        .join(Payout, literal("maker:") + cast(Maker.id, Payout.payee.type) == Payout.payee)
        .join(PayoutBatch, PayoutBatch.id == Payout.batch_id)
        .where(Payout.batch_id == paid.batch_id, Payout.state.in_(LEFT), has_own_line(), Maker.id > after)
        .order_by(Maker.id)
        .limit(LINES + 1)
    )
    return [
        OwnLine(
            public_side(
                row.mark,
                maker_id=row.id,
                slug=row.slug,
                name=row.name,
                pen_name=row.pen_name,
                village_id=row.village_id,
            ),
            row.amount_minor,
            row.state == "confirmed",
        )
        for row in rows
    ]


def hourly(connection: Connection, paid: Payday) -> int | None:
    """The middle woman's pay an hour of that pay day, in minor units, by the minutes agreed for each piece.

    None where fewer than GROUP women were paid for work with agreed minutes.
    """
    rows = connection.execute(
        select(
            cast(func.sum(PayoutItem.amount_minor), BigInteger).label("minor"),
            func.sum(paid_minutes).label("minutes"),
        )
        .select_from(Payout)
        .join(PayoutItem, PayoutItem.payout_id == Payout.id)
        .join(Earning, Earning.id == PayoutItem.earning_id)
        .join(WorkReceipt, WorkReceipt.id == cast(func.substr(Earning.source, len("receipt:") + 1), Integer))
        .join(WorkAssignment, WorkAssignment.id == WorkReceipt.assignment_id)
        .join(WorkOrder, WorkOrder.id == WorkAssignment.work_order_id)
        .where(
            Payout.batch_id == paid.batch_id,
            Payout.state.in_(LEFT),
            Payout.payee.like("maker:%"),
            PayoutItem.live,
            Earning.source.like("receipt:%"),
            WorkOrder.minutes_each > 0,
        )
        .group_by(Payout.payee)
    )
    each = [int(row.minor * 60 // row.minutes) for row in rows if row.minutes]
    return middle(each) if len(each) >= GROUP else None
