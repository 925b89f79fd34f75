"""The letters of an order, and finding an order again by one."""

import email
import email.policy
from pathlib import Path

import pytest
from sqlalchemy import select

from shop.db import reading, writing
from shop.orders import services as orders
from shop.orders.models import OrderGroup, OrderLine
from tests.factories.orders import agreed, received, seller_orders, work_of
from tests.home.buying.steps import ADDRESS, letters, work
from tests.people import FEN, MEI


def sent(app) -> dict[str, email.message.EmailMessage]:
    """The letters in the folder, by subject."""
    found = {}
    for file in sorted((Path(app.instance_path) / "mail").glob("*.eml")):
        letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        found[letter["Subject"]] = letter
    return found


@pytest.mark.parametrize("lang", ["zh", "vi", "en"])
def test_every_letter_is_written_in_the_buyers_language(anna, market, lang):
    anna.lang = lang
    anna.add(market.variants["plate"])
    group = anna.buy(market.variants["lotus"])
    with reading() as session:
        order = work_of(session, group.id)[0]
        sellers = seller_orders(session, group.id)
        line = session.scalars(select(OrderLine).where(OrderLine.source == "shelf")).one()
    (assignment,) = agreed(order.id, {1: 1})
    received(assignment, 1)
    with writing() as session:
        orders.dispatch(session, seller_order_id=sellers[0].id, carrier="EMS", tracking="EE1", by=MEI)
        orders.deliver(session, seller_order_id=sellers[0].id, by=MEI)
    with writing() as session:
        orders.cancel_line(session, line_id=line.id, by=FEN)
    anna.client.send(f"/{lang}/orders/{group.secret}/letter")
    work(anna.app)
    hers = {subject: letter for subject, letter in sent(anna.app).items() if letter["To"] == ADDRESS["email"]}
    assert len(hers) == 7, list(hers)
    link = f"http://127.0.0.1:8000/{lang}/orders/{group.secret}"
    for subject, letter in hers.items():
        assert group.number in subject
        text = letter.get_content()
        assert link in text
        assert "⟦" not in text + subject
        assert "Anna Berg" in text
        assert letter["Content-Language"] == {"zh": "zh-Hans", "vi": "vi", "en": "en"}[lang]
    whole = " ".join(letter.get_content() for letter in hers.values())
    assert {"zh": "¥749.00", "vi": "749,00", "en": "¥749.00"}[lang] in whole
    brokers = [letter for letter in sent(anna.app).values() if letter["To"] != ADDRESS["email"]]
    assert {letter["To"] for letter in brokers} == {"mei@example.org", "hoa@example.org"}
    for letter in brokers:
        assert "http://127.0.0.1:8000/desk/" in letter.get_content()
        assert "⟦" not in letter.get_content()


@pytest.mark.parametrize("reason", ["late_payment", "double_payment", "over_payment", "return", "lost", "fault"])
def test_a_letter_about_a_refund_says_why(anna, market, reason):
    from shop.orders.mails import owe_order_mail

    group = anna.buy(market.variants["lotus"])
    with writing() as session:
        facts = {"reason": reason, "amount_minor": 12345}
        owe_order_mail(
            session, group=session.get_one(OrderGroup, group.id), template="given_back", key=reason, facts=facts
        )
    work(anna.app)
    (letter,) = [letter for subject, letter in sent(anna.app).items() if "¥123.45" in subject]
    assert "¥123.45" in letter.get_content()


def test_an_order_is_found_again_by_letter_alone(anna, another, market):
    group = anna.buy(market.variants["lotus"])
    somebody = another()
    right = somebody.client.send("/en/find-order", email="ANNA@example.org", number=group.number.lower())
    wrong = somebody.client.send("/en/find-order", email="eve@example.org", number=group.number)
    assert (right.status_code, right.headers["Location"]) == (wrong.status_code, wrong.headers["Location"])
    assert group.secret not in somebody.see("/find-order/sent").source
    (letter,) = letters("link")
    assert letter.payload["to"] == ADDRESS["email"]
    somebody.client.send("/en/find-order", email=ADDRESS["email"], number=group.number[3:])
    assert len(letters("link")) == 1, "once in ten minutes"


def test_finding_an_order_names_what_is_missing(anna):
    page = anna.see("/find-order").submit(email="", number="")
    assert page.status == 422
    assert page.hrefs(".summary a") == ["#email", "#number"]
    assert anna.client.send("/en/find-order", email="a@example.org\x00", number="QS-1").status_code == 422


def test_asking_for_links_is_slowed_down(anna, market):
    answers = [
        anna.client.send("/en/find-order", email="anna@example.org", number="QS-AAAAAA").status_code for _ in range(7)
    ]
    assert answers == [303] * 5 + [429] * 2


def test_the_link_is_sent_again_from_its_page(anna, market):
    group = anna.buy(market.variants["lotus"])
    answer = anna.client.send(f"/en/orders/{group.secret}/letter")
    assert answer.headers["Location"] == f"/en/orders/{group.secret}?letter=sent"
    assert "The link is on its way" in anna.see(f"/orders/{group.secret}?letter=sent", ceiling=16).text
    assert len(letters("link")) == 1
