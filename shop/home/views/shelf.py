"""The shop's front, the whole list, one craft, and what a search finds."""

from dataclasses import dataclass

from flask import Response, render_template, request, url_for
from sqlalchemy.engine import Connection

from shop.coop.facts import known_facts
from shop.crafts.queries import craft_by_slug
from shop.db import reading_core
from shop.errors import NotFound
from shop.home.answers import shown
from shop.home.blueprint import bp
from shop.home.cards import cards_block
from shop.home.front import front_block
from shop.home.listing import Found, Place, list_block, look, number, sorts
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
    return shown(render_template("home/index.html", front=front_block(found, paid)))


@bp.get("/<lang:lang>/products")
def products() -> Response:
    """All pieces, narrowed and ordered."""
    access.public()
    with reading_core() as connection:
        wish = _wish(market(connection))
        found = look(connection, within(wish, q=""), currency=known_facts().currency)
    place = Place(url_for("home.products"))
    return shown(
        render_template(
            "home/products.html",
            listing=list_block(found, place),
            sorts=sorts(found.wish),
            wish=found.wish,
            place=place,
        )
    )


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
        chosen = tuple(slug for slug in asked.crafts if slug in below)
        ids = tuple(below[slug] for slug in chosen) or (node.id,)
        found = look(connection, within(asked, q="", crafts=chosen, craft_ids=ids), currency=known_facts().currency)
    parent = seen.crafts.get(node.parent_id) if node.parent_id else None
    place = Place(url_for("home.craft", slug=slug), craft_id=node.id)
    return shown(
        render_template(
            "home/craft.html",
            craft=node,
            parent=parent,
            listing=list_block(found, place),
            sorts=sorts(found.wish),
            wish=found.wish,
            place=place,
        )
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found; `instead` is what was looked for where nothing is called as typed."""

    found: Found
    instead: str | None


def _search(connection: Connection, wish: Wish) -> Answer:
    currency = known_facts().currency
    question = question_of(connection, wish.q)
    found = _asked(connection, wish, question, currency)
    if found.facts or found.counts.total or wish.exact or wish.chosen or not question:
        return Answer(found, None)
    guess = meant(connection, wish.q)
    if guess is None:
        return Answer(found, None)
    other = _asked(connection, wish, question_of(connection, guess), currency)
    return Answer(other, guess) if other.facts else Answer(found, None)


def _asked(connection: Connection, wish: Wish, question: Query, currency: str) -> Found:
    def hits() -> tuple[int, ...]:
        return tuple(
            found_by_words(connection, kind="product", question=question, limit=MOST_HITS, ranked=False)
            if question
            else ()
        )

    return look(connection, wish, currency=currency, question=question, hits=hits)


@bp.get("/<lang:lang>/search")
def search() -> Response:
    """What is called so, best first; what was probably meant where nothing is; what there is where that fails too."""
    access.public()
    with reading_core() as connection:
        wish = _wish(market(connection))
        if not wish.q:
            answer, others = None, look(connection, Wish(), currency=known_facts().currency, limit=8)
        else:
            answer = _search(connection, wish)
            others = None
            if not answer.found.facts and not wish.chosen:
                others = look(connection, Wish(), currency=known_facts().currency, limit=4)
    place = Place(url_for("home.search"))
    return shown(
        render_template(
            "home/search.html",
            q=wish.q,
            answer=answer,
            total=answer.found.counts.total if answer else 0,
            count=number(answer.found.counts.total, more=answer.found.counts.more) if answer else "",
            listing=list_block(answer.found, place) if answer and others is None else None,
            newest=cards_block(others.keys, others.facts, others.market) if others else None,
            sorts=sorts(wish, asked=True),
            wish=wish,
            place=place,
            exact=place.url + within(wish, exact=True, cursor=None).query(),
            crafts=_near(others) if others else [],
        )
    )


def _near(found: Found) -> list[tuple[str, str, int]]:
    """Crafts with most pieces, where a search came to nothing."""
    counted = found.counts.groups["craft"]
    known = [craft for craft in found.market.crafts.values() if craft.parent_id is None and counted.get(craft.id)]
    known.sort(key=lambda one: -counted[one.id])
    return [(tri_text(one.name), url_for("home.craft", slug=one.slug), counted[one.id]) for one in known[:6]]
