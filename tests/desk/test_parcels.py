"""Parcels: what goes in, the address she needs, sending, arriving, and a line that will not go."""

import pytest
from sqlalchemy import select

from shop.db import reading, writing
from shop.orders.models import OrderLine, Refund, SellerOrder, Shipment
from tests.desk.conftest import count, kept
from tests.factories.catalog import publish
from tests.factories.orders import agreed, lines, on_shelf, paid, place, received, seller_orders, work_of
from tests.people import MEI


@pytest.fixture
def plate(shop) -> int:
    """A parcel of Hoa's with one plate from the shelf, ready to be sent."""
    on_shelf(shop.variants["plate"], 5, 2)
    with writing() as session:
        publish(session, shop, "plate")
    group_id = paid({shop.variants["plate"]: 1}, note="为母亲的生日", phone="+44 20 1234")
    with reading() as session:
        return seller_orders(session, group_id)[0].id


@pytest.fixture
def lotus(shop) -> int:
    """A parcel of Mei's with one lotus that is still to be made."""
    group_id = paid({shop.variants["lotus"]: 1})
    with reading() as session:
        return seller_orders(session, group_id)[0].id


def seller(seller_id: int) -> SellerOrder:
    with reading() as session:
        return session.get_one(SellerOrder, seller_id)


def test_pieces_from_the_shelf_are_named_and_the_address_is_there(hoa, visit, plate):
    page = visit(f"/desk/orders/{plate}", client=hoa, lang="vi")
    assert "QS-0300-01" in page.text
    for word in ("1 High Street", "Leeds", "UNITED KINGDOM", "+44 20 1234", "为母亲的生日"):
        assert word in page.text
    assert "anna@example.org" not in page.source


def test_countries_are_named_in_the_readers_language_and_never_by_their_code(hoa, visit, plate):
    for path in ("/desk/", "/desk/orders", f"/desk/orders/{plate}"):
        page = visit(path, client=hoa, lang="vi")
        assert not any("GB" in words.split() for words in page.all("main p"))
    assert "Leeds, Vương quốc Anh" in visit("/desk/orders", client=hoa, lang="vi").text


def test_before_it_is_ready_the_street_is_nobodys_business(mei, visit, lotus):
    page = visit(f"/desk/orders/{lotus}", client=mei, lang="zh")
    assert "1 High Street" not in page.source
    assert "Leeds" in page.text


def test_sending_and_arriving(hoa, visit, plate):
    page = visit(f"/desk/orders/{plate}", client=hoa, lang="vi")
    gone = page.submit(f'form[action="/desk/orders/{plate}/dispatch"]', carrier="EMS", tracking="EE123456789VN")
    assert "EE123456789VN" in gone.text
    assert seller(plate).state == "dispatched"
    again = page.post(f'form[action="/desk/orders/{plate}/dispatch"]', carrier="DHL", tracking="2")
    assert again.status_code == 303
    assert count(Shipment) == 1
    arrived = gone.submit(f'form[action="/desk/orders/{plate}/delivered"]')
    assert seller(plate).state == "delivered"
    assert kept("broker:2:available") == 2736 + 1500
    assert "1 High Street" not in arrived.source
    assert "Hoa" in arrived.text  # who did it stands in the history


@pytest.mark.parametrize(
    ("carrier", "tracking", "said"),
    [
        ("", "EE1", "Xin ghi hãng vận chuyển"),
        ("EMS", "", "Xin ghi mã vận đơn"),
        ("x" * 61, "EE1", "Xin ghi hãng vận chuyển"),
        ("EMS", "\x00", "Xin ghi mã vận đơn"),
    ],
)
def test_a_parcel_needs_carrier_and_number(hoa, visit, plate, carrier, tracking, said):
    page = visit(f"/desk/orders/{plate}", client=hoa, lang="vi")
    after = page.submit(f'form[action="/desk/orders/{plate}/dispatch"]', carrier=carrier, tracking=tracking)
    assert after.status == 422
    assert said in after.text
    assert after.form(f'form[action="/desk/orders/{plate}/dispatch"]')["tracking"] in {tracking, ""}
    assert seller(plate).state == "ready"


def test_nothing_leaves_before_it_is_made(mei, lotus):
    assert mei.send(f"/desk/orders/{lotus}/dispatch", carrier="EMS", tracking="EE1").status_code == 409
    assert mei.send(f"/desk/orders/{lotus}/delivered").status_code == 303
    assert seller(lotus).state == "to_assign"


def test_a_line_nobody_has_begun_is_cancelled_and_paid_back(mei, visit, lotus):
    page = visit(f"/desk/orders/{lotus}", client=mei, lang="zh")
    with reading() as session:
        (line,) = session.scalars(select(OrderLine).where(OrderLine.seller_order_id == lotus))
    form = f'form[action="/desk/orders/{lotus}/lines/{line.id}/cancel"]'
    after = page.submit(form)
    assert "已取消" in after.text
    assert seller(lotus).state == "cancelled"
    page.post(form)
    assert count(Refund) == 1


def test_once_a_maker_said_yes_the_co_op_decides(mei, visit, shop):
    group_id = paid({shop.variants["lotus"]: 1})
    with reading() as session:
        order, line, part = (
            work_of(session, group_id)[0],
            lines(session, group_id)[0],
            seller_orders(session, group_id)[0],
        )
    agreed(order.id, {1: 1})
    page = visit(f"/desk/orders/{part.id}", client=mei, lang="zh")
    assert "取消要由总社定" in page.text
    assert not page.doc.cssselect('form[action$="/cancel"]')
    assert mei.send(f"/desk/orders/{part.id}/lines/{line.id}/cancel").status_code == 303
    assert count(Refund) == 0


def test_a_line_of_another_parcel_is_not_found(mei, shop, lotus, plate):
    with reading() as session:
        other = session.scalars(select(OrderLine).where(OrderLine.seller_order_id == plate)).one()
    assert mei.send(f"/desk/orders/{lotus}/lines/{other.id}/cancel").status_code == 404
    assert count(Refund) == 0


def test_the_history_says_who_did_what_for_whom(mei, visit, shop):
    group_id = paid({shop.variants["lotus"]: 1})
    with reading() as session:
        order, part = work_of(session, group_id)[0], seller_orders(session, group_id)[0]
    (assignment,) = agreed(order.id, {1: 1})
    received(assignment, 1)
    page = visit(f"/desk/orders/{part.id}", client=mei, lang="zh")
    assert "Mei代兰" in page.text
    assert "兰答应做了 · 上门" in page.text


def test_lists_by_state_and_an_unpaid_order_is_nobodys(mei, visit, shop, lotus, speaks):
    with writing() as session:
        unpaid = place(session, {shop.variants["lotus"]: 1}).group.id
    with reading() as session:
        hidden = seller_orders(session, unpaid)[0].id
    assert mei.get(f"/desk/orders/{hidden}").status_code == 404
    for lang in ("zh", "vi", "en"):
        speaks(MEI, lang)
        page = visit("/desk/orders", client=mei, lang=lang, ceiling=8)
        assert f"/desk/orders/{lotus}" in page.hrefs()
        assert f"/desk/orders/{hidden}" not in page.hrefs()
        visit("/desk/orders?state=delivered", client=mei, lang=lang)
        visit(f"/desk/orders/{lotus}", client=mei, lang=lang)
    assert mei.get("/desk/orders?state=nonsense&before=99999999999999999999").status_code == 200
