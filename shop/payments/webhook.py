"""Events as Stripe sends them: verified, read, and nothing believed that was not signed."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from stripe import SignatureVerificationError, WebhookSignature

from shop.errors import ShopError

MAX_BYTES = 512 * 1024
"""Stripe's events are some kilobytes; more is no event and is not looked at."""

MAX_HEADER = 2000
TOLERANCE = 300
"""Seconds a signature may be old, or early by a clock that runs ahead."""


class BadSignature(ShopError):
    """The body is not from Stripe, or is no event. ``reason``: size, signature, clock or body.

    ``clock`` means that the signature is right but not of now: a replay, or one of the two clocks is wrong.
    """

    status = 400
    code = "bad_signature"


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, by whom it can be found again. ``object_id`` is the thing it happened to.

    ``ref`` is our client_reference_id, where the thing is a checkout session; ``payload`` the signed text.
    """

    id: str
    type: str
    created_at: datetime
    livemode: bool
    object_type: str
    object_id: str
    payment_intent: str | None
    charge: str | None
    ref: str | None
    payload: str


def read_event(payload: bytes, signature: str, secret: str) -> Event:
    """The event in a webhook's raw body. Raises BadSignature on anything that is not one, signed just now."""
    if len(payload) > MAX_BYTES or len(signature) > MAX_HEADER:
        raise BadSignature(reason="size")
    # the machine's own time: the demo's moved clock knows nothing of Stripe's
    second = time.time()
    try:
        text = payload.decode()
        WebhookSignature.verify_header(text, signature, secret)
        signed_at = int(dict(item.split("=", 1) for item in reversed(signature.split(",")))["t"])
    # TypeError: the SDK compares a signature that is not ASCII; the rest: numbers and letters that are none
    except (SignatureVerificationError, ValueError, TypeError, KeyError, OverflowError):
        raise BadSignature(reason="signature") from None
    if abs(second - signed_at) > TOLERANCE:
        raise BadSignature(reason="clock", seconds=int(signed_at - second))
    try:
        return _event(text)
    except (ValueError, TypeError, KeyError, OverflowError, OSError, RecursionError):
        raise BadSignature(reason="body") from None


def _event(text: str) -> Event:
    body = json.loads(text)
    if not isinstance(body, dict) or body.get("object") != "event":
        raise ValueError("no event")
    thing = body["data"]["object"]
    return Event(
        id=_word(body, "id"),
        type=_word(body, "type"),
        created_at=datetime.fromtimestamp(int(body["created"]), UTC),
        livemode=bool(body["livemode"]),
        object_type=_word(thing, "object"),
        object_id=_word(thing, "id"),
        payment_intent=_link(thing, "payment_intent"),
        charge=_link(thing, "charge"),
        ref=_link(thing, "client_reference_id"),
        payload=text,
    )


def _word(body: Mapping[str, Any], name: str) -> str:
    value = body[name]
    if not isinstance(value, str) or not 0 < len(value) <= 255 or "\0" in value:
        raise ValueError(name)
    return value


def _link(body: Mapping[str, Any], name: str) -> str | None:
    value = body.get(name)
    if isinstance(value, dict):
        value = value.get("id")
    return value if isinstance(value, str) and 0 < len(value) <= 255 and "\0" not in value else None
