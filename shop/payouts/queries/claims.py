"""Which part of an earning no payout claims yet, and when she said that the whole of it had come.

An earning is claimed whole, save where a payout in cash ends at whole notes and leaves its rest for another (money.md 4).
"""

from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import aliased

from shop.ledger.models import Earning
from shop.payouts.models import Payout, PayoutItem

_CLAIM = (PayoutItem.earning_id == Earning.id, PayoutItem.live)


def still_open() -> ColumnElement[int]:
    """Minor units of an earning that no live payout claims; for a query about earnings."""
    claimed = select(func.sum(PayoutItem.amount_minor)).where(*_CLAIM).scalar_subquery()
    return Earning.amount_minor - func.coalesce(claimed, 0)


def kept_of() -> ColumnElement[int]:
    """Minor units of an earning that were kept back for an advance; for a query about earnings."""
    item = aliased(PayoutItem)  # the query may be about claims too
    kept = select(func.sum(item.amount_minor)).where(
        item.earning_id == Earning.id, item.live, item.deduction_id.is_not(None)
    )
    return func.coalesce(kept.scalar_subquery(), 0)


def has_open() -> ColumnElement[bool]:
    """Whether an earning has something that no live payout claims."""
    # claimed at one stroke is the rule, and answered by the index alone
    whole = exists().where(*_CLAIM, PayoutItem.amount_minor == Earning.amount_minor)
    return ~whole & (still_open() > 0)


def confirmed_at(source: Any) -> Any:
    """When the maker herself said that the whole pay for this source, `receipt:7`, had come; NULL before she did.

    What was kept back for her advance had come before.
    """
    return (
        select(func.max(Payout.closed_at))
        .select_from(Earning)
        .join(PayoutItem, PayoutItem.earning_id == Earning.id)
        .join(Payout, Payout.id == PayoutItem.payout_id)
        .where(
            Earning.source == source,
            PayoutItem.live,
            or_(Payout.state == "confirmed", PayoutItem.deduction_id.is_not(None)),
        )
        .group_by(Earning.id, Earning.amount_minor)
        .having(func.sum(PayoutItem.amount_minor) == Earning.amount_minor)
        .scalar_subquery()
    )
