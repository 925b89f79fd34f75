"""What can be done about payouts."""

from shop.payouts.services.batches import Left, Outlook, approve, cancel_batch, draft_batch, outlook, set_method
from shop.payouts.services.confirming import answer_spot_call, confirm
from shop.payouts.services.sending import bank_failed, bank_paid, draw_float, mark_sent, return_float

__all__ = [
    "Left",
    "Outlook",
    "answer_spot_call",
    "approve",
    "bank_failed",
    "bank_paid",
    "cancel_batch",
    "confirm",
    "draft_batch",
    "draw_float",
    "mark_sent",
    "outlook",
    "return_float",
    "set_method",
]
