"""Faults and carriers' claims in the office: asked on the line's page, ended on a page of their own by somebody else."""

import pytest

from shop.db import reading, writing
from shop.orders import services as orders
from shop.orders.models import Fault, Refund
from tests.factories.orders import lines, seller_orders
from tests.office.day.rows import kept, row, rows
from tests.people import FEN, HOA, MEI, TAO


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_fault_is_asked_by_one_and_agreed_by_another(chain, as_, visit):
    with reading() as session:
        (line,), (seller,) = (f(session, chain.foreign["order_id"]) for f in (lines, seller_orders))
    with writing() as session:
        orders.dispatch(session, seller_order_id=seller.id, carrier="EMS", tracking="EE1", by=HOA)
    fen, tao = as_(FEN), as_(TAO)
    asked = visit(f"/office/orders/lines/{line.id}/fault", client=fen)
    assert "The maker keeps her pay of ¥213.00." in asked.text
    assert asked.submit("main form[method=post]").status == 422
    done = asked.submit("main form[method=post]", how="a crack in the glaze", passed="y")
    assert "A second person is asked to agree." in done.text
    assert "/office/faults/1" in done.source
    assert rows(Refund) == []
    assert "/office/faults/1" in visit("/office/tasks", client=tao, ceiling=20).source
    mine = visit("/office/faults/1", client=fen)
    assert "A second person has to agree." in mine.text
    assert not mine.doc.cssselect('form[action="/office/faults/1/agreed"]')
    assert fen.send("/office/faults/1/agreed").status_code == 404
    assert as_(MEI).send("/office/faults/1/agreed").status_code == 403
    assert tao.send("/office/faults/1/dropped").status_code == 403
    for lang in ("zh", "vi"):
        visit("/office/faults/1", client=as_(FEN, lang), lang=lang)
        visit(f"/office/orders/lines/{line.id}/fault", client=as_(FEN, lang), lang=lang)
    page = visit("/office/faults/1", client=as_(TAO, "en"))
    assert "¥357.00" in page.text
    assert "agreed, given back" in page.submit('form[action="/office/faults/1/agreed"]').text
    assert (row(Fault, 1).ended_by, rows(Refund)[0].reason) == (TAO.key, "fault")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_carriers_cover_is_typed_with_the_loss_and_ended_on_the_refunds_page(chain, as_, visit):
    with reading() as session:
        (line,), (seller,) = (f(session, chain.foreign["order_id"]) for f in (lines, seller_orders))
    with writing() as session:
        orders.dispatch(session, seller_order_id=seller.id, carrier="EMS", tracking="EE1", by=HOA)
    fen, form = as_(FEN), 'form[action="/office/refunds/1/claim"]'
    asked = visit(f"/office/orders/lines/{line.id}/lose", client=fen)
    assert asked.submit("main form[method=post]", cover="much").status == 422
    asked.submit("main form[method=post]", cover="200")
    assert (kept("carrier:ems:claims"), kept("expense:losses")) == (20000, 15700)
    for lang in ("zh", "vi"):
        visit("/office/refunds/1", client=as_(FEN, lang), lang=lang)
    page = visit("/office/refunds/1", client=as_(TAO))
    for wrong in ("", "x", "200.01"):
        assert page.submit(form, amount=wrong).status == 422
    assert as_(MEI).send("/office/refunds/1/claim", amount="1").status_code == 403
    assert "it paid ¥50.00" in page.submit(form, amount="50").text
    assert (kept("carrier:ems:claims"), kept("expense:losses")) == (0, 30700)
