"""What a maker agreed to show, shows; what she takes back is gone from every page with the next request."""

import pytest
from sqlalchemy import select

from shop.catalog import services as catalog
from shop.db import reading, writing
from shop.home.queries.market import Market, Share, average_percent
from shop.makers.models import Maker
from shop.workshops.services import set_workshop_makers
from tests.factories.catalog import tri
from tests.people import ADA

EVERYWHERE = ("", "products", "search?q=lotus", "products/plate", "workshops/workshop-2", "p/QS-0300-01", "makers")


def test_a_withdrawn_name_is_gone_everywhere_at_once(shop, visit, client, withdraw):
    for path in EVERYWHERE:
        assert "Zhao" in visit(f"/en/{path}").source, path
    assert visit("/en/makers/maker-0005").h1 == "Zhao"
    assert "makers/maker-0005" in client.get("/sitemap.xml").get_data(as_text=True)
    assert visit("/en/search?q=zhao").all(".card h2") == ["Lotus plate"]

    withdraw(5, "name")

    for path in EVERYWHERE:
        page = visit(f"/en/{path}")
        assert "Zhao" not in page.source, path
        assert "赵" not in page.source, path
        assert "maker-0005" not in page.source, path
    assert client.get("/en/makers/maker-0005").status_code == 404
    assert "maker-0005" not in client.get("/sitemap.xml").get_data(as_text=True)
    assert "Made by a maker of Workshop 2" in visit("/en/products/plate").text
    assert "A maker of Workshop 2" in visit("/en/p/QS-0300-01").text


def test_a_name_nobody_agreed_to_finds_nothing(shop, visit, withdraw):
    withdraw(5, "name")
    assert visit("/en/search?q=zhao&exact=1").h1 == "No piece for “zhao”"


def test_a_withdrawn_pay_is_gone_everywhere_at_once(shop, visit, withdraw):
    pages = ("", "products", "search?q=plate", "products/plate", "makers/maker-0005", "p/QS-0300-01")
    for path in pages:
        assert "¥213.00" in visit(f"/en/{path}").text, path
    withdraw(5, "pay_per_piece")
    for path in pages:
        page = visit(f"/en/{path}")
        assert "213.00" not in page.source, path
        assert "62.3%" not in page.source, path


def test_her_sum_cannot_be_got_by_taking_the_others_from_the_price(shop, visit, withdraw):
    withdraw(5, "pay_per_piece")
    rows = visit("/en/products/plate").all(".split tbody tr")
    assert rows == [
        "Together: maker, materials, broker 87.8% ¥300.36",
        "Co-operative: checking, photos, fund 10.0% ¥34.20",
        "Card payment and packing 2.2% ¥7.44",
    ]


def test_one_of_several_who_keeps_her_pay_hides_the_rate_they_share(shop, visit, withdraw):
    withdraw(3, "pay_per_piece")
    assert "41.00" not in visit("/en/products/knot").text
    card = next(text for text in visit("/en/products").all(".card") if "Pan chang" in text)
    assert "to her" not in card


def test_a_pen_name_stands_for_the_name(shop, visit, agree):
    with writing() as session:
        session.get_one(Maker, 5).pen_name = tri("苍鹭", "Diệc xám", "Grey Heron")
    agree(5, "pen_name")
    for path in ("products", "products/plate", "makers/maker-0005", "p/QS-0300-01"):
        page = visit(f"/en/{path}")
        assert "Grey Heron" in page.text, path
        assert "Zhao" not in page.source, path
        assert "(pen-name)" in page.text, path


def test_a_withdrawn_village_leaves_card_page_and_filter(shop, visit, withdraw):
    assert "Lotus Village" in visit("/en/products/plate").one(".buy > .by")
    withdraw(5, "village")
    assert "Lotus Village" not in visit("/en/products/plate").one(".buy > .by")
    assert "Lotus Village" not in visit("/en/makers/maker-0005").text
    assert "Lotus plate" not in visit("/en/products?village=village").all(".card h2")


def test_story_count_and_face_need_their_own_yes(shop, visit, withdraw, agree):
    with writing() as session:
        her = session.get_one(Maker, 5)
        her.story, her.face_id = tri("我的故事", "Chuyện của tôi", "My story"), 1
    page = visit("/en/makers/maker-0005")
    assert "My story" in page.text
    assert "3 pieces" in page.text
    assert not page.doc.cssselect(".frame img")
    withdraw(5, "story", "piece_count")
    agree(5, "face")
    page = visit("/en/makers/maker-0005")
    assert "My story" not in page.text
    assert "3 pieces" not in page.text
    assert page.doc.cssselect(".frame img")
    assert "My story" not in visit("/en/products/plate").text


def test_her_page_tells_what_she_agreed_to(shop, visit):
    page = visit("/en/makers/maker-0001")
    told = page.all(".consent li")
    assert "✓ name 1 Jan 2026" in told
    assert "— face not public" in told
    assert visit("/zh/makers/maker-0001").h1 == "兰"


def test_private_facts_are_on_no_page(shop, visit):
    with reading() as session:
        phones = session.scalars(select(Maker.phone)).all()
    for path in (*EVERYWHERE, "makers/maker-0005", "makers/maker-0001", "products/lotus"):
        source = visit(f"/en/{path}").source
        for private in (*phones, "QS-M-0005", "1980"):
            assert str(private) not in source, (path, private)


@pytest.fixture
def five(shop):
    """Workshop 2 with five makers, each with plates of her own."""
    with writing() as session:
        set_workshop_makers(session, workshop_id=2, maker_ids=[1, 2, 3, 4, 5], by=ADA)
        for number in range(1, 5):
            product = catalog.create_product(
                session, workshop_id=2, name=tri("盘", "Đĩa", f"Plate {number}"), by=ADA, craft_id=3, made_to_order=True
            )
            variant = catalog.create_variant(
                session, product_id=product.id, currency="CNY", size_label=tri("小", "nhỏ", "s")
            )
            catalog.set_piece_rate(session, variant_id=variant.id, pay_minor=6000, minutes=100, by=ADA)
            parts = [catalog.Part("maker", 6000), catalog.Part("coop", 4000)]
            catalog.set_price(session, variant_id=variant.id, price_minor=10000, parts=parts, by=ADA)
            catalog.set_makers(session, product_id=product.id, maker_ids=[number])
            product.cover_id = 1
            session.flush()
            catalog.publish(session, product_id=product.id)
    return shop


def test_a_workshops_average_is_shown_for_five_makers_whose_pay_is_theirs(five, visit, withdraw):
    for number in range(1, 6):
        withdraw(number, "pay_per_piece")
    page = visit("/en/products/plate")
    assert "Workshop average 61%" in page.text
    assert "61% of the prices go to the makers on average" in page.text
    card = next(text for text in visit("/en/products").all(".card") if "Lotus plate" in text)
    assert "Workshop average 61%" in card


def test_no_average_where_the_others_sums_would_give_hers_away(five, visit, withdraw):
    withdraw(5, "pay_per_piece")
    assert "average" not in visit("/en/products/plate").text


def test_no_average_for_fewer_than_five(shop, visit, withdraw):
    withdraw(5, "pay_per_piece")
    assert "average" not in visit("/en/products/plate").text


def test_a_card_and_a_page_without_pay_and_average_say_why(shop, visit, withdraw):
    for lang, words in (("en", "Her pay is not public"), ("zh", "工钱不公开"), ("vi", "Tiền công không công khai")):
        assert words not in visit(f"/{lang}/products/plate").text
    withdraw(5, "pay_per_piece")
    for lang, words in (("en", "Her pay is not public"), ("zh", "工钱不公开"), ("vi", "Tiền công không công khai")):
        assert words in visit(f"/{lang}/products/plate").one(".big-price")
        assert sum(words in card for card in visit(f"/{lang}/products").all(".card .pay")) == 1


def _market(share: Share) -> Market:
    empty: dict = {}
    return Market("", empty, empty, empty, empty, empty, empty, empty, {1: share}, (), more=False, until=0.0)


@pytest.mark.parametrize(
    ("share", "price", "percent"),
    [
        (Share(1_000_000, 620_000, 12, 5), 100_000, 62),
        (Share(1_000_000, 620_000, 4, 4), 100, None),
        (Share(1_000_000, 620_000, 12, 1), 50_000, 62),  # half a per cent of all prices is a tenth of this one
        (Share(1_000_000, 620_000, 12, 1), 50_100, None),
        (Share(1_000_000, 625_000, 12, 12), 1, 63),
        (Share(0, 0, 12, 12), 1, None),
    ],
)
def test_an_average_is_shown_only_where_it_gives_nobody_away(share, price, percent):
    assert average_percent(_market(share), workshop_id=1, price_minor=price) == percent
