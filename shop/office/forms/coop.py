"""Forms about the co-op itself, its users, crafts and places."""

from flask_babel import lazy_gettext as _l
from wtforms import (
    EmailField,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange

from shop.office.forms.fields import FILL_IN, TOO_LONG, Choice, LongTexts, ShortTexts, VersionedForm
from shop.web.forms import DayField, ShopForm


class FoundForm(ShopForm):
    """The first thing that is said of a co-op."""

    name = FormField(ShortTexts, _l("What it is called"))
    country = SelectField(_l("Country"))


class CoopForm(VersionedForm):
    """What the co-op says of itself and decides."""

    name = FormField(ShortTexts, _l("What it is called"))
    claim = FormField(ShortTexts, _l("One line about us"))
    legal_form = FormField(ShortTexts, _l("Legal form"))
    address = FormField(ShortTexts, _l("Postal address"))
    registration = StringField(_l("Registration number"), [Length(max=80, message=TOO_LONG)])
    email = EmailField(_l("E-mail"), [Length(max=254, message=TOO_LONG)])
    hotline = TelField(_l("Hotline"), [Length(max=40, message=TOO_LONG)])
    hotline_hours = FormField(ShortTexts, _l("When it is answered"))
    payout_weekday = Choice(_l("Day of the payouts"))
    hold_days = IntegerField(
        _l("Days until fees are due"),
        [InputRequired(FILL_IN), NumberRange(0, 60, _l("From 0 to 60 days."))],
        description=_l(
            "For brokers, workshops and the co-op, from the day it was sent. A maker's pay waits for nothing."
        ),
    )
    return_days = IntegerField(
        _l("Days to return"), [InputRequired(FILL_IN), NumberRange(0, 365, _l("From 0 to 365 days."))]
    )
    working_age = IntegerField(
        _l("Least age to work"),
        [InputRequired(FILL_IN), NumberRange(15, 30, _l("From 15 to 30 years."))],
        description=_l("What the law says, or more."),
    )


class MinimumForm(ShopForm):
    """The local minimum pay per hour from a day on; `said` is the sum that was shown back in words."""

    amount = StringField(_l("Per hour"), [InputRequired(FILL_IN), Length(max=40, message=TOO_LONG)])
    valid_from = DayField(_l("From which day"), [InputRequired(FILL_IN)])
    said = HiddenField()


class PageForm(ShopForm):
    """One of the co-op's pages."""

    zh = TextAreaField("中文", [Length(max=20_000, message=TOO_LONG)])
    en = TextAreaField("English", [Length(max=20_000, message=TOO_LONG)])
    vi = TextAreaField("Tiếng Việt", [Length(max=20_000, message=TOO_LONG)])


class InviteForm(ShopForm):
    """Whom to let in, and as what."""

    email = EmailField(_l("E-mail"), [InputRequired(FILL_IN), Length(max=254, message=TOO_LONG)])
    name = StringField(_l("Full name"), [InputRequired(FILL_IN), Length(max=120, message=TOO_LONG)])
    role = SelectField(_l("Role"))
    lang = SelectField(_l("Language"))


class RoleForm(ShopForm):
    """As what she is let in."""

    role = SelectField(_l("Role"))


class CraftForm(ShopForm):
    """A craft, or a technique of one."""

    name = FormField(ShortTexts, _l("What it is called"))
    parent_id = Choice(_l("Technique of"))
    about = FormField(LongTexts, _l("Description"))
    synonyms = TextAreaField(
        _l("Other words for it"),
        [Length(max=2000, message=TOO_LONG)],
        description=_l("One on each line, in any language; search takes them for the craft."),
    )
    sort = IntegerField(_l("Place in the list"), [InputRequired(FILL_IN), NumberRange(0, 9999)])


class PlaceForm(ShopForm):
    """A county, town or village."""

    kind = SelectField(_l("Kind"))
    name = FormField(ShortTexts, _l("What it is called"))
    short_name = FormField(ShortTexts, _l("Short name"))
    parent_id = Choice(_l("Lies in"))
    craft_id = Choice(_l("Speciality craft"))
    speciality = FormField(ShortTexts, _l("About the speciality"))
