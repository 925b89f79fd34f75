"""A page of the list in the page's language: cards, filters with their counts, chips, order, neighbours."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup
from sqlalchemy.engine import Connection

from shop.home.answers import piece
from shop.home.cards import cards_block, shares_of
from shop.home.kept import Kept
from shop.home.queries.cards import CardFacts, card_facts, key_of
from shop.home.queries.market import Counts, Market, Name, counts, market
from shop.home.queries.shelf import PAGE, Shelf, shelf
from shop.home.wishes import Band, Wish, bands_of
from shop.money import Money, format_money
from shop.web.filters import tri_text
from shop.web.i18n import current_lang
from shop.words import Query

MOST_OPTIONS = 8
_blocks: Kept[Markup] = Kept(200)


@dataclass(frozen=True, slots=True)
class Found:
    """What one page of the list needs, read while the connection was open."""

    wish: Wish
    shelf: Shelf
    facts: Sequence[CardFacts]
    market: Market
    counts: Counts
    currency: str
    keys: tuple[tuple[object, ...], ...]
    hits: str | None = None


def look(
    connection: Connection,
    wish: Wish,
    *,
    currency: str,
    question: Query | None = None,
    hits: Callable[[], str] | None = None,
    limit: int = PAGE,
) -> Found:
    """Read a page of the list. `hits` finds what a question found where filters left none of it."""
    seen = market(connection)
    page = shelf(connection, wish, question=question, limit=limit)
    found = page.hits
    if question is not None and not page.rows and hits is not None and (wish.chosen or wish.cursor):
        found = hits()
    facts = card_facts(connection, page.rows)
    counted = counts(seen, wish, currency=currency, hits=found)
    return Found(wish, page, facts, seen, counted, currency, tuple(key_of(row) for row in page.rows), found)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list stands: its address, which filters it offers, and the headings' level of its cards."""

    url: str
    groups: tuple[str, ...] = ("when", "price", "craft", "village", "workshop", "named")
    craft_id: int | None = None
    level: int = 2
    eager: int = 1
    asked: bool = False


def list_block(found: Found, place: Place, template: str, *, told: tuple[str, ...] = (), **context: Any) -> Markup:
    """A list's main part: what `template` says around filters, chips, cards and pages.

    Kept while all it was made from is the same; `told` names what `context` adds to that.
    """
    wish = found.wish
    shares = shares_of(found.facts, found.market)
    key = (
        current_lang(),
        template,
        place,
        wish,
        wish.cursor,
        found.keys,
        found.market.names,
        found.counts.mark,
        shares,
        told,
    )
    block = _blocks.get(key)
    if block is None:
        block = _blocks.put(key, piece(template, **_context(found, place), **context))
    return block


def _context(found: Found, place: Place) -> dict[str, Any]:
    wish = found.wish
    return {
        "cards": cards_block(found.keys, found.facts, found.market, level=place.level, eager=place.eager),
        "empty": not found.facts,
        "action": place.url,
        "groups": groups(found, place),
        "chosen": len(wish.chosen),
        "keep": {"q": wish.q, "sort": wish.sort, "exact": "1" if wish.exact else ""},
        "submit": show_words(found.counts),
        "chips": chips(found, place),
        "clear": place.url + wish.bare().query(),
        "before": _to(place, wish, found.shelf.before),
        "after": _to(place, wish, found.shelf.after),
        "note": note(found),
        "sorts": sorts(wish, asked=place.asked),
        "kept": ([("q", wish.q)] if wish.q else []) + wish.chosen,
    }


def _to(place: Place, wish: Wish, cursor: object) -> str | None:
    return place.url + wish.query(cursor=cursor) if cursor else None  # type: ignore[arg-type]


def number(count: int, *, more: bool) -> str:
    """268, or 5,000+ where that is a lower bound."""
    text = f"{count:,}"
    if current_lang() == "vi":
        text = text.replace(",", ".")
    return f"{text}+" if more else text


def show_words(counted: Counts) -> str:
    """The filter button's words."""
    return str(
        ngettext(
            "Show %(count)s piece",
            "Show %(count)s pieces",
            counted.total,
            count=number(counted.total, more=counted.more),
        )
    )


def note(found: Found) -> str:
    """As in "24 of 268 pieces"."""
    total = max(found.counts.total, len(found.facts))
    return str(
        ngettext(
            "%(shown)s of %(count)s piece",
            "%(shown)s of %(count)s pieces",
            total,
            shown=len(found.facts),
            count=number(total, more=found.counts.more),
        )
    )


def sorts(wish: Wish, *, asked: bool = False) -> list[tuple[str, str, bool]]:
    """The orders one may choose."""
    first = [("", _("Best match"))] if asked else []
    rest = [
        ("new" if asked else "", _("Newest from the workshops")),
        ("low", _("Price, low to high")),
        ("high", _("Price, high to low")),
    ]
    now = wish.sort if asked or wish.sort != "new" else ""
    return [(value, label, value == now) for value, label in [*first, *rest]]


def _short(minor: int, currency: str) -> str:
    text = format_money(Money(minor, currency), current_lang())
    return re.sub(r"[.,]00(?!\d)", "", text)


def band_words(band: Band, currency: str) -> str:
    """As in "Under ¥100", "¥100 to ¥500"."""
    if not band.low:
        return str(_("Under %(price)s", price=_short(band.high, currency)))
    if band.high > 10**15:
        return str(_("%(price)s and more", price=_short(band.low, currency)))
    return str(_("%(low)s to %(high)s", low=_short(band.low, currency), high=_short(band.high, currency)))


def when_words() -> dict[str, str]:
    """The two ways of delivery."""
    return {"ready": _("Ready to ship"), "made": _("Made to order")}


Option = tuple[str, str, int | str | None, bool]
Group = tuple[str, str, list[Option]]


def groups(found: Found, place: Place) -> list[Group]:
    """The filters' groups as `ui/facets.html` takes them; boxes that would show nothing are left out."""
    wish, counted, seen = found.wish, found.counts, found.market
    made: dict[str, Group] = {
        "when": (
            _("Delivery"),
            "when",
            [_option(counted, ("when", code), code, label, wish.when) for code, label in when_words().items()],
        ),
        "price": (
            _("Price"),
            "price",
            [
                _option(counted, ("price", band.code), band.code, band_words(band, found.currency), wish.price)
                for band in bands_of(found.currency)
            ],
        ),
        "named": (
            _("Proof"),
            "named",
            [_option(counted, ("named", "1"), "1", _("Maker named"), ("1",) if wish.named else ())],
        ),
    }
    crafts = {craft.id: craft for craft in seen.crafts.values() if craft.parent_id == place.craft_id}
    for name, legend, names, chosen in (
        ("craft", _("Technique") if place.craft_id else _("Craft"), crafts, wish.crafts),
        ("village", _("Village"), seen.villages, wish.villages),
        ("workshop", _("Workshop"), seen.workshops, wish.workshops),
    ):
        made[name] = (legend, name, _named_options(counted, name, names, chosen))
    return [made[name] for name in place.groups if made[name][2]]


def _option(counted: Counts, where: tuple[str, int | str], value: str, label: str, chosen: Sequence[str]) -> Option:
    group, key = where
    count = counted.groups[group].get(key, 0)
    return value, label, number(count, more=counted.more and count > 0), value in chosen


def _named_options(counted: Counts, group: str, names: Mapping[int, Name], chosen: Sequence[str]) -> list[Option]:
    there = counted.groups[group]
    wanted = [name for name in names.values() if there.get(name.id) or name.slug in chosen]
    wanted.sort(key=lambda name: (name.slug not in chosen, -there.get(name.id, 0), name.id))
    return [
        _option(counted, (group, name.id), name.slug, tri_text(name.name), chosen) for name in wanted[:MOST_OPTIONS]
    ]


def chips(found: Found, place: Place) -> list[tuple[str, str]]:
    """The filters in force, each with the address without it."""
    wish, seen = found.wish, found.market
    bands = {band.code: band for band in bands_of(found.currency)}
    labels: dict[str, Callable[[str], str]] = {
        "when": lambda value: when_words()[value],
        "price": lambda value: band_words(bands[value], found.currency),
        "named": lambda _value: _("Maker named"),
        "craft": lambda value: tri_text(seen.crafts[seen.craft_slugs[value]].name),
        "village": lambda value: tri_text(seen.villages[seen.village_slugs[value]].name),
        "workshop": lambda value: tri_text(seen.workshops[seen.workshop_slugs[value]].name),
    }
    return [(labels[name](value), place.url + wish.query(without=[(name, value)])) for name, value in wish.chosen]
