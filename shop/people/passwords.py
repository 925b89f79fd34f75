"""What a password must be, and how it is kept: argon2id with OWASP's sizes, a few at a time."""

import secrets
import threading
import unicodedata
from functools import cache
from typing import NewType

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from shop.db import Busy
from shop.people.errors import BadPassword

SHORTEST = 10
LONGEST = 1024
FEWEST_SIGNS = 4
WAIT_SECONDS = 10

PasswordHash = NewType("PasswordHash", str)
"""What `hashed` gives back; services take no plain password."""

# https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html: argon2id, m=19 MiB, t=2, p=1
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# 64 threads with 19 MiB each would fill a small machine
_turns = threading.BoundedSemaphore(4)


def normal(password: str) -> str:
    """One form for every way to type it: NFC, no white space around it."""
    return unicodedata.normalize("NFC", password.strip())


def hashed(password: str, *, email: str = "") -> PasswordHash:
    """What is kept of a password. Raises BadPassword: under 10 or over 1024 characters, NUL, the address itself, or
    fewer than four different signs.

    Takes some 20 ms: call it outside of transactions.
    """
    if len(password) > LONGEST * 4:
        raise BadPassword(why="long")  # before any work is spent on a megabyte
    plain = normal(password)
    if "\x00" in plain or any(0xD800 <= ord(sign) <= 0xDFFF for sign in plain):
        raise BadPassword(why="sign")
    if len(plain) < SHORTEST:
        raise BadPassword(why="short")
    if len(plain) > LONGEST:
        raise BadPassword(why="long")
    if len(set(plain)) < FEWEST_SIGNS or (email and plain.casefold() in {email, email.partition("@")[0]}):
        raise BadPassword(why="plain")
    with _Turn():
        return PasswordHash(_hasher.hash(plain))


def fits(kept: str | None, password: str) -> bool:
    """Whether the password is the one kept. Takes as long where nothing is kept, so that time tells no address."""
    plain = normal(password) if len(password) <= LONGEST * 4 else ""
    possible = SHORTEST <= len(plain) <= LONGEST and "\x00" not in plain
    with _Turn():
        try:
            return _hasher.verify(kept or _nobodys(), plain if possible else "-") and possible and kept is not None
        except (VerificationError, InvalidHashError, UnicodeEncodeError):
            return False


def outdated(kept: str) -> bool:
    """Whether it was kept with other sizes than today's."""
    return _hasher.check_needs_rehash(kept)


@cache
def _nobodys() -> str:
    return _hasher.hash(secrets.token_urlsafe(16))


class _Turn:
    def __enter__(self) -> None:
        if not _turns.acquire(timeout=WAIT_SECONDS):
            raise Busy(why="passwords")

    def __exit__(self, *_about: object) -> None:
        _turns.release()
