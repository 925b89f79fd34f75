"""What can be done about payouts."""

from shop.payouts.services.batches import Left, approve, cancel_batch, draft_batch, set_method
from shop.payouts.services.confirming import answer_spot_call, confirm
from shop.payouts.services.sending import bank_failed, bank_paid, draw_float, mark_sent, return_float

__all__ = [
    "Left",
    "answer_spot_call",
    "approve",
    "bank_failed",
    "bank_paid",
    "cancel_batch",
    "confirm",
    "draft_batch",
    "draw_float",
    "mark_sent",
    "return_float",
    "set_method",
]
