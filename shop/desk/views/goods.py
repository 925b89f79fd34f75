"""Her goods: how each stands, off sale and on again, and more pieces on the shelf."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from shop.catalog.errors import Lacking
from shop.catalog.queries import LiveSplit, lacks
from shop.catalog.sentences import lack_label
from shop.db import reading, writing
from shop.desk import access
from shop.desk.access import Mine
from shop.desk.answers import done, number, refused, told
from shop.desk.blueprint import desk
from shop.desk.forms import MoreForm
from shop.desk.labels import goods_label
from shop.desk.queries import goods as reads
from shop.desk.queries import people
from shop.desk.services import switch_goods
from shop.errors import ShopError
from shop.ids import secret
from shop.money import Money
from shop.web.filters import tri_text
from shop.work import services as work

SWITCHES = {
    "sold_out": lambda: _("Marked as sold out. Its page stays."),
    "on_sale": lambda: _("On sale again."),
    "withdrawn": lambda: _("Withdrawn. Work that was agreed goes on and is paid."),
    "published": lambda: _("It stands in the shop now."),
}


@desk.get("/pieces")
def pieces() -> ResponseReturnValue:
    """What she lists."""
    me = access.broker()
    state = request.args.get("state", "")
    state = state if state in reads.STATES else ""
    with reading() as session:
        counts = reads.goods_counts(session, broker_id=me.broker_id)
        found = reads.goods(session, broker_id=me.broker_id, state=state, before=number("before") or None)
    shown = found[: reads.PAGE]
    return render_template(
        "desk/pieces.html",
        lines=shown,
        chips=[
            (goods_label(code), url_for("desk.pieces", state=code), code == state, counts.get(code, 0))
            for code in reads.STATES
        ],
        state=state,
        total=sum(counts.values()),
        on_sale=counts.get("on_sale", 0),
        label=goods_label,
        next_url=url_for("desk.pieces", state=state or None, before=shown[-1].id) if len(found) > reads.PAGE else None,
    )


@desk.post("/pieces/<int:product_id>/state")
def switch(product_id: int) -> ResponseReturnValue:
    """Sold out, on sale again, withdrawn, or shown again."""
    me = access.my_goods(product_id)
    to = request.form.get("to", "")
    try:
        with writing() as session:
            switch_goods(session, product_id=me.id, to=to, by=me.actor)
    except Lacking as error:
        return refused(error, "desk.piece", product_id=me.id)
    except ShopError as error:
        return refused(error, "desk.pieces")
    return done("desk.pieces", str(SWITCHES[to]()))


@desk.get("/pieces/<int:product_id>/add")
def more(product_id: int) -> ResponseReturnValue:
    """Add finished pieces."""
    me = access.my_goods(product_id)
    form = MoreForm(formdata=None)
    form.key.data = secret()
    return _more_page(me, form)


@desk.post("/pieces/<int:product_id>/add")
def add(product_id: int) -> ResponseReturnValue:
    """First what it pays her, in figures and words; with `save` the pieces are taken in, once for each form."""
    me = access.my_goods(product_id)
    form = MoreForm()
    with reading() as session:
        found = reads.one(session, product_id=me.id)
    variant, split = _priced(found)
    form.maker.choices = _makers(me, found)
    if not form.validate():
        return _more_page(me, form, status=422)
    if "save" not in request.form:
        pay = Money(split.of("maker") * form.count.number, split.currency) if split else None
        return _more_page(me, form, pay=pay)
    try:
        with writing() as session:
            receipt = work.make_for_shelf(
                session,
                variant_id=variant,
                maker_id=form.maker.data,
                quantity=form.count.number,
                how="visit",
                key=f"shelf:{me.id}:{(form.key.data or '')[:40]}",
                by=me.actor,
            )
            receipt_id = receipt.id
    except ShopError as error:
        if error.status in {403, 404, 503}:
            raise
        form.form_errors.append(told(error))
        return _more_page(me, form, status=error.status)
    return done("desk.receipt", receipt_id=receipt_id)


def _priced(found: reads.Goods) -> tuple[int, LiveSplit | None]:
    """The size that pieces are added to, and its split: the first one, or the one asked for."""
    asked = request.values.get("variant", 0, type=int)
    variant = next((each for each in found.variants if each.id == asked), found.variants[0] if found.variants else None)
    return (variant.id, found.splits.get(variant.id)) if variant else (0, None)


def _makers(me: Mine, found: reads.Goods) -> list[tuple[int, str]]:
    with reading() as session:
        able = people.may_be_named(session, broker_id=me.broker_id, workshop_ids=[found.product.workshop_id])
    return [
        (maker.id, f"{tri_text(maker.name)} {maker.number}")
        for maker in able.get(found.product.workshop_id, [])
        if maker.id in found.maker_ids
    ]


def _more_page(me: Mine, form: MoreForm, *, pay: Money | None = None, status: int = 200) -> ResponseReturnValue:
    with reading() as session:
        found = reads.one(session, product_id=me.id)
        missing = lacks(session, product_id=me.id)
    variant, split = _priced(found)
    form.maker.choices = form.maker.choices or _makers(me, found)
    html = render_template(
        "desk/add_pieces.html",
        goods=found,
        form=form,
        variant=variant,
        hers=Money(split.of("maker"), split.currency) if split else None,
        pay=pay,
        lacking=[lack_label(code) for code in missing if code in {"price", "split", "rate", "makers"}],
    )
    return html, status
