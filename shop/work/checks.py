"""What `flask audit` checks of work: counts, and the pay that stands behind them in the books."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.ledger.audit import Breach, check
from shop.ledger.models import Account, Earning
from shop.work.models import WorkAssignment, WorkOrder, WorkReceipt

LIVE = ("asked", "agreed", "done")


def _counts(session: Session) -> list[Breach]:
    got = (
        select(
            WorkReceipt.assignment_id,
            func.sum(WorkReceipt.accepted).label("accepted"),
            func.sum(WorkReceipt.rejected).label("rejected"),
        )
        .group_by(WorkReceipt.assignment_id)
        .subquery()
    )
    ids = session.scalars(
        select(WorkAssignment.id)
        .outerjoin(got, got.c.assignment_id == WorkAssignment.id)
        .where(
            (WorkAssignment.accepted != func.coalesce(got.c.accepted, 0))
            | (WorkAssignment.rejected != func.coalesce(got.c.rejected, 0))
        )
    ).all()
    return [Breach("work.counts", list(ids))] if ids else []


def _assigned(session: Session) -> list[Breach]:
    ids = session.scalars(
        select(WorkOrder.id)
        .join(WorkAssignment, WorkAssignment.work_order_id == WorkOrder.id)
        .where(WorkAssignment.state.in_(LIVE))
        .group_by(WorkOrder.id, WorkOrder.quantity, WorkOrder.maker_minor)
        .having(
            (func.sum(WorkAssignment.quantity - WorkAssignment.rejected) > WorkOrder.quantity)
            | (func.sum(WorkAssignment.pay_minor - WorkAssignment.lost_minor) > WorkOrder.maker_minor)
        )
    ).all()
    return [Breach("work.assigned_over", list(ids))] if ids else []


def _held(session: Session) -> list[Breach]:
    """maker:held is what agreed, undelivered work of orders will pay her."""
    paid = (
        select(WorkReceipt.assignment_id, func.sum(WorkReceipt.pay_minor).label("pay"))
        .group_by(WorkReceipt.assignment_id)
        .subquery()
    )
    owed = {
        str(row[0]): int(row[1])
        for row in session.execute(
            select(
                WorkAssignment.maker_id,
                func.sum(WorkAssignment.pay_minor - WorkAssignment.lost_minor - func.coalesce(paid.c.pay, 0)),
            )
            .join(WorkOrder, WorkOrder.id == WorkAssignment.work_order_id)
            .outerjoin(paid, paid.c.assignment_id == WorkAssignment.id)
            .where(WorkAssignment.state.in_(("agreed", "done")), WorkOrder.ledger_line != "")
            .group_by(WorkAssignment.maker_id)
        )
    }
    booked = {
        row.owner: row.balance_minor for row in session.scalars(select(Account).where(Account.kind == "maker:held"))
    }
    wrong = sorted(key for key in {*owed, *booked} if owed.get(key, 0) != booked.get(key, 0))
    return [Breach("work.held", [key], {"work": owed.get(key, 0), "booked": booked.get(key, 0)}) for key in wrong]


def _receipts_earn(session: Session) -> list[Breach]:
    earned = select(Earning.source, Earning.amount_minor).where(Earning.source.like("receipt:%")).subquery()
    sums = {row[0]: int(row[1]) for row in session.execute(select(earned.c.source, earned.c.amount_minor))}
    ids = [
        row.id
        for row in session.execute(select(WorkReceipt.id, WorkReceipt.pay_minor))
        if sums.get(f"receipt:{row.id}", 0) != row.pay_minor
    ]
    return [Breach("work.receipt_earning", list(ids))] if ids else []


def init_checks() -> None:
    check("work.counts")(_counts)
    check("work.assigned_over")(_assigned)
    check("work.held")(_held)
    check("work.receipt_earning")(_receipts_earn)
