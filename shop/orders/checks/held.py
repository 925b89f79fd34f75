"""Money that waits: for a maker's yes, for her piece, for the parcel. What waits in the books waits in the rows."""

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import Subquery

from shop.ledger.audit import Breach, Sums, booked, check, disagreeing, named_rows
from shop.ledger.chart import Name, account
from shop.orders.models import OrderGroup, OrderLine, Refund, RefundPart, SellerOrder, Shipment, SplitPart
from shop.work.models import SAID_YES, WorkAssignment, WorkOrder

WAITING = ("broker:held", "workshop:held", "coop:commission:held", "tax")


def _undone() -> Subquery:
    """Part → what refunds took back out of its account; whatever is lost or returned is borne elsewhere (money.md 2)."""
    return (
        select(RefundPart.part_id, func.sum(RefundPart.undone_minor).label("minor"))
        .group_by(RefundPart.part_id)
        .subquery()
    )


def _to_make(session: Session, kind: str) -> dict[int, tuple[str, int]]:
    """Line to be made, of a paid order → its currency and what of its part was not undone."""
    undone = _undone()
    rows = session.execute(
        select(
            SplitPart.line_id,
            SplitPart.currency,
            func.sum(SplitPart.paid_minor + SplitPart.given_minor - func.coalesce(undone.c.minor, 0)).label("minor"),
        )
        .join(OrderLine, OrderLine.id == SplitPart.line_id)
        .join(SellerOrder, SellerOrder.id == SplitPart.seller_order_id)
        .join(OrderGroup, OrderGroup.id == SellerOrder.group_id)
        .outerjoin(undone, undone.c.part_id == SplitPart.id)
        .where(OrderGroup.paid_at.is_not(None), OrderLine.source == "made", SplitPart.kind == kind)
        .group_by(SplitPart.line_id, SplitPart.currency)
    )
    return {row.line_id: (row.currency, int(row.minor)) for row in rows}


def _open(session: Session) -> list[Breach]:
    """work:open of a line is her part less what was agreed with makers, of which rejected pieces gave theirs back."""
    agreed = {
        row.ledger_line: int(row.minor)
        for row in session.execute(
            select(WorkOrder.ledger_line, func.sum(WorkAssignment.pay_minor - WorkAssignment.lost_minor).label("minor"))
            .join(WorkAssignment, WorkAssignment.work_order_id == WorkOrder.id)
            .where(WorkOrder.ledger_line != "", WorkAssignment.state.in_(SAID_YES))
            .group_by(WorkOrder.ledger_line)
        )
    }
    rows: Sums = {
        (str(account("work:open", f"L{line_id}")), currency): minor - agreed.get(f"L{line_id}", 0)
        for line_id, (currency, minor) in _to_make(session, "maker").items()
    }
    return disagreeing("orders.work_open", rows, booked(session, "work:open"))


def _materials(session: Session) -> list[Breach]:
    """materials:held of a line is its part less the shares of its accepted pieces, the earlier of them the larger ones."""
    used: dict[str, int] = {}
    for row in session.execute(
        select(
            WorkOrder.ledger_line,
            WorkOrder.materials_minor,
            WorkOrder.quantity,
            func.sum(WorkAssignment.accepted).label("accepted"),
        )
        .join(WorkAssignment, WorkAssignment.work_order_id == WorkOrder.id)
        .where(WorkOrder.ledger_line != "")
        .group_by(WorkOrder.ledger_line, WorkOrder.materials_minor, WorkOrder.quantity)
    ):
        each, over = divmod(row.materials_minor, row.quantity)
        used[row.ledger_line] = each * int(row.accepted) + min(over, int(row.accepted))
    rows: Sums = {
        (str(account("materials:held", f"L{line_id}")), currency): minor - used.get(f"L{line_id}", 0)
        for line_id, (currency, minor) in _to_make(session, "materials").items()
    }
    return disagreeing("orders.materials_held", rows, booked(session, "materials:held"))


def _waits_in(kind: str, payee: str, workshop_id: int) -> Name:
    if kind == "tax":
        return account("tax", payee or "sales")
    if kind == "workshop" and not payee:
        return account("workshop:held", workshop_id)
    if kind in {"broker", "shipping", "workshop"} and payee:
        owner, _, number = payee.partition(":")
        return account(f"{owner}:held", number)
    return account("coop:commission:held", workshop_id)


def _held(session: Session) -> list[Breach]:
    """Broker's, workshop's and co-op's parts wait from payment to release; tax waits for its office."""
    undone = _undone()
    whole = SplitPart.paid_minor + SplitPart.given_minor - func.coalesce(undone.c.minor, 0)
    rows: Sums = {}
    for row in session.execute(
        select(
            SplitPart.kind,
            SplitPart.payee,
            SellerOrder.workshop_id,
            SplitPart.currency,
            func.sum(whole).label("minor"),
        )
        .join(SellerOrder, SellerOrder.id == SplitPart.seller_order_id)
        .join(OrderGroup, OrderGroup.id == SellerOrder.group_id)
        .outerjoin(undone, undone.c.part_id == SplitPart.id)
        .where(
            OrderGroup.paid_at.is_not(None),
            SplitPart.kind.not_in(("maker", "materials", "costs")),
            case((SplitPart.kind == "tax", SplitPart.line_id.is_not(None)), else_=~SplitPart.released),
        )
        .group_by(SplitPart.kind, SplitPart.payee, SellerOrder.workshop_id, SplitPart.currency)
    ):
        key = (str(_waits_in(row.kind, row.payee, row.workshop_id)), row.currency)
        rows[key] = rows.get(key, 0) + int(row.minor)
    return disagreeing("orders.held", rows, booked(session, *WAITING))


def _released(session: Session) -> list[Breach]:
    """A part is released with its parcel and not before; one that was cancelled is nobody's, and passed by."""
    cancelled = (
        select(RefundPart.id)
        .join(Refund, Refund.id == RefundPart.refund_id)
        .where(RefundPart.part_id == SplitPart.id, Refund.reason == "cancelled")
        .exists()
    )
    wrong = (
        select(SplitPart.id)
        .outerjoin(Shipment, Shipment.seller_order_id == SplitPart.seller_order_id)
        .where(
            case(
                (SplitPart.released, and_(Shipment.released_at.is_(None), ~cancelled)),
                else_=Shipment.released_at.is_not(None),
            )
        )
    )
    return named_rows(session, "orders.released_with_its_parcel", wrong)


def init_checks() -> None:
    """Register these."""
    for name, found in {
        "orders.work_open": _open,
        "orders.materials_held": _materials,
        "orders.held": _held,
        "orders.released_with_its_parcel": _released,
    }.items():
        check(name)(found)
