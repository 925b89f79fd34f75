"""What this room refuses."""

from datetime import date

from shop.errors import BadInput, ShopError


class TooYoung(BadInput):
    """She may be below working age. Data: least (years), from_year (when she may be registered), field."""

    code = "may_be_too_young"

    def __init__(self, *, least: int, from_year: int) -> None:
        super().__init__(least=least, from_year=from_year, field="birth_year")


class OlderAnswer(BadInput):
    """A later answer to the same item is known already. Data: latest."""

    code = "older_answer"

    def __init__(self, *, latest: date) -> None:
        super().__init__(latest=latest, field="on")


class BrokersNumber(BadInput):
    """A broker's number is nobody else's own: what comes from it proves nothing of a maker (money.md 4)."""

    code = "brokers_number"

    def __init__(self) -> None:
        super().__init__(field="phone")


class NotAsked(ShopError):
    """There is no yes to take back. Data: item."""

    code = "no_consent"


class HasLeft(ShopError):
    """She no longer works with the co-op."""

    code = "has_left"


class BadPin(BadInput):
    """Not four to six digits, or digits that anybody would try first. Data: why (digits, easy)."""

    code = "bad_pin"


class WrongPin(BadInput):
    """Not her PIN. Data: left (tries)."""

    code = "wrong_pin"


class NoPin(ShopError):
    """She has set none."""

    code = "no_pin"


class PinLocked(ShopError):
    """Three wrong tries; a co-op officer sets a new one with her."""

    code = "pin_locked"


class OfficersOnly(ShopError):
    """A PIN is set by the maker before a co-op officer (money.md 4)."""

    status = 403
    code = "officers_only"
