"""Words about pay: states, ways, reasons, whose word it was."""

from flask_babel import gettext as _
from markupsafe import Markup, escape

from shop.payouts.models import Payout, PayoutMethod
from shop.web.filters import with_name

STRENGTHS = {
    "drafted": "none",
    "approved": "none",
    "sent": "sent",
    "acknowledged": "wit",
    "confirmed": "self",
    "failed": "red",
    "returned": "red",
    "cancelled": "none",
}
"""State of a payout → how sure we are that she has it, as ui/strength.html draws it."""


def state_label(state: str) -> str:
    """Where a payout or batch stands. Nothing is called paid before she confirmed it."""
    known: dict[str, str] = {
        "drafted": _("Drafted"),
        "approved": _("Approved"),
        "sent": _("Sent"),
        "acknowledged": _("Acknowledged through the broker"),
        "confirmed": _("Confirmed"),
        "failed": _("Failed"),
        "returned": _("Came back"),
        "cancelled": _("Cancelled"),
    }
    return known[state]


def rail_label(rail: str) -> str:
    """By which way money goes."""
    known: dict[str, str] = {
        "bank_file": _("Bank"),
        "vietqr": _("Bank, by QR code"),
        "wallet": _("Electronic wallet"),
        "cash": _("Cash"),
    }
    return known[rail]


def wallet_label(wallet: str) -> str:
    """An electronic wallet by its name."""
    known: dict[str, str] = {"alipay": _("Alipay"), "wechat": _("WeChat Pay"), "momo": "MoMo"}
    return known.get(wallet, wallet)


def why_label(why: str) -> str:
    """Why somebody was left out of a batch."""
    known: dict[str, str] = {
        "no_method": _("nobody has said how she wants her money"),
        "new_account": _("her account is new and still waits"),
        "unapproved": _("a second person has not yet approved her account"),
        "no_account": _("no account on file"),
        "no_bank": _("her bank or its number is missing"),
        "bad_name": _("her name is in signs that the bank does not take"),
        "other_currency": _("her way of being paid is for another currency"),
        "no_broker": _("cash, and no broker to bring it"),
        "below_note": _("cash, and less than the smallest note: it stays hers"),
    }
    return known[why]


def route_label(route: str) -> str:
    """By which way a word about a payout came."""
    known: dict[str, str] = {
        "sms": _("by text message"),
        "account": _("on her own account page"),
        "card": _("on her card's page"),
        "coop_call": _("in a call of the co-op"),
        "pin": _("by PIN on the broker's phone"),
        "signature": _("by signature on the broker's phone"),
    }
    return known[route]


def answer_label(answer: str | None) -> str:
    """What came of a call."""
    known: dict[str | None, str] = {
        None: _("not called yet"),
        "not_reached": _("not reached"),
        "received": _("she has it all"),
        "not_received": _("she has not received it"),
        "less_received": _("she received less"),
    }
    return known[answer]


def account_text(payout: Payout | PayoutMethod) -> Markup:
    """Where the money goes; of an account only its end is shown."""
    if payout.rail == "cash":
        return escape(rail_label("cash"))
    bank = wallet_label(payout.bank) if payout.rail == "wallet" else payout.bank
    said = _("%(bank)s, account ending in %(end)s")
    return with_name(said, "bank", bank or _("Bank"), end=payout.account[-4:])
