"""The list: what a card says, filters and their counts, order, pages, and how little it costs."""

from datetime import timedelta

import pytest

from shop import clock
from shop.catalog import services as catalog
from shop.catalog.models import Product
from shop.db import writing
from shop.home.wishes import Cursor
from tests.factories.catalog import tri
from tests.home.conftest import LANGS
from tests.people import ADA

TITLES = ".card h2, .card h3"


def titles(page):
    return page.all(TITLES)


@pytest.mark.parametrize("lang", LANGS)
def test_the_front_the_list_and_a_craft_speak_three_languages(shop, visit, lang):
    for path in ("", "products", "crafts/embroidery", "search?q=a"):
        assert visit(f"/{lang}/{path}").status == 200


def test_a_card_says_image_title_price_size_maker_her_pay_and_when(shop, visit):
    page = visit("/en/products")
    card = next(text for text in page.all(".card") if "Lotus pond" in text)
    for said in ("¥380.00", "24 cm across", "Made by Lan", "Lotus Village", "¥236.00 to her", "Made in"):
        assert said in card
    assert page.doc.cssselect(".card img[width][height]")


def test_a_piece_on_the_shelf_names_its_maker_and_is_ready_to_ship(shop, visit):
    card = next(text for text in visit("/en/products").all(".card") if "Lotus plate" in text)
    assert "Ready to ship" in card
    assert "Made by Zhao" in card


def test_made_to_order_by_several_names_those_who_can_make_it(shop, visit):
    card = next(text for text in visit("/en/products").all(".card") if "Pan chang" in text)
    assert "Made by one of: Li, Sun, Yang" in card
    assert "¥41.00 to her" in card


def test_only_the_first_picture_is_not_lazy(shop, visit):
    pictures = visit("/en/products").doc.cssselect(".card img")
    assert [picture.get("loading") for picture in pictures] == [None, "lazy", "lazy"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("when=ready", {"Lotus plate"}),
        ("when=made", {"Lotus pond", "Pan chang knot"}),
        ("when=ready&when=made", {"Lotus plate", "Lotus pond", "Pan chang knot"}),
        ("price=1", {"Pan chang knot"}),
        ("price=2&price=1", {"Lotus plate", "Lotus pond", "Pan chang knot"}),
        ("price=3", set()),
        ("craft=knots", {"Pan chang knot"}),
        ("craft=knots&craft=cloisonne", {"Pan chang knot", "Lotus plate"}),
        ("workshop=workshop-2", {"Lotus plate"}),
        ("village=village&named=1", {"Lotus plate", "Lotus pond", "Pan chang knot"}),
        ("craft=knots&when=ready", set()),
    ],
)
def test_filters_narrow_the_list(shop, visit, query, found):
    assert set(titles(visit(f"/en/products?{query}"))) == found


def test_a_box_counts_what_the_other_groups_leave(shop, visit):
    page = visit("/en/products?craft=knots")
    labels = {label.split(" ")[0]: label for label in page.all(".filters label")}
    assert labels["Knots"].endswith(" 1")
    assert labels["Embroidery"].endswith(" 1"), "its own group's boxes do not narrow it"
    assert labels["Ready"].endswith(" 0")


def test_chips_take_one_filter_away_each(shop, visit):
    page = visit("/en/products?craft=knots&named=1&sort=low")
    chips = page.doc.cssselect(".chips a")
    assert [chip.text_content().split(" ×")[0].strip() for chip in chips[:2]] == ["Maker named", "Knots"]
    assert chips[0].get("href") == "/en/products?craft=knots&sort=low"
    assert chips[-1].get("href") == "/en/products?sort=low"


def test_the_filter_form_works_without_script_and_keeps_the_order(shop, visit):
    page = visit("/en/products?sort=low&craft=knots")
    found = page.submit(".filters form", named="1")
    assert found.path.startswith("/en/products?")
    assert {"sort=low", "craft=knots", "named=1"} <= set(found.path.split("?")[1].split("&"))
    assert titles(found) == ["Pan chang knot"]


def test_price_orders_the_list_both_ways(shop, visit):
    assert titles(visit("/en/products?sort=low")) == ["Pan chang knot", "Lotus plate", "Lotus pond"]
    assert titles(visit("/en/products?sort=high")) == ["Lotus pond", "Lotus plate", "Pan chang knot"]


@pytest.fixture
def many(shop):
    """Sixty more pieces, several at the same moment and price."""
    with writing() as session:
        for number in range(60):
            product = catalog.create_product(
                session,
                workshop_id=1,
                name=tri(f"物{number}", f"Món {number}", f"Thing {number:02d}"),
                by=ADA,
                craft_id=1,
                made_to_order=True,
            )
            variant = catalog.create_variant(
                session, product_id=product.id, currency="CNY", size_label=tri("小", "nhỏ", "small")
            )
            catalog.set_piece_rate(session, variant_id=variant.id, pay_minor=5000, minutes=100, by=ADA)
            price = 10_000 + number // 7 * 100
            parts = [catalog.Part("maker", 5000), catalog.Part("coop", price - 5000)]
            catalog.set_price(session, variant_id=variant.id, price_minor=price, parts=parts, by=ADA)
            catalog.set_makers(session, product_id=product.id, maker_ids=[1 + number % 4])
            product.cover_id = 1
            session.flush()
            catalog.publish(session, product_id=product.id)
            product.published_at = clock.now() - timedelta(minutes=number // 5)
    return shop


@pytest.mark.parametrize("query", ["", "sort=low", "sort=high", "q=thing", "q=thing&sort=new", "q=thing&sort=low"])
def test_pages_show_everything_once_forwards_and_backwards(many, visit, query):
    place = "search" if "q=" in query else "products"
    page = visit(f"/en/{place}?{query}")
    forwards = [titles(page)]
    while following := page.hrefs('a[rel="next"]'):
        page = visit(following[0])
        forwards.append(titles(page))
    seen = [title for one in forwards for title in one]
    assert len(seen) == len(set(seen)) == (63 if place == "products" else 60)
    backwards = [titles(page)]
    while before := page.hrefs('a[rel="prev"]'):
        page = visit(before[0])
        backwards.insert(0, titles(page))
    assert [title for one in backwards for title in one] == seen


def test_a_piece_added_meanwhile_repeats_none_on_the_next_page(many, visit):
    first = visit("/en/products")
    with writing() as session:
        session.get_one(Product, many.products["lotus"]).published_at = clock.now() + timedelta(hours=1)
    second = visit(first.hrefs('a[rel="next"]')[0])
    assert not set(titles(first)) & set(titles(second)) - {"Lotus pond"}


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_what_is_not_published_is_nowhere(shop, visit, client, state):
    assert client.get("/en/p/QS-0300-01").status_code == 200
    with writing() as session:
        if state == "withdrawn":
            catalog.withdraw(session, product_id=shop.products["plate"])
        else:
            session.get_one(Product, shop.products["plate"]).state = "draft"
    for path in ("", "products", "search?q=plate", "crafts/cloisonne", "makers/maker-0005", "workshops/workshop-2"):
        assert "Lotus plate" not in visit(f"/en/{path}").source
    assert "products/plate" not in client.get("/sitemap.xml").get_data(as_text=True)
    for path in ("/en/products/plate", "/zh/p/QS-0300-01"):
        assert client.get(path).status_code == 404


def test_a_closed_workshop_sells_nothing(shop, visit):
    from shop.workshops.services import close_workshop

    with writing() as session:
        close_workshop(session, workshop_id=2, by=ADA)
    assert "Lotus plate" not in visit("/en/products").source
    page = visit("/en/products/plate")
    assert "takes no orders" in page.text
    assert not page.doc.cssselect('form[action$="/cart/lines"]')


def test_a_new_price_and_a_sold_out_piece_show_at_once(shop, visit):
    assert "¥380.00" in visit("/en/products").text
    with writing() as session:
        parts = [catalog.Part("maker", 23600), catalog.Part("coop", 15400)]
        catalog.set_price(session, variant_id=shop.variants["lotus"], price_minor=39000, parts=parts, by=ADA)
        catalog.sell_out(session, product_id=shop.products["plate"])
    page = visit("/en/products")
    assert "¥390.00" in page.text
    assert "¥380.00" not in page.text
    assert "Lotus plate" not in page.text


def test_a_size_called_otherwise_shows_at_once(shop, visit):
    assert "24 cm across" in visit("/en/products").text
    with writing() as session:
        for name in ("lotus", "knot", "plate"):
            catalog.edit_variant(session, variant_id=shop.variants[name], size_label=tri("大", "lớn", "large"))
    for path in ("products", "products/lotus"):
        page = visit(f"/en/{path}")
        assert "24 cm across" not in page.text
        assert "large" in page.text


CEILINGS = [
    ("/en/", 6),
    ("/en/products", 6),
    ("/en/products?sort=low&named=1&craft=knots&when=made&price=1&village=village&workshop=workshop-1", 6),
    ("/en/search?q=lotus", 6),
    ("/en/search?q=lotus&named=1&sort=low", 6),
    ("/en/products/lotus", 6),
    ("/en/products/plate?country=VN", 6),
]


@pytest.mark.parametrize(("path", "ceiling"), CEILINGS)
def test_a_page_nobody_asked_for_yet_takes_six_statements_at_most(shop, visit, path, ceiling):
    visit(path, ceiling=ceiling)


@pytest.mark.parametrize("path", [path for path, _ in CEILINGS])
def test_a_page_asked_for_again_takes_two_at_most(shop, visit, path):
    visit(path)
    visit(path, ceiling=2)


HOSTILE = [
    "page=1000000000000",
    "sort=unknown",
    "sort=",
    "at=%00",
    "at=AAAA",
    "at=" + "A" * 5000,
    "at=" + Cursor("new", "after", 0, 10**15).text(),
    "at=" + Cursor("low", "before", 10**15, 1).text(),
    "at=" + Cursor("best", "after", 10**15, 0).text(),
    "price=9&price=-1&price=1e9",
    "craft=nobody&village=&workshop=%27%20OR%201=1",
    "when=ready&when=ready&when=x",
    "named=2",
    "q=%00%01%EF%BF%BF",
    "q=%22%27%28%29*%20AND%20OR%20NOT%20NEAR%28",
    "q=" + "%E7%BB%A3" * 400,
    "q=" + "a+" * 400,
    "q=%F0%9F%A7%B5",
    "q=%ED%A0%80",
    "q=%80%FF",
    "country=%00",
    "country=<script>",
    "after=99999999999999999999",
    "after=-1",
    "&".join(f"craft=c{n}" for n in range(300)),
]


@pytest.mark.parametrize("query", HOSTILE)
def test_no_query_string_breaks_a_page(shop, client, query):
    for path in ("/en/", "/en/products", "/en/search", "/en/crafts/knots", "/en/products/lotus", "/en/makers", "/p/x"):
        response = client.get(f"{path}?{query}")
        assert response.status_code in {200, 302, 404}, (path, response.status_code)
        assert b"<script>" not in response.data.replace(b"<script ", b"")


@pytest.mark.parametrize(
    "path", ["products/x%00y", "crafts/" + "x" * 300, "makers/..%2f", "workshops/%F0%9F%A7%B5", "p/" + "9" * 99]
)
def test_no_such_thing_is_a_page_that_says_so(shop, client, path):
    response = client.get(f"/en/{path}")
    assert response.status_code == 404
    assert "html" in response.content_type
