"""Makers' refusals in words, and the words of consents, marks and ways."""

from typing import Any

from flask_babel import gettext as _

from shop.web.errors import SENTENCES
from shop.web.filters import day


def item_label(item: str) -> str:
    """What she is asked to agree to."""
    known: dict[str, str] = {
        "name": _("Her name"),
        "pen_name": _("Pen-name"),
        "village": _("Village"),
        "face": _("Photo of her face"),
        "voice": _("Her voice"),
        "story": _("Story"),
        "pay_per_piece": _("Pay per piece"),
        "piece_count": _("Number of pieces"),
        "own_line": _("Her own line in the open accounts"),
    }
    return known[item]


def way_label(way: str) -> str:
    """How she answered."""
    known: dict[str, str] = {
        "signed": _("Signed on paper"),
        "thumb": _("Thumbprint on paper"),
        "voice": _("Said in a recording"),
        "call": _("By telephone"),
        "visit": _("On a visit"),
    }
    return known.get(way, way)


def _wrong_pin(data: dict[str, Any]) -> str:
    return str(_("That is not her PIN. Tries left: %(left)s.", left=data.get("left", 0)))


def _bad_pin(data: dict[str, Any]) -> str:
    if data.get("why") == "easy":
        return str(_("Anybody would try that one first. Please choose other digits."))
    return str(_("A PIN has four to six digits."))


def phone_label(kind: str) -> str:
    """Whose telephone it is."""
    known: dict[str, str] = {
        "none": _("No telephone"),
        "own_phone": _("Her own telephone"),
        "shared_phone": _("A shared telephone"),
    }
    return known[kind]


def init_app() -> None:
    SENTENCES.update(
        {
            "may_be_too_young": lambda data: _(
                "She must be over %(least)s before she may be given work. She can be registered from %(year)s on.",
                least=data["least"],
                year=str(data["from_year"]),
            ),
            "older_answer": lambda data: _(
                "She has answered this later, on %(day)s. The last word counts.", day=day(data["latest"])
            ),
            "brokers_number": lambda _data: _("This is a broker's number. Register it as a shared telephone."),
            "no_consent": lambda _data: _("There is no yes of hers to take back."),
            "has_left": lambda _data: _("She no longer works with the co-operative."),
            "bad_pin": _bad_pin,
            "wrong_pin": _wrong_pin,
            "no_pin": lambda _data: _("She has set no PIN yet. A co-op officer sets one with her."),
            "pin_locked": lambda _data: _("Three wrong tries. A co-op officer must set a new PIN with her."),
            "officers_only": lambda _data: _("Only a co-op officer may do this, with the maker present."),
        }
    )
