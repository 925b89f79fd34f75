"""What the cart refuses."""

from shop.errors import ShopError


class NotForSale(ShopError):
    """It cannot be bought now: withdrawn, sold out, or without a price. Data: variant_id."""

    code = "not_for_sale"


class NoPost(ShopError):
    """Nobody sends to that country. Data: country."""

    status = 422
    code = "no_post"


class CartFull(ShopError):
    """More lines than a cart holds. Data: limit."""

    status = 422
    code = "cart_full"


class BadQuantity(ShopError):
    """Not a whole number of pieces from 1 to 999."""

    status = 422
    code = "bad_quantity"
