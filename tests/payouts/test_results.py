"""The bank's own files: read in its words, compared, booked once, and what is not sure is listed and books nothing."""

import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.coop.models import Change
from shop.db import reading, writing
from shop.documents.tables import Column, Sheet, xlsx
from shop.money import Money
from shop.payouts import services as payouts
from shop.payouts.errors import NotYourPart
from shop.payouts.results.reading import LIMITS, BadResultFile, read_results
from shop.payouts.results.words import outcome_of
from tests.payouts.steps import ZHAO, kept, sent, state, tasks
from tests.people import FEN, TAO

PAY = 42_600
HEAD = "序号,用途,金额,处理结果,失败原因\n"


def table(payout, outcome: str, *, amount: str = "426.00", reason: str = "", reference: str = "") -> bytes:
    return f"{HEAD}1,工钱{reference or payout.reference},{amount},{outcome},{reason}\n".encode()


def read(content: bytes, name: str = "results.csv", currency: str = "CNY"):
    return read_results(content, name, currency=currency)


def plan(content: bytes):
    with reading() as session:
        return payouts.plan_results(session, rows=read(content))


def book(content: bytes) -> list[str]:
    """The fates as they are booked, row by row, as the office does it."""
    fates = []
    for row in read(content):
        for _ in range(2):
            with writing() as session:
                fate = payouts.book_result(session, row=row, by=TAO)
            fates.append(fate.fate)
            if len(fate.steps) <= 1:
                break
    return fates


def books() -> tuple[int, int, int]:
    return kept("maker:5:in_transit"), kept("maker:5:available"), kept("bank:main")


def test_paid_is_booked_once_and_is_still_not_her_word(plates):
    payout = sent("bank_file")
    content = table(payout, "交易成功")
    (fate,) = plan(content)
    assert (fate.fate, fate.steps, fate.payee, books()) == ("paid", ("paid",), "maker:5", (PAY, 0, 1_000_000))
    assert book(content) == ["paid"]
    after = books()
    assert after == (0, 0, 1_000_000 - PAY)
    assert book(content) == ["same"]
    assert (books(), state(payout.id)) == (after, "sent")


def test_failed_gives_it_back_to_her_with_the_banks_reason(plates):
    payout = sent("bank_file")
    content = table(payout, "失败", reason="账号户名不符")
    assert book(content) == ["failed"]
    assert (state(payout.id), books()) == ("failed", (0, PAY, 1_000_000))
    with reading() as session:
        (change,) = session.query(Change).filter_by(about=f"payout:{payout.id}").all()
    assert (change.kind, change.facts["reason"]) == ("payout_failed", "账号户名不符")
    assert book(content) == ["same"]
    assert books() == (0, PAY, 1_000_000)


def test_what_was_paid_and_comes_back_days_later_is_hers_again(plates, at):
    at("2026-11-27 09:00")
    payout = sent("bank_file")
    first = table(payout, "成功")
    book(first)
    at("2026-12-01 09:00")
    late = table(payout, "退票", reason="收款人账户已销户")
    assert book(late) == ["returned"]
    assert (state(payout.id), books()) == ("returned", (0, PAY, 1_000_000))
    assert tasks() == []
    assert book(first) == ["same"]
    assert book(late) == ["same"]
    assert books() == (0, PAY, 1_000_000)


@pytest.mark.parametrize("reported", [True, False])
def test_what_comes_back_after_her_word_becomes_a_case(plates, reported):
    payout = sent("bank_file")
    if reported:
        book(table(payout, "成功"))
    with writing() as session:
        payouts.confirm(session, payout_id=payout.id, strength="self", route="card", by=ZHAO)
    late = table(payout, "退回")
    (fate,) = plan(late)
    assert (fate.fate, fate.after_word) == ("returned", True)
    assert fate.steps == (("returned",) if reported else ("paid", "returned"))
    assert book(late)[-1] == "returned"
    assert (state(payout.id), books(), tasks()) == ("returned", (0, PAY, 1_000_000), ["back_after_word"])
    assert book(late) == ["same"]
    assert tasks() == ["back_after_word"]


def test_a_failure_after_carried_out_is_money_sent_back(plates):
    payout = sent("bank_file")
    book(table(payout, "成功"))
    assert book(table(payout, "失败")) == ["returned"]
    assert books() == (0, PAY, 1_000_000)


def test_one_file_may_say_that_it_went_out_and_that_it_came_back(plates):
    payout = sent("bank_file")
    content = table(payout, "成功") + f"2,{payout.reference},426.00,退汇,\n3,{payout.reference},426.00,退汇,\n".encode()
    assert [fate.fate for fate in plan(content)] == ["paid", "returned", "same"]
    assert book(content) == ["paid", "returned", "same"]
    assert books() == (0, PAY, 1_000_000)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"reference": "P99-ZZZZZ"}, "unknown_reference"),
        ({"reference": "nothing of ours"}, "no_reference"),
        ({"amount": "426.01"}, "other_amount"),
        ({"amount": "about 400"}, "bad_amount"),
        ({"amount": ""}, "bad_amount"),
        ({"outcome": "也许"}, "unknown_outcome"),
        ({"outcome": ""}, "unknown_outcome"),
    ],
)
def test_what_is_not_sure_is_listed_and_books_nothing(plates, changes, why):
    payout = sent("bank_file")
    before = books()
    content = table(payout, **{"outcome": "成功", **changes})
    (fate,) = plan(content)
    assert (fate.fate, fate.why, fate.row.row, fate.steps) == ("refused", why, 2, ())
    assert book(content) == ["refused"]
    assert (books(), state(payout.id)) == (before, "sent")


def test_cash_another_currency_and_contradictions_are_listed_too(plates):
    payout = sent("bank_file")
    odd = (HEAD.strip() + f",币种\n1,{payout.reference},426.00,成功,,USD\n").encode()
    assert [fate.why for fate in plan(odd)] == ["other_currency"]
    book(table(payout, "失败"))
    (fate,) = plan(table(payout, "成功"))
    assert (fate.fate, fate.why) == ("refused", "contradicts")


@pytest.mark.parametrize(
    ("more", "cells", "why"),
    [
        (",交易结果", ",失败", "unknown_outcome"),
        (",交易结果", ",处理中", "unknown_outcome"),
        (",币种", ",韩国纸币", "unknown_currency"),
        (",币种", ",港币", "other_currency"),
        (",交易结果,币种", ",成功,人民币", ""),
        (",交易结果", ",", ""),
    ],
)
def test_every_column_that_tells_an_outcome_or_a_currency_counts(plates, more, cells, why):
    payout = sent("bank_file")
    content = (HEAD.strip() + f"{more}\n1,{payout.reference},426.00,处理完成,{cells}\n").encode()
    (fate,) = plan(content)
    assert (fate.why, fate.fate) == (why, "refused" if why else "paid")


def test_a_failure_that_contradicts_her_word_is_left_to_a_person(plates):
    payout = sent("bank_file")
    with writing() as session:
        payouts.confirm(session, payout_id=payout.id, strength="self", route="card", by=ZHAO)
    before = books()
    assert book(table(payout, "失败")) == ["refused"]
    assert (books(), state(payout.id)) == (before, "confirmed")


def test_a_payout_in_cash_is_not_the_banks(plates):
    payout = sent("cash")
    assert [fate.why for fate in plan(table(payout, "成功"))] == ["not_by_bank"]


def test_what_the_bank_is_still_at_waits(plates):
    payout = sent("bank_file")
    assert book(table(payout, "处理中")) == ["pending"]
    assert state(payout.id) == "sent"


def test_only_the_treasurer_books_results(plates):
    payout = sent("bank_file")
    (row,) = read(table(payout, "成功"))
    with pytest.raises(NotYourPart), writing() as session:
        payouts.book_result(session, row=row, by=FEN)
    assert books() == (PAY, 0, 1_000_000)


def test_a_workbook_with_the_banks_name_above_its_headings_is_read():
    columns = [
        Column("Số tham chiếu"),
        Column("Nội dung"),
        Column("Số tiền", "money"),
        Column("Trạng thái"),
        Column("Lý do"),
    ]
    rows = [
        ["1", "Tien cong P48-AB2CD", Money(5_230_000, "VND"), "Thành công", ""],
        ["2", "Tien cong p48-ab2ce", Money(120_000, "VND"), "Không thành công", "Sai số tài khoản"],
    ]
    content = xlsx([Sheet("KQ", columns, rows, above=["Ngân hàng", "27/11/2026"])])
    found = read(content, "kq.xlsx", "VND")
    assert [(row.row, row.reference, row.outcome, row.amount_minor, row.reason) for row in found] == [
        (4, "P48-AB2CD", "paid", 5_230_000, ""),
        (5, "P48-AB2CE", "failed", 120_000, "Sai số tài khoản"),
    ]


PAIN_002 = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
<GrpHdr><MsgId>x</MsgId><CreDtTm>2026-11-27T10:00:00Z</CreDtTm></GrpHdr>
<OrgnlPmtInfAndSts><OrgnlPmtInfId>P1</OrgnlPmtInfId>
<TxInfAndSts><OrgnlEndToEndId>{reference}</OrgnlEndToEndId><TxSts>{status}</TxSts>{more}</TxInfAndSts>
</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"""
AMOUNT = '<OrgnlTxRef><Amt><InstdAmt Ccy="{currency}">{amount}</InstdAmt></Amt></OrgnlTxRef>'


def message(payout, status: str, more: str = "") -> bytes:
    return PAIN_002.format(reference=payout.reference, status=status, more=more).encode()


def test_pain_002_by_our_end_to_end_reference(plates):
    payout = sent("bank_file")
    assert [fate.fate for fate in plan(message(payout, "ACSP"))] == ["pending"]
    wrong = message(payout, "ACSC", AMOUNT.format(currency="CNY", amount="426.01"))
    assert [fate.why for fate in plan(wrong)] == ["other_amount"]
    other = message(payout, "ACSC", AMOUNT.format(currency="USD", amount="426.00"))
    assert [fate.why for fate in plan(other)] == ["other_currency"]
    reason = "<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>closed account</AddtlInf></StsRsnInf>"
    (row,) = read(message(payout, "RJCT", reason))
    assert (row.outcome, row.reason) == ("failed", "AC04 closed account")
    assert book(message(payout, "ACSC", AMOUNT.format(currency="CNY", amount="426"))) == ["paid"]
    assert book(message(payout, "ACSC")) == ["same"]
    assert [fate.why for fate in plan(message(payout, "XXXX"))] == ["unknown_outcome"]


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "a.csv", "no_headings"),
        (b"a,b\n1,2\n", "a.csv", "no_headings"),
        ("用途,金额\nP1-AB2CD,1\n".encode(), "a.csv", "no_headings"),
        (b"<x><y/></x>", "a.xml", "no_payments"),
        (b"<x><y><GrpSts>RJCT</GrpSts></y></x>", "a.xml", "all_refused"),
        (b"<x><y><GrpSts>ACCP</GrpSts></y></x>", "a.xml", "no_payments"),
        (b"<x", "a.xml", "damaged"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>', "a.xml", "entities"),
        (b"PK\x03\x04 broken", "a.xlsx", "damaged"),
        (b"\xd0\xcf\x11\xe0 old", "a.xls", "old_excel"),
        (b"x" * (LIMITS.size + 1), "a.csv", "too_large"),
        ((HEAD + "1,P1-AB2CD,1,ok,\n" * 2_001).encode(), "a.csv", "too_many_rows"),
    ],
)
def test_a_file_that_is_no_banks_is_refused_with_its_reason(content, name, reason):
    with pytest.raises(BadResultFile) as refused:
        read(content, name)
    assert refused.value.data["reason"] == reason


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        *(
            (word, "paid")
            for word in ("成功", "交易成功", "已入账", "Paid", "ACSC", "Thành công", "Giao dịch thành công")
        ),
        *((word, "failed") for word in ("失败", "不成功", "未成功", "Unsuccessful", "RJCT", "Không thành công", "Lỗi")),
        *((word, "returned") for word in ("退票", "已退回", "Returned", "Hoàn trả")),
        *((word, "pending") for word in ("处理中", "Pending", "ACSP", "Đang xử lý")),
        *((word, "paid") for word in ("交易成功(0000)", "成功（已入账）", "Paid [ok]")),
        *((word, "") for word in ("交易成功（已退汇）", "已付款(已退票)", "成功（部分）", "Success (returned)")),
        *((word, "") for word in ("unpaid", "not paid", "未入账", "chưa thành công", "maybe paid", "", "成功?失败")),
    ],
)
def test_a_banks_word_is_known_whole_or_not_at_all(said, outcome):
    assert outcome_of(said) == outcome


@given(st.binary(max_size=400))
def test_no_file_is_a_fault(content):
    for start in (b"", HEAD.encode(), b"<Document>"):
        try:
            read(start + content)
        except BadResultFile:
            continue


def test_a_workbook_that_hides_entities_is_refused():
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", '<!DOCTYPE x [<!ENTITY a "b">]><workbook/>')
    with pytest.raises(BadResultFile) as refused:
        read(out.getvalue(), "a.xlsx")
    assert refused.value.data["reason"] == "entities"
