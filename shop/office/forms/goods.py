"""Forms about products."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, MultipleFileField
from wtforms import BooleanField, FormField, HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from shop.db import Texts
from shop.office.forms.fields import FILL_IN, TOO_LONG, Choice, Choices, LongTexts, ShortTexts, VersionedForm, texts
from shop.web.forms import ShopForm

NO_WHOLE = _l("A whole number, please.")
MOST_MATERIALS = 40


class OfCraft(ShopForm):
    """A form with a craft and a technique of it; `techniques` gives the craft of each technique on offer."""

    techniques: Mapping[int, int] = MappingProxyType({})

    def validate(self, extra_validators: Any = None) -> bool:
        """As every form's; a technique of another craft is refused."""
        fine = super().validate(extra_validators)
        craft, technique = self["craft_id"], self["technique_id"]
        if technique.data and not technique.errors and self.techniques.get(technique.data) != craft.data:
            technique.errors = (*technique.errors, _l("This technique is none of the chosen craft."))
            fine = False
        return fine


def _named(form: Any) -> bool:
    if texts(form.name) or form.name.errors:
        return True
    form.name.form.zh.errors = [_l("Please give it a name in at least one language.")]
    return False


class ProductForm(OfCraft, VersionedForm):
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

    def validate(self, extra_validators: Any = None) -> bool:
        """As every form's; it needs a name in one language, and not more materials than are kept."""
        fine = super().validate(extra_validators)
        for field in self.materials.form:
            if len((field.data or "").splitlines()) > MOST_MATERIALS:
                field.errors = (*field.errors, _l("At most 40 lines."))
                fine = False
        return _named(self) and fine


class NewProductForm(ShopForm):
    """The least that makes a draft; `key` is this form's own, so that a second click makes no second."""

    key = HiddenField(validators=[Length(max=40)])
    workshop_id = Choice(_l("Workshop"), [InputRequired(FILL_IN)])
    name = FormField(ShortTexts, _l("Name"))
    craft_id = Choice(_l("Craft"))
    made_to_order = BooleanField(_l("Made to order"))

    def validate(self, extra_validators: Any = None) -> bool:
        """As every form's; it needs a name in one language."""
        fine = super().validate(extra_validators)
        return _named(self) and fine


class VariantForm(VersionedForm):
    """A size or colour of a product."""

    size_label = FormField(ShortTexts, _l("Size, as buyers read it"))
    colour = FormField(ShortTexts, _l("Colour"))
    width = IntegerField(_l("Width or diameter (cm)"), [Optional(), NumberRange(1, 2000, NO_WHOLE)])
    height = IntegerField(_l("Height (cm)"), [Optional(), NumberRange(1, 2000, NO_WHOLE)])
    depth = IntegerField(_l("Depth (cm)"), [Optional(), NumberRange(1, 2000, NO_WHOLE)])
    weight_grams = IntegerField(_l("Weight (g)"), [Optional(), NumberRange(1, 1_000_000, NO_WHOLE)])
    sku = StringField(_l("SKU"), [Length(max=80, message=TOO_LONG)])

    def validate(self, extra_validators: Any = None) -> bool:
        """As every form's; a height needs its width and a depth its height, else they would be lost."""
        fine = super().validate(extra_validators)
        for field, needed in ((self.width, self.height.data or self.depth.data), (self.height, self.depth.data)):
            if needed and not field.data and not field.errors:
                field.errors = (*field.errors, FILL_IN)
                fine = False
        return fine

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
        _l("How many pieces"), [InputRequired(FILL_IN), NumberRange(1, 500, _l("From 1 to 500 pieces at a time."))]
    )
    said = HiddenField()
    key = HiddenField(validators=[Length(max=40)])


class MakersForm(VersionedForm):
    """Who can make it."""

    makers = Choices(_l("Makers"))


class PicturesForm(VersionedForm):
    """Pictures to be added."""

    pictures = MultipleFileField(_l("Add pictures"), render_kw={"accept": "image/*", "multiple": True})


def shots_form(shots: Iterable[tuple[int, Texts]], *, version: int, **bound: Any) -> VersionedForm:
    """Place, words and a box to take it away for each picture (its id and words); named by the pictures' ids."""
    fields: dict[str, Any] = {}
    values: dict[str, Any] = {"version": version}
    for number, (picture_id, alt) in enumerate(shots, start=1):
        fields[f"place-{picture_id}"] = IntegerField(
            _l("Place in the list"), [Optional(), NumberRange(1, 99, NO_WHOLE)]
        )
        fields[f"gone-{picture_id}"] = BooleanField(_l("Take it away"))
        values[f"place-{picture_id}"] = number
        for lang, label in (("zh", "中文"), ("en", "English"), ("vi", "Tiếng Việt")):
            fields[f"alt-{picture_id}-{lang}"] = StringField(label, [Length(max=300, message=TOO_LONG)])
            values[f"alt-{picture_id}-{lang}"] = alt.get(lang, "")
    made = type("ShotsForm", (VersionedForm,), fields)(data=values, **bound)
    assert isinstance(made, VersionedForm)
    return made


class UploadForm(ShopForm):
    """A list from outside."""

    list = FileField(_l("List (CSV or XLSX)"), render_kw={"accept": ".csv,.tsv,.txt,.xlsx"})
    workshop_id = Choice(_l("Workshop"), [InputRequired(FILL_IN)])
    kind = SelectField(_l("Kind of list"))
    currency = SelectField(_l("Prices are in"))


class ApplyForm(OfCraft):
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

    def validate(self, extra_validators: Any = None) -> bool:
        """As every form's; her pay and the materials must leave room in the price."""
        fine = super().validate(extra_validators)
        if fine and (self.pay_percent.data or 0) + (self.materials_percent.data or 0) > 100:
            self.materials_percent.errors = (_l("Her pay and the materials are more than the price."),)
            fine = False
        return fine


NO_WORD = ("", "–", "-")
"""Stands for a material that has no word in this language: an empty first line would be cut off with the blanks."""


def lines_of(typed: Texts, before: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Materials out of one text a language with a material on each line; codes stay with their places."""
    columns = {lang: [line.strip() for line in text.splitlines()] for lang, text in typed.items()}
    count = max((len(lines) for lines in columns.values()), default=0)
    found = []
    for place in range(min(count, MOST_MATERIALS)):
        name = {
            lang: lines[place] for lang, lines in columns.items() if place < len(lines) and lines[place] not in NO_WORD
        }
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
            found[lang] = [line or "–" for line in lines]
    return {lang: "\n".join(lines) for lang, lines in found.items()}
