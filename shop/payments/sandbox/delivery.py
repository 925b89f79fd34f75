"""The way of events to the shop: signed, sent by the worker, sent again until the shop has taken them."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from stripe import WebhookSignature

from shop.payments.sandbox import clockwork, faults
from shop.payments.sandbox.store import Store, Unit, open_store

Post = Callable[[str, bytes, dict[str, str]], int]
"""Sends a body to an address and gives the HTTP status; raises OSError where no answer came."""

BACK_OFF = (5, 30, 120, 600, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600, 24 * 3600)
"""Seconds until the next try after each failed one: three days in all, as at Stripe."""

MAX_DELIVERIES = 100
_LEASE_SECONDS = 60
_ENOUGH_SECONDS = 30


@dataclass(frozen=True)
class _Letter:
    """One try to deliver an event."""

    seq: int
    attempts: int
    body: str


def deliver_due(instance_path: Path, post: Post, now: datetime, *, url: str = "") -> int:
    """Send what is due to the shop's webhook and give the number of events it took (2xx).

    Sessions expire and slow payments settle first, since that is when their events arise. A refused or unanswered
    delivery is tried again after BACK_OFF; two workers at once never send the same delivery. `url` is where the shop
    answers, as the one who delivers knows it; without it the address that the sandbox was made with counts.
    """
    second = int(now.timestamp())
    store = open_store(instance_path)
    clockwork.catch_up(store, second)
    taken, begun = 0, time.monotonic()
    for _ in range(MAX_DELIVERIES):
        if time.monotonic() - begun > _ENOUGH_SECONDS:
            break  # before the lease of a letter could run out while it is being sent
        letter, kept, secret = _claim(store, second)
        if letter is None:
            break
        status = _send(post, url or kept, secret, letter.body)
        taken += 200 <= status < 300
        _note(store, letter, status, second)
    return taken


def something_due(instance_path: Path, now: datetime) -> bool:
    """Whether the shop has not taken all that was told to it, or time alone has changed something by now."""
    with open_store(instance_path).reading() as unit:
        if unit.is_overdue(int(now.timestamp())):
            return True
        return bool(unit.execute("SELECT 1 FROM delivery WHERE state = 'waiting' LIMIT 1"))


def _claim(store: Store, second: int) -> tuple[_Letter | None, str, str]:
    """The next delivery, leased so that another worker leaves it alone, with the address and the signing secret."""
    due = "SELECT seq, event, attempts FROM delivery WHERE state = 'waiting' AND due <= ? ORDER BY seq"
    with store.reading() as unit:
        if not unit.execute(due + " LIMIT 1", (second,)):
            return None, "", ""
    with store.writing() as unit:
        url, secret = unit.setting("webhook_url"), unit.setting("webhook_secret")
        rows = unit.execute(due + (" DESC" if faults.is_on(unit, "reordered") else "") + " LIMIT 1", (second,))
        if not rows or not url or not secret:
            return None, "", ""
        seq, event_id, attempts = rows[0]
        told = unit.get("event", event_id)
        assert told is not None
        lease = (second + _LEASE_SECONDS, seq)
        unit.execute("UPDATE delivery SET due = ?, attempts = attempts + 1 WHERE seq = ?", lease)
        return _Letter(seq, attempts + 1, json.dumps(told.body, ensure_ascii=False)), url, secret


def _send(post: Post, url: str, secret: str, body: str) -> int:
    # the signature carries the machine's own time, which is what its reader compares, not the demo's moved clock
    header = WebhookSignature.generate_signature_header(body, secret)
    headers = {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": header}
    try:
        return post(url, body.encode(), headers)
    except OSError:
        return 0


def _note(store: Store, letter: _Letter, status: int, second: int) -> None:
    if 200 <= status < 300:
        state, due = "delivered", second
    elif letter.attempts > len(BACK_OFF):
        state, due = "given_up", second
    else:
        state, due = "waiting", second + BACK_OFF[letter.attempts - 1]
    with store.writing() as unit:
        unit.execute(
            "UPDATE delivery SET state = ?, due = ?, status = ? WHERE seq = ?", (state, due, status, letter.seq)
        )
        if state != "waiting":
            _count_down(unit, letter.seq)


def _count_down(unit: Unit, seq: int) -> None:
    event_id = unit.execute("SELECT event FROM delivery WHERE seq = ?", (seq,))[0][0]
    left = unit.execute("SELECT count(*) FROM delivery WHERE event = ? AND state = 'waiting'", (event_id,))[0][0]
    told = unit.get("event", event_id)
    if told is not None and left == 0:
        told.body["pending_webhooks"] = 0
        unit.save(told)
