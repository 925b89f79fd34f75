"""What can be done about a maker: registering her, her answers, her skills, her PIN and card."""

from shop.makers.services.consents import answer_consent, on_public_change, withdraw_consent
from shop.makers.services.keys import new_card, set_pin, take_card_back
from shop.makers.services.register import (
    come_back,
    create_maker,
    edit_maker,
    leave,
    not_her_own,
    on_leaving,
    set_skill,
    verify_phone,
)

__all__ = [
    "answer_consent",
    "come_back",
    "create_maker",
    "edit_maker",
    "leave",
    "new_card",
    "not_her_own",
    "on_leaving",
    "on_public_change",
    "set_pin",
    "set_skill",
    "take_card_back",
    "verify_phone",
    "withdraw_consent",
]
