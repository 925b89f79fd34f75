"""Cards in the page's language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from shop.db import Texts
from shop.home.kept import Kept
from shop.home.queries.cards import CardFacts
from shop.home.queries.market import Market, average_percent
from shop.makers.public import PublicMaker
from shop.media.srcset import picture_src
from shop.money import Money, format_money
from shop.web.filters import tri
from shop.web.i18n import current_lang

MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Card:
    """What `ui/card.html` draws."""

    url: str
    title: Markup
    alt_title: Markup | None
    size: Markup | None
    picture: str | None
    picture_small: str | None
    state: str
    days: int
    heritage: bool
    rating: str | None
    ratings: int
    seals: list[str]
    by_kind: str
    by: Markup | str
    pen_name: bool
    place: Markup
    price: str
    to_her: str | None
    average: str | None


_blocks: Kept[Markup] = Kept(400)


def seal_letter(name: Texts) -> str:
    """The character on a maker's seal: the first of her Chinese name, else the last word's first letter."""
    if name.get("zh"):
        return name["zh"][0]
    other = name.get("vi") or name.get("en") or "?"
    return other.split()[-1][0] if other.split() else "?"


def names_of(makers: Iterable[PublicMaker]) -> Markup:
    """The names of several, as the page's language lists them; those who are not named are counted at the end."""
    makers = list(makers)
    named = [maker.named for maker in makers if maker.named is not None]
    shown = [tri(name) for name in named[:MOST_NAMES]]
    comma = Markup("、") if current_lang() == "zh" else Markup(", ")
    others = len(makers) - len(shown)
    words = comma.join(shown)
    if others and shown:
        more = ngettext("and %(num)s more", "and %(num)s more", others)
        return (Markup("{}{}") if current_lang() == "zh" else Markup("{} {}")).format(words, more)
    return words


def percent(share: int) -> str:
    """62%."""
    return f"{share}%"


def card(facts: CardFacts, market: Market) -> Card:
    """A product's card in the page's language."""
    lang = current_lang()
    named = [maker for maker in facts.makers if maker.named is not None]
    kind = "workshop" if not named else "one_of" if facts.one_of else "one"
    only = named[0] if kind == "one" else None
    price = format_money(Money(facts.price_minor, facts.currency), lang) if facts.price_minor else ""
    average = None
    if facts.hers_minor is None and facts.price_minor:
        average = average_percent(market, workshop_id=facts.workshop_id, price_minor=facts.price_minor)
    zh = facts.name.get("zh")
    return Card(
        url=url_for("home.product", slug=facts.slug),
        title=tri(facts.name),
        alt_title=Markup('<span lang="zh-Hans">{}</span>').format(zh)
        if zh and lang != "zh" and facts.name.get(lang)
        else None,
        size=tri(facts.size_label) if facts.size_label else None,
        picture=picture_src(facts.cover, 480) if facts.cover else None,
        picture_small=picture_src(facts.cover, 320) if facts.cover else None,
        state=facts.state,
        days=facts.lead_days,
        heritage=facts.heritage,
        rating=f"{facts.stars / facts.ratings:.1f}" if facts.ratings else None,
        ratings=facts.ratings,
        seals=[seal_letter(maker.named) for maker in named[:MOST_NAMES] if maker.named is not None],
        by_kind=kind,
        by=tri(facts.workshop_name) if kind == "workshop" else names_of(facts.makers if kind == "one_of" else named),
        pen_name=only is not None and only.name is None,
        place=_place(facts, only),
        price=_("from %(price)s", price=price) if facts.dearer else price,
        to_her=format_money(Money(facts.hers_minor, facts.currency), lang) if facts.hers_minor else None,
        average=percent(average) if average is not None else None,
    )


def _place(facts: CardFacts, only: PublicMaker | None) -> Markup:
    villages = {maker.village_id for maker in facts.makers}
    village = next(iter(villages)) if len(villages) == 1 and facts.makers else None
    if only is not None and village is not None and village in facts.villages:
        return tri(facts.villages[village])
    return tri(facts.workshop_name)


def shares_of(facts: Sequence[CardFacts], market: Market) -> tuple[int | None, ...]:
    """The averages that stand on the cards, part of the key of all that shows them."""
    return tuple(
        average_percent(market, workshop_id=one.workshop_id, price_minor=one.price_minor)
        for one in facts
        if one.hers_minor is None
    )


def cards_block(
    keys: Sequence[object],
    facts: Sequence[CardFacts],
    market: Market,
    *,
    level: int = 3,
    kind: str = "two-up",
    eager: int = 0,
) -> Markup:
    """The list of cards as it stands in a page; kept for as long as every card's own key is the same."""
    key = (current_lang(), level, kind, eager, tuple(keys), shares_of(facts, market))
    found = _blocks.get(key)
    if found is None:
        draw = current_app.jinja_env.get_template("ui/card.html").module.cards  # type: ignore[attr-defined]
        drawn = draw([card(one, market) for one in facts], level, kind, eager)
        found = _blocks.put(key, Markup(drawn))  # noqa: S704  Jinja has just escaped it
    return found


def rated(stars: int, ratings: int) -> str:
    """4.9."""
    return f"{stars / ratings:.1f}" if ratings else ""
