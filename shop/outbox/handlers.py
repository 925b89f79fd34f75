"""Who does which kind of work. Rooms register here in `init_app`; the worker looks here.

Two sorts of work, told apart when registering:
- `handles(kind)`: outside any transaction, for calls to the outside (mail, Stripe, pictures). It opens its own
  `writing()`, and must be harmless when run again, since a crash may fall between its effect and its tick.
- `settles(kind)`: inside the very transaction that ticks it off, for work on our own rows. It happens exactly once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.orm import Session

from shop.outbox.services import Job

Outside = Callable[[Job], None]
Inside = Callable[[Session, Job], None]
F = TypeVar("F", Outside, Inside)


class Hopeless(Exception):
    """Raised by a handler: no later try can succeed, so the job is parked at once. The text says why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """How one kind is done, and which parts of its payload are forgotten afterwards."""

    outside: Outside | None = None
    inside: Inside | None = None
    forget: tuple[str, ...] = ()


_entries: dict[str, Entry] = {}


def _name(entry: Entry) -> str:
    doer = entry.outside or entry.inside
    return f"{getattr(doer, '__module__', '')}.{getattr(doer, '__qualname__', '')}"


def _register(kind: str, entry: Entry) -> None:
    known = _entries.get(kind)
    if known is not None and _name(known) != _name(entry):
        raise ValueError(f"two handlers for {kind!r}: {_name(known)} and {_name(entry)}")
    _entries[kind] = entry


def handles(kind: str, *, forget: Sequence[str] = ()) -> Callable[[Outside], Outside]:
    """Register work that calls the outside. ValueError when another function already handles `kind`."""

    def declare(doer: Outside) -> Outside:
        _register(kind, Entry(outside=doer, forget=tuple(forget)))
        return doer

    return declare


def settles(kind: str, *, forget: Sequence[str] = ()) -> Callable[[Inside], Inside]:
    """Register work on our own rows, done in the transaction that ticks it off. ValueError as for `handles`."""

    def declare(doer: Inside) -> Inside:
        _register(kind, Entry(inside=doer, forget=tuple(forget)))
        return doer

    return declare


def entry_for(kind: str) -> Entry | None:
    """Who does `kind`; None when nobody has registered."""
    return _entries.get(kind)


def forget_handler(kind: str) -> None:
    """Take a registration back; for tests and for rooms that are switched off."""
    _entries.pop(kind, None)


__all__ = ["Entry", "Hopeless", "Job", "entry_for", "forget_handler", "handles", "settles"]
