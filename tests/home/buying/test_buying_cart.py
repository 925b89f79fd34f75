"""The cart: what goes in, what is refused, and what it says."""

import pytest
from sqlalchemy import func, select

from shop.actor import COMMAND
from shop.cart.models import Cart, CartLine, ShippingRate
from shop.catalog import services as catalog
from shop.catalog.models import Product, Variant
from shop.catalog.services import Part
from shop.db import reading, writing
from shop.workshops.models import Workshop
from tests.home.buying.steps import NEAR, counts

BAD = ["-1", "0", "1.5", str(2**63), "two", "", "\x00", "1e2", "+1", " ", "1000", "٣"]


def lines() -> dict[int, int]:
    with reading() as session:
        return dict(session.execute(select(CartLine.variant_id, CartLine.quantity)).all())


def reprice(market, slug, price):
    """A new price: the co-op's part carries the difference."""
    with writing() as session:
        variant_id = market.variants[slug]
        split = {"lotus": (23600, 5200, 3040, 2360)}[slug]
        kinds = ("maker", "materials", "broker", "costs")
        parts = [
            Part(kind, minor, "broker:1" if kind == "broker" else "") for kind, minor in zip(kinds, split, strict=True)
        ]
        parts.append(Part("coop", price - sum(split), ""))
        catalog.set_price(session, variant_id=variant_id, price_minor=price, parts=parts, by=COMMAND)


def test_nothing_is_kept_of_a_visitor_before_the_first_piece(anna):
    page = anna.see("/cart")
    assert "Your cart is empty." in page.text
    assert "Set-Cookie" not in page.response.headers
    with reading() as session:
        assert session.scalar(select(func.count(Cart.id))) == 0


def test_the_first_piece_makes_the_cart_and_two_cookies(anna, market):
    answer = anna.add(market.variants["lotus"])
    assert (answer.status_code, answer.headers["Location"]) == (303, "/en/cart")
    secret, count = answer.headers.getlist("Set-Cookie")
    assert secret.startswith("cart=")
    assert "HttpOnly" in secret
    assert "SameSite=Lax" in secret
    assert f"Max-Age={60 * 86400}" in secret
    assert count.startswith("cart_n=1;")
    assert "HttpOnly" not in count
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_the_cart_says_everything_before_any_personal_data(anna, market):
    anna.add(market.variants["lotus"])
    anna.add(market.variants["plate"], 2)
    anna.see("/cart")  # what a process keeps is read once
    page = anna.see("/cart", ceiling=6)
    for words in (
        "Workshop 1",
        "Workshop 2",
        "Lotus pond",
        "Made by Lan",
        "¥236.00 to her",
        "Ready to ship",
        "Made in",
        "¥684.00",
        "¥342.00 each",
        "¥213.00 each to her",
        "United Kingdom",
        "3 pieces",
        "¥1,064.00",
        "Post, 2 tracked parcels",
        "¥27.00",
        "Import tax due on arrival",
        "¥1,091.00",
        "¥662.00 of your ¥1,064.00 goes to Lan, Zhao",
    ):
        assert words in page.text, words
    assert page.response.headers["Cache-Control"] == "private, no-store"
    assert page.one(".cart .num") == "3"


def test_the_cart_speaks_three_languages_within_six_statements(anna, market):
    anna.add(market.variants["lotus"])
    anna.add(market.variants["plate"])
    anna.see("/cart")  # what a process keeps is read once
    for lang, country in (("zh", "英国"), ("vi", "Vương quốc Anh"), ("en", "United Kingdom")):
        anna.lang = lang
        assert country in anna.see("/cart", ceiling=6).text
        anna.see("/checkout", ceiling=7)


@pytest.mark.parametrize("quantity", BAD)
def test_a_number_that_is_none_is_refused_and_nothing_changes(anna, market, quantity):
    variant_id = market.variants["lotus"]
    anna.add(variant_id, 2)
    for path in (f"/en/cart/lines/{variant_id}", "/en/cart/lines")[quantity == "0" :]:
        answer = anna.client.post(path, data={"variant_id": str(variant_id), "quantity": quantity})
        assert answer.status_code == 422
        text = answer.get_data(as_text=True)
        assert "Please give a whole number of pieces, 1 to 999." in text
        assert "<title>Error:" in text
    assert lines() == {variant_id: 2}


def test_of_several_who_can_make_it_none_is_named_as_the_one_who_gets_the_money(anna, market):
    anna.add(market.variants["lotus"])
    anna.add(market.variants["knot"])
    said = anna.see("/cart").text
    assert "goes to the makers." in said
    assert "goes to Lan" not in said


def test_nought_in_the_cart_takes_the_piece_out(anna, market):
    kept, gone = market.variants["plate"], market.variants["lotus"]
    anna.add(kept)
    anna.add(gone, 2)
    answer = anna.client.post(f"/en/cart/lines/{gone}", data={"quantity": "0"})
    assert answer.status_code == 303
    assert lines() == {kept: 1}


def test_a_missing_quantity_is_refused_and_makes_no_cart(anna, market):
    answer = anna.client.post("/en/cart/lines", data={"variant_id": str(market.variants["lotus"])})
    assert answer.status_code == 422
    with reading() as session:
        assert session.scalar(select(func.count(Cart.id))) == 0


@pytest.mark.parametrize("variant", ["", "0", "-3", "abc", str(2**63), "999999", "\x00", "1.0"])
def test_a_variant_that_is_none_cannot_be_put_in(anna, variant):
    answer = anna.client.post("/en/cart/lines", data={"variant_id": variant, "quantity": "1"})
    assert answer.status_code == 409
    assert "cannot be bought just now" in answer.get_data(as_text=True)
    assert lines() == {}


def test_an_address_with_a_huge_number_is_a_page_that_is_not_there(anna):
    assert anna.client.post(f"/en/cart/lines/{2**63}", data={"quantity": "1"}).status_code == 404


def test_more_than_the_shelf_holds_is_refused_with_what_is_left(anna, market):
    answer = anna.add(market.variants["plate"], 4)
    assert answer.status_code == 409
    assert "Only 3 of it are left" in answer.get_data(as_text=True)
    assert lines() == {}


def test_the_same_piece_added_twice_is_two_of_one_line(anna, market):
    anna.add(market.variants["lotus"])
    anna.add(market.variants["lotus"])
    assert lines() == {market.variants["lotus"]: 2}


def test_full_width_digits_are_digits(anna, market):
    anna.add(market.variants["lotus"], "２")
    assert lines() == {market.variants["lotus"]: 2}


def test_one_more_one_less_and_out(anna, market):
    variant_id = market.variants["lotus"]
    anna.add(variant_id)
    form = f'form[action="/en/cart/lines/{variant_id}"]'
    assert "¥760.00" in anna.see("/cart").submit(form, button="more").text
    assert "¥1,900.00" in anna.see("/cart").submit(form, quantity="5").text
    page = anna.see("/cart").submit(form, button="less")
    assert lines() == {variant_id: 4}
    page = page.submit(form, button="remove")
    assert "Your cart is empty." in page.text
    assert anna.client.get_cookie("cart_n", domain="127.0.0.1").value == "0"


def test_one_less_than_one_takes_it_out(anna, market):
    anna.add(market.variants["lotus"])
    anna.see("/cart").submit(f'form[action="/en/cart/lines/{market.variants["lotus"]}"]', button="less")
    assert lines() == {}


def test_one_more_than_there_is_keeps_what_was_typed(anna, market):
    variant_id = market.variants["plate"]
    anna.add(variant_id, 3)
    page = anna.see("/cart").submit(f'form[action="/en/cart/lines/{variant_id}"]', quantity="7")
    assert page.status == 409
    assert page.form(f'form[action="/en/cart/lines/{variant_id}"]')["quantity"] == "7"
    assert lines() == {variant_id: 3}


def test_the_country_changes_post_and_total(anna, market):
    with writing() as session:
        session.add(
            ShippingRate(
                workshop_id=1,
                country="VN",
                fee_minor=3800,
                second_fee_minor=3800,
                currency="CNY",
                days_min=5,
                days_max=9,
            )
        )
    anna.add(market.variants["lotus"])
    page = anna.see("/cart").submit('form[action="/en/cart/country"]', country="VN")
    assert "¥418.00" in page.text
    page = page.submit('form[action="/en/cart/country"]', country="CN")
    assert "¥392.00" in page.text
    assert "Import tax" not in page.text


@pytest.mark.parametrize("country", ["", "XX", "cn", "CHN", "\x00", "*", "ZZ"])
def test_a_country_that_is_none_is_refused(anna, market, country):
    anna.add(market.variants["lotus"])
    answer = anna.client.post("/en/cart/country", data={"country": country})
    assert answer.status_code == 422
    with reading() as session:
        assert session.scalar(select(Cart.country)) == "GB"


def test_a_country_nobody_sends_to_says_so_and_offers_no_checkout(anna, market):
    anna.add(market.variants["lotus"])
    with writing() as session:
        for rate in session.scalars(select(ShippingRate)):
            rate.country = "CN"
    page = anna.see("/cart")
    assert "We cannot send to this country yet: United Kingdom." in page.text
    assert "/en/checkout" not in page.hrefs()
    assert anna.client.get("/en/checkout").headers["Location"] == "/en/cart"


def test_a_changed_price_is_shown_and_accepted_by_a_button(anna, market):
    anna.add(market.variants["lotus"])
    reprice(market, "lotus", 40000)
    page = anna.see("/cart")
    assert "The price has changed from ¥380.00 to ¥400.00." in page.text
    assert "/en/checkout" not in page.hrefs()
    page = page.submit('form[action="/en/cart/prices"]')
    assert "The price has changed" not in page.text
    assert "/en/checkout" in page.hrefs()


def test_a_price_that_changes_once_more_is_asked_again(anna, market):
    anna.add(market.variants["lotus"])
    reprice(market, "lotus", 40000)
    page = anna.see("/cart")
    reprice(market, "lotus", 45000)
    page = page.submit('form[action="/en/cart/prices"]')
    assert page.status == 409
    assert "The price has changed from ¥380.00 to ¥450.00." in page.text


def test_another_quantity_does_not_accept_a_new_price_by_the_way(anna, market):
    anna.add(market.variants["lotus"])
    reprice(market, "lotus", 40000)
    page = anna.see("/cart").submit(f'form[action="/en/cart/lines/{market.variants["lotus"]}"]', button="more")
    assert "The price has changed from ¥380.00 to ¥400.00." in page.text


def test_a_piece_somebody_else_bought_is_said_to_be_gone(anna, another, market):
    anna.add(market.variants["plate"], 3)
    another().buy(market.variants["plate"], 2)
    page = anna.see("/cart")
    assert "Only 1 left" in page.text
    assert "/en/checkout" not in page.hrefs()
    another().buy(market.variants["plate"], 1)
    assert "Somebody was quicker." in anna.see("/cart").text
    page = anna.see("/cart").submit(f'form[action="/en/cart/lines/{market.variants["plate"]}"]', button="remove")
    assert "Your cart is empty." in page.text


def test_a_piece_withdrawn_while_in_the_cart_is_said_to_be_withdrawn(anna, market):
    anna.add(market.variants["lotus"])
    form = anna.form()
    with writing() as session:
        session.get_one(Product, market.products["lotus"]).state = "withdrawn"
    assert "It was withdrawn while it lay here." in anna.see("/cart").text
    answer = anna.send(form)
    assert answer.status_code == 409
    assert "cannot be bought just now" in answer.get_data(as_text=True)
    assert counts()["orders"] == 0


def test_a_workshop_that_rests_sells_nothing(anna, market):
    anna.add(market.variants["lotus"])
    form = anna.form()
    with writing() as session:
        session.get_one(Workshop, 1).is_open = False
    assert "Not for sale just now" in anna.see("/cart").text
    assert anna.send(form).status_code == 409
    assert counts()["orders"] == 0


def test_another_currency_is_never_added_up(anna, market):
    anna.add(market.variants["lotus"])
    anna.add(market.variants["plate"])
    with writing() as session:
        session.get_one(Variant, market.variants["plate"]).currency = "VND"
    page = anna.see("/cart")
    assert "Not for sale just now" in page.text
    assert page.all(".totals dd")[0] == "¥380.00"
    with writing() as session:
        session.get_one(Variant, market.variants["plate"]).currency = "CNY"


def test_pay_that_is_not_public_appears_nowhere_in_the_cart(anna, market, withdraw):
    anna.add(market.variants["lotus"])
    anna.add(market.variants["plate"])
    withdraw(1, "pay_per_piece", "name")
    page = anna.see("/cart")
    assert "236.00" not in page.source
    assert "¥449.00" not in page.source, "a sum that gives hers away"
    assert "Made by a maker of Workshop 1" in page.text
    assert "¥213.00 to her" in page.text
    assert "236.00" not in anna.see("/checkout").source


def test_a_posted_cart_from_another_site_is_refused(anna, market):
    answer = anna.client.post(
        "/en/cart/lines",
        data={"variant_id": str(market.variants["lotus"]), "quantity": "1"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 400
    assert lines() == {}


def test_a_cart_holds_a_hundred_lines_and_no_more(anna, market):
    with writing() as session:
        first = session.get_one(Variant, market.variants["lotus"])
        for place in range(100):
            extra = Variant(
                product_id=first.product_id, currency="CNY", price_minor=1000, sku=f"X{place}", size_label={}
            )
            session.add(extra)
        session.flush()
        ids = list(session.scalars(select(Variant.id).where(Variant.sku.like("X%"))))
    for variant_id in ids:
        assert anna.add(variant_id).status_code == 303
    answer = anna.add(market.variants["lotus"])
    assert answer.status_code == 422
    assert "at most 100 lines" in answer.get_data(as_text=True)
    assert len(anna.see("/cart", ceiling=7).all(".item")) == 100
    with writing() as session:
        for extra in session.scalars(select(Variant).where(Variant.id.in_(ids))):
            extra.price_minor = None


@pytest.mark.parametrize("token", ["x" * 5000, "nobody's", "é", "\\", "\x7f"])
def test_a_cookie_that_opens_nothing_is_an_empty_cart(app, market, token):
    client = app.test_client(use_cookies=False)
    headers = NEAR | {"Cookie": f"cart={token}"}
    assert "Your cart is empty." in client.get("/en/cart", headers=headers).get_data(as_text=True)
    data = {"variant_id": str(market.variants["lotus"]), "quantity": "1"}
    assert client.post("/en/cart/lines", data=data, headers=headers).status_code == 303


def test_a_reload_where_a_form_was_sent_to_leads_back(anna):
    assert anna.client.get("/en/cart/lines").headers["Location"] == "/en/cart"
