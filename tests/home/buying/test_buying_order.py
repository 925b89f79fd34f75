"""The order behind its secret link, its letters, and finding it again."""

from datetime import timedelta

from sqlalchemy import select

from shop import clock
from shop.db import reading, writing
from shop.makers import services as makers
from shop.orders import services as orders
from shop.orders.models import Refund
from shop.payments.sandbox import faults
from tests.factories.orders import agreed, lines, on_shelf, received, seller_orders, work_of
from tests.home.buying.steps import (
    ADDRESS,
    checkouts,
    counts,
    letters,
    newest_order,
    order_of,
    webhooks,
    work,
)
from tests.people import ADA, FEN, HOA, MEI


def test_a_strangers_link_opens_nothing_and_all_of_them_look_alike(anna, market):
    anna.order(market.variants["lotus"])
    secret = newest_order().secret
    pages = set()
    near = secret[:-1] + ("A" if secret[-1] != "A" else "B")
    for wrong in ("x" * 27, near, secret + "A", "short", "QS-ABCDEF", "%00" * 9, "~" * 27):
        for what in ("/pay", "/check", "/letter"):
            assert anna.client.send(f"/en/orders/{wrong}{what}").status_code == 404
        answer = anna.client.get(f"/en/orders/{wrong}")
        assert answer.status_code == 404
        pages.add(answer.get_data(as_text=True).replace(wrong, "…"))
    assert len(pages) == 1
    assert newest_order().state == "placed"


def test_the_orders_page_is_kept_by_nobody_and_tells_nobody_its_address(anna, market):
    anna.order(market.variants["lotus"])
    answer = anna.client.get(f"/en/orders/{newest_order().secret}")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert b'name="robots" content="noindex"' in answer.data


def test_an_unpaid_order_offers_to_pay_and_to_ask(anna, market):
    url = anna.order(market.variants["lotus"])
    group = newest_order()
    page = anna.see(f"/orders/{group.secret}", ceiling=16)
    assert page.h1 == "Your order waits for its payment"
    assert "1 of 6: Order received" in page.text
    assert "data-auto" in page.source
    assert "js/check-payment.js" in page.source
    assert page.post(f'form[action="/en/orders/{group.secret}/pay"]').headers["Location"] == url
    assert "held for you until" in page.text


def test_the_six_states_each_have_a_date_and_say_what_comes_next(anna, market):
    group = anna.buy(market.variants["lotus"])

    def seen(headline, step, *words):
        page = anna.see(f"/orders/{group.secret}", ceiling=16)
        assert page.h1 == headline
        assert f"of 6: {step}" in page.text
        for one in words:
            assert one in page.text, one
        return page

    page = seen("Paid, thank you", "Paid", "Asking who will make it", "It should leave by", "Expected between")
    assert len(page.all(".thread li.todo")) == 4
    assert "Lan" not in page.one(".stat")
    with reading() as session:
        order = work_of(session, group.id)[0]
        seller = seller_orders(session, group.id)[0]
    (assignment,) = agreed(order.id, {1: 1})
    page = seen("It is being made", "Being made", "Lan has said yes", "before she began", "¥236.00")
    assert "/en/makers/maker-0001" in page.hrefs(".thread a")
    received(assignment, 1)
    page = seen("Made and checked, soon on its way", "Checked", "From this day her pay is hers.")
    assert any(link.startswith("/en/p/QS-") for link in page.hrefs(".thread a"))
    with writing() as session:
        orders.dispatch(session, seller_order_id=seller.id, carrier="EMS", tracking="EE123456789CN", by=MEI)
    page = anna.see(f"/orders/{group.secret}", ceiling=16)
    assert page.h1.startswith("On its way, with you between")
    assert "With EMS, tracking number EE123456789CN" in page.text
    assert len(page.all(".thread li.now")) == 1
    with writing() as session:
        orders.deliver(session, seller_order_id=seller.id, by=MEI)
    page = seen("It has arrived", "Delivered")
    assert len(page.doc.cssselect(".thread time")) == 6
    assert not page.all(".thread li.todo")


def test_a_parcel_from_the_shelf_skips_being_made_and_names_its_maker(anna, market):
    group = anna.buy(market.variants["plate"], 2)
    page = anna.see(f"/orders/{group.secret}", ceiling=16)
    assert "of 5: Checked" in page.text
    assert "Zhao" in page.one(".stat")
    assert page.text.count("QS-0300-0") == 2
    assert "From the shelf" in page.text


def test_two_workshops_have_a_thread_each(anna, market):
    anna.add(market.variants["lotus"])
    group = anna.buy(market.variants["plate"])
    page = anna.see(f"/orders/{group.secret}", ceiling=16)
    assert len(page.all("ol.thread")) == 2
    assert "The way of the parcel from Workshop 2" in page.text


def test_the_page_speaks_three_languages_at_the_same_address(anna, market):
    group = anna.buy(market.variants["lotus"])
    page = anna.see(f"/orders/{group.secret}", ceiling=16)
    for lang in ("zh", "vi"):
        assert f"/{lang}/orders/{group.secret}" in page.hrefs(".lang a")
        anna.lang = lang
        shown = anna.see(f"/orders/{group.secret}", ceiling=16)
        assert {"zh": "已付款，谢谢", "vi": "Đã thanh toán, xin cảm ơn"}[lang] == shown.h1


def test_a_maker_who_is_not_named_is_not_named_here_either(anna, market):
    group = anna.buy(market.variants["lotus"])
    with reading() as session:
        order = work_of(session, group.id)[0]
    agreed(order.id, {1: 1})
    for item in ("name", "pay_per_piece"):
        with writing() as session:
            makers.withdraw_consent(session, maker_id=1, item=item, how="call", by=ADA)
    page = anna.see(f"/orders/{group.secret}", ceiling=16)
    assert "A maker has said yes" in page.text
    assert "Lan" not in page.text
    assert "236.00" not in page.source
    assert not page.all(".split"), "no share gives hers away"
    assert "¥52.00" not in page.source
    assert "¥30.40" not in page.source


def test_paid_is_said_of_her_only_once_she_confirmed_it(anna, market):
    from shop.payouts import services as payouts
    from shop.payouts.models import Payout
    from tests.people import TAO

    group = anna.buy(market.variants["plate"])
    with writing() as session:
        payouts.set_method(session, payee="maker:5", rail="cash", by=ADA)
    with writing() as session:
        batch, _ = payouts.draft_batch(session, pay_on=clock.today(), currency="CNY", by=TAO)
    with writing() as session:
        payouts.approve(session, batch_id=batch.id, by=FEN)
    with writing() as session:
        payout = session.scalars(select(Payout).where(Payout.payee == "maker:5")).one()
        payouts.draw_float(session, broker_id=2, amount_minor=payout.amount_minor, currency="CNY", by=TAO, key="f1")
        payouts.mark_sent(session, payout_ids=[payout.id], by=TAO)
    assert "confirmed on" not in anna.see(f"/orders/{group.secret}", ceiling=16).text
    with writing() as session:
        payouts.confirm(session, payout_id=payout.id, strength="self", route="coop_call", by=FEN)
    page = anna.see(f"/orders/{group.secret}", ceiling=16)
    assert "Zhao confirmed on" in page.text
    assert "her pay of ¥213.00 has reached her" in page.text


def test_money_given_back_is_shown_with_why_and_how_far(anna, market):
    group = anna.buy(market.variants["plate"])
    with reading() as session:
        line = lines(session, group.id)[0]
    with writing() as session:
        orders.cancel_line(session, line_id=line.id, by=FEN)
    page = anna.see(f"/orders/{group.secret}", ceiling=16)
    assert page.h1 == "This order was given back"
    assert "¥357.00 on its way back to you" in page.text
    work(anna.app)
    assert "¥357.00 sent back to you" in anna.see(f"/orders/{group.secret}", ceiling=16).text


def test_asking_when_stripe_is_silent_says_so_and_changes_nothing(anna, market, monkeypatch):
    from shop.payments.gateway import Gateway, OutcomeUnknown

    url = anna.order(market.variants["lotus"])
    anna.press(url)
    group = newest_order()

    def silent(*_, **__):
        raise OutcomeUnknown(reason="timeout")

    with monkeypatch.context() as patched:
        patched.setattr(Gateway, "find_checkout", silent)
        answer = anna.check(group.secret)
    assert answer.status_code == 503
    assert "The payment service does not answer." in answer.get_data(as_text=True)
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert newest_order().state == "placed"
    anna.check(group.secret)
    assert newest_order().state == "paid"


def test_a_reload_of_the_check_leads_to_the_order(anna, market):
    anna.order(market.variants["lotus"])
    secret = newest_order().secret
    for what in ("check", "pay", "letter"):
        assert anna.client.get(f"/en/orders/{secret}/{what}").headers["Location"] == f"/en/orders/{secret}"


def test_buttons_of_an_order_need_its_token(anna, market):
    anna.order(market.variants["lotus"])
    secret = newest_order().secret
    for what in ("check", "pay", "letter"):
        assert anna.client.post(f"/en/orders/{secret}/{what}").status_code == 400


def test_a_paid_order_empties_the_cart_and_its_count(anna, market):
    group = anna.buy(market.variants["lotus"])
    answer = anna.client.get(f"/en/orders/{group.secret}")
    assert any(one.startswith("cart_n=0;") for one in answer.headers.getlist("Set-Cookie"))
    assert "Your cart is empty." in anna.see("/cart").text


def test_paying_again_for_a_paid_order_leads_back_to_it(anna, market):
    group = anna.buy(market.variants["lotus"])
    answer = anna.client.send(f"/en/orders/{group.secret}/pay")
    assert answer.headers["Location"] == f"/en/orders/{group.secret}"
    assert len(checkouts()) == 1


def test_a_slow_payment_is_told_and_keeps_its_pieces(anna, market, at):
    at("2026-11-20 09:00")
    url = anna.order(market.variants["plate"], 3)
    anna.press(url, "pay", "wechat_pay")
    group = newest_order()
    anna.check(group.secret)
    page = anna.see(f"/orders/{group.secret}", ceiling=16)
    assert page.h1 == "Your payment is under way"
    assert anna.client.send(f"/en/orders/{group.secret}/pay").headers["Location"] == f"/en/orders/{group.secret}"
    at("2026-11-20 09:02")
    webhooks(anna.app)
    assert newest_order().state == "paid"


def test_an_order_nobody_paid_says_so_and_leads_to_the_cart(anna, market, at):
    at("2026-11-20 09:00")
    anna.order(market.variants["plate"])
    group = newest_order()
    at("2026-11-20 09:50")
    assert anna.client.send(f"/en/orders/{group.secret}/pay").headers["Location"] == f"/en/orders/{group.secret}"
    page = anna.see(f"/orders/{group.secret}", ceiling=16)
    assert page.h1 == "This order ran out unpaid"
    assert "Nothing was taken." in page.text
    assert "/en/checkout" in anna.see("/cart").hrefs()


def test_a_late_payment_with_pieces_left_is_an_order(anna, another, market, at):
    at("2026-11-20 09:00")
    url = anna.order(market.variants["plate"])
    group = newest_order()
    end(group.id)
    anna.press(url)
    webhooks(anna.app)
    assert order_of(group.id).state == "paid"
    assert letters("given_back") == []


def end(group_id):
    """The order has ended, though its payment page did not hear of it."""
    from shop.orders.services.settling import cancel_unpaid, held_order

    with writing() as session:
        cancel_unpaid(session, group=held_order(session, group_id=group_id))


def test_a_late_payment_without_pieces_is_given_back_whole_with_a_letter(anna, another, market):
    url = anna.order(market.variants["plate"], 3)
    group = newest_order()
    end(group.id)
    another().buy(market.variants["plate"], 1)
    anna.press(url)
    webhooks(anna.app)
    webhooks(anna.app)
    assert order_of(group.id).state == "refunded"
    with reading() as session:
        refund = session.scalars(select(Refund)).one()
    assert (refund.reason, refund.state, refund.amount_minor) == ("late_payment", "sent", 3 * 34200 + 1500)
    (letter,) = letters("given_back")
    assert letter.payload["to"] == ADDRESS["email"]
    page = anna.see(f"/orders/{group.secret}", ceiling=16)
    assert page.h1 == "This order was given back"
    assert "Paid too late, and given back" in page.text
    assert counts()["paid"] == 1


def test_news_twice_and_in_any_order_pays_once(anna, market):
    faults.switch(anna.app.config["SETTINGS"].instance_path, "duplicate", on=True)
    faults.switch(anna.app.config["SETTINGS"].instance_path, "reordered", on=True)
    anna.press(anna.order(market.variants["lotus"]))
    assert webhooks(anna.app) >= 4
    assert counts() == {"orders": 1, "paid": 1, "checkouts": 1, "payments": 1}
    assert len(letters("paid")) == 1


def test_the_news_comes_before_the_buyer_is_back(anna, market):
    anna.press(anna.order(market.variants["lotus"]))
    webhooks(anna.app)
    group = newest_order()
    assert group.state == "paid"
    anna.check(group.secret)
    assert counts()["payments"] == 1
    assert timedelta(0) <= clock.now() - group.paid_at < timedelta(minutes=1)


def test_a_parcel_that_was_lost_waits_for_nothing_more(anna, market):
    group = anna.buy(market.variants["plate"])
    with reading() as session:
        seller, line = seller_orders(session, group.id)[0], lines(session, group.id)[0]
    with writing() as session:
        orders.dispatch(session, seller_order_id=seller.id, carrier="EMS", tracking="EE1", by=HOA)
    with writing() as session:
        orders.lose_line(session, line_id=line.id, by=FEN)
    page = anna.see(f"/orders/{group.secret}", ceiling=16)
    assert not page.all(".thread li.todo")
    assert page.one(".thread li.now h3") == "Lost on the way"
    assert "Expected between" not in page.text


def test_what_was_cancelled_is_not_said_to_be_made_where_the_rest_comes_from_the_shelf(anna, market):
    on_shelf(market.variants["lotus"], 1, 1, by=MEI)
    group = anna.buy(market.variants["lotus"], 2)
    with reading() as session:
        (made,) = [line for line in lines(session, group.id) if line.source == "made"]
    with writing() as session:
        orders.cancel_line(session, line_id=made.id, by=FEN)
    page = anna.see(f"/orders/{group.secret}", ceiling=16)
    assert "said yes" not in page.text
    assert ", ," not in page.text
    assert [step for step in page.all(".thread li h3") if "made" in str(step).lower()] == []
