"""Sizes and their availability in words."""

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from shop.home.queries.goods import ShownVariant
from shop.web.filters import tri
from shop.web.i18n import current_lang


def label(variant: ShownVariant) -> Markup:
    """Size and colour."""
    texts = [tri(each) for each in (variant.size_label, variant.colour) if each]
    comma = Markup("，") if current_lang() == "zh" else Markup(", ")
    return comma.join(texts)


def size_words(variant: ShownVariant) -> Markup:
    """Size, colour and weight."""
    text = label(variant)
    return (
        Markup('{}, <span class="nw">{} g</span>').format(text, variant.weight_grams) if variant.weight_grams else text
    )


def availability(state: str, left: int, days: int) -> str:
    """How many are there, or in how many days one is made (product.md 5.2)."""
    if state in {"ready", "last"}:
        return str(ngettext("%(num)s ready to ship", "%(num)s ready to ship", left))
    if state == "made":
        return str(ngettext("made in %(num)s day", "made in %(num)s days", days))
    return str(_("sold out"))


def hours(minutes: int | None) -> str:
    """Working time, to the half hour."""
    if not minutes:
        return ""
    if minutes < 100:
        return str(ngettext("about %(num)s minute", "about %(num)s minutes", minutes))
    half_hours = round(minutes / 30)
    text = str(half_hours // 2) if half_hours % 2 == 0 else f"{half_hours / 2:.1f}"
    if current_lang() == "vi":
        text = text.replace(".", ",")
    return str(_("about %(num)s hours", num=text))
