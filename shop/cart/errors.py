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


class VoucherRefused(ShopError):
    """A code gives nothing here. Data of all: code, as it is kept."""

    status = 422
    code = "voucher_unknown"


class VoucherUnknown(VoucherRefused):
    """There is no such code."""


class VoucherEnded(VoucherRefused):
    """Its time is over, or it was ended."""

    code = "voucher_ended"


class VoucherNotYet(VoucherRefused):
    """Its time has not come. Data: day."""

    code = "voucher_not_yet"


class VoucherUsedUp(VoucherRefused):
    """It stands in as many orders as it may."""

    status = 409
    code = "voucher_used_up"


class VoucherUsedByYou(VoucherRefused):
    """It stands in as many orders of this e-mail address as it may. Data: limit."""

    status = 409
    code = "voucher_used_by_you"


class VoucherBelowMinimum(VoucherRefused):
    """The pieces it is for cost too little. Data: minimum_minor, currency."""

    code = "voucher_below_minimum"


class VoucherElsewhere(VoucherRefused):
    """It is for pieces of another workshop only. Data: workshop, its name in three languages."""

    code = "voucher_elsewhere"


class VoucherOverShare(VoucherRefused):
    """A workshop's code would take more than that workshop's own part of a piece (money.md 1)."""

    code = "voucher_over_share"
