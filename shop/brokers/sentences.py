"""Brokers' refusals in words."""

from flask_babel import gettext as _

from shop.web.errors import SENTENCES


def init_app() -> None:
    SENTENCES.update(
        {
            "number_is_the_hotline": lambda _data: _(
                "That is the hotline's number. A broker needs one of her own, so that statements never show hers."
            ),
            "no_brokers_user": lambda _data: _("Nobody with the broker's role signs in under that account."),
            "broker_rests": lambda _data: _("This broker does not work with the co-operative at present."),
            "no_mandate": lambda _data: _("She has given no mandate that could end."),
            "broker_still_needed": lambda _data: _(
                "An open workshop still has her as its broker. Give the workshop another one first."
            ),
        }
    )
