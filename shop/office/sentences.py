"""Refusals of what the office asks of documents, in words."""

from typing import Any

from flask_babel import gettext as _

from shop.web.errors import SENTENCES
from shop.web.i18n import colon, comma, semicolon


def _bank_rows(data: dict[str, Any]) -> str:
    """Which payouts kept the bank's sheet from being made, by fault."""
    if not data.get("rows"):
        return str(_("The bank has answered on all of them: there is nothing to put on a sheet."))
    known: dict[str, str] = {
        "without_payee": _("no account holder"),
        "without_account": _("no account on file"),
        "malformed_account": _("this is no account number"),
        "unwritable_name": _("a name in signs the bank does not take"),
        "without_bank": _("the bank or its number is missing"),
        "malformed_bank_code": _("this is no number of a bank"),
        "unpayable_amount": _("a sum this bank cannot pay"),
        "reference_twice": _("the same number twice"),
        "reference_too_long": _("the number is too long"),
    }
    told = [f"{label}{colon()}{comma().join(data[name][:10])}" for name, label in known.items() if data.get(name)]
    return str(_("The bank's sheet cannot be made: %(why)s.", why=semicolon().join(told)))


def _too_many_pictures(data: dict[str, Any]) -> str:
    if data.get("at_once"):
        return str(_("At most %(num)s pictures at a time. None of these was saved.", num=data["most"]))
    return str(_("A product has at most %(num)s pictures. None of these was saved.", num=data["most"]))


def _has_outcome(data: dict[str, Any]) -> str:
    if data.get("kind") in {"refund_unnamed", "dispute_opened", "fault_asked", "carrier_claim"}:
        return str(_("This goes off the list by what comes of it: what is asked here, answered."))
    return str(_("This goes off the list by what comes of it: by the call, or the cash given back."))


def _bad_input(data: dict[str, Any]) -> str:
    """What the field takes, where nobody would guess it."""
    field, vietqr = str(data.get("field", "")), data.get("rail") == "vietqr"
    known: dict[str, str] = {
        "payer_account": _("An account number is 6 to 34 digits."),
        "payer_bank_code": _("At most 20 letters and digits: a BIC, or the number of the bank in its country."),
        "counted_from": _("Where it does not pay each week, please give a day of a week in which it pays."),
        "account_wait_days": _("Please give a whole number from %(least)s to %(most)s.", least=0, most=30),
        "holder": _("Please fill this in."),
        "wallet": _("Please choose one of those listed."),
        "account": _("6 to 19 letters and digits.")
        if vietqr
        else _("A bank's number of 8 to 34 digits; for a wallet what it knows her by, without spaces."),
        "bank_code": _("The six digits (BIN) of the bank.")
        if vietqr
        else _("At most 20 letters and digits: a BIC, or the number of the bank in its country."),
    }
    return known.get(field) or str(_("Something is missing or wrong"))


def init_app() -> None:
    SENTENCES["bad_input"] = _bad_input
    SENTENCES["has_outcome"] = _has_outcome
    SENTENCES["nothing_to_send"] = lambda _data: _("Nothing of this batch is approved to be sent this way.")
    SENTENCES["nothing_sent"] = lambda _data: _(
        "Nothing of it has been sent yet. Make the list first: it counts as sent then."
    )
    SENTENCES["too_many_pictures"] = _too_many_pictures
    SENTENCES.setdefault("bad_bank_rows", _bank_rows)
    SENTENCES["not_to_close"] = lambda _data: _(
        "This month cannot be closed: only the oldest open month can be, once it is over."
    )
    SENTENCES["bad_payer"] = lambda _data: _(
        "The co-op's own account is not written down. The administrator does that under Pay settings."
    )
