"""Words of the books: kinds of accounts, what was posted, who did it."""

from collections.abc import Mapping

from flask import url_for
from flask_babel import gettext as _

from shop.db import Texts
from shop.web.filters import tri_text
from shop.web.i18n import comma

GROUPS = ("assets", "liabilities", "income", "expense", "equity")


def group_of(kind: str) -> str:
    """To which of the five groups a kind of account belongs (money.md 3)."""
    if kind == "income":
        return "income"
    if kind in {"expense", "coop:costs"}:
        return "expense"
    if kind in {"equity:opening", "fund:capital", "fx:trading"}:
        return "equity"
    head, _colon, tail = kind.partition(":")
    owed = tail in {"held", "available", "in_transit", "credit", "open", "commission:held", "transit", "in"}
    if kind in {"deposits", "tax", "gifts"} or (owed and head not in {"psp", "stock", "disputes"}):
        return "liabilities"
    return "assets"


def group_label(group: str) -> str:
    """A group of accounts."""
    known: dict[str, str] = {
        "assets": _("What the co-op has"),
        "liabilities": _("What the co-op owes"),
        "income": _("Income"),
        "expense": _("Expense"),
        "equity": _("Equity"),
    }
    return known[group]


def kind_label(kind: str) -> str:
    """A kind of account in words; what this shop does not use yet is called by its name in the books."""
    known: dict[str, str] = {
        "psp:stripe": "Stripe",
        "psp:in_transit": _("Stripe, on its way to the bank"),
        "bank": _("Bank"),
        "coop:costs": _("Payment and packing"),
        "expense": _("Expense"),
        "income": _("Income"),
        "equity:opening": _("Opening balance"),
        "stock:pieces": _("Pieces on the shelf, at cost"),
        "stock:materials": _("Materials in stock"),
        "broker:float": _("Cash with brokers"),
        "work:open": _("Paid by buyers, no maker yet"),
        "materials:held": _("Materials of paid orders"),
        "maker:held": _("Makers: agreed, not yet accepted"),
        "maker:available": _("Makers: accepted, due on pay day"),
        "maker:in_transit": _("Makers: on its way"),
        "maker:advance": _("Makers: given before the work"),
        "broker:held": _("Brokers: until delivery"),
        "broker:available": _("Brokers: due on pay day"),
        "broker:in_transit": _("Brokers: on its way"),
        "broker:credit": _("Brokers: laid out of their own"),
        "workshop:held": _("Workshops: until delivery"),
        "workshop:available": _("Workshops: due on pay day"),
        "workshop:in_transit": _("Workshops: on its way"),
        "coop:commission:held": _("Commission until delivery"),
        "buyer:credit": _("Owed to buyers"),
        "carrier:claims": _("Asked of carriers"),
        "broker:owes": _("Owed by brokers"),
        "workshop:owes": _("Owed by workshops"),
        "disputes:open": _("Taken back by buyers' banks, not decided"),
        "tax": _("Tax"),
    }
    return known.get(kind, kind)


OWN = ("bank", "expense", "income")
"""Kinds whose accounts are nobody's: their names say what for."""


def own_label(owner: str) -> str:
    """What an account of the co-op's own is for; the books' own name where there is no other word."""
    known: dict[str, str] = {
        "main": _("Main account"),
        "returns": _("Returns and reductions"),
        "losses": _("Losses on the way"),
        "materials": _("Materials used up"),
        "promotions": _("Given by voucher"),
        "commission": _("Commission"),
    }
    return known.get(owner, owner)


def posting_label(kind: str) -> str:
    """What an event in the books was."""
    known: dict[str, str] = {
        "open": _("Opening balance"),
        "pay": _("Payment received"),
        "pay_fee": _("Stripe's fee"),
        "pay_back": _("A payment that fits no order goes back"),
        "order_paid": _("Order paid: the price is shared"),
        "assign": _("A maker said yes"),
        "assign_back": _("Work taken back"),
        "receipt": _("Work accepted"),
        "release": _("Parcel delivered: parts released"),
        "payout_approved": _("Payout approved"),
        "payout_paid": _("The bank carried it out"),
        "payout_failed": _("The payout did not reach her"),
        "payout_cancelled": _("Payout given up before it was sent"),
        "payout_returned": _("The payout came back"),
        "payout_acknowledged": _("Acknowledged through the broker"),
        "payout_confirmed": _("Confirmed by her own word"),
        "advance_given": _("Advance given"),
        "advance_written_off": _("Advance written off"),
        "float_out": _("Cash drawn by a broker"),
        "float_back": _("Cash brought back"),
        "refund_cancelled": _("Line cancelled"),
        "refund_return": _("Line returned"),
        "refund_lost": _("Line lost on the way"),
        "refund_reduction": _("Price reduced"),
        "refund_fault": _("Given back for a fault"),
        "claim_ended": _("A carrier's answer to a claim"),
        "refund_named": _("A refund's first booking taken back: it has been named"),
        "dispute_opened": _("A buyer's bank took a payment back"),
        "dispute_fee": _("Stripe's fee for a dispute"),
        "dispute_fee_back": _("Stripe's fee for a dispute came back"),
        "dispute_won": _("A dispute was won"),
        "dispute_lost": _("A dispute was lost"),
        "refund_sent": _("Refund sent by Stripe"),
        "refund_bank": _("Refund sent by bank"),
        "refund_failed": _("Refund failed at Stripe"),
    }
    return known.get(kind, kind)


def open_label(kind: str) -> str:
    """What still stands open of a month."""
    known: dict[str, str] = {
        "drafted": _("Payouts drafted and not approved"),
        "approved": _("Payouts approved and not sent"),
        "unreported": _("Payouts by bank without the bank's result"),
        "unconfirmed": _("Cash payouts without her own word"),
        "refunds": _("Refunds decided and not sent"),
        "suspense": _("Money received that belongs to nobody yet"),
        "stripe_payout": _("Stripe's payout on its way to the bank"),
        "differences": _("Differences between Stripe and the books"),
        "events": _("Stripe's messages not yet worked through"),
        "parked": _("Jobs of the shop that were given up on"),
        "month": _("Months that are over and not closed"),
    }
    return known.get(kind, kind)


def open_url(kind: str) -> str:
    """Where that is dealt with."""
    pages = {
        "drafted": "office.batches",
        "approved": "office.batches",
        "unreported": "office.results",
        "unconfirmed": "office.unconfirmed",
        "refunds": "office.orders",
        "suspense": "office.accounts",
        "parked": "office.outbox",
        "month": "office.month_close",
    }
    return url_for(pages.get(kind, "office.reconcile"))


def actor_label(key: str, names: Mapping[str, str]) -> str:
    """Who did it: a user by name, the shop itself, or the key where nobody knows more."""
    if key in names:
        return names[key]
    known: dict[str, str] = {
        "system:worker": _("the shop"),
        "system:command": _("command line"),
        "system:stripe": "Stripe",
    }
    head = key.partition(":")[0]
    people: dict[str, str] = {"maker": _("the maker herself"), "buyer": _("the buyer")}
    return known.get(key) or people.get(head) or key


def voucher_label(source: str, payouts: Mapping[str, tuple[str, Texts]]) -> str:
    """What stands behind a posting, as people call it; the key in the books says it exactly."""
    if source in payouts:
        reference, name = payouts[source]
        return comma().join(each for each in (str(_("Payout %(number)s", number=reference)), tri_text(name)) if each)
    head, _colon, tail = source.partition(":")
    number = tail.partition(":")[0]
    known: dict[str, str] = {
        "order": _("Order %(number)s", number=number),
        "receipt": _("Receipt %(number)s", number=number),
        "assignment": _("Slip %(number)s", number=number),
        "advance": _("Advance %(number)s", number=number),
        "broker": _("Cash with brokers"),
        "release": _("Parcel %(number)s", number=number),
        "shipment": _("Parcel %(number)s", number=number),
        "refund": _("Refund %(number)s", number=number),
    }
    return known.get(head, "")


def source_url(source: str) -> str | None:
    """The page of the thing that a posting is about; None where it has none."""
    head, _colon, tail = source.partition(":")
    if not (tail.isascii() and tail.isdigit()):
        return None
    number = int(tail)
    pages = {
        "order": ("office.order", "order_id"),
        "payout": ("office.payout", "payout_id"),
        "receipt": ("office.receipt", "receipt_id"),
        "assignment": ("office.slip", "assignment_id"),
        "broker": ("office.broker_cash", "broker_id"),
        "advance": ("office.advance", "advance_id"),
    }
    if head not in pages:
        return None
    endpoint, name = pages[head]
    return url_for(endpoint, **{name: number})  # type: ignore[arg-type]
