"""A broker's own fee: she says herself, signed in, that it came; nobody else says it for her."""

from datetime import date

import pytest
from sqlalchemy import select

from shop.actor import COMMAND
from shop.coop.models import Task
from shop.db import reading, writing
from shop.ledger.chart import account
from shop.ledger.services import Draft, Earned, Move, post
from shop.payouts import services as payouts
from shop.payouts.errors import NotHerself
from shop.payouts.models import Confirmation, Payout
from tests.desk.conftest import state_of
from tests.factories.ways import paid_by
from tests.people import FEN, HOA, MEI, TAO


@pytest.fixture
def fee(shop) -> int:
    """Mei's fee of two parcels, sent by the bank."""
    moves = [Move(account("expense", "piecework"), account("broker:available", 1), 5872)]
    with writing() as session:
        earned = [Earned("broker:1", "fee:1", 5872)]
        post(session, [Draft("fee:1", "fee", "CNY", moves, source="fee:1", earned=earned)], by=COMMAND)
    paid_by("broker:1", "bank_file", holder="Mei", bank="Bank", account_no="622200001111")
    with writing() as session:
        batch, _left = payouts.draft_batch(session, pay_on=date(2026, 11, 27), currency="CNY", by=TAO)
    with writing() as session:
        payouts.approve(session, batch_id=batch.id, by=FEN)
    with writing() as session:
        payout = session.scalars(select(Payout)).one()
        payouts.mark_sent(session, payout_ids=[payout.id], by=TAO)
        payouts.bank_paid(session, payout_id=payout.id, by=TAO)
        return payout.id


def test_a_broker_confirms_her_own_fee_on_her_own_page(mei, hoa, visit, fee):
    page = visit("/desk/account", client=mei, lang="zh")
    assert "¥58.72" in page.one("section:first-of-type .big")
    for client in (hoa, mei):
        for path in (f"/desk/pay/{fee}", f"/desk/pay/{fee}/pin"):
            assert client.send(path, pin="4271").status_code in {404, 405}
    assert hoa.send(f"/desk/account/{fee}/received").status_code == 404
    assert state_of(fee) == "sent"
    after = page.submit(f'form[action="/desk/account/{fee}/received"]')
    assert "记下了" in after.text
    assert state_of(fee) == "confirmed"
    with reading() as session:
        (word,) = session.scalars(select(Confirmation)).all()
    assert (word.strength, word.route, word.by) == ("self", "account", MEI.key)
    assert mei.send(f"/desk/account/{fee}/received").status_code == 303
    assert not visit("/desk/account", client=mei).doc.cssselect(f'form[action="/desk/account/{fee}/received"]')


def test_her_no_is_a_case_of_the_co_op(mei, visit, fee, speaks):
    speaks(MEI, "vi")
    page = visit("/desk/account", client=mei, lang="vi")
    page.submit(f'form[action="/desk/account/{fee}/missing"]')
    assert state_of(fee) == "sent"
    with reading() as session:
        (task,) = session.scalars(select(Task).where(Task.kind == "not_received")).all()
    assert (task.facts["payee"], task.facts["said_by"]) == ("broker:1", "account")
    assert not visit("/desk/account", client=mei).doc.cssselect(f'form[action="/desk/account/{fee}/missing"]')


@pytest.mark.parametrize("route", ["account", "card", "sms", "coop_call"])
def test_no_other_broker_and_no_other_way_says_it_for_her(fee, route):
    with pytest.raises(Exception) as refused, writing() as session:
        payouts.confirm(session, payout_id=fee, strength="self", route=route, by=HOA if route == "account" else MEI)
    if route != "account":
        assert isinstance(refused.value, NotHerself)
    assert state_of(fee) == "sent"
