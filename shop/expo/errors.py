"""What the expo room refuses."""

from shop.errors import ShopError


class SelectionFull(ShopError):
    """More pieces than a fair's catalogue holds. Data: limit."""

    status = 422
    code = "selection_full"


class NothingChosen(ShopError):
    """There is nothing to export yet."""

    status = 422
    code = "nothing_chosen"
