"""Orders in the office: found, told whole, and what is given back said in words before it goes."""

import pytest

from shop.db import reading, writing
from shop.orders import services as orders
from shop.orders.models import OrderGroup, OrderLine, Refund, SellerOrder
from shop.outbox.models import OutboxRow
from shop.outbox.services import failed, lease, owe
from tests.factories.orders import lines, seller_orders
from tests.office.day.rows import kept, row, rows
from tests.people import FEN, HOA, MEI, TAO


def of(group_id: int) -> tuple[list[OrderLine], list[SellerOrder]]:
    with reading() as session:
        return lines(session, group_id), seller_orders(session, group_id)


@pytest.mark.parametrize("words", ["number", "anna@", "ANN", "nobody at all", "%", "_"])
def test_orders_are_found_by_number_name_or_mail(chain, as_, visit, words):
    number = row(OrderGroup, chain.mine["order_id"]).number
    page = visit(f"/office/orders?q={number[:6].lower() if words == 'number' else words}", client=as_(TAO))
    assert (number in page.text) == (words not in {"nobody at all", "%", "_"})


def test_orders_come_by_state_and_in_pages(chain, as_, visit, monkeypatch):
    from shop.office.queries import orders as found

    monkeypatch.setattr(found, "PAGE", 1)
    monkeypatch.setattr(found.orders, "__kwdefaults__", {**found.orders.__kwdefaults__, "limit": 2})
    tao = as_(TAO)
    first = visit("/office/orders?state=paid", client=tao)
    (following,) = first.hrefs("a[rel=next]")
    assert len(visit(following, client=tao).all("tbody tr")) == 1
    assert "Nothing found" in visit("/office/orders?state=cancelled", client=tao).text


def test_an_orders_history_says_who_did_what_for_whom(chain, as_, visit):
    page = visit(f"/office/orders/{chain.mine['order_id']}", client=as_(TAO), ceiling=20)
    history = " | ".join(page.all("section[aria-labelledby=history] tbody tr"))
    assert "Lan said yes (visit) Mei for Lan" in history
    assert "1 piece accepted" in history
    assert "¥236.00" in page.text
    assert "Broker 梅 ¥30.40" in page.text


def test_cancelling_says_what_goes_back_then_does_it_once(chain, as_, visit):
    (line,), _ = of(chain.foreign["order_id"])
    fen = as_(FEN)
    page = visit(f"/office/orders/{chain.foreign['order_id']}", client=fen, ceiling=20)
    (href,) = [href for href in page.hrefs("main a") if href.endswith("/cancel")]
    asked = visit(href, client=fen)
    assert "¥357.00 · three hundred fifty-seven yuan" in asked.text
    assert "post is given back too" in asked.text
    assert rows(Refund) == []
    done = asked.submit("main form")
    assert "The money goes back to the buyer." in done.text
    (refund,) = rows(Refund)
    assert (refund.amount_minor, refund.reason, refund.decided_by) == (35700, "cancelled", FEN.key)
    assert row(OrderLine, line.id).cancelled
    again = asked.submit("main form")
    assert again.status == 409
    assert "Nothing of it is left to give back." in again.one(".summary")
    assert len(rows(Refund)) == 1


def test_work_she_said_yes_to_is_not_cancelled(chain, as_, visit):
    found, _ = of(chain.mine["order_id"])
    asked = visit(f"/office/orders/lines/{found[0].id}/cancel", client=as_(FEN))
    refused = asked.submit("main form")
    assert refused.status == 409
    assert "A maker has said yes" in refused.one(".summary")
    assert not row(OrderLine, found[0].id).cancelled


def dispatched(chain) -> tuple[OrderLine, SellerOrder]:
    (line,), (seller,) = of(chain.foreign["order_id"])
    with writing() as session:
        orders.dispatch(session, seller_order_id=seller.id, carrier="EMS", tracking="EE1", by=HOA)
    return line, seller


def test_a_parcel_is_written_down_as_arrived_and_its_parts_are_released(chain, as_, visit):
    _, seller = dispatched(chain)
    before = kept("broker:2:available")
    page = visit(f"/office/orders/{chain.foreign['order_id']}", client=as_(FEN), ceiling=20)
    done = page.submit(f'form[action="/office/orders/parts/{seller.id}/delivered"]')
    assert "are released" in done.text
    assert row(SellerOrder, seller.id).state == "delivered"
    assert kept("broker:2:available") == before + 2736 + 1500


def test_a_return_leaves_her_pay_as_it_is(chain, as_, visit):
    line, seller = dispatched(chain)
    with writing() as session:
        orders.deliver(session, seller_order_id=seller.id, by=HOA)
    hers = kept("maker:5:in_transit")
    asked = visit(f"/office/orders/lines/{line.id}/return", client=as_(FEN))
    assert "The maker keeps her pay of ¥213.00." in asked.text
    asked.submit("main form")
    assert rows(Refund)[0].reason == "return"
    assert kept("maker:5:in_transit") == hers


def test_a_loss_is_borne_by_the_co_op(chain, as_, visit):
    line, _ = dispatched(chain)
    asked = visit(f"/office/orders/lines/{line.id}/lose", client=as_(FEN))
    asked.submit("main form")
    assert kept("expense:losses") == 35700
    assert "Given back" in visit(f"/office/orders/{chain.foreign['order_id']}", client=as_(FEN), ceiling=20).text


@pytest.mark.parametrize("what", ["return", "lose"])
def test_what_cannot_be_is_not_offered(chain, as_, what):
    (line,), _ = of(chain.foreign["order_id"])
    assert as_(FEN).get(f"/office/orders/lines/{line.id}/{what}").status_code == 404


@pytest.mark.parametrize("who", [TAO, MEI], ids=["treasurer", "broker"])
def test_who_does_not_decide_changes_nothing(chain, as_, who):
    line, seller = dispatched(chain)
    client = as_(who)
    for path in (f"/office/orders/lines/{line.id}/lose", f"/office/orders/parts/{seller.id}/delivered"):
        assert client.send(path).status_code == 403
    assert rows(Refund) == []
    assert row(SellerOrder, seller.id).state == "dispatched"


def parked() -> int:
    with writing() as session:
        owe(session, kind="sms", key="test:1", payload={"to": "13800000001", "text": "secret words"})
    with writing() as session:
        (job,) = [job for job in lease(session, limit=200) if job.key == "test:1"]
        failed(session, job, "no signal", hopeless=True)
        return job.id


def test_what_was_given_up_on_is_listed_without_its_contents_and_tried_again(chain, as_, visit):
    row_id = parked()
    page = visit("/office/outbox", client=as_(FEN))
    assert "no signal" in page.text
    assert "secret words" not in page.source
    assert "13800000001" not in page.source
    assert as_(TAO).send(f"/office/outbox/{row_id}/unpark").status_code == 403
    assert row(OutboxRow, row_id).state == "parked"
    page.submit("main form")
    assert row(OutboxRow, row_id).state == "pending"
    assert as_(FEN).send(f"/office/outbox/{row_id}/unpark").status_code == 303
