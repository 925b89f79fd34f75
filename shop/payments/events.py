"""What Stripe's events lead to: each names a thing, which is then asked for as it stands now. So their order is nothing."""

from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlalchemy import select

from shop import clock
from shop.db import again, reading, writing
from shop.outbox.handlers import handles
from shop.outbox.periodic import every
from shop.outbox.services import Job
from shop.payments import services
from shop.payments.answers import DisputeAnswer, RefundAnswer, Told
from shop.payments.gateway import OutcomeUnknown, Refused
from shop.payments.jobs import gateway, settle_our_refund, settle_payment
from shop.payments.models import Checkout, StripeEvent
from shop.payments.reconciling import GRACE, Compared
from shop.payments.settled import hooks

LOOK_BACK_DAYS = 4
MOST_ASKED = 200

HEEDED = (
    "checkout.session.completed",
    "checkout.session.expired",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.refunded",
    "charge.dispute.created",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "charge.dispute.closed",
)
"""Events that lead to something here."""

log = structlog.get_logger()


def settle_refund(refund_id: str) -> str:
    """Bring a refund to what Stripe says of it: one of ours, or one first seen there, as its dashboard makes them.

    Gives its state, or in a word why it concerns us not. Raises OutcomeUnknown where Stripe does not answer.
    """
    answer = gateway().find_refund(refund_id)
    if answer is None:
        return "unknown refund"
    known = settle_our_refund(answer)
    if known is not None:
        return known
    _settle_payment_behind(answer.payment_intent)
    return again(lambda: _refund_seen(answer))


def _refund_seen(answer: RefundAnswer) -> str:
    with writing() as session:
        return hooks.refund_seen(session, answer) if hooks.refund_seen else "not ours"


def settle_refunds_of(payment_intent: str) -> str:
    """Bring every refund of a payment to what Stripe says of it. A charge tells only their sum."""
    states = [settle_refund(each.refund_id) for each in gateway().refunds_of(payment_intent)]
    return ", ".join(sorted(set(states))) or "no refunds"


def settle_dispute(dispute_id: str) -> str:
    """Bring a dispute to what Stripe says of it. Gives its state, or in a word why it concerns us not."""
    answer = gateway().find_dispute(dispute_id)
    if answer is None:
        return "unknown dispute"
    _settle_payment_behind(answer.payment_intent)
    if answer.payment_intent is not None:
        # a loss is never more than what was not given back: what was must be known first
        settle_refunds_of(answer.payment_intent)
    return again(lambda: _disputed(answer))


def _disputed(answer: DisputeAnswer) -> str:
    with writing() as session:
        return hooks.disputed(session, answer) if hooks.disputed else "not ours"


def _settle_payment_behind(payment_intent: str | None) -> None:
    """News of a payment that we have not heard of yet: it comes first."""
    if payment_intent is None:
        return
    with reading() as session:
        known = session.scalar(
            select(Checkout.id).where(Checkout.payment_intent == payment_intent, Checkout.received_minor.is_not(None))
        )
    if known is None:
        page = gateway().checkout_of_payment(payment_intent)
        if page is not None:
            settle_payment(page.session_id)


def _handle(job: Job) -> None:
    event_id = str(job.payload["event_id"])
    with reading() as session:
        event = session.get_one(StripeEvent, event_id)
    if event.handled_at:
        return
    outcome = outcome_of(event.type, event.payload.get("data", {}).get("object", {}))

    def work() -> None:
        with writing() as session:
            services.close_event(session, event_id=event_id, outcome=outcome)

    again(work)


def outcome_of(kind: str, thing: dict[str, object]) -> str:
    """Bring the thing that an event is about to what Stripe says of it now; in a word, what became of it."""
    if thing.get("object") == "checkout.session":
        return settle_payment(str(thing["id"]))
    if thing.get("object") == "refund":
        return settle_refund(str(thing["id"]))
    if thing.get("object") == "dispute":
        return settle_dispute(str(thing["id"]))
    if kind == "charge.refunded" and isinstance(thing.get("payment_intent"), str):
        return settle_refunds_of(str(thing["payment_intent"]))
    return "stored"


def read_missed() -> int:
    """Keep what Stripe told in the last days and we never heard; gives how many events. The worker handles them.

    Stripe tries a webhook for three days: whatever kept it from us for so long, it is made up for here.
    """
    fresh, end = 0, clock.now()
    for _day in range(LOOK_BACK_DAYS):
        begin = end - timedelta(days=1)
        told = gateway().events(types=HEEDED, since=begin, until=end)
        end = begin
        if told:
            fresh += again(lambda told=told: _keep(told))  # type: ignore[misc]
    return fresh


def _keep(told: Sequence[Told]) -> int:
    with writing() as session:
        return sum(
            services.store_event(session, event_id=each.event_id, kind=each.kind, payload=dict(each.payload))
            for each in reversed(told)
        )


def catch_up(found: Compared) -> int:
    """Ask for each thing that Stripe has had for an hour and the books have not; gives how many were asked for."""
    before = clock.now() - GRACE
    asked: set[str] = set()
    for each in found.differences:
        known = each.books_minor is not None or each.name in asked or len(asked) >= MOST_ASKED
        if known or each.at is None or each.at > before:
            continue
        asked.add(each.name)
        try:
            if each.what == "refund":
                settle_refund(each.name)
            elif each.what == "dispute":
                settle_dispute(each.name)
            elif each.what == "payment":
                _settle_payment_behind(each.payment_intent)
        except (Refused, OutcomeUnknown) as error:
            log.warning("not caught up", name=each.name, error=str(error))
    return len(asked)


def init_app() -> None:
    """The worker hands every stored event to this module, and looks for missed ones once an hour."""
    handles("payments.event")(_handle)
    every(60 * 60, "payments.missed_events")(read_missed)
