"""Parts of a product: sizes, prices and how they are shared, piece rates, makers, pictures, pieces for the shelf."""

from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from shop.actor import Actor
from shop.catalog import services as catalog
from shop.coop.services import record
from shop.db import LANGS, Texts
from shop.errors import ShopError
from shop.media import services as media
from shop.money import BadMoney, Money, in_words, parse
from shop.office import access, prices
from shop.office.answers import keep_pictures, put, refusal, sent_pictures
from shop.office.blueprint import bp
from shop.office.forms.fields import VersionedForm, texts
from shop.office.forms.goods import TakeInForm, VariantForm
from shop.office.goods_page import (
    Goods,
    goods,
    makers_form,
    new_variant_form,
    pictures_form,
    pictures_order_form,
    price_form,
    product_page,
    rate_form,
    take_in_form,
    variant_form,
)
from shop.office.services.goods import Price, add_pictures, held, save_variant, set_prices
from shop.web.errors import sentence
from shop.web.filters import money
from shop.web.i18n import current_lang
from shop.work import services as work


def _back(here: Goods, variant_id: int = 0, anchor: str = "") -> ResponseReturnValue:
    first = here.whole.variants[0].id if here.whole.variants else 0
    chosen = variant_id if variant_id and variant_id != first else None
    return redirect(url_for("office.product", product_id=here.id, variant=chosen, _anchor=anchor or None), 303)


def _again(actor: Actor, here: Goods, status: int, *, said: str = "", **sent: Any) -> ResponseReturnValue:
    """The page with the refused form. Its version is the present one: whoever sends it again has seen what stands."""
    now = goods(here.id, here.whole.variant.id if here.whole.variant else 0)
    for name, form in sent.items():
        if "version" in form:
            form.version.data = str(now.version)
        if name == "price_form":
            now.table = here.table
    return product_page(actor, now, status, said=said, **sent)


def _size(form: VariantForm) -> dict[str, Any]:
    return {
        "size_label": texts(form.size_label),
        "colour": texts(form.colour),
        "size": form.size(),
        "weight_grams": form.weight_grams.data,
        "sku": form.sku.data or None,
    }


@bp.post("/products/<int:product_id>/variants/<int:variant_id>")
def product_variant(product_id: int, variant_id: int) -> ResponseReturnValue:
    """Size, colour, weight and SKU of a variant."""
    actor = access.officer()
    here = goods(product_id, variant_id)
    form = variant_form(here)

    def save(session: Session) -> None:
        product = held(session, product_id=product_id, version=form.seen)
        save_variant(session, product_id=product.id, variant_id=variant_id, currency="", **_size(form))
        catalog.index_product(session, product_id=product_id)

    status = refusal(form, save)
    if status is not None:
        return _again(actor, here, status, variant_form=form)
    flash(_("Saved."))
    return _back(here, variant_id, "size")


@bp.post("/products/<int:product_id>/variants")
def product_variant_new(product_id: int) -> ResponseReturnValue:
    """A further size or colour, without a price yet."""
    actor = access.officer()
    here = goods(product_id)
    form = new_variant_form(here)
    made: list[int] = []

    def save(session: Session) -> None:
        held(session, product_id=product_id, version=form.seen)
        currency = here.whole.variants[0].currency if here.whole.variants else "CNY"
        made.append(save_variant(session, product_id=product_id, variant_id=None, currency=currency, **_size(form)))

    status = refusal(form, save)
    if status is not None:
        return _again(actor, here, status, new_variant_form=form)
    flash(_("Added. It has no price yet."))
    return _back(here, made[-1], "price")


@bp.post("/products/<int:product_id>/variants/<int:variant_id>/price")
def product_price(product_id: int, variant_id: int) -> ResponseReturnValue:
    """All prices of a variant that were changed, each with its split, and those that end; or none of them."""
    actor = access.officer()
    here = goods(product_id, variant_id)
    form = price_form(here)
    assert here.table is not None
    if not prices.read(form, here.table):
        return _again(actor, here, 422, price_form=form)
    changed = [column for column in here.table.columns if column.changed()]
    ended = [(column.kind, column.min_quantity) for column in here.table.columns if column.ended]

    def save(session: Session) -> None:
        wanted = [
            Price(
                each.kind,
                each.min_quantity,
                each.split.lead_days if each.split else None,
                each.price.minor,
                each.parts,
            )
            for each in changed
            if each.price
        ]
        try:
            set_prices(
                session,
                product_id=product_id,
                version=form.seen,
                variant_id=variant_id,
                prices=wanted,
                ended=ended,
                by=actor,
            )
        except ShopError as error:
            if "column" in error.data:
                error.data["field"] = changed[int(str(error.data["column"]))].name
            raise
        about = f"product:{product_id}"
        if wanted:
            facts = {"prices": [[each.kind, each.min_quantity, each.minor] for each in wanted]}
            record(session, about=about, kind="price", by=actor, facts=facts)
        if ended:
            record(session, about=about, kind="price_ended", by=actor, facts={"prices": [list(each) for each in ended]})

    if not changed and not ended:
        flash(_("Nothing was changed."))
        return _back(here, variant_id, "price")
    status = refusal(form, save)
    if status is not None:
        return _again(actor, here, status, price_form=form)
    flash(_("The price is set, from now on.") if changed else _("The price has ended. It stays in the books."))
    return _back(here, variant_id, "price")


@bp.post("/products/<int:product_id>/variants/<int:variant_id>/rate")
def product_rate(product_id: int, variant_id: int) -> ResponseReturnValue:
    """Her pay for one accepted piece, and the minutes it takes."""
    actor = access.officer()
    here = goods(product_id, variant_id)
    form = rate_form(here)
    pay = _sum(form.pay, here) if form.validate() else None
    if pay is None:
        return _again(actor, here, 422, rate_form=form)

    def save(session: Session) -> None:
        catalog.set_piece_rate(
            session,
            variant_id=variant_id,
            pay_minor=pay.minor,
            minutes=form.minutes.data or 0,
            reason=form.reason.data or "",
            by=actor,
        )
        facts = {"pay_minor": pay.minor, "minutes": form.minutes.data}
        record(session, about=f"product:{product_id}", kind="rate", by=actor, facts=facts)

    status = refusal(form, save)
    if status is not None:
        return _again(actor, here, status, rate_form=form)
    flash(_("Agreed, from today on."))
    return _back(here, variant_id, "rate")


def _sum(field: Any, here: Goods) -> Money | None:
    assert here.whole.variant is not None
    try:
        amount = parse(field.data or "", here.whole.variant.currency, current_lang())
    except BadMoney as error:
        field.errors = (*field.errors, sentence(error))
        return None
    if 0 < amount.minor < prices.MOST_MINOR:
        return amount
    field.errors = (*field.errors, prices.not_a_price(amount))
    return None


@bp.post("/products/<int:product_id>/variants/<int:variant_id>/take-in")
def product_take_in(product_id: int, variant_id: int) -> ResponseReturnValue:
    """Finished pieces for the shelf. What becomes hers is said back in words; the second post books it."""
    actor = access.officer()
    here = goods(product_id, variant_id)
    form = take_in_form(here)
    if not form.validate():
        return _again(actor, here, 422, take_in_form=form)
    retail = next((split for split in here.whole.splits if split.kind == "retail"), None)
    if retail is None or here.whole.rate is None or here.whole.variant is None:
        form.form_errors.append(_("It needs a price with its split and a piece rate first."))
        return _again(actor, here, 422, take_in_form=form)
    count = form.count.data or 0
    hers = sum(part.amount_minor for part in retail.parts if part.kind == "maker")
    amount = Money(hers * count, here.whole.variant.currency)
    if form.said.data != f"{form.maker_id.data}:{count}:{amount.minor}":
        form.said.data = f"{form.maker_id.data}:{count}:{amount.minor}"
        said = f"{money(amount)} · {in_words(amount, current_lang())}"
        return _again(actor, here, 200, said=said, take_in_form=form)
    status = refusal(form, lambda session: _take(session, form, variant_id, actor))
    if status is not None:
        return _again(actor, here, status, take_in_form=form)
    flash(_("They are on the shelf, and her pay is hers."))
    return _back(here, variant_id, "take-in")


def _take(session: Session, form: TakeInForm, variant_id: int, actor: Actor) -> None:
    work.make_for_shelf(
        session,
        variant_id=variant_id,
        maker_id=form.maker_id.data,
        quantity=form.count.data or 0,
        how="visit",
        key=f"office:{form.key.data}",
        by=actor,
    )


@bp.post("/products/<int:product_id>/makers")
def product_makers(product_id: int) -> ResponseReturnValue:
    """Who can make it."""
    actor = access.officer()
    here = goods(product_id)
    form = makers_form(here)

    def save(session: Session) -> None:
        held(session, product_id=product_id, version=form.seen)
        catalog.set_makers(session, product_id=product_id, maker_ids=form.makers.data or [])
        record(session, about=f"product:{product_id}", kind="makers", by=actor)

    status = refusal(form, save)
    if status is not None:
        return _again(actor, here, status, makers_form=form)
    flash(_("Saved."))
    return _back(here, anchor="s-makers")


@bp.post("/products/<int:product_id>/pictures")
def product_pictures_add(product_id: int) -> ResponseReturnValue:
    """Add pictures."""
    actor = access.officer()
    here = goods(product_id)
    form = pictures_form(here)
    if not form.validate():
        return _again(actor, here, 422, pictures_form=form)
    try:
        kept = keep_pictures(sent_pictures())
    except ShopError as error:
        put(form, error, "pictures")
        return _again(actor, here, error.status, pictures_form=form)

    def save(session: Session) -> None:
        held(session, product_id=product_id, version=form.seen)
        ids = [media.add_kept(session, kept=each, by=actor).id for each in kept]
        now = [(shot.picture_id, shot.alt) for shot in here.whole.pictures]
        add_pictures(session, product_id=product_id, now=now, picture_ids=ids)
        record(session, about=f"product:{product_id}", kind="pictures", by=actor)

    status = refusal(form, save)
    if status is not None:
        return _again(actor, here, status, pictures_form=form)
    flash(_("Saved."))
    return _back(here, anchor="s-pictures")


@bp.post("/products/<int:product_id>/pictures/order")
def product_pictures_order(product_id: int) -> ResponseReturnValue:
    """The order of the pictures, their words for those who do not see them, and which are taken away."""
    actor = access.officer()
    here = goods(product_id)
    form = pictures_order_form(here)

    def save(session: Session) -> None:
        held(session, product_id=product_id, version=form.seen)
        catalog.set_pictures(session, product_id=product_id, pictures=_ordered(here, form))
        record(session, about=f"product:{product_id}", kind="pictures", by=actor)

    status = refusal(form, save)
    if status is not None:
        return _again(actor, here, status, shots_form=form)
    flash(_("Saved."))
    return _back(here, anchor="s-pictures")


def _ordered(here: Goods, form: VersionedForm) -> list[tuple[int, Texts]]:
    """Pictures that stay, by the places typed; those of one place in the order they had. Each with its words."""
    stay = [shot.picture_id for shot in here.whole.pictures if not form[f"gone-{shot.picture_id}"].data]
    places = {each: form[f"place-{each}"].data or place for place, each in enumerate(stay, start=1)}
    return [
        (each, {lang: text for lang in LANGS if (text := form[f"alt-{each}-{lang}"].data)})
        for each in sorted(stay, key=places.__getitem__)
    ]
