"""Forms about advances."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from shop.office.forms.fields import FILL_IN, TOO_LONG
from shop.payouts.models import LONGEST_REASON
from shop.web.forms import ShopForm


class CalledForm(ShopForm):
    """What she said when the co-op rang her."""

    evidence = TextAreaField(
        _l("What she said"),
        [InputRequired(FILL_IN), Length(max=LONGEST_REASON, message=TOO_LONG)],
        description=_l("Who called whom on which number, and her words."),
    )


class LossForm(ShopForm):
    """Why an advance cannot be got back."""

    reason = TextAreaField(
        _l("Why it is written off"),
        [InputRequired(FILL_IN), Length(max=LONGEST_REASON, message=TOO_LONG)],
        description=_l("A second person reads it and decides."),
    )
