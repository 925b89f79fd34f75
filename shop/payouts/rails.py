"""The ways money goes to a payee, behind one interface (money.md 4): what each must know of her, and what it hands out.

A rail that lacks something of a payee leaves her out of a batch, with the reason; it never invents an account.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from sqlalchemy.orm import Session

from shop.coop.facts import coop_facts
from shop.documents.bank import PROFILES, BankProfile, BankRow, bank_file, lacking, profiles_for
from shop.documents.pain001 import Payer, pain001
from shop.documents.vietqr_sheet import SHEET, vietqr_sheet
from shop.ids import digest
from shop.money import Money
from shop.payouts.facts import pay_facts
from shop.payouts.models import WALLETS, Payout, PayoutBatch

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WALLET_NAMES = {"alipay": "支付宝", "wechat": "微信", "momo": "MoMo"}
"""How a wallet calls itself where it is used."""


class Destination(Protocol):
    """Where money goes: a method of a payee, or a payout that was made by one."""

    holder: str
    bank: str
    bank_code: str
    account: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What the co-op's side of every payout is: currency, the bank's profile, and the account that pays."""

    currency: str
    profile: BankProfile
    payer: Payer
    coop: str


@dataclass(frozen=True, slots=True)
class RailFile:
    """What a rail hands out for a batch."""

    content: bytes
    mimetype: str
    ending: str


class PayoutRail(Protocol):
    """One way money goes."""

    @property
    def name(self) -> str:
        """The word kept in the database."""

    def pays(self, minor: int, currency: str) -> int:
        """As much of what waits as can be paid this way, in minor units; the rest stays available (money.md 4)."""

    def lacks(self, where: Destination, terms: Terms, *, brokered: bool) -> str:
        """What keeps a payee from being paid this way: no_account, no_bank, bad_name, other_currency, no_broker, or ""."""

    def file(self, batch: PayoutBatch, payouts: Sequence[Payout], terms: Terms, *, lang: str) -> RailFile | None:
        """What carries these payouts out; None where hands do. Raises BadBankRows for payouts that cannot be written."""


_WHY = {
    "without_payee": "no_account",
    "without_account": "no_account",
    "malformed_account": "no_account",
    "unwritable_name": "bad_name",
    "without_bank": "no_bank",
    "malformed_bank_code": "no_bank",
    "unpayable_amount": "other_currency",
}


def _lacks(profile: BankProfile, where: Destination, currency: str) -> str:
    row = BankRow("", where.holder, where.account, where.bank, Money(1, currency), where.bank_code)
    found = lacking(profile, row)
    return _WHY[found[0]] if found else ""


def rows_of(payouts: Sequence[Payout]) -> list[BankRow]:
    """Payouts as documents take them."""
    return [
        BankRow(row.reference, row.holder, row.account, row.bank, Money(row.amount_minor, row.currency), row.bank_code)
        for row in payouts
    ]


class _ToTheCent:
    def pays(self, minor: int, currency: str) -> int:  # noqa: ARG002  every rail is asked alike
        return minor


@dataclass(frozen=True, slots=True)
class BankFile(_ToTheCent):
    """One sheet for the bank, by the columns of the profile that the co-op chose."""

    name: str = "bank_file"

    def lacks(self, where: Destination, terms: Terms, *, brokered: bool) -> str:  # noqa: ARG002  every rail is asked alike
        return _lacks(terms.profile, where, terms.currency)

    def file(self, batch: PayoutBatch, payouts: Sequence[Payout], terms: Terms, *, lang: str) -> RailFile:  # noqa: ARG002  the bank's language stands in its profile
        return RailFile(bank_file(terms.profile, rows_of(payouts)), XLSX, "xlsx")


@dataclass(frozen=True, slots=True)
class VietQr(_ToTheCent):
    """A sheet of codes, scanned one by one with the co-op's banking app; only dong."""

    name: str = "vietqr"

    def lacks(self, where: Destination, terms: Terms, *, brokered: bool) -> str:  # noqa: ARG002  every rail is asked alike
        return _lacks(SHEET, where, terms.currency)

    def file(self, batch: PayoutBatch, payouts: Sequence[Payout], terms: Terms, *, lang: str) -> RailFile:
        content = vietqr_sheet(
            rows_of(payouts), title=f"P{batch.number}", coop=terms.coop, pay_on=batch.pay_on, lang=lang
        )
        return RailFile(content, "application/pdf", "pdf")


@dataclass(frozen=True, slots=True)
class Wallet(_ToTheCent):
    """A list for Alipay, WeChat or MoMo, paid by hand or by the wallet's own batch upload."""

    name: str = "wallet"

    def lacks(self, where: Destination, terms: Terms, *, brokered: bool) -> str:  # noqa: ARG002  every rail is asked alike
        if where.bank not in WALLETS.get(terms.currency, ()):
            return "no_bank" if terms.currency in WALLETS else "other_currency"
        return _lacks(_wallets(terms.currency), where, terms.currency)

    def file(self, batch: PayoutBatch, payouts: Sequence[Payout], terms: Terms, *, lang: str) -> RailFile:  # noqa: ARG002  the wallet's language stands in its profile
        rows = [replace(row, bank=WALLET_NAMES.get(row.bank, row.bank)) for row in rows_of(payouts)]
        return RailFile(bank_file(_wallets(terms.currency), rows), XLSX, "xlsx")


def _wallets(currency: str) -> BankProfile:
    return PROFILES[profiles_for(currency, wallet=True)[0]]


# fmt: off
_NOTES = {
    "CNY": 100, "VND": 1_000, "USD": 100, "EUR": 500, "GBP": 500, "JPY": 1_000, "HKD": 1_000,
    "AUD": 500, "CAD": 500, "SGD": 200, "KRW": 1_000, "TWD": 10_000, "THB": 2_000,
}
# fmt: on
"""The smallest note that people have in hand, in minor units."""


@dataclass(frozen=True, slots=True)
class Cash:
    """From the broker's float, by hand; it leaves the books with the payee's word."""

    name: str = "cash"

    def pays(self, minor: int, currency: str) -> int:
        """Whole notes only."""
        return minor - minor % _NOTES[currency]

    def lacks(self, where: Destination, terms: Terms, *, brokered: bool) -> str:  # noqa: ARG002  every rail is asked alike
        return "" if brokered else "no_broker"

    def file(self, batch: PayoutBatch, payouts: Sequence[Payout], terms: Terms, *, lang: str) -> None:  # noqa: ARG002  no paper carries cash
        return None


PAYOUT_RAILS: dict[str, PayoutRail] = {rail.name: rail for rail in (BankFile(), VietQr(), Wallet(), Cash())}


def rails_for(currency: str) -> list[str]:
    """The rails by which this currency can go, the bank's first."""
    only = {"vietqr": {"VND"}, "wallet": set(WALLETS)}
    return [name for name in PAYOUT_RAILS if currency in only.get(name, {currency})]


def terms_of(session: Session, *, currency: str, lang: str = "zh") -> Terms:
    """The co-op's terms now. A currency without a profile of its own is written by the general columns."""
    facts = pay_facts(session)
    known = profiles_for(currency)
    if facts.bank_profile in known:
        profile = PROFILES[facts.bank_profile]
    else:
        profile = PROFILES[known[0]] if known else replace(PROFILES["cn-generic"], currency=currency)
    name = coop_facts(session).name
    return Terms(currency, profile, facts.payer, name.get(lang) or next(iter(name.values()), ""))


def transfer_file(batch: PayoutBatch, payouts: Sequence[Payout], terms: Terms, *, pay_on: date) -> RailFile:
    """The same payouts of an approved batch as one ISO 20022 message, for a bank that takes it instead of a sheet.

    The same payouts make the same message again: by its id a bank knows a file that it was given twice. Raises
    BadBankRows, BadPayer where the co-op's own account is not set.
    """
    assert batch.approved_at is not None
    whose = digest(" ".join(sorted(row.reference for row in payouts)))
    content = pain001(
        rows_of(payouts), payer=terms.payer, message=f"P{batch.number}-{whose[:12].upper()}", pay_on=pay_on,
        made_at=batch.approved_at,
    )  # fmt: skip
    return RailFile(content, "application/xml", "xml")
