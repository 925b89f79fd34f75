"""Fields of the desk's forms: sums of money by language, whole numbers, lengths."""

from typing import Any

from flask_babel import gettext as _
from wtforms import StringField
from wtforms.validators import StopValidation

from shop.coop.facts import known_facts
from shop.desk.sentences import money_fault
from shop.desk.typed import NotWhole, tenths, whole
from shop.money import BadMoney, Money, parse
from shop.web.i18n import current_lang


class MoneyField(StringField):
    """A sum in the co-op's currency, typed as in the page's language. `money` is what was meant, once validated."""

    money: Money | None = None

    def __init__(self, label: Any = None, validators: Any = None, *, least: int = 1, **kwargs: Any) -> None:
        super().__init__(label=label, validators=validators or [], **kwargs)  # type: ignore[no-untyped-call]
        self.least = least

    def pre_validate(self, _form: Any) -> None:
        """Refuse what is no sum, or too small a one."""
        self.money = None
        currency = known_facts().currency
        try:
            found = parse(self.data or "", currency, current_lang())
        except BadMoney as error:
            raise StopValidation(money_fault(error.reason, (self.data or "")[:40])) from None
        if found.minor < self.least:
            raise StopValidation(_("Please give an amount above zero."))
        self.money = found

    @property
    def minor(self) -> int:
        """Minor units; 0 before it is validated."""
        return self.money.minor if self.money else 0


class WholeField(StringField):
    """A whole number between `least` and `most`. `number` is what was meant, once validated."""

    number: int = 0

    def __init__(
        self, label: Any = None, validators: Any = None, *, least: int = 0, most: int = 9999, **kwargs: Any
    ) -> None:
        super().__init__(label=label, validators=validators or [], **kwargs)  # type: ignore[no-untyped-call]
        self.least, self.most = least, most

    def pre_validate(self, _form: Any) -> None:
        """Refuse -1, 1.5 and 2**63."""
        try:
            self.number = whole(self.data)
        except NotWhole:
            raise StopValidation(_("Please give a whole number.")) from None
        if not self.least <= self.number <= self.most:
            raise StopValidation(
                _("Please give a whole number from %(least)s to %(most)s.", least=self.least, most=self.most)
            )


class LengthField(StringField):
    """A length in centimetres. `tenths` is what was meant, None where nothing was typed."""

    tenths: int | None = None

    def __init__(self, label: Any = None, validators: Any = None, *, needed: bool = False, **kwargs: Any) -> None:
        super().__init__(label=label, validators=validators or [], **kwargs)  # type: ignore[no-untyped-call]
        self.needed = needed

    def pre_validate(self, _form: Any) -> None:
        """Refuse what is no length."""
        self.tenths = tenths(self.data)
        if self.tenths is None and ((self.data or "").strip() or self.needed):
            raise StopValidation(_("Please give the centimetres, such as 8 or 8.5."))
