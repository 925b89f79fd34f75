"""A product's page: who makes it, what it costs in all, where its price goes, and what happens when it is gone."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import update

from shop import clock
from shop.brokers.models import Broker
from shop.cart.models import ShippingRate
from shop.catalog import services as catalog
from shop.catalog.models import Product, Variant
from shop.db import writing
from shop.orders.models import Review
from tests.factories.catalog import tri
from tests.factories.orders import paid
from tests.home.conftest import LANGS
from tests.people import ADA, HOA, MEI

SPLIT = ".split tbody tr, .split tfoot tr"


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_speaks_three_languages(shop, visit, lang):
    for slug in ("lotus", "knot", "plate"):
        assert visit(f"/{lang}/products/{slug}").status == 200


def test_the_split_stands_in_money_and_per_cent_and_sums_to_the_price(shop, visit):
    assert visit("/en/products/lotus").all(SPLIT) == [
        "Lan, maker 62.1% ¥236.00",
        "Materials 13.7% ¥52.00",
        "梅, her broker 8.0% ¥30.40",
        "Co-operative: checking, photos, fund 10.0% ¥38.00",
        "Card payment and packing 6.2% ¥23.60",
        "Price 100% ¥380.00",
    ]


def test_every_country_that_the_cart_knows_can_be_chosen_on_the_page(shop, visit):
    page = visit("/en/products/lotus?country=DE", ceiling=6)
    codes = [one.get("value") for one in page.doc.cssselect("#to option")]
    assert {"CN", "DE", "GB", "US", "VN"} <= set(codes)
    assert not {"AQ", "BV", "KP", "ZZ"} & set(codes)
    assert [one.text for one in page.doc.cssselect("#to option[selected]")] == ["Germany"]
    assert len(codes) == len(set(codes)) > 200
    other = visit("/en/products/lotus?country=AQ")
    assert "Antarctica" not in other.text


def test_a_broker_who_did_not_agree_is_not_named(shop, visit):
    page = visit("/en/products/plate")
    assert "Her broker 8.0% ¥27.36" in page.all(SPLIT)
    assert "Hoa" not in page.text
    with writing() as session:
        session.execute(update(Broker).where(Broker.id == 2).values(name_in_split=True))
    assert "Hoa, her broker 8.0% ¥27.36" in visit("/en/products/plate").all(SPLIT)


def test_made_listed_and_sold_by_are_three_facts(shop, visit):
    with writing() as session:
        session.get_one(Product, shop.products["lotus"]).listed_by = MEI.key
        session.get_one(Product, shop.products["plate"]).listed_by = HOA.key
    by = visit("/en/products/lotus").one(".buy > .by")
    assert by.replace(" ,", ",") == "兰 Made by Lan, Lotus Village Listed by 梅. Sold by Skilful Hands."
    assert "Listed by her broker." in visit("/en/products/plate").one(".buy > .by")


def test_made_to_order_by_several_says_one_of_and_links_them(shop, visit):
    page = visit("/en/products/knot")
    assert "Made by one of: Li, Sun, Yang" in page.text
    assert "Each of them gets this sum" in page.text
    assert {"/en/makers/maker-0002", "/en/makers/maker-0003", "/en/makers/maker-0004"} <= set(page.hrefs(".who a"))


def test_total_and_range_of_days_to_the_buyers_country_stand_before_any_data(shop, visit, at):
    at("2026-11-20 09:00")
    text = visit("/en/products/plate?country=gb").one(".when")
    assert "With you between 25 Nov 2026 and 29 Nov 2026" in text
    assert "¥357.00 in all, posted to: United Kingdom. Piece ¥342.00, post ¥15.00." in text
    assert "Import tax, if your country asks for any, is due on arrival." in text
    home = visit("/zh/products/plate?country=CN").one(".when")
    assert "11月25日到11月29日之间送到" in home
    assert "到货时不用再付。" in home


def test_made_to_order_arrives_later_by_its_computed_days(shop, visit, at):
    at("2026-11-20 09:00")
    with writing() as session:
        session.get_one(Product, shop.products["lotus"]).lead_days = 10
    page = visit("/en/products/lotus?country=GB")
    assert page.one(".badge.wait") == "Made in 10 days"
    assert "With you between 5 Dec 2026 and 9 Dec 2026" in page.text


def test_where_nobody_posts_to_it_says_so(shop, visit):
    with writing() as session:
        session.execute(update(ShippingRate).values(country="CN"))
    page = visit("/en/products/plate?country=GB")
    assert "We do not post there yet: United Kingdom." in page.text
    assert [option.get("value") for option in page.doc.cssselect("#to option")] == ["CN", "GB"]


def test_the_country_is_guessed_from_the_browser_and_kept_by_the_cart(shop, client):
    heard = client.get("/en/products/plate", headers={"Accept-Language": "vi-VN,vi;q=0.9"})
    assert "Vietnam" in heard.get_data(as_text=True)
    assert "Accept-Language" in heard.headers["Vary"]
    client.post("/en/cart/lines", data={"variant_id": shop.variants["plate"], "quantity": 1})
    client.post("/en/cart/country", data={"country": "FR"})
    mine = client.get("/en/products/plate")
    assert "private" in mine.headers["Cache-Control"]


def test_sizes_are_choices_with_their_price_and_days(shop, visit):
    with writing() as session:
        variant = catalog.create_variant(
            session, product_id=shop.products["plate"], currency="CNY", size_label=tri("大", "lớn", "large")
        )
        catalog.set_piece_rate(session, variant_id=variant.id, pay_minor=30000, minutes=600, by=ADA)
        parts = [catalog.Part("maker", 30000), catalog.Part("coop", 12000)]
        catalog.set_price(session, variant_id=variant.id, price_minor=42000, parts=parts, by=ADA)
    page = visit("/en/products/plate?country=GB")
    small, large = page.all(".opts label")
    assert small.startswith("24 cm across ¥342.00 · 3 ready to ship ¥357.00 with post")
    assert large == "large ¥420.00 · sold out"
    assert page.form('form[action="/en/cart/lines"]') == {
        "variant_id": str(shop.variants["plate"]),
        "quantity": "1",
    }
    assert "Where ¥420.00 goes: large" in page.text
    card = next(text for text in visit("/en/products").all(".card") if "Lotus plate" in text)
    assert "from ¥342.00" in card


def test_the_cart_takes_what_the_form_sends(shop, visit):
    page = visit("/en/products/plate").submit('form[action="/en/cart/lines"]', quantity="2")
    assert page.status == 200
    assert "Lotus plate" in page.text


def test_a_shelf_piece_tells_its_own_story(shop, visit):
    page = visit("/en/products/plate")
    assert page.all(".thread h3") == ["Checked and accepted: her pay became hers", "On the shelf", "When you buy it"]
    assert "From this day the ¥213.00 belongs to her" in page.text
    assert "/en/p/QS-0300-01" in page.hrefs()
    assert visit("/en/products/lotus").all(".thread h3")[0] == "You order"


def test_a_sold_out_piece_keeps_its_page_and_shows_others_by_her(shop, visit):
    with writing() as session:
        catalog.set_makers(session, product_id=shop.products["lotus"], maker_ids=[1])
        catalog.set_makers(session, product_id=shop.products["knot"], maker_ids=[1])
        catalog.sell_out(session, product_id=shop.products["lotus"])
    page = visit("/en/products/lotus")
    assert page.one(".buy .badge") == "Sold out"
    assert not page.doc.cssselect('form[action="/en/cart/lines"]')
    assert "/en/products/knot" in page.hrefs(".thumbs a")
    assert "Lan" in page.text


def test_the_last_of_a_single_piece_says_sold_once_it_is(shop, visit, at):
    with writing() as session:
        session.get_one(Product, shop.products["plate"]).unique_piece = True
    paid({shop.variants["plate"]: 3})
    page = visit("/en/products/plate")
    assert page.one(".buy .badge") == "Sold"
    assert "This piece has found its home." in page.text
    assert visit("/en/p/QS-0300-01").all(".badge")[0] == "Sold"


def test_pieces_in_a_checkout_are_not_ready_to_ship(shop, visit):
    with writing() as session:
        catalog.reserve(session, ref="o", wants={shop.variants["plate"]: 2}, until=clock.now())
    assert "Last one" in visit("/en/products").text
    assert "1 ready to ship" in visit("/en/products/plate").text


def test_a_drawing_shows_the_size_in_the_hand(shop, visit):
    with writing() as session:
        session.get_one(Variant, shop.variants["lotus"]).size = {"shape": "round", "diameter": 24}
    drawing = visit("/en/products/lotus").doc.cssselect(".scale svg")[0]
    assert drawing.get("aria-label") == "24 cm across, beside a hand of 18 cm"
    assert drawing.cssselect("circle")


def test_reviews_stand_in_their_own_language(shop, visit):
    with writing() as session:
        for stars, lang, text in ((5, "vi", "Đẹp lắm."), (4, "en", "Lovely <b>work</b>."), (1, "zh", "不公开")):
            session.add(
                Review(
                    product_id=shop.products["lotus"],
                    stars=stars,
                    lang=lang,
                    signed="Ana",
                    text=text,
                    written_at=datetime(2026, 11, 1, tzinfo=UTC),
                    published=lang != "zh",
                )
            )
    page = visit("/en/products/lotus")
    quotes = [(one.get("lang"), one.text_content()) for one in page.doc.cssselect(".quotes p:first-child")]
    assert set(quotes) == {(None, "“Lovely <b>work</b>.”"), ("vi", "“Đẹp lắm.”")}
    assert "★ 4.5 from 2 buyers" in page.text
    assert "4.5" in visit("/en/products").text


def test_facts_for_the_buyer_and_for_customs(shop, visit):
    with writing() as session:
        product = session.get_one(Product, shop.products["lotus"])
        product.hs_code, product.care = "5810.99", tri("勿洗", "Không giặt", "Do not wash")
        product.materials = [{"name": tri("丝", "lụa", "silk")}]
        product.version += 1
    text = visit("/en/products/lotus").one(".facts")
    for said in ("HS 5810.99, origin China", "Do not wash", "silk", "QS-0100", "about 6.5 hours"):
        assert said in text


def test_a_piece_by_another_maker_names_that_one(shop, visit):
    from shop.workshops.services import set_workshop_makers

    with writing() as session:
        set_workshop_makers(session, workshop_id=2, maker_ids=[1, 5], by=ADA)
        catalog.set_makers(session, product_id=shop.products["plate"], maker_ids=[1, 5])
    assert "Made by Zhao" in visit("/en/products/plate").text
    paid({shop.variants["plate"]: 3})
    with writing() as session:
        catalog.take_in(
            session,
            variant_id=shop.variants["plate"],
            maker_id=1,
            count=1,
            maker_minor=[21300],
            materials_minor=[6000],
            receipt_key="receipt:later",
            for_sale=True,
        )
    assert "Made by Lan" in visit("/en/products/plate").text
    assert "Made by Lan" in next(text for text in visit("/en/products").all(".card") if "Lotus plate" in text)


def test_money_and_days_follow_the_language(shop, visit, at):
    at("2026-11-20 09:00")
    assert "342,00 ¥" in visit("/vi/products/plate?country=VN").text
    assert "25/11/2026" in visit("/vi/products/plate?country=VN").text
    assert date(2026, 11, 20) == clock.today()
