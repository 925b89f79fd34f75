"""Refusals of the payouts room in words."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from shop.money import Money
from shop.web.errors import SENTENCES
from shop.web.filters import money
from shop.web.i18n import comma

_NEEDS: dict[str, Callable[[], str]] = {
    "treasurer": lambda: _("Only the treasurer does this."),
    "officer": lambda: _("An officer does this, not the person who sends the money."),
}


def advance_label(state: str) -> str:
    """Where an advance stands."""
    known: dict[str, str] = {
        "asked": _("asked for"),
        "agreed": _("she said yes"),
        "refused": _("not given"),
        "given": _("given"),
        "settled": _("all of it came back"),
        "written_off": _("written off"),
    }
    return known[state]


def _bad_result_file(data: dict[str, Any]) -> str:
    """What keeps a file from being read as a bank's results."""
    columns: dict[str, str] = {"reference": _("our number"), "outcome": _("result"), "amount": _("amount")}
    if data["reason"] == "no_headings":
        missing = comma().join(columns[kind] for kind in data.get("missing", ()))
        return str(_("No line of headings was found. These are missing: %(names)s.", names=missing))
    known: dict[str, str] = {
        "no_payments": _("The file names no single payment."),
        "all_refused": _("The bank refused the whole file and paid nothing of it. Its reason stands in the message."),
        "too_large": _("The file is too large."),
        "too_many_rows": _("The file has too many rows."),
        "old_excel": _("This is an old Excel file or has a password. Please save it as XLSX or CSV."),
    }
    said = known.get(str(data["reason"])) or _("The file cannot be read. Please save it as XLSX or CSV.")
    return f"{said} ({_('row %(row)s', row=data['row'])})" if data.get("row") else str(said)


def init_app() -> None:
    SENTENCES.update(
        {
            "same_person": lambda _data: _("You drafted this batch. A second person must approve it."),
            "nothing_to_pay": lambda _data: _("Nobody has pay waiting that could be paid out now."),
            "wrong_payout_state": lambda _data: _("This payout has moved on. Please load the page again."),
            "not_herself": lambda _data: _("This way does not show that she herself says so."),
            "not_your_part": lambda data: _NEEDS[str(data["needs"])](),
            "own_method": lambda data: ngettext(
                "You wrote down how %(num)s person of this batch is paid. Somebody else must approve it.",
                "You wrote down how %(num)s people of this batch are paid. Somebody else must approve it.",
                int(data["people"]),
            ),
            "way_changed": lambda data: ngettext(
                "How %(num)s person of this batch is paid was changed since the draft. Give the draft up and draft anew.",
                "How %(num)s people of this batch are paid was changed since the draft. Give the draft up and draft anew.",
                int(data["people"]),
            ),
            "more_than_to_hand_over": lambda data: _(
                "At most %(most)s: that is what she still has to hand over.",
                most=money(Money(int(data["most_minor"]), str(data["currency"]))),
            ),
            "too_much_ahead": lambda data: _(
                "At most %(most)s can still be advanced on this slip.",
                most=money(Money(int(data["most_minor"]), str(data["currency"]))),
            ),
            "nothing_to_print": lambda _data: _("Nobody of this group earned anything in those days."),
            "nothing_uncovered": lambda _data: _("Her slip covers all of this advance that is left."),
            "bad_result_file": _bad_result_file,
            "bank_short": lambda data: _(
                "The bank holds only %(has)s.", has=money(Money(int(data["has_minor"]), str(data["currency"])))
            ),
            "key_reused": lambda _data: _("This form was used for something else. Please load the page again."),
            "overdraft": lambda data: _(
                "There is too little in this account: %(short)s are missing.",
                short=money(Money(int(data["short_minor"]), str(data.get("currency", "CNY")))),
            ),
        }
    )
