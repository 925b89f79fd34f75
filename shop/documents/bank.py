"""The file a bank takes to pay many people at once (代发工资), by a column profile kept as data (money.md §4).

Profiles stand in ``bank_profiles.json``: shapes as banks ask for them, to be compared with the bank's own form. Accounts
are text to the last digit. Who cannot be paid is listed and nothing is written: the caller leaves her out and says so,
she is never sent to an invented account.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from shop.documents.latin import latin, plain
from shop.documents.tables import Column, Kind, Sheet, xlsx
from shop.errors import ShopError
from shop.money import Money, format_plain

Field = Literal[
    "number", "reference", "payee", "account", "bank", "bank_code", "amount", "amount_text", "currency", "purpose", ""
]


@dataclass(frozen=True, slots=True)
class BankColumn:
    """A heading of the bank's sheet and what of a payout stands below it; ``text`` is the same in every row."""

    title: str
    field: Field = ""
    kind: Kind = "text"
    width: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class BankProfile:
    """What one bank wants. ``account`` is the shape of an account number without spaces and hyphens (with them where not
    ``bare``), ``needs`` what must be known besides holder and account, ``signs`` "latin" where names go without marks.
    ``wallet``: accounts of an electronic wallet, whose name stands as the bank.
    """

    name: str
    sheet: str
    currency: str
    columns: Sequence[BankColumn]
    purpose: str = "{reference}"
    purpose_length: int = 40
    account: str = r"[0-9]{8,34}"
    bare: bool = True
    needs: Sequence[Literal["bank", "bank_code"]] = ()
    bank_code: str = r"[0-9A-Za-z]{1,20}"
    signs: Literal["any", "latin"] = "any"
    wallet: bool = False


@dataclass(frozen=True, slots=True)
class BankRow:
    """One payout. ``reference`` is ours and comes back with the bank's result."""

    reference: str
    payee: str
    account: str | None
    bank: str
    amount: Money
    bank_code: str = ""


def profile_of(facts: Mapping[str, Any]) -> BankProfile:
    """A profile as the JSON file writes one. Raises TypeError for a word that profiles do not have."""
    return BankProfile(**{**facts, "columns": tuple(BankColumn(**column) for column in facts["columns"])})


PROFILES: Mapping[str, BankProfile] = {
    key: profile_of(facts)
    for key, facts in json.loads(Path(__file__).with_name("bank_profiles.json").read_text(encoding="utf-8")).items()
}


def profiles_for(currency: str, *, wallet: bool = False) -> list[str]:
    """Keys of the profiles that pay in this currency, the usual one first."""
    return [key for key, known in PROFILES.items() if known.currency == currency and known.wallet == wallet]


@dataclass(slots=True)
class _Faults:
    found: dict[str, object] = field(default_factory=dict)

    def add(self, name: str, reference: str) -> None:
        known = self.found.setdefault(name, [])
        assert isinstance(known, list)
        known.append(reference)


class BadBankRows(ShopError):
    """No file was made. Data: references by fault: ``without_payee``, ``without_account``, ``malformed_account``,
    ``without_bank``, ``malformed_bank_code``, ``unwritable_name`` (signs the bank does not carry), ``unpayable_amount``
    (not above zero, or another currency), ``reference_twice``, ``reference_too_long``; ``rows`` is how many were given.
    """

    status = 422
    code = "bad_bank_rows"


def bare_account(account: str) -> str:
    """An account as banks take it: without the spaces and hyphens people write for reading, ascii digits."""
    wide = str.maketrans("０１２３４５６７８９", "0123456789")
    return re.sub(r"[\s\-\u2010-\u2015]", "", account).translate(wide)


def bank_file(profile: BankProfile | str, rows: Sequence[BankRow]) -> bytes:
    """The XLSX a bank takes, in the order of ``rows``. The same rows give the same bytes.

    Raises BadBankRows with the references of all rows that cannot be paid, also when there is no row at all; KeyError
    for an unknown profile.
    """
    known = PROFILES[profile] if isinstance(profile, str) else profile
    check_rows(known, rows)
    columns = [Column(column.title, column.kind, column.width) for column in known.columns]
    cells = []
    for number, row in enumerate(rows, 1):
        said = _cells(known, number, row)
        cells.append([said[column.field] if column.field else column.text for column in known.columns])
    return xlsx([Sheet(known.sheet, columns, cells)])


def check_rows(profile: BankProfile, rows: Sequence[BankRow]) -> None:
    """Return where every row can be paid by this profile. Raises BadBankRows."""
    faults = _Faults()
    seen: set[str] = set()
    for row in rows:
        for name in lacking(profile, row):
            faults.add(name, row.reference)
        if row.reference in seen:
            faults.add("reference_twice", row.reference)
        if len(profile.purpose.format(reference=row.reference)) > profile.purpose_length:
            faults.add("reference_too_long", row.reference)
        seen.add(row.reference)
    if faults.found or not rows:
        raise BadBankRows(rows=len(rows), **faults.found)


def lacking(profile: BankProfile, row: BankRow) -> list[str]:
    """What keeps this one payee from being paid by the profile, in the words of BadBankRows; nothing where she can be."""
    found = []
    account = _account(profile, row)
    if not plain(row.payee):
        found.append("without_payee")
    elif _name(profile, row.payee) is None:
        found.append("unwritable_name")
    if not account:
        found.append("without_account")
    elif not re.fullmatch(profile.account, account):
        found.append("malformed_account")
    if "bank" in profile.needs and not _name(profile, row.bank):
        found.append("without_bank")
    if row.bank_code and not re.fullmatch(profile.bank_code, row.bank_code):
        found.append("malformed_bank_code")
    elif "bank_code" in profile.needs and not row.bank_code:
        found.append("without_bank")
    if row.amount.currency != profile.currency or row.amount.minor <= 0:
        found.append("unpayable_amount")
    return found


def _name(profile: BankProfile, text: str) -> str | None:
    return latin(text) if profile.signs == "latin" else plain(text)


def _account(profile: BankProfile, row: BankRow) -> str:
    return bare_account(row.account or "") if profile.bare else (row.account or "").strip()


def _cells(profile: BankProfile, number: int, row: BankRow) -> dict[str, int | str | Money]:
    return {
        "number": number,
        "reference": row.reference,
        "payee": _name(profile, row.payee) or "",
        "account": _account(profile, row),
        "bank": _name(profile, row.bank) or "",
        "bank_code": row.bank_code,
        "amount": row.amount,
        "amount_text": format_plain(row.amount),
        "currency": row.amount.currency,
        "purpose": profile.purpose.format(reference=row.reference),
    }
