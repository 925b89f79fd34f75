"""Storing what we ask of Stripe, and what it answered. The calls themselves stand between transactions, in jobs."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from shop import clock
from shop.db import locked
from shop.errors import NotFound
from shop.outbox.services import owe
from shop.payments.answers import CheckoutAnswer
from shop.payments.models import Checkout, StripeEvent, StripeRefund

GRACE = timedelta(seconds=60)
"""How long the request itself has for its call before the worker looks after it."""

MOST_FEE_TRIES = 40
"""Minutes, hours, then a day apart: some five weeks, after which a person must look."""

LIVE = ("pending", "open", "processing", "unknown")
"""States in which a checkout may still be paid."""


def ask_for_payment(
    session: Session,
    *,
    ref: str,
    key: str,
    amount_minor: int,
    currency: str,
    expires_at: datetime,
    request: dict[str, Any],
) -> Checkout:
    """Store the intention to be paid, and the outbox row that finishes it if this process dies before the answer."""
    checkout = Checkout(
        ref=ref,
        key=key,
        amount_minor=amount_minor,
        currency=currency,
        expires_at=expires_at,
        request=request,
        created_at=clock.now(),
    )
    session.add(checkout)
    session.flush()  # the outbox row names it
    owe(
        session,
        kind="payments.create",
        key=f"payments.create:{checkout.id}",
        payload={"checkout_id": checkout.id},
        due_at=clock.now() + GRACE,
    )
    return checkout


def store_answer(session: Session, *, checkout_id: int, answer: CheckoutAnswer) -> Checkout:
    """Keep what Stripe said of a checkout. A checkout already paid stays paid."""
    checkout = locked(session, Checkout, {checkout_id}).get(checkout_id)
    if checkout is None:
        raise NotFound(what="checkout")
    checkout.session_id = answer.session_id
    checkout.url = answer.url or checkout.url
    checkout.payment_intent = answer.payment_intent or checkout.payment_intent
    if checkout.state in LIVE and answer.state in {"open", "pending", "failed", "expired"}:
        checkout.state = {"pending": "processing"}.get(answer.state, answer.state)
    return checkout


def store_state(session: Session, *, checkout_id: int, state: str) -> None:
    """A definite refusal (failed) or an answer that never came (unknown), unless another request got one meanwhile."""
    session.execute(
        update(Checkout)
        .where(Checkout.id == checkout_id, Checkout.state.in_(LIVE), Checkout.session_id.is_(None))
        .values(state=state)
    )


def live_checkout(session: Session, *, ref: str) -> Checkout | None:
    """The newest checkout of `ref` that may still be paid."""
    return session.scalar(
        select(Checkout).where(Checkout.ref == ref, Checkout.state.in_(LIVE)).order_by(Checkout.id.desc()).limit(1)
    )


def newest_checkout(session: Session, *, ref: str) -> Checkout | None:
    """The newest checkout of `ref`, whatever became of it."""
    return session.scalar(select(Checkout).where(Checkout.ref == ref).order_by(Checkout.id.desc()).limit(1))


def store_event(session: Session, *, event_id: str, kind: str, payload: dict[str, Any]) -> bool:
    """Keep a verified event and owe its effect; False where the id was stored before."""
    make = (sqlite_insert if session.get_bind().dialect.name == "sqlite" else pg_insert)(StripeEvent)
    fresh = session.execute(
        make.values(id=event_id, type=kind, payload=payload, received_at=clock.now(), outcome="")
        .on_conflict_do_nothing(index_elements=["id"])
        .returning(StripeEvent.id)
    ).scalar_one_or_none()
    if fresh is None:
        return False
    owe(session, kind="payments.event", key=f"payments.event:{event_id}", payload={"event_id": event_id})
    return True


def close_event(session: Session, *, event_id: str, outcome: str) -> None:
    """The event's effect is done, or it has none."""
    session.execute(
        update(StripeEvent).where(StripeEvent.id == event_id).values(handled_at=clock.now(), outcome=outcome[:80])
    )


def ask_for_refund(
    session: Session, *, ref: str, payment_intent: str, amount_minor: int, currency: str
) -> StripeRefund:
    """Store that money goes back; the worker sends it. The same ref again gives the one there is."""
    known = session.scalar(select(StripeRefund).where(StripeRefund.ref == ref))
    if known is not None:
        return known
    refund = StripeRefund(
        ref=ref, payment_intent=payment_intent, amount_minor=amount_minor, currency=currency, created_at=clock.now()
    )
    session.add(refund)
    session.flush()  # the outbox row names it
    owe(session, kind="payments.refund", key=f"payments.refund:{refund.id}", payload={"refund_id": refund.id})
    return refund


def owe_fee(session: Session, *, checkout_id: int, tries: int) -> None:
    """Read a booked payment's fee later, where Stripe has none yet; `tries` have been made before."""
    owe(
        session,
        kind="payments.fee",
        key=f"payments.fee:{checkout_id}:{tries}",
        payload={"checkout_id": checkout_id, "tries": tries},
        due_at=clock.now() + min(GRACE * 2 ** min(tries, 11), timedelta(days=1)),
    )
