"""What women earned: confirmed pay only, each woman counted once, the same figures whenever it is asked (product.md 5)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from statistics import median
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, case, cast, func, select
from sqlalchemy.orm import Session

from shop.catalog.models import Product, Variant
from shop.ledger.models import Earning
from shop.makers.models import Maker
from shop.money import Money
from shop.payouts.models import Payout, PayoutItem
from shop.work.models import WorkAssignment, WorkOrder, WorkReceipt

LEAST = 5
"""A smaller group is not named by itself, and cannot be found by subtracting (product.md 5.12)."""

ZONE = ZoneInfo("Asia/Shanghai")
STEPS = 6
"""Groups of the distribution; the last one is open."""


@dataclass(frozen=True, slots=True)
class Earned:
    """One woman's confirmed pay of a month for one workshop and craft, in minor units, and the minutes it took."""

    maker_id: int
    month: int
    workshop_id: int
    craft_id: int | None
    village_id: int
    minor: int
    minutes: int


paid_minutes = WorkReceipt.accepted * WorkOrder.minutes_each * PayoutItem.amount_minor // Earning.amount_minor
"""Of an earning that two payouts paid, each has its share of the time."""


def earned(
    session: Session,
    *,
    year: int,
    currency: str,
    workshop_id: int | None = None,
    craft_id: int | None = None,
    village_id: int | None = None,
) -> list[Earned]:
    """Her confirmed payouts of a year by the month in which she confirmed them; one statement.

    A payout that came back later is no longer confirmed and counts no more. Cost follows what was paid in the year.
    """
    starts = [_start(year, month) for month in range(1, 13)]
    month = case(*((Payout.closed_at < starts[number], number) for number in range(1, 12)), else_=12)
    query = (
        select(
            WorkAssignment.maker_id,
            month.label("month"),
            WorkOrder.workshop_id,
            Product.craft_id,
            Maker.village_id,
            func.sum(PayoutItem.amount_minor).label("minor"),
            func.sum(paid_minutes).label("minutes"),
        )
        .join(PayoutItem, PayoutItem.payout_id == Payout.id)
        .join(Earning, Earning.id == PayoutItem.earning_id)
        .join(WorkReceipt, WorkReceipt.id == cast(func.substr(Earning.source, len("receipt:") + 1), Integer))
        .join(WorkAssignment, WorkAssignment.id == WorkReceipt.assignment_id)
        .join(WorkOrder, WorkOrder.id == WorkAssignment.work_order_id)
        .join(Variant, Variant.id == WorkOrder.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .join(Maker, Maker.id == WorkAssignment.maker_id)
        .where(
            Payout.state == "confirmed",
            Payout.currency == currency,
            Payout.payee.like("maker:%"),
            Payout.closed_at >= starts[0],
            Payout.closed_at < _start(year + 1, 1),
            PayoutItem.live,
            Earning.source.like("receipt:%"),
        )
        .group_by(WorkAssignment.maker_id, "month", WorkOrder.workshop_id, Product.craft_id, Maker.village_id)
        .order_by(WorkAssignment.maker_id, "month", WorkOrder.workshop_id, Product.craft_id)
    )
    for column, wanted in (
        (WorkOrder.workshop_id, workshop_id),
        (Product.craft_id, craft_id),
        (Maker.village_id, village_id),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    return [
        Earned(row.maker_id, row.month, row.workshop_id, row.craft_id, row.village_id, int(row.minor), int(row.minutes))
        for row in session.execute(query)
    ]


def _start(year: int, month: int) -> datetime:
    return datetime(year, month, 1, tzinfo=ZONE).astimezone(UTC)


def earned_before(session: Session, *, year: int, currency: str) -> set[int]:
    """Makers with confirmed pay before this year: whoever earns in it and is not among them earns newly."""
    rows = session.scalars(
        select(Payout.payee)
        .where(
            Payout.state == "confirmed",
            Payout.currency == currency,
            Payout.payee.like("maker:%"),
            Payout.closed_at < _start(year, 1),
        )
        .distinct()
    )
    return {int(payee.partition(":")[2]) for payee in rows}


def income_years(session: Session, *, until: date) -> list[int]:
    """Years of which there is something to report, the newest first; at least the present one."""
    first = session.scalar(select(func.min(Payout.closed_at)).where(Payout.state == "confirmed"))
    since = first.astimezone(ZONE).year if first else until.year
    return list(range(until.year, since - 1, -1))


@dataclass(frozen=True, slots=True)
class Group:
    """A month, a village, a workshop or a craft: its women, and mean and median of what each had a month.

    `key` is None for small groups put together; `of` says of how many.
    """

    key: int | None
    women: int
    mean: Money
    median: Money
    total: Money
    of: int = 1


@dataclass(frozen=True, slots=True)
class Income:
    """A year's report, from its first month with pay to its last. A woman-month is a month in which a woman had confirmed pay."""

    women: int
    woman_months: int
    newly: int
    often: int
    mean: Money
    median: Money
    total: Money
    hourly: Money | None
    months: tuple[Group, ...]
    steps: tuple[tuple[int, int | None, int], ...]
    villages: tuple[Group, ...]
    workshops: tuple[Group, ...]
    crafts: tuple[Group, ...]


def income(rows: Sequence[Earned], *, currency: str, before: set[int], least_months: int) -> Income:
    """The report of these rows; `often` are the women with pay in at least so many months."""
    months: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        months[row.maker_id].add(row.month)
    whole = _group(None, rows, currency)
    active = {row.month for row in rows}
    return Income(
        women=len(months),
        woman_months=sum(len(each) for each in months.values()),
        newly=len(set(months) - before),
        often=sum(len(each) >= least_months for each in months.values()),
        mean=whole.mean,
        median=whole.median,
        total=whole.total,
        hourly=_hourly(rows, currency),
        months=tuple(
            _group(number, [row for row in rows if row.month == number], currency)
            for number in range(min(active, default=1), max(active, default=0) + 1)
        ),
        steps=_steps(rows, months),
        villages=_groups(rows, [row.village_id for row in rows], currency),
        workshops=_groups(rows, [row.workshop_id for row in rows], currency),
        crafts=_groups(rows, [row.craft_id or 0 for row in rows], currency),
    )


def _group(key: int | None, rows: Sequence[Earned], currency: str, *, of: int = 1) -> Group:
    each: dict[tuple[int, int], int] = defaultdict(int)
    for row in rows:
        each[row.maker_id, row.month] += row.minor
    total, count = sum(each.values()), len(each)
    return Group(
        key=key,
        women=len({maker_id for maker_id, _month in each}),
        mean=Money(_rounded(total, count), currency),
        median=Money(middle(each.values()), currency),
        total=Money(total, currency),
        of=of,
    )


def _rounded(total: int, count: int) -> int:
    """The quotient to the nearest minor unit, halves up: a figure of a report, never a sum that is paid."""
    return (2 * total + count) // (2 * count) if count else 0


def middle(values: Iterable[int]) -> int:
    """The median to the nearest minor unit, halves up; 0 of nothing."""
    found = sorted(values)
    return _rounded(int(median(found) * 2), 2) if found else 0


def _groups(rows: Sequence[Earned], keys: Sequence[int], currency: str) -> tuple[Group, ...]:
    """By key, the largest first; small ones put together as product.md 5.12 wants it."""
    by: dict[int, list[Earned]] = defaultdict(list)
    for row, key in zip(rows, keys, strict=True):
        by[key].append(row)
    women = {key: len({row.maker_id for row in group}) for key, group in by.items()}
    shown, merged = put_together(women)
    found = [_group(key, by[key], currency) for key in shown]
    if merged:
        found.append(_group(None, [row for key in merged for row in by[key]], currency, of=len(merged)))
    return tuple(found)


def put_together(women: dict[int, int], *, least: int = LEAST) -> tuple[list[int], list[int]]:
    """Which groups may be named, the largest first, and which are put together under "others".

    Others are at least two groups and at least `least` women wherever there are so many; else nobody is named.
    """
    order = sorted(women, key=lambda key: (-women[key], key))
    cut = len([key for key in order if women[key] >= least])
    while 0 < cut < len(order) and (len(order) - cut < 2 or sum(women[key] for key in order[cut:]) < least):
        cut -= 1
    return order[:cut], order[cut:]


def _steps(rows: Sequence[Earned], months: dict[int, set[int]]) -> tuple[tuple[int, int | None, int], ...]:
    """Women by what they had a month on average: (from, below, how many), minor units, the last open.

    Steps of equal width, of which neighbours are one where fewer than LEAST women are in either.
    """
    sums: dict[int, int] = defaultdict(int)
    for row in rows:
        sums[row.maker_id] += row.minor
    averages = [sums[maker_id] // len(months[maker_id]) for maker_id in sums]
    if not averages:
        return ()
    width = _round_width(middle(averages) * 2 // (STEPS - 1) or 1)
    counts = [0] * STEPS
    for each in averages:
        counts[min(each // width, STEPS - 1)] += 1
    return tuple(
        (first * width, (last + 1) * width if last < STEPS - 1 else None, sum(counts[first : last + 1]))
        for first, last in neighbours(counts)
    )


def neighbours(counts: Sequence[int], *, least: int = LEAST) -> list[tuple[int, int]]:
    """(first, last) place of each run of neighbours that holds at least `least`; one run where all have fewer."""
    runs: list[tuple[int, int]] = []
    first = held = 0
    for place, count in enumerate(counts):
        held += count
        if held >= least:
            runs.append((first, place))
            first, held = place + 1, 0
    if first < len(counts):
        # what is left over at the end is too few by itself
        runs = [*runs[:-1], (runs[-1][0] if runs else 0, len(counts) - 1)]
    return runs


def _round_width(wanted: int) -> int:
    """1, 2 or 5 times a power of ten, at least as much as wanted."""
    power = int(10 ** (len(str(wanted)) - 1))
    return next(times * power for times in (1, 2, 5, 10) if times * power >= wanted)


def _hourly(rows: Sequence[Earned], currency: str) -> Money | None:
    """The middle woman's pay an hour, by the minutes agreed for each piece; None where no minutes are known."""
    paid: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        if row.minutes:
            paid[row.maker_id][0] += row.minor
            paid[row.maker_id][1] += row.minutes
    hourly = [minor * 60 // minutes for minor, minutes in paid.values()]
    return Money(middle(hourly), currency) if hourly else None
