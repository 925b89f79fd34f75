"""The rows of a price split in words."""

import json
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import pgettext
from markupsafe import Markup

from shop.home.her import Who
from shop.home.queries.goods import Goods, ShownVariant
from shop.home.split import ShownPart, public_split
from shop.money import Money, format_money
from shop.web.filters import tri, tri_text
from shop.web.i18n import current_lang


@dataclass(frozen=True, slots=True)
class SplitRow:
    """A row of the split as `ui/split.html` takes it."""

    kind: str
    label: Markup | str
    minor: int
    amount: str


def split_rows(goods: Goods, variant: ShownVariant, *, maker: Who, hers_public: bool) -> list[SplitRow]:
    """Where a variant's price goes, as the public may see it."""
    return [
        SplitRow(
            part.colour,
            _label(goods, part, maker),
            part.minor,
            format_money(Money(part.minor, variant.currency), current_lang()),
        )
        for part in public_split(variant.parts, hers_public=hers_public)
    ]


def _label(goods: Goods, part: ShownPart, maker: Who) -> Markup | str:
    kind = part.kinds[0]
    if len(part.kinds) > 1:
        return _together(part.kinds)
    if kind == "maker":
        if maker.kind == "one":
            return Markup("{}").format(_("%(name)s, maker", name=str(maker.names.striptags())))
        return str(_("The maker"))
    if kind == "broker":
        return _broker(goods, part.payees[0])
    if kind == "materials":
        return materials_words(goods.product.materials) or str(_("Materials"))
    return {
        "workshop": str(_("Workshop")),
        "coop": str(_("Co-operative: checking, photos, fund")),
        "costs": str(_("Card payment and packing")),
        "outlet": str(_("The shop that sells it")),
        "tax": str(_("Tax")),
    }[kind]


def part_words(kinds: tuple[str, ...]) -> str:
    """What the parts of all prices are called, where no maker and no broker is meant in particular."""
    known: dict[str, str] = {
        "maker": _("Makers: the pay agreed in the price"),
        "materials": _("Materials"),
        "broker": _("Brokers"),
        "workshop": _("Workshops"),
        "outlet": _("The shop that sells it"),
        "shipping": _("Post"),
        "costs": _("Card payment and packing"),
        "coop": _("Co-operative: checking, photos, fund"),
        "tax": _("Tax"),
    }
    return str(known[kinds[0]]) if len(kinds) == 1 else _together(kinds)


def _together(kinds: tuple[str, ...]) -> str:
    words = {
        "maker": pgettext("part", "maker"),
        "materials": pgettext("part", "materials"),
        "broker": pgettext("part", "broker"),
        "workshop": pgettext("part", "workshop"),
        "coop": pgettext("part", "co-operative"),
        "costs": pgettext("part", "costs"),
        "outlet": pgettext("part", "shop"),
        "shipping": pgettext("part", "post"),
        "tax": pgettext("part", "tax"),
    }
    comma = "、" if current_lang() == "zh" else ", "
    return str(_("Together: %(parts)s", parts=comma.join(str(words[kind]) for kind in kinds)))


def _broker(goods: Goods, payee: str) -> Markup | str:
    number = payee.removeprefix("broker:")
    broker = goods.brokers.get(int(number)) if number.isdigit() else None
    own = broker is None or broker.id == goods.product.broker_id
    if broker is None or broker.name is None:
        return str(_("Her broker") if own else _("The broker who guides hers"))
    name = tri_text(broker.name)
    return Markup("{}").format(
        _("%(name)s, her broker", name=name) if own else _("%(name)s, who guides her broker", name=name)
    )


def materials_words(raw: str | None) -> Markup:
    """The materials by name; empty where none are named."""
    comma = Markup("、") if current_lang() == "zh" else Markup(", ")
    return comma.join(tri(one["name"]) for one in json.loads(raw or "[]") if one.get("name"))
