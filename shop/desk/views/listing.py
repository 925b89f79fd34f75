"""Listing goods and editing them: what was typed, what it means for everybody's share, and then saving it."""

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.catalog.errors import BelowMinimum, MakerBelowRate, Outdated, UnbalancedSplit
from shop.catalog.sentences import lack_label
from shop.catalog.services import Part, propose_parts
from shop.coop.facts import known_facts
from shop.db import Texts, reading, writing
from shop.desk import access
from shop.desk.access import Mine
from shop.desk.answers import done, told
from shop.desk.blueprint import desk
from shop.desk.forms import GoodsForm
from shop.desk.labels import size_facts, size_label
from shop.desk.pictures import Shot, signed
from shop.desk.queries import goods as reads
from shop.desk.services import Offer, edit_goods, list_goods, publish_if_whole
from shop.desk.services.goods import SHOWN
from shop.desk.typed import NotWhole, whole
from shop.desk.views.goods_page import Seen, Sent, Shown, fresh_form, page, read, sent
from shop.errors import ShopError
from shop.ids import secret
from shop.web.filters import listed
from shop.web.i18n import current_lang
from shop.work import services as work


@desk.get("/pieces/new")
def new_piece() -> ResponseReturnValue:
    """List something new."""
    me = access.broker()
    seen = read(me)
    form = fresh_form(seen, empty=True)
    form.key.data = secret()
    form.workshop.data = seen.workshop_id
    return page(seen, Sent(form, [None] * SHOWN))


@desk.get("/pieces/<int:product_id>")
def piece(product_id: int) -> ResponseReturnValue:
    """Edit what is listed."""
    me = access.my_goods(product_id)
    seen = read(me, product_id=me.id)
    assert seen.goods is not None
    form = fresh_form(seen, empty=True)
    form.begin_with(seen.goods, lang=current_lang())
    shots: list[Shot | None] = [signed(each, key, me.actor) for each, key in seen.goods.pictures[:SHOWN]]
    return page(seen, Sent(form, [*shots, *[None] * (SHOWN - len(shots))]))


@desk.post("/pieces/new")
def list_piece() -> ResponseReturnValue:
    """First the split and the hourly pay; with `save` it is kept, pieces are taken in, and it is shown."""
    me = access.broker()
    return _take(read(me))


@desk.post("/pieces/<int:product_id>")
def edit_piece(product_id: int) -> ResponseReturnValue:
    """The same for what is listed already."""
    me = access.my_goods(product_id)
    return _take(read(me, product_id=me.id))


def _take(seen: Seen) -> ResponseReturnValue:
    found = sent(seen)
    form = found.form
    if "look" in request.form:
        # another workshop was chosen: its makers come up, nothing is judged yet
        found.problems.clear()
        return page(seen, found)
    fine = form.validate()
    if seen.goods is None:
        _check_new(found)
    if not fine or found.problems:
        return page(seen, found, status=422)
    offer = _offer(seen, found)
    try:
        parts = _parts(seen, offer)
    except UnbalancedSplit as error:
        found.problems["pay"] = _("Her pay and the materials are more than the price.")
        return page(seen, found, status=error.status)
    figures = ":".join(str(each) for each in (*_figures(offer), *sorted(found.ready.items())))
    last_seen, form.seen.data = form.seen.data, figures
    if "save" not in request.form or last_seen != figures:
        return page(seen, found, shown=Shown(offer, parts, changed="save" in request.form))
    return _save(seen, found, offer)


def _check_new(found: Sent) -> None:
    """What only the first listing asks for."""
    if found.shots[0] is None:
        found.problems.setdefault("photo0", _("Please take a photo of its front."))
    if not found.ready and not found.form.made_to_order.data:
        found.problems["made_to_order"] = _("Please say how many pieces are ready, or that it is made to order.")
    if set(found.ready) - set(found.form.makers.data or ()):
        found.problems["makers"] = _("Ready pieces need their maker ticked.")


def _figures(offer: Offer) -> tuple[int, int, int, int]:
    return (offer.price_minor or 0, offer.pay_minor, offer.materials_minor, offer.minutes)


def _offer(seen: Seen, found: Sent) -> Offer:
    form = found.form
    with_figures = seen.goods is None or seen.goods.only is not None
    price, pay, materials, minutes = form.figures() if with_figures else (None, 0, 0, 0)
    label: Texts = {}
    facts: dict[str, str | int] = {}
    if with_figures and form.width.tenths and (seen.goods is None or _resized(form)):
        label = size_label(form.width.tenths, form.height.tenths or 0)
        facts = size_facts(form.width.tenths, form.height.tenths or 0)
    return Offer(
        lang=current_lang(),
        title=form.title.data or "",
        craft_id=form.craft.data,
        made_to_order=bool(form.made_to_order.data),
        maker_ids=tuple(form.makers.data or ()),
        picture_ids=tuple(dict.fromkeys(shot.id for shot in found.shots if shot)),
        price_minor=price,
        pay_minor=pay,
        materials_minor=materials,
        minutes=minutes,
        size_label=label,
        size=facts,
    )


def _resized(form: GoodsForm) -> bool:
    """Whether the size was typed anew: a label that the co-op wrote says more than two numbers."""
    return request.form.get("size_was", "") != f"{form.width.data or ''}x{form.height.data or ''}"


def _parts(seen: Seen, offer: Offer) -> list[Part]:
    """How the price is shared: as it stands where the figures are the same, else as proposed."""
    if offer.price_minor is None:
        return []
    if seen.goods is not None and seen.goods.only is not None:
        split = seen.goods.splits.get(seen.goods.only.id)
        if split and (split.price_minor, split.of("maker"), split.of("materials")) == _figures(offer)[:3]:
            return [Part(part.kind, part.amount_minor, part.payee) for part in split.parts]
    with reading() as session:
        return propose_parts(
            session,
            workshop_id=seen.workshop_id,
            price_minor=offer.price_minor,
            pay_minor=offer.pay_minor,
            materials_minor=offer.materials_minor,
            craft_id=_craft(seen, offer),
        )


def _craft(seen: Seen, offer: Offer) -> int:
    """What the goods will be once saved: the technique they have stays as long as the craft does."""
    product = seen.goods.product if seen.goods else None
    stays = product is not None and product.craft_id == offer.craft_id
    return product.technique_id or offer.craft_id if product and stays else offer.craft_id


def _save(seen: Seen, found: Sent, offer: Offer) -> ResponseReturnValue:
    key = (found.form.key.data or "")[:40]
    try:
        product_id = _keep(seen, found.form, offer, key)
    except (BelowMinimum, MakerBelowRate) as error:
        found.problems["pay"] = told(error)
        return page(seen, found, status=error.status)
    except ShopError as error:
        if error.status in {403, 404, 503}:
            raise
        found.problems[str(error.data.get("field", ""))] = told(error)
        return page(seen, found, status=error.status)
    return _show(seen.me, product_id, found.ready, key)


def _keep(seen: Seen, form: GoodsForm, offer: Offer, key: str) -> int:
    by = seen.me.actor
    if seen.goods is None:
        with writing() as session:
            return list_goods(
                session,
                workshop_id=seen.workshop_id,
                offer=offer,
                currency=known_facts().currency,
                key=key,
                by=by,
            ).id
    try:
        version = whole(form.version.data)
    except NotWhole:
        raise Outdated from None
    with writing() as session:
        return edit_goods(session, product_id=seen.goods.product.id, version=version, offer=offer, by=by).id


def _show(me: Mine, product_id: int, ready: dict[int, int], key: str) -> ResponseReturnValue:
    """Take ready pieces in, each maker's in a unit of work of its own, and show the goods when nothing is missing."""
    trouble = ""
    with reading() as session:
        variants = reads.one(session, product_id=product_id).variants
    for maker_id, count in sorted(ready.items()):
        try:
            with writing() as session:
                work.make_for_shelf(
                    session,
                    variant_id=variants[0].id,
                    maker_id=maker_id,
                    quantity=count,
                    how="visit",
                    key=f"shelf:{product_id}:{key}:{maker_id}",
                    by=me.actor,
                )
        except ShopError as error:
            if error.status in {403, 404, 503}:
                raise
            trouble = told(error)
    with writing() as session:
        missing = publish_if_whole(session, product_id=product_id, by=me.actor)
    if trouble:
        flash(trouble, "error")
    if missing:
        what = listed(lack_label(code) for code in missing)
        return done("desk.piece", _("Saved. Not in the shop yet; missing: %(what)s.", what=what), product_id=product_id)
    return done("desk.pieces", _("Saved."))
