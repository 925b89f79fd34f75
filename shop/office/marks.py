"""Picture marks in words, for selects; the templates draw them by ui/mark.html."""

from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from shop.makers.marks import MARKS


def mark_label(mark: str) -> str:
    """A mark in words."""
    known: dict[str, str] = {
        "bell": _("bell"),
        "bird": _("bird"),
        "boat": _("boat"),
        "bridge": _("bridge"),
        "butterfly": _("butterfly"),
        "cloud": _("cloud"),
        "comb": _("comb"),
        "cup": _("cup"),
        "fish": _("fish"),
        "flower": _("flower"),
        "gourd": _("gourd"),
        "hill": _("hill"),
        "horse": _("horse"),
        "key": _("key"),
        "kite": _("kite"),
        "lantern": _("lantern"),
        "leaf": _("leaf"),
        "moon": _("moon"),
        "mushroom": _("mushroom"),
        "pear": _("pear"),
        "rabbit": _("rabbit"),
        "snail": _("snail"),
        "star": _("star"),
        "sun": _("sun"),
        "teapot": _("teapot"),
        "umbrella": _("umbrella"),
        "wheat": _("wheat"),
    }
    return known[mark]


def mark_choices() -> list[SelectChoice]:
    """All marks, for a select."""
    return [SelectChoice(mark, mark_label(mark)) for mark in MARKS]
