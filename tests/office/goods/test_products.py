"""A product in the office: its draft, its texts in three languages, whether it is shown, and who may do that."""

from urllib.parse import urlencode

import pytest

from shop.catalog.models import Product, Variant
from shop.crafts.models import Craft
from shop.db import writing
from shop.workshops.models import Workshop
from tests.office.goods.rows import everything, form, newest, row, rows, says
from tests.people import ADA, FEN, TAO


def test_a_draft_is_made_with_a_name_and_gets_its_texts_in_three_languages(goods, as_, visit):
    fen = as_(FEN)
    page = visit("/office/products/new", client=fen).submit(
        "main form", workshop_id="1", craft_id="1", **{"name-zh": "荷叶杯垫"}
    )
    made = newest()
    assert (made.state, made.broker_id, made.listed_by, made.name) == ("draft", 1, FEN.key, {"zh": "荷叶杯垫"})
    texts = {
        "name-en": "Lotus leaf coaster",
        "name-vi": "Lót ly lá sen",
        "description-zh": "一笔一针。",
        "description-en": "Stitch by stitch.",
        "description-vi": "Từng mũi kim.",
        "care-zh": "手洗。",
        "care-en": "Wash by hand.",
        "care-vi": "Giặt tay.",
        "materials-zh": "丝\n棉",
        "materials-en": "Silk\nCotton",
        "hs_code": "6307.90",
        "origin": "CN",
    }
    saved = page.submit(form(made.id), **texts)
    assert saved.h1 == "Lotus leaf coaster"
    assert saved.all("fieldset legend .badge") == ["complete"] * 3
    kept = row(Product, made.id)
    assert kept.description == {"zh": "一笔一针。", "vi": "Từng mũi kim.", "en": "Stitch by stitch."}
    assert [each["name"] for each in kept.materials] == [{"zh": "丝", "en": "Silk"}, {"zh": "棉", "en": "Cotton"}]
    assert {name: value for name, value in saved.form(form(made.id)).items() if name in texts} == texts


def test_a_second_click_on_making_a_draft_shows_the_draft_of_the_first(goods, as_, visit):
    empty = visit("/office/products/new", client=as_(FEN))
    typed = {"workshop_id": "1", "name-zh": "荷叶杯垫"}
    first = empty.submit("main form", **typed)
    made = everything()
    again = empty.submit("main form", **typed)
    assert (again.status, again.path) == (200, first.path)
    assert everything() == made
    other = empty.submit("main form", **typed | {"name-zh": "莲蓬杯垫"})
    assert other.path != first.path
    assert len(rows(Product, Product.listed_by == FEN.key)) == 2


NO_DRAFT = [
    ({"name-zh": "", "name-en": " "}, "Please give it a name in at least one language."),
    ({"name-en": "a\x00b"}, "There is a character in it that cannot be kept."),
    ({"workshop_id": "999"}, "Please choose one of those listed."),
    ({"workshop_id": "1.5"}, "Please choose one of those listed."),
    ({"workshop_id": ""}, "Please fill this in."),
    ({"craft_id": str(2**63)}, "Please choose one of those listed."),
]


def test_what_makes_no_draft_is_said_and_stays_typed(goods, as_, visit):
    before = everything()
    empty = visit("/office/products/new", client=as_(FEN))
    for fields, sentence in NO_DRAFT:
        typed = {"name-zh": "杯垫", "name-vi": "", "workshop_id": "1", **fields}
        page = empty.submit("main form", **typed)
        assert says(page, 422, sentence)
        assert page.form()["name-zh"] == typed["name-zh"]
    assert everything() == before


NOT_MEANT = [
    ({"name-zh": "", "name-en": "", "name-vi": ""}, "Please give it a name in at least one language."),
    ({"name-en": "a" * 201}, "This is too long."),
    ({"description-vi": "a\x00b"}, "There is a character in it that cannot be kept."),
    ({"hs_code": "abc"}, "Digits and full stops only."),
    ({"origin": "China"}, "Two letters, such as CN or VN."),
    ({"craft_id": "999"}, "Please choose one of those listed."),
    ({"technique_id": "-1"}, "Please choose one of those listed."),
    ({"materials-en": "silk\n" * 41}, "At most 40 lines."),
]


def test_texts_and_facts_that_cannot_be_meant_change_nothing_and_stay_typed(goods, as_, visit):
    before = everything()
    lotus = form(goods.products["lotus"])
    page = visit(f"/office/products/{goods.products['lotus']}", client=as_(FEN), ceiling=28)
    for fields, sentence in NOT_MEANT:
        again = page.submit(lotus, **{"care-en": "Keep it dry.", **fields})
        assert says(again, 422, sentence)
        sent = again.form(lotus)
        assert sent["care-en"] == "Keep it dry."
        for name, typed in fields.items():
            assert sent[name] == typed.strip() or "_id" in name or "\x00" in typed
    assert everything() == before


def test_a_technique_of_another_craft_is_refused(goods, as_, visit):
    with writing() as session:
        technique = Craft(slug="tying", name={"zh": "打结"}, synonyms=[], parent_id=2)
        session.add(technique)
    page = visit(f"/office/products/{goods.products['lotus']}", client=as_(FEN), ceiling=28)
    again = page.submit(form(goods.products["lotus"]), technique_id=str(technique.id))
    assert says(again, 422, "This technique is none of the chosen craft.")
    assert again.submit(form(goods.products["lotus"]), craft_id="2").status == 200
    assert row(Product, goods.products["lotus"]).technique_id == technique.id


def test_a_material_without_a_word_in_one_language_keeps_its_place(goods, as_, visit):
    path = f"/office/products/{goods.products['lotus']}"
    page = visit(path, client=as_(FEN), ceiling=28)
    page = page.submit(form(goods.products["lotus"]), **{"materials-zh": "丝\n棉\n铜", "materials-en": "–\n\nCopper"})
    for _ in range(2):
        materials = [each["name"] for each in row(Product, goods.products["lotus"]).materials]
        assert materials == [{"zh": "丝"}, {"zh": "棉"}, {"zh": "铜", "en": "Copper"}]
        page = page.submit(form(goods.products["lotus"]))


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "Somebody else saved this in the meantime"),
        ("zh", "有人先改过了"),
        ("vi", "Đã có người sửa trước"),
    ],
)
def test_who_saves_second_is_told_what_stands_now_and_keeps_what_she_typed(goods, as_, visit, lang, said):
    lotus = goods.products["lotus"]
    first = visit(f"/office/products/{lotus}", client=as_(ADA), ceiling=28)
    second = visit(f"/office/products/{lotus}", client=as_(FEN, lang), ceiling=28, lang=lang)
    first.submit(form(lotus), **{"name-en": "Lotus at dawn", "hs_code": "6304"})
    late = second.submit(form(lotus), **{"name-en": "Lotus at dusk"})
    assert late.status == 409
    assert said in late.one(".summary")
    assert "Lotus at dawn" in late.one(".note")
    assert "6304" in late.one(".note")
    assert late.form(form(lotus))["name-en"] == "Lotus at dusk"
    assert row(Product, lotus).name["en"] == "Lotus at dawn"
    assert late.submit(form(lotus)).status == 200
    assert row(Product, lotus).name["en"] == "Lotus at dusk"


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "It cannot be shown yet. Missing: a price, the price split, the piece rate with its minutes"),
        ("zh", "还不能上架。缺"),
        ("vi", "Chưa đăng bán được. Còn thiếu"),
    ],
)
def test_what_is_lacking_is_listed_instead_of_publishing(goods, as_, visit, lang, said):
    fen = as_(FEN, lang)
    page = visit("/office/products/new", client=fen, lang=lang).submit(
        "main form", workshop_id="1", **{"name-vi": "Lót ly"}
    )
    made = newest()
    refused = page.submit(form(made.id, "/publish"))
    assert says(refused, 422, said)
    assert len(refused.doc.cssselect(".need li.no")) == 10
    assert row(Product, made.id).state == "draft"


def test_a_whole_product_is_published_taken_off_and_shown_again(goods, as_, visit, client):
    plate, fen = goods.products["plate"], as_(FEN)
    address = f"/en/products/{row(Product, plate).slug}"
    page = visit(f"/office/products/{plate}", client=fen, ceiling=28)
    assert page.submit(form(plate, "/publish")).one(".summary ul").endswith("pieces on the shelf, or “made to order”.")
    assert client.get(address).status_code == 404
    page = page.submit(form(plate), made_to_order="y")
    page = page.submit(form(plate, "/publish"))
    assert "It is in the shop now." in page.text
    assert address in page.hrefs("header a, main a")
    assert client.get(address).status_code == 200
    page = page.submit(form(plate, "/sell-out"))
    assert [each.is_active for each in rows(Variant, Variant.product_id == plate)] == [False]
    assert "sold out" in page.text
    page = page.submit(form(plate, "/on-sale"))
    page = page.submit(form(plate, "/withdraw"))
    assert client.get(address).status_code == 404
    assert page.submit(form(plate, "/publish")).status == 200
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("tail", ["withdraw", "sell-out", "on-sale"])
def test_a_draft_cannot_be_taken_off_what_it_never_stood_on(goods, as_, tail):
    before = everything()
    answer = as_(FEN).send(f"/office/products/{goods.products['plate']}/{tail}")
    assert answer.status_code == 409
    assert "This cannot be done as it stands now." in answer.get_data(as_text=True)
    assert everything() == before


def test_makers_are_chosen_among_those_of_the_workshop(goods, as_, visit):
    lotus = goods.products["lotus"]
    fen = as_(FEN)
    page = visit(f"/office/products/{lotus}", client=fen, ceiling=28)
    assert page.form(form(lotus, "/makers"))["makers"] == "1"
    page = page.submit(form(lotus, "/makers"), makers=["1", "2"])
    assert page.form(form(lotus, "/makers"))["makers"] == ["1", "2"]
    before = everything()
    for wrong in ("5", "0", "-1", "1.5", str(2**63), "Lan"):
        refused = page.submit(form(lotus, "/makers"), makers=["1", wrong])
        assert says(refused, 422, "Please choose one of those listed.")
    assert everything() == before
    stale = fen.send(f"/office/products/{lotus}/makers", makers=["1"], version="1")
    assert stale.status_code == 409
    assert everything() == before


def test_a_size_is_added_changed_and_never_given_anothers_number(goods, as_, visit):
    lotus = goods.products["lotus"]
    page = visit(f"/office/products/{lotus}", client=as_(FEN), ceiling=28)
    small = {"new-size_label-en": "12 cm across", "new-width": "12", "new-sku": "LOTUS-S", "new-weight_grams": "90"}
    page = page.submit(form(lotus, "/variants"), **small)
    made = rows(Variant, Variant.product_id == lotus)[-1]
    assert (made.size, made.sku, made.price_minor) == ({"shape": "round", "diameter": 12}, "LOTUS-S", None)
    before = everything()
    path = f"/variants/{made.id}"
    for fields, sentence in (
        ({"sku": "KNOT"}, "Another one has this name or number already."),
        ({"width": "1.5"}, "Not a valid integer value."),
        ({"width": "0"}, "A whole number, please."),
        ({"weight_grams": "-3"}, "A whole number, please."),
        ({"height": str(2**63)}, "A whole number, please."),
        ({"height": "9", "width": ""}, "Please fill this in."),
        ({"depth": "9"}, "Please fill this in."),
    ):
        refused = page.submit(form(lotus, path), **fields)
        assert says(refused, 409 if "sku" in fields else 422, sentence)
        assert {name: refused.form(form(lotus, path))[name] for name in fields} == fields
    assert everything() == before
    page.submit(form(lotus, path), width="24", height="30", **{"colour-zh": "红"})
    assert (row(Variant, made.id).size, row(Variant, made.id).colour) == (
        {"shape": "box", "width": 24, "height": 30},
        {"zh": "红"},
    )
    assert as_(FEN).send(f"/office/products/{goods.products['plate']}{path}").status_code == 404


def test_of_more_than_a_hundred_workshops_each_can_be_chosen_and_stands_in_the_order_of_names(goods, as_, visit):
    with writing() as session:
        for number in range(120):
            facts = {"craft_id": 1, "village_id": 2, "broker_id": 1, "name": {"en": f"House {number:03d}"}}
            session.add(Workshop(id=999 - number, slug=f"house-{number}", **facts))
    fen = as_(FEN)
    for path, select in (
        ("/office/products", "#house"),
        ("/office/products/new", "#workshop_id"),
        ("/office/imports", "#workshop_id"),
    ):
        names = visit(path, client=fen).all(f"{select} option")
        assert [name for name in names if name.startswith("House")] == [f"House {each:03d}" for each in range(120)], (
            path
        )
        assert len(names) > 120, path
    scopes = visit("/office/commissions/new", client=as_(ADA)).all("#scope option")
    assert "House 119" in scopes


def test_the_treasurer_reads_a_product_and_changes_nothing(goods, as_, visit):
    lotus, tao = goods.products["lotus"], as_(TAO)
    page = visit(f"/office/products/{lotus}", client=tao, ceiling=28)
    assert "Her pay is never below the agreed ¥236.00." in page.text
    assert page.doc.cssselect("main button") == []
    before = everything()
    for tail in ("", "/publish", "/makers", "/pictures", "/variants", f"/variants/{goods.variants['lotus']}/price"):
        assert tao.send(f"/office/products/{lotus}{tail}", **{"name-en": "mine"}).status_code == 403
    assert everything() == before


def test_products_are_found_by_a_name_in_any_language_a_number_or_a_sku(goods, as_, visit):
    tao = as_(TAO)
    for words, found in (
        ("荷塘", ["Lotus pond"]),
        ("bàn trường", ["Pan chang knot"]),
        ("lotus", ["Lotus plate", "Lotus pond"]),
        ("QS-0200", ["Pan chang knot"]),
        ("knot", ["Pan chang knot"]),
        ("100%", []),
        ("_", []),
        ('"', []),
        ("\\u8377", []),
    ):
        page = visit("/office/products?" + urlencode({"q": words}), client=tao)
        assert sorted(link for link in page.all("main tbody th a, main tbody td a") if link) == found, words
    assert "Lotus plate" in visit("/office/products?state=draft", client=tao).text
    assert "Lotus pond" not in visit("/office/products?state=draft&workshop=2", client=tao).text
