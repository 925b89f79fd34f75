"""Today: what now, on one screen, in few statements."""

from datetime import timedelta

import pytest

from shop import clock
from shop.brokers.models import Broker
from shop.db import reading, writing
from shop.work.models import WorkAssignment
from tests.desk.conftest import count
from tests.factories.catalog import publish
from tests.factories.orders import agreed, on_shelf, paid, received, work_of
from tests.people import ANNA, FEN, MEI, OTTO

CEILING = 9
"""Eight, and the question of the demo's bar whether this is a demo."""


def test_an_empty_day_says_so(mei, visit):
    page = visit("/desk/", client=mei, lang="zh")
    assert page.h1.startswith("Mei，今天0件事")
    assert "没有事等着您" in page.text


def test_everything_that_waits_stands_on_one_screen_in_eight_statements(shop, mei, visit, sent, at):
    sent()
    order = paid({shop.variants["knot"]: 12, shop.variants["lotus"]: 1})
    with reading() as session:
        lotus = next(each for each in work_of(session, order) if each.maker_minor == 23600)
    (ready,) = agreed(lotus.id, {1: 1})
    with writing() as session:
        session.get_one(WorkAssignment, ready).due_on = clock.today() - timedelta(days=2)
    mei.get("/desk/")
    page = visit("/desk/", client=mei, lang="zh", ceiling=CEILING)
    assert "晚了2天" in page.text  # to collect
    assert "¥236.00" in page.text  # awaiting her word
    assert "盘长结" in page.text  # to assign, with a proposal
    assert "照这样派" in page.text
    assert len(page.all("section.task")) >= 4


def test_lists_are_cut_and_lead_on(shop, mei, visit, knots):
    for _round in range(8):
        group_id = paid({shop.variants["knot"]: 1})
        with reading() as session:
            order = work_of(session, group_id)[0]
        agreed(order.id, {3: 1})
    mei.get("/desk/")
    page = visit("/desk/", client=mei, lang="zh", ceiling=CEILING)
    assert len(page.doc.cssselect("section[aria-labelledby=a1] li")) == 6
    assert "/desk/slips" in page.hrefs()
    more = visit("/desk/slips", client=mei, lang="zh", ceiling=CEILING)
    assert len(more.doc.cssselect("ul.rows > li")) == 8


def test_the_proposal_is_taken_with_one_tap_and_a_second_one_does_nothing_more(shop, mei, visit, knots):
    page = visit("/desk/", client=mei, lang="zh")
    form = f'form[action="/desk/work/{knots.id}/assign"]'
    wanted = page.form(form)
    after = page.submit(form)
    assert after.status == 200
    assert after.path == f"/desk/work/{knots.id}"
    with reading() as session:
        rows = session.query(WorkAssignment).all()
    assert sum(row.quantity for row in rows) == 12
    assert {f"q{row.maker_id}": str(row.quantity) for row in rows}.items() <= wanted.items()
    assert {row.state for row in rows} == {"asked"}
    again = page.submit(form)
    assert "0" in again.one(".note")
    assert count(WorkAssignment) == len(rows)


def test_a_broker_sees_nothing_of_anothers_day(shop, hoa, visit, knots, sent):
    sent()
    page = visit("/desk/", client=hoa, lang="vi")
    assert "hôm nay 0 việc" in page.text
    assert "Lan" not in page.text


def test_parcels_that_are_ready_wait_to_be_sent(shop, hoa, visit):
    on_shelf(shop.variants["plate"], 5, 1)
    with writing() as session:
        publish(session, shop, "plate")
    paid({shop.variants["plate"]: 1})
    assert "Leeds" in visit("/desk/", client=hoa, lang="vi", ceiling=CEILING).text


@pytest.mark.parametrize("lang", ["zh", "vi", "en"])
def test_the_day_speaks_her_language(shop, mei, visit, speaks, knots, sent, lang):
    sent()
    speaks(MEI, lang)
    visit("/desk/", client=mei, lang=lang)


def test_a_resting_broker_is_told_why(shop, mei):
    with writing() as session:
        session.get_one(Broker, 1).is_active = False
    assert mei.get("/desk/").status_code == 409
    with writing() as session:
        session.get_one(Broker, 1).is_active = True


def test_nobody_else_gets_in(shop, client, signed_in):
    assert client.get("/desk/").status_code == 303
    for who in (ANNA, OTTO, FEN):
        assert signed_in(who).get("/desk/").status_code == 403


def test_received_work_leaves_the_list(shop, mei, visit, slip):
    assert "李" in visit("/desk/", client=mei, lang="zh").text
    received(slip, 6)
    assert "要收的活" not in visit("/desk/", client=mei, lang="zh").text
