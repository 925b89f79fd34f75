"""What can be done with the catalogue."""

from shop.catalog.services.listing import (
    create_product,
    create_variant,
    edit_product,
    edit_variant,
    index_product,
    publish,
    put_on_sale_again,
    sell_out,
    set_makers,
    set_pictures,
    withdraw,
)
from shop.catalog.services.pricing import Part, end_price, set_piece_rate, set_price
from shop.catalog.services.proposing import end_rule, propose_parts, set_rule
from shop.catalog.services.stock import free, held_pieces, prolong, put_back, reserve, take, take_in

__all__ = [
    "Part",
    "create_product",
    "create_variant",
    "edit_product",
    "edit_variant",
    "end_price",
    "end_rule",
    "free",
    "held_pieces",
    "index_product",
    "prolong",
    "propose_parts",
    "publish",
    "put_back",
    "put_on_sale_again",
    "reserve",
    "sell_out",
    "set_makers",
    "set_pictures",
    "set_piece_rate",
    "set_price",
    "set_rule",
    "take",
    "take_in",
    "withdraw",
]
