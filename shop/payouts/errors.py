"""What the payouts room refuses."""

from shop.errors import ShopError


class SamePerson(ShopError):
    """Whoever drafted a batch never approves it."""

    status = 403
    code = "same_person"


class NothingToPay(ShopError):
    """No earning is waiting for a payout."""

    status = 422
    code = "nothing_to_pay"


class WrongState(ShopError):
    """The payout or batch is not in the state this needs. Data: state."""

    code = "wrong_payout_state"


class NotHerself(ShopError):
    """This route does not prove that she herself says so (money.md 4)."""

    status = 422
    code = "not_herself"


class FloatShort(ShopError):
    """The broker's float holds less than she says she handed over. Data: short_minor, currency."""

    code = "float_short"
