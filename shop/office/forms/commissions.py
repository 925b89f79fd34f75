"""What is typed of a commission rule; a share in percent with at most two decimals, sums in the co-op's currency."""

import re
from types import MappingProxyType

from flask_babel import lazy_gettext as _l
from wtforms import Field, Form, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from shop.office.forms.fields import FILL_IN, TOO_LONG
from shop.web.forms import DayField, ShopForm

_PERCENT = re.compile(r"(\d{1,3})(?:[.,](\d{1,2}))? ?%?", re.ASCII)


def basis_points(typed: str) -> int | None:
    """`8`, `8.5`, `8,25 %` in hundredths of a percent; None for anything else, or above 100 %."""
    found = _PERCENT.fullmatch(typed.strip())
    if found is None:
        return None
    points = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
    return points if points <= 10_000 else None


class OneOfTwo:
    """Marks a field of which one of two is needed; the view says so where none or both are given."""

    field_flags = MappingProxyType({"one_of_two": True})

    def __call__(self, _form: Form, _field: Field) -> None:
        """Nothing is wrong with either of them by itself."""


class RuleForm(ShopForm):
    """A rule from a day on; `said` is what was shown back as an example."""

    part = SelectField(_l("Which part of the price"))
    scope = SelectField(_l("For whom"))
    percent = StringField(
        _l("Percent of the price"),
        [OneOfTwo(), Length(max=10, message=TOO_LONG)],
        description=_l("For the guide: percent of the broker's part. Give this or a sum a piece."),
    )
    amount = StringField(_l("Or a sum a piece"), [OneOfTwo(), Length(max=40, message=TOO_LONG)])
    floor = StringField(_l("At least"), [Length(max=40, message=TOO_LONG)])
    cap = StringField(_l("At most"), [Length(max=40, message=TOO_LONG)])
    valid_from = DayField(_l("From which day"), [InputRequired(FILL_IN)])
    said = HiddenField()
