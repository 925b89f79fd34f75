"""What was paid out last: by workshop, in groups in which nobody can be told apart (product.md 5.12).

Who agreed to a line of her own in the open accounts is told apart there: groups are then counted without her, or the
others would be found by subtracting.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, Text, case, cast, func, literal, select
from sqlalchemy.engine import Connection

from shop.db import Texts
from shop.home.kept import Kept
from shop.home.queries.market import GROUP
from shop.makers.models import Consent, Maker
from shop.makers.public import NAMED, agrees
from shop.payouts.models import Payout, PayoutBatch
from shop.payouts.queries.income import put_together
from shop.workshops.models import Workshop, WorkshopMaker

LEFT = ("sent", "acknowledged", "confirmed")
"""States of a payout that has left the co-op."""

_FRESH_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class PaidGroup:
    """A workshop's makers, or several workshops' together (`names` of all of them), on one pay day.

    `confirmed_minor` is None where the sum would be that of fewer than GROUP makers, or of those who have not said yet.
    `named` of the makers, and of those who confirmed, have a line of their own in the open accounts.
    """

    names: tuple[Texts, ...]
    makers: int
    confirmed: int
    sent_minor: int
    confirmed_minor: int | None
    named: int = 0
    named_confirmed: int = 0

    @property
    def hidden(self) -> int:
        """Makers without a line of their own."""
        return self.makers - self.named


@dataclass(frozen=True, slots=True)
class Payday:
    """The last pay day on which enough makers were paid to say so. The groups sum to `whole`.

    `mark` is another as soon as any of it is. `lines_shown`: those who agreed may be shown with a line of their own,
    since those who did not are either nobody or too many to be told apart.
    """

    batch_id: int
    on: date
    currency: str
    groups: tuple[PaidGroup, ...]
    whole: PaidGroup
    mark: str
    lines_shown: bool


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


def has_own_line() -> ColumnElement[bool]:
    """SQL condition: today she agrees to a line of her own, and to a name, and did before this pay day."""
    said = select(Consent.id).where(
        Consent.maker_id == Maker.id,
        Consent.item == "own_line",
        Consent.live,
        Consent.given,
        Consent.withdrawn_on.is_(None),
        Consent.answered_on <= PayoutBatch.pay_on,
    )
    return said.exists() & agrees(Maker.id, *NAMED)


_sum = func.sum(Payout.amount_minor)
_own = case((has_own_line(), 1), else_=0)
_said = case((Payout.state == "confirmed", Payout.amount_minor), else_=0)
_STATEMENT = (
    select(
        Workshop.id,
        Workshop.name,
        func.count(Payout.payee.distinct()).label("makers"),
        func.count(case((Payout.state == "confirmed", Payout.payee)).distinct()).label("confirmed"),
        cast(_sum, Payout.amount_minor.type).label("sent_minor"),
        cast(func.sum(_said), Payout.amount_minor.type).label("confirmed_minor"),
        cast(func.sum(_own), Integer).label("named"),
        cast(func.sum(case((Payout.state == "confirmed", _own), else_=0)), Integer).label("named_confirmed"),
        func.min(PayoutBatch.id).label("batch_id"),
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


def payday(connection: Connection, *, fresh: bool = False) -> Payday | None:
    """The last pay day; None before the first, or where all of it is too small to show. Kept for some seconds, but
    where it stands beside lines of those who agreed: groups and lines must be counted from the same answers.
    """
    found = _kept.get("it")
    now = time.monotonic()
    if fresh or found is None or now >= found.until:
        rows = connection.execute(_STATEMENT).all()
        found = _kept.put("it", _Look(_payday(rows), now + _FRESH_SECONDS))
    return found.payday


def _payday(rows: Iterable[Any]) -> Payday | None:
    rows = list(rows)
    each = [
        PaidGroup(
            (row.name,),
            row.makers,
            row.confirmed,
            int(row.sent_minor),
            int(row.confirmed_minor),
            row.named,
            row.named_confirmed,
        )
        for row in rows
    ]
    hidden_makers = sum(group.hidden for group in each)
    lines_shown = any(group.named for group in each) and (hidden_makers == 0 or hidden_makers >= GROUP)
    if hidden_makers == 0 or not lines_shown:
        # either there is nobody left to protect, or nobody is told apart
        each = [replace(group, named=0, named_confirmed=0) for group in each]
    groups = merged(each)
    if not groups:
        return None
    shown = tuple(_covered(group) for group in groups)
    hidden = [group for group, seen in zip(groups, shown, strict=True) if seen.confirmed_minor is None]
    whole = _together(groups)
    # what the whole shows less what the others show must not be a sum that was just hidden
    told = safe(whole) and (not hidden or safe(_together(hidden)))
    return Payday(
        rows[0].batch_id,
        rows[0].on,
        rows[0].currency,
        shown,
        whole if told else silenced(whole),
        repr(rows),
        lines_shown,
    )


def merged(groups: Iterable[PaidGroup]) -> list[PaidGroup]:
    """Groups of at least GROUP makers without a line of their own: smaller ones become one, with the next smallest until
    it is large enough.

    Empty where all of them together are fewer. What was merged stands last.
    """
    known = dict(enumerate(groups))
    named, others = put_together({place: group.hidden for place, group in known.items()}, least=GROUP)
    if not named and sum(group.hidden for group in known.values()) < GROUP:
        return []
    large = sorted((known[place] for place in named), key=lambda group: group.sent_minor, reverse=True)
    return [*large, _together(known[place] for place in others)] if others else large


def _together(groups: Iterable[PaidGroup]) -> PaidGroup:
    groups = list(groups)
    return PaidGroup(
        tuple(name for group in groups for name in group.names),
        sum(group.makers for group in groups),
        sum(group.confirmed for group in groups),
        sum(group.sent_minor for group in groups),
        sum(group.confirmed_minor or 0 for group in groups),
        sum(group.named for group in groups),
        sum(group.named_confirmed for group in groups),
    )


def safe(group: PaidGroup) -> bool:
    """Whether neither those who confirmed nor those who did not say yet are too few, without those who are named."""
    confirmed = group.confirmed - group.named_confirmed
    silent = group.hidden - confirmed
    return confirmed >= GROUP and (silent == 0 or silent >= GROUP)


def _covered(group: PaidGroup) -> PaidGroup:
    return group if safe(group) else silenced(group)


def silenced(group: PaidGroup) -> PaidGroup:
    """The same without the sum of what was confirmed."""
    return replace(group, confirmed_minor=None)
