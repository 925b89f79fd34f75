"""The cart's refusals in words."""

from flask_babel import gettext as _

from shop.web.errors import SENTENCES


def init_app() -> None:
    SENTENCES.update(
        {
            "not_for_sale": lambda _data: _("This piece cannot be bought just now."),
            "no_post": lambda _data: _("We cannot send to that country yet. Please write to us."),
            "cart_full": lambda data: _("A cart holds at most %(limit)d lines.", limit=data["limit"]),
            "bad_quantity": lambda _data: _("Please give a whole number of pieces, 1 to 999."),
        }
    )
