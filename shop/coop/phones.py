"""One spelling of each telephone number, so that two numbers can be compared."""

import phonenumbers

from shop.coop.errors import BadPhone


def canonical(text: str, *, country: str) -> str:
    """The number as +8613800000000 (E.164), read as it is dialled in `country`. Raises BadPhone."""
    try:
        found = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException as error:
        raise BadPhone(field="phone") from error
    if not phonenumbers.is_possible_number(found):
        raise BadPhone(field="phone")
    return str(phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164))


def same(one: str, other: str, *, country: str) -> bool:
    """Whether two spellings are one number; a number that cannot be read is compared by its digits."""
    return bool(one and other) and _comparable(one, country) == _comparable(other, country)


def _comparable(text: str, country: str) -> str:
    try:
        return canonical(text, country=country)
    except BadPhone:
        return "".join(sign for sign in text if sign.isdigit())
