"""Closing a month."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField
from wtforms.validators import InputRequired

from shop.web.forms import ShopForm


class CloseForm(ShopForm):
    """The month that the page showed, so that nobody closes another one, and a word that it is meant."""

    month = HiddenField()
    sure = BooleanField(
        _l("I have seen what still stands open. A closed month is never opened again."),
        [InputRequired(_l("Please say that you mean it."))],
    )
