"""Fields that several office forms have."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length

from shop.db import LANGS, Texts
from shop.web.forms import ShopForm

TOO_LONG = _l("This is too long.")
FILL_IN = _l("Please fill this in.")
CHOOSE = _l("Please choose one of those listed.")
_MESSAGES = {"invalid_value_message": CHOOSE, "invalid_choice_message": CHOOSE}


class ShortTexts(ShopForm):
    """One line in each language."""

    class Meta(ShopForm.Meta):
        csrf = False

    zh = StringField("中文", [Length(max=200, message=TOO_LONG)])
    en = StringField("English", [Length(max=200, message=TOO_LONG)])
    vi = StringField("Tiếng Việt", [Length(max=200, message=TOO_LONG)])


class LongTexts(ShopForm):
    """A few paragraphs in each language."""

    class Meta(ShopForm.Meta):
        csrf = False

    zh = TextAreaField("中文", [Length(max=6000, message=TOO_LONG)])
    en = TextAreaField("English", [Length(max=6000, message=TOO_LONG)])
    vi = TextAreaField("Tiếng Việt", [Length(max=6000, message=TOO_LONG)])


def texts(field: Any) -> Texts:
    """What was typed, without the languages that were left empty."""
    return {lang: field.data[lang] for lang in LANGS if field.data.get(lang)}


def _number_or_none(value: Any) -> int | None:
    return int(value) if value not in {None, "", "None"} else None


class Choice(SelectField):
    """A select whose values are ids; choosing nothing is None."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, coerce=_number_or_none, **_MESSAGES, **kwargs)  # type: ignore[no-untyped-call]


class Choices(SelectMultipleField):
    """Checkboxes whose values are ids."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, coerce=int, **_MESSAGES, **kwargs)  # type: ignore[no-untyped-call]


class VersionedForm(ShopForm):
    """A form of something that others may be saving too."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version that was on the page; -1 for nonsense, which nothing ever has."""
        typed = str(self.version.data or "")
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1
