"""Her PIN: set before a co-op officer, kept as argon2, three tries (money.md 4).

Hashing takes some 20 ms and stands outside of transactions. A try is counted before it is judged and in a transaction
of its own, so that neither a refusal nor twenty tries at once gives anybody a fourth.
"""

import threading
import unicodedata
from functools import cache
from typing import NewType

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from shop.db import again, holding, writing
from shop.errors import NotFound
from shop.makers.errors import BadPin, NoPin, PinLocked, WrongPin
from shop.makers.models import Maker

TRIES = 3

PinHash = NewType("PinHash", str)
"""What `hashed` gives back; `services.set_pin` takes no plain PIN."""

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_turns = threading.BoundedSemaphore(4)
_RUNS = "01234567890", "09876543210"


def normal(pin: str) -> str:
    """Full-width digits are digits; white space counts for nothing."""
    return "".join(unicodedata.normalize("NFKC", pin[:40]).split())


def hashed(pin: str) -> PinHash:
    """What is kept of a PIN. Raises BadPin: not four to six digits, one digit over and over, or a run such as 1234."""
    plain = normal(pin)
    if not (4 <= len(plain) <= 6 and plain.isascii() and plain.isdigit()):
        raise BadPin(why="digits", field="pin")
    if len(set(plain)) == 1 or any(plain in run for run in _RUNS):
        raise BadPin(why="easy", field="pin")
    with _turns:
        return PinHash(_hasher.hash(plain))


def fits(kept: str | None, pin: str) -> bool:
    """Whether it is the PIN kept. Takes as long where none is kept."""
    with _turns:
        try:
            return _hasher.verify(kept or _nobodys(), normal(pin) or "-") and kept is not None
        except (VerificationError, InvalidHashError, UnicodeEncodeError):
            return False


@cache
def _nobodys() -> str:
    return _hasher.hash("nobody's")


def check_pin(*, maker_id: int, pin: str) -> None:
    """Return when it is her PIN; tries start anew then. Opens transactions of its own: call it outside of any.

    Raises NotFound, NoPin, PinLocked, WrongPin with the tries that are left. Takes equally long in every case.
    """
    if holding():
        raise RuntimeError(f"check_pin inside {holding()}: its count of tries must not be rolled back")
    kept, used = again(lambda: _count_try(maker_id))
    right = fits(kept, pin)
    if kept is None:
        _say_why(maker_id)
    if not right:
        raise WrongPin(left=TRIES - used, field="pin") if used < TRIES else PinLocked()
    again(lambda: _start_anew(maker_id, kept))


def _count_try(maker_id: int) -> tuple[str | None, int]:
    with writing() as session:
        row = session.execute(
            update(Maker)
            .where(Maker.id == maker_id, Maker.pin_hash.is_not(None), Maker.pin_tries < TRIES)
            .values(pin_tries=Maker.pin_tries + 1)
            .returning(Maker.pin_hash, Maker.pin_tries),
            execution_options={"synchronize_session": False},
        ).first()
    return (row.pin_hash, row.pin_tries) if row else (None, TRIES)


def _start_anew(maker_id: int, kept: str | None) -> None:
    with writing() as session:
        session.execute(
            update(Maker).where(Maker.id == maker_id, Maker.pin_hash == kept).values(pin_tries=0),
            execution_options={"synchronize_session": False},
        )


def _say_why(maker_id: int) -> None:
    with writing() as session:
        row = session.execute(select(Maker.pin_hash).where(Maker.id == maker_id)).first()
    if row is None:
        raise NotFound(what="maker")
    raise NoPin if row.pin_hash is None else PinLocked


def pin_state(session: Session, *, maker_id: int) -> str:
    """`none`, `set` or `locked`."""
    row = session.execute(select(Maker.pin_hash, Maker.pin_tries).where(Maker.id == maker_id)).first()
    if row is None or row.pin_hash is None:
        return "none"
    return "locked" if row.pin_tries >= TRIES else "set"
