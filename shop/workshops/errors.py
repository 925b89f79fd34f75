"""What this room refuses."""

from shop.errors import BadInput, ShopError


class NotAMaker(BadInput):
    """Unknown, or she has left. Data: ids, field."""

    code = "not_a_maker"


class NoBroker(ShopError):
    """An open workshop needs a broker who works with the co-op: orders go to her."""

    code = "workshop_needs_broker"
