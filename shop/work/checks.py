"""What `flask audit` checks of work: counts, and the pay that stands behind them in the books."""

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from shop.ledger.audit import Breach, booked, check, disagreeing, named_rows
from shop.ledger.chart import account
from shop.ledger.models import Earning
from shop.work.models import LIVE, SAID_YES, WorkAssignment, WorkOrder, WorkReceipt


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
        (str(account("maker:held", maker_id)), currency): int(minor)
        for maker_id, currency, minor in session.execute(
            select(
                WorkAssignment.maker_id,
                WorkAssignment.currency,
                func.sum(WorkAssignment.pay_minor - WorkAssignment.lost_minor - func.coalesce(paid.c.pay, 0)),
            )
            .join(WorkOrder, WorkOrder.id == WorkAssignment.work_order_id)
            .outerjoin(paid, paid.c.assignment_id == WorkAssignment.id)
            .where(WorkAssignment.state.in_(SAID_YES), WorkOrder.ledger_line != "")
            .group_by(WorkAssignment.maker_id, WorkAssignment.currency)
        )
    }
    return disagreeing("work.held", owed, booked(session, "maker:held"))


def _receipts_earn(session: Session) -> list[Breach]:
    wrong = (
        select(WorkReceipt.id)
        .outerjoin(Earning, Earning.source == "receipt:" + cast(WorkReceipt.id, String))
        .where(WorkReceipt.pay_minor != func.coalesce(Earning.amount_minor, 0))
    )
    return named_rows(session, "work.receipt_earning", wrong)


def init_checks() -> None:
    check("work.counts")(_counts)
    check("work.assigned_over")(_assigned)
    check("work.held")(_held)
    check("work.receipt_earning")(_receipts_earn)
