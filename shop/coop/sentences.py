"""The co-op's refusals in words."""

from flask_babel import gettext as _

from shop.web.errors import SENTENCES
from shop.web.i18n import comma


def init_app() -> None:
    SENTENCES.update(
        {
            "no_coop": lambda _data: _(
                "There is no co-operative here yet. The administrator founds it under Shop settings."
            ),
            "working_age_too_low": lambda data: _(
                "The law says at least %(least)s years; a co-op may only ask for more.", least=data["least"]
            ),
            "hotline_is_a_brokers": lambda _data: _(
                "That is a broker's number. The hotline on a statement must never be one."
            ),
            "bad_phone": lambda _data: _("That is not a telephone number."),
            "unknown_placeholder": lambda data: _(
                "Nothing stands for {%(word)s}. Known are: %(known)s.",
                word=data["word"],
                known=comma().join(f"{{{name}}}" for name in data["known"]),
            ),
        }
    )
