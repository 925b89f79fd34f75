"""The catalogue's refusals in words."""

from typing import Any

from flask_babel import gettext as _

from shop.money import Money
from shop.web.errors import SENTENCES
from shop.web.filters import money
from shop.web.i18n import comma


def _sum(data: dict[str, Any], name: str) -> str:
    return money(Money(int(data[name]), str(data.get("currency", "CNY"))))


PART_COLOURS = {"maker": "her", "materials": "mat", "broker": "broker", "workshop": "broker", "coop": "coop"}
"""Colours of the price bar that are not just a cost."""


def part_label(kind: str) -> str:
    """A part of the price, in words."""
    known: dict[str, str] = {
        "maker": _("Her pay"),
        "materials": _("Materials"),
        "broker": _("Broker"),
        "workshop": _("Workshop"),
        "coop": _("Co-operative"),
        "costs": _("Payment and packing"),
        "outlet": _("Outlet"),
        "tax": _("Tax"),
        "shipping": _("Post"),
    }
    return known[kind]


def lack_label(code: str) -> str:
    """What is missing, in words."""
    known = {
        "price": _("a price"),
        "split": _("the price split"),
        "rate": _("the piece rate with its minutes"),
        "makers": _("who makes it"),
        "picture": _("a picture"),
        "size": _("the size"),
        "craft": _("the craft"),
        "name_zh": _("the Chinese title"),
        "name_vi": _("the Vietnamese title"),
        "name_en": _("the English title"),
        "stock": _("pieces on the shelf, or “made to order”"),
    }
    return str(known[code])


def _sold_out(data: dict[str, Any]) -> str:
    left = int(data.get("left") or 0)
    if left > 0:
        return str(_("Only %(left)d of it are left. Please choose fewer.", left=left))
    return str(_("It has just been sold to somebody else."))


def init_app() -> None:
    SENTENCES.update(
        {
            "sold_out": _sold_out,
            "unbalanced_split": lambda data: _(
                "The parts and the price differ by %(difference)s.", difference=_sum(data, "difference_minor")
            ),
            "maker_below_rate": lambda data: _(
                "Her part is %(part)s; the agreed piece rate is %(rate)s. It may never be less.",
                part=_sum(data, "part_minor"),
                rate=_sum(data, "rate_minor"),
            ),
            "below_minimum": lambda data: _(
                "That is %(hour)s an hour; the local minimum is %(minimum)s. An officer may allow it with a reason.",
                hour=_sum(data, "per_hour_minor"),
                minimum=_sum(data, "minimum_minor"),
            ),
            "lacking": lambda data: _(
                "It cannot be shown yet. Missing: %(what)s.",
                what=comma().join(lack_label(code) for code in data["lacks"]),
            ),
            "outdated": lambda _data: _("Somebody else saved this in the meantime. Please look at it again."),
        }
    )
