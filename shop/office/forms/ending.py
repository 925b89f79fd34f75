"""Forms about payouts that come to nothing."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from shop.office.forms.fields import FILL_IN, TOO_LONG
from shop.payouts.models import LONGEST_REASON
from shop.web.forms import ShopForm


class EndForm(ShopForm):
    """Why a payout that never reached her is ended."""

    reason = TextAreaField(
        _l("What happened"),
        [InputRequired(FILL_IN), Length(max=LONGEST_REASON, message=TOO_LONG)],
        description=_l("Who says so and since when; it is kept with your name."),
    )
