"""Forms about pay."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from shop import clock
from shop.office.forms.fields import FILL_IN, TOO_LONG, Choice, VersionedForm
from shop.payouts.models import LONGEST_REASON
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
    wallet = SelectField(_l("Which wallet"), validators=[Optional()])
    holder = StringField(_l("Account holder"), [Length(max=120, message=TOO_LONG)])
    bank = StringField(_l("Name of the bank"), [Length(max=120, message=TOO_LONG)])
    bank_code = StringField(
        _l("Number of the bank"),
        [Length(max=20, message=TOO_LONG)],
        description=_l("Where the bank asks for it: 联行号 in China, BIN (six digits) in Vietnam, or BIC."),
    )
    account = StringField(
        _l("Account number"),
        [Length(max=40, message=TOO_LONG)],
        description=_l("Digits only; for a wallet what it knows her by. Not needed for cash."),
    )

    own_password = PasswordField(
        _l("Your own password"),
        [InputRequired(FILL_IN)],
        description=_l("Asked once more, so that nobody changes an account on a device left open."),
    )


class HeirForm(MethodForm):
    """Who is paid in a payee's stead, what shows it, and how."""

    heir = StringField(_l("Name of the heir"), [InputRequired(FILL_IN), Length(max=120, message=TOO_LONG)])
    evidence = TextAreaField(
        _l("What shows it"),
        [InputRequired(FILL_IN), Length(max=LONGEST_REASON, message=TOO_LONG)],
        description=_l("For example: certificate of death 88, certificate of inheritance 12; where the papers lie."),
    )


class PaySettingsForm(VersionedForm):
    """How and when the co-op pays."""

    bank_profile = SelectField(_l("Columns of the bank's sheet"))
    payer_name = StringField(
        _l("The co-op's account: holder"),
        [Length(max=120, message=TOO_LONG)],
        description=_l("The account that pays. It is written into ISO 20022 files."),
    )
    payer_account = StringField(_l("The co-op's account: number"), [Length(max=40, message=TOO_LONG)])
    payer_bank = StringField(_l("The co-op's account: bank"), [Length(max=120, message=TOO_LONG)])
    payer_bank_code = StringField(
        _l("The co-op's account: number of the bank"),
        [Length(max=20, message=TOO_LONG)],
        description=_l("BIC or the bank's number in its country."),
    )
    every_weeks = SelectField(_l("How often it pays"), coerce=int)
    counted_from = DayField(
        _l("A day of a week in which it pays"),
        [Optional()],
        description=_l("Needed where it does not pay every week; the others are counted from it."),
    )
    cut_off_days = Choice(_l("What is accepted until then is paid"))
    cut_off_hour = SelectField(_l("At which hour"), coerce=int)
    drafts_itself = BooleanField(_l("The shop drafts each batch itself, at the cut-off. An officer still approves it."))
    account_wait_days = IntegerField(
        _l("Days that a changed account waits"),
        [InputRequired(FILL_IN)],
        description=_l("Until then payouts go by the account before it; without one they wait."),
    )
    account_limit = StringField(
        _l("From which sum on a second person approves a changed account"),
        [Length(max=40, message=TOO_LONG)],
        description=_l("Payouts above it wait for her. Left empty, nobody is asked."),
    )
    own_password = PasswordField(
        _l("Your own password"),
        [Optional()],
        description=_l("Needed where the account that pays, the waiting time or the sum is changed."),
    )
