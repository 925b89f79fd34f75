"""Refusals as data: a status, a code and the facts. ``shop/web/errors.py`` makes the sentence (house.md §4)."""


class ShopError(Exception):
    """Something the shop refuses. ``data`` are the fields the sentence is made of; ``code`` names the sentence."""

    status: int = 409
    code: str = "refused"

    def __init__(self, **data: object) -> None:
        super().__init__()
        self.data = data

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value!r}" for name, value in self.data.items())
        return f"{self.code} ({facts})" if facts else self.code


class NotFound(ShopError):
    """There is no such thing."""

    status = 404
    code = "not_found"


class NotYours(ShopError):
    """It exists and belongs to another; told apart from NotFound in our logs by its class, never by a visitor."""

    status = 404
    code = "not_found"


class BadInput(ShopError):
    """What was typed or sent cannot be meant."""

    status = 422
    code = "bad_input"


class Conflict(ShopError):
    """It was possible a moment ago."""

    status = 409
    code = "conflict"


class Outdated(ShopError):
    """Somebody else saved the same thing in the meantime."""

    code = "outdated"


class Taken(ShopError):
    """Another has this name, number or address already. Data: field, value."""

    code = "taken"


class Closed(ShopError):
    """The shop cannot answer just now; the same request may succeed later."""

    status = 503
    code = "closed"
