"""Talking to Stripe, always between transactions: create, look up, settle, refund; by the request or by the worker."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import requests
import structlog
from flask import Flask, current_app
from sqlalchemy import select

from config import Settings
from shop import clock
from shop.db import again, reading, writing
from shop.outbox.handlers import Hopeless, handles
from shop.outbox.periodic import every
from shop.outbox.services import Job
from shop.payments import services
from shop.payments.answers import CheckoutAnswer, RefundAnswer
from shop.payments.gateway import CheckoutLine, Gateway, OutcomeUnknown, Refused
from shop.payments.models import Checkout, StripeRefund
from shop.payments.sandbox.delivery import deliver_due, something_due
from shop.payments.settled import hooks

SAME_BODY = timedelta(minutes=4)
"""How long the same checkout request may be sent again (its expiry must lie 30 minutes ahead: money.md 6)."""

KEY_KEPT = timedelta(hours=23)
"""How long the same key surely finds an earlier refund; Stripe forgets keys after a day."""

PAGE, ROUND = 100, 1000
"""How many overdue checkouts are read at once, and looked after in one round."""

SILENT = 3
"""After so many calls in a row without an answer a round is given up."""

_UNSENT = ("pending", "unknown")

log = structlog.get_logger()


def gateway() -> Gateway:
    """This app's way to Stripe."""
    found = current_app.extensions["gateway"]
    assert isinstance(found, Gateway)
    return found


def create_checkout(checkout_id: int, *, stored: Checkout | None = None) -> Checkout:
    """Make the payment page of a stored checkout and keep the answer. Raises Refused or OutcomeUnknown, both stored.

    `stored` is the row where the caller has just stored it, so that it need not be read again.

    Where the answer to an earlier request never came, the page is looked up first; where there is none, the same
    request goes out again under the same key, or after SAME_BODY the checkout has failed and needs a new attempt.
    """
    checkout = stored or _stored(checkout_id)
    if checkout.session_id or checkout.state not in {"pending", "unknown"}:
        return checkout
    late = clock.now() - checkout.created_at >= SAME_BODY
    if late or checkout.state == "unknown":
        found = _find(checkout)
        if found is not None:
            return again(lambda: _answer(checkout_id, found))
        if late:
            again(lambda: _state(checkout_id, "failed"))
            return _stored(checkout_id)
    try:
        answer = _call_create(checkout)
    except Refused:
        again(lambda: _state(checkout_id, "failed"))
        raise
    except OutcomeUnknown:
        again(lambda: _state(checkout_id, "unknown"))
        raise
    return again(lambda: _answer(checkout_id, answer))


def _stored(checkout_id: int) -> Checkout:
    with reading() as session:
        return session.get_one(Checkout, checkout_id)


def _call_create(checkout: Checkout) -> CheckoutAnswer:
    facts = checkout.request
    return gateway().create_checkout(
        ref=checkout.ref,
        lines=[CheckoutLine(name, amount, quantity) for name, amount, quantity in facts["lines"]],
        currency=checkout.currency,
        email=facts.get("email"),
        success_url=facts["success_url"],
        cancel_url=facts["cancel_url"],
        lang=facts["lang"],
        expires_at=checkout.expires_at,
        idempotency_key=checkout.key,
        metadata={"ref": checkout.ref, "key": checkout.key},
        shop_name=facts.get("shop_name", ""),
    )


def _find(checkout: Checkout) -> CheckoutAnswer | None:
    """The page of just this attempt, looked up; None where Stripe made none."""
    made = gateway().checkouts_of(checkout.ref, since=checkout.created_at - timedelta(hours=1))
    return next((answer for answer in made if answer.metadata.get("key") == checkout.key), None)


def _state(checkout_id: int, state: str) -> None:
    with writing() as session:
        services.store_state(session, checkout_id=checkout_id, state=state)


def _answer(checkout_id: int, answer: CheckoutAnswer) -> Checkout:
    with writing() as session:
        return services.store_answer(session, checkout_id=checkout_id, answer=answer)


def settle_payment(session_id: str) -> str:
    """Bring a checkout to what Stripe says of it: paid, ended or still open. Webhook, return page and worker use it.

    Gives the outcome in a word; safe to call any number of times. Raises OutcomeUnknown where Stripe does not answer.
    """
    answer = gateway().find_checkout(session_id)
    if answer is None:
        return "unknown session"
    fee = gateway().fee_of(answer.payment_intent) if answer.state == "paid" and answer.payment_intent else None

    def work() -> str:
        with writing() as session:
            checkout = session.scalar(select(Checkout).where(Checkout.session_id == session_id))
            if checkout is None:
                # the event overtook the answer that names the session, or that answer never came
                key = answer.metadata.get("key", "")
                checkout = session.scalar(select(Checkout).where(Checkout.key == key, Checkout.session_id.is_(None)))
            if checkout is None:
                return "not ours"
            checkout = services.store_answer(session, checkout_id=checkout.id, answer=answer)
            if answer.state == "paid" and fee is None and checkout.fee_minor is None:
                services.owe_fee(session, checkout_id=checkout.id, tries=0)
            if answer.state == "paid" and hooks.paid:
                return hooks.paid(session, checkout, answer, fee)
            if answer.state == "pending":
                for prolong in hooks.prolonged:
                    prolong(session, checkout)
            if checkout.state in {"expired", "failed"} and hooks.ended:
                return hooks.ended(session, checkout)
            return checkout.state

    return again(work)


def close_checkout(checkout_id: int) -> str:
    """End a checkout so that it can no longer be paid, looking it up first where it is unknown. Gives its state."""
    with reading() as session:
        checkout = session.get_one(Checkout, checkout_id)
    session_id = checkout.session_id
    if session_id is None:
        found = _find(checkout)
        if found is None:
            again(lambda: _state(checkout_id, "failed"))
            return "failed"
        again(lambda: _answer(checkout_id, found))
        session_id = found.session_id
    gateway().expire_checkout(session_id, f"{checkout.key}:expire")
    return settle_payment(session_id)


def _create_left_over(job: Job) -> None:
    """A checkout whose request died between asking and storing the answer."""
    create_checkout(int(job.payload["checkout_id"]))


def _send_refund(job: Job) -> None:
    """Send money back, once. What an earlier try or a forgotten key may have sent is looked up first (money.md 6)."""
    with reading() as session:
        refund = session.get_one(StripeRefund, int(job.payload["refund_id"]))
    if refund.state not in _UNSENT:
        return
    answer = None
    if refund.state == "unknown" or job.attempts > 1 or clock.now() - refund.created_at > KEY_KEPT:
        sent = gateway().refunds_of(refund.payment_intent)
        answer = next((each for each in sent if each.metadata.get("ref") == refund.ref), None)
    if answer is None:
        try:
            answer = gateway().refund(
                payment_intent=refund.payment_intent,
                amount_minor=refund.amount_minor,
                idempotency_key=f"refund:{refund.ref}",
                metadata={"ref": refund.ref},
            )
        except OutcomeUnknown:
            again(lambda: _refund_unknown(refund.id))
            raise
        except Refused as refusal:
            log.warning("refund refused", refund=refund.ref, reason=str(refusal.data.get("reason")))
            again(lambda: _refund_answer(refund.id, None))
            return
    found = answer
    again(lambda: _refund_answer(refund.id, found))


def _refund_unknown(refund_id: int) -> None:
    with writing() as session:
        row = session.get_one(StripeRefund, refund_id, with_for_update=True)
        if row.state in _UNSENT:
            row.state = "unknown"


def _refund_answer(refund_id: int, answer: RefundAnswer | None) -> str:
    """Keep what became of a refund, None for a refusal, and tell the room that decided it, in one unit of work."""
    with writing() as session:
        row = session.get_one(StripeRefund, refund_id, with_for_update=True)
        if row.state == "failed" or (answer is None and row.state not in _UNSENT):
            return row.state
        if answer is not None:
            row.refund_id = answer.refund_id
        row.state = "failed" if answer is None or answer.state in {"failed", "canceled"} else "sent"
        if hooks.refunded:
            hooks.refunded(session, row, answer)
        return row.state


def settle_our_refund(answer: RefundAnswer) -> str | None:
    """Bring our refund to what Stripe says of it now; Stripe may give one up days after it took it.

    Gives its state, None for a refund that is none of ours.
    """
    with reading() as session:
        row = session.scalar(
            select(StripeRefund.id).where(
                (StripeRefund.refund_id == answer.refund_id)
                | (StripeRefund.refund_id.is_(None) & (StripeRefund.ref == answer.metadata.get("ref", "")))
            )
        )
    return None if row is None else again(lambda: _refund_answer(row, answer))


def _read_fee(job: Job) -> None:
    """Stripe may charge its fee a moment after the payment: ask again until it has, later each time."""
    checkout_id, tries = int(job.payload["checkout_id"]), int(job.payload["tries"])
    checkout = _stored(checkout_id)
    if checkout.state != "paid" or checkout.fee_minor is not None or checkout.payment_intent is None:
        return
    fee = gateway().fee_of(checkout.payment_intent)

    def work() -> None:
        with writing() as session:
            if fee is None:
                services.owe_fee(session, checkout_id=checkout_id, tries=tries + 1)
                return
            row = session.get_one(Checkout, checkout_id, with_for_update=True)
            if row.fee_minor is None and fee.currency == row.currency and hooks.fee:
                hooks.fee(session, row, fee.fee_minor)

    if fee is None and tries >= services.MOST_FEE_TRIES:
        raise Hopeless("Stripe names no fee for this payment")
    again(work)


def settle_overdue() -> None:
    """Look after every checkout whose time is up, so that a lost webhook keeps no stock and no payment waiting.

    The longest overdue comes first; one that Stripe refuses is passed over, so that it keeps none behind it waiting.
    Where Stripe does not answer at all, the rest waits for the next round.
    """
    silent = 0
    for checkout_id in _overdue():
        try:
            close_checkout(checkout_id)
        except (Refused, OutcomeUnknown) as error:
            log.warning("checkout not settled", checkout=checkout_id, error=str(error))
            silent = silent + 1 if isinstance(error, OutcomeUnknown) else 0
            if silent == SILENT:
                return
        else:
            silent = 0


def _overdue() -> Iterator[int]:
    """Checkouts whose time is up, the longest first, read page by page; at most ROUND of them."""
    after: tuple[datetime, int] | None = None
    for _ in range(ROUND // PAGE):
        query = (
            select(Checkout.expires_at, Checkout.id)
            .where(Checkout.state.in_(services.LIVE), Checkout.expires_at < clock.now() - timedelta(minutes=1))
            .order_by(Checkout.expires_at, Checkout.id)
            .limit(PAGE)
        )
        if after is not None:
            due, number = after
            query = query.where((Checkout.expires_at > due) | ((Checkout.expires_at == due) & (Checkout.id > number)))
        with reading() as session:
            rows = session.execute(query).all()
        yield from (row.id for row in rows)
        if len(rows) < PAGE:
            return
        after = (rows[-1].expires_at, rows[-1].id)


def deliver_sandbox(settings: Settings) -> None:
    """In development the worker carries the sandbox's webhooks to our own door, as Stripe would."""

    def post(url: str, body: bytes, headers: dict[str, str]) -> int:
        return requests.post(url, data=body, headers=headers, timeout=10).status_code

    @every(1, "sandbox.webhooks", when=lambda: something_due(settings.instance_path, clock.now()))
    def deliver() -> None:
        deliver_due(settings.instance_path, post, clock.now(), url=f"{settings.site_url}/webhooks/stripe")


def event_payload(body: bytes) -> dict[str, object]:
    """The event as stored; its signature has been verified."""
    found = json.loads(body)
    assert isinstance(found, dict)
    return found


def init_app(app: Flask) -> None:
    assert app is not None
    handles("payments.create")(_create_left_over)
    handles("payments.refund")(_send_refund)
    handles("payments.fee")(_read_fee)
    every(60, "payments.settle_overdue")(settle_overdue)
