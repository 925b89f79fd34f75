"""Drafts of an import: one form for all of them, what each still lacks by name, and showing those that are whole."""

import io

import pytest

from shop.catalog import services as catalog
from shop.catalog.models import PieceRate, Product, ProductMaker, Variant
from shop.coop.models import Change
from shop.media.models import Picture
from tests.office.goods.lists import HEAD, act, brought_in, csv_of, of_sku, sent
from tests.office.goods.rows import everything, form, photo, rows, says, shown, split
from tests.people import FEN, TAO

CUP = ("荷叶杯垫", "CUP-1", "168.00", "102.00", "", "直径12厘米", "3")
FAN = ("并蒂莲团扇", "FAN-1", "420.00", "", "兰", "直径24厘米", "")
SCREEN = ("屏风", "SCREEN-1", "", "", "", "60×90厘米", "")
WHOLE = {"craft_id": "1", "makers": ["1", "2"], "made_to_order": "y", "minutes": "120"}


def part(page, tail: str) -> str:
    """The selector of one of the forms of a page of drafts."""
    return f'form[action="{page.path.partition("?")[0]}/{tail}"]'


def ref_of(page) -> str:
    """The import's mark."""
    return page.path.partition("?")[0].rpartition("/")[2]


@pytest.fixture
def drafts(goods, as_, visit):
    """The page of three drafts: one with her pay, one that names a maker, one without a price."""
    return brought_in(visit, as_(FEN), CUP, FAN, SCREEN)


def test_one_form_gives_all_drafts_craft_makers_rate_and_split(drafts):
    page = drafts.submit(part(drafts, "apply"), **WHOLE, pay_percent="50", materials_percent="10")
    assert "3 drafts were changed." in page.text
    sizes = {sku: of_sku(sku)[1].id for sku in ("CUP-1", "FAN-1", "SCREEN-1")}
    shares = {"materials": 1680, "broker": 1640, "coop": 2050, "costs": 1230}
    assert split(sizes["CUP-1"]) == {"all": 16800, "maker": 10200, **shares}, "the list's own pay counts"
    assert split(sizes["FAN-1"])["maker"] == 21000, "half the price where the list says nothing"
    assert split(sizes["SCREEN-1"]) == {}
    rates = {each.variant_id: (each.pay_minor, each.minutes) for each in rows(PieceRate, PieceRate.live)}
    assert (rates[sizes["CUP-1"]], rates[sizes["FAN-1"]]) == ((10200, 120), (21000, 120))
    assert sizes["SCREEN-1"] not in rates
    products = [of_sku(sku)[0] for sku in sizes]
    assert [(each.craft_id, each.made_to_order) for each in products] == [(1, True)] * 3
    makers = [{each.maker_id for each in rows(ProductMaker, ProductMaker.product_id == one.id)} for one in products]
    assert makers == [{1, 2}, {1}, {1, 2}], "whom the list names stays alone"
    before = everything()
    assert "0 drafts were changed." in page.submit(part(page, "apply"), **WHOLE, pay_percent="50").text
    assert everything() == before, "what is set stays until it is asked for again"
    page.submit(part(page, "apply"), makers=["3"], minutes="100", again="y")
    assert {each.maker_id for each in rows(ProductMaker, ProductMaker.product_id == products[1].id)} == {3}


@pytest.mark.parametrize(
    ("lang", "makers", "price"),
    [("en", "who makes it", "a price"), ("zh", "谁来做", "价钱，"), ("vi", "ai làm", "giá bán")],
)
def test_what_each_draft_lacks_is_named(drafts, as_, visit, lang, makers, price):
    page = visit(drafts.path, client=as_(FEN, lang), lang=lang, ceiling=16)
    lines = page.all("tbody tr")
    assert [line.partition(" ")[0] for line in lines] == ["荷叶杯垫", "并蒂莲团扇", "屏风"]
    assert [makers in line for line in lines] == [True, False, True]
    assert [price in line for line in lines] == [False, False, True]


def test_drafts_that_are_whole_are_shown_and_the_others_stay_and_say_why(drafts, client):
    none = drafts.submit(part(drafts, "publish"))
    assert "None of them is complete yet." in none.text
    assert rows(Change, Change.kind == "published") == []
    page = none.submit(part(none, "apply"), **WHOLE, pay_percent="60")
    cup, fan, screen = (of_sku(sku)[0] for sku in ("CUP-1", "FAN-1", "SCREEN-1"))
    for product in (cup, fan):
        page.client.post(
            f"/office/products/{product.id}/pictures",
            data={"csrf_token": page.client.token(), "version": str(product.version), "pictures": [photo()]},
        )
    page = page.submit(part(page, "publish"))
    assert "2 are in the shop now." in page.text
    assert [line.partition(" ")[0] for line in page.all("tbody tr")] == ["屏风"]
    assert [of_sku(sku)[0].state for sku in ("CUP-1", "FAN-1", "SCREEN-1")] == ["published", "published", "draft"]
    assert client.get(f"/zh/products/{cup.slug}").status_code == 200
    assert client.get(f"/zh/products/{screen.slug}").status_code == 404
    (noted,) = rows(Change, Change.kind == "published")
    assert (noted.facts["count"], noted.facts["import"]) == (2, ref_of(page))


NOT_GIVEN = [
    ({"minutes": "1.5"}, "Not a valid integer value."),
    ({"minutes": "0"}, "From 1 minute on."),
    ({"minutes": str(2**63)}, "From 1 minute on."),
    ({"pay_percent": "101"}, "From 1 to 100 per cent."),
    ({"pay_percent": "-1"}, "From 1 to 100 per cent."),
    ({"materials_percent": "many"}, "Not a valid integer value."),
    ({"pay_percent": "60", "materials_percent": "41"}, "Her pay and the materials are more than the price."),
    ({"craft_id": "99"}, "Please choose one of those listed."),
    ({"makers": ["1", "5"]}, "Please choose one of those listed."),
    ({"makers": ["Lan"]}, "Please choose one of those listed."),
]


def test_what_cannot_be_given_to_all_is_refused_and_stays_typed(drafts):
    before = everything()
    for fields, sentence in NOT_GIVEN:
        again = drafts.submit(part(drafts, "apply"), **{"minutes": "120", "pay_percent": "44", **fields})
        assert says(again, 422, sentence)
        kept = again.form(part(drafts, "apply"))
        assert kept["minutes"] == fields.get("minutes", "120")
        assert kept["pay_percent"] == fields.get("pay_percent", "44")
    assert everything() == before


def test_a_draft_that_cannot_get_it_is_named_with_the_reason_and_the_others_get_it(drafts):
    page = drafts.submit(part(drafts, "apply"), makers=["1"], minutes="300", pay_percent="50")
    cup, size = of_sku("CUP-1")
    assert f"{cup.item_no} could not get it: That is ¥20.40 an hour; the local minimum is ¥25.00." in page.text
    assert (split(size.id), rows(PieceRate, PieceRate.variant_id == size.id)) == ({}, [])
    assert split(of_sku("FAN-1")[1].id)["maker"] == 21000
    page = page.submit(part(page, "apply"), minutes="100", materials_percent="50")
    assert f"{cup.item_no} could not get it: The parts and the price differ by" in page.text
    assert split(size.id) == {}


def test_a_draft_that_somebody_saved_meanwhile_is_named_and_the_others_get_it(drafts, monkeypatch):
    cup, fan = of_sku("CUP-1")[0], of_sku("FAN-1")[0]
    edit = catalog.edit_product

    def saved_by_another(session, *, product_id, version, **fields):
        return edit(session, product_id=product_id, version=version - (product_id == cup.id), **fields)

    monkeypatch.setattr(catalog, "edit_product", saved_by_another)
    page = drafts.submit(part(drafts, "apply"), **WHOLE, pay_percent="50")
    assert "2 drafts were changed." in page.text
    assert f"{cup.item_no} could not get it: Somebody else saved this in the meantime" in page.text
    assert (of_sku("CUP-1")[0].craft_id, of_sku("FAN-1")[0].craft_id) == (None, 1)
    assert rows(ProductMaker, ProductMaker.product_id == cup.id) == []
    assert split(of_sku("CUP-1")[1].id) == {}
    assert split(of_sku("FAN-1")[1].id)["maker"] == 21000
    assert told(cup.id) == []
    assert told(fan.id) == ["edited", "price"]


def told(product_id: int) -> list[str]:
    """What the history says of a product."""
    return [line.kind for line in rows(Change, Change.about == f"product:{product_id}")]


def test_what_all_drafts_are_given_stands_in_the_history_of_each(drafts, visit):
    cup, screen = of_sku("CUP-1")[0], of_sku("SCREEN-1")[0]
    page = drafts.submit(part(drafts, "apply"), **WHOLE)
    assert told(cup.id) == ["edited", "makers", "price"]
    assert told(screen.id) == ["edited", "makers"]
    page.submit(part(page, "apply"), **WHOLE)
    assert told(cup.id) == ["edited", "makers", "price"], "what stays as it is is no news"
    lines = visit("/office/history", client=drafts.client).text
    assert "makers changed" in lines


def test_of_many_reasons_twenty_are_told_and_the_rest_are_counted(goods, as_, visit):
    many = [(f"杯垫{number}", f"M-{number}", f"{20 + 97 * number}.37", "", "", "", "") for number in range(60)]
    page = brought_in(visit, as_(FEN, "zh"), *many)
    told = page.submit(part(page, "apply"), minutes="9000", pay_percent="50")
    assert told.text.count("没有给成") == 20
    assert "另有40种原因" in told.text


def test_pictures_of_the_list_go_to_every_draft_that_names_them(goods, as_, visit):
    fen = as_(FEN)
    head = (*HEAD, "图片")
    tried = sent(visit, fen, csv_of((*CUP, "https://x.example/p/Cup.PNG?v=2, back.png"), (*FAN, "back.png"), head=head))
    page = tried.submit(act(tried))
    cup, fan = of_sku("CUP-1")[0].id, of_sku("FAN-1")[0].id
    before = everything()
    unknown = page.submit(part(page, "pictures"), pictures=[photo("cup.png"), photo("other.png")])
    assert says(unknown, 422, "No draft of this import names: other.png")
    bad = page.submit(part(page, "pictures"), pictures=[photo("cup.png"), (io.BytesIO(b"no"), "back.png")])
    assert says(bad, 422, "back.png: Please choose a picture (JPG or PNG).")
    nine = page.submit(part(page, "pictures"), pictures=[photo("cup.png") for _ in range(9)])
    assert says(nine, 422, "At most 8 pictures at a time.")
    assert says(page.submit(part(page, "pictures")), 422, "Please choose a picture (JPG or PNG).")
    assert everything() == before
    page.submit(part(page, "pictures"), pictures=[photo("CUP.png", "teal")])
    page.submit(part(page, "pictures"), pictures=[photo("back.png", "navy")])
    assert [len(shown(each)) for each in (cup, fan)] == [2, 1]
    made = len(rows(Picture))
    page.submit(part(page, "pictures"), pictures=[photo("back.png", "navy")])
    assert ([len(shown(each)) for each in (cup, fan)], len(rows(Picture))) == ([2, 1], made)


def test_an_import_that_never_was_is_not_found_and_the_treasurer_gives_nothing(drafts, as_):
    tao, fen = as_(TAO), as_(FEN)
    before = everything()
    for tail in ("apply", "publish", "pictures"):
        assert tao.send(f"/office/imports/{ref_of(drafts)}/{tail}", minutes="10").status_code == 403
        assert fen.send(f"/office/imports/NOSUCH/{tail}", minutes="10").status_code == 404
    assert everything() == before


def test_a_draft_of_the_list_is_finished_on_its_own_page_with_what_the_list_said(drafts, visit):
    cup, size = of_sku("CUP-1")
    page = visit(f"/office/products/{cup.id}", client=drafts.client, ceiling=28)
    prices, rate = form(cup.id, f"/variants/{size.id}/price"), form(cup.id, f"/variants/{size.id}/rate")
    assert page.form(rate)["pay"] == "102.00"
    assert (page.form(prices)["retail1"], page.form(prices)["retail1_maker"]) == ("168.00", "102.00")
    page.submit(prices)
    assert split(size.id)["maker"] == 10200
    assert rows(Variant, Variant.id == size.id)[0].to_take_in == 3
    assert rows(Product, Product.id == cup.id)[0].state == "draft"
