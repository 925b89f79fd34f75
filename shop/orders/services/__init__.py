"""What can be done with orders."""

from shop.orders.services.aftersale import cancel_line, lose_line, return_line
from shop.orders.services.fulfilment import deliver, dispatch, release
from shop.orders.services.placing import Buyer, place, retry_payment
from shop.orders.services.settling import expire, refund_sent, settle

__all__ = [
    "Buyer",
    "cancel_line",
    "deliver",
    "dispatch",
    "expire",
    "lose_line",
    "place",
    "refund_sent",
    "release",
    "retry_payment",
    "return_line",
    "settle",
]
