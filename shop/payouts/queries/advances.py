"""Advances: what of each came back, what her slip has covered so far, and what it will not cover."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from shop.db import Texts
from shop.money import Money
from shop.payouts.models import Advance, Deduction
from shop.work.models import WorkAssignment, WorkOrder, WorkReceipt

ENDED = ("done", "taken_back", "refused")
"""States of a slip by which no further pay comes from it."""

LIVE = ("asked", "agreed", "given")


@dataclass(frozen=True, slots=True)
class AdvanceLine:
    """An advance with its slip, in minor units: `back` came back or is kept back by a payout under way, `earned` is what
    her accepted pieces brought of what the whole slip was to pay.
    """

    advance: Advance
    title: Texts
    earned_minor: int
    back_minor: int
    slip_ended: bool

    @property
    def amount(self) -> Money:
        return Money(self.advance.amount_minor, self.advance.currency)

    @property
    def left(self) -> Money:
        """What she still owes of it."""
        gone = self.back_minor + self.advance.written_off_minor
        return Money(self.advance.amount_minor - gone, self.advance.currency)

    @property
    def covered_minor(self) -> int:
        """The share of it that her accepted pieces have covered, rounded down."""
        return self.advance.amount_minor * self.earned_minor // self.advance.slip_minor

    @property
    def due_minor(self) -> int:
        """What may be kept back by now: the share of the slip that was accepted; all of it at her new word."""
        due = self.covered_minor if self.advance.carried_at is None else self.advance.amount_minor
        return max(min(due - self.back_minor, self.left.minor), 0)

    @property
    def uncovered(self) -> Money:
        """What her slip, now ended, does not cover, and she has not agreed to carry on."""
        if not self.slip_ended or self.advance.carried_at is not None or self.advance.state != "given":
            return Money(0, self.advance.currency)
        lost = self.left.minor - max(self.covered_minor - self.back_minor, 0)
        return Money(max(lost, 0), self.advance.currency)


def advances(
    session: Session,
    *,
    maker_ids: Sequence[int] | None = None,
    assignment_id: int | None = None,
    advance_id: int | None = None,
    states: Sequence[str] = (),
    accepted_before: datetime | None = None,
    newest_first: bool = False,
    after: int | None = None,
    limit: int = 500,
) -> list[AdvanceLine]:
    """Advances with what stands of them, in one statement. Pieces accepted from `accepted_before` on are not counted."""
    earned = select(func.coalesce(func.sum(WorkReceipt.pay_minor), 0)).where(
        WorkReceipt.assignment_id == Advance.assignment_id
    )
    if accepted_before is not None:
        earned = earned.where(WorkReceipt.at < accepted_before)
    back = select(func.coalesce(func.sum(Deduction.amount_minor), 0)).where(
        Deduction.advance_id == Advance.id, Deduction.live
    )
    which: list[ColumnElement[bool]] = []
    if maker_ids is not None:
        which.append(Advance.maker_id.in_(list(maker_ids)))
    if assignment_id is not None:
        which.append(Advance.assignment_id == assignment_id)
    if advance_id is not None:
        which.append(Advance.id == advance_id)
    if states:
        which.append(Advance.state.in_(states))
    if after is not None:
        which.append(Advance.id < after if newest_first else Advance.id > after)
    rows = session.execute(
        select(
            Advance,
            WorkOrder.title,
            WorkAssignment.state,
            earned.scalar_subquery().label("earned"),
            back.scalar_subquery().label("back"),
        )
        .join(WorkAssignment, WorkAssignment.id == Advance.assignment_id)
        .join(WorkOrder, WorkOrder.id == WorkAssignment.work_order_id)
        .where(*which)
        .order_by(Advance.id.desc() if newest_first else Advance.id)
        .limit(limit)
    )
    return [AdvanceLine(row.Advance, row.title, int(row.earned), int(row.back), row.state in ENDED) for row in rows]


def room(session: Session, *, assignment_id: int, but: int = 0) -> int:
    """How much may still be advanced on a slip: half of it less what was, and never more than it can still bring her.

    `but` is an advance that is not counted. 0 for a slip she has not said yes to, or that has ended.
    """
    slip = session.get(WorkAssignment, assignment_id)
    if slip is None or slip.state != "agreed":
        return 0
    taken = session.scalar(
        select(func.coalesce(func.sum(Advance.amount_minor), 0)).where(
            Advance.assignment_id == assignment_id, Advance.state != "refused", Advance.id != but
        )
    )
    earned = session.scalar(
        select(func.coalesce(func.sum(WorkReceipt.pay_minor), 0)).where(WorkReceipt.assignment_id == assignment_id)
    )
    to_come = slip.pay_minor - slip.lost_minor - int(earned or 0)
    return max(min(slip.pay_minor // 2 - int(taken or 0), to_come), 0)
