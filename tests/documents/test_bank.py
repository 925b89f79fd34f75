"""The sheet a bank takes."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from shop.documents.bank import BadBankRows, BankColumn, BankProfile, BankRow, bank_file
from shop.money import Money
from tests.documents.samples import yuan


def row(reference: str = "P47-K7M2Q", **changes: object) -> BankRow:
    facts: dict[str, object] = {
        "reference": reference,
        "payee": "高素英",
        "account": "6217 0000 1234 5678 901",
        "bank": "云绸农村信用社",
        "amount": yuan("1057.00"),
    }
    return BankRow(**{**facts, **changes})


def cells(content: bytes) -> list[list[object]]:
    return [[cell.value for cell in line] for line in load_workbook(BytesIO(content)).worksheets[0].iter_rows()]


def test_the_sheet_has_the_columns_banks_ask_for_and_our_reference():
    content = bank_file("cn-generic", [row(), row("P47-ZZZZZ", payee=" 王秀兰 ", amount=yuan("0.01"))])
    assert cells(content) == [
        ["序号", "收款人姓名", "收款账号", "开户行", "金额", "用途/附言"],
        [1, "高素英", "6217000012345678901", "云绸农村信用社", 1057, "工钱P47-K7M2Q"],
        [2, "王秀兰", "6217000012345678901", "云绸农村信用社", 0.01, "工钱P47-ZZZZZ"],
    ]


def test_an_account_is_text_to_its_last_digit():
    cell = load_workbook(BytesIO(bank_file("cn-generic", [row(account="0138001234567890123")]))).worksheets[0]["C2"]
    assert (cell.data_type, cell.number_format, cell.value) == ("s", "@", "0138001234567890123")


def test_who_cannot_be_paid_is_listed_by_fault_and_no_file_is_made():
    rows = [
        row("a"),
        row("b", account=None),
        row("c", account="   "),
        row("d", account="NO_PHONE"),
        row("e", payee=" "),
        row("f", amount=yuan("0")),
        row("g", amount=Money(500, "VND")),
        row("a"),
        row("r" * 60),
    ]
    with pytest.raises(BadBankRows) as refused:
        bank_file("cn-generic", rows)
    assert refused.value.data == {
        "rows": 9,
        "without_payee": ["e"],
        "without_account": ["b", "c"],
        "malformed_account": ["d"],
        "unpayable_amount": ["f", "g"],
        "reference_twice": ["a"],
        "reference_too_long": ["r" * 60],
    }


def test_a_batch_of_nobody_makes_no_file():
    with pytest.raises(BadBankRows):
        bank_file("cn-generic", [])


def test_full_width_digits_and_dashes_are_written_as_the_bank_reads_them():
    assert cells(bank_file("cn-generic", [row(account="６２１７-0000–1234")]))[1][2] == "621700001234"


def test_a_payee_named_like_a_formula_stays_text():
    cell = load_workbook(BytesIO(bank_file("cn-generic", [row(payee="=1+1")]))).worksheets[0]["B2"]
    assert (cell.data_type, cell.value) == ("s", "=1+1")


def test_the_same_rows_give_the_same_bytes():
    assert bank_file("cn-generic", [row()]) == bank_file("cn-generic", [row()])


def test_another_bank_is_another_profile_and_no_code():
    profile = BankProfile(
        name="test",
        sheet="Chi lương",
        currency="VND",
        columns=(
            BankColumn("Số tài khoản", "account"),
            BankColumn("Số tiền", "amount", "money"),
            BankColumn("ND", "purpose"),
        ),
        purpose="Tien cong {reference}",
    )
    content = bank_file(profile, [row(amount=Money(5230000, "VND"))])
    assert cells(content)[1] == ["6217000012345678901", 5230000, "Tien cong P47-K7M2Q"]
