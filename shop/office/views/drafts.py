"""The drafts of one import: what they lack, one form for all of them, and showing those that are whole."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.catalog.models import Product
from shop.coop.queries import hourly_minimum
from shop.coop.services import record
from shop.crafts.queries import craft_tree
from shop.db import reading, writing
from shop.errors import NotFound, ShopError
from shop.makers.queries import maker_lines
from shop.office import access
from shop.office.answers import choices, keep_pictures, number, put, refusal, sent_pictures
from shop.office.blueprint import bp
from shop.office.forms.goods import ApplyForm, PicturesForm
from shop.office.goods_page import offer_crafts
from shop.office.queries import drafts as found
from shop.office.services.drafts import Outcome, Wish, apply_wish, publish_all
from shop.office.services.goods import hang
from shop.web.errors import sentence
from shop.web.filters import straight, tri_text
from shop.web.forms import ShopForm
from shop.web.i18n import comma
from shop.workshops.queries import makers_of_workshop, workshop_line

CHUNK = 50
"""Drafts of one unit of work; others write in between."""

SHOWN_REFUSALS = 20
SHOWN_NUMBERS = 5


def _head(ref: str) -> found.ImportHead:
    with reading() as session:
        head = found.import_head(session, ref=ref)
    if head is None:
        raise NotFound(what="import")
    return head


def _apply_form(session: Session, workshop_id: int, *, bound: bool) -> ApplyForm:
    form = ApplyForm() if bound else ApplyForm(formdata=None)
    offer_crafts(form, craft_tree(session))
    staff = maker_lines(session, makers_of_workshop(session, workshop_id)[:200])
    form.makers.choices = choices((line.id, f"{tri_text(line.name)} · {line.number}") for line in staff.values())
    return form


@bp.get("/imports/<ref>")
def drafts(ref: str) -> ResponseReturnValue:
    """What an import left to be done."""
    access.officer()
    return _page(_head(ref))


def _page(
    head: found.ImportHead, status: int = 200, *, form: ApplyForm | None = None, refused: ShopForm | None = None
) -> ResponseReturnValue:
    with reading() as session:
        rows = found.drafts_page(session, ref=head.ref, after=number("after"))
        more, rows = len(rows) > found.PAGE, rows[: found.PAGE]
        house = workshop_line(session, head.workshop_id)
        shown = form or _apply_form(session, head.workshop_id, bound=False)
        minimum = hourly_minimum(session, on=clock.today())
    page = render_template(
        "office/drafts.html",
        head=head,
        rows=rows,
        house=house.name if house else {},
        apply_form=shown,
        pictures_form=PicturesForm(formdata=None),
        form=form or refused,
        minimum=minimum,
        next_page=url_for("office.drafts", ref=head.ref, after=rows[-1].product.id) if more else None,
        first=number("after") == 0,
        nav="office.imports",
    )
    return page, status


@bp.post("/imports/<ref>/apply")
def drafts_apply(ref: str) -> ResponseReturnValue:
    """Give all drafts of the import the same craft, makers, minutes and shares of their prices."""
    actor = access.officer()
    head = _head(ref)
    with reading() as session:
        form = _apply_form(session, head.workshop_id, bound=True)
        ids = found.draft_ids(session, ref=ref)
    if not form.validate():
        return _page(head, 422, form=form)
    wish = Wish(
        craft_id=form.craft_id.data,
        technique_id=form.technique_id.data,
        made_to_order=bool(form.made_to_order.data),
        maker_ids=tuple(form.makers.data or ()),
        minutes=form.minutes.data,
        pay_percent=form.pay_percent.data,
        materials_percent=form.materials_percent.data,
        again=bool(form.again.data),
    )
    outcome = Outcome()
    for start in range(0, len(ids), CHUNK):
        with writing() as session:
            apply_wish(session, product_ids=ids[start : start + CHUNK], wish=wish, by=actor, outcome=outcome)
    _tell(outcome)
    return redirect(url_for("office.drafts", ref=ref), 303)


def _tell(outcome: Outcome) -> None:
    """What was done, and for which drafts it was not and why."""
    flash(_("%(num)s drafts were changed.", num=outcome.changed))
    told: dict[str, list[str]] = {}
    for item_no, error in outcome.refused:
        told.setdefault(sentence(error), []).append(item_no)
    for text, numbers in list(told.items())[:SHOWN_REFUSALS]:
        flash(_("%(names)s could not get it: %(why)s", names=_some(numbers), why=text), "wait")
    if outcome.without_pay:
        flash(_("%(names)s: neither the list nor this form says her pay.", names=_some(outcome.without_pay)), "wait")
    more = len(told) - SHOWN_REFUSALS
    if more > 0:
        flash(_("There are %(num)s further reasons; put these right first.", num=more), "wait")


def _some(numbers: list[str]) -> str:
    """The first of these item numbers, each once."""
    each = list(dict.fromkeys(numbers))
    return comma().join(each[:SHOWN_NUMBERS]) + (" …" if len(each) > SHOWN_NUMBERS else "")


@bp.post("/imports/<ref>/publish")
def drafts_publish(ref: str) -> ResponseReturnValue:
    """Show every draft of the import that lacks nothing."""
    actor = access.officer()
    head = _head(ref)
    with reading() as session:
        ids = found.complete_ids(session, ref=ref)
    shown = 0
    for start in range(0, len(ids), CHUNK):
        with writing() as session:
            count = publish_all(session, product_ids=ids[start : start + CHUNK])
            facts = {"import": ref, "count": count}
            if count:
                record(session, about=f"workshop:{head.workshop_id}", kind="published", by=actor, facts=facts)
        shown += count
    if shown:
        flash(_("%(num)s are in the shop now.", num=shown))
    else:
        flash(_("None of them is complete yet."), "wait")
    return redirect(url_for("office.drafts", ref=ref), 303)


@bp.post("/imports/<ref>/pictures")
def drafts_pictures(ref: str) -> ResponseReturnValue:
    """Pictures whose file names the list gives, sent together; each goes to the draft that names it."""
    actor = access.officer()
    head = _head(ref)
    form = PicturesForm()
    files = sent_pictures()
    if not form.validate():
        return _page(head, 422, refused=form)
    with reading() as session:
        wanted = _wanted(session, found.draft_ids(session, ref=ref))
    unknown = [straight(each.filename) for each in files if _name(str(each.filename)) not in wanted]
    if unknown:
        form.pictures.errors = (_("No draft of this import names: %(names)s", names=comma().join(unknown)),)
        return _page(head, 422, refused=form)
    try:
        whose = [wanted[_name(str(each.filename))] for each in files]
        kept = list(zip(whose, keep_pictures(files), strict=True))
    except ShopError as error:
        put(form, error, "pictures")
        return _page(head, error.status, refused=form)
    status = refusal(form, lambda session: hang(session, pictures=kept, by=actor))
    if status is not None:
        return _page(head, status, refused=form)
    flash(_("Saved."))
    return redirect(url_for("office.drafts", ref=ref), 303)


def _name(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2].partition("?")[0].casefold()


def _wanted(session: Session, ids: list[int]) -> dict[str, list[int]]:
    """File name → the drafts that name it, those too that have some of their pictures already."""
    names: dict[str, list[int]] = {}
    for product in session.scalars(select(Product).where(Product.id.in_(ids)).order_by(Product.id)):
        for name in {_name(str(url)) for url in product.source_facts.get("said", {}).get("pictures", ())}:
            names.setdefault(name, []).append(product.id)
    return names
