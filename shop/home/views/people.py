"""Makers and workshops."""

from dataclasses import dataclass

from flask import Response, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from shop.coop.facts import known_facts
from shop.db import Texts, reading_core
from shop.errors import NotFound
from shop.home.answers import Page, piece, shown
from shop.home.blueprint import bp
from shop.home.cards import cards_block
from shop.home.front import paid_to
from shop.home.her import Her, her_card, item_words
from shop.home.listing import Found, look
from shop.home.queries.market import Market, market, workshop_percent
from shop.home.queries.payday import payday
from shop.home.queries.people import Life, life_of, picture_keys, shelf_counts, village_names
from shop.home.wishes import Wish
from shop.makers.public import PublicMaker, named_makers, public_maker_by_slug, public_makers
from shop.media.srcset import picture_src
from shop.web import access
from shop.web.filters import day, tri, tri_text
from shop.workshops.queries import makers_of_workshop, open_workshops, workshop_by_slug

PAGE = 48
MOST_ON_WORKSHOP = 30


@dataclass(frozen=True, slots=True)
class Line:
    """A maker in a list: her card, and how many products of hers are in the shop."""

    her: Her
    products: int


def _lines(makers: list[PublicMaker], villages: dict[int, Texts], counts: dict[int, int]) -> list[Line]:
    return [
        Line(her_card(maker, village=villages.get(maker.village_id or 0), face=None, pieces=0), counts.get(maker.id, 0))
        for maker in makers
        if maker.named is not None
    ]


@bp.get("/<lang:lang>/makers")
def makers() -> Response:
    """Those who agreed to be named."""
    access.public()
    after = request.args.get("after", "0")
    start = int(after) if after.isascii() and after.isdigit() and len(after) < 16 else 0
    with reading_core() as connection:
        found = named_makers(connection, after=start, limit=PAGE + 1)
        shown_makers = found[:PAGE]
        counts = shelf_counts(connection, [maker.id for maker in shown_makers])
        villages = village_names(connection, {maker.village_id for maker in shown_makers if maker.village_id})
    further = url_for("home.makers", after=shown_makers[-1].id) if len(found) > PAGE else None
    main = piece(
        "home/_makers.html",
        lines=_lines(shown_makers, villages, counts),
        before=url_for("home.makers") if start else None,
        after=further,
    )
    return shown(Page(str(_("Makers")), main, str(_("The women who make the pieces, as they chose to be named."))))


@bp.get("/<lang:lang>/makers/<slug>")
def maker(slug: str) -> Response:
    """Her page: what she agreed to tell, and the pieces she makes. There is none for who agreed to no name."""
    access.public()
    with reading_core() as connection:
        her = public_maker_by_slug(connection, slug)
        if her is None:
            raise NotFound(what="maker")
        life = life_of(connection, her.id)
        found = look(connection, Wish(maker_ids=(her.id,)), currency=known_facts().currency)
    card = her_card(her, village=life.village, face=life.face, pieces=life.pieces)
    main = piece(
        "home/_maker.html",
        her=card,
        county=tri(life.county) if life.county and card.place else None,
        src=picture_src,
        crafts=_crafts(found),
        workshops=[(url_for("home.workshop", slug=each), tri(name)) for each, name in life.workshops],
        consents=_consents(her, life),
        cards=cards_block(found.keys, found.facts, found.market) if found.facts else None,
        count=len(found.facts),
    )
    return shown(Page(str(card.name.striptags()), main, card.consents, main_class=""))


def _crafts(found: Found) -> list[Markup]:
    """What she makes, by her pieces in the shop: nothing that they do not tell already."""
    seen = found.market
    stalls = [seen.stalls[facts.id] for facts in found.facts if facts.id in seen.stalls]
    ids = dict.fromkeys(stall.technique_id or stall.craft_id for stall in stalls)
    return [tri(seen.crafts[each].name) for each in ids if each in seen.crafts]


def _consents(her: PublicMaker, life: Life) -> list[tuple[str, str | None]]:
    """(item, the day she agreed, or None where it is not public) in the page's language."""
    items = item_words()
    return [
        (words, day(life.agreed[item]) if item in her.consents and item in life.agreed else None)
        for item, words in items.items()
        if item != ("name" if her.name is None else "pen_name")
    ]


@dataclass(frozen=True, slots=True)
class WorkshopCard:
    """A workshop in the list of them."""

    url: str
    name: Markup
    craft: Markup | None
    village: Markup | None
    picture: str | None
    products: int
    makers: int


@bp.get("/<lang:lang>/workshops")
def workshops() -> Response:
    """Those that sell now."""
    access.public()
    with reading_core() as connection:
        lines = open_workshops(connection)
        seen = market(connection)
        keys = picture_keys(connection, [line.picture_id for line in lines if line.picture_id])
    cards = [
        WorkshopCard(
            url_for("home.workshop", slug=line.slug),
            tri(line.name),
            tri(seen.crafts[line.craft_id].name) if line.craft_id in seen.crafts else None,
            tri(seen.villages[line.village_id].name) if line.village_id in seen.villages else None,
            keys.get(line.picture_id or 0) or next(iter(_covers(seen, line.id)), None),
            sum(stall.workshop_id == line.id for stall in seen.stalls.values()),
            line.makers,
        )
        for line in lines
    ]
    main = piece("home/_workshops.html", cards=cards, src=picture_src)
    return shown(Page(str(_("Workshops")), main, str(_("Where the pieces are made, counted and checked."))))


def _covers(seen: Market, workshop_id: int) -> list[str]:
    found = [stall.cover for stall in seen.stalls.values() if stall.workshop_id == workshop_id and stall.cover]
    return list(dict.fromkeys(found))[:3]


@bp.get("/<lang:lang>/workshops/<slug>")
def workshop(slug: str) -> Response:
    """What it is, who works there as far as they agreed to be named, figures of groups, and its pieces."""
    access.public()
    with reading_core() as connection:
        line = workshop_by_slug(connection, slug)
        if line is None:
            raise NotFound(what="workshop")
        ids = makers_of_workshop(connection, line.id)
        public = public_makers(connection, ids)
        named = [public[each] for each in ids if each in public and public[each].named is not None]
        counts = shelf_counts(connection, [each.id for each in named[:MOST_ON_WORKSHOP]])
        found = look(connection, Wish(workshop_ids=(line.id,)), currency=known_facts().currency, limit=8)
        paid = payday(connection)
        own = picture_keys(connection, [line.picture_id] if line.picture_id else [])
        villages = village_names(connection, [line.village_id])
    covers = [*own.values(), *_covers(found.market, line.id)]
    main = piece(
        "home/_workshop.html",
        line=line,
        village=villages.get(line.village_id),
        craft=found.market.crafts.get(line.craft_id),
        covers=list(dict.fromkeys(covers))[:3],
        src=picture_src,
        lines=_lines(named[:MOST_ON_WORKSHOP], {}, counts),
        all_makers=len(ids),
        named=len(named),
        percent=workshop_percent(found.market, workshop_id=line.id),
        paid=paid_to(paid, line.name),
        cards=cards_block(found.keys, found.facts, found.market) if found.facts else None,
        more=_more(found, slug),
    )
    return shown(Page(tri_text(line.name), main, tri_text(line.story)[:160]))


def _more(found: Found, slug: str) -> str | None:
    return url_for("home.products", workshop=slug) if found.shelf.after else None
