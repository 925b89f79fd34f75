"""Names that nobody can guess, and numbers that people can say."""

import hashlib
import re
import secrets
import unicodedata

_EASY = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def secret() -> str:
    """A link's secret: 160 bits, safe in a URL."""
    return secrets.token_urlsafe(20)


def digest(value: str) -> str:
    """What is stored of a secret, so that a stolen table opens no session and no link."""
    return hashlib.sha256(value.encode()).hexdigest()


def spoken(length: int = 6) -> str:
    """A short number to read over the telephone: no 0/O, 1/I/L."""
    return "".join(secrets.choice(_EASY) for _ in range(length))


def slug_of(text: str) -> str:
    """A readable part of an address: lower-case letters and digits joined by hyphens, at most 80; may be empty."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return re.sub(r"[^a-z0-9]+", "-", "".join(sign for sign in plain if not unicodedata.combining(sign))).strip("-")[
        :80
    ]
