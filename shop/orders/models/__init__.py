"""Orders from placing to delivery, and what is given back."""

from shop.orders.models.aftersale import Fault, Refund, RefundPart, Review
from shop.orders.models.disputes import Dispute
from shop.orders.models.lines import LinePiece, OrderLine, SplitPart
from shop.orders.models.orders import OrderEvent, OrderGroup, SellerOrder, Shipment
from shop.orders.models.vouchers import VoucherUse

__all__ = [
    "Dispute",
    "Fault",
    "LinePiece",
    "OrderEvent",
    "OrderGroup",
    "OrderLine",
    "Refund",
    "RefundPart",
    "Review",
    "SellerOrder",
    "Shipment",
    "SplitPart",
    "VoucherUse",
]
