"""Refunds that Stripe could not send, as the office sees and ends them: tried again, or by bank with a second person."""

import pytest

from shop.db import reading, writing
from shop.orders import services as orders
from shop.orders.models import OrderGroup, Refund
from shop.payments.models import StripeRefund
from tests.factories.orders import lines, pay, place
from tests.office.day.rows import kept, row, rows
from tests.people import ADA, FEN, HOA, MEI, TAO


@pytest.fixture
def failed(chain) -> Refund:
    """The plate's order was cancelled, and Stripe refused to send it back."""
    with reading() as session:
        (line,) = lines(session, chain.foreign["order_id"])
    with writing() as session:
        refund = orders.cancel_line(session, line_id=line.id, by=FEN)
    with writing() as session:
        sent = session.get_one(StripeRefund, 1)
        sent.state = "failed"
        orders.refund_sent(session, sent, None)
    return refund


def test_the_orders_page_says_that_it_failed_and_offers_what_can_be_done(failed, as_, visit):
    page = visit(f"/office/orders/{failed.group_id}", client=as_(FEN), ceiling=20)
    assert "¥357.00 could not be sent back to the buyer." in page.text
    done = page.submit(f'form[action="/office/refunds/{failed.id}/again"]')
    assert "It is on its way to Stripe again." in done.text
    assert row(Refund, failed.id).state == "decided"
    assert [each.ref for each in rows(StripeRefund)] == [f"refund:{failed.id}", f"refund:{failed.id}:2"]
    again = page.submit(f'form[action="/office/refunds/{failed.id}/again"]')
    assert again.status == 409
    assert len(rows(StripeRefund)) == 2


def test_it_goes_by_bank_when_a_second_person_says_so(failed, as_, visit):
    fen, tao = as_(FEN), as_(TAO)
    path = f"/office/refunds/{failed.id}"
    asked = visit(path, client=fen)
    empty = asked.submit(f'form[action="{path}/bank"]')
    assert empty.status == 422
    assert "please fill this in." in empty.one(".summary")
    told = asked.submit(f'form[action="{path}/bank"]', how="Anna, NWBK, GB29")
    assert "A second person has to say that the bank has sent it." in told.text
    assert f"{path}/bank/sent" not in told.source
    assert f"{path}/again" not in told.source
    assert fen.send(f"{path}/bank/sent").status_code == 404
    assert (row(Refund, failed.id).state, kept(f"buyer:{failed.group_id}:credit")) == ("failed", 35700)
    before = kept("bank:main")
    second = visit(path, client=tao)
    assert "Anna, NWBK, GB29" in second.text
    done = second.submit(f'form[action="{path}/bank/sent"]')
    assert "sent by bank" in done.text
    assert row(Refund, failed.id).bank_approved_by == TAO.key
    assert (kept(f"buyer:{failed.group_id}:credit"), before - kept("bank:main")) == (0, 35700)
    history = visit(f"/office/orders/{failed.group_id}", client=fen, ceiling=20).all(
        "section[aria-labelledby=history] tr"
    )
    assert any("¥357.00 went back by bank" in entry for entry in history)


def test_whoever_asked_may_take_it_back(failed, as_, visit):
    path = f"/office/refunds/{failed.id}"
    fen = as_(FEN)
    visit(path, client=fen).submit(f'form[action="{path}/bank"]', how="GB29")
    dropped = visit(path, client=fen).submit(f'form[action="{path}/bank/dropped"]')
    assert "It may be tried again." in dropped.text
    assert f"{path}/again" in dropped.source


@pytest.mark.parametrize("lang", ["zh", "vi", "en"])
def test_the_page_of_a_refund_is_whole_in_three_languages(failed, as_, visit, lang):
    visit(f"/office/refunds/{failed.id}", client=as_(ADA, lang), lang=lang)


def test_who_does_not_decide_changes_nothing(failed, as_):
    path = f"/office/refunds/{failed.id}"
    for who in (TAO, MEI, HOA):
        for what in ("again", "bank", "bank/dropped"):
            assert as_(who).send(f"{path}/{what}", how="GB29").status_code == 403
    assert as_(MEI).send(f"{path}/bank/sent").status_code == 403
    assert as_(FEN).get("/office/refunds/999").status_code == 404
    found = row(Refund, failed.id)
    assert (found.state, found.bank_asked_by) == ("failed", None)
    assert len(rows(StripeRefund)) == 1


def test_countries_are_named(failed, as_, visit):
    assert row(OrderGroup, failed.group_id).country == "GB"
    fen = as_(FEN)
    assert "United Kingdom" in visit(f"/office/orders/{failed.group_id}", client=fen, ceiling=20).text
    assert "United Kingdom" in visit("/office/orders", client=fen).text


def test_a_payment_that_no_order_took_is_given_back_from_the_orders_page(chain, as_, visit):
    with writing() as session:
        placed = place(session, {1: 1})
        order, checkout = placed.group.id, placed.checkout.id
    pay(checkout, currency="USD", amount=5000)
    path, button = f"/office/orders/{order}", f'form[action="/office/orders/payments/{checkout}/given-back"]'
    assert not visit(path, client=as_(TAO), ceiling=20).doc.cssselect(button)
    page = visit(path, client=as_(FEN), ceiling=20)
    assert "another sum or currency than we asked for" in page.text
    done = page.submit(button)
    assert "Done. The money goes back to the buyer." in done.text
    assert "a payment that no order took, US$50.00 go back" in done.text
    assert page.submit(button).status == 409
    assert [(each.amount_minor, each.currency) for each in rows(StripeRefund)] == [(5000, "USD")]
