"""What is typed of a voucher: a code, what it gives, for whom, from when to when and how often."""

import re
import unicodedata

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from shop.office.forms.fields import FILL_IN, TOO_LONG, Choice
from shop.web.forms import DayField, ShopForm


def whole(typed: str | None) -> int | None:
    """A whole number as it is typed, in any width of digits, with or without a percent sign; None for anything else."""
    plain = unicodedata.normalize("NFKC", typed or "").strip().removesuffix("%").strip()
    return int(plain) if re.fullmatch(r"[0-9]{1,7}", plain, re.ASCII) else None


class VoucherForm(ShopForm):
    """A new voucher; `said` is what was shown back in words."""

    code = StringField(
        _l("Code"),
        [InputRequired(FILL_IN), Length(max=60, message=TOO_LONG)],
        description=_l("3 to 30 letters, digits or hyphens. Capitals or not is the same."),
    )
    kind = SelectField(_l("Who bears it"))
    workshop_id = Choice(_l("For whose pieces"))
    percent = StringField(
        _l("Percent off"), [Length(max=10, message=TOO_LONG)], description=_l("1 to 100. Give this or a sum.")
    )
    amount = StringField(_l("Or a sum off"), [Length(max=40, message=TOO_LONG)])
    with_post = BooleanField(
        _l("The post too: at 100 % there is nothing left to pay. Only the co-op's, for all pieces.")
    )
    minimum = StringField(_l("From which sum of pieces on"), [Length(max=40, message=TOO_LONG)])
    valid_from = DayField(_l("From which day"), [InputRequired(FILL_IN)])
    valid_until = DayField(_l("Until and with which day"), description=_l("Left empty: until somebody ends it."))
    limit_all = StringField(
        _l("Orders in all, at most"), [Length(max=10, message=TOO_LONG)], description=_l("Left empty: no limit.")
    )
    limit_each = StringField(
        _l("Orders of one buyer, at most"),
        [Length(max=10, message=TOO_LONG)],
        description=_l("A buyer is known by her e-mail address. Left empty: no limit."),
    )
    said = HiddenField()
