"""What the orders room refuses."""

from shop.errors import ShopError


class CartChanged(ShopError):
    """The cart is not what the form was made for; it must be looked at again."""

    code = "cart_changed"


class PriceChanged(ShopError):
    """A price is not the one she was shown. Data: product_ids."""

    code = "price_changed"


class EmptyCart(ShopError):
    """There is nothing to order."""

    status = 422
    code = "empty_cart"


class NotReady(ShopError):
    """A parcel cannot leave before everything in it is made and checked. Data: state."""

    code = "not_ready"


class WorkBegun(ShopError):
    """A maker has said yes: only an officer decides about this cancellation."""

    code = "work_begun"


class Disputed(ShopError):
    """The buyer's bank has taken the money back, or may keep it: nothing is sent and nothing given back. Data: order."""

    code = "disputed"


class NotRefundable(ShopError):
    """There is nothing left of it to give back."""

    code = "not_refundable"
