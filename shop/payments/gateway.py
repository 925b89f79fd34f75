"""The one door to Stripe: asks, answers in frozen values of our own, and tells a no from not knowing.

No object of the SDK leaves this module. Amounts are minor units, moments are aware and in UTC, currencies upper case.
A call to Stripe never stands inside ``writing()`` (house.md §4).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar, cast

import stripe
from stripe import RequestsClient, StripeClient
from stripe.params import BalanceTransactionListParams, EventListParams, RefundCreateParams, RefundListParams
from stripe.params.checkout import SessionCreateParams, SessionCreateParamsLineItem, SessionListParams

from shop import clock, db
from shop.errors import ShopError
from shop.money import exponent
from shop.payments import answers
from shop.payments.answers import CheckoutAnswer, DisputeAnswer, FeeAnswer, Movement, RefundAnswer, Told
from shop.payments.webhook import BadSignature, Event, read_event

__all__ = [
    "BadSignature",
    "CheckoutAnswer",
    "CheckoutLine",
    "DisputeAnswer",
    "Event",
    "FeeAnswer",
    "Gateway",
    "Movement",
    "OutcomeUnknown",
    "RefundAnswer",
    "Refused",
    "StripeSettings",
    "make_client",
    "read_event",
    "webhook_secret",
]

T = TypeVar("T")

TIMEOUT = (5, 20)
"""Seconds to connect and to answer; the SDK's default of 80 would hold a web thread."""

RETRIES = 2
SANDBOX_PATH = "/sandbox"
MAX_LINES = 100
MAX_PAGES = 10
PAGE = 100
LOOK_BACK = timedelta(hours=24)

_ZERO_DECIMAL = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"}
)
_CHINESE_WALLETS = frozenset({"CNY", "HKD"})

PaymentMethod = Literal["card", "alipay", "wechat_pay"]


class Refused(ShopError):
    """Stripe said no and did nothing: ``reason`` is its code or error type, ``param`` the parameter it names.

    With ``reason`` idempotency_error an earlier request under that key was carried out with other contents.
    """

    code = "payment_refused"


class OutcomeUnknown(ShopError):
    """No usable answer came: it may have happened or not. Ask again with the same key, or look it up."""

    status = 503
    code = "payment_unknown"


class StripeSettings(Protocol):
    """The settings this module reads. ``site_url`` is BASE_URL, or the development server's own address."""

    @property
    def app_env(self) -> str: ...
    @property
    def stripe_secret_key(self) -> str: ...
    @property
    def stripe_webhook_secret(self) -> str: ...
    @property
    def stripe_api_base(self) -> str: ...
    @property
    def site_url(self) -> str: ...
    @property
    def instance_path(self) -> Path: ...


@dataclass(frozen=True, slots=True)
class CheckoutLine:
    """What the buyer reads on Stripe's page: ``amount_minor`` is the price of one."""

    name: str
    amount_minor: int
    quantity: int


def make_client(settings: StripeSettings) -> StripeClient:
    """Stripe by key, or in development without a key the sandbox, called in this process.

    With STRIPE_API_BASE the same calls go there by HTTP. Raises ValueError in production without a key.
    """
    key, base = settings.stripe_secret_key, settings.stripe_api_base.rstrip("/")
    if settings.app_env == "production" and not key:
        raise ValueError("production needs STRIPE_SECRET_KEY; the sandbox is refused")
    if settings.app_env == "production" and base and not base.startswith("https://"):
        raise ValueError("STRIPE_API_BASE must be an https address in production")
    if not key:
        return _sandbox_client(settings, base)
    if base:
        return StripeClient(key, base_addresses={"api": base}, max_network_retries=RETRIES, http_client=_by_http())
    return StripeClient(key, max_network_retries=RETRIES, http_client=_by_http())


def _by_http() -> RequestsClient:
    return RequestsClient(timeout=TIMEOUT)


def _sandbox_client(settings: StripeSettings, base: str) -> StripeClient:
    from shop.payments import sandbox  # noqa: PLC0415  production never loads the sandbox

    key = sandbox.api_key(settings.instance_path)
    if base:
        return StripeClient(key, base_addresses={"api": base}, max_network_retries=RETRIES, http_client=_by_http())
    base = settings.site_url + SANDBOX_PATH
    app = sandbox.create_sandbox(
        settings.instance_path, secret=webhook_secret(settings), webhook_url=f"{settings.site_url}/webhooks/stripe"
    )
    http_client = sandbox.SandboxClient(app, base)
    return StripeClient(key, base_addresses={"api": base}, max_network_retries=RETRIES, http_client=http_client)


def webhook_secret(settings: StripeSettings) -> str:
    """The secret our webhook verifies with: STRIPE_WEBHOOK_SECRET, else the sandbox's own, else an empty text."""
    if settings.stripe_webhook_secret or settings.stripe_secret_key or settings.app_env == "production":
        return settings.stripe_webhook_secret
    from shop.payments import sandbox  # noqa: PLC0415  production never loads the sandbox

    return sandbox.webhook_secret(settings.instance_path)


class Gateway:
    """What the shop asks of Stripe. Every method raises Refused or OutcomeUnknown."""

    def __init__(self, client: StripeClient) -> None:
        self._client = client

    def create_checkout(
        self,
        *,
        ref: str,
        lines: Sequence[CheckoutLine],
        currency: str,
        email: str | None,
        success_url: str,
        cancel_url: str,
        lang: str,
        expires_at: datetime,
        idempotency_key: str,
        metadata: Mapping[str, str],
        shop_name: str = "",
    ) -> CheckoutAnswer:
        """A payment page for the sum of ``lines``, open until ``expires_at`` (at least 30 minutes away).

        ``ref`` names what is paid and finds the session again (at most 200 characters); ``success_url`` may hold
        {CHECKOUT_SESSION_ID}. More than 100 lines are shown as one. ``shop_name`` is who the page says is paid; without
        it Stripe takes the account's own name.
        """
        if exponent(currency) != (0 if currency in _ZERO_DECIMAL else 2):
            raise Refused(reason="currency", param=currency)
        params: SessionCreateParams = {
            "mode": "payment",
            "ui_mode": "hosted_page",
            "client_reference_id": ref,
            "line_items": _line_items(ref, lines, currency.lower()),
            "allowed_payment_method_types": list(_methods(currency)),
            "payment_intent_data": {"transfer_group": ref, "metadata": dict(metadata)},
            "metadata": dict(metadata),
            "success_url": success_url,
            "cancel_url": cancel_url,
            "locale": lang,
            "expires_at": int(expires_at.timestamp()),
        }
        if email:
            params["customer_email"] = email
        if shop_name:
            params["branding_settings"] = {"display_name": shop_name}
        options = stripe.RequestOptions(idempotency_key=idempotency_key)
        return answers.checkout(_asked(lambda: self._client.v1.checkout.sessions.create(params, options)))

    def find_checkout(self, session_id: str) -> CheckoutAnswer | None:
        """The session as it stands now, or None where Stripe knows none of that id."""
        wanted = lambda: self._client.v1.checkout.sessions.retrieve(session_id, {"expand": ["payment_intent"]})  # noqa: E731
        found = _found(wanted)
        return None if found is None else answers.checkout(found)

    def checkouts_of(
        self, ref: str, *, since: datetime | None = None, until: datetime | None = None
    ) -> list[CheckoutAnswer]:
        """All sessions made for ``ref`` in a span of time (by default the last 24 hours), newest first.

        Stripe has no filter for our reference, so the span is read page by page; where it holds more than MAX_PAGES
        pages the answer would not be sure, and OutcomeUnknown is raised.
        """
        begin = since or clock.now() - LOOK_BACK
        created: dict[str, int] = {"gte": int(begin.timestamp())}
        if until is not None:
            created["lte"] = int(until.timestamp())
        ask = self._client.v1.checkout.sessions.list
        wanted = {"created": created, "expand": ["data.payment_intent"]}
        pages = _Pages(lambda more: ask(cast("SessionListParams", wanted | more)))
        return [answers.checkout(session) for session in pages.all() if session.client_reference_id == ref]

    def find_checkout_by_ref(
        self, ref: str, *, since: datetime | None = None, until: datetime | None = None
    ) -> CheckoutAnswer | None:
        """The session of ``ref`` that matters most: paid before pending before open before the rest, then the newest."""
        found = self.checkouts_of(ref, since=since, until=until)
        rank = {"paid": 0, "pending": 1, "open": 2}
        return min(found, key=lambda answer: rank.get(answer.state, 3), default=None)

    def expire_checkout(self, session_id: str, key: str) -> CheckoutAnswer:
        """Close the page so that it can no longer be paid. Gives the session as it then stands.

        Its state is ``expired``, or what came first: ``paid``, ``pending``, ``failed``. Raises Refused only where
        Stripe leaves it open or does not know it.
        """
        options = stripe.RequestOptions(idempotency_key=key)
        try:
            wanted = lambda: self._client.v1.checkout.sessions.expire(session_id, {}, options)  # noqa: E731
            return answers.checkout(_asked(wanted))
        except Refused:
            now = self.find_checkout(session_id)
            if now is None or now.state == "open":
                raise
            return now

    def refund(
        self, *, payment_intent: str, amount_minor: int, idempotency_key: str, metadata: Mapping[str, str]
    ) -> RefundAnswer:
        """Send ``amount_minor`` of a payment back to the buyer. Refused where it is more than what is left."""
        options = stripe.RequestOptions(idempotency_key=idempotency_key)
        params: RefundCreateParams = {
            "payment_intent": payment_intent,
            "amount": amount_minor,
            "metadata": dict(metadata),
        }
        return answers.refund(_asked(lambda: self._client.v1.refunds.create(params, options)))

    def find_refund(self, refund_id: str) -> RefundAnswer | None:
        """The refund as it stands now, or None where Stripe knows none of that id."""
        found = _found(lambda: self._client.v1.refunds.retrieve(refund_id))
        return None if found is None else answers.refund(found)

    def refunds_of(self, payment_intent: str) -> list[RefundAnswer]:
        """All refunds of a payment, newest first, those made in Stripe's dashboard too."""
        ask = self._client.v1.refunds.list
        pages = _Pages(lambda more: ask(cast("RefundListParams", {"payment_intent": payment_intent} | more)))
        return [answers.refund(refund) for refund in pages.all()]

    def checkout_of_payment(self, payment_intent: str) -> CheckoutAnswer | None:
        """The page by which a payment was made; None where it was made otherwise."""
        ask = self._client.v1.checkout.sessions.list
        wanted: SessionListParams = {"payment_intent": payment_intent, "limit": 1}
        found = _asked(lambda: ask(wanted)).data
        return answers.checkout(found[0]) if found else None

    def events(self, *, types: Sequence[str], since: datetime, until: datetime) -> list[Told]:
        """Events of these types in a span, whether they reached us or not, newest first.

        Raises OutcomeUnknown where the span holds more than MAX_PAGES pages.
        """
        created = {"gte": int(since.timestamp()), "lte": int(until.timestamp())}
        ask = self._client.v1.events.list
        asked = {"created": created, "types": list(types)}
        pages = _Pages(lambda more: ask(cast("EventListParams", asked | more)))
        return [answers.told(event) for event in pages.all()]

    def find_dispute(self, dispute_id: str) -> DisputeAnswer | None:
        """The dispute as it stands now, or None where Stripe knows none of that id."""
        found = _found(lambda: self._client.v1.disputes.retrieve(dispute_id))
        return None if found is None else answers.dispute(found)

    def fee_of(self, payment_intent: str) -> FeeAnswer | None:
        """Stripe's fee for a payment, read from its balance transaction; None until there is one.

        Amount and fee are in the currency Stripe settles in, which may differ from the one charged.
        """
        expand = ["latest_charge.balance_transaction"]
        found = _found(lambda: self._client.v1.payment_intents.retrieve(payment_intent, {"expand": expand}))
        return None if found is None else answers.fee(found)

    def movements(self, *, since: datetime, until: datetime) -> list[Movement]:
        """What moved on the account from ``since`` to ``until``, both included, newest first, for reconciling.

        Raises OutcomeUnknown where the span holds more than MAX_PAGES pages.
        """
        created = {"gte": int(since.timestamp()), "lte": int(until.timestamp())}
        ask = self._client.v1.balance_transactions.list
        asked = {"created": created, "expand": ["data.source"]}
        pages = _Pages(lambda more: ask(cast("BalanceTransactionListParams", asked | more)))
        return [answers.movement(movement) for movement in pages.all()]


class _Pages:
    """A bounded walk through one of Stripe's lists; ``ask`` gets the limit and the cursor."""

    def __init__(self, ask: Callable[[dict[str, Any]], Any]) -> None:
        self._ask = ask

    def all(self) -> list[Any]:
        found: list[Any] = []
        more: dict[str, Any] = {"limit": PAGE}
        for _ in range(MAX_PAGES):
            page = _asked(lambda: self._ask(more))  # noqa: B023  called at once
            found.extend(page.data)
            if not page.has_more:
                return found
            more = {"limit": PAGE, "starting_after": page.data[-1].id}
        raise OutcomeUnknown(reason="too_many", seen=len(found))


def _line_items(ref: str, lines: Sequence[CheckoutLine], currency: str) -> list[SessionCreateParamsLineItem]:
    if len(lines) > MAX_LINES:
        lines = [CheckoutLine(ref, sum(line.amount_minor * line.quantity for line in lines), 1)]
    return [
        {
            "price_data": {
                "currency": currency,
                "unit_amount": line.amount_minor,
                "product_data": {"name": line.name},
            },
            "quantity": line.quantity,
        }
        for line in lines
    ]


def _methods(currency: str) -> tuple[PaymentMethod, ...]:
    """Alipay and WeChat Pay take neither đồng nor most other money (money.md §6)."""
    return ("card", "alipay", "wechat_pay") if currency in _CHINESE_WALLETS else ("card",)


def _found(ask: Callable[[], T]) -> T | None:
    try:
        return _asked(ask)
    except Refused as refusal:
        if refusal.data["reason"] == "resource_missing":
            return None
        raise


def _asked(ask: Callable[[], T]) -> T:
    """The answer. Raises Refused where Stripe decided against it, OutcomeUnknown where nobody knows."""
    if db.holding() == "writing()":
        raise RuntimeError("no network call inside writing()")
    try:
        return ask()
    except stripe.StripeError as error:
        facts = {
            "reason": error.code or _kind_of(error),
            "param": getattr(error, "param", None),
            "request": error.request_id,
            "said": error.user_message,
        }
        if _is_definite(error):
            raise Refused(**facts) from error
        raise OutcomeUnknown(**facts) from error


def _is_definite(error: stripe.StripeError) -> bool:
    # 409: the same key is in use by a request still running; 429: not carried out, but the same request will be
    return error.http_status is not None and 400 <= error.http_status < 500 and error.http_status not in {409, 429}


def _kind_of(error: stripe.StripeError) -> str:
    inner = getattr(error, "error", None)
    kind = getattr(inner, "type", None)
    return str(kind) if kind else type(error).__name__
