"""What the payouts room refuses."""

from shop.errors import BadInput, ShopError


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


class NotYourPart(ShopError):
    """Another person's part of paying people: the treasurer sends, an officer decides (money.md 4). Data: needs."""

    status = 403
    code = "not_your_part"


class OwnMethod(ShopError):
    """Whoever set a payee's way of being paid never approves her next payout. Data: people (how many)."""

    status = 403
    code = "own_method"


class WayChanged(ShopError):
    """A payee is paid another way now than when the batch was drafted. Data: people (how many)."""

    code = "way_changed"


class MoreThanToHandOver(BadInput):
    """A broker draws no more cash than she still has to hand over. Data: most_minor, currency, field."""

    code = "more_than_to_hand_over"


class BankShort(BadInput):
    """No more cash is drawn than the bank holds. Data: has_minor, currency, field."""

    code = "bank_short"


class TooMuchAhead(BadInput):
    """At most half of a slip is advanced, and never more than it can still bring. Data: most_minor, currency, field."""

    code = "too_much_ahead"


class NotCovered(ShopError):
    """There is nothing of this advance that her slip will not cover."""

    code = "nothing_uncovered"


class NothingToPrint(ShopError):
    """Nobody of this group earned anything in those days."""

    status = 422
    code = "nothing_to_print"
