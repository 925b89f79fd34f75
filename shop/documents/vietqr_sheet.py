"""Transfer codes of a batch on A4: one QR code a payee, with what to compare beside it (money.md §4)."""

from collections.abc import Sequence
from datetime import date

from shop.documents.bank import BankProfile, BankRow, bare_account, check_rows
from shop.documents.labels import day, label
from shop.documents.latin import plain
from shop.documents.press import pressed
from shop.documents.qr import qr_svg
from shop.documents.vietqr import vietqr
from shop.money import Money, format_money

SHEET = BankProfile(
    name="VietQR",
    sheet="",
    currency="VND",
    columns=(),
    account=r"[0-9A-Za-z]{6,19}",
    needs=("bank_code",),
    bank_code=r"[0-9]{6}",
    purpose="Tien cong {reference}",
    purpose_length=25,
)
"""What a payee must have: holder, account, and her bank's six-digit number (BIN)."""


def vietqr_sheet(rows: Sequence[BankRow], *, title: str, coop: str, pay_on: date, lang: str) -> bytes:
    """The PDF, in the order of ``rows``; the same rows give the same bytes. Raises BadBankRows."""
    check_rows(SHEET, rows)
    files = {}
    payees = []
    for number, row in enumerate(rows, 1):
        code = vietqr(
            bank_bin=row.bank_code,
            account=bare_account(row.account or ""),
            amount=row.amount,
            purpose=SHEET.purpose.format(reference=row.reference),
        )
        files[f"code-{number}.svg"] = qr_svg(code, module_px=1, border=2).encode()
        payees.append(
            {
                "number": number,
                "file": f"code-{number}.svg",
                "name": plain(row.payee),
                "bank": plain(row.bank) or row.bank_code,
                "account": bare_account(row.account or ""),
                "amount": format_money(row.amount, lang),
                "reference": row.reference,
            }
        )
    total = Money(sum(row.amount.minor for row in rows), "VND")
    data = {
        "lang": lang,
        "coop": coop,
        "title": title,
        "heading": label("vietqr_sheet", lang),
        "how": label("vietqr_how", lang),
        "day": day(pay_on, lang),
        "count": label("n_payees", lang, n=len(rows)),
        "total": format_money(total, lang),
        "payees": payees,
    }
    return pressed("vietqr", data, files, tagged=True)
