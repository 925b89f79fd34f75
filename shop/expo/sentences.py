"""The expo room's refusals in words."""

from flask_babel import gettext as _

from shop.web.errors import SENTENCES


def init_app() -> None:
    SENTENCES.update(
        {
            "selection_full": lambda data: _("A catalogue holds at most %(limit)d pieces.", limit=data["limit"]),
            "nothing_chosen": lambda _data: _("Choose at least one piece first."),
        }
    )
