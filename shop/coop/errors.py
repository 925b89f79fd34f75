"""What this room refuses."""

from shop.errors import BadInput, ShopError


class NoCoop(ShopError):
    """This installation has no co-op yet; an admin founds it on /office/shop, or the demo does."""

    status = 503
    code = "no_coop"


class TooFewYears(BadInput):
    """A working age below what the law of the country says. Data: least."""

    code = "working_age_too_low"


class HotlineIsABrokers(BadInput):
    """The number on every statement must never be a broker's (product.md 1.6)."""

    code = "hotline_is_a_brokers"


class BadPhone(BadInput):
    """No telephone number of this or any country. Data: field."""

    code = "bad_phone"


class UnknownPlaceholder(BadInput):
    """A page's text has a {word} that nothing stands for. Data: word, known."""

    code = "unknown_placeholder"
