"""The page of one product: all its forms at once, one of them with what was typed where it was refused."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.catalog.errors import UnbalancedSplit
from shop.catalog.importing.drafts import pictures_to_supply, proposed_pay
from shop.catalog.queries import lacks
from shop.catalog.services import Part, propose_parts
from shop.coop.queries import hourly_minimum
from shop.crafts.queries import CraftNode, craft_tree
from shop.db import reading
from shop.errors import NotFound
from shop.ids import spoken
from shop.money import Money, format_plain, per_hour
from shop.office import access, prices
from shop.office.answers import choices, number
from shop.office.forms.fields import VersionedForm
from shop.office.forms.goods import (
    ApplyForm,
    MakersForm,
    PicturesForm,
    ProductForm,
    RateForm,
    TakeInForm,
    VariantForm,
    shots_form,
    text_of,
)
from shop.office.queries.goods import ProductWhole, product_whole
from shop.web.filters import tri_text
from shop.web.forms import ShopForm

PLAIN = ("name", "description", "care", "craft_id", "technique_id", "hs_code", "origin", "made_to_order")
FRESH: dict[str, Any] = {"formdata": None}
"""A form that shows what is kept, whatever this request sent to another one."""


@dataclass(slots=True)
class Goods:
    """What a view needs of a product before it saves a part of it."""

    whole: ProductWhole
    crafts: list[CraftNode]
    table: prices.Table | None

    @property
    def id(self) -> int:
        return self.whole.product.id

    @property
    def version(self) -> int:
        return self.whole.product.version


def goods(product_id: int, variant_id: int = 0) -> Goods:
    """The product, its chosen variant with its prices, and the crafts; NotFound for a variant of another product."""
    with reading() as session:
        whole = product_whole(session, product_id=product_id, variant_id=variant_id or number("variant"))
        if whole is None or (variant_id and (whole.variant is None or whole.variant.id != variant_id)):
            raise NotFound(what="product")
        table = prices.table_of(whole, _proposal(session, whole)) if whole.variant else None
        return Goods(whole, craft_tree(session), table)


def _proposal(session: Session, whole: ProductWhole) -> Sequence[Part]:
    """How the price of a draft without a split could be shared, from her agreed pay or what the file said of it."""
    variant, rate = whole.variant, whole.rate
    if variant is None or not variant.price_minor or any(split.kind == "retail" for split in whole.splits):
        return ()
    pay = Money(rate.pay_minor, rate.currency) if rate else proposed_pay(whole.product, variant)
    if pay is None:
        return ()
    try:
        return propose_parts(
            session,
            workshop_id=whole.workshop.id,
            price_minor=variant.price_minor,
            pay_minor=pay.minor,
            materials_minor=0,
            craft_id=whole.product.technique_id or whole.product.craft_id,
        )
    except UnbalancedSplit:
        return ()


def product_form(found: Goods, **bound: Any) -> ProductForm:
    """Texts and facts."""
    product = found.whole.product
    facts: dict[str, Any] = {name: getattr(product, name) for name in PLAIN}
    facts |= {"materials": text_of(product.materials), "unique_piece": product.unique_piece, "version": found.version}
    form = ProductForm(data=facts, **bound)
    offer_crafts(form, found.crafts)
    return form


def offer_crafts(form: ProductForm | ApplyForm, crafts: Sequence[CraftNode]) -> None:
    """Let a form choose among these crafts and their techniques."""
    form.craft_id.choices, form.technique_id.choices = craft_choices(crafts)
    form.techniques = {technique.id: craft.id for craft in crafts for technique in craft.techniques}


def craft_choices(crafts: Sequence[CraftNode]) -> tuple[list[Any], list[Any]]:
    """Choices of crafts, and of techniques under the names of their crafts."""
    techniques = [
        (each.id, f"{tri_text(craft.name)} · {tri_text(each.name)}") for craft in crafts for each in craft.techniques
    ]
    none = str(_("none"))
    return choices(((craft.id, craft.name) for craft in crafts), none=none), choices(techniques, none=none)


def variant_form(found: Goods, **bound: Any) -> VariantForm:
    """Size, colour, weight and SKU of the chosen variant."""
    variant = found.whole.variant
    size: dict[str, Any] = variant.size or {} if variant else {}
    facts: dict[str, Any] = {"version": found.version}
    if variant:
        facts |= {
            "size_label": variant.size_label,
            "colour": variant.colour,
            "width": size.get("diameter") or size.get("width"),
            "height": size.get("height"),
            "depth": size.get("depth"),
            "weight_grams": variant.weight_grams,
            "sku": variant.sku or "",
        }
    return VariantForm(data=facts, **bound)


def new_variant_form(found: Goods, **bound: Any) -> VariantForm:
    """A further size or colour."""
    return VariantForm(data={"version": found.version}, prefix="new-", **bound)


def rate_form(found: Goods, **bound: Any) -> RateForm:
    """The agreed rate, or the pay that a list from outside proposes."""
    rate, variant = found.whole.rate, found.whole.variant
    if rate is None:
        pay = proposed_pay(found.whole.product, variant) if variant else None
        return RateForm(data={"pay": format_plain(pay) if pay else ""}, **bound)
    pay = Money(rate.pay_minor, rate.currency)
    return RateForm(
        data={"pay": format_plain(pay), "minutes": rate.minutes, "reason": rate.below_minimum_reason}, **bound
    )


def take_in_form(found: Goods, **bound: Any) -> TakeInForm:
    """Whose finished pieces, and how many."""
    form = TakeInForm(**bound)
    form.maker_id.choices = choices(
        (line.id, f"{tri_text(line.name)} · {line.number}")
        for line in found.whole.staff
        if line.id in found.whole.maker_ids
    )
    if not form.key.data:
        form.key.data = spoken(12)
    return form


def makers_form(found: Goods, **bound: Any) -> MakersForm:
    """Who can make it."""
    form = MakersForm(data={"makers": sorted(found.whole.maker_ids), "version": found.version}, **bound)
    form.makers.choices = choices((line.id, f"{tri_text(line.name)} · {line.number}") for line in found.whole.staff)
    return form


def pictures_form(found: Goods, **bound: Any) -> PicturesForm:
    """Pictures to be added."""
    return PicturesForm(data={"version": found.version}, **bound)


def pictures_order_form(found: Goods, **bound: Any) -> VersionedForm:
    """The order and words of its pictures."""
    shots = ((shot.picture_id, shot.alt) for shot in found.whole.pictures)
    return shots_form(shots, version=found.version, **bound)


def price_form(found: Goods, **bound: Any) -> prices.PriceForm:
    """The table of prices."""
    assert found.table is not None
    return prices.form_of(found.table, version=found.version, **bound)


FORMS: dict[str, Callable[..., ShopForm]] = {
    "product_form": product_form,
    "variant_form": variant_form,
    "new_variant_form": new_variant_form,
    "rate_form": rate_form,
    "take_in_form": take_in_form,
    "makers_form": makers_form,
    "pictures_form": pictures_form,
    "shots_form": pictures_order_form,
    "price_form": price_form,
}
OF_A_VARIANT = {"variant_form", "rate_form", "take_in_form", "price_form"}


def product_page(
    actor: Actor, found: Goods, status: int = 200, *, said: str = "", now_stands: Sequence[str] = (), **sent: ShopForm
) -> ResponseReturnValue:
    """The whole page. `sent` is at most one form that was refused or wants to be said back, under its name in FORMS.

    `now_stands` tells what somebody else saved in the meantime.
    """
    whole = found.whole
    with reading() as session:
        missing = lacks(session, product_id=found.id, all_of_them=True)
        minimum = hourly_minimum(session, on=clock.today())
    forms: dict[str, ShopForm] = {
        name: sent.get(name) or make(found, **FRESH)
        for name, make in FORMS.items()
        if whole.variant or name not in OF_A_VARIANT
    }
    rate = whole.rate
    page = render_template(
        "office/product.html",
        whole=whole,
        product=whole.product,
        table=found.table,
        forms=forms,
        form=next(iter(sent.values()), None),
        missing=missing,
        to_supply=pictures_to_supply(whole.product)[:20],
        minimum=minimum,
        hourly=Money(per_hour(rate.pay_minor, rate.minutes), rate.currency) if rate else None,
        said=said,
        now_stands=now_stands,
        may_edit=actor.role in access.OFFICERS,
        nav="office.products",
    )
    return page, status
