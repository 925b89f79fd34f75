"""Forms about workshops and brokers."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FormField, RadioField, TelField
from wtforms.validators import InputRequired, Length

from shop.office.forms.fields import FILL_IN, TOO_LONG, Choice, Choices, LongTexts, ShortTexts, VersionedForm
from shop.web.forms import ShopForm


class WorkshopForm(VersionedForm):
    """What a workshop is."""

    name = FormField(ShortTexts, _l("What it is called"))
    craft_id = Choice(_l("Craft"), [InputRequired(FILL_IN)])
    village_id = Choice(_l("Village"), [InputRequired(FILL_IN)])
    broker_id = Choice(_l("Broker"), [InputRequired(FILL_IN)], description=_l("Its orders go to her."))
    hours = FormField(ShortTexts, _l("Opening hours"))
    story = FormField(LongTexts, _l("Story"))


class StaffForm(ShopForm):
    """Who works there."""

    makers = Choices(_l("Makers"))


class BrokerForm(VersionedForm):
    """What the co-op knows of a broker."""

    name = FormField(ShortTexts, _l("Full name"))
    tier = RadioField(_l("Tier"), [InputRequired(FILL_IN)])
    parent_id = Choice(_l("Above her"))
    village_id = Choice(_l("Village"), [InputRequired(FILL_IN)])
    phone = TelField(
        _l("Telephone"),
        [Length(max=40, message=TOO_LONG)],
        description=_l("Never the hotline: that one stands on every statement."),
    )
    name_in_split = BooleanField(_l("She agrees that her name stands in the price split"))
    about = FormField(LongTexts, _l("About her"))


class LinkForm(ShopForm):
    """Who signs in as this broker."""

    user_id = Choice(_l("Signs in as"))
