"""The desk's refusals in words."""

from typing import Any

from flask_babel import gettext as _

from shop.web.errors import SENTENCES


def money_fault(reason: str, text: str = "") -> str:
    """Why a sum of money was not understood, and what to do."""
    known: dict[str, str] = {
        "empty": _("Please fill in the amount."),
        "negative": _("An amount cannot be below zero."),
        "ambiguous": _("We cannot tell how much “%(text)s” is. Please write it again.", text=text),
        "bad_groups": _("We cannot tell how much “%(text)s” is. Please write it again.", text=text),
        "too_many_decimals": _("“%(text)s” has too many digits behind the point.", text=text),
        "too_large": _("That is too large an amount."),
    }
    return known.get(reason) or str(_("“%(text)s” is no amount. Please write it in digits.", text=text))


def bad_input(data: dict[str, Any]) -> str:
    """What is wrong with a field that a service refused."""
    known: dict[str, str] = {
        "quantity": _("Please give whole numbers of pieces, and at least one in all."),
        "reasons": _("Please say why pieces are not taken."),
        "mend_reasons": _("Please say what is to be mended."),
        "how": _("Please say how she was told."),
        "carrier": _("Please name the carrier."),
        "tracking": _("Please give the parcel's number."),
        "key": _("This form was used for something else. Please load the page again."),
        "makers": _("Please choose makers of this workshop who have given you a mandate."),
        "rate": _("It has no price and piece rate yet."),
    }
    return known.get(str(data.get("field", ""))) or str(_("Please check what you typed."))


def init_app() -> None:
    SENTENCES.update(
        {
            "under_inquiry": lambda _data: _(
                "She said that this money did not come. The co-operative is asking her; only her own word counts now."
            ),
            "brokers_device": lambda _data: _(
                "A broker is signed in on this phone. Use your own or somebody else's phone, answer the text message, or "
                "call the co-operative."
            ),
            "nothing_to_say": lambda _data: _("This payment has moved on. Please load the page again."),
        }
    )
    SENTENCES.setdefault("bad_money", lambda data: money_fault(str(data.get("reason")), str(data.get("text", ""))))
