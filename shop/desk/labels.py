"""Words of the desk for states, parts and events."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from shop.db import Texts
from shop.orders.models import OrderEvent
from shop.web.filters import tri_text
from shop.work.sentences import reason_label, told_label

__all__ = ["reason_label", "told_label"]

"""The colour that each part of a price has everywhere; what is not named is a cost."""

PARCEL_STATES = ("to_assign", "making", "ready", "dispatched", "delivered", "cancelled")


def pieces(count: int) -> str:
    """So many pieces."""
    return str(ngettext("%(num)s piece", "%(num)s pieces", count))


def parcel_label(state: str) -> str:
    """Where a parcel stands, in words."""
    known: dict[str, str] = {
        "to_assign": _("To assign"),
        "making": _("Being made"),
        "ready": _("Ready to send"),
        "dispatched": _("Dispatched"),
        "delivered": _("Delivered"),
        "cancelled": _("Cancelled"),
    }
    return known.get(state, state)


def goods_label(state: str) -> str:
    """How a product stands, in words."""
    known: dict[str, str] = {
        "on_sale": _("On sale"),
        "sold_out": _("Sold out"),
        "draft": _("Something is missing"),
        "withdrawn": _("Withdrawn"),
    }
    return known[state]


def rail_label(rail: str) -> str:
    """How a payout travels, in words."""
    known: dict[str, str] = {
        "cash": _("Cash"),
        "bank_file": _("Bank transfer"),
        "vietqr": _("Bank transfer"),
        "wallet": _("Electronic wallet"),
    }
    return known.get(rail, rail)


def route_label(route: str) -> str:
    """By which way a word about a payout came."""
    known: dict[str, str] = {
        "sms": _("her text message"),
        "card": _("her own card"),
        "account": _("her own account"),
        "coop_call": _("a call by the co-operative"),
        "pin": _("her PIN on the broker's phone"),
        "signature": _("her signature on the broker's phone"),
    }
    return known.get(route, route)


def event_label(event: OrderEvent, makers: dict[int, Texts]) -> str:
    """What happened to an order, in a sentence."""
    facts: dict[str, Any] = event.facts
    maker_id = facts.get("maker_id")
    name = tri_text(makers.get(int(maker_id))) if maker_id else ""
    known: dict[str, str] = {
        "placed": _("Ordered"),
        "paid": _("Paid by the buyer"),
        "routed": _("Sent to you"),
        "asked": _("%(name)s was asked", name=name),
        "agreed": _("%(name)s said yes", name=name),
        "refused": _("%(name)s said no", name=name),
        "taken_back": _("Taken back from %(name)s", name=name),
        "received": _(
            "Collected from %(name)s: %(accepted)s accepted, %(mend)s to mend, %(rejected)s rejected",
            name=name,
            accepted=facts.get("accepted", 0),
            mend=facts.get("mend", 0),
            rejected=facts.get("rejected", 0),
        ),
        "ready": _("Everything made and checked"),
        "dispatched": _(
            "Sent by %(carrier)s, number %(tracking)s",
            carrier=facts.get("carrier", ""),
            tracking=facts.get("tracking", ""),
        ),
        "delivered": _("Delivered"),
        "line_cancelled": _("A line was cancelled"),
        "line_returned": _("A line came back"),
        "line_lost": _("Lost on the way"),
        "refunded": _("Money given back"),
        "material_issued": _("Material handed out"),
        "buyer_told_late": _("The buyer was told that it will be late"),
        "lost_reported": _("Reported as lost"),
        "return_asked": _("The buyer asked to return it"),
        "expired": _("Not paid in time"),
        "dispute_opened": _("A buyer's bank took a payment back"),
        "dispute_won": _("A dispute was won"),
        "dispute_lost": _("A dispute was lost"),
    }
    said = known.get(event.kind, event.kind)
    how = facts.get("how")
    return f"{said} · {told_label(str(how))}" if how else said


def size_label(width: int, height: int) -> Texts:
    """A size in tenths of a centimetre, as it stands on the label; without a height it is round."""
    first, second = _cm(width), _cm(height)
    if height:
        return {lang: f"{first} × {second} {unit}" for lang, unit in (("zh", "厘米"), ("vi", "cm"), ("en", "cm"))}
    return {"zh": f"直径{first}厘米", "vi": f"đường kính {first} cm", "en": f"{first} cm across"}


def size_facts(width: int, height: int) -> dict[str, str | int]:
    """The same in whole centimetres, for the scale drawing."""
    if height:
        return {"shape": "box", "width": max((width + 5) // 10, 1), "height": max((height + 5) // 10, 1)}
    return {"shape": "round", "diameter": max((width + 5) // 10, 1)}


def _cm(tenths: int) -> str:
    whole, rest = divmod(tenths, 10)
    return f"{whole}.{rest}" if rest else str(whole)
