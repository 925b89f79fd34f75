"""Sending money back to the buyer: through Stripe, and by bank where Stripe cannot (money.md 5)."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import STRIPE, WORKER, Actor
from shop.coop.services import close_task, open_task
from shop.db import locked
from shop.errors import BadInput, Conflict, NotFound, NotYours
from shop.ledger.chart import account
from shop.ledger.models import Posting
from shop.ledger.services import Draft, Move, post
from shop.orders.history import note
from shop.orders.mails import owe_order_mail
from shop.orders.models import OrderGroup, Refund
from shop.payments.answers import RefundAnswer
from shop.payments.models import Checkout, StripeRefund
from shop.payments.services import ask_for_refund

NOTE_LENGTH = 200
OFFICERS = ("officer", "admin")
STAFF = ("treasurer", *OFFICERS)


def give_back(
    session: Session,
    group: OrderGroup,
    *,
    payment_intent: str,
    amount_minor: int,
    reason: str,
    currency: str = "",
    by: Actor = WORKER,
) -> str:
    """Owe the buyer what came too late, twice, too much or for nothing, and send it back through Stripe.

    Gives the reason. `currency` is the order's where nothing is said.
    """
    refund = Refund(
        group_id=group.id,
        key=f"{reason}:{payment_intent}",
        reason=reason,
        amount_minor=amount_minor,
        currency=currency or group.currency,
        payment_intent=payment_intent,
        decided_by=by.key,
        decided_at=clock.now(),
    )
    session.add(refund)
    session.flush()  # Stripe's refund is named after it
    send(session, refund)
    facts = {"amount_minor": amount_minor, "currency": refund.currency}
    note(session, group_id=group.id, kind=reason, by=by, facts=facts)
    owe_order_mail(
        session, group=group, template="given_back", key=f"refund:{refund.id}", facts={"reason": reason, **facts}
    )
    return reason


def give_back_short(session: Session, group: OrderGroup, *, but: Checkout) -> None:
    """What was paid too short before an order was paid otherwise is nobody's but the buyer's: it goes back."""
    given = select(Refund.id).where(Refund.payment_intent == Checkout.payment_intent)
    for short in session.scalars(
        select(Checkout)
        .where(Checkout.ref == but.ref, Checkout.state == "paid", Checkout.id != but.id, ~given.exists())
        .order_by(Checkout.id)
    ).all():
        if short.payment_intent and short.received_minor:
            give_back(
                session,
                group,
                payment_intent=short.payment_intent,
                amount_minor=short.received_minor,
                reason="over_payment",
            )
        close_task(session, key=f"payment:{short.session_id}", by=WORKER)


def send(session: Session, refund: Refund) -> None:
    """Ask Stripe to send it. A later attempt has a reference, and so a key at Stripe, of its own."""
    stem = f"refund:{refund.id}"
    made = session.scalar(
        select(func.count(StripeRefund.id)).where((StripeRefund.ref == stem) | StripeRefund.ref.startswith(f"{stem}:"))
    )
    ask_for_refund(
        session,
        ref=f"{stem}:{made + 1}" if made else stem,
        payment_intent=refund.payment_intent,
        amount_minor=refund.amount_minor,
        currency=refund.currency,
    )


def task_key(refund: Refund, ref: str) -> str:
    """What the task of a failed attempt is called."""
    return f"{ref or f'refund:{refund.id}'}:failed"


def last_ref(session: Session, refund: Refund) -> str:
    """The reference of the newest attempt."""
    stem = f"refund:{refund.id}"
    return (
        session.scalar(
            select(StripeRefund.ref)
            .where((StripeRefund.ref == stem) | StripeRefund.ref.startswith(f"{stem}:"))
            .order_by(StripeRefund.id.desc())
            .limit(1)
        )
        or stem
    )


def refund_sent(session: Session, row: StripeRefund, answer: RefundAnswer | None) -> None:
    """Stripe has made our refund: `buyer:credit ← psp:stripe`. Or it could not, at once or later: the sum is the
    buyer's credit again, and a person must look. `answer` is None where Stripe refused to make it.

    The same news again changes nothing.
    """
    number = row.ref.split(":")[1]
    refund = locked(session, Refund, {int(number)}).get(int(number))
    if refund is None:
        return
    sent = f"refund:{refund.id}:{row.refund_id}"
    posted = session.scalar(select(Posting.id).where(Posting.key == sent)) if row.refund_id else None
    if row.state == "sent" and answer is not None and posted is None:
        refund.state = "sent"
        post(session, [sent_draft(refund, row.refund_id or "")], by=STRIPE)
    elif row.state == "failed":
        _failed(session, refund, row, sent, posted)


def sent_draft(refund: Refund, refund_id: str) -> Draft:
    """`buyer:credit ← psp:stripe`, once for each refund at Stripe."""
    return Draft(
        key=f"refund:{refund.id}:{refund_id}",
        kind="refund_sent",
        currency=refund.currency,
        moves=[Move(account("buyer:credit", refund.group_id), account("psp:stripe"), refund.amount_minor)],
        source=f"order:{refund.group_id}",
    )


def _failed(session: Session, refund: Refund, row: StripeRefund, sent: str, posted: int | None) -> None:
    known = session.scalar(select(Posting.id).where(Posting.key == f"{sent}:failed"))
    if known is not None or row.ref != last_ref(session, refund):
        return
    refund.state = "failed"
    group = session.get_one(OrderGroup, refund.group_id)
    open_task(
        session,
        key=task_key(refund, row.ref),
        kind="refund_failed",
        facts={"refund_id": refund.id, "order": group.number, "amount_minor": refund.amount_minor},
    )
    note(
        session,
        group_id=group.id,
        kind="refund_failed",
        by=STRIPE,
        facts={"amount_minor": refund.amount_minor, "currency": refund.currency},
    )
    _write(session, group, refund, "refund_failed", row.ref)
    if posted is not None:
        back = Draft(
            key=f"{sent}:failed",
            kind="refund_failed",
            currency=refund.currency,
            moves=[Move(account("psp:stripe"), account("buyer:credit", refund.group_id), refund.amount_minor)],
            source=f"order:{refund.group_id}",
            reverses_id=posted,
        )
        post(session, [back], by=STRIPE)


def _write(session: Session, group: OrderGroup, refund: Refund, template: str, key: str) -> None:
    """The buyer is told whenever her money takes another way than the last letter said."""
    facts = {"amount_minor": refund.amount_minor, "currency": refund.currency}
    owe_order_mail(session, group=group, template=template, key=f"{template}:{key}", facts=facts)


def _held_failed(session: Session, refund_id: int, by: Actor, roles: Collection[str] = OFFICERS) -> Refund:
    if by.role not in roles:
        raise NotYours(refund_id=refund_id)
    refund = locked(session, Refund, {refund_id}).get(refund_id)
    if refund is None:
        raise NotFound(what="refund")
    if refund.state != "failed":
        raise Conflict(state=refund.state)
    return refund


def try_again(session: Session, *, refund_id: int, by: Actor) -> Refund:
    """Send a failed refund through Stripe once more, as a new attempt with a new key.

    Raises Conflict where it has not failed, or goes by bank.
    """
    refund = _held_failed(session, refund_id, by)
    if refund.bank_asked_by is not None:
        raise Conflict(state="by_bank")
    close_task(session, key=task_key(refund, last_ref(session, refund)), by=by)
    refund.state = "decided"
    send(session, refund)
    note(
        session,
        group_id=refund.group_id,
        kind="refund_again",
        by=by,
        facts={"amount_minor": refund.amount_minor, "currency": refund.currency},
    )
    return refund


def ask_by_bank(session: Session, *, refund_id: int, how: str, by: Actor) -> Refund:
    """One person says that a failed refund goes by bank, and to which account; nothing is booked before a second
    one has agreed. Raises Conflict where it has not failed or was asked before, BadInput without words.
    """
    refund = _held_failed(session, refund_id, by)
    if refund.bank_asked_by is not None:
        raise Conflict(state="by_bank")
    if not how.strip():
        raise BadInput(field="how")
    refund.bank_asked_by, refund.bank_note = by.key, how.strip()[:NOTE_LENGTH]
    note(
        session,
        group_id=refund.group_id,
        kind="refund_bank",
        by=by,
        facts={"amount_minor": refund.amount_minor, "currency": refund.currency},
    )
    return refund


def drop_by_bank(session: Session, *, refund_id: int, by: Actor) -> Refund:
    """It does not go by bank after all; it may be tried again. Raises Conflict where nobody had asked."""
    refund = _held_failed(session, refund_id, by)
    if refund.bank_asked_by is None:
        raise Conflict(state="not_by_bank")
    refund.bank_asked_by = refund.bank_note = None
    note(
        session,
        group_id=refund.group_id,
        kind="refund_bank_dropped",
        by=by,
        facts={"amount_minor": refund.amount_minor, "currency": refund.currency},
    )
    return refund


def sent_by_bank(session: Session, *, refund_id: int, by: Actor) -> Refund:
    """A second person writes down that the bank has sent it: `buyer:credit ← bank:main` (money.md 5).

    Raises NotYours for the one who asked, Conflict where nobody did.
    """
    refund = _held_failed(session, refund_id, by, STAFF)
    if refund.bank_asked_by is None:
        raise Conflict(state="not_by_bank")
    if refund.bank_asked_by == by.key:
        raise NotYours(refund_id=refund.id)
    refund.state, refund.bank_approved_by = "sent", by.key
    close_task(session, key=task_key(refund, last_ref(session, refund)), by=by)
    note(
        session,
        group_id=refund.group_id,
        kind="refund_by_bank",
        by=by,
        facts={"amount_minor": refund.amount_minor, "currency": refund.currency},
    )
    _write(session, session.get_one(OrderGroup, refund.group_id), refund, "refund_by_bank", f"refund:{refund.id}")
    draft = Draft(
        key=f"refund:{refund.id}:bank",
        kind="refund_bank",
        currency=refund.currency,
        moves=[Move(account("buyer:credit", refund.group_id), account("bank", "main"), refund.amount_minor)],
        source=f"order:{refund.group_id}",
    )
    post(session, [draft], by=by)
    return refund


def read_fee(session: Session, checkout: Checkout, fee_minor: int) -> None:
    """Stripe's fee of a payment that was booked before there was one: `coop:costs ← psp:stripe`, once."""
    kind, _, number = checkout.ref.partition(":")
    checkout.fee_minor = fee_minor
    if kind == "order" and fee_minor:
        post(session, [fee_draft(checkout, fee_minor, source=f"order:{number}")], by=STRIPE)


def fee_draft(checkout: Checkout, fee_minor: int, *, source: str) -> Draft:
    """The fee, read from Stripe, never computed."""
    return Draft(
        key=f"pay:{checkout.payment_intent}:fee",
        kind="pay_fee",
        currency=checkout.currency,
        moves=[Move(account("coop:costs"), account("psp:stripe"), fee_minor)],
        source=source,
    )
