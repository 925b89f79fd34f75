"""A code in the cart: what the buyer sees before she gives any data, what is refused and how, and an order of nothing."""

import email
import email.policy
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from shop import clock
from shop.cart.models import Cart, Voucher
from shop.cart.vouchers import end_voucher
from shop.db import reading, writing
from shop.orders.models import OrderGroup, VoucherUse
from shop.orders.services import cancel_line
from tests.factories.orders import lines, voucher
from tests.home.buying.steps import checkouts, counts, letters, newest_order, order_of, webhooks, work
from tests.people import FEN


def make(code="LOTUS-20", **facts):
    with writing() as session:
        return voucher(session, code, **facts).id


def type_code(buyer, code="lotus-20", **fields):
    return buyer.client.post(f"/{buyer.lang}/cart/code", data={"code": code} | fields)


def letters_sent(app):
    """What all letters say, one after the other."""
    files = sorted((Path(app.instance_path) / "mail").glob("*.eml"))
    read = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]
    return " ".join(" ".join(letter.get_content().split()) for letter in read)


def in_cart():
    with reading() as session:
        return session.scalar(select(Cart.voucher_id))


def test_a_code_shows_what_it_takes_off_in_the_cart_and_before_any_personal_data(anna, market):
    make(amount_minor=2000)
    anna.add(market.variants["lotus"])
    page = anna.see("/cart", ceiling=6)
    assert "Voucher code" in page.text
    assert type_code(anna, " lotus - 20 ").status_code == 303
    page = anna.see("/cart", ceiling=6)
    assert "Voucher LOTUS-20" in page.text
    assert "−¥20.00" in page.text
    assert "¥372.00" in page.text
    assert "the makers' pay stays the same" in page.text
    checkout = anna.see("/checkout", ceiling=7)
    assert "Voucher LOTUS-20" in checkout.text
    assert "Continue to pay ¥372.00" in checkout.text


def test_a_cart_without_a_code_costs_no_further_statement(anna, market):
    anna.add(market.variants["lotus"])
    anna.see("/cart", ceiling=6)
    anna.see("/checkout", ceiling=6)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "There is no such code"),
        ("zh", "没有这个优惠码"),
        ("vi", "Không có mã này"),
    ],
)
def test_an_unknown_code_is_said_in_her_language_and_stays_in_the_field(anna, market, lang, words):
    anna.add(market.variants["lotus"])
    anna.lang = lang
    answer = type_code(anna, "nobodys")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert words in text
    assert 'value="nobodys"' in text
    assert 'href="#code"' in text
    assert in_cart() is None


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"percent": 5, "valid_from": 2}, "holds from"),
        ({"percent": 5, "minimum_minor": 50000}, "holds for pieces of ¥500.00 or more"),
        ({"percent": 5, "kind": "workshop", "workshop_id": 2}, "is only for pieces of"),
        ({"percent": 5, "kind": "workshop", "workshop_id": 1}, "takes more off than the workshop"),
    ],
)
def test_a_code_that_does_not_hold_says_why_and_changes_nothing(anna, market, facts, words):
    if "valid_from" in facts:
        facts = facts | {"valid_from": clock.today() + timedelta(days=facts["valid_from"])}
    make(**facts)
    anna.add(market.variants["lotus"])
    answer = type_code(anna)
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert in_cart() is None


def test_a_used_up_code_is_refused_and_her_own_unpaid_order_does_not_use_it_up_for_her(anna, another, market):
    make(percent=10, limit_all=1)
    anna.add(market.variants["lotus"])
    assert type_code(anna).status_code == 303
    assert anna.send(anna.form()).status_code == 303
    ben = another()
    ben.add(market.variants["lotus"])
    answer = type_code(ben)
    assert answer.status_code == 409
    assert "as often as it may be" in answer.get_data(as_text=True)
    page = anna.see("/cart")
    assert "Voucher LOTUS-20" in page.text
    assert "as often" not in page.text
    # a changed cart is another order; the one before is closed and gives its use back
    assert anna.add(market.variants["knot"]).status_code == 303
    assert anna.send(anna.form()).status_code == 303
    assert newest_order().voucher_minor == 3800 + 680
    with reading() as session:
        assert session.scalars(select(OrderGroup.state).order_by(OrderGroup.id)).all() == ["cancelled", "placed"]
        assert session.scalars(select(Voucher.used)).all() == [1]


def test_a_code_that_ends_while_it_lies_in_the_cart_is_told_and_can_be_taken_out(anna, market):
    voucher_id = make(percent=10)
    anna.add(market.variants["lotus"])
    type_code(anna)
    form = anna.form()
    with writing() as session:
        end_voucher(session, voucher_id=voucher_id, by=FEN)
    answer = anna.send(form)
    assert answer.status_code == 422
    assert "The code LOTUS-20 is over" in answer.get_data(as_text=True)
    page = anna.see("/cart")
    assert "is over" in page.text
    assert "Go to checkout" not in page.text
    assert anna.client.get("/en/checkout").status_code == 303
    assert type_code(anna, "", remove="1").status_code == 303
    page = anna.see("/cart")
    assert "¥392.00" in page.text
    assert "Go to checkout" in page.text
    assert counts()["orders"] == 0


def test_a_total_that_was_shown_with_the_code_is_not_taken_for_another(anna, market):
    make(percent=10)
    anna.add(market.variants["lotus"])
    form = anna.form()
    type_code(anna)
    answer = anna.send(form)
    assert answer.status_code == 409
    assert counts()["orders"] == 0


def test_her_second_use_is_refused_at_her_email_with_all_she_typed_and_a_way_on(anna, another, market):
    make(percent=10, limit_each=1)
    anna.add(market.variants["lotus"])
    type_code(anna)
    assert anna.send(anna.form()).status_code == 303
    again = another()
    again.add(market.variants["lotus"])
    type_code(again)
    form = again.form()
    answer = again.send(form, email="ANNA@example.org")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "you have used the code LOTUS-20 already" in text
    assert "14 Weaver’s Row" in text
    assert "Go on without the code LOTUS-20" in text
    answer = again.send(form, email="ANNA@example.org", without_code="1")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "14 Weaver’s Row" in text
    assert "Continue to pay ¥392.00" in text
    assert "LOTUS-20" not in text
    assert again.send(again.form()).status_code == 303
    assert newest_order().total_minor == 39200


def test_the_paid_order_page_and_letter_name_the_voucher(anna, app, market):
    make(amount_minor=2000)
    anna.add(market.variants["lotus"])
    type_code(anna)
    anna.press(anna.send(anna.form()).headers["Location"])
    group = newest_order()
    anna.check(group.secret)
    page = anna.see(f"/orders/{group.secret}", ceiling=16)
    assert "Voucher LOTUS-20" in page.text
    assert "−¥20.00" in page.text
    work(app)
    assert "Your voucher gave ¥20.00 of its price." in letters_sent(app)
    assert checkouts()[0].amount_minor == 37200


def test_an_order_that_a_voucher_pays_whole_needs_no_payment_page_and_is_paid(anna, app, market):
    make(percent=100, with_post=True)
    anna.add(market.variants["lotus"])
    type_code(anna)
    form = anna.form()
    assert "Place the order" in anna.see("/checkout").text
    answer = anna.send(form)
    group = newest_order()
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"/en/orders/{group.secret}")
    again = anna.send(form)
    assert again.headers["Location"] == answer.headers["Location"]
    assert (group.state, group.total_minor, group.voucher_minor) == ("paid", 0, 39200)
    assert checkouts() == []
    page = anna.see(f"/orders/{group.secret}", ceiling=16)
    assert "Paid, thank you" in page.text
    assert "A voucher gave all of it, ¥392.00" in page.text
    assert "Pay ¥" not in page.text
    work(app)
    assert webhooks(app) == 0
    assert len(letters("paid")) == 1
    with writing() as session:
        (line,) = lines(session, group.id)
        cancel_line(session, line_id=line.id, by=FEN)
    page = anna.see(f"/orders/{group.secret}", ceiling=16)
    assert "sent back to you" not in page.text
    assert "What you paid for it is given back" not in page.text
    work(app)
    assert "has paid your order" in letters_sent(app)
    assert "so no money goes back" in letters_sent(app)
    assert "ten working days" not in letters_sent(app)
    assert order_of(group.id).state == "refunded"


def test_guessing_codes_is_slowed_and_a_right_one_is_not(anna, market):
    make(percent=10)
    anna.add(market.variants["lotus"])
    answers = [type_code(anna, f"guess-{number}").status_code for number in range(22)]
    assert answers[:20] == [422] * 20
    assert answers[-1] == 429


def test_a_code_in_an_empty_browser_makes_no_cart_and_no_cookie(another):
    answer = type_code(another())
    assert answer.status_code == 303
    assert "Set-Cookie" not in answer.headers
    with reading() as session:
        assert session.scalar(select(Cart.id)) is None
        assert session.scalar(select(VoucherUse.id)) is None
