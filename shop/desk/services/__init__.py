"""What the desk does in one unit of work, with the right checked again in it."""

from shop.desk.services.goods import Offer, edit_goods, list_goods, my_goods, publish_if_whole, switch_goods
from shop.desk.services.parcels import cancel_my_line
from shop.desk.services.words import own_word, say_missing, witness

__all__ = [
    "Offer",
    "cancel_my_line",
    "edit_goods",
    "list_goods",
    "my_goods",
    "own_word",
    "publish_if_whole",
    "say_missing",
    "switch_goods",
    "witness",
]
