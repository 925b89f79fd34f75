"""From an order to the payouts of its people, and back."""

import pytest
from sqlalchemy import select, update

from shop.db import reading, writing
from shop.office.queries import trail
from shop.orders.models import OrderLine, SellerOrder
from shop.payouts.models import Payout
from shop.people.models import User
from tests.people import ADA


def test_the_way_leads_from_order_and_slip_to_the_payout_and_back(chain, signed_in, visit):
    admin = signed_in(ADA)
    made, shelf = chain.mine["order_id"], chain.foreign["order_id"]
    with reading() as session:
        refs = {row.payee: row.reference for row in session.scalars(select(Payout))}
    page = visit(f"/office/orders/{made}/pay", client=admin, ceiling=16)
    (row,) = page.all("main tbody tr")
    assert row.startswith("Lotus pond Lan QS-M-0001 ")
    assert row.endswith(f" Slip {_slip(page)} 1 ¥236.00 {refs['maker:1']} Sent")
    assert f"/office/payouts/{chain.mine['payout_id']}" in page.hrefs("main a")
    # a piece from the shelf: one of three, paid with the others when they were accepted
    page = visit(f"/office/orders/{shelf}/pay", client=admin)
    (row,) = page.all("main tbody tr")
    assert "1 ¥213.00" in row
    assert refs["maker:5"] in row
    assert f"/office/orders/{shelf}/pay" in visit(f"/office/orders/{shelf}", client=admin, ceiling=20).hrefs("main a")
    page = visit(f"/office/slips/{chain.foreign['assignment_id']}", client=admin)
    assert refs["maker:5"] in page.one("main table tbody")
    assert f"/office/orders/{shelf}" in page.hrefs("main table a")
    page = visit(f"/office/payouts/{chain.foreign['payout_id']}", client=admin, ceiling=16)
    assert f"/office/orders/{shelf}" in page.hrefs("main table a")
    with reading() as session:
        line = session.scalars(
            select(OrderLine.id).join(SellerOrder).where(SellerOrder.group_id == made).order_by(OrderLine.id)
        ).first()
    assert len(visit(f"/office/orders/{made}/pay?line={line}", client=admin).all("main tbody tr")) == 1
    assert admin.get(f"/office/orders/{shelf}/pay?line={line}").status_code == 404


def _slip(page) -> str:
    return next(href for href in page.hrefs("main tbody a") if "/slips/" in href).rpartition("/")[2]


@pytest.mark.parametrize("lang", ["zh", "vi"])
def test_the_page_speaks_her_language(chain, signed_in, visit, lang):
    with writing() as session:
        session.execute(update(User).values(lang=lang))
    visit(f"/office/orders/{chain.mine['order_id']}/pay", client=signed_in(ADA), lang=lang)


def test_pages_of_earnings_leave_nothing_out(chain, monkeypatch):
    order = chain.mine["order_id"]
    with reading() as session:
        whole = trail.trail(session, order_id=order)
        seen, after = [], 0
        while True:
            page = trail.trail(session, order_id=order, after=after, limit=1)
            if not page:
                break
            seen += page
            after = page[-1].earning_id
    assert seen == whole
    assert whole
