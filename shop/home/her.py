"""A maker as pages speak of her: only what `shop.makers.public` lets them know."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import pgettext
from markupsafe import Markup

from shop.db import Texts
from shop.home.cards import names_of, seal_letter
from shop.makers.public import PublicMaker
from shop.web.filters import tri
from shop.web.i18n import current_lang


@dataclass(frozen=True, slots=True)
class Her:
    """A named maker's card."""

    name: Markup
    chinese: str | None
    pen_name: bool
    seal: str
    url: str
    place: Markup | None
    face: str | None
    story: Markup | None
    pieces: int | None
    consents: str


def her_card(maker: PublicMaker, *, village: Texts | None, face: str | None, pieces: int) -> Her:
    """The card of a maker who agreed to a name; facts she did not agree to are left out whatever is handed in."""
    named = maker.named
    assert named is not None
    chinese = named.get("zh") if current_lang() != "zh" and named.get(current_lang()) else None
    return Her(
        name=tri(named),
        chinese=chinese if chinese != named.get(current_lang()) else None,
        pen_name=maker.name is None,
        seal=seal_letter(named),
        url=url_for("home.maker", slug=maker.slug),
        place=tri(village) if village and maker.village_id is not None else None,
        face=face if maker.face_id is not None else None,
        story=tri(maker.story) if maker.story else None,
        pieces=pieces if maker.shows_count and pieces else None,
        consents=consents_words(maker),
    )


def item_words() -> dict[str, str]:
    """What each item of her consent is called."""
    return {
        "name": str(pgettext("consent", "name")),
        "pen_name": str(pgettext("consent", "pen-name")),
        "village": str(pgettext("consent", "village")),
        "face": str(pgettext("consent", "face")),
        "voice": str(pgettext("consent", "voice")),
        "story": str(pgettext("consent", "story")),
        "pay_per_piece": str(pgettext("consent", "pay per piece")),
        "piece_count": str(pgettext("consent", "number of pieces")),
        "own_line": str(pgettext("consent", "own line in the open accounts")),
    }


def consents_words(maker: PublicMaker) -> str:
    """What she agreed to show, in one sentence."""
    words = item_words()
    comma = "、" if current_lang() == "zh" else ", "
    shown = [words[item] for item in words if item in maker.consents]
    return str(_("She agreed to show: %(items)s.", items=comma.join(shown)))


@dataclass(frozen=True, slots=True)
class Who:
    """By whom a thing is made: `one` maker to link to, one of several, or a maker of the workshop."""

    kind: str
    names: Markup
    seals: list[str]
    url: str | None
    pen_name: bool
    place: Markup | None

    @property
    def made_by(self) -> Markup:
        """Made by her, with a link to her page."""
        if self.kind == "workshop":
            return _with(_("Made by a maker of %(workshop)s"), "workshop", self.names)
        if self.kind == "one_of":
            return _with(_("Made by one of: %(names)s"), "names", Markup("<b>{}</b>").format(self.names))
        name = Markup('<a href="{}"><b>{}</b></a>').format(self.url, self.names)
        if self.pen_name:
            name = Markup('{} <span class="muted">{}</span>').format(name, _("(pen-name)"))
        return _with(_("Made by %(name)s"), "name", name)


def _with(words: str, place: str, what: Markup) -> Markup:
    """A translated sentence with Markup in its place; the sentence itself is ours and is escaped."""
    before, _sep, after = str(words).partition(f"%({place})s")
    return Markup("{}{}{}").format(before, what, after)


def who(makers: Sequence[PublicMaker], villages: dict[int, Texts], workshop: Texts) -> Who:
    """Who makes it, as far as they agreed to be known. `villages` are by maker."""
    place = tri(workshop)
    named = [maker for maker in makers if maker.named is not None]
    seals = [seal_letter(maker.named) for maker in named if maker.named is not None]
    if not named:
        return Who("workshop", place, [], None, pen_name=False, place=None)
    if len(makers) > 1:
        return Who("one_of", names_of(makers), seals, None, pen_name=False, place=place)
    only = named[0]
    lives = tri(villages[only.id]) if only.village_id is not None and only.id in villages else place
    url = url_for("home.maker", slug=only.slug)
    return Who("one", tri(only.named), seals, url, pen_name=only.name is None, place=lives)
