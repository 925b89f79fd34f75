"""What is given back: within what was paid, part by part, decided and sent once each, in rows, books and at Stripe."""

from sqlalchemy import String, case, cast, func, literal, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.sql.selectable import Subquery

from shop.ledger.audit import Breach, Sums, booked, check, disagreeing, named_rows
from shop.ledger.chart import account
from shop.ledger.models import Posting
from shop.orders.models import OrderGroup, Refund, RefundPart, SplitPart
from shop.payments.models import Checkout

OF_PARTS = ("cancelled", "return", "lost", "reduction", "fault")
"""Reasons of refunds of what the order took; the others are of payments, or of what was too much of one."""

_OF_NOBODY = (
    select(Checkout.id)
    .where(Checkout.payment_intent == Refund.payment_intent, Checkout.state != "paid")
    .correlate(Refund)
    .exists()
)
"""A refund of what did not fit its order."""


def _received() -> Subquery:
    """Reference of what is paid → everything that Stripe got for it."""
    return (
        select(Checkout.ref, func.sum(Checkout.received_minor).label("minor"))
        .where(Checkout.state == "paid")
        .group_by(Checkout.ref)
        .subquery()
    )


def _within(session: Session) -> list[Breach]:
    back = (
        select(Refund.group_id, func.sum(Refund.amount_minor).label("minor"))
        .where(~_OF_NOBODY)
        .group_by(Refund.group_id)
        .subquery()
    )
    got = _received()
    wrong = (
        select(back.c.group_id)
        .outerjoin(got, got.c.ref == literal("order:") + cast(back.c.group_id, String))
        .where(back.c.minor > func.coalesce(got.c.minor, 0))
    )
    return named_rows(session, "orders.refunded_within_paid", wrong)


def _buyer_credit(session: Session) -> list[Breach]:
    """buyer:credit is what was received, less what the order took, plus what was decided, less what was sent back."""
    got = _received()
    decided, sent = (
        select(Refund.group_id, func.sum(Refund.amount_minor).label("minor"))
        .where(these, ~_OF_NOBODY)
        .group_by(Refund.group_id)
        .subquery()
        for these in (Refund.reason.in_(OF_PARTS), Refund.state == "sent")
    )
    rows: Sums = {}
    for row in session.execute(
        select(
            OrderGroup.id,
            OrderGroup.currency,
            func.coalesce(got.c.minor, 0).label("received"),
            case((OrderGroup.paid_at.is_not(None), OrderGroup.total_minor), else_=0).label("used"),
            (func.coalesce(decided.c.minor, 0) - func.coalesce(sent.c.minor, 0)).label("waiting"),
        )
        .outerjoin(got, got.c.ref == literal("order:") + cast(OrderGroup.id, String))
        .outerjoin(decided, decided.c.group_id == OrderGroup.id)
        .outerjoin(sent, sent.c.group_id == OrderGroup.id)
    ):
        minor = int(row.received) - row.used + int(row.waiting)
        rows[str(account("buyer:credit", row.id)), row.currency] = minor
    for row in session.execute(
        select(Refund.group_id, Refund.currency, func.sum(Refund.amount_minor).label("minor"))
        .where(_OF_NOBODY, Refund.state != "sent")
        .group_by(Refund.group_id, Refund.currency)
    ):
        key = str(account("buyer:credit", row.group_id)), row.currency
        rows[key] = rows.get(key, 0) + int(row.minor)
    return disagreeing("orders.buyer_credit", rows, booked(session, "buyer:credit"))


def _parts(session: Session) -> list[Breach]:
    """A line's refund is the sum of what it undid of each part, and a part knows all that was undone of it."""
    undone = (
        select(RefundPart.part_id, func.sum(RefundPart.paid_minor).label("minor"))
        .group_by(RefundPart.part_id)
        .subquery()
    )
    parts = (
        select(SplitPart.id)
        .outerjoin(undone, undone.c.part_id == SplitPart.id)
        .where(SplitPart.refunded_minor != func.coalesce(undone.c.minor, 0))
    )
    told = (
        select(RefundPart.refund_id, func.sum(RefundPart.paid_minor).label("minor"))
        .group_by(RefundPart.refund_id)
        .subquery()
    )
    refunds = (
        select(Refund.id)
        .outerjoin(told, told.c.refund_id == Refund.id)
        .where(Refund.reason.in_(OF_PARTS), Refund.amount_minor != func.coalesce(told.c.minor, 0))
    )
    return [
        *named_rows(session, "orders.refunded_parts", parts),
        *named_rows(session, "orders.refunded_parts", refunds),
    ]


def _posted(session: Session) -> list[Breach]:
    """A line's refund is decided in the books, and a refund stands as sent exactly when the books say so."""
    decided = select(Posting.id).where(Posting.key == literal("refund:") + cast(Refund.id, String)).exists()
    moved = RefundPart.paid_minor + RefundPart.given_minor + RefundPart.undone_minor > 0
    something = select(RefundPart.id).where(RefundPart.refund_id == Refund.id, moved).exists()
    reversal = aliased(Posting)
    taken_back = select(reversal.id).where(reversal.reverses_id == Posting.id).exists()
    # refund:<id>:<what Stripe or the bank calls it>
    gone = {
        key.split(":")[1]
        for key in session.scalars(
            select(Posting.key).where(Posting.key.like("refund:%:%"), Posting.reverses_id.is_(None), ~taken_back)
        )
    }
    told = set(session.scalars(select(cast(Refund.id, String)).where(Refund.state == "sent", Refund.amount_minor > 0)))
    wrong = sorted(int(number) for number in gone ^ told)[:50]
    return [
        *named_rows(session, "orders.refund_is_posted", select(Refund.id).where(something, ~decided)),
        *([Breach("orders.refund_is_posted", list(wrong))] if wrong else []),
    ]


def init_checks() -> None:
    """Register these."""
    for name, found in {
        "orders.refunded_within_paid": _within,
        "orders.buyer_credit": _buyer_credit,
        "orders.refunded_parts": _parts,
        "orders.refund_is_posted": _posted,
    }.items():
        check(name)(found)
