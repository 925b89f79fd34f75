"""Products: the list, a new one, its texts and facts, and whether it is shown."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from wtforms import Field, SelectField

from shop.actor import Actor
from shop.catalog import services
from shop.coop.services import record
from shop.crafts.queries import craft_tree
from shop.db import LANGS, reading
from shop.ids import spoken
from shop.office import access
from shop.office.answers import by_name, choices, number, posted, refusal, words_asked
from shop.office.blueprint import bp
from shop.office.forms.fields import texts
from shop.office.forms.goods import NewProductForm, ProductForm, lines_of, text_of
from shop.office.goods_page import Goods, craft_choices, goods, product_form, product_page
from shop.office.queries import goods as found
from shop.office.services.goods import new_draft, shown
from shop.web.forms import ShopForm
from shop.web.i18n import LABELS, colon
from shop.workshops.queries import workshop_names

STATES = ("draft", "published", "sold_out", "withdrawn")
TEXTS = ("name", "description", "care")
FACTS = ("craft_id", "technique_id", "hs_code", "origin", "made_to_order", "unique_piece")


@bp.get("/products")
def products() -> ResponseReturnValue:
    actor = access.staff()
    state, words, workshop_id = request.args.get("state", ""), words_asked(), number("workshop") or None
    state = state if state in STATES else ""
    with reading() as session:
        rows = found.products(
            session, state=state, words=words, workshop_id=workshop_id, before=number("before") or None
        )
        houses = by_name(workshop_names(session))
    more, rows = len(rows) > found.PAGE, rows[: found.PAGE]
    kept = {"state": state or None, "q": words or None, "workshop": workshop_id}
    return render_template(
        "office/products.html",
        rows=rows,
        state=state,
        states=STATES,
        words=words,
        workshop_id=workshop_id,
        houses=houses,
        may_edit=actor.role in access.OFFICERS,
        next_page=url_for("office.products", before=rows[-1].id, **kept) if more else None,  # type: ignore[arg-type]
    )


@bp.route("/products/new", methods=["GET", "POST"])
def product_new() -> ResponseReturnValue:
    actor = access.officer()
    form = NewProductForm()
    if not form.key.data:
        form.key.data = spoken(12)
    with reading() as session:
        form.workshop_id.choices = choices(by_name(workshop_names(session)))
        form.craft_id.choices = craft_choices(craft_tree(session))[0]
    status: int | None = 200
    if posted():
        made: list[int] = []

        def work(session: Session) -> None:
            made.append(
                new_draft(
                    session,
                    workshop_id=form.workshop_id.data,
                    name=texts(form.name),
                    craft_id=form.craft_id.data,
                    made_to_order=bool(form.made_to_order.data),
                    key=form.key.data or "",
                    by=actor,
                )
            )

        status = refusal(form, work)
        if status is None:
            flash(_("The draft is there. Now the rest."))
            return redirect(url_for("office.product", product_id=made[-1]), 303)
    page = render_template(
        "office/form.html",
        form=form,
        heading=_("A new product"),
        save=_("Make the draft"),
        back=(_("Products"), url_for("office.products")),
        nav="office.products",
    )
    return page, status or 200


@bp.get("/products/<int:product_id>")
def product(product_id: int) -> ResponseReturnValue:
    actor = access.staff()
    return product_page(actor, goods(product_id))


@bp.post("/products/<int:product_id>")
def product_save(product_id: int) -> ResponseReturnValue:
    """Texts and facts. Where somebody saved in between, what was typed stays, and what now stands is told."""
    actor = access.officer()
    here = goods(product_id)
    form = product_form(here)
    facts = {name: texts(form[name]) for name in TEXTS}

    def work(session: Session) -> None:
        services.edit_product(
            session,
            product_id=product_id,
            version=form.seen,
            craft_id=form.craft_id.data,
            technique_id=form.technique_id.data,
            hs_code=form.hs_code.data or "",
            origin=form.origin.data or "CN",
            made_to_order=bool(form.made_to_order.data),
            unique_piece=bool(form.unique_piece.data),
            materials=lines_of(texts(form.materials), here.whole.product.materials),
            **facts,
        )
        record(session, about=f"product:{product_id}", kind="edited", by=actor)

    status = refusal(form, work)
    if status is None:
        flash(_("Saved."))
        return redirect(url_for("office.product", product_id=product_id), 303)
    now = goods(product_id)
    differs = _differs(now, form) if form.seen != now.version else []
    form.version.data = str(now.version)
    return product_page(actor, now, status, now_stands=differs, product_form=form)


def _differs(now: Goods, form: ProductForm) -> list[str]:
    """What stands now in each text and fact that was typed otherwise."""
    product = now.whole.product
    stands = {name: getattr(product, name) or {} for name in TEXTS} | {"materials": text_of(product.materials)}
    told = []
    for name, kept in stands.items():
        typed, label = texts(form[name]), form[name].label.text
        told += [
            f"{label} ({LABELS[lang]}): {kept.get(lang) or '–'}"
            for lang in LANGS
            if kept.get(lang, "").split() != typed.get(lang, "").split()
        ]
    for name in FACTS:
        value, field = getattr(product, name), form[name]
        if value != field.data:
            told.append(f"{field.label.text}{colon()}{_said(field, value)}")
    return told


def _said(field: Field, value: object) -> str:
    if isinstance(field, SelectField):
        return next((str(one.label) for one in field.choices if one.value == str(value)), "–")
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    return str(value or "–")


def _switch(
    product_id: int, work: Callable[[Session], object], *, kind: str, said: str, by: Actor
) -> ResponseReturnValue:
    """Run one switch of a product's state, or show its page with what stands in the way."""
    form = ShopForm()

    def run(session: Session) -> None:
        work(session)
        record(session, about=f"product:{product_id}", kind=kind, by=by)

    status = refusal(form, run)
    if status is None:
        flash(said)
        return redirect(url_for("office.product", product_id=product_id), 303)
    return product_page(by, goods(product_id), status, state_form=form)


@bp.post("/products/<int:product_id>/publish")
def product_publish(product_id: int) -> ResponseReturnValue:
    """Show it, or say what is lacking."""
    actor = access.officer()
    return _switch(
        product_id,
        lambda session: services.publish(session, product_id=product_id),
        kind="published",
        said=_("It is in the shop now."),
        by=actor,
    )


@bp.post("/products/<int:product_id>/withdraw")
def product_withdraw(product_id: int) -> ResponseReturnValue:
    actor = access.officer()
    return _switch(
        product_id,
        lambda session: services.withdraw(session, product_id=product_id),
        kind="taken_off",
        said=_("It is no longer in the shop. Paid orders go on."),
        by=actor,
    )


@bp.post("/products/<int:product_id>/sell-out")
def product_sell_out(product_id: int) -> ResponseReturnValue:
    actor = access.officer()
    return _switch(
        product_id,
        lambda session: services.sell_out(session, product_id=shown(session, product_id=product_id).id),
        kind="sold_out",
        said=_("Nobody can buy it for now; its page stays."),
        by=actor,
    )


@bp.post("/products/<int:product_id>/on-sale")
def product_on_sale(product_id: int) -> ResponseReturnValue:
    actor = access.officer()
    return _switch(
        product_id,
        lambda session: services.put_on_sale_again(session, product_id=shown(session, product_id=product_id).id),
        kind="on_sale",
        said=_("It can be bought again."),
        by=actor,
    )
