"""What is typed while buying: how many, which country, and where it shall go."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from shop.cart.errors import BadQuantity
from shop.cart.services import MOST
from shop.web.countries import country_name
from shop.web.forms import ShopForm

MISSING = _l("Please fill this in.")
TOO_LONG = _l("This is too long.")
LONGEST_NUMBER = 12


def whole_number(text: str | None, *, least: int = 1, most: int = MOST) -> int:
    """A whole number as somebody types it, in any width of digits. BadQuantity for everything else.

    No sign, point, exponent or space within: 1.5 pieces, -1, 1e3 and 2**63 are nobody's wish.
    """
    plain = unicodedata.normalize("NFKC", text or "").strip()
    if not re.fullmatch(r"[0-9]{1,12}", plain, re.ASCII) or not least <= int(plain) <= most:
        raise BadQuantity
    return int(plain)


def row_id(text: str | None) -> int | None:
    """An id out of a form's hidden field; None for what can be none."""
    plain = text or ""
    return int(plain) if re.fullmatch(r"[0-9]{1,18}", plain, re.ASCII) else None


@dataclass(frozen=True, slots=True)
class Postcode:
    """How a country writes its postcodes, and one of them."""

    pattern: str
    example: str


POSTCODES = {
    "AU": Postcode(r"\d{4}", "3000"),
    "CA": Postcode(r"[A-Z]\d[A-Z] ?\d[A-Z]\d", "K1A 0B1"),
    "CN": Postcode(r"\d{6}", "100000"),
    "DE": Postcode(r"\d{5}", "10115"),
    "ES": Postcode(r"\d{5}", "28001"),
    "FR": Postcode(r"\d{5}", "75001"),
    "GB": Postcode(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", "BS3 1AB"),
    "IT": Postcode(r"\d{5}", "00118"),
    "JP": Postcode(r"\d{3}-?\d{4}", "100-0001"),
    "KR": Postcode(r"\d{5}", "03187"),
    "NL": Postcode(r"\d{4} ?[A-Z]{2}", "1012 AB"),
    "PT": Postcode(r"\d{4}-\d{3}", "1000-001"),
    "SG": Postcode(r"\d{6}", "018956"),
    "US": Postcode(r"\d{5}(-\d{4})?", "10001"),
}
"""Where a parcel without the right postcode comes back; elsewhere anything goes, or nothing."""


class CheckoutForm(ShopForm):
    """Where it shall go and whom to tell: eight text fields, three of them optional. `version` and `total` are what
    she was shown; an order of anything else is refused.
    """

    version = HiddenField()
    total = HiddenField()
    email = StringField(_l("E-mail address"), [DataRequired(MISSING), Length(max=254, message=TOO_LONG)])
    name = StringField(_l("Name of the recipient"), [DataRequired(MISSING), Length(max=120, message=TOO_LONG)])
    street = StringField(_l("Street and number"), [DataRequired(MISSING), Length(max=300, message=TOO_LONG)])
    postcode = StringField(_l("Postcode"), [Optional(), Length(max=20, message=TOO_LONG)])
    city = StringField(_l("Town or city"), [DataRequired(MISSING), Length(max=120, message=TOO_LONG)])
    region = StringField(_l("Province or state"), [Optional(), Length(max=120, message=TOO_LONG)])
    phone = StringField(_l("Phone, if the carrier may ring you"), [Optional(), Length(max=40, message=TOO_LONG)])
    note = TextAreaField(_l("A word to the workshop"), [Optional(), Length(max=1000, message=TOO_LONG)])

    def __init__(self, *args: Any, country: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.country = country

    @property
    def postcode_needed(self) -> bool:
        """Whether a parcel to this country needs one."""
        return self.country in POSTCODES

    def validate_email(self, field: StringField) -> None:
        """The shape of an address, by the standard; nobody asks its server now."""
        try:
            field.data = validate_email(field.data, check_deliverability=False).normalized
        except EmailNotValidError:
            raise ValidationError(_("Check the e-mail, for example lan@example.com.")) from None

    def validate_phone(self, field: StringField) -> None:
        """Digits with what stands between them."""
        plain = unicodedata.normalize("NFKC", field.data or "")
        if not re.fullmatch(r"\+?[0-9 ()./-]{5,40}", plain, re.ASCII):
            raise ValidationError(_("Use digits, with the country code if you like."))
        field.data = plain

    def validate(self, extra_validators: Any = None) -> bool:
        """As ever, and the postcode as the country writes it."""
        shaped = super().validate(extra_validators)
        known = POSTCODES.get(self.country)
        plain = unicodedata.normalize("NFKC", self.postcode.data or "").upper()
        if known and not self.postcode.errors and not re.fullmatch(known.pattern, plain, re.ASCII):
            words = _(
                "Give a postcode of this country (%(country)s), for example %(example)s.",
                country=country_name(self.country),
                example=known.example,
            )
            self.postcode.errors = (words,)
            return False
        if known:
            self.postcode.data = plain
        return shaped


class FindOrderForm(ShopForm):
    """Whose order it is, and its number: the link to it goes to that address, nowhere else."""

    email = StringField(_l("E-mail address"), [DataRequired(MISSING), Length(max=254, message=TOO_LONG)])
    number = StringField(_l("Order number"), [DataRequired(MISSING), Length(max=20, message=TOO_LONG)])
