"""VietQR: a bank transfer as a QR code that any Vietnamese bank's app reads (NAPAS, QR for interbank transfer to accounts).

EMVCo's merchant-presented code: fields as tag, length, value; the last one is a CRC-16/CCITT over all before it, its own
tag and length included. Names stand beside the code, never in it.
"""

import re

from shop.documents.latin import latin
from shop.errors import BadInput
from shop.money import Money

NAPAS = "A000000727"
TO_ACCOUNT = "QRIBFTTA"
DONG = "704"
BIN = re.compile(r"[0-9]{6}")
ACCOUNT = re.compile(r"[0-9A-Za-z]{1,19}")
LONGEST_PURPOSE = 25


class BadQrTransfer(BadInput):
    """What is given makes no VietQR code. Data: field (bank_code, account, amount, purpose)."""

    code = "bad_qr_transfer"


def vietqr(*, bank_bin: str, account: str, amount: Money | None = None, purpose: str = "", bill: str = "") -> str:
    """The code's text: a transfer to an account; with an amount it is for one use. Raises BadQrTransfer.

    ``purpose`` goes without marks and may have 25 signs, ``bill`` is the receiver's own number.
    """
    said = latin(purpose)
    if not BIN.fullmatch(bank_bin):
        raise BadQrTransfer(field="bank_code")
    if not ACCOUNT.fullmatch(account):
        raise BadQrTransfer(field="account")
    if amount is not None and (amount.currency != "VND" or not 0 < amount.minor < 10**13):
        raise BadQrTransfer(field="amount")
    if said is None or max(len(said), len(bill)) > LONGEST_PURPOSE or latin(bill) != bill:
        raise BadQrTransfer(field="purpose")
    receiver = _field("00", bank_bin) + _field("01", account)
    parts = [
        _field("00", "01"),
        _field("01", "11" if amount is None else "12"),
        _field("38", _field("00", NAPAS) + _field("01", receiver) + _field("02", TO_ACCOUNT)),
        _field("53", DONG),
        _field("54", str(amount.minor)) if amount else "",
        _field("58", "VN"),
    ]
    more = (_field("01", bill) if bill else "") + (_field("08", said) if said else "")
    if more:
        parts.append(_field("62", more))
    text = "".join(parts) + "6304"
    return f"{text}{crc16(text.encode()):04X}"


def _field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02d}{value}"


def crc16(data: bytes) -> int:
    """CRC-16/CCITT as EMVCo wants it: polynomial 0x1021, begun with 0xFFFF, nothing mirrored (CRC-16/IBM-3740)."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc
