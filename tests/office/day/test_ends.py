"""What the office decides about pay that went wrong, and who may take a matter off the list."""

import pytest

from shop.coop.models import Task
from shop.coop.services import open_task
from shop.db import writing
from shop.ledger.models import Account
from shop.makers.models import Maker
from shop.office.services.tasks import CONTROLS
from shop.payouts import services as payouts
from shop.payouts.models import Payout, PayoutBatch, SpotCall
from tests.factories.ways import paid_by
from tests.office.day.rows import bank_batch, kept, plates, row, rows
from tests.people import ADA, FEN, HOA, LAN, MEI, TAO


def task(kind: str, **facts) -> int:
    with writing() as session:
        open_task(session, key=f"{kind}:1", kind=kind, facts=facts)
    return rows(Task)[-1].id


def witnessed(chain) -> int:
    """Lan's cash, witnessed on Mei's phone: a call is owed."""
    payout_id = chain.mine["payout_id"]
    with writing() as session:
        payouts.confirm(session, payout_id=payout_id, strength="witnessed", route="signature", by=MEI)
    return payout_id


@pytest.mark.parametrize("who", [TAO, FEN, ADA], ids=lambda who: who.role)
def test_a_spot_call_goes_off_the_list_only_by_its_answer(chain, as_, visit, who):
    witnessed(chain)
    (call,) = rows(Task)
    client = as_(who)
    assert f"/office/tasks/{call.id}/done" not in visit("/office/", client=client).source
    answer = client.send(f"/office/tasks/{call.id}/done")
    assert answer.status_code == 409
    assert "goes off the list by what comes of it" in answer.get_data(as_text=True)
    assert row(Task, call.id).done_at is None


@pytest.mark.parametrize("kind", sorted(CONTROLS))
def test_what_controls_the_treasurer_is_taken_off_by_an_officer_alone(chain, as_, visit, kind):
    payout_id = chain.mine["payout_id"]
    people = {"payee": "maker:5", "others": ["maker:1"], "text": "…"}
    facts = people if kind in {"one_account", "message", "method_call"} else {"payout_id": payout_id}
    task_id = task(kind, **facts)
    tao, fen = as_(TAO), as_(FEN)
    for path in ("/office/", "/office/tasks"):
        page = visit(path, client=tao)
        assert kind not in page.text
        assert f"/tasks/{task_id}/done" not in page.source
        assert f"/tasks/{task_id}/done" in visit(path, client=fen).source
    assert tao.send(f"/office/tasks/{task_id}/done").status_code == 403
    assert row(Task, task_id).done_at is None
    assert fen.send(f"/office/tasks/{task_id}/done").status_code == 303
    assert row(Task, task_id).done_by == FEN.key


def test_a_plain_matter_is_taken_off_by_whoever_did_it(chain, as_):
    task_id = task("refund_failed", order="QS-1")
    assert as_(TAO).send(f"/office/tasks/{task_id}/done").status_code == 303
    assert row(Task, task_id).done_by == TAO.key


def test_an_officer_ends_cash_that_never_came_with_the_reason(chain, as_, visit):
    payout_id = chain.foreign["payout_id"]
    path = f"/office/payouts/{payout_id}"
    assert "It never reached her" not in visit(path, client=as_(TAO), ceiling=16).text
    fen = as_(FEN)
    page = visit(path, client=fen, ceiling=16)
    empty = page.submit(f'form[action="{path}/end"]')
    assert empty.status == 422
    assert row(Payout, payout_id).state == "sent"
    done = visit(path, client=fen, ceiling=16).submit(f'form[action="{path}/end"]', reason="The bag was stolen.")
    assert row(Payout, payout_id).state == "failed"
    assert "The bag was stolen." in done.text
    assert "Fen" in done.text
    assert f"{path}/end" not in done.source
    assert kept("maker:5:in_transit") == 0
    again = fen.send(f"{path}/end", reason="The bag was stolen.")
    assert again.status_code == 409
    assert kept("maker:5:available") > 0


def test_an_officer_cancels_a_bank_payout_that_has_not_left(chain, as_):
    _batch_id, payout = bank_batch(chain)
    assert as_(TAO).send(f"/office/payouts/{payout.id}/end", reason="x").status_code == 403
    assert as_(ADA).send(f"/office/payouts/{payout.id}/end", reason="Wrong account.").status_code == 303
    assert row(Payout, payout.id).state == "cancelled"


def test_the_banks_return_after_her_word_is_a_button_and_a_matter_for_an_officer(chain, as_, visit):
    batch_id, payout = bank_batch(chain)
    tao = as_(TAO)
    tao.send(f"/office/batches/{batch_id}/bank-file")
    tao.send(f"/office/payouts/{payout.id}/bank", result="done")
    with writing() as session:
        payouts.confirm(session, payout_id=payout.id, strength="self", route="coop_call", by=FEN)
    page = visit(f"/office/batches/{batch_id}", client=tao, ceiling=16)
    assert page.doc.cssselect("button[value=returned]")
    before = kept("bank:main")
    assert tao.send(f"/office/payouts/{payout.id}/bank", result="returned").status_code == 303
    assert (row(Payout, payout.id).state, kept("bank:main")) == ("returned", before + payout.amount_minor)
    assert "had confirmed ¥426.00, and the bank sent it back" in visit("/office/", client=as_(FEN)).text


def test_names_of_who_sent_and_who_gave_up_stand_on_the_pages(chain, as_, visit):
    page = visit(f"/office/payouts/{chain.mine['payout_id']}", client=as_(FEN), ceiling=16)
    assert "Tao" in page.text
    batch_id, _ = bank_batch(chain, approved=False)
    as_(FEN).send(f"/office/batches/{batch_id}/cancel")
    assert "The draft was given up. Fen" in visit(f"/office/batches/{batch_id}", client=as_(TAO), ceiling=16).text


def test_whoever_wrote_down_how_she_is_paid_sees_why_another_must_approve(chain, as_, visit):
    plates(chain)
    pay_on = row(PayoutBatch, 1).pay_on
    paid_by("maker:5", by=FEN)
    with writing() as session:
        batch, _ = payouts.draft_batch(session, pay_on=pay_on, currency="CNY", by=TAO)
    fen = as_(FEN)
    page = visit(f"/office/batches/{batch.id}", client=fen, ceiling=16)
    assert "You wrote down how 1 person of this batch is paid." in page.text
    refused = fen.send(f"/office/batches/{batch.id}/approve")
    assert refused.status_code == 403
    assert "Somebody else must approve it." in refused.get_data(as_text=True)
    assert row(PayoutBatch, batch.id).state == "drafted"
    assert "It waits for you" in visit(f"/office/batches/{batch.id}", client=as_(ADA), ceiling=16).text


def test_the_list_keeps_sent_acknowledged_and_confirmed_apart_and_says_sent(chain, as_, visit):
    witnessed(chain)
    (line,) = visit("/office/batches", client=as_(TAO)).doc.cssselect("table tbody tr")
    cells = [cell.text_content().strip() for cell in line.cssselect("td")]
    assert cells[1] == "Sent"
    assert cells[3:] == ["¥875.00", "¥639.00", "¥236.00", "—"]
    with writing() as session:
        payouts.answer_spot_call(session, payout_id=chain.mine["payout_id"], answer="received", by=FEN)
    with writing() as session:
        payouts.confirm(session, payout_id=chain.foreign["payout_id"], strength="self", route="coop_call", by=FEN)
    (line,) = visit("/office/batches", client=as_(TAO)).doc.cssselect("table tbody tr")
    assert line.cssselect("td")[1].text_content() == "Confirmed"


def test_what_a_broker_laid_out_stands_on_her_cash_page_and_is_given_back(chain, as_, visit):
    with writing() as session:
        payouts.return_float(session, broker_id=1, amount_minor=100_000, currency="CNY", by=TAO, key="all")
    with writing() as session:
        payouts.confirm(session, payout_id=chain.mine["payout_id"], strength="self", route="card", by=LAN)
    tao = as_(TAO)
    assert "Give her cash" in visit("/office/", client=tao).text
    page = visit("/office/floats/1", client=tao)
    assert "¥236.00 of her own, which she laid out" in page.text
    asked = page.submit("main form", amount="236.00")
    assert asked.submit("main form").status == 200
    assert (kept("broker:1:credit"), kept("broker:1:float")) == (0, 0)
    assert [each.done_by for each in rows(Task) if each.kind == "float_short"] == [TAO.key]


def test_an_account_names_its_vouchers_in_words_and_keeps_the_keys_behind_them(chain, as_, visit):
    payout = row(Payout, chain.mine["payout_id"])
    (account,) = [each for each in rows(Account) if (each.kind, each.owner) == ("maker:in_transit", "1")]
    page = visit(f"/office/accounts/{account.id}", client=as_(TAO))
    (summary, *_rest) = page.all("details summary")
    assert summary == f"Payout {payout.reference}, Lan"
    assert "maker:in_transit" not in visit("/office/accounts", client=as_(TAO)).text


def test_a_maker_without_a_telephone_is_visited_and_every_answer_is_a_button(chain, as_, visit):
    with writing() as session:
        maker = session.get_one(Maker, 5)
        maker.phone, maker.phone_kind, maker.phone_verified_at = None, "none", None
    payout_id = chain.foreign["payout_id"]
    with writing() as session:
        payouts.confirm(session, payout_id=payout_id, strength="witnessed", route="signature", by=HOA)
    page = visit("/office/spot-calls", client=as_(FEN))
    assert "visit her" in page.text
    assert not page.doc.cssselect("table")
    assert len(page.doc.cssselect(f'form[action="/office/payouts/{payout_id}/call"] button')) == 4
    page.submit(f'form[action="/office/payouts/{payout_id}/call"]', answer="not_received")
    assert rows(SpotCall)[0].answer == "not_received"
    as_(FEN).send(f"/office/payouts/{payout_id}/end", reason="She was never there.")
    assert row(Payout, payout_id).state == "failed"
    assert [each.kind for each in rows(Task) if each.done_at is None] == []
