"""What the office refuses besides what the rooms below do."""

from shop.errors import ShopError


class HasOutcome(ShopError):
    """This goes off the list by its outcome, by no button. Data: kind."""

    code = "has_outcome"


class NothingToSend(ShopError):
    """None of the batch's payouts by this way is approved."""

    code = "nothing_to_send"


class NothingSent(ShopError):
    """Of a list that is asked for nothing has been sent yet."""

    status = 422
    code = "nothing_sent"
