"""What passed between us and Stripe stands in the books, in the same words on both sides, and nothing of it is stuck."""

from datetime import timedelta

from sqlalchemy import func, literal, or_, select
from sqlalchemy.orm import Session

from shop import clock
from shop.ledger.audit import Breach, Sums, booked, check, disagreeing, named_rows
from shop.ledger.chart import account
from shop.ledger.models import Account, Posting, Transfer
from shop.ledger.queries import balance
from shop.orders.models import Dispute, Refund
from shop.outbox.models import OutboxRow
from shop.payments.models import Checkout, StripeEvent, StripeRefund

STUCK = timedelta(days=1)
SAME = {"decided": ("pending", "unknown"), "sent": ("sent", "failed"), "failed": ("failed",)}
"""State of a refund → what its last attempt at Stripe may be; what failed there was sent by bank."""


def _received(session: Session) -> list[Breach]:
    """Whatever Stripe got stands in the books, also what was not the sum we asked for."""
    posted = select(Posting.id).where(Posting.key == literal("pay:") + Checkout.payment_intent).exists()
    wrong = select(Checkout.id).where(or_(Checkout.state == "paid", Checkout.received_minor.is_not(None)), ~posted)
    return named_rows(session, "orders.payment_is_posted", wrong)


def _of_nobody(session: Session, kind: str) -> Sums:
    """What payments that no order took have left on accounts of this kind, by their own postings."""
    found: Sums = {}
    stem = literal("pay:") + Checkout.payment_intent
    for column, sign in ((Transfer.debit_id, 1), (Transfer.credit_id, -1)):
        rows = session.execute(
            select(Transfer.currency, func.sum(Transfer.amount_minor))
            .join(Account, Account.id == column)
            .join(Posting, Posting.id == Transfer.posting_id)
            .join(Checkout, or_(Posting.key == stem, Posting.key == stem + ":fee", Posting.key == stem + ":back"))
            .where(Account.kind == kind, Checkout.state != "paid")
            .group_by(Transfer.currency)
        )
        for currency, minor in rows:
            found[kind, currency] = found.get((kind, currency), 0) + sign * int(minor)
    return found


def _balance(session: Session) -> list[Breach]:
    """psp:stripe is what was received, less its fees, less what was sent back through it or taken back by disputes."""
    rows = _of_nobody(session, "psp:stripe")
    for query in (
        select(Checkout.currency, func.sum(Checkout.received_minor - func.coalesce(Checkout.fee_minor, 0)))
        .where(Checkout.state == "paid")
        .group_by(Checkout.currency),
        select(StripeRefund.currency, -func.sum(StripeRefund.amount_minor))
        .where(StripeRefund.state == "sent")
        .group_by(StripeRefund.currency),
    ):
        for currency, minor in session.execute(query):
            rows["psp:stripe", currency] = rows.get(("psp:stripe", currency), 0) + int(minor or 0)
    back = Dispute.returned_minor + Dispute.fee_back_minor - Dispute.withdrawn_minor - Dispute.fee_minor
    for currency, minor in session.execute(select(Dispute.currency, func.sum(back)).group_by(Dispute.currency)):
        rows["psp:stripe", currency] = rows.get(("psp:stripe", currency), 0) + int(minor)
    currencies = session.scalars(select(Account.currency).where(Account.kind == "psp:stripe"))
    books = {("psp:stripe", each): balance(session, account("psp:stripe"), each) for each in currencies}
    return disagreeing("orders.stripe_balance", rows, books)


def _suspense(session: Session) -> list[Breach]:
    """suspense:in is what came for an order that could not take it."""
    rows = {key: -minor for key, minor in _of_nobody(session, "suspense:in").items()}
    return disagreeing("orders.suspense", rows, booked(session, "suspense:in"))


def _refunds(session: Session) -> list[Breach]:
    """The last attempt of each refund at Stripe is for its sum and in its state; one paid by bank has failed there."""
    last: dict[int, tuple[str, int]] = {}
    for row in session.execute(
        select(StripeRefund.ref, StripeRefund.state, StripeRefund.amount_minor)
        .where(StripeRefund.ref.like("refund:%"))
        .order_by(StripeRefund.id)
    ):
        last[int(row.ref.split(":")[1])] = (row.state, row.amount_minor)
    wrong = set(last)
    for refund in session.execute(select(Refund.id, Refund.state, Refund.amount_minor).where(Refund.amount_minor > 0)):
        state, minor = last.get(refund.id, ("", 0))
        if state in SAME[refund.state] and minor == refund.amount_minor:
            wrong.discard(refund.id)
        else:
            wrong.add(refund.id)
    ids = sorted(wrong)[:50]
    return [Breach("orders.refund_agrees_with_stripe", list(ids))] if ids else []


def _events(session: Session) -> list[Breach]:
    wrong = select(StripeEvent.id).where(
        StripeEvent.handled_at.is_(None), StripeEvent.received_at < clock.now() - STUCK
    )
    return named_rows(session, "orders.event_stuck", wrong)


def _jobs(session: Session) -> list[Breach]:
    wrong = select(OutboxRow.id).where(
        OutboxRow.state != "done", OutboxRow.kind.startswith("payments."), OutboxRow.due_at < clock.now() - STUCK
    )
    return named_rows(session, "orders.payment_job_stuck", wrong)


def init_checks() -> None:
    """Register these."""
    for name, found in {
        "orders.payment_is_posted": _received,
        "orders.stripe_balance": _balance,
        "orders.suspense": _suspense,
        "orders.refund_agrees_with_stripe": _refunds,
        "orders.event_stuck": _events,
        "orders.payment_job_stuck": _jobs,
    }.items():
        check(name)(found)
