"""Whose word makes it confirmed: spot calls, calls of the co-op, what waits, and the statement."""

import pytest
from sqlalchemy import func, select

from shop.coop.models import Task
from shop.db import reading, writing
from shop.ledger.models import Earning
from shop.payouts import services as payouts
from shop.payouts.models import Confirmation, Payout, SpotCall
from tests.office.day.rows import kept, row, rows
from tests.people import FEN, HOA, MEI, TAO


@pytest.fixture
def witnessed(chain) -> Payout:
    """Lan's pay, acknowledged on Mei's phone; the co-op owes a call."""
    with writing() as session:
        return payouts.confirm(
            session, payout_id=chain.mine["payout_id"], strength="witnessed", route="signature", by=MEI
        )


def test_a_call_confirms_and_leaves_the_list_and_the_tasks(chain, witnessed, as_, visit):
    fen = as_(FEN)
    assert "A call to Lan" in visit("/office/", client=fen).text
    page = visit("/office/spot-calls", client=fen)
    assert "13800000001" in page.text
    page.submit("main form", button="received")
    assert row(Payout, witnessed.id).state == "confirmed"
    assert "No call is owed." in visit("/office/spot-calls", client=fen).text
    assert "A call to Lan" not in visit("/office/", client=fen).text
    (task,) = [each for each in rows(Task) if each.kind == "spot_call"]
    assert task.done_by == FEN.key


def test_a_call_that_did_not_reach_her_stays_owed(chain, witnessed, as_, visit):
    fen = as_(FEN)
    visit("/office/spot-calls", client=fen).submit("main form", button="not_reached")
    assert row(Payout, witnessed.id).state == "acknowledged"
    assert "not reached" in visit("/office/spot-calls", client=fen).text
    assert rows(Task)[0].done_at is None


@pytest.mark.parametrize("answer", ["not_received", "less_received"])
def test_any_other_answer_opens_a_case(chain, witnessed, as_, visit, answer):
    fen = as_(FEN)
    visit("/office/spot-calls", client=fen).submit("main form", button=answer)
    assert row(Payout, witnessed.id).state == "acknowledged"
    assert "Lan says that" in visit("/office/", client=fen).text


def test_who_sends_the_money_does_not_answer_for_her(chain, witnessed, as_, visit):
    tao = as_(TAO)
    assert visit("/office/spot-calls", client=tao).doc.cssselect("main form") == []
    assert tao.send(f"/office/payouts/{witnessed.id}/call", answer="received").status_code == 403
    assert tao.send(f"/office/payouts/{witnessed.id}", evidence="she said so").status_code == 403
    assert rows(SpotCall)[0].answer is None
    assert row(Payout, witnessed.id).state == "acknowledged"


def test_she_tells_an_officer_in_a_call(chain, as_, visit):
    payout_id = chain.foreign["payout_id"]
    page = visit(f"/office/payouts/{payout_id}", client=as_(FEN), ceiling=16)
    refused = page.submit(f'form[action="/office/payouts/{payout_id}"]', evidence="")
    assert refused.status == 422
    assert row(Payout, payout_id).state == "sent"
    page.submit(f'form[action="/office/payouts/{payout_id}"]', evidence="Fen called 138…5: I have it")
    assert row(Payout, payout_id).state == "confirmed"
    (said,) = rows(Confirmation)
    assert (said.strength, said.route, said.by, said.evidence) == (
        "self",
        "coop_call",
        FEN.key,
        "Fen called 138…5: I have it",
    )
    assert "I have it" in visit(f"/office/payouts/{payout_id}", client=as_(TAO), ceiling=16).text


def test_a_payout_leads_down_to_slip_and_order(chain, as_, visit):
    tao = as_(TAO)
    page = visit(f"/office/payouts/{chain.mine['payout_id']}", client=tao, ceiling=16)
    (slip,) = [href for href in page.hrefs("main a") if "/slips/" in href]
    (order,) = [href for href in page.hrefs("main a") if "/orders/" in href]
    assert "¥236.00" in visit(slip, client=tao).text
    assert "Lotus pond" in visit(order, client=tao, ceiling=20).text
    assert tao.get(f"/office/receipts/{chain.mine['receipt_id']}").headers["Location"].startswith("/office/slips/")


@pytest.mark.parametrize(("hours", "place"), [(1, 0), (24 * 4, 1), (24 * 8, 2)])
def test_what_was_sent_and_not_confirmed_ages_by_broker(chain, as_, visit, at, hours, place):
    from datetime import timedelta

    sent_at = row(Payout, chain.mine["payout_id"]).sent_at
    at((sent_at + timedelta(hours=hours)).isoformat())
    page = visit("/office/", client=as_(TAO))
    lines = {line.split()[0]: line for line in page.all(".ledger.fold tbody tr")}
    cells = list(page.all(".ledger.fold tbody tr:first-child td"))
    assert set(lines) >= {"梅", "Hoa"}
    assert [cell.startswith("¥") for cell in cells[:3]] == [place == each for each in range(3)]
    with writing() as session:
        payouts.confirm(session, payout_id=chain.mine["payout_id"], strength="witnessed", route="signature", by=MEI)
    assert "梅" not in " ".join(visit("/office/", client=as_(TAO)).all(".ledger.fold tbody tr"))


def test_have_and_owe_are_those_of_the_books(chain, as_, visit):
    page = visit("/office/", client=as_(TAO))
    have = sum(kept(name) for name in ("bank:main", "psp:stripe", "broker:1:float", "broker:2:float"))
    assert f"¥{have // 100:,}.{have % 100:02d}" in page.one(".figs > div:first-child")


@pytest.mark.parametrize("payee", ["maker:1", "maker:5", "broker:2"])
@pytest.mark.parametrize("lang", ["zh", "vi", "en"])
def test_a_statements_sum_is_what_the_books_say_she_earned(chain, as_, visit, payee, lang):
    with reading() as session:
        earned = session.scalar(select(func.sum(Earning.amount_minor)).where(Earning.owner == payee)) or 0
    page = visit(f"/office/statements/{payee}?lang={lang}", client=as_(TAO), lang=lang, ceiling=16)
    digits = "".join(sign for sign in page.one(".total b") if sign.isdigit())
    assert int(digits) == earned
    assert "400-000-0000" in page.one(".hotline")


def test_a_statement_comes_on_paper_too(chain, as_):
    answer = as_(TAO).get("/office/statements/maker:1/paper.pdf?lang=vi")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF")
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_broker_has_no_key_to_the_office_statements(chain, as_):
    for who in (MEI, HOA):
        assert as_(who).get("/office/statements/maker:1").status_code == 403
