"""Forms about pay."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from shop import clock
from shop.office.forms.fields import FILL_IN, TOO_LONG
from shop.web.forms import DayField, ShopForm

LONGEST_AHEAD = timedelta(days=60)


class DraftForm(ShopForm):
    """On which day a batch is paid; `number` is the one the page offered, so that a second click drafts no second."""

    number = HiddenField(validators=[Length(max=9)])
    pay_on = DayField(_l("Pay day"), [InputRequired(FILL_IN)])

    def validate_pay_on(self, field: DayField) -> None:
        """A day near enough to be meant."""
        if field.data is None or not clock.today() <= field.data <= clock.today() + LONGEST_AHEAD:
            raise ValidationError(_l("Choose a day from today on, at most 60 days ahead."))


class FloatForm(ShopForm):
    """Cash that a broker draws or brings back; `said` is the sum that was shown back in words, `key` this form's own."""

    amount = StringField(_l("Amount"), [InputRequired(FILL_IN), Length(max=40, message=TOO_LONG)])
    said = HiddenField()
    key = HiddenField(validators=[Length(max=40)])


class CallForm(ShopForm):
    """What she said when the co-op called."""

    evidence = TextAreaField(
        _l("What she said"),
        [InputRequired(FILL_IN), Length(max=300, message=TOO_LONG)],
        description=_l("Who called whom on which number, and her words."),
    )


class MethodForm(ShopForm):
    """How a payee wants her money."""

    rail = RadioField(_l("Way"), [InputRequired(FILL_IN)])
    holder = StringField(_l("Account holder"), [Length(max=120, message=TOO_LONG)])
    bank = StringField(_l("Name of the bank"), [Length(max=120, message=TOO_LONG)])
    account = StringField(
        _l("Account number"),
        [Length(max=40, message=TOO_LONG)],
        description=_l("Digits only. Holder and number are needed where a bank pays."),
    )
