"""What can be done about payouts."""

from shop.payouts.services.advances import (
    advance_of,
    agree_advance,
    ask_advance,
    carry_on,
    give_advance,
    propose_loss,
    refuse_advance,
    write_off,
)
from shop.payouts.services.batches import Left, Outlook, approve, cancel_batch, draft_batch, next_number, outlook
from shop.payouts.services.confirming import answer_spot_call, confirm
from shop.payouts.services.ending import end_payout, may_end
from shop.payouts.services.floats import cash_to_hand_over, draw_float, return_float
from shop.payouts.services.groups import ask_statements
from shop.payouts.services.methods import approve_method, methods_set_by, set_method, take_back_method
from shop.payouts.services.payer import approve_payer, drop_payer
from shop.payouts.services.results import Fate, book_result, open_cases, plan_results
from shop.payouts.services.sending import bank_failed, bank_paid, mark_sent
from shop.payouts.services.settings import set_pay_settings

__all__ = [
    "Fate",
    "Left",
    "Outlook",
    "advance_of",
    "agree_advance",
    "answer_spot_call",
    "approve",
    "approve_method",
    "approve_payer",
    "ask_advance",
    "ask_statements",
    "bank_failed",
    "bank_paid",
    "book_result",
    "cancel_batch",
    "carry_on",
    "cash_to_hand_over",
    "confirm",
    "draft_batch",
    "draw_float",
    "drop_payer",
    "end_payout",
    "give_advance",
    "mark_sent",
    "may_end",
    "methods_set_by",
    "next_number",
    "open_cases",
    "outlook",
    "plan_results",
    "propose_loss",
    "refuse_advance",
    "return_float",
    "set_method",
    "set_pay_settings",
    "take_back_method",
    "write_off",
]
