"""What others owe us for a refund: carriers for a loss, brokers for a fault they let pass; and who agreed to it."""

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from shop.ledger.audit import Breach, Sums, booked, check, disagreeing, named_rows
from shop.ledger.chart import account
from shop.orders.models import Fault, Refund, RefundPart, SellerOrder, SplitPart


def _claims(session: Session) -> list[Breach]:
    """carrier:claims of each carrier is what was asked of it and has not ended."""
    rows: Sums = {
        (str(account("carrier:claims", row.claim_on)), row.currency): int(row.minor)
        for row in session.execute(
            select(Refund.claim_on, Refund.currency, func.sum(Refund.claim_minor).label("minor"))
            .where(Refund.claim_minor > 0, Refund.claim_got_minor.is_(None))
            .group_by(Refund.claim_on, Refund.currency)
        )
    }
    return disagreeing("orders.carrier_claims", rows, booked(session, "carrier:claims"))


def _owed(session: Session) -> list[Breach]:
    """broker:owes and workshop:owes are what they had been given for pieces whose fault they let pass."""
    rows: Sums = {}
    for row in session.execute(
        select(
            SplitPart.payee, SellerOrder.workshop_id, SplitPart.currency, func.sum(RefundPart.owed_minor).label("minor")
        )
        .join(RefundPart, RefundPart.part_id == SplitPart.id)
        .join(SellerOrder, SellerOrder.id == SplitPart.seller_order_id)
        .where(RefundPart.owed_minor > 0)
        .group_by(SplitPart.payee, SellerOrder.workshop_id, SplitPart.currency)
    ):
        owner, _, number = (row.payee or f"workshop:{row.workshop_id}").partition(":")
        key = (str(account(f"{owner}:owes", number)), row.currency)
        rows[key] = rows.get(key, 0) + int(row.minor)
    return disagreeing("orders.owed_for_faults", rows, booked(session, "broker:owes", "workshop:owes"))


def _second(session: Session) -> list[Breach]:
    """A fault is agreed by a second person, and only then has a refund: its own, of as many pieces."""
    wrong = (
        select(Fault.id)
        .outerjoin(Refund, Refund.id == Fault.refund_id)
        .where(
            or_(
                (Fault.state == "agreed") != Refund.id.is_not(None),
                and_(Fault.state == "agreed", Fault.ended_by == Fault.asked_by),
                Refund.reason != "fault",
                Refund.quantity != Fault.quantity,
            )
        )
    )
    return named_rows(session, "orders.fault_has_a_second_person", wrong)


def init_checks() -> None:
    """Register these."""
    for name, found in {
        "orders.carrier_claims": _claims,
        "orders.owed_for_faults": _owed,
        "orders.fault_has_a_second_person": _second,
    }.items():
        check(name)(found)
