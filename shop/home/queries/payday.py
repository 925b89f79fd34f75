"""What was paid out last: by workshop, in groups in which nobody can be told apart (product.md 5.12)."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Text, case, cast, func, literal, select
from sqlalchemy.engine import Connection

from shop.db import Texts
from shop.home.kept import Kept
from shop.home.queries.market import GROUP
from shop.makers.models import Maker
from shop.payouts.models import Payout, PayoutBatch
from shop.workshops.models import Workshop, WorkshopMaker

LEFT = ("sent", "acknowledged", "confirmed")
"""States of a payout that has left the co-op."""

_FRESH_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class PaidGroup:
    """A workshop's makers, or several workshops' together (`names` of all of them), on one pay day.

    `confirmed_minor` is None where the sum would be that of fewer than GROUP makers, or of those who have not said yet.
    """

    names: tuple[Texts, ...]
    makers: int
    confirmed: int
    sent_minor: int
    confirmed_minor: int | None


@dataclass(frozen=True, slots=True)
class Payday:
    """The last pay day on which enough makers were paid to say so. The groups sum to `whole`.

    `mark` is another as soon as any of it is.
    """

    on: date
    currency: str
    groups: tuple[PaidGroup, ...]
    whole: PaidGroup
    mark: str


@dataclass(frozen=True, slots=True)
class _Look:
    payday: Payday | None
    until: float


_her = select(func.min(WorkshopMaker.workshop_id)).where(WorkshopMaker.maker_id == Maker.id).scalar_subquery()
_last = (
    select(PayoutBatch.id)
    .join(Payout, Payout.batch_id == PayoutBatch.id)
    .where(Payout.state.in_(LEFT), Payout.payee.like("maker:%"))
    .group_by(PayoutBatch.id, PayoutBatch.pay_on)
    .having(func.count(Payout.payee.distinct()) >= GROUP)
    .order_by(PayoutBatch.pay_on.desc(), PayoutBatch.id.desc())
    .limit(1)
    .scalar_subquery()
)
_sum = func.sum(Payout.amount_minor)
_said = case((Payout.state == "confirmed", Payout.amount_minor), else_=0)
_STATEMENT = (
    select(
        Workshop.id,
        Workshop.name,
        func.count(Payout.payee.distinct()).label("makers"),
        func.count(case((Payout.state == "confirmed", Payout.payee)).distinct()).label("confirmed"),
        cast(_sum, Payout.amount_minor.type).label("sent_minor"),
        cast(func.sum(_said), Payout.amount_minor.type).label("confirmed_minor"),
        func.min(PayoutBatch.pay_on).label("on"),
        func.min(Payout.currency).label("currency"),
    )
    .select_from(Payout)
    .join(PayoutBatch, PayoutBatch.id == Payout.batch_id)
    .join(Maker, literal("maker:") + cast(Maker.id, Text) == Payout.payee)
    .join(Workshop, Workshop.id == _her)
    .where(Payout.batch_id == _last, Payout.state.in_(LEFT))
    .group_by(Workshop.id)
    .order_by(_sum.desc(), Workshop.id)
)
_kept: Kept[_Look] = Kept(2)


def payday(connection: Connection) -> Payday | None:
    """The last pay day; None before the first, or where all of it is too small to show. Kept for some seconds."""
    found = _kept.get("it")
    now = time.monotonic()
    if found is None or now >= found.until:
        rows = connection.execute(_STATEMENT).all()
        found = _kept.put("it", _Look(_payday(rows), now + _FRESH_SECONDS))
    return found.payday


def _payday(rows: Iterable[Any]) -> Payday | None:
    rows = list(rows)
    groups = merged(
        [
            PaidGroup((row.name,), row.makers, row.confirmed, int(row.sent_minor), int(row.confirmed_minor))
            for row in rows
        ]
    )
    if not groups:
        return None
    shown = tuple(_covered(group) for group in groups)
    hidden = [group for group, seen in zip(groups, shown, strict=True) if seen.confirmed_minor is None]
    whole = _together(groups)
    # what the whole shows less what the others show must not be a sum that was just hidden
    told = _safe(whole) and (not hidden or _safe(_together(hidden)))
    return Payday(rows[0].on, rows[0].currency, shown, whole if told else _silenced(whole), repr(rows))


def merged(groups: Iterable[PaidGroup]) -> list[PaidGroup]:
    """Groups of at least GROUP makers: smaller ones become one, with the next smallest until it is large enough.

    Empty where all makers together are fewer. What was merged stands last.
    """
    large = sorted(groups, key=lambda group: group.makers, reverse=True)
    small: list[PaidGroup] = []
    while large and (large[-1].makers < GROUP or (small and sum(group.makers for group in small) < GROUP)):
        small.append(large.pop())
    if small and sum(group.makers for group in small) < GROUP:
        return []
    large.sort(key=lambda group: group.sent_minor, reverse=True)
    return [*large, _together(small[::-1])] if small else large


def _together(groups: Iterable[PaidGroup]) -> PaidGroup:
    groups = list(groups)
    return PaidGroup(
        tuple(name for group in groups for name in group.names),
        sum(group.makers for group in groups),
        sum(group.confirmed for group in groups),
        sum(group.sent_minor for group in groups),
        sum(group.confirmed_minor or 0 for group in groups),
    )


def _safe(group: PaidGroup) -> bool:
    """Whether neither those who confirmed nor those who did not say yet are too few."""
    silent = group.makers - group.confirmed
    return group.confirmed >= GROUP and (silent == 0 or silent >= GROUP)


def _covered(group: PaidGroup) -> PaidGroup:
    return group if _safe(group) else _silenced(group)


def _silenced(group: PaidGroup) -> PaidGroup:
    return PaidGroup(group.names, group.makers, group.confirmed, group.sent_minor, None)
