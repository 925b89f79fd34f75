"""The file a bank takes to pay many people at once (代发工资), by a column profile kept as data (money.md §4).

Accounts are text to the last digit. Who has no account that the bank could take is listed and nothing is written: the
caller leaves her out and says so, she is never sent to an invented account.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from shop.documents.tables import Column, Kind, Sheet, xlsx
from shop.errors import ShopError
from shop.money import Money

Field = Literal["number", "payee", "account", "bank", "amount", "purpose"]


@dataclass(frozen=True, slots=True)
class BankColumn:
    """A heading of the bank's sheet and what of a payout stands below it."""

    title: str
    field: Field
    kind: Kind = "text"
    width: int = 0


@dataclass(frozen=True, slots=True)
class BankProfile:
    """What one bank wants. ``account`` is the shape of an account number without spaces and hyphens."""

    name: str
    sheet: str
    currency: str
    columns: Sequence[BankColumn]
    purpose: str = "{reference}"
    purpose_length: int = 40
    account: str = r"[0-9]{8,34}"


@dataclass(frozen=True, slots=True)
class BankRow:
    """One payout. ``reference`` is ours and comes back with the bank's result."""

    reference: str
    payee: str
    account: str | None
    bank: str
    amount: Money


PROFILES: Mapping[str, BankProfile] = {
    "cn-generic": BankProfile(
        name="代发工资",
        sheet="代发工资",
        currency="CNY",
        columns=(
            BankColumn("序号", "number", "whole", 6),
            BankColumn("收款人姓名", "payee", width=16),
            BankColumn("收款账号", "account", width=26),
            BankColumn("开户行", "bank", width=30),
            BankColumn("金额", "amount", "money", 14),
            BankColumn("用途/附言", "purpose", width=26),
        ),
        purpose="工钱{reference}",
    ),
}


@dataclass(frozen=True, slots=True)
class _Faults:
    nameless: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    malformed: list[str] = field(default_factory=list)
    unpayable: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    long: list[str] = field(default_factory=list)

    def found(self) -> dict[str, object]:
        lists = {
            "without_payee": self.nameless,
            "without_account": self.without,
            "malformed_account": self.malformed,
            "unpayable_amount": self.unpayable,
            "reference_twice": self.twice,
            "reference_too_long": self.long,
        }
        return {name: references for name, references in lists.items() if references}


class BadBankRows(ShopError):
    """No file was made. Data: references by fault: ``without_payee``, ``without_account``, ``malformed_account``,
    ``unpayable_amount`` (not above zero, or another currency), ``reference_twice``, ``reference_too_long``; ``rows`` is
    how many were given.
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
    faults = _faults(known, rows)
    if faults or not rows:
        raise BadBankRows(rows=len(rows), **faults)
    columns = [Column(column.title, column.kind, column.width) for column in known.columns]
    cells = [
        [_cells(known, number, row)[column.field] for column in known.columns] for number, row in enumerate(rows, 1)
    ]
    return xlsx([Sheet(known.sheet, columns, cells)])


def _faults(profile: BankProfile, rows: Sequence[BankRow]) -> dict[str, object]:
    faults = _Faults()
    seen: set[str] = set()
    for row in rows:
        account = bare_account(row.account or "")
        if not row.payee.strip():
            faults.nameless.append(row.reference)
        if not account:
            faults.without.append(row.reference)
        elif not re.fullmatch(profile.account, account):
            faults.malformed.append(row.reference)
        if row.amount.currency != profile.currency or row.amount.minor <= 0:
            faults.unpayable.append(row.reference)
        if row.reference in seen:
            faults.twice.append(row.reference)
        if len(profile.purpose.format(reference=row.reference)) > profile.purpose_length:
            faults.long.append(row.reference)
        seen.add(row.reference)
    return faults.found()


def _cells(profile: BankProfile, number: int, row: BankRow) -> dict[Field, int | str | Money]:
    return {
        "number": number,
        "payee": row.payee.strip(),
        "account": bare_account(row.account or ""),
        "bank": row.bank.strip(),
        "amount": row.amount,
        "purpose": profile.purpose.format(reference=row.reference),
    }
