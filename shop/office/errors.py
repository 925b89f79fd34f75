"""What the office refuses besides what the rooms below do."""

from shop.errors import ShopError


class HasOutcome(ShopError):
    """This goes off the list by its outcome, by no button. Data: kind."""

    code = "has_outcome"
