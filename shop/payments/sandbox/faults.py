"""What can go wrong between Stripe and us, switched on and off for all processes (``flask sandbox fault NAME on|off``).

A new fault is one line in KNOWN and one question ``is_on`` at the place where it bites.
"""

from pathlib import Path

from shop.errors import ShopError
from shop.payments.sandbox.store import Unit, open_store

KNOWN = {
    "duplicate": "every event is delivered twice",
    "reordered": "events are delivered newest first",
    "delayed": "events are delivered an hour late",
    "lost": "events are never delivered; they can still be read from the API",
    "error_after": "POST requests take effect and answer 500",
    "timeout_after": "POST requests take effect and their answer is lost",
    "refund_pending": "refunds stay pending for a minute, then succeed",
    "refund_failed": "refunds stay pending for a minute, then fail",
}

_PREFIX = "fault:"


class UnknownFault(ShopError):
    """There is no such fault; ``known`` lists those there are."""

    status = 422
    code = "unknown_fault"


def switch(instance_path: Path, name: str, *, on: bool) -> None:
    """Turn a fault on or off for web and worker alike. Raises UnknownFault."""
    if name not in KNOWN:
        raise UnknownFault(name=name, known=sorted(KNOWN))
    with open_store(instance_path).writing() as unit:
        unit.set(_PREFIX + name, "on" if on else None)


def active(instance_path: Path) -> list[str]:
    """Names of the faults that are on, in order of the alphabet."""
    with open_store(instance_path).reading() as unit:
        return unit.settings(_PREFIX)


def is_on(unit: Unit, name: str) -> bool:
    """Whether a fault bites in this transaction."""
    assert name in KNOWN
    return unit.setting(_PREFIX + name) is not None
