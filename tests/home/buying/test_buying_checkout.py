"""The checkout: what it asks, what it refuses, and that it places one order however often it is sent."""

import pytest
from sqlalchemy import select

from shop.actor import COMMAND
from shop.cart.models import ShippingRate
from shop.catalog import services as catalog
from shop.catalog.models import Variant
from shop.catalog.services import Part
from shop.db import reading, writing
from shop.orders.models import OrderLine
from tests.home.buying.steps import ADDRESS, counts, newest_order, order_of, webhooks

ONE = {"orders": 1, "paid": 0, "checkouts": 1, "payments": 0}
NOTHING = {"orders": 0, "paid": 0, "checkouts": 0, "payments": 0}


def left(variant_id) -> tuple[int, int]:
    with reading() as session:
        variant = session.get_one(Variant, variant_id)
        return variant.on_hand, variant.reserved


def test_a_guest_is_asked_for_eight_text_fields_at_most(anna, market):
    anna.add(market.variants["lotus"])
    page = anna.see("/checkout")
    fields = page.doc.cssselect("main input:not([type=hidden]), main textarea, main select")
    assert [one.get("name") for one in fields] == [
        "email", "name", "street", "postcode", "city", "region", "phone", "note"
    ]  # fmt: skip
    assert len(page.doc.cssselect("main form")) == 1


def test_the_total_stands_there_before_anything_is_typed(anna, market):
    anna.add(market.variants["lotus"])
    page = anna.see("/checkout")
    for words in (
        "¥380.00",
        "Post, 1 tracked parcel",
        "¥12.00",
        "due on arrival",
        "¥392.00",
        "Continue to pay ¥392.00",
    ):
        assert words in page.text
    assert "Address in: United Kingdom" in page.text
    assert "/en/cart#country" in page.hrefs()
    assert page.response.headers["Cache-Control"] == "private, no-store"


def test_an_empty_cart_leads_back_to_the_cart(anna):
    assert anna.client.get("/en/checkout").headers["Location"] == "/en/cart"
    answer = anna.client.send("/en/checkout", **ADDRESS)
    assert answer.headers["Location"] == "/en/cart"


def test_a_good_form_places_the_order_and_leads_to_the_payment_page(anna, market):
    url = anna.order(market.variants["lotus"])
    assert url.startswith("http://127.0.0.1:8000/sandbox/pay/cs_test_")
    assert counts() == ONE
    group = newest_order()
    assert (group.email, group.name, group.city, group.country, group.lang) == (
        "anna@example.org", "Anna Berg", "Bristol", "GB", "en"
    )  # fmt: skip
    assert (group.goods_minor, group.shipping_minor, group.total_minor) == (38000, 1200, 39200)
    assert "¥392.00" in anna.client.get(url).get_data(as_text=True)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("email", "helen.example.org", "Check the e-mail"),
        ("email", "a@b", "Check the e-mail"),
        ("email", "a@example.org\nBcc: all@example.org", "Check the e-mail"),
        ("email", "", "Please fill this in."),
        ("email", "a" * 250 + "@example.org", "This is too long."),
        ("name", "   ", "Please fill this in."),
        ("name", "Anna\x00", "There is a character in it that cannot be kept."),
        ("name", "x" * 121, "This is too long."),
        ("street", "", "Please fill this in."),
        ("city", "x" * 121, "This is too long."),
        ("postcode", "BS3", "Give a postcode of this country (United Kingdom), for example BS3 1AB."),
        ("postcode", "", "Give a postcode of this country"),
        ("phone", "call me", "Use digits"),
        ("note", "x" * 1001, "This is too long."),
    ],
)
def test_a_bad_field_is_named_and_what_was_typed_is_kept(anna, market, field, value, words):
    anna.add(market.variants["lotus"])
    page = anna.see("/checkout").submit(**ADDRESS | {field: value})
    assert page.status == 422
    assert page.doc.findtext(".//title").startswith("Error: Where shall we send it?")
    assert f"#{field}" in page.hrefs(".summary a")
    assert words in page.text
    assert page.form()["city" if field != "city" else "name"] == ADDRESS["city" if field != "city" else "name"]
    assert counts() == NOTHING


@pytest.mark.parametrize(
    ("lang", "name", "email"),
    [
        ("en", "Name of the recipient: please fill this in.", "Check the e-mail, for example lan@example.com."),
        ("zh", "收件人姓名：请填这一项。", None),
        ("vi", "Họ và tên người nhận: xin điền mục này.", None),
    ],
)
def test_the_summary_says_which_field_each_sentence_is_about(anna, market, lang, name, email):
    anna.add(market.variants["lotus"])
    anna.lang = lang
    page = anna.see("/checkout").submit(**ADDRESS | {"name": "", "city": "", "email": "anna"})
    said = page.all(".summary li")
    assert len(set(said)) == len(said) == 3
    assert name in said
    assert email is None or any(email.lower() in one.lower() for one in said)
    assert page.one("#e-name") == name.partition("：" if lang == "zh" else ": ")[2].capitalize()


def test_errors_are_told_in_chinese_and_vietnamese(anna, market):
    anna.add(market.variants["lotus"])
    for lang, title, words in (("zh", "错误：", "请填这一项。"), ("vi", "Lỗi:", "Xin điền mục này.")):
        anna.lang = lang
        page = anna.see("/checkout").submit(**ADDRESS | {"name": ""})
        assert page.doc.findtext(".//title").startswith(title)
        assert words in page.text
        assert "⟦" not in page.source


def test_a_postcode_and_an_address_in_other_signs_are_taken_as_meant(anna, market):
    anna.add(market.variants["lotus"])
    anna.send(anna.form(), postcode="ｂｓ３ １ａｂ", email="Anna@EXAMPLE.org", name="安娜 Nguyễn 😀")
    group = newest_order()
    assert (group.postcode, group.email, group.name) == ("BS3 1AB", "Anna@example.org", "安娜 Nguyễn 😀")


@pytest.mark.parametrize("field", ["total", "version"])
@pytest.mark.parametrize("value", ["", "1", "-1", "39199", "x", str(2**63), "39200.0", "\x00"])
def test_a_tampered_total_or_version_is_refused(anna, market, field, value):
    anna.add(market.variants["lotus"])
    if field == "version" and value == "1":
        value = "0"
    answer = anna.send(anna.form(), **{field: value})
    assert answer.status_code in {409, 422}
    assert counts() == NOTHING
    assert left(market.variants["lotus"]) == (0, 0)


def test_what_the_form_does_not_ask_for_is_not_taken(anna, market):
    anna.add(market.variants["lotus"])
    anna.send(
        anna.form(),
        country="VN",
        state="paid",
        paid_at="2026-01-01",
        user_id="5",
        total_minor="1",
        cart_id="9",
        lang="zh",
    )
    group = newest_order()
    assert (group.country, group.state, group.user_id, group.total_minor, group.lang) == (
        "GB",
        "placed",
        None,
        39200,
        "en",
    )


def test_another_visitors_form_orders_nothing_of_hers(anna, another, market):
    anna.add(market.variants["lotus"])
    form = anna.form()
    stranger = another()
    answer = stranger.send(form)
    assert answer.status_code == 400
    form["csrf_token"] = stranger.client.token()
    assert stranger.send(form).headers["Location"] == "/en/cart"
    stranger.add(market.variants["knot"])
    assert stranger.send(form).status_code == 409
    assert counts() == NOTHING


@pytest.mark.parametrize("token", [None, "", "forged", "é\udcff"])
def test_a_form_without_its_token_is_refused(anna, market, token):
    anna.add(market.variants["lotus"])
    form = anna.form() | {"csrf_token": token}
    if token is None:
        del form["csrf_token"]
    if token and "\udcff" in token:
        form["csrf_token"] = "é\N{REPLACEMENT CHARACTER}"
    assert anna.send(form).status_code == 400
    assert counts() == NOTHING


def test_sending_the_form_again_gives_the_same_order_and_the_same_payment_page(anna, market):
    anna.add(market.variants["lotus"])
    form = anna.form()
    urls = {anna.send(form).headers["Location"] for _ in range(3)}
    assert len(urls) == 1
    assert counts() == ONE


def test_what_was_typed_last_counts_while_nothing_is_paid(anna, market):
    anna.add(market.variants["lotus"])
    form = anna.form()
    anna.send(form)
    anna.send(form, street="15 Weaver’s Row")
    assert counts() == ONE
    assert newest_order().street == "15 Weaver’s Row"


def test_leaving_the_payment_page_leads_to_the_cart_and_back(anna, market):
    url = anna.order(market.variants["plate"], 3)
    assert anna.press(url, "leave") == "http://127.0.0.1:8000/en/cart"
    page = anna.see("/cart")
    assert "You began to pay for this cart" in page.text
    assert "Somebody was quicker" not in page.text, "her own hold sells her out"
    page = anna.see("/checkout")
    assert {name: page.form()[name] for name in ADDRESS} == ADDRESS, "nothing is asked twice"
    assert page.post().headers["Location"] == url
    assert counts() == ONE


def test_a_declined_card_can_be_tried_again_on_the_same_page(anna, market):
    url = anna.order(market.variants["lotus"])
    assert anna.press(url, "decline") == ""
    secret = newest_order().secret
    anna.check(secret)
    assert newest_order().state == "placed"
    assert anna.press(url, "pay") == f"http://127.0.0.1:8000/en/orders/{secret}"
    anna.check(secret)
    assert counts() == {"orders": 1, "paid": 1, "checkouts": 1, "payments": 1}


def test_a_form_sent_after_it_was_paid_leads_to_the_order(anna, market):
    anna.add(market.variants["lotus"])
    form = anna.form()
    anna.press(anna.send(form).headers["Location"])
    group = newest_order()
    anna.check(group.secret)
    assert anna.send(form).headers["Location"] == f"/en/orders/{group.secret}"
    assert counts() == {"orders": 1, "paid": 1, "checkouts": 1, "payments": 1}


def test_a_form_sent_between_payment_and_its_news_leads_to_no_second_payment(anna, market):
    anna.add(market.variants["lotus"])
    form = anna.form()
    url = anna.send(form).headers["Location"]
    anna.press(url)
    again = anna.send(form).headers["Location"]
    anna.press(again)
    webhooks(anna.app)
    assert counts() == {"orders": 1, "paid": 1, "checkouts": 1, "payments": 1}


def test_a_changed_cart_ends_the_order_begun_before_so_that_her_own_hold_does_not_sell_her_out(anna, market):
    first = anna.order(market.variants["plate"], 3)
    anna.add(market.variants["lotus"])
    second = anna.order()
    assert first != second
    groups = [order_of(number) for number in (1, 2)]
    assert [group.state for group in groups] == ["cancelled", "placed"]
    assert left(market.variants["plate"]) == (3, 3)
    assert anna.client.get(first.removeprefix("http://127.0.0.1:8000")).status_code == 410


def test_a_changed_cart_whose_older_order_was_just_paid_leads_to_that_order(anna, market):
    first = anna.order(market.variants["plate"])
    anna.press(first)
    anna.add(market.variants["lotus"])
    answer = anna.send(anna.form())
    group = order_of(1)
    assert answer.headers["Location"] == f"/en/orders/{group.secret}"
    assert group.state == "paid"
    assert counts() == {"orders": 1, "paid": 1, "checkouts": 1, "payments": 1}


def test_two_tabs_with_two_states_of_the_cart_place_what_each_showed_once(anna, market):
    anna.add(market.variants["lotus"])
    old = anna.form()
    anna.add(market.variants["knot"])
    answer = anna.send(old)
    assert answer.status_code == 409
    assert "Your cart changed in the meantime" in answer.get_data(as_text=True)
    assert counts() == NOTHING
    anna.send(anna.form())
    anna.send(old)
    assert counts() == ONE


def test_a_price_edited_during_checkout_is_asked_again(anna, market):
    anna.add(market.variants["lotus"])
    form = anna.form()
    with writing() as session:
        kinds = {"maker": 23600, "materials": 5200, "broker": 3040, "coop": 4800, "costs": 2360}
        parts = [Part(kind, minor, "broker:1" if kind == "broker" else "") for kind, minor in kinds.items()]
        catalog.set_price(session, variant_id=market.variants["lotus"], price_minor=39000, parts=parts, by=COMMAND)
    answer = anna.send(form)
    assert answer.status_code == 409
    assert "The price has changed from ¥380.00 to ¥390.00." in answer.get_data(as_text=True)
    assert counts() == NOTHING


def test_post_that_became_dearer_during_checkout_is_asked_again(anna, market):
    anna.add(market.variants["lotus"])
    form = anna.form()
    with writing() as session:
        for rate in session.scalars(select(ShippingRate)):
            rate.fee_minor += 100
    assert anna.send(form).status_code == 409
    assert counts() == NOTHING
    assert left(market.variants["lotus"]) == (0, 0)


def test_an_old_form_cannot_send_the_order_to_a_dearer_country(anna, market):
    anna.add(market.variants["lotus"])
    form = anna.form()
    anna.send(form)
    anna.client.post("/en/cart/country", data={"country": "VN"})
    assert anna.send(form, postcode="").status_code == 409
    assert newest_order().country == "GB"


def test_a_piece_sold_during_checkout_is_told(anna, another, market):
    anna.add(market.variants["plate"], 3)
    form = anna.form()
    another().buy(market.variants["plate"], 2)
    answer = anna.send(form)
    assert answer.status_code == 409
    assert "Only 1 of it are left" in answer.get_data(as_text=True)
    assert counts()["orders"] == 1


def test_what_she_typed_waits_for_her_while_she_looks_at_a_changed_cart(anna, market):
    anna.add(market.variants["lotus"])
    form = anna.form()
    anna.add(market.variants["lotus"])
    assert anna.send(form, note="By the side door").status_code == 409
    again = anna.see("/checkout").form()
    assert {name: again[name] for name in (*ADDRESS, "note")} == ADDRESS | {"note": "By the side door"}
    anna.send(again)
    assert newest_order().note == "By the side door"


def test_a_note_too_long_for_her_browser_to_keep_is_left_out_and_nothing_else(anna, market):
    anna.add(market.variants["lotus"])
    form = anna.form()
    anna.add(market.variants["lotus"])
    assert anna.send(form, note="字" * 490).status_code == 409
    again = anna.see("/checkout").form()
    assert (again["note"], again["city"]) == ("", ADDRESS["city"])


def test_a_price_of_both_kinds_cuts_the_line_in_two(anna, market):
    from tests.factories.orders import on_shelf
    from tests.people import MEI

    on_shelf(market.variants["lotus"], 1, 1, by=MEI)
    group = anna.buy(market.variants["lotus"], 3)
    with reading() as session:
        found = session.execute(select(OrderLine.source, OrderLine.quantity).order_by(OrderLine.id)).all()
    assert [tuple(row) for row in found] == [("shelf", 1), ("made", 2)]
    assert group.total_minor == 3 * 38000 + 1200
