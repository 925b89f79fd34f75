"""Listing and editing goods on a phone."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length, Optional

from shop.desk.forms.fields import LengthField, MoneyField, WholeField
from shop.desk.queries.goods import Goods
from shop.money import Money, format_plain
from shop.web.forms import ShopForm

MOST_READY = 500


class GoodsForm(ShopForm):
    """What goods are, what they cost, who makes them. Photos and ready pieces are read beside it.

    `key` makes a second click harmless, `version` refuses a save over another's, `seen` names the figures last shown.
    """

    key = HiddenField()
    version = HiddenField()
    seen = HiddenField()
    workshop = RadioField(_l("Workshop"), coerce=int, validators=[Optional()])
    title = StringField(
        _l("Title"),
        [DataRequired(_l("Please give it a title.")), Length(max=120, message=_l("This is too long."))],
    )
    craft = RadioField(_l("Craft"), coerce=int, validators=[DataRequired(_l("Please choose the craft."))])
    width = LengthField(_l("Width or diameter (cm)"), needed=True)
    height = LengthField(_l("Height (cm)"))
    price = MoneyField(_l("Price"))
    pay = MoneyField(_l("Her pay per piece"))
    materials = MoneyField(_l("Materials per piece"), least=0)
    minutes = WholeField(_l("Minutes per piece"), least=1, most=20_000)
    makers = SelectMultipleField(
        _l("Who can make it"), coerce=int, validators=[DataRequired(_l("Please choose who can make it."))]
    )
    made_to_order = BooleanField(_l("Made to order"))

    def without_figures(self) -> None:
        """A product of several sizes keeps its prices at the co-op."""
        for name in ("width", "height", "price", "pay", "materials", "minutes"):
            del self[name]  # type: ignore[no-untyped-call]

    def begin_with(self, goods: Goods, *, lang: str) -> None:
        """Show what is known of a product."""
        product, variant = goods.product, goods.only
        self.title.data = product.name.get(lang, "")
        self.craft.data = product.craft_id
        self.makers.data = list(goods.maker_ids)
        self.made_to_order.data = product.made_to_order
        self.version.data = str(product.version)
        if variant is None:
            return
        size = variant.size or {}
        self.width.data = str(size.get("diameter") or size.get("width") or "")
        self.height.data = str(size.get("height") or "") if not size.get("diameter") else ""
        split, rate = goods.splits.get(variant.id), goods.rates.get(variant.id)
        if variant.price_minor:
            self.price.data = _plain(variant.price_minor, variant.currency)
        if split:
            self.price.data = _plain(split.price_minor, split.currency)
            self.pay.data = _plain(split.of("maker"), split.currency)
            self.materials.data = _plain(split.of("materials"), split.currency)
        if rate:
            self.pay.data = self.pay.data or _plain(rate.pay_minor, rate.currency)
            self.minutes.data = str(rate.minutes)

    def figures(self) -> tuple[int, int, int, int]:
        """Price, her pay, materials and minutes, as validated."""
        return self.price.minor, self.pay.minor, self.materials.minor, self.minutes.number


def _plain(minor: int, currency: str) -> str:
    return format_plain(Money(minor, currency))


class MoreForm(ShopForm):
    """Finished pieces that are laid on the table for the shelf."""

    key = HiddenField()
    maker = SelectField(_l("Who made them"), coerce=int)
    count = WholeField(_l("How many pieces"), least=1, most=MOST_READY)
