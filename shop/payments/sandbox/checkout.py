"""Checkout sessions: made, listed by the API, expired by us or by time."""

import re
from typing import Any
from urllib.parse import urlsplit

from shop.payments.sandbox import shapes
from shop.payments.sandbox.amounts import LARGEST, SMALLEST, methods_for
from shop.payments.sandbox.call import Call
from shop.payments.sandbox.events import record
from shop.payments.sandbox.refusals import ApiError, empty_parameter, missing_parameter, no_such, not_simulated
from shop.payments.sandbox.store import Json, Thing, Unit

SOONEST = 30 * 60
LATEST = 24 * 3600
MAX_LINES = 100

_SIMULATED = {
    "": frozenset(
        {
            "adaptive_pricing",
            "allowed_payment_method_types",
            "branding_settings",
            "cancel_url",
            "client_reference_id",
            "currency",
            "customer_email",
            "expand",
            "expires_at",
            "integration_identifier",
            "line_items",
            "locale",
            "metadata",
            "mode",
            "payment_intent_data",
            "submit_type",
            "success_url",
            "ui_mode",
        }
    ),
    "branding_settings": frozenset({"display_name"}),
    "payment_intent_data": frozenset(
        {
            "description",
            "metadata",
            "receipt_email",
            "statement_descriptor",
            "statement_descriptor_suffix",
            "transfer_group",
        }
    ),
    "line_items": frozenset({"metadata", "price_data", "quantity"}),
    "price_data": frozenset({"currency", "product_data", "tax_behavior", "unit_amount"}),
    "product_data": frozenset({"description", "images", "metadata", "name"}),
}

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")


def create(unit: Unit, call: Call, params: Json) -> Json:
    """A new open session. Raises ApiError for what Stripe refuses and for what the sandbox does not play."""
    _only_simulated("", params)
    if "mode" not in params:
        raise missing_parameter("mode")
    if params["mode"] != "payment":
        raise not_simulated(f"mode={params['mode']}")
    if params.get("ui_mode", "hosted_page") != "hosted_page":
        raise not_simulated(f"ui_mode={params['ui_mode']}")
    if params.get("adaptive_pricing", {}).get("enabled"):
        raise not_simulated("adaptive_pricing[enabled]")
    _check_addresses(params)
    params["expires_at"] = _expiry(params.get("expires_at"), call.second)
    params["currency"], total = _sum(params)
    methods = methods_for(params["currency"], params.get("allowed_payment_method_types"))
    if not methods:
        raise ApiError("No valid payment method types for this Checkout Session.", param="allowed_payment_method_types")
    session_id = shapes.new_id("cs_test", 58)
    made = shapes.session(
        params,
        session_id=session_id,
        created=call.second,
        total=total,
        methods=methods,
        url=f"{call.pages}/pay/{session_id}",
    )
    hidden = {
        "lines": [shapes.line_item(line, created=call.second) for line in params["line_items"]],
        "intent": params.get("payment_intent_data", {}),
    }
    unit.add(Thing("checkout.session", made, hidden, due=params["expires_at"]))
    return made


def _only_simulated(path: str, given: Any, prefix: str = "") -> None:
    if isinstance(given, list):
        for place, one in enumerate(given):
            _only_simulated(path, one, f"{prefix}[{place}]")
        return
    for name, value in given.items():
        here = f"{prefix}[{name}]" if prefix else name
        if name not in _SIMULATED[path]:
            raise not_simulated(here)
        if name in _SIMULATED and isinstance(value, dict | list):
            _only_simulated(name, value, here)


def _check_addresses(params: Json) -> None:
    if "success_url" not in params:
        raise missing_parameter("success_url")
    for name in ("success_url", "cancel_url"):
        if name in params:
            _check_url(params[name], name)
    email = params.get("customer_email")
    if email is not None and not (email.isascii() and len(email) <= 512 and _EMAIL.fullmatch(email)):
        raise ApiError(f"Invalid email address: {email[:200]}", code="email_invalid", param="customer_email")
    if len(params.get("client_reference_id", "")) > 200:
        raise ApiError("Invalid string: must be at most 200 characters", param="client_reference_id")


def _check_url(url: str, name: str) -> None:
    try:
        parts = urlsplit(url)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"\s", url)
    except ValueError:
        sound = False
    if not sound:
        raise ApiError("Not a valid URL", code="url_invalid", param=name)


def _expiry(wanted: int | None, second: int) -> int:
    if wanted is None:
        return second + LATEST
    if not second + SOONEST <= wanted <= second + LATEST:
        message = "The `expires_at` timestamp must lie between 30 minutes and 24 hours after the session is created."
        raise ApiError(message, param="expires_at")
    return wanted


def _sum(params: Json) -> tuple[str, int]:
    """The one currency of all lines and their sum in its minor units."""
    lines = params.get("line_items")
    if not lines:
        raise missing_parameter("line_items")
    if len(lines) > MAX_LINES:
        raise ApiError(f"A session in payment mode takes at most {MAX_LINES} line items.", param="line_items")
    total = 0
    currencies: set[str] = {params["currency"].lower()} if "currency" in params else set()
    for place, line in enumerate(lines):
        currency, amount = _line_sum(line, f"line_items[{place}]")
        currencies.add(currency)
        total += amount
    if len(currencies) > 1:
        raise ApiError("All prices of a session must have one currency.", param="line_items")
    currency = currencies.pop()
    if total < SMALLEST[currency]:
        message = f"The total must be worth at least {SMALLEST[currency]} {currency} in minor units."
        raise ApiError(message, code="amount_too_small", param="line_items")
    if total > LARGEST:
        raise ApiError(f"The total must be at most {LARGEST} {currency}.", code="amount_too_large", param="line_items")
    return currency, total


def _line_sum(line: Json, path: str) -> tuple[str, int]:
    data = line.get("price_data")
    if data is None:
        raise missing_parameter(f"{path}[price_data]")
    if "product_data" not in data:
        raise missing_parameter(f"{path}[price_data][product_data]")
    if "unit_amount" not in data:
        raise missing_parameter(f"{path}[price_data][unit_amount]")
    if not data["product_data"]["name"].strip():
        raise empty_parameter(f"{path}[price_data][product_data][name]")
    if "quantity" not in line:
        raise missing_parameter(f"{path}[quantity]")
    data["currency"] = currency = data["currency"].lower()
    if currency not in SMALLEST:
        raise ApiError(f"Invalid currency: {currency[:10]}", param=f"{path}[price_data][currency]")
    for value, least, name in ((line["quantity"], 1, "quantity"), (data["unit_amount"], 0, "price_data][unit_amount")):
        if not least <= value <= LARGEST:
            code = "parameter_invalid_integer"
            raise ApiError(f"This value must lie between {least} and {LARGEST}.", code=code, param=f"{path}[{name}]")
    return currency, data["unit_amount"] * line["quantity"]


def open_session(unit: Unit, session_id: str) -> Thing:
    """The session of that id, in whatever state. Raises ApiError when there is none."""
    found = unit.get("checkout.session", session_id)
    if found is None:
        raise no_such("checkout.session", session_id, "session")
    return found


def expire(unit: Unit, call: Call, session: Thing) -> None:
    """Close an open session unpaid; a payment begun and declined on it is cancelled. Raises ApiError if not open."""
    if session.body["status"] != "open":
        message = f"Only an open Checkout Session can be expired; this one has the status {session.body['status']}."
        raise ApiError(message)
    session.body |= {"status": "expired", "url": None}
    session.due = None
    unit.save(session)
    intent = unit.get("payment_intent", session.body["payment_intent"] or "")
    if intent is not None:
        intent.body |= {"status": "canceled", "canceled_at": call.second, "cancellation_reason": "expired"}
        unit.save(intent)
        record(unit, call, "payment_intent.canceled", intent.body)
    record(unit, call, "checkout.session.expired", session.body)
