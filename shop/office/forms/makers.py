"""Forms about a maker."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    FormField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TelField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from shop.office.forms.fields import FILL_IN, TOO_LONG, Choice, LongTexts, ShortTexts, VersionedForm
from shop.web.forms import DayField, ShopForm


class MakerForm(VersionedForm):
    """What the co-op knows of a maker. Nothing here becomes public by itself."""

    name = FormField(ShortTexts, _l("Full name"))
    pen_name = FormField(ShortTexts, _l("Pen-name"))
    mark = SelectField(_l("Mark"), description=_l("How lists show her to those who do not read."))
    birth_year = IntegerField(
        _l("Year of birth"), [InputRequired(FILL_IN), NumberRange(1900, 2100, _l("Please give a year, such as 1980."))]
    )
    village_id = Choice(_l("Village"), [InputRequired(FILL_IN)])
    hours_a_week = IntegerField(
        _l("Hours a week"),
        [InputRequired(FILL_IN), NumberRange(0, 48, _l("From 0 to 48 hours."))],
        description=_l("What she can and wants to give; at most 48."),
    )
    lang = SelectField(_l("Language she is spoken to in"))
    phone_kind = SelectField(_l("Whose telephone"))
    phone = TelField(_l("Telephone"), [Length(max=40, message=TOO_LONG)])
    story = FormField(LongTexts, _l("Story, in her own words"))


class ConsentForm(ShopForm):
    """Her answer to one item."""

    item = SelectField(_l("What she was asked"))
    answer = RadioField(_l("Her answer"), [InputRequired(FILL_IN)])
    how = SelectField(_l("How she answered"))
    on = DayField(_l("On which day"), [InputRequired(FILL_IN)])


class MandateForm(ShopForm):
    """Which broker may act for her, and for what."""

    broker_id = Choice(_l("Broker"), [InputRequired(FILL_IN)])
    may_list = BooleanField(_l("may list her pieces"))
    may_accept_work = BooleanField(_l("may accept work for her"))
    may_collect_money = BooleanField(_l("may collect money for her"))
    evidence = StringField(
        _l("What shows it"),
        [InputRequired(FILL_IN), Length(max=200, message=TOO_LONG)],
        description=_l("For example: signed paper 12, or the recording of a call."),
    )
    starts_on = DayField(_l("From which day"), [InputRequired(FILL_IN)])


class PinForm(ShopForm):
    """She types it herself, twice."""

    pin = PasswordField(_l("Her PIN"), [InputRequired(FILL_IN)], description=_l("Four to six digits."))
    again = PasswordField(_l("The same once more"), [InputRequired(FILL_IN)])


class DayForm(ShopForm):
    """On which day something happened."""

    on = DayField(_l("On which day"), [InputRequired(FILL_IN)])


class PictureForm(VersionedForm):
    """One picture."""

    picture = FileField(
        _l("Picture"), [FileRequired(_l("Please choose a picture (JPG or PNG)."))], render_kw={"accept": "image/*"}
    )


class NewMakerForm(MakerForm):
    """As above, with the day she joined."""

    joined_on = DayField(_l("Joined on"), [Optional()])
