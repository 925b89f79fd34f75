"""A product's page in the page's language."""

import json
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from shop.cart.shipping import Post
from shop.coop.facts import CoopFacts
from shop.db import Texts
from shop.home import thread
from shop.home.cards import rated
from shop.home.delivery import arrival
from shop.home.her import Her, her_card, who
from shop.home.parts import SplitRow, materials_words, split_rows
from shop.home.queries.goods import Goods, ShownVariant
from shop.home.scale import Scale, scale_of
from shop.home.sizes import availability, hours, label, size_words
from shop.makers.public import PublicMaker
from shop.media.srcset import picture_src, srcset
from shop.money import Money, format_money
from shop.web.countries import country_name
from shop.web.filters import day, tri, tri_text
from shop.web.i18n import HTML_LANG, comma, current_lang

LONGEST_DESCRIPTION = 160


def money(minor: int, currency: str) -> str:
    """An amount as the page's language writes it."""
    return format_money(Money(minor, currency), current_lang())


def texts(raw: str | None) -> Texts:
    """A text in three languages out of a column read as text."""
    return dict(json.loads(raw) or {}) if raw else {}


@dataclass(frozen=True, slots=True)
class VariantView:
    """A size with its price, when it would arrive, and where its price goes."""

    id: int
    label: Markup
    price: str
    state: str
    availability: str
    arrives: tuple[str, str] | None
    total: str | None
    split: list[SplitRow]
    hers: str | None
    hours: str


@dataclass(frozen=True, slots=True)
class ReviewView:
    """What a buyer said, in her own language."""

    lang: str | None
    quote: str
    stars: str
    stars_words: str
    signed: str
    piece: str


class Offer:
    """What the template of a product's page reads."""

    src = staticmethod(picture_src)
    srcset = staticmethod(srcset)

    def __init__(
        self,
        goods: Goods,
        *,
        post: Post | None,
        country: str,
        coop: CoopFacts,
        average: int | None,
    ) -> None:
        self.goods, self.product, self.coop, self.post = goods, goods.product, coop, post
        self.country, self.abroad, self.average = country, country != coop.country, average
        self.country_name = country_name(country)
        self.workshop = texts(self.product.workshop_name)
        self.able = [goods.public[maker] for maker in sorted(goods.makers) if maker in goods.public]
        self.pay_is_public = bool(self.able) and all(maker.shows_pay for maker in self.able)
        self.makers = self._makers()
        villages = {maker: facts.village for maker, facts in goods.makers.items()}
        self.who = who(self.makers, villages, self.workshop)
        self.variants = [self._variant(variant) for variant in goods.variants]
        self.buyable = (
            [variant for variant in self.variants if variant.state != "sold_out"] if self.product.is_open else []
        )
        self.state = self._state()

    def _makers(self) -> list[PublicMaker]:
        piece, public = self.goods.piece, self.goods.public
        if piece is not None and piece.maker_id in public and not self.product.made_to_order:
            return [public[piece.maker_id]]  # a piece that is there names its maker
        return self.able

    def _state(self) -> str:
        if not self.product.is_open:
            return "rests"
        if self.buyable:
            return self.buyable[0].state
        return "sold" if self.product.unique_piece and not self.goods.left else "sold_out"

    def _variant(self, variant: ShownVariant) -> VariantView:
        if variant.left > 0:
            state = "last" if self.goods.left == 1 and not self.product.made_to_order else "ready"
        else:
            state = "made" if self.product.made_to_order else "sold_out"
        days = self.product.lead_days if state == "made" else 0
        when = None
        if self.post and state != "sold_out":
            when = arrival(self.post, price_minor=variant.price_minor, making_days=days)
        hers = sum(minor for kind, _payee, minor in variant.parts if kind == "maker")
        return VariantView(
            variant.id,
            label(variant),
            money(variant.price_minor, variant.currency),
            state,
            availability(state, variant.left, days),
            (day(when.first), day(when.last)) if when else None,
            money(when.total_minor, variant.currency) if when else None,
            split_rows(self.goods, variant, maker=self.who, hers_public=self.pay_is_public),
            money(hers, variant.currency) if self.pay_is_public and hers else None,
            hours(variant.minutes),
        )

    @property
    def sizes(self) -> list[ShownVariant]:
        """All sizes, those on sale first."""
        return [*self.goods.variants, *self.goods.inactive]

    @property
    def name(self) -> Markup:
        """The heading."""
        return tri(texts(self.product.name))

    @property
    def title(self) -> str:
        """The heading as plain text."""
        return tri_text(texts(self.product.name))

    @property
    def alt_name(self) -> str | None:
        """The Chinese name, where the heading is in another language."""
        names = texts(self.product.name)
        return names.get("zh") if current_lang() != "zh" and names.get(current_lang()) else None

    @property
    def coop_name(self) -> Markup:
        """The co-op, which sells."""
        return tri(self.coop.name)

    @property
    def workshop_name(self) -> Markup:
        """The workshop."""
        return tri(self.workshop)

    @property
    def certificate(self) -> Texts:
        """What it is certified as; empty without a certificate."""
        return texts(self.product.certificate)

    @property
    def crumbs(self) -> list[tuple[Markup | str, str | None]]:
        """Where we are."""
        found: list[tuple[Markup | str, str | None]] = [(str(_("Shop")), url_for("home.index"))]
        if self.product.craft_slug:
            craft = tri(texts(self.product.craft_name))
            found.append((craft, url_for("home.craft", slug=self.product.craft_slug)))
        return [*found, (self.workshop_name, url_for("home.workshop", slug=self.product.workshop_slug))]

    @property
    def post_words(self) -> str:
        """What a parcel costs."""
        currency = self.goods.variants[0].currency if self.goods.variants else self.coop.currency
        return money(self.post.fee_minor, currency) if self.post else ""

    @property
    def rated_words(self) -> str:
        """As in "★ 4.9 from 31 buyers"."""
        count, stars = self.goods.ratings, rated(self.goods.stars, self.goods.ratings)
        return str(ngettext("★ %(rating)s from %(num)s buyer", "★ %(rating)s from %(num)s buyers", count, rating=stars))

    @property
    def description_html(self) -> Markup:
        """The text about it."""
        return tri(texts(self.product.description))

    @property
    def description(self) -> str:
        """For search engines."""
        whole = tri_text(texts(self.product.description)) or self.title
        return whole if len(whole) <= LONGEST_DESCRIPTION else whole[: LONGEST_DESCRIPTION - 1] + "…"

    @property
    def listed_by(self) -> Markup | str:
        """Who put it into the shop; her name only where she agreed to be named."""
        broker = self.goods.brokers.get(self.product.broker_id or 0)
        if broker is None or broker.user_id is None or self.product.listed_by != f"user:{broker.user_id}":
            return str(_("Listed by the co-operative."))
        if broker.name is None:
            return str(_("Listed by her broker."))
        return Markup("{}").format(_("Listed by %(name)s.", name=tri_text(broker.name)))

    @property
    def her(self) -> Her | None:
        """The one maker's card, where she agreed to a name."""
        if len(self.makers) != 1 or self.makers[0].named is None:
            return None
        facts = self.goods.makers.get(self.makers[0].id)
        return her_card(
            self.makers[0],
            village=facts.village if facts else None,
            face=facts.face if facts else None,
            pieces=facts.pieces if facts else 0,
        )

    @property
    def several(self) -> list[Her]:
        """Those of several makers who agreed to a name."""
        if len(self.makers) < 2:
            return []
        return [
            her_card(maker, village=self.goods.makers[maker.id].village, face=None, pieces=0)
            for maker in self.makers
            if maker.named is not None
        ]

    @property
    def unnamed(self) -> int:
        """How many of several makers did not."""
        return sum(maker.named is None for maker in self.makers)

    @property
    def scale(self) -> Scale | None:
        """The drawing of the first size."""
        return scale_of(self.sizes[0].size) if self.sizes else None

    @property
    def scale_words(self) -> str:
        """What the drawing shows."""
        drawing = self.scale
        if drawing is None:
            return ""
        size = tri_text(self.sizes[0].size_label)
        if drawing.beside == "hand":
            return str(_("%(size)s, beside a hand of 18 cm", size=size))
        return str(_("%(size)s, beside a person of 160 cm", size=size))

    @property
    def scale_label(self) -> str:
        """The size under the drawing."""
        return tri_text(self.sizes[0].size_label)

    @property
    def thread(self) -> list[thread.Event]:
        """How the piece at hand came about, or how one will be made."""
        piece = self.goods.piece
        if piece is None:
            return thread.to_be_made(several=len(self.able) > 1, days=self.product.lead_days)
        return thread.of_shelf(piece, next((v.hers for v in self.variants if v.id == piece.variant_id), None))

    @property
    def facts(self) -> list[tuple[str, Markup | str]]:
        """Name and value of what the piece is."""
        product = self.product
        semicolon = Markup("；") if current_lang() == "zh" else Markup("; ")
        customs = _("HS %(code)s, origin %(country)s", code=product.hs_code, country=country_name(product.origin))
        found: list[tuple[str, Markup | str]] = [
            (_("Size"), semicolon.join(size_words(variant) for variant in self.sizes)),
            (_("Materials"), materials_words(product.materials)),
            (_("Technique"), tri(texts(product.technique_name or product.craft_name))),
            (_("Hours of work"), next((variant.hours for variant in self.variants if variant.hours), "")),
            (_("Care"), tri(texts(product.care))),
            (_("Certificate"), tri(self.certificate)),
            (_("For customs"), customs if product.hs_code else ""),
            (_("Item number"), product.item_no),
        ]
        return [(name, value) for name, value in found if value]

    @property
    def reviews(self) -> list[ReviewView]:
        """What buyers said, each in its own language."""
        quote = "“%s”"
        return [
            ReviewView(
                HTML_LANG[one.lang] if one.lang != current_lang() else None,
                quote % one.text,
                "★" * one.stars + "☆" * (5 - one.stars),
                str(_("%(num)s out of 5", num=one.stars)),
                f"{one.signed}{comma()}{day(one.written_at)}",
                one.piece_number,
            )
            for one in self.goods.reviews
        ]
