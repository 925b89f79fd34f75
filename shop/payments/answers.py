"""Stripe's objects turned into frozen values of our own."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Literal

import stripe

CheckoutState = Literal["open", "paid", "pending", "failed", "expired"]
"""``pending``: the buyer is done, the money is not sure yet. ``failed``: such a payment came to nothing."""


def _no_metadata() -> MappingProxyType[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class CheckoutAnswer:
    """A payment page. ``url`` is None once it is closed, ``payment_intent`` until the buyer first tries to pay."""

    session_id: str
    url: str | None
    state: CheckoutState
    payment_intent: str | None
    expires_at: datetime
    amount_minor: int
    currency: str
    mode: str
    ref: str | None
    livemode: bool
    metadata: MappingProxyType[str, str] = field(default_factory=_no_metadata)


@dataclass(frozen=True, slots=True)
class RefundAnswer:
    """Money on its way back. ``state`` is Stripe's: succeeded, pending, failed, canceled, requires_action."""

    refund_id: str
    state: str
    amount_minor: int
    currency: str
    payment_intent: str | None
    metadata: MappingProxyType[str, str] = field(default_factory=_no_metadata)


@dataclass(frozen=True, slots=True)
class DisputeAnswer:
    """A buyer's bank takes a payment back. ``state`` is open, won or lost; an inquiry that moves no money is open too.

    ``withdrawn_minor`` and ``fee_minor`` left the balance, ``returned_minor`` and ``fee_back_minor`` came back, all in
    ``moved_in``.
    """

    dispute_id: str
    state: Literal["open", "won", "lost"]
    reason: str
    payment_intent: str | None
    amount_minor: int
    currency: str
    withdrawn_minor: int
    fee_minor: int
    returned_minor: int
    fee_back_minor: int
    moved_in: str
    opened_at: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class FeeAnswer:
    """What reached the account and what Stripe kept of it, in the settlement currency."""

    balance_transaction: str
    amount_minor: int
    fee_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Movement:
    """One balance transaction: ``source`` is the charge, refund or payout it belongs to, ``payment_intent`` the payment
    behind a charge or refund, where the source was given whole.
    """

    balance_transaction: str
    kind: str
    source: str | None
    amount_minor: int
    fee_minor: int
    currency: str
    created_at: datetime
    available_at: datetime
    payment_intent: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """An event as Stripe keeps it."""

    event_id: str
    kind: str
    payload: MappingProxyType[str, Any]


def checkout(session: stripe.checkout.Session) -> CheckoutAnswer:
    """The page's facts. The payment intent, if expanded, tells a slow payment from one that failed."""
    intent = session.payment_intent
    return CheckoutAnswer(
        session_id=session.id,
        url=session.url,
        state=_state(session),
        payment_intent=intent if isinstance(intent, str) or intent is None else intent.id,
        expires_at=_moment(session.expires_at),
        amount_minor=session.amount_total or 0,
        currency=(session.currency or "").upper(),
        mode=session.mode,
        ref=session.client_reference_id,
        livemode=session.livemode,
        metadata=_metadata(session.metadata),
    )


def refund(made: stripe.Refund) -> RefundAnswer:
    """The refund's facts."""
    return RefundAnswer(
        refund_id=made.id,
        state=made.status or "pending",
        amount_minor=made.amount,
        currency=made.currency.upper(),
        payment_intent=_id(made.payment_intent),
        metadata=_metadata(made.metadata),
    )


def told(event: stripe.Event) -> Told:
    """The event, as its webhook would have carried it."""
    return Told(event.id, event.type, MappingProxyType(event.to_dict(for_json=True)))


_ENDED: dict[str, Literal["won", "lost"]] = {"won": "won", "lost": "lost", "warning_closed": "won", "prevented": "won"}


def dispute(made: stripe.Dispute) -> DisputeAnswer:
    """The dispute's facts, with what it has moved on the account."""
    moved = list(made.balance_transactions)
    out = [each for each in moved if each.amount < 0]
    back = [each for each in moved if each.amount > 0]
    due = made.evidence_details.due_by
    return DisputeAnswer(
        dispute_id=made.id,
        state=_ENDED.get(made.status, "open"),
        reason=made.reason,
        payment_intent=_id(made.payment_intent),
        amount_minor=made.amount,
        currency=made.currency.upper(),
        withdrawn_minor=-sum(each.amount for each in out),
        fee_minor=sum(each.fee for each in out),
        returned_minor=sum(each.amount for each in back),
        fee_back_minor=-sum(each.fee for each in back),
        moved_in=(moved[0].currency if moved else made.currency).upper(),
        opened_at=_moment(made.created),
        due_at=None if due is None else _moment(due),
    )


def fee(intent: stripe.PaymentIntent) -> FeeAnswer | None:
    """The fee of an intent whose charge and balance transaction are expanded; None while there is none."""
    charge = intent.latest_charge
    movement = charge.balance_transaction if isinstance(charge, stripe.Charge) else None
    if not isinstance(movement, stripe.BalanceTransaction):
        return None
    return FeeAnswer(movement.id, movement.amount, movement.fee, movement.currency.upper())


def movement(made: stripe.BalanceTransaction) -> Movement:
    """The movement's facts."""
    return Movement(
        balance_transaction=made.id,
        kind=made.type,
        source=_id(made.source),
        amount_minor=made.amount,
        fee_minor=made.fee,
        currency=made.currency.upper(),
        created_at=_moment(made.created),
        available_at=_moment(made.available_on),
        payment_intent=None if isinstance(made.source, str) else _id(getattr(made.source, "payment_intent", None)),
    )


def _state(session: stripe.checkout.Session) -> CheckoutState:
    if session.payment_status in {"paid", "no_payment_required"}:
        return "paid"
    if session.status == "open":
        return "open"
    if session.status == "expired":
        return "expired"
    intent = session.payment_intent
    over = isinstance(intent, stripe.PaymentIntent) and intent.status in {"requires_payment_method", "canceled"}
    return "failed" if over else "pending"


def _moment(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def _id(thing: Any) -> str | None:
    return thing if isinstance(thing, str) or thing is None else str(thing.id)


def _metadata(given: Any) -> MappingProxyType[str, str]:
    return MappingProxyType({} if given is None else dict(given.to_dict()))
