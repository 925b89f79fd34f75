"""One base for all forms: words in three languages, and texts both databases can keep."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import Form, StringField, TextAreaField
from wtforms.validators import StopValidation

from shop import clock
from shop.web.bodies import keepable
from shop.web.days import BadDay, parse_day, written
from shop.web.i18n import current_lang, words


class Printable:
    """Refuses NUL, lone surrogates and control characters: the two databases differ on them."""

    def __call__(self, _form: Form, field: Any) -> None:
        data = field.data
        if isinstance(data, str) and not keepable(data):
            raise StopValidation(_("There is a character in it that cannot be kept."))


_SAME = {"Invalid Choice: could not coerce.": "Not a valid choice."}
"""WTForms' words for which another of them says the same to a reader."""


class _Translations:
    """WTForms' own messages in our three languages, from our catalogue."""

    def gettext(self, string: str) -> str:
        return str(words(current_lang()).gettext(_SAME.get(string, string)))

    def ngettext(self, one: str, many: str, number: int) -> str:
        return str(words(current_lang()).ngettext(one, many, number))


class ShopForm(FlaskForm):
    """Shape of what was typed. Meaning is the service's business."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether every field has the right shape; what is wrong stands in `errors`."""
        return bool(super().validate(extra_validators))  # type: ignore[no-untyped-call]

    class Meta(FlaskForm.Meta):
        csrf = True

        def get_translations(self, _form: Form) -> _Translations:
            return _Translations()

        def bind_field(self, form: Form, unbound_field: Any, options: dict[str, Any]) -> Any:
            if issubclass(unbound_field.field_class, StringField | TextAreaField):
                # label, validators and filters may stand without their names
                named = dict(zip(("label", "validators", "filters"), unbound_field.args, strict=False))
                unbound_field.kwargs = {**named, **unbound_field.kwargs}
                unbound_field.args = unbound_field.args[3:]
                filters = unbound_field.kwargs.get("filters", [])
                unbound_field.kwargs["filters"] = [*filters, _stripped] if _stripped not in filters else filters
                checks = list(unbound_field.kwargs.get("validators", []))
                if not any(isinstance(check, Printable) for check in checks):
                    unbound_field.kwargs["validators"] = [*checks, Printable()]
            return super().bind_field(form, unbound_field, options)  # type: ignore[no-untyped-call]


class DayField(StringField):
    """A day in a text field, shown and understood as the page's language writes it; `data` is a date or None."""

    def __init__(self, label: Any = None, validators: Any = None, *, description: Any = "", **kwargs: Any) -> None:
        self._said = description
        super().__init__(label=label, validators=validators or [], **kwargs)  # type: ignore[no-untyped-call]

    @property
    def description(self) -> str:
        """The hint below the field: its own, else today as an example."""
        return str(self._said or _("For example %(day)s", day=written(clock.today(), current_lang())))

    @description.setter
    def description(self, _text: Any) -> None:
        """WTForms sets what `__init__` has kept."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return written(self.data, current_lang()) if isinstance(self.data, date) else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was typed. ValueError with the sentence for the page where that is no day."""
        self.data = None
        if not valuelist or not str(valuelist[0]).strip():
            return
        try:
            self.data = parse_day(str(valuelist[0]), current_lang())
        except BadDay:
            example = written(clock.today(), current_lang())
            raise ValueError(_("Give a day like %(day)s.", day=example)) from None


def _stripped(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value
