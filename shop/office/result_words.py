"""Words about a bank's results: what becomes of a row, and why one is not taken."""

from flask_babel import gettext as _

from shop.money import Money
from shop.payouts.services import Fate
from shop.web.filters import money


def fate_label(fate: str) -> str:
    """What becomes of a row."""
    known: dict[str, str] = {
        "paid": _("carried out"),
        "failed": _("failed"),
        "returned": _("sent back"),
        "same": _("booked already"),
        "pending": _("the bank is still at it"),
        "refused": _("not taken"),
    }
    return known[fate]


def why_text(fate: Fate) -> str:
    """Why a row is not taken, as a sentence."""
    known: dict[str, str] = {
        "no_reference": _("There is no number of ours in it (P12-ABCDE)."),
        "unknown_outcome": _("What the bank says is no word that we know."),
        "unknown_currency": _("This is no currency that we know."),
        "bad_amount": _("This is no amount."),
        "unknown_reference": _("We have no payout of this number."),
        "other_currency": _("The payout is in another currency."),
        "not_by_bank": _("This payout goes by cash."),
        "not_sent": _("This payout was never approved."),
        "contradicts": _("It contradicts what is booked or what she said. Ask the bank."),
    }
    if fate.why == "other_amount" and fate.expected_minor is not None:
        expected = money(Money(fate.expected_minor, fate.row.currency))
        return str(_("The payout is of %(amount)s.", amount=expected))
    return known.get(fate.why, fate.why)


_COLUMNS = {
    "no_reference": lambda: _("our number"),
    "unknown_reference": lambda: _("our number"),
    "not_by_bank": lambda: _("our number"),
    "not_sent": lambda: _("our number"),
    "unknown_outcome": lambda: _("result"),
    "contradicts": lambda: _("result"),
    "other_currency": lambda: _("currency"),
}


def column_text(fate: Fate) -> str:
    """In which column it is: the bank's heading where the row itself was read as far as that, else what stands there."""
    known = _COLUMNS.get(fate.why)
    if fate.row.column and (fate.row.why or known is None):
        return fate.row.column
    return str(known()) if known else str(_("Amount"))


def value_text(fate: Fate) -> str:
    """What stands in that column."""
    row = fate.row
    if row.why or fate.why not in _COLUMNS:
        sum_typed = "" if row.amount_minor is None else money(Money(row.amount_minor, row.currency))
        return row.value or sum_typed or "—"
    return {"contradicts": fate_label(row.outcome), "other_currency": row.currency}.get(fate.why, row.reference)
