"""Refusals of the orders room in words."""

from flask_babel import gettext as _

from shop.web.errors import SENTENCES


def init_app() -> None:
    SENTENCES.update(
        {
            "cart_changed": lambda _data: _("Your cart changed in the meantime. Please look at it once more."),
            "price_changed": lambda _data: _("A price changed since you saw it. Please look at your cart once more."),
            "empty_cart": lambda _data: _("Your cart is empty."),
            "not_ready": lambda _data: _("Not everything in this parcel is made and checked yet."),
            "work_begun": lambda _data: _("A maker has said yes to this work. The co-operative decides about it."),
            "disputed": lambda data: _(
                "The buyer's bank disputes the payment of order %(order)s. Nothing is sent or given back until that is over.",
                order=data.get("order", ""),
            ),
            "not_refundable": lambda _data: _("Nothing of it is left to give back."),
        }
    )
