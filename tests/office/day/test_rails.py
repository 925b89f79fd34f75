"""Rails and pay settings in the office: chosen, written down, sent and downloaded without script."""

from datetime import date
from io import BytesIO

import openpyxl
from lxml import etree
from pypdf import PdfReader

from shop import clock
from shop.coop.models import Coop
from shop.db import writing
from shop.payouts import services as payouts
from shop.payouts.models import Payout, PayoutBatch, PayoutMethod, PaySettings
from tests.factories.ways import in_force
from tests.office.day.rows import bank_batch, plates, row, rows
from tests.people import ADA, FEN, PASSWORD, TAO
from tests.support.signing import with_password

OWN = {
    "payer_name": "云绸",
    "payer_account": "6217 0000 9999",
    "payer_bank": "农业银行",
    "payer_bank_code": "103100000026",
}


def test_the_administrator_sets_how_the_co_op_pays_and_the_others_read_it(chain, as_, visit):
    with_password(ADA)
    page = visit("/office/pay-settings", client=as_(ADA))
    done = page.submit(
        "main form[method=post]", **OWN, own_password=PASSWORD, bank_profile="cn-interbank", every_weeks="2", counted_from="2026-11-27",
        cut_off_days="1", cut_off_hour="18",
    )  # fmt: skip
    assert "Saved." in done.text
    (kept,) = rows(PaySettings)
    assert (kept.bank_profile, kept.every_weeks, kept.counted_from) == ("cn-interbank", 2, date(2026, 11, 27))
    assert (kept.cut_off_days, kept.cut_off_hour, kept.drafts_itself) == (1, 18, False)
    assert "收款方联行号" in done.text
    read = visit("/office/pay-settings", client=as_(TAO))
    assert "批量代付" in read.text
    assert "Save" not in read.text
    assert as_(TAO).send("/office/pay-settings", payer_account="1").status_code == 403
    assert as_(FEN).send("/office/pay-settings", payer_account="1").status_code == 403
    assert rows(PaySettings)[0].payer_account == "6217 0000 9999"


def test_settings_that_cannot_be_meant_are_shown_again_with_what_was_typed(chain, as_, visit):
    with_password(ADA)
    page = visit("/office/pay-settings", client=as_(ADA))
    refused = page.submit("main form[method=post]", payer_account="12", payer_name="云绸", own_password=PASSWORD)
    assert refused.status == 422
    assert refused.form("main form[method=post]")["payer_name"] == "云绸"
    assert refused.one(".field.bad .err") == "An account number is 6 to 34 digits."
    for typed, said in (
        ({"payer_bank_code": "BIC!"}, "At most 20 letters and digits"),
        ({"every_weeks": "2"}, "please give a day of a week in which it pays"),
        ({"every_weeks": "x"}, "Not a valid choice."),
    ):
        told = page.submit("main form[method=post]", own_password=PASSWORD, **typed)
        assert told.status == 422
        assert said in told.one(".field.bad .err")
    assert rows(PaySettings) == []


def test_the_sheet_has_the_columns_that_the_co_op_chose_and_iso_20022_beside_it(chain, as_, visit):
    batch_id, payout = bank_batch(chain)
    with writing() as session:
        payouts.set_pay_settings(session, version=0, by=ADA, bank_profile="cn-rural", **OWN)
    tao = as_(TAO)
    page = visit(f"/office/batches/{batch_id}", client=tao, ceiling=17)
    page.submit(f'form[action="/office/batches/{batch_id}/bank-file"]')
    sheet = openpyxl.load_workbook(BytesIO(tao.get(f"/office/batches/{batch_id}/bank-file.xlsx").data)).worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["客户姓名", "卡号/账号", "代发金额", "备注"]
    assert sheet["B2"].value == "0622000011112222"
    answer = tao.get(f"/office/batches/{batch_id}/pain001.xml")
    assert answer.headers["Cache-Control"] == "private, no-store"
    root = etree.fromstring(answer.data)
    assert root.findtext(".//{*}EndToEndId") == payout.reference
    assert root.findtext(".//{*}CtrlSum") == "426.00"


def test_without_the_co_ops_account_no_message_is_made(chain, as_):
    batch_id, _payout = bank_batch(chain)
    tao = as_(TAO)
    tao.send(f"/office/batches/{batch_id}/bank-file")
    answer = tao.get(f"/office/batches/{batch_id}/pain001.xml")
    assert answer.status_code == 422
    assert "own account is not written down" in answer.get_data(as_text=True)


def test_an_officer_writes_down_a_wallet_and_the_list_pays_it(chain, as_, visit):
    with_password(FEN)
    page = visit("/office/payees/maker:5/method", client=as_(FEN))
    typed = {"rail": "wallet", "holder": "赵", "account": "zhao@example.org", "own_password": PASSWORD}
    refused = page.submit("main form.form", **typed)
    assert refused.status == 422
    page.submit("main form.form", wallet="alipay", **typed)
    method = [each for each in rows(PayoutMethod) if each.payee == "maker:5"][-1]
    assert (method.rail, method.bank, method.account) == ("wallet", "alipay", "zhao@example.org")
    in_force(method.id)
    assert visit("/office/payees/maker:5/method", client=as_(FEN)).form("main form.form")["wallet"] == "alipay"
    plates(chain)
    pay_on = row(PayoutBatch, 1).pay_on
    with writing() as session:
        batch, _ = payouts.draft_batch(session, pay_on=pay_on, currency="CNY", by=TAO)
    done = as_(ADA).send(f"/office/batches/{batch.id}/approve")
    assert done.status_code == 303
    tao = as_(TAO)
    sent = visit(f"/office/batches/{batch.id}", client=tao, ceiling=17).submit(
        f'form[action="/office/batches/{batch.id}/wallet"]'
    )
    assert "pay by it" in sent.text
    assert rows(Payout)[-1].state == "sent"
    sheet = openpyxl.load_workbook(BytesIO(tao.get(f"/office/batches/{batch.id}/wallet").data)).worksheets[0]
    assert [cell.value for cell in sheet[2]][1:5] == ["支付宝", "zhao@example.org", "赵", 426]


def test_a_sheet_of_qr_codes_is_downloaded_for_dong(chain, as_):
    with writing() as session:
        session.get_one(Coop, 1).currency = "VND"
        session.add(PayoutBatch(id=90, number=90, pay_on=date(2026, 11, 27), currency="VND", state="approved",
                                drafted_by=TAO.key, drafted_at=clock.now(), approved_by=FEN.key))  # fmt: skip
        session.flush()
        session.add(Payout(batch_id=90, payee="maker:5", reference="P90-AB2CD", rail="vietqr", holder="Nguyễn Thị Đào",
                           bank="Vietcombank", bank_code="970436", account="0011012345678", amount_minor=5_230_000,
                           currency="VND", state="sent", sent_at=clock.now()))  # fmt: skip
    answer = as_(TAO).get("/office/batches/90/vietqr")
    assert answer.mimetype == "application/pdf"
    assert "P90-AB2CD" in PdfReader(BytesIO(answer.data)).pages[0].extract_text()
    with writing() as session:
        session.query(Payout).filter_by(batch_id=90).delete()
        session.query(PayoutBatch).filter_by(id=90).delete()
        session.get_one(Coop, 1).currency = "CNY"
