"""What this room refuses."""

from shop.errors import BadInput, ShopError


class NumberIsTheHotline(BadInput):
    """A broker's number may not be the one that stands on statements (product.md 1.6)."""

    code = "number_is_the_hotline"


class NoBrokersUser(BadInput):
    """The user is unknown, is let in no more, or is no broker by role. Data: field."""

    code = "no_brokers_user"


class BrokerRests(ShopError):
    """The broker does not work with the co-op now."""

    code = "broker_rests"


class NoMandate(ShopError):
    """She has given no broker a mandate that could end."""

    code = "no_mandate"


class StillNeeded(ShopError):
    """An open workshop depends on her. Data: workshops (ids)."""

    code = "broker_still_needed"
