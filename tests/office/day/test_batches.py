"""A pay day in the office: drafted by one, approved by another, sent, and never called paid before she says so."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest

from shop import clock
from shop.db import writing
from shop.payouts import services as payouts
from shop.payouts.models import Payout, PayoutBatch, PayoutMethod
from shop.people.models import User
from tests.factories.orders import on_shelf
from tests.office.day.rows import bank_batch, bank_method, kept, plates, row, rows
from tests.people import ADA, FEN, MEI, PASSWORD, TAO
from tests.support.signing import with_password

ZHAOS = 42600
"""Two plates at 213.00."""


def test_the_treasurer_drafts_and_sees_who_is_left_out_and_why(chain, as_, visit):
    plates(chain)
    with writing() as session:
        session.query(PayoutMethod).filter_by(payee="maker:5").update({"live": False, "good_from": None})
    tao = as_(TAO)
    page = visit("/office/batches", client=tao)
    assert "1 person would be left out" in page.text
    assert "nobody has said how she wants her money" in page.text
    refused = page.submit("main form[method=post]")
    assert refused.status == 422
    assert "Nobody has pay waiting" in refused.one(".summary")
    assert len(rows(PayoutBatch)) == 1
    bank_method()
    made = visit("/office/batches", client=tao).submit("main form[method=post]")
    assert made.status == 200
    assert made.h1 == "Batch 2"
    assert rows(Payout)[-1].amount_minor == ZHAOS
    assert rows(Payout)[-1].state == "drafted"


def test_a_second_click_on_drafting_is_given_the_batch_of_the_first(chain, as_, visit, monkeypatch):
    monkeypatch.setattr("shop.payouts.services.batches.CHUNK", 1)  # the rest would fill a second batch
    plates(chain)
    on_shelf(chain.mine["variant_id"], 1, 1, by=MEI)
    page = visit("/office/batches", client=as_(TAO))
    assert page.submit("main form[method=post]").h1 == "Batch 2"
    assert page.submit("main form[method=post]").h1 == "Batch 2"
    assert len(rows(PayoutBatch)) == 2
    assert visit("/office/batches", client=as_(TAO)).submit("main form[method=post]").h1 == "Batch 3"


@pytest.mark.parametrize("number", ["", "x", "-1", "0", "999999999"])
def test_a_form_with_a_strange_number_drafts_as_ever(chain, as_, visit, number):
    plates(chain)
    page = visit("/office/batches", client=as_(TAO))
    assert page.submit("main form[method=post]", number="9" * 12).status == 422
    assert page.submit("main form[method=post]", number=number).h1 == "Batch 2"


@pytest.mark.parametrize("day", ["", "yesterday", "2020-01-01", "2099-01-01"])
def test_a_day_that_cannot_be_meant_drafts_nothing(chain, as_, visit, day):
    plates(chain)
    page = visit("/office/batches", client=as_(TAO)).submit("main form[method=post]", pay_on=day)
    assert page.status == 422
    assert len(rows(PayoutBatch)) == 1


def test_an_officer_approves_what_the_treasurer_drafted(chain, as_, visit):
    batch_id, payout = bank_batch(chain, approved=False)
    assert "Approve" not in visit(f"/office/batches/{batch_id}", client=as_(TAO), ceiling=16).text
    page = visit(f"/office/batches/{batch_id}", client=as_(FEN), ceiling=16)
    assert "It waits for you" in page.text
    done = page.submit(f'form[action="/office/batches/{batch_id}/approve"]')
    assert "Approved. Now the money can be sent." in done.text
    assert row(Payout, payout.id).state == "approved"
    assert kept("maker:5:in_transit") >= ZHAOS


def test_whoever_drafted_a_batch_is_refused_with_a_sentence_and_nothing_changes(chain, as_, visit):
    batch_id, payout = bank_batch(chain, approved=False)
    with writing() as session:
        session.get_one(User, TAO.user_id).role = "officer"
    tao = as_(TAO)
    assert (
        f"/office/batches/{batch_id}/approve" not in visit(f"/office/batches/{batch_id}", client=tao, ceiling=16).source
    )
    before = kept("maker:5:in_transit")
    refused = tao.send(f"/office/batches/{batch_id}/approve")
    assert refused.status_code == 403
    assert "A second person must approve it." in refused.get_data(as_text=True)
    assert (row(PayoutBatch, batch_id).state, row(Payout, payout.id).state) == ("drafted", "drafted")
    assert kept("maker:5:in_transit") == before


@pytest.mark.parametrize("who", [TAO], ids=["treasurer"])
def test_the_treasurer_does_not_approve(chain, as_, who):
    batch_id, _ = bank_batch(chain, approved=False)
    assert as_(who).send(f"/office/batches/{batch_id}/approve").status_code == 403
    assert row(PayoutBatch, batch_id).state == "drafted"


@pytest.mark.parametrize("who", [FEN, ADA], ids=["officer", "admin"])
def test_who_approves_neither_drafts_nor_sends(chain, as_, who):
    batch_id, payout = bank_batch(chain)
    client = as_(who)
    day = (clock.today() + timedelta(days=3)).isoformat()
    for path, fields in {
        "/office/batches": {"pay_on": day},
        f"/office/batches/{batch_id}/bank-file": {},
        f"/office/batches/{batch_id}/bank-done": {},
        f"/office/batches/{batch_id}/cash-sent": {"broker": "2"},
        f"/office/payouts/{payout.id}/bank": {"result": "done"},
        "/office/floats/1": {"amount": "10", "said": "draw:1000", "way": "draw"},
    }.items():
        assert client.send(path, **fields).status_code == 403, path
    assert row(Payout, payout.id).state == "approved"
    assert len(rows(PayoutBatch)) == 2


def test_a_draft_can_be_given_up_and_its_pay_waits_for_the_next(chain, as_, visit):
    batch_id, _ = bank_batch(chain, approved=False)
    early = as_(TAO).send(f"/office/batches/{batch_id}/bank-file")
    assert early.status_code == 409
    assert "Nothing of this batch is approved" in early.get_data(as_text=True)
    done = visit(f"/office/batches/{batch_id}", client=as_(TAO), ceiling=16).submit(
        f'form[action="/office/batches/{batch_id}/cancel"]'
    )
    assert "given up" in done.text
    assert row(PayoutBatch, batch_id).state == "cancelled"
    assert "1 person" in visit("/office/batches", client=as_(TAO)).one(".figs .good")


def sheet_of(response) -> list[list[object]]:
    book = openpyxl.load_workbook(BytesIO(response.data))
    return [[cell.value for cell in line] for line in book.active.iter_rows()]


def test_the_banks_sheet_marks_as_sent_first_and_keeps_accounts_as_text(chain, as_, visit):
    batch_id, payout = bank_batch(chain)
    tao = as_(TAO)
    empty = tao.get(f"/office/batches/{batch_id}/bank-file.xlsx")
    assert empty.status_code == 422
    assert "Nothing of it has been sent yet" in empty.get_data(as_text=True)
    assert row(Payout, payout.id).state == "approved"
    page = visit(f"/office/batches/{batch_id}", client=tao, ceiling=16)
    sent = page.submit(f'form[action="/office/batches/{batch_id}/bank-file"]')
    assert row(Payout, payout.id).state == "sent"
    (href,) = [href for href in sent.hrefs("main a") if href.endswith(".xlsx")]
    answer = tao.get(href)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="batch-2.xlsx"'
    assert "no-store" in answer.headers["Cache-Control"]
    heading, line = sheet_of(answer)
    assert heading[2] == "收款账号"
    assert line[1:3] == ["赵", "0622000011112222"]
    assert float(line[4]) == 426.0
    assert payout.reference in str(line[5])


def test_a_payout_the_bank_carried_out_is_on_no_sheet_again_and_is_not_called_paid(chain, as_, visit):
    batch_id, payout = bank_batch(chain)
    tao = as_(TAO)
    tao.send(f"/office/batches/{batch_id}/bank-file")
    before = kept("bank:main")
    for _ in range(2):
        assert tao.send(f"/office/payouts/{payout.id}/bank", result="done").status_code == 303
    assert kept("bank:main") == before - ZHAOS
    assert tao.get(f"/office/batches/{batch_id}/bank-file.xlsx").status_code == 422
    page = visit(f"/office/batches/{batch_id}", client=tao, ceiling=16)
    assert "the bank carried it out" in page.text
    assert "paid" not in page.text.replace("to be paid on", "").casefold()
    assert row(Payout, payout.id).state == "sent"


def test_all_results_at_once_book_each_payout_once(chain, as_, visit):
    batch_id, _payout = bank_batch(chain)
    tao = as_(TAO)
    tao.send(f"/office/batches/{batch_id}/bank-file")
    before = kept("bank:main")
    for _ in range(2):
        assert tao.send(f"/office/batches/{batch_id}/bank-done").status_code == 303
    assert kept("bank:main") == before - ZHAOS
    assert "reported on all" in visit(f"/office/batches/{batch_id}", client=tao, ceiling=16).text


def test_the_bank_reports_after_she_has_confirmed(chain, as_):
    batch_id, payout = bank_batch(chain)
    tao = as_(TAO)
    tao.send(f"/office/batches/{batch_id}/bank-file")
    with writing() as session:
        payouts.confirm(session, payout_id=payout.id, strength="self", route="coop_call", by=FEN)
    before = kept("bank:main")
    assert tao.send(f"/office/batches/{batch_id}/bank-done").status_code == 303
    assert (kept("bank:main"), row(Payout, payout.id).state) == (before - ZHAOS, "confirmed")


@pytest.mark.parametrize(("result", "state"), [("failed", "failed"), ("returned", "returned")])
def test_what_the_bank_could_not_pay_is_hers_again_and_waits(chain, as_, visit, result, state):
    batch_id, payout = bank_batch(chain)
    tao = as_(TAO)
    tao.send(f"/office/batches/{batch_id}/bank-file")
    tao.send(f"/office/payouts/{payout.id}/bank", result=result)
    assert row(Payout, payout.id).state == state
    assert kept("maker:5:available") == ZHAOS
    assert "¥426.00" in visit("/office/batches", client=tao).one(".figs .good")
    page = visit(f"/office/batches/{batch_id}", client=tao, ceiling=16)
    assert "¥426.00" in page.one(".figs .bad")


def test_a_result_that_is_none_changes_nothing(chain, as_):
    _, payout = bank_batch(chain)
    assert as_(TAO).send(f"/office/payouts/{payout.id}/bank", result="lost").status_code == 422
    assert row(Payout, payout.id).state == "approved"


def test_an_account_the_bank_cannot_take_keeps_everything_as_it_is_and_says_which(chain, as_):
    batch_id, payout = bank_batch(chain)
    with writing() as session:
        session.get_one(Payout, payout.id).account = "12"
        session.query(PayoutMethod).filter_by(payee="maker:5", rail="bank_file").update({"account": "12"})
    answer = as_(TAO).send(f"/office/batches/{batch_id}/bank-file")
    assert answer.status_code == 422
    assert payout.reference in answer.get_data(as_text=True)
    assert row(Payout, payout.id).state == "approved"


def test_cash_is_drawn_by_its_words_and_only_once(chain, as_, visit):
    tao = as_(TAO)
    brought_back(1)
    page = visit("/office/floats/1?amount=20000", client=tao)
    assert page.form("main form")["amount"] == "200.00"
    asked = page.submit("main form")
    assert "two hundred yuan" in asked.one(".note")
    assert kept("broker:1:float") == 0
    form = asked.form("main form")
    assert asked.submit("main form").status == 200
    assert kept("broker:1:float") == 20_000
    tao.post("/office/floats/1", data=form)
    assert kept("broker:1:float") == 20_000
    reused = tao.post("/office/floats/1", data=form | {"amount": "30.00", "said": "draw:3000"})
    assert reused.status_code == 409
    assert "used for something else" in reused.get_data(as_text=True)
    assert kept("broker:1:float") == 20_000


def brought_back(broker_id: int) -> None:
    """All her cash is with the co-op again."""
    with writing() as session:
        payouts.return_float(
            session, broker_id=broker_id, amount_minor=100_000, currency="CNY", by=TAO, key="all of it"
        )


def test_more_than_she_has_to_hand_over_is_refused_with_the_sum(chain, as_, visit):
    brought_back(1)
    asked = visit("/office/floats/1", client=as_(TAO)).submit("main form", amount="1000000.00")
    refused = asked.submit("main form")
    assert refused.status == 422
    assert "At most ¥236.00" in refused.text
    assert refused.form("main form")["amount"] == "1000000.00"
    assert (kept("broker:1:float"), kept("bank:main")) == (0, 4_900_000)


@pytest.mark.parametrize("before", ["111111111111111111", "9" * 40, "-1", "x"])
def test_a_page_of_batches_before_any_number_answers(chain, as_, before):
    assert as_(TAO).get(f"/office/batches?before={before}").status_code == 200


def test_a_sum_changed_after_it_was_said_back_is_said_back_anew(chain, as_, visit):
    before = kept("broker:1:float")
    asked = visit("/office/floats/1", client=as_(TAO)).submit("main form", amount="250.00")
    again = asked.submit("main form", amount="2500.00")
    assert "two thousand five hundred yuan" in again.one(".note")
    assert kept("broker:1:float") == before


@pytest.mark.parametrize("amount", ["", "0", "-5", "abc", "1.260", "NaN", "1e9"])
def test_a_sum_that_cannot_be_meant_moves_nothing_and_stays_on_the_page(chain, as_, visit, amount):
    before = kept("broker:1:float")
    page = visit("/office/floats/1", client=as_(TAO)).submit("main form", amount=amount)
    assert page.status == 422
    assert page.form("main form")["amount"] == amount
    assert kept("broker:1:float") == before


def test_more_than_she_holds_cannot_come_back(chain, as_, visit):
    held = kept("broker:1:float")
    asked = visit("/office/floats/1", client=as_(TAO)).submit("main form", amount="90000.00", way="back")
    refused = asked.submit("main form")
    assert refused.status == 409
    assert "too little in this account" in refused.one(".summary")
    assert kept("broker:1:float") == held


def test_an_officer_writes_down_how_she_wants_her_money(chain, as_, visit):
    with_password(FEN)
    page = visit("/office/payees/maker:2/method", client=as_(FEN))
    typed = {"rail": "bank_file", "holder": "李", "bank": "Farm Bank", "own_password": PASSWORD}
    refused = page.submit("main form", account="12", **typed)
    assert refused.status == 422
    assert refused.form("main form")["holder"] == "李"
    assert [each for each in rows(PayoutMethod) if each.payee == "maker:2"] == []
    page.submit("main form", account="6222 0000 1111 2222", **typed)
    (method,) = [each for each in rows(PayoutMethod) if each.payee == "maker:2"]
    assert (method.account, method.set_by) == ("6222000011112222", FEN.key)
    assert as_(TAO).send("/office/payees/maker:2/method", rail="cash").status_code == 403


def test_cash_is_marked_as_sent_for_one_broker_alone(chain, as_):
    plates(chain)
    with writing() as session:
        batch, _ = payouts.draft_batch(session, pay_on=clock.today(), currency="CNY", by=TAO)
    with writing() as session:
        payouts.approve(session, batch_id=batch.id, by=FEN)
    tao = as_(TAO)
    tao.send(f"/office/batches/{batch.id}/cash-sent", broker="1")
    assert rows(Payout)[-1].state == "approved"
    tao.send(f"/office/batches/{batch.id}/cash-sent", broker="2")
    assert rows(Payout)[-1].state == "sent"


@pytest.mark.parametrize(
    ("today", "offered"), [("2026-11-26 03:00", "27"), ("2026-11-27 03:00", "27"), ("2026-11-28 03:00", "4")]
)
def test_on_pay_day_itself_the_batch_is_offered_for_today(chain, as_, visit, at, today, offered):
    at(today)
    page = visit("/office/batches", client=as_(TAO), ceiling=20)
    assert page.form('form[action="/office/batches"]')["pay_on"].split()[0] == offered
