"""Forms about products."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, FormField, HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from shop.db import Texts
from shop.office.forms.fields import FILL_IN, TOO_LONG, Choice, Choices, LongTexts, ShortTexts, VersionedForm
from shop.web.forms import ShopForm

NO_WHOLE = _l("A whole number, please.")


class ProductForm(VersionedForm):
    """Texts and facts of a product."""

    name = FormField(ShortTexts, _l("Name"))
    description = FormField(LongTexts, _l("Description"))
    care = FormField(LongTexts, _l("Care"))
    materials = FormField(LongTexts, _l("Materials"))
    craft_id = Choice(_l("Craft"))
    technique_id = Choice(_l("Technique"))
    hs_code = StringField(
        _l("HS code (suggestion)"),
        [Length(max=12, message=TOO_LONG), Regexp(r"[0-9.]*\Z", message=_l("Digits and full stops only."))],
    )
    origin = StringField(
        _l("Made in (country)"), [Regexp(r"([A-Z]{2})?\Z", message=_l("Two letters, such as CN or VN."))]
    )
    made_to_order = BooleanField(_l("Made to order"))
    unique_piece = BooleanField(_l("There is only one of it"))


class NewProductForm(ShopForm):
    """The least that makes a draft."""

    workshop_id = Choice(_l("Workshop"), [InputRequired(FILL_IN)])
    name = FormField(ShortTexts, _l("Name"))
    craft_id = Choice(_l("Craft"))
    made_to_order = BooleanField(_l("Made to order"))


class VariantForm(VersionedForm):
    """A size or colour of a product."""

    size_label = FormField(ShortTexts, _l("Size, as buyers read it"))
    colour = FormField(ShortTexts, _l("Colour"))
    width = IntegerField(_l("Width or diameter (cm)"), [Optional(), NumberRange(1, 2000, NO_WHOLE)])
    height = IntegerField(_l("Height (cm)"), [Optional(), NumberRange(1, 2000, NO_WHOLE)])
    depth = IntegerField(_l("Depth (cm)"), [Optional(), NumberRange(1, 2000, NO_WHOLE)])
    weight_grams = IntegerField(_l("Weight (g)"), [Optional(), NumberRange(1, 1_000_000, NO_WHOLE)])
    sku = StringField(_l("SKU"), [Length(max=80, message=TOO_LONG)])

    def size(self) -> dict[str, Any]:
        """The same in whole centimetres, for the drawing: a circle where only one measure was given."""
        if not self.width.data:
            return {}
        if not self.height.data:
            return {"shape": "round", "diameter": self.width.data}
        box = {"shape": "box", "width": self.width.data, "height": self.height.data}
        return box | ({"depth": self.depth.data} if self.depth.data else {})


class RateForm(ShopForm):
    """Agreed pay for one accepted piece, and the minutes it takes."""

    pay = StringField(_l("Pay for one piece"), [InputRequired(FILL_IN), Length(max=40, message=TOO_LONG)])
    minutes = IntegerField(
        _l("Minutes for one piece"), [InputRequired(FILL_IN), NumberRange(1, 99_999, _l("From 1 minute on."))]
    )
    reason = StringField(
        _l("Reason, where it is below the local minimum"),
        [Length(max=300, message=TOO_LONG)],
        description=_l("Only an officer may give one; it is listed."),
    )


class TakeInForm(ShopForm):
    """Finished pieces laid on the table for the shelf; `said` is the sum that was shown back in words."""

    maker_id = Choice(_l("Made by"), [InputRequired(FILL_IN)])
    count = IntegerField(
        _l("Pieces"), [InputRequired(FILL_IN), NumberRange(1, 500, _l("From 1 to 500 pieces at a time."))]
    )
    said = HiddenField()
    key = HiddenField(validators=[Length(max=40)])


class MakersForm(VersionedForm):
    """Who can make it."""

    makers = Choices(_l("Makers"))


class PicturesForm(VersionedForm):
    """Pictures to be added."""

    pictures = MultipleFileField(_l("Add pictures"), render_kw={"accept": "image/*", "multiple": True})


class UploadForm(ShopForm):
    """A list from outside."""

    workshop_id = Choice(_l("Workshop"), [InputRequired(FILL_IN)])
    kind = SelectField(_l("Kind of list"))
    currency = SelectField(_l("Prices are in"))


class ApplyForm(ShopForm):
    """What all drafts of an import get at once; everything left open stays as it is."""

    craft_id = Choice(_l("Craft"))
    technique_id = Choice(_l("Technique"))
    made_to_order = BooleanField(_l("Made to order"))
    makers = Choices(_l("Makers"))
    minutes = IntegerField(_l("Minutes for one piece"), [Optional(), NumberRange(1, 99_999, _l("From 1 minute on."))])
    pay_percent = IntegerField(
        _l("Her pay, in per cent of the price"),
        [Optional(), NumberRange(1, 100, _l("From 1 to 100 per cent."))],
        description=_l("Where the file says her pay, that counts."),
    )
    materials_percent = IntegerField(
        _l("Materials, in per cent of the price"), [Optional(), NumberRange(0, 99, _l("From 0 to 99 per cent."))]
    )
    again = BooleanField(_l("Also where something is set already"))


def lines_of(texts: Texts, before: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Materials out of one text a language with a material on each line; codes stay with their places."""
    columns = {lang: [line.strip() for line in text.splitlines()] for lang, text in texts.items()}
    count = max((len(lines) for lines in columns.values()), default=0)
    found = []
    for place in range(min(count, 40)):
        name = {lang: lines[place] for lang, lines in columns.items() if place < len(lines) and lines[place]}
        if name:
            code = str(before[place].get("code", "")) if place < len(before) else ""
            found.append({"code": code, "name": name})
    return found


def text_of(materials: list[dict[str, Any]]) -> Texts:
    """The reverse of `lines_of`."""
    found: dict[str, list[str]] = {}
    for lang in ("zh", "vi", "en"):
        lines = [str((each.get("name") or {}).get(lang, "")) for each in materials]
        if any(lines):
            found[lang] = lines
    return {lang: "\n".join(lines) for lang, lines in found.items()}
