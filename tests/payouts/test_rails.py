"""Rails behind one interface: who can be paid by which, what goes out, and what is kept when a way changes."""

from datetime import date

import pytest
from sqlalchemy import inspect, select, text

from shop import schema
from shop.coop.models import Coop
from shop.db import engine, reading, writing
from shop.documents.bank import BadBankRows
from shop.errors import BadInput, Outdated
from shop.payouts import services as payouts
from shop.payouts.errors import NotYourPart
from shop.payouts.models import RAILS, Payout, PayoutBatch, PayoutMethod
from shop.payouts.rails import PAYOUT_RAILS, rails_for, terms_of, transfer_file
from tests.payouts.steps import approved, draft, kept, method, sent, state
from tests.people import ADA, FEN, TAO

ALIPAY = {"holder": "赵", "bank": "alipay", "account_no": "zhao@example.org"}


def settings(version: int = 0, **fields) -> None:
    with writing() as session:
        payouts.set_pay_settings(session, version=version, by=ADA, **fields)


def test_every_rail_of_the_database_has_its_code():
    assert set(PAYOUT_RAILS) == set(RAILS)
    assert rails_for("CNY") == ["bank_file", "wallet", "cash"]
    assert rails_for("VND") == ["bank_file", "vietqr", "wallet", "cash"]
    assert rails_for("EUR") == ["bank_file", "cash"]


@pytest.mark.parametrize(
    ("rail", "facts", "why"),
    [
        ("bank_file", {"holder": "Zhao", "account": "62220000111122"}, ""),
        ("bank_file", {"holder": "Zhao"}, "no_account"),
        ("bank_file", {"account": "62220000111122"}, "no_account"),
        ("wallet", {"holder": "Zhao", "bank": "alipay", "account": "zhao@example.org"}, ""),
        ("wallet", {"holder": "Zhao", "bank": "alipay"}, "no_account"),
        ("wallet", {"holder": "Zhao", "bank": "momo", "account": "0912345678"}, "no_bank"),
        ("vietqr", {"holder": "Lan", "bank_code": "970436", "account": "0011012345678"}, "other_currency"),
        ("cash", {}, "no_broker"),
    ],
)
def test_what_a_rail_lacks_leaves_a_payee_out_with_the_reason(shop, rail, facts, why):
    where = PayoutMethod(
        payee="maker:9", rail=rail, **{"holder": "", "bank": "", "bank_code": "", "account": "", **facts}
    )
    with reading() as session:
        terms = terms_of(session, currency="CNY")
    assert PAYOUT_RAILS[rail].lacks(where, terms, brokered=False) == why


def test_who_lacks_what_the_banks_columns_ask_for_is_left_out_and_listed(plates):
    settings(bank_profile="cn-interbank")
    method("maker:5", "bank_file", holder="Zhao", bank="Farm Bank", account_no="6222000011112222")
    with pytest.raises(payouts.batches.NothingToPay) as refused:
        draft()
    assert refused.value.data["left"] == 1
    with reading() as session:
        (left,) = payouts.outlook(session, currency="CNY").left
    assert (left.payee, left.amount_minor, left.why) == ("maker:5", 42_600, "no_bank")
    method(
        "maker:5", "bank_file", holder="Zhao", bank="Farm Bank", bank_code="402100000018", account_no="6222000011112222"
    )
    batch_id, left = draft()
    assert left == []
    (payout,) = approved(batch_id)
    assert payout.bank_code == "402100000018"


def test_a_wallet_is_paid_from_the_bank_account_and_its_results_come_by_our_reference(plates):
    method("maker:5", "wallet", **ALIPAY)
    batch_id, _ = draft()
    (payout,) = approved(batch_id)
    with reading() as session:
        batch, terms = session.get_one(PayoutBatch, batch_id), terms_of(session, currency="CNY")
    assert PAYOUT_RAILS["wallet"].file(batch, [payout], terms, lang="zh").content.startswith(b"PK")
    with writing() as session:
        payouts.bank_paid(session, payout_id=payout.id, by=TAO)
    assert (state(payout.id), kept("maker:5:in_transit"), kept("bank:main")) == ("sent", 0, 1_000_000 - 42_600)
    with writing() as session:
        payouts.bank_failed(session, payout_id=payout.id, by=TAO, returned=True)
    assert (state(payout.id), kept("maker:5:available"), kept("bank:main")) == ("returned", 42_600, 1_000_000)


def test_a_wallet_payout_that_has_not_left_us_is_cancelled_by_an_officer(plates):
    method("maker:5", "wallet", **ALIPAY)
    (payout,) = approved(draft()[0])
    with writing() as session:
        payouts.end_payout(session, payout_id=payout.id, reason="she has no phone any more", by=FEN)
    assert (state(payout.id), kept("maker:5:available")) == ("cancelled", 42_600)


@pytest.mark.parametrize(
    ("rail", "facts", "field"),
    [
        ("bank_file", {"holder": "", "account_no": "62220000111122"}, "holder"),
        ("bank_file", {"holder": "Zhao", "account_no": "NO_PHONE"}, "account"),
        ("bank_file", {"holder": "Zhao", "account_no": "62220000111122", "bank_code": "?"}, "bank_code"),
        ("vietqr", {"holder": "Lan", "account_no": "0011012345678", "bank_code": "97043"}, "bank_code"),
        ("wallet", {"holder": "Zhao", "account_no": "x", "bank": "alipay"}, "account"),
        ("wallet", {"holder": "Zhao", "account_no": "zhao@example.org", "bank": "purse"}, "wallet"),
    ],
)
def test_a_way_that_could_pay_nobody_is_refused_by_its_field_and_not_kept(shop, rail, facts, field):
    with pytest.raises(BadInput) as refused:
        method("maker:5", rail, **facts)
    assert refused.value.data["field"] == field
    with reading() as session:
        assert session.scalars(select(PayoutMethod)).all() == []


def test_a_batch_in_dong_goes_out_as_sheet_codes_and_message_without_decimals(shop):
    with reading() as session:
        batch = PayoutBatch(number=9, pay_on=date(2026, 11, 27), currency="VND")
        rows = [
            Payout(
                reference="P9-AB2CD", rail="bank_file", holder="Nguyễn Thị Đào", bank="Vietcombank", bank_code="970436",
                account="0011012345678", amount_minor=5_230_000, currency="VND",
            )
        ]  # fmt: skip
        terms = terms_of(session, currency="VND")
    for rail in ("bank_file", "vietqr"):
        assert PAYOUT_RAILS[rail].lacks(rows[0], terms, brokered=False) == ""
        assert PAYOUT_RAILS[rail].file(batch, rows, terms, lang="vi").content
    assert PAYOUT_RAILS["cash"].file(batch, rows, terms, lang="vi") is None
    rows[0].currency = "CNY"
    with pytest.raises(BadBankRows):
        PAYOUT_RAILS["bank_file"].file(batch, rows, terms, lang="vi")


def test_the_co_ops_own_account_makes_the_same_payouts_one_message(plates, at):
    settings(payer_name="云绸手艺合作社", payer_account="6217 0000 9999", payer_bank="农业银行")
    payout = sent("bank_file")
    with reading() as session:
        batch, terms = session.get_one(PayoutBatch, payout.batch_id), terms_of(session, currency="CNY")
    made = transfer_file(batch, [payout], terms, pay_on=batch.pay_on)
    assert f"<EndToEndId>{payout.reference}</EndToEndId>".encode() in made.content
    assert b"<CtrlSum>426.00</CtrlSum>" in made.content
    at("2026-11-29 09:00")
    assert transfer_file(batch, [payout], terms, pay_on=batch.pay_on).content == made.content, "a bank knows it again"


def test_only_the_administrator_sets_how_the_co_op_pays(shop):
    for by in (TAO, FEN):
        with pytest.raises(NotYourPart), writing() as session:
            payouts.set_pay_settings(session, version=0, by=by, bank_profile="cn-rural")
    settings(bank_profile="cn-rural")
    with pytest.raises(Outdated):
        settings(version=0, bank_profile="cn-generic")
    settings(version=1, bank_profile="cn-generic")
    for field, value in (
        ("bank_profile", "vn-payroll"),
        ("payer_account", "12"),
        ("payer_bank_code", "a b"),
        ("every_weeks", 9),
        ("cut_off_days", 7),
        ("counted_from", None),
    ):
        with pytest.raises(BadInput) as refused:
            settings(version=2, **{"every_weeks": 2, "counted_from": date(2026, 11, 27), field: value})
        assert refused.value.data["field"] == field


def test_the_change_of_the_table_keeps_payouts_and_everything_that_points_to_them(plates):
    payout = sent("bank_file")
    with writing() as session:
        payouts.bank_paid(session, payout_id=payout.id, by=TAO)
    before = table_rows()
    schema.downgrade(engine(), "0011")
    assert "bank_code" not in {column["name"] for column in inspect(engine()).get_columns("payout")}
    schema.upgrade(engine())
    assert table_rows() == before
    with engine().connect() as connection:
        if engine().dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    assert state(payout.id) == "sent"


def table_rows() -> dict[str, list[tuple]]:
    with engine().connect() as connection:
        return {
            table: [tuple(row) for row in connection.execute(text(f"SELECT * FROM {table} ORDER BY id"))]
            for table in ("payout_item", "confirmation", "payout_batch")
        } | {
            "payout_method": [
                tuple(row)
                for row in connection.execute(text("SELECT id, payee, rail, account, live, set_by FROM payout_method"))
            ],
            "payout": [
                tuple(row)
                for row in connection.execute(
                    text("SELECT id, batch_id, reference, rail, account, amount_minor, state, sent_at FROM payout")
                )
            ],
        }


def test_a_vietnamese_co_op_is_offered_its_own_columns(shop):
    with writing() as session:
        session.get_one(Coop, 1).currency = "VND"
    with reading() as session:
        assert terms_of(session, currency="VND").profile.sheet == "Chi luong"
