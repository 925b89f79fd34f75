"""ISO 20022 pain.001.001.09: many credit transfers of one payer on one day, in one currency (money.md §4).

Accounts in China and Vietnam have no IBAN: they stand as ``Othr/Id``. The end-to-end reference is ours, so that whatever
a bank answers by it finds its payout. Names are written as they are for yuan, in SWIFT's set X for all other currencies.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from shop.documents.bank import BankProfile, BankRow, bare_account, check_rows
from shop.documents.latin import latin, plain
from shop.errors import BadInput
from shop.money import Money, format_plain

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
CLEARING = {"CNY": "CNAPS"}
"""ISO's external code of the system whose numbers name a bank in this currency's country; Vietnam has none."""

_LONGEST_NAME = 140


@dataclass(frozen=True, slots=True)
class Payer:
    """From which account is paid. ``bank_code`` is a BIC, or the bank's number in its country's clearing."""

    name: str
    account: str
    bank: str
    bank_code: str = ""


class BadPayer(BadInput):
    """The payer's own account is not known well enough to be written. Data: field."""

    code = "bad_payer"


def transfer_profile(currency: str) -> BankProfile:
    """What a payee must have to stand in the file: holder, account, and her bank by name or number."""
    return BankProfile(
        name="pain.001.001.09",
        sheet="",
        currency=currency,
        columns=(),
        account=r"[0-9]{6,34}",
        needs=("bank",),
        purpose_length=35,
        signs="any" if currency == "CNY" else "latin",
    )


def pain001(rows: Sequence[BankRow], *, payer: Payer, message: str, pay_on: date, made_at: datetime) -> bytes:
    """The file, with number and sum of the transfers twice as a check. The same arguments give the same bytes.

    Raises BadBankRows as the bank's sheet does, also for two currencies in one file; BadPayer.
    """
    currency = rows[0].amount.currency if rows else ""
    check_rows(transfer_profile(currency), rows)
    _check(payer, currency)
    total = format_plain(Money(sum(row.amount.minor for row in rows), currency))
    document = ET.Element("Document", xmlns=NAMESPACE)
    root = ET.SubElement(document, "CstmrCdtTrfInitn")
    head = ET.SubElement(root, "GrpHdr")
    _put(head, "MsgId", message)
    _put(head, "CreDtTm", made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    _put(head, "NbOfTxs", str(len(rows)))
    _put(head, "CtrlSum", total)
    _put(ET.SubElement(head, "InitgPty"), "Nm", _said(payer.name, currency))
    payment = ET.SubElement(root, "PmtInf")
    _put(payment, "PmtInfId", message)
    _put(payment, "PmtMtd", "TRF")
    _put(payment, "BtchBookg", "true")
    _put(payment, "NbOfTxs", str(len(rows)))
    _put(payment, "CtrlSum", total)
    _put(ET.SubElement(ET.SubElement(payment, "PmtTpInf"), "CtgyPurp"), "Cd", "SALA")
    _put(ET.SubElement(payment, "ReqdExctnDt"), "Dt", pay_on.isoformat())
    _put(ET.SubElement(payment, "Dbtr"), "Nm", _said(payer.name, currency))
    _account(payment, "DbtrAcct", payer.account, currency)
    _agent(payment, "DbtrAgt", payer.bank, payer.bank_code, currency)
    _put(payment, "ChrgBr", "SHAR")
    for row in rows:
        _transfer(payment, row)
    ET.indent(document, " ")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(document, encoding="unicode")}\n'.encode()


def _check(payer: Payer, currency: str) -> None:
    if not _said(payer.name, currency):
        raise BadPayer(field="payer_name")
    if not re.fullmatch(r"[0-9]{6,34}", bare_account(payer.account)):
        raise BadPayer(field="payer_account")
    if not _said(payer.bank, currency) and not payer.bank_code:
        raise BadPayer(field="payer_bank")


def _transfer(payment: ET.Element, row: BankRow) -> None:
    currency = row.amount.currency
    transfer = ET.SubElement(payment, "CdtTrfTxInf")
    identity = ET.SubElement(transfer, "PmtId")
    _put(identity, "InstrId", row.reference)
    _put(identity, "EndToEndId", row.reference)
    amount = ET.SubElement(ET.SubElement(transfer, "Amt"), "InstdAmt", Ccy=currency)
    amount.text = format_plain(row.amount)
    _agent(transfer, "CdtrAgt", row.bank, row.bank_code, currency)
    _put(ET.SubElement(transfer, "Cdtr"), "Nm", _said(row.payee, currency))
    _account(transfer, "CdtrAcct", row.account or "", currency)
    _put(ET.SubElement(transfer, "RmtInf"), "Ustrd", row.reference)


def _put(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text


def _said(text: str, currency: str) -> str:
    said = plain(text) if currency == "CNY" else latin(text) or ""
    return said[:_LONGEST_NAME].strip()


def _account(parent: ET.Element, name: str, account: str, currency: str) -> None:
    holder = ET.SubElement(parent, name)
    _put(ET.SubElement(ET.SubElement(holder, "Id"), "Othr"), "Id", bare_account(account))
    _put(holder, "Ccy", currency)


def _agent(parent: ET.Element, name: str, bank: str, code: str, currency: str) -> None:
    agent = ET.SubElement(ET.SubElement(parent, name), "FinInstnId")
    if BIC.fullmatch(code):
        _put(agent, "BICFI", code)
    elif code:
        member = ET.SubElement(agent, "ClrSysMmbId")
        if currency in CLEARING:
            _put(ET.SubElement(member, "ClrSysId"), "Cd", CLEARING[currency])
        _put(member, "MmbId", code)
    said = _said(bank, currency)
    if said:
        _put(agent, "Nm", said)
