"""Disputes: what stands open in the books is what the rows say, and nothing more is a loss than was paid and not sent back."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, and_, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from shop.ledger.audit import Breach, Sums, booked, check, disagreeing, named_rows
from shop.ledger.models import Posting
from shop.orders.models import Dispute, Refund
from shop.payments.models import Checkout


def _open(session: Session) -> list[Breach]:
    """disputes:open is what banks took back, less what came back and what was lost."""
    left = func.sum(Dispute.withdrawn_minor - Dispute.returned_minor - Dispute.lost_minor)
    rows: Sums = {
        ("disputes:open", row.currency): int(row.minor)
        for row in session.execute(select(Dispute.currency, left.label("minor")).group_by(Dispute.currency))
    }
    return disagreeing("orders.disputes_open", rows, booked(session, "disputes:open"))


def _posted(session: Session) -> list[Breach]:
    """Each sum of a dispute has its posting, and no posting is without its sum."""
    sums: Mapping[str, InstrumentedAttribute[int]] = {
        "opened": Dispute.withdrawn_minor,
        "fee": Dispute.fee_minor,
        "won": Dispute.returned_minor,
        "fee_back": Dispute.fee_back_minor,
        "lost": Dispute.lost_minor,
    }
    wrong: list[ColumnElement[bool]] = []
    for name, minor in sums.items():
        key = literal("dispute:") + Dispute.dispute_id + literal(f":{name}")
        posted = select(Posting.id).where(Posting.key == key).exists()
        wrong.append(and_(minor > 0, ~posted))
        if name != "lost":  # a loss that was won after all is none any more
            wrong.append(and_(minor == 0, posted))
    return named_rows(session, "orders.dispute_is_posted", select(Dispute.id).where(or_(*wrong)))


def _lost(session: Session) -> list[Breach]:
    """What a payment lost by disputes and what was given back of it are together no more than was paid."""
    lost = (
        select(Dispute.payment_intent, func.sum(Dispute.lost_minor).label("minor"))
        .where(Dispute.state == "lost")
        .group_by(Dispute.payment_intent)
        .subquery()
    )
    back = select(func.coalesce(func.sum(Refund.amount_minor), 0)).where(
        Refund.payment_intent == Checkout.payment_intent
    )
    wrong = (
        select(Checkout.id)
        .join(lost, lost.c.payment_intent == Checkout.payment_intent)
        .where(lost.c.minor > 0, lost.c.minor + back.scalar_subquery() > Checkout.received_minor)
    )
    return named_rows(session, "orders.lost_within_paid", wrong)


def init_checks() -> None:
    """Register these."""
    for name, found in {
        "orders.disputes_open": _open,
        "orders.dispute_is_posted": _posted,
        "orders.lost_within_paid": _lost,
    }.items():
        check(name)(found)
