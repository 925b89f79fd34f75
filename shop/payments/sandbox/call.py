"""What a change in the sandbox knows of the request behind it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Call:
    """``second`` is the shop's clock in Unix seconds; ``pages`` the address under which the payment page is served.

    The request's id and idempotency key are absent where a buyer or time itself makes the change.
    """

    second: int
    pages: str = ""
    request_id: str | None = None
    key: str | None = None
