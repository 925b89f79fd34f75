"""What can be done with orders."""

from shop.orders.services.aftersale import cancel_line, lose_line, reduce_line, return_line
from shop.orders.services.disputed import settle_dispute
from shop.orders.services.faults import agree_fault, ask_fault, drop_fault, end_claim
from shop.orders.services.fulfilment import deliver, dispatch, release
from shop.orders.services.placing import Buyer, place, retry_payment
from shop.orders.services.refunds import (
    ask_by_bank,
    drop_by_bank,
    read_fee,
    refund_sent,
    sent_by_bank,
    try_again,
)
from shop.orders.services.seen import name_refund, refund_seen
from shop.orders.services.settling import expire, settle
from shop.orders.services.undoing import seen_now
from shop.orders.services.unused import give_back_unused, unused_payments

__all__ = [
    "Buyer",
    "agree_fault",
    "ask_by_bank",
    "ask_fault",
    "cancel_line",
    "deliver",
    "dispatch",
    "drop_by_bank",
    "drop_fault",
    "end_claim",
    "expire",
    "give_back_unused",
    "lose_line",
    "name_refund",
    "place",
    "read_fee",
    "reduce_line",
    "refund_seen",
    "refund_sent",
    "release",
    "retry_payment",
    "return_line",
    "seen_now",
    "sent_by_bank",
    "settle",
    "settle_dispute",
    "try_again",
    "unused_payments",
]
