"""Words about orders: states, history, what giving back means."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import ngettext

from shop.db import Texts
from shop.money import Money
from shop.orders.models import OrderEvent, Refund
from shop.web.filters import money, tri_text
from shop.web.i18n import colon, comma
from shop.work.sentences import told_label


def order_label(state: str) -> str:
    """Where an order stands as a whole."""
    known: dict[str, str] = {
        "placed": _("Placed, not paid yet"),
        "paid": _("Paid by the buyer"),
        "cancelled": _("Cancelled"),
        "refunded": _("Given back"),
    }
    return known[state]


def part_state_label(state: str) -> str:
    """Where a workshop's part of an order stands."""
    known: dict[str, str] = {
        "placed": _("Placed, not paid yet"),
        "to_assign": _("To assign"),
        "making": _("Being made"),
        "ready": _("Ready to send"),
        "dispatched": _("Dispatched"),
        "delivered": _("Delivered"),
        "cancelled": _("Cancelled"),
    }
    return known[state]


def slip_label(state: str) -> str:
    """Where a work slip stands."""
    known: dict[str, str] = {
        "asked": _("asked"),
        "agreed": _("she said yes"),
        "refused": _("she said no"),
        "done": _("done"),
        "taken_back": _("taken back"),
    }
    return known[state]


def reason_label(reason: str) -> str:
    """Why money goes back to a buyer."""
    known: dict[str, str] = {
        "cancelled": _("cancelled"),
        "late_payment": _("paid too late"),
        "double_payment": _("paid twice"),
        "over_payment": _("paid too much"),
        "return": _("returned"),
        "lost": _("lost on the way"),
        "reduction": _("price reduced"),
        "fault": _("at fault"),
        "unused": _("a payment that no order took"),
    }
    return known[reason]


def refund_label(refund: Refund) -> str:
    """Where a refund stands."""
    if not refund.amount_minor:
        return str(_("nothing to send back"))
    if refund.bank_approved_by:
        return str(_("sent by bank"))
    if refund.bank_asked_by:
        return str(_("is to go by bank"))
    known: dict[str, str] = {
        "decided": _("on its way to Stripe"),
        "sent": _("sent by Stripe"),
        "failed": _("could not be sent"),
    }
    return known[refund.state]


def event_label(event: OrderEvent, makers: Mapping[int, Texts], currency: str) -> str:
    """An entry of an order's history in words."""
    facts = event.facts
    maker = makers.get(int(facts.get("maker_id") or 0))
    name = tri_text(maker) if maker else str(_("a maker"))
    sum_minor = facts.get("total_minor", facts.get("amount_minor"))
    amount = money(Money(sum_minor, str(facts.get("currency") or currency))) if isinstance(sum_minor, int) else ""
    if event.kind == "received":
        counted = ngettext("%(num)s piece accepted", "%(num)s pieces accepted", int(facts.get("accepted", 0)))
        more = [
            str(_("%(num)s to mend", num=facts["mend"])) if facts.get("mend") else "",
            str(_("%(num)s rejected", num=facts["rejected"])) if facts.get("rejected") else "",
        ]
        return comma().join(part for part in (f"{name}{colon()}{counted}", *more) if part)
    if event.kind in {"asked", "agreed", "refused", "taken_back"}:
        known: dict[str, str] = {
            "asked": _("%(name)s was asked", name=name),
            "agreed": _("%(name)s said yes", name=name),
            "refused": _("%(name)s said no", name=name),
            "taken_back": _("taken back from %(name)s", name=name),
        }
        how = str(facts.get("how") or "")
        return known[event.kind] + (f" ({told_label(how)})" if how else "")
    if event.kind == "refunded":
        return str(_("%(reason)s, %(amount)s go back", reason=reason_label(str(facts.get("reason"))), amount=amount))
    return _plain(event.kind, amount, str(facts.get("tracking") or ""))


def _plain(kind: str, amount: str, tracking: str) -> str:
    known: dict[str, str] = {
        "placed": _("placed: %(amount)s", amount=amount),
        "paid": _("paid: %(amount)s", amount=amount),
        "expired": _("never paid; what it held is for sale again"),
        "routed": _("given to the workshop's broker"),
        "ready": _("everything is made and checked"),
        "dispatched": _("dispatched, number %(tracking)s", tracking=tracking),
        "delivered": _("delivered"),
        "material_issued": _("materials handed out"),
        "lost_reported": _("reported as lost on the way"),
        "return_asked": _("the buyer asks to send it back"),
        "buyer_told_late": _("the buyer was told that it takes longer"),
        "line_cancelled": _("a line cancelled, %(amount)s go back", amount=amount),
        "line_returned": _("a line returned, %(amount)s go back", amount=amount),
        "line_lost": _("a line lost on the way, %(amount)s go back", amount=amount),
        "dispute_opened": _("the buyer's bank took back %(amount)s", amount=amount),
        "dispute_won": _("the dispute about %(amount)s is won", amount=amount),
        "dispute_lost": _("the dispute about %(amount)s is lost", amount=amount),
        "late_payment": _("paid too late, %(amount)s go back", amount=amount),
        "double_payment": _("paid twice, %(amount)s go back", amount=amount),
        "over_payment": _("paid too much, %(amount)s go back", amount=amount),
        "unused": _("a payment that no order took, %(amount)s go back", amount=amount),
        "refund_failed": _("%(amount)s could not be sent back", amount=amount),
        "refund_again": _("%(amount)s are sent back once more", amount=amount),
        "refund_bank": _("%(amount)s are to go back by bank", amount=amount),
        "refund_bank_dropped": _("%(amount)s do not go back by bank after all", amount=amount),
        "refund_by_bank": _("%(amount)s went back by bank", amount=amount),
    }
    return known.get(kind, kind)


def fault_label(state: str) -> str:
    """Where a fault stands."""
    known: dict[str, str] = {
        "asked": _("a second person is to agree"),
        "agreed": _("agreed, given back"),
        "dropped": _("nothing was given back"),
    }
    return known[state]


def dispute_label(state: str) -> str:
    """Where a dispute stands."""
    known: dict[str, str] = {"open": _("not decided yet"), "won": _("won"), "lost": _("lost")}
    return known[state]


def way_words(what: str) -> tuple[str, str, str]:
    """Heading, who bears it, and the button, for cancelling, a return, a loss, a lower price."""
    known: dict[str, tuple[str, str, str]] = {
        "cancel": (
            _("Cancel a line"),
            _(
                "Before dispatch and before a maker has said yes everything is undone: pieces go back on the shelf, "
                "work nobody agreed to is taken off the list."
            ),
            _("Yes, cancel it"),
        ),
        "return": (
            _("Record a return"),
            _(
                "The pieces are back and in good order: they go on the shelf at cost. Maker and broker keep their pay; "
                "the co-op bears the rest."
            ),
            _("Yes, it is back"),
        ),
        "lose": (
            _("Record a loss"),
            _("Lost or broken on the way: maker and broker keep their pay, the co-op bears all of it as a loss."),
            _("Yes, it is lost"),
        ),
        "reduce": (
            _("Reduce the price"),
            _(
                "The buyer keeps the pieces and gets a part of the price back. Everybody keeps her pay; the co-op bears it."
            ),
            _("Yes, give it back"),
        ),
        "fault": (
            _("Write down a fault"),
            _(
                "Offer to mend it first. Accepted work is never docked: the maker keeps her pay. A second person has to "
                "agree before money goes back."
            ),
            _("Ask a second person"),
        ),
    }
    return known[what]
