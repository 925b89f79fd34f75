"""Who decides what a payment means. The orders room registers; this room only reports what Stripe said."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from shop.payments.answers import CheckoutAnswer, DisputeAnswer, FeeAnswer, RefundAnswer
from shop.payments.models import Checkout, StripeRefund


@dataclass(slots=True)
class _Hooks:
    paid: Callable[[Session, Checkout, CheckoutAnswer, FeeAnswer | None], str] | None = None
    ended: Callable[[Session, Checkout], str] | None = None
    refunded: Callable[[Session, StripeRefund, RefundAnswer | None], None] | None = None
    refund_seen: Callable[[Session, RefundAnswer], str] | None = None
    disputed: Callable[[Session, DisputeAnswer], str] | None = None
    fee: Callable[[Session, Checkout, int], None] | None = None
    prolonged: list[Callable[[Session, Checkout], None]] = field(default_factory=list)


hooks = _Hooks()
