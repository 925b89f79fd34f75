"""Workshops' refusals in words."""

from flask_babel import gettext as _

from shop.web.errors import SENTENCES


def init_app() -> None:
    SENTENCES.update(
        {
            "not_a_maker": lambda _data: _("Somebody chosen is unknown here, or has left the co-operative."),
            "workshop_needs_broker": lambda _data: _(
                "An open workshop needs a broker who works with the co-operative: its orders go to her."
            ),
        }
    )
