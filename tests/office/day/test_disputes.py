"""Disputes and refunds made at Stripe, as the office sees them: a task each, a page that says what it means."""

import pytest

from shop import clock
from shop.db import reading, writing
from shop.orders import services as orders
from shop.orders.models import OrderGroup, Refund
from shop.payments.answers import DisputeAnswer, RefundAnswer
from tests.factories.orders import lines
from tests.office.day.rows import kept, row
from tests.people import ADA, FEN, MEI, TAO


def intent(chain) -> str:
    return row(OrderGroup, chain.foreign["order_id"]).settling_intent


def disputed(chain, state: str) -> None:
    back = 35700 if state == "won" else 0
    answer = DisputeAnswer(
        "dp_1", state, "fraudulent", intent(chain), 35700, "CNY", 35700, 7700, back, 0, "CNY", clock.now(), clock.now()
    )
    with writing() as session:
        orders.settle_dispute(session, answer)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_dispute_is_a_task_with_a_page_until_it_is_decided(chain, as_, visit):
    disputed(chain, "open")
    fen = as_(FEN)
    tasks = visit("/office/tasks", client=fen, ceiling=20)
    assert "The buyer's bank disputes the payment of order" in tasks.text
    assert "/office/disputes/1" in tasks.source
    for who, lang in ((TAO, "zh"), (ADA, "vi"), (FEN, "en")):
        visit("/office/disputes/1", client=as_(who, lang), lang=lang)
    assert "no parcel of this order leaves" in visit("/office/disputes/1", client=as_(FEN)).text
    assert as_(MEI).get("/office/disputes/1").status_code == 403
    assert as_(FEN).get("/office/disputes/9").status_code == 404
    line = chain.foreign["line_id"]
    refused = visit(f"/office/orders/lines/{line}/cancel", client=fen).submit("main form[method=post]")
    assert refused.status == 409
    assert "disputes the payment of order" in refused.one(".summary")
    disputed(chain, "lost")
    page = visit("/office/disputes/1", client=as_(FEN, "en"))
    assert "The buyer has her money from her bank." in page.text
    order = visit(f"/office/orders/{chain.foreign['order_id']}", client=as_(FEN), ceiling=22)
    assert "the dispute about ¥357.00 is lost" in order.text
    assert "/office/disputes/1" in order.source


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_refund_made_at_stripe_is_named_by_an_officer(chain, as_, visit):
    answer = RefundAnswer("re_9", "succeeded", 10000, "CNY", intent(chain))
    with writing() as session:
        assert orders.refund_seen(session, answer) == "reduction"
    with reading() as session:
        (line,) = lines(session, chain.foreign["order_id"])
    fen = as_(FEN)
    assert "is to be named" in visit("/office/tasks", client=fen, ceiling=20).text
    assert as_(TAO).send("/office/refunds/1/named", what="keep").status_code == 403
    for lang in ("zh", "vi"):
        visit("/office/refunds/1", client=as_(FEN, lang), lang=lang)
    page = visit("/office/refunds/1", client=as_(FEN))
    form = 'form[action="/office/refunds/1/named"]'
    assert page.submit(form).status == 422
    assert page.submit(form, what="return", line=str(line.id)).status == 409
    stock = kept("stock:2:pieces")
    done = page.submit(form, what="cancel", line=str(line.id))
    assert "Written down what it was for." in done.text
    found = row(Refund, 1)
    assert (found.reason, found.line_id, found.amount_minor, found.unnamed) == ("cancelled", line.id, 10000, False)
    assert (kept("stock:2:pieces") - stock, kept("expense:returns")) == (27300, 10000 - 35700)
    assert "is to be named" not in visit("/office/tasks", client=fen, ceiling=20).text
