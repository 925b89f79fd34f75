"""The shop's front as it stands in the page: what is new, the crafts, the newest pieces, the last pay day."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from shop.db import Texts
from shop.home.cards import Card, card, shares_of
from shop.home.kept import Kept
from shop.home.listing import Found, Place, list_block, number
from shop.home.queries.payday import PaidGroup, Payday
from shop.media.srcset import picture_src, srcset
from shop.money import Money, format_money
from shop.web.filters import day, tri, tri_text
from shop.web.i18n import current_lang

MOST_CRAFTS = 6
_blocks: Kept[Markup] = Kept(12)


@dataclass(frozen=True, slots=True)
class CraftTile:
    """A craft in the row below the hero."""

    name: Markup
    chinese: str | None
    url: str
    picture: str
    count: str


@dataclass(frozen=True, slots=True)
class Hero:
    """The newest piece whose maker agreed to be named with her pay."""

    card: Card
    src: str
    srcset: str


@dataclass(frozen=True, slots=True)
class PaidRow:
    """A line of the last pay day, in words."""

    name: str
    makers: int
    sent: str
    confirmed: str


def front_block(found: Found, paid: Payday | None) -> Markup:
    """Everything between header and footer; kept while all it was made from is the same."""
    mark = paid.mark if paid else ""
    seen = found.market
    shares = shares_of(found.facts, seen)
    key = (current_lang(), found.keys, seen.names, seen.covers, found.counts.mark, shares, mark)
    block = _blocks.get(key)
    if block is None:
        place = Place(url_for("home.products"), level=3, eager=0)
        total = found.counts.total
        block = list_block(
            found,
            place,
            "home/_front.html",
            told=(mark, str(hash(seen.covers))),
            hero=_hero(found),
            see=ngettext(
                "See %(count)s piece", "See %(count)s pieces", total, count=number(total, more=found.counts.more)
            ),
            any_pieces=bool(found.facts),
            crafts=_crafts(found),
            paid=paid,
            heading=_heading(paid),
            said=_told(paid),
            rows=_rows(paid),
            whole=_row(paid.whole, paid.currency, _("Total")) if paid else None,
        )
        _blocks.put(key, block)
    return block


def _hero(found: Found) -> Hero | None:
    for facts in found.facts:
        named = len(facts.makers) == 1 and facts.makers[0].named is not None
        if named and facts.hers_minor is not None and facts.cover:
            return Hero(
                card(facts, found.market), picture_src(facts.cover, 800), srcset(facts.cover, facts.cover_width)
            )
    return None


def _crafts(found: Found) -> list[CraftTile]:
    seen, counted, covers = found.market, found.counts, dict(found.market.covers)
    crafts = [one for one in seen.crafts.values() if one.parent_id is None and one.id in covers]
    crafts.sort(key=lambda one: -counted.groups["craft"].get(one.id, 0))
    return [
        CraftTile(
            tri(one.name),
            one.name.get("zh") if current_lang() != "zh" else None,
            url_for("home.craft", slug=one.slug),
            picture_src(covers[one.id], 320),
            number(counted.groups["craft"].get(one.id, 0), more=counted.more),
        )
        for one in crafts[:MOST_CRAFTS]
    ]


def _heading(paid: Payday | None) -> str:
    if paid is None:
        return ""
    on, confirmed = day(paid.on), paid.whole.confirmed
    if not confirmed:
        return str(
            ngettext(
                "Pay was sent to %(num)s maker on %(day)s",
                "Pay was sent to %(num)s makers on %(day)s",
                paid.whole.makers,
                day=on,
            )
        )
    return str(
        ngettext(
            "%(num)s maker has confirmed her pay of %(day)s",
            "%(num)s makers have confirmed their pay of %(day)s",
            confirmed,
            day=on,
        )
    )


def _told(paid: Payday | None) -> str:
    if paid is None:
        return ""
    whole = paid.whole
    if whole.confirmed_minor is not None:
        amount = format_money(Money(whole.confirmed_minor, paid.currency), current_lang())
        return str(_("%(amount)s has been confirmed by the makers themselves.", amount=amount))
    if not whole.confirmed:
        return str(_("None of them has said yet that it arrived."))
    return str(ngettext("It was sent to %(num)s maker.", "It was sent to %(num)s makers.", whole.makers))


def _rows(paid: Payday | None) -> Sequence[PaidRow]:
    if paid is None:
        return []
    return [_row(group, paid.currency, group_name(group)) for group in paid.groups]


def group_name(group: PaidGroup) -> str:
    """A workshop's name, or how many stand together."""
    if len(group.names) == 1:
        return tri_text(group.names[0])
    return str(ngettext("%(num)s workshop together", "%(num)s workshops together", len(group.names)))


def _row(group: PaidGroup, currency: str, name: str) -> PaidRow:
    lang = current_lang()
    if group.confirmed_minor is not None:
        confirmed = format_money(Money(group.confirmed_minor, currency), lang)
    else:
        confirmed = _("%(num)s of %(all)s makers", num=group.confirmed, all=group.makers)
    return PaidRow(name, group.makers, format_money(Money(group.sent_minor, currency), lang), confirmed)


def paid_to(paid: Payday | None, name: Texts) -> str | None:
    """What one workshop's makers were paid last, where that stands by itself."""
    group = next((one for one in paid.groups if one.names == (name,)), None) if paid else None
    if paid is None or group is None:
        return None
    row = _row(group, paid.currency, "")
    return str(
        _(
            "%(sent)s sent on %(day)s, confirmed: %(confirmed)s",
            sent=row.sent,
            day=day(paid.on),
            confirmed=row.confirmed,
        )
    )
