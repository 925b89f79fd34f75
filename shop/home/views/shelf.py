"""The shop's front, the whole list, one craft, and what a search finds."""

from dataclasses import dataclass

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.engine import Connection

from shop.coop.facts import known_facts
from shop.crafts.queries import craft_by_slug
from shop.db import reading_core
from shop.errors import NotFound
from shop.home.answers import Page, piece, shown
from shop.home.blueprint import bp
from shop.home.cards import cards_block
from shop.home.front import front_block
from shop.home.listing import Found, Place, list_block, look, number
from shop.home.queries.market import Market, market
from shop.home.queries.payday import payday
from shop.home.queries.shelf import MOST_HITS
from shop.home.wishes import Wish, wish_of, within
from shop.search.queries import found as found_by_words
from shop.search.queries import meant, question_of
from shop.web import access
from shop.web.filters import tri_text
from shop.words import Query

ON_FRONT = 12
ON_NOTHING = 8


def _wish(seen: Market) -> Wish:
    return wish_of(
        request.args,
        crafts=seen.craft_slugs,
        workshops=seen.workshop_slugs,
        villages=seen.village_slugs,
        currency=known_facts().currency,
    )


@bp.get("/<lang:lang>/")
def index() -> Response:
    """The front: what is new, the crafts, and what was paid out last."""
    access.public()
    with reading_core() as connection:
        found = look(connection, Wish(), currency=known_facts().currency, limit=ON_FRONT)
        paid = payday(connection)
    title = f"{_('Made by hand.')} {_('Paid by name.')}"
    words = str(_("Embroidery, knots and cloisonné from village workshops, made by hand and paid by name."))
    return shown(Page(title, front_block(found, paid), words, main_class=""))


@bp.get("/<lang:lang>/products")
def products() -> Response:
    """All pieces, narrowed and ordered."""
    access.public()
    with reading_core() as connection:
        wish = within(_wish(market(connection)), q="")
        found = look(connection, wish, currency=known_facts().currency)
    main = list_block(found, Place(url_for("home.products")), "home/_products.html")
    return shown(Page(str(_("All pieces")), main))


@bp.get("/<lang:lang>/crafts/<slug>")
def craft(slug: str) -> Response:
    """One craft, or one of its techniques: what it is, and the pieces."""
    access.public()
    with reading_core() as connection:
        node = craft_by_slug(connection, slug)
        if node is None:
            raise NotFound(what="craft")
        seen = market(connection)
        if node.id not in seen.crafts:
            seen = market(connection, fresh=True)
        asked = _wish(seen)
        below = {technique.slug: technique.id for technique in node.techniques}
        chosen = tuple(each for each in asked.crafts if each in below)
        ids = tuple(below[each] for each in chosen) or (node.id,)
        found = look(connection, within(asked, q="", crafts=chosen, craft_ids=ids), currency=known_facts().currency)
    parent = seen.crafts.get(node.parent_id) if node.parent_id else None
    place = Place(url_for("home.craft", slug=slug), craft_id=node.id)
    main = list_block(found, place, "home/_craft.html", told=(repr(node),), craft=node, parent=parent)
    return shown(Page(tri_text(node.name), main, tri_text(node.about)))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found; `instead` is what was looked for where nothing is called as typed, else ""."""

    found: Found
    instead: str


def _search(connection: Connection, wish: Wish) -> Answer:
    question = question_of(connection, wish.q)
    found = _asked(connection, wish, question)
    if found.hits or wish.exact:
        return Answer(found, "")
    guess = meant(connection, wish.q)
    if guess is None:
        return Answer(found, "")
    other = _asked(connection, wish, question_of(connection, guess))
    return Answer(other, guess) if other.hits else Answer(found, "")


def _asked(connection: Connection, wish: Wish, question: Query) -> Found:
    def hits() -> str:
        return ",".join(map(str, found_by_words(connection, kind="product", question=question, limit=MOST_HITS)))

    return look(connection, wish, currency=known_facts().currency, question=question, hits=hits)


@bp.get("/<lang:lang>/search")
def search() -> Response:
    """What is called so, best first; what was probably meant where nothing is; what there is where that fails too."""
    access.public()
    answer = others = None
    with reading_core() as connection:
        wish = _wish(market(connection))
        if wish.q:
            answer = _search(connection, wish)
        if answer is None or not (answer.found.facts or answer.found.hits):
            others = look(connection, Wish(), currency=known_facts().currency, limit=ON_NOTHING)
    if others is not None or answer is None:
        return _nothing(wish.q, others)
    counted = answer.found.counts
    heading = ngettext(
        "%(count)s piece for “%(q)s”",
        "%(count)s pieces for “%(q)s”",
        counted.total,
        count=number(counted.total, more=counted.more),
        q=answer.instead or wish.q,
    )
    place = Place(url_for("home.search"), asked=True)
    main = list_block(
        answer.found,
        place,
        "home/_search.html",
        told=(heading, answer.instead),
        heading=heading,
        q=wish.q,
        instead=answer.instead,
        exact=place.url + within(wish, exact=True).query(),
    )
    return shown(Page(str(heading), main, noindex=True, q=wish.q))


def _nothing(q: str, others: Found | None) -> Response:
    heading = str(_("No piece for “%(q)s”", q=q) if q else _("Search"))
    main = piece(
        "home/_nothing.html",
        heading=heading,
        q=q,
        newest=cards_block(others.keys, others.facts, others.market) if others and others.facts else None,
        crafts=_near(others) if others else [],
    )
    return shown(Page(heading, main, noindex=True, q=q))


def _near(found: Found) -> list[tuple[str, str, int]]:
    """The crafts with most pieces."""
    counted = found.counts.groups["craft"]
    known = [craft for craft in found.market.crafts.values() if craft.parent_id is None and counted.get(craft.id)]
    known.sort(key=lambda one: -counted[one.id])
    return [(tri_text(one.name), url_for("home.craft", slug=one.slug), counted[one.id]) for one in known[:6]]
