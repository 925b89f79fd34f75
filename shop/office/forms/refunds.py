"""Forms about money that goes back to a buyer."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from shop.office.forms.fields import FILL_IN, TOO_LONG, Choice, Choices
from shop.web.forms import ShopForm


class HowMuchForm(ShopForm):
    """What is asked before the figures are shown: so many pieces, or a sum. It changes nothing."""

    class Meta(ShopForm.Meta):
        csrf = False

    quantity = IntegerField(_l("How many pieces"), [Optional()])
    amount = StringField(_l("Amount"), [InputRequired(FILL_IN), Length(max=40, message=TOO_LONG)])


class LineForm(ShopForm):
    """Giving back what the page has shown: `seen` is how the line stood on it."""

    seen = HiddenField(validators=[Length(max=40)])
    quantity = HiddenField(validators=[Length(max=9)])
    minor = HiddenField(validators=[Length(max=18)])
    begun = BooleanField(_l("What makers have begun they finish for the shelf, and are paid as agreed"))
    passed = BooleanField(_l("The broker let it pass: her part of it is undone too"))
    how = TextAreaField(
        _l("How it shows"),
        [Length(max=300, message=TOO_LONG)],
        description=_l("What the pictures show, and that mending was offered."),
    )
    cover = StringField(
        _l("What the carrier is to pay"),
        [Optional(), Length(max=40, message=TOO_LONG)],
        description=_l("Its cover for this parcel. Left empty, all of it is our loss."),
    )
    pieces = Choices(_l("Which pieces"), [Optional()], description=_l("Where none is chosen, the last ones are taken."))


class NameForm(ShopForm):
    """What a refund made at Stripe was for."""

    what = RadioField(
        _l("What it was for"),
        [InputRequired(FILL_IN)],
        choices=[
            SelectChoice("keep", _l("It is booked as it should be")),
            SelectChoice("cancel", _l("Pieces cancelled before dispatch")),
            SelectChoice("return", _l("Pieces that came back in good order")),
            SelectChoice("lose", _l("Pieces lost on the way")),
        ],
    )
    line = Choice(_l("Line"), [Optional()])
    quantity = IntegerField(_l("How many pieces"), [Optional(), NumberRange(min=1)])


class ClaimForm(ShopForm):
    """How much a carrier has paid in the end."""

    amount = StringField(_l("Paid by the carrier"), [InputRequired(FILL_IN), Length(max=40, message=TOO_LONG)])
