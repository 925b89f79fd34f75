"""The open accounts as they stand on the page and in its file: rows in words, money written, charts drawn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from shop.home.front import group_name
from shop.home.parts import part_words
from shop.home.queries.open_accounts import Months, OwnLine, PayDay, Span
from shop.home.queries.payday import PaidGroup, Payday
from shop.home.split import COLOURS
from shop.money import Money, exponent, format_money
from shop.web import charts
from shop.web.filters import day, day_short, month, tri
from shop.web.i18n import current_lang

ORDER = ("maker", "materials", "broker", "workshop", "outlet", "shipping", "costs", "coop", "tax")


@dataclass(frozen=True, slots=True)
class Part:
    """Where a part of all prices went, as `ui/split.html` draws it."""

    kind: str
    label: str
    minor: int
    amount: str


def part_rows(months: Months, currency: str) -> list[Part]:
    """The parts of all prices of the whole months; what went to too few stands together with the co-op's part."""
    whole = months.whole
    if whole is None:
        return []
    found = [(kind,) for kind in ORDER if whole.parts.get(kind) and kind not in months.few | {"coop"}]
    together = tuple(kind for kind in ORDER if whole.parts.get(kind) and kind in months.few | {"coop"})
    rows = [*found, together] if together else found
    return [
        Part(
            COLOURS.get(kinds[-1], "cost"),
            part_words(kinds),
            minor := sum(whole.parts[kind] for kind in kinds),
            _written(minor, currency),
        )
        for kinds in rows
    ]


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month, or several put together, in words."""

    name: str
    orders: int
    came_in: str
    makers: str
    back: str


def month_rows(months: Months, currency: str) -> list[MonthRow]:
    """The newest first."""
    return [_month_row(span, span_name(span), currency) for span in months.spans]


def whole_row(months: Months, currency: str) -> MonthRow | None:
    """Their sum."""
    return _month_row(months.whole, str(_("Total")), currency) if months.whole else None


def _month_row(span: Span, name: str, currency: str) -> MonthRow:
    return MonthRow(
        name,
        span.orders,
        _written(span.paid_minor, currency),
        _written(span.makers_minor, currency),
        _written(span.back_minor, currency) if span.back_minor else "–",
    )


def span_name(span: Span) -> str:
    """Oct 2026, or Aug 2026 – Oct 2026."""
    return month(span.first) if span.first == span.last else f"{month(span.first)} – {month(span.last)}"


def month_chart(months: Months, currency: str) -> charts.Pairs:
    """What came in, and of it the makers' part, the oldest first."""
    return charts.pairs(
        [
            (month(span.last), _whole(max(span.parts_minor, 0), currency), _whole(span.makers_minor, currency))
            for span in reversed(months.spans)
        ]
    )


@dataclass(frozen=True, slots=True)
class DayRow:
    """A pay day, or a workshop's part of one, in words. `confirmed` may be a number of makers instead of a sum."""

    name: str
    makers: int
    sent: str
    confirmed: str
    open: str


def day_rows(days: Iterable[PayDay], currency: str) -> list[DayRow]:
    """The newest first."""
    return [paid_row(each.group, day(each.on), currency) for each in days]


def workshop_rows(paid: Payday) -> list[DayRow]:
    """The last pay day by workshop, small ones together."""
    return [paid_row(group, group_name(group), paid.currency) for group in paid.groups]


def paid_row(group: PaidGroup, name: str, currency: str) -> DayRow:
    """One row; no sum of what was confirmed where it would be that of too few."""
    sent = _written(group.sent_minor, currency)
    if group.confirmed_minor is None:
        told = _("%(num)s of %(all)s makers", num=group.confirmed, all=group.makers)
        return DayRow(name, group.makers, sent, str(told), "")
    rest = group.sent_minor - group.confirmed_minor
    return DayRow(
        name, group.makers, sent, _written(group.confirmed_minor, currency), _written(rest, currency) if rest else "–"
    )


def day_chart(days: Sequence[PayDay], currency: str) -> charts.Pairs:
    """What was sent and what was confirmed, the oldest first; where that is not told, only what was sent."""
    return charts.pairs(
        [
            (
                day_short(each.on),
                _whole(each.group.sent_minor, currency),
                None if each.group.confirmed_minor is None else _whole(each.group.confirmed_minor, currency),
            )
            for each in reversed(days)
        ]
    )


@dataclass(frozen=True, slots=True)
class HerRow:
    """A maker's own line."""

    name: Markup
    pen_name: bool
    url: str
    sent: str
    confirmed: bool


def her_rows(lines: Iterable[OwnLine], currency: str) -> list[HerRow]:
    """Those who agreed to it, as they chose to be named."""
    return [
        HerRow(
            tri(line.maker.named),
            line.maker.name is None,
            url_for("home.maker", slug=line.maker.slug),
            _written(line.minor, currency),
            line.confirmed,
        )
        for line in lines
        if line.maker.named is not None
    ]


def _written(minor: int, currency: str) -> str:
    return str(format_money(Money(minor, currency), current_lang()))


def _whole(minor: int, currency: str) -> int:
    return int(minor // 10 ** exponent(currency))
