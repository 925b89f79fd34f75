"""The one page on which goods are listed and edited: what it is made from, and how it is shown again."""

from dataclasses import dataclass, field

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.validators import Optional

from shop import clock
from shop.catalog.queries import lacks
from shop.catalog.sentences import PART_COLOURS, lack_label, part_label
from shop.catalog.services import Part
from shop.coop.facts import coop_facts, known_facts
from shop.coop.queries import hourly_minimum
from shop.crafts.queries import craft_tree
from shop.db import Texts, reading
from shop.desk.access import Mine
from shop.desk.answers import told
from shop.desk.forms import GoodsForm
from shop.desk.forms.goods import MOST_READY
from shop.desk.labels import goods_label
from shop.desk.pictures import Shot, opened, uploaded
from shop.desk.queries import goods as reads
from shop.desk.queries import people
from shop.desk.queries.people import Able
from shop.desk.services import Offer
from shop.desk.services.goods import SHOWN
from shop.desk.typed import NotWhole, plain, whole
from shop.media.pipeline import BadPicture
from shop.money import Money, per_hour
from shop.web.filters import money, tri_text
from shop.workshops.queries import workshops


@dataclass(slots=True)
class Seen:
    """What the page needs to know, read before the form is made. `workshop_id` is 0 for a broker without one."""

    me: Mine
    workshop_id: int
    workshops: list[tuple[int, Texts]]
    able: dict[int, list[Able]]
    crafts: list[tuple[int, str]]
    minimum: Money | None
    goods: reads.Goods | None = None
    lacking: tuple[str, ...] = ()

    @property
    def makers(self) -> list[Able]:
        """Who may be named: of the chosen workshop."""
        return self.able.get(self.workshop_id, [])

    @property
    def stands(self) -> str:
        """How the product stands now."""
        assert self.goods is not None
        product = self.goods.product
        if product.state != "published":
            return str(product.state)
        on = [variant for variant in self.goods.variants if variant.is_active]
        stock = sum(variant.on_hand - variant.reserved for variant in on)
        return "on_sale" if on and (product.made_to_order or stock) else "sold_out"


@dataclass(slots=True)
class Sent:
    """What came in: the form, the photos by place, finished pieces by maker as typed and as meant, and what is wrong."""

    form: GoodsForm
    shots: list[Shot | None]
    texts: dict[int, str] = field(default_factory=dict)
    ready: dict[int, int] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


def read(me: Mine, *, product_id: int = 0) -> Seen:
    """Workshops, makers, crafts, the local minimum; for a product what is known of it."""
    with reading() as session:
        coop_facts(session)
        goods = reads.one(session, product_id=product_id) if product_id else None
        lines = [
            (line.id, line.name)
            for line in workshops(session, broker_id=me.broker_id)
            if line.is_open or (goods and goods.product.workshop_id == line.id)
        ]
        asked = request.values.get("workshop", 0, type=int)
        first = lines[0][0] if lines else 0
        chosen = goods.product.workshop_id if goods else asked if asked in dict(lines) else first
        able = people.may_be_named(session, broker_id=me.broker_id, workshop_ids=[chosen]) if chosen else {}
        crafts = [(node.id, tri_text(node.name)) for node in craft_tree(session)]
        least = hourly_minimum(session, on=clock.today())
        draft = goods is not None and goods.product.state == "draft"
        missing = tuple(lacks(session, product_id=product_id, all_of_them=True)) if draft else ()
    return Seen(me, chosen, lines, able, crafts, least, goods, missing)


def fresh_form(seen: Seen, *, empty: bool = False) -> GoodsForm:
    """The form with its choices; `empty` for a page that nothing was sent to."""
    form = GoodsForm(formdata=None) if empty else GoodsForm()
    form.workshop.choices = [(each, tri_text(name)) for each, name in seen.workshops]
    form.craft.choices = seen.crafts
    form.makers.choices = [(each.id, tri_text(each.name)) for each in seen.makers]
    if seen.goods is not None and set(seen.goods.maker_ids) - {each.id for each in seen.makers}:
        form.makers.validators = (Optional(),)  # who gave her mandate to another broker goes on making it
    if seen.goods is not None and seen.goods.only is None:
        form.without_figures()
    elif seen.goods is not None and seen.goods.only is not None and seen.goods.only.size_label:
        form.width.needed = False  # the label it has stays
    return form


def sent(seen: Seen) -> Sent:
    """Read the form, its photos and its finished pieces. Photos are stored at once, so that no error loses them."""
    found = Sent(fresh_form(seen), [])
    for place in range(SHOWN):
        before = opened(request.form.get(f"kept{place}", ""), seen.me.actor)
        try:
            fresh = uploaded(request.files.get(f"photo{place}"), seen.me.actor)
        except BadPicture as error:
            found.problems[f"photo{place}"] = told(error)
            fresh = None
        found.shots.append(fresh or before)
    for maker in seen.makers if seen.goods is None else ():
        found.texts[maker.id] = plain(request.form.get(f"ready{maker.id}"))
        try:
            count = whole(found.texts[maker.id])
        except NotWhole:
            count = -1
        if not 0 <= count <= MOST_READY:
            found.problems[f"ready{maker.id}"] = _(
                "Please give a whole number from %(least)s to %(most)s.", least=0, most=MOST_READY
            )
        elif count:
            found.ready[maker.id] = count
    return found


@dataclass(frozen=True, slots=True)
class Shown:
    """What typed figures mean: the split, her pay per hour, and what finished pieces pay at once."""

    offer: Offer
    parts: list[Part]
    changed: bool = False


def page(seen: Seen, found: Sent, *, shown: Shown | None = None, status: int = 200) -> ResponseReturnValue:
    """The page with everything typed still on it."""
    form, currency = found.form, known_facts().currency
    loose = []
    for name, said in found.problems.items():
        known = form._fields.get(name)
        if known is not None and known.type not in {"HiddenField", "CSRFTokenField"}:
            known.errors = [*known.errors, said]
        else:
            loose.append((said, name or None))
    offer = shown.offer if shown else None
    hourly = per_hour(offer.pay_minor, offer.minutes) if offer and offer.minutes else None
    names = {maker.id: maker for maker in seen.makers}
    html = render_template(
        "desk/list_piece.html",
        seen=seen,
        form=form,
        shots=found.shots,
        problems=found.problems,
        loose=loose,
        has_errors=bool(form.errors or found.problems),
        texts=found.texts,
        shown=shown,
        parts=_rows(shown.parts, currency, seen.me.broker_id) if shown else [],
        price=Money(offer.price_minor, currency) if offer and offer.price_minor else None,
        pay=Money(offer.pay_minor, currency) if offer else None,
        materials=Money(offer.materials_minor, currency) if offer else None,
        hourly=Money(hourly, currency) if hourly is not None else None,
        below=bool(hourly is not None and seen.minimum and hourly < seen.minimum.minor),
        ready=[
            (names[maker_id], count, Money(offer.pay_minor * count, currency))
            for maker_id, count in sorted(found.ready.items())
        ]
        if offer
        else [],
        sign={"CNY": "¥", "VND": "₫"}.get(currency, currency),
        state=goods_label(seen.stands) if seen.goods else "",
        lacking=[lack_label(code) for code in seen.lacking],
    )
    return html, status


def _rows(parts: list[Part], currency: str, broker_id: int) -> list[dict[str, object]]:
    return [
        {
            "kind": PART_COLOURS.get(part.kind, "cost"),
            "label": _("The broker who guides you")
            if part.kind == "broker" and part.payee != f"broker:{broker_id}"
            else part_label(part.kind),
            "minor": part.amount_minor,
            "amount": money(Money(part.amount_minor, currency)),
        }
        for part in parts
        if part.amount_minor
    ]
