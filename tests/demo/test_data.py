"""The demo's content, held to what the shop promises: sums, rates, consents, three languages."""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

import shop.demo

DATA = Path(shop.demo.__path__[0]) / "data"
LANGS = ("zh", "vi", "en")
HAN = re.compile(r"[\u3400-\u9fff]")
HOLE = re.compile(r"\{(\w+)\}")
SCENES = {
    "lotus", "night lotus", "pan-chang knot", "small knot", "cloisonné plate", "cloisonné mountains",
    "cloisonné vase", "peony embroidery", "cross-stitch runner", "sachet", "tie-dye",
}  # fmt: skip
PRICE_RANGES_FEN = {"w-emb": (12000, 240000), "w-knot": (4500, 20000), "w-clo": (18000, 260000)}
PAGES = ("terms", "privacy", "returns", "how-makers-are-paid", "contact", "imprint", "accessibility")
CONSENT_ITEMS = ["name", "pen_name", "village", "face", "voice", "story", "pay_per_piece", "piece_count", "own_line"]
DATE = re.compile(r"20\d\d-\d\d-\d\d")
PARTS = {"maker", "materials", "broker", "coop", "costs"}


def read(name: str) -> Any:
    return json.loads((DATA / f"{name}.json").read_text("utf-8"))


CRAFTS, PLACES, WORKSHOPS, BROKERS, MAKERS, PRODUCTS, REVIEWS, ORDERS, EXPO, GLOSSARY = map(
    read,
    ("crafts", "places", "workshops", "brokers", "makers", "products", "reviews", "orders", "expo", "glossary"),
)
CRAFT = {c["slug"]: c for c in CRAFTS}
PLACE = {p["slug"]: p for p in PLACES}
VILLAGES = {p["slug"] for p in PLACES if p["kind"] == "village"}
WORKSHOP = {x["id"]: x for x in WORKSHOPS}
BROKER = {b["id"]: b for b in BROKERS}
MAKER = {m["id"]: m for m in MAKERS}
PRODUCT = {p["slug"]: p for p in PRODUCTS}
VARIANTS = [(p, v) for p in PRODUCTS for v in p["variants"]]
SKU = {v["sku"]: (p, v) for p, v in VARIANTS}
BOOTH = {x["id"]: x for x in EXPO["exhibitors"]}


def half_width_in_chinese(text: str) -> Iterator[str]:
    if re.search(r"[\u3400-\u9fff][,;:?!()]|[,;?!()][\u3400-\u9fff]", text):
        yield f"half-width punctuation: {text[:40]}"
    if re.search(r"[\u3400-\u9fff] +[\u3400-\u9fff]", text):
        yield f"space between characters: {text[:40]}"


def wrong_text(
    where: str, text: Any, limits: dict[str, tuple[int, int]] | None = None, *, name: bool = False
) -> list[str]:
    """What is wrong with one text in three languages. Limits count characters in zh, words in vi and en."""
    if not isinstance(text, dict) or set(text) != set(LANGS):
        return [f"{where}: needs exactly zh, vi and en"]
    found = []
    for lang in LANGS:
        said = text[lang]
        if not isinstance(said, str) or not said.strip() or said != said.strip():
            found.append(f"{lang} empty or padded")
        elif limits:
            length = len(said) if lang == "zh" else len(said.split())
            least, most = limits[lang]
            if not least <= length <= most:
                found.append(f"{lang} length {length}, wanted {least} to {most}")
    if not name and not HAN.search(text["zh"]):
        found.append("zh has no Chinese")
    found += [f"{lang} has Chinese characters" for lang in ("vi", "en") if HAN.search(text[lang])]
    if text["zh"] in (text["vi"], text["en"]):
        found.append("zh is the same as another language")
    if not name and text["vi"] == text["en"]:
        found.append("vi is the same as en")
    found += half_width_in_chinese(text["zh"])
    return [f"{where}: {what}" for what in found]


def twice(values: Iterable[Any]) -> list[Any]:
    seen = list(values)
    return sorted({value for value in seen if seen.count(value) > 1})


def wrong_split(where: str, price: int, split: dict[str, int], broker_parts: list[dict[str, Any]]) -> list[str]:
    found = []
    if set(split) != PARTS:
        found.append("parts are not the five")
    numbers = [price, *split.values(), *(part["fen"] for part in broker_parts)]
    if any(type(n) is not int or n < 0 for n in numbers):
        found.append("not whole non-negative fen")
    if sum(split.values()) != price:
        found.append(f"parts {sum(split.values())}, price {price}")
    if sum(part["fen"] for part in broker_parts) != split["broker"]:
        found.append("broker tiers do not sum")
    if any(part["broker"] not in BROKER or BROKER[part["broker"]]["tier"] != part["tier"] for part in broker_parts):
        found.append("broker of another tier")
    if min(split.values()) <= 0:
        found.append("an empty part")
    return [f"{where}: {what}" for what in found]


def top_craft(slug: str) -> str:
    while CRAFT[slug]["parent"]:
        slug = CRAFT[slug]["parent"]
    return slug


@pytest.mark.parametrize("path", sorted(DATA.rglob("*.[jm][sd]*")), ids=lambda path: path.name)
def test_a_data_file_is_plain_nfc_text_without_machine_paths(path):
    text = path.read_bytes().decode("utf-8")
    assert not set("\0\ufffd\ufeff") & set(text)
    assert unicodedata.normalize("NFC", text) == text
    assert not re.search(r"(?:^|[\s\"'(])/[a-z]+/[a-z]|[A-Z]:\\\\", text)


def test_crafts_form_a_named_tree_with_synonyms():
    assert not twice(c["slug"] for c in CRAFTS)
    assert not twice(c["name"]["en"] for c in CRAFTS)
    wrong = []
    for craft in CRAFTS:
        wrong += wrong_text(craft["slug"], craft["name"])
        wrong += wrong_text(craft["slug"], craft["about"], {"zh": (6, 40), "vi": (6, 30), "en": (5, 25)})
        if craft["parent"] and craft["parent"] not in CRAFT:
            wrong.append(f"{craft['slug']}: parent missing")
        if len(craft["synonyms"]) < 2 or not all(word.strip() for word in craft["synonyms"]):
            wrong.append(f"{craft['slug']}: synonyms")
    assert not wrong


def test_places_are_one_county_four_towns_and_fourteen_villages():
    kinds = [p["kind"] for p in PLACES]
    assert (kinds.count("county"), kinds.count("town"), kinds.count("village")) == (1, 4, 14)
    assert not twice(p["slug"] for p in PLACES)
    wrong = []
    for place in PLACES:
        wrong += wrong_text(place["slug"], place["name"]) + wrong_text(place["slug"], place["short_name"])
        if place["parent"] and place["parent"] not in PLACE:
            wrong.append(f"{place['slug']}: parent missing")
        if place["kind"] == "village":
            wrong += wrong_text(place["slug"], place["speciality"]["about"])
            if place["speciality"]["craft"] not in CRAFT:
                wrong.append(f"{place['slug']}: speciality")
    assert not wrong


def test_a_workshop_names_its_broker_village_craft_and_makers():
    assert not twice(x["id"] for x in WORKSHOPS)
    assert not twice(x["slug"] for x in WORKSHOPS)
    wrong = []
    for x in WORKSHOPS:
        wrong += wrong_text(x["id"], x["name"]) + wrong_text(x["id"], x["point"]["hours"])
        wrong += wrong_text(x["id"], x["story"], {"zh": (130, 260), "vi": (80, 135), "en": (80, 120)})
        known = x["broker"] in BROKER and x["village"] in VILLAGES and x["craft"] in CRAFT
        if not known or set(x["makers"]) - set(MAKER):
            wrong.append(f"{x['id']}: reference")
    assert not wrong


def test_brokers_stand_in_two_tiers():
    assert not twice(b["id"] for b in BROKERS)
    assert {b["tier"] for b in BROKERS} == {1, 2}
    wrong = []
    for b in BROKERS:
        wrong += wrong_text(b["id"], b["name"]) + wrong_text(b["id"], b["about"])
        parent_known = not b["parent"] or b["parent"] in BROKER
        if not parent_known or b["workshop"] not in WORKSHOP or b["village"] not in VILLAGES:
            wrong.append(f"{b['id']}: reference")
    assert not wrong


def test_twenty_four_makers_have_their_own_number_slug_and_mark():
    assert len(MAKERS) == 24
    for key in ("id", "number", "slug", "mark"):
        assert not twice(m[key] for m in MAKERS)


@pytest.mark.parametrize("maker", MAKERS, ids=lambda m: m["id"])
def test_a_maker_is_of_age_works_bounded_hours_and_belongs_somewhere(maker):
    assert not wrong_text(maker["id"], maker["name"], name=True) + wrong_text(maker["id"], maker["mark_name"])
    assert 1940 <= maker["birth_year"] <= 2007
    assert maker["village"] in VILLAGES
    assert maker["workshop"] in WORKSHOP
    assert BROKER[maker["broker"]]["workshop"] == maker["workshop"]
    assert 1 <= maker["hours_a_week"] <= 48
    assert all(c["craft"] in CRAFT and 1 <= c["level"] <= 5 for c in maker["crafts"])
    assert maker["contact"] in ("none", "shared_phone", "own_phone")
    assert maker["payout"] in ("cash", "bank", "wallet")


@pytest.mark.parametrize("maker", MAKERS, ids=lambda m: m["id"])
def test_what_is_public_of_a_maker_follows_her_consents(maker):
    consents = maker["consents"]
    assert [c["item"] for c in consents] == CONSENT_ITEMS
    assert all(DATE.fullmatch(c[key]) for c in consents for key in ("on", "withdrawn_on") if key in c)
    assert not [c for c in consents if c["given"] and "withdrawn_on" in c]
    given = {c["item"] for c in consents if c["given"]}
    assert (maker["story"] is not None) == ("story" in given)
    assert (maker["pen_name"] is not None) == ("pen_name" in given)
    shown = maker["name"] if "name" in given else maker["pen_name"] if "pen_name" in given else None
    assert maker["public_name"] == shown
    if maker["story"]:
        assert not wrong_text(maker["id"], maker["story"], {"zh": (45, 120), "vi": (35, 90), "en": (30, 60)})
        for lang in LANGS:
            assert maker["name"][lang] not in maker["story"][lang]
            assert "village" in given or PLACE[maker["village"]]["short_name"][lang] not in maker["story"][lang]


def test_sixty_products_are_told_apart_by_slug_number_name_text_and_sku():
    assert len(PRODUCTS) == 60
    assert [sum(p["workshop"] == w for p in PRODUCTS) for w in ("w-emb", "w-knot", "w-clo")] == [30, 15, 15]
    for key in ("slug", "item_no"):
        assert not twice(p[key] for p in PRODUCTS)
    assert not twice(v["sku"] for _, v in VARIANTS)
    for lang in LANGS:
        assert not twice(p["name"][lang] for p in PRODUCTS)
        assert not twice(p["description"][lang] for p in PRODUCTS)


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda p: p["slug"])
def test_a_product_is_complete_in_three_languages(product):
    slug = product["slug"]
    wrong = wrong_text(slug, product["name"]) + wrong_text(slug, product["care"])
    wrong += wrong_text(slug, product["description"], {"zh": (60, 160), "vi": (40, 95), "en": (40, 80)})
    for material in product["materials"]:
        wrong += wrong_text(slug, material["name"])
    if product["certificate"]:
        wrong += wrong_text(slug, product["certificate"]["title"]) + wrong_text(slug, product["certificate"]["issuer"])
    for variant in product["variants"]:
        wrong += wrong_text(variant["sku"], variant["colour"])
    assert not wrong
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert max(map(len, product["name"].values())) <= 60
    assert product["materials"]
    assert product["variants"]


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda p: p["slug"])
def test_a_product_is_made_by_those_who_can_make_it(product):
    assert top_craft(product["technique"]) == product["craft"]
    assert product["workshop"] in WORKSHOP
    assert product["broker"] in BROKER
    for maker_id in product["makers"]:
        assert MAKER[maker_id]["workshop"] == product["workshop"]
        assert product["technique"] in {c["craft"] for c in MAKER[maker_id]["crafts"]}
    availability = product["availability"]
    if availability["kind"] == "stock":
        assert len(product["makers"]) == 1
        assert 1 <= availability["pieces"] == sum(v["stock"] for v in product["variants"])
    else:
        assert availability["kind"] == "made_to_order"
        assert 2 <= len(product["makers"]) <= 4
    assert product["picture"]["scene"] in SCENES
    assert re.fullmatch(r"\d{4}\.\d\d", product["hs_code"])
    assert all(type(product[key]) is int and product[key] >= 0 for key in ("lead_days", "making_days"))


@pytest.mark.parametrize(("product", "variant"), VARIANTS, ids=lambda x: x.get("sku", ""))
def test_a_retail_price_is_split_to_the_fen_and_pays_by_the_hour(product, variant):
    retail = variant["retail"]
    assert not wrong_split(variant["sku"], retail["price_fen"], retail["split"], retail["broker_parts"])
    least, most = PRICE_RANGES_FEN[product["workshop"]]
    assert least <= retail["price_fen"] <= most
    assert variant["pay_per_hour_fen"] == retail["split"]["maker"] * 60 // variant["minutes_per_piece"]
    assert variant["pay_per_hour_fen"] >= 2800


@pytest.mark.parametrize(("product", "variant"), VARIANTS, ids=lambda x: x.get("sku", ""))
def test_trade_tiers_step_down_and_never_lower_the_makers_part(product, variant):
    assert len(variant["trade"]) == (0 if product["availability"]["unique"] else 2)
    price, quantity = variant["retail"]["price_fen"], 1
    for tier in variant["trade"]:
        assert not wrong_split(variant["sku"], tier["price_fen"], tier["split"], tier["broker_parts"])
        assert tier["split"]["maker"] >= variant["retail"]["split"]["maker"]
        assert tier["price_fen"] < price
        assert tier["min_qty"] > quantity
        assert 1 <= tier["lead_days"] <= 180
        price, quantity = tier["price_fen"], tier["min_qty"]


@pytest.mark.parametrize("variant", [v for _, v in VARIANTS], ids=lambda v: v["sku"])
def test_a_variant_has_a_size_a_weight_and_a_carton_one_can_ship(variant):
    assert re.fullmatch(r"[A-Z0-9-]{4,24}", variant["sku"])
    assert variant["weight_g"] >= 1
    sides = [side for key, side in variant["size"].items() if key != "shape"]
    assert all(type(side) is int and side > 0 for side in sides)
    carton = variant["carton"]
    assert all(type(n) is int and n >= 0 for n in carton.values())
    assert carton["gross_weight_g"] > carton["net_weight_g"] > 0
    assert max(carton["length_cm"], carton["width_cm"], carton["height_cm"]) <= 140


def test_reviews_are_sixty_different_texts_on_pieces_that_exist():
    assert len(REVIEWS) == 60
    assert not twice(r["id"] for r in REVIEWS)
    assert not twice(r["text"] for r in REVIEWS)
    for review in REVIEWS:
        assert review["piece"].startswith(PRODUCT[review["product"]]["item_no"] + "-")
        assert 1 <= review["stars"] <= 5
        assert review["lang"] in LANGS
        assert 10 <= len(review["text"]) <= 300
        assert (review["lang"] == "zh") == bool(HAN.search(review["text"]))
        assert review["lang"] != "zh" or not list(half_width_in_chinese(review["text"]))


@pytest.mark.parametrize("order", ORDERS, ids=lambda o: o["id"])
def test_an_order_of_the_script_adds_up(order):
    for line in order["lines"]:
        product, variant = SKU[line["sku"]]
        assert product["slug"] == line["product"]
        assert line["unit_price_fen"] == variant["retail"]["price_fen"]
        assert line["amount_fen"] == line["qty"] * line["unit_price_fen"] == sum(line["frozen_split"].values())
        assert not line["maker"] or line["maker"] in product["makers"]
        assert variant["stock"] is None or line["qty"] <= variant["stock"]
    lines_fen = sum(line["amount_fen"] for line in order["lines"])
    assert order["total_fen"] == lines_fen + order["shipping_fen"] - order["voucher_fen"]
    assert order["refund_fen"] <= order["total_fen"]
    days = [event["day"] for event in order["script"]]
    assert days == sorted(days)
    assert days[-1] <= 0
    assert order["buyer"]["email"].endswith("@demo.example")


def test_the_orders_together_take_no_more_than_the_stock_has():
    assert not twice(o["id"] for o in ORDERS)
    assert 24 <= len(ORDERS) <= 26
    taken: dict[str, int] = {}
    for order in ORDERS:
        for line in order["lines"]:
            if line["source"] == "stock" and order["state"] not in ("cancelled", "returned", "refunded"):
                taken[line["sku"]] = taken.get(line["sku"], 0) + line["qty"]
    assert taken
    assert not {sku: quantity for sku, quantity in taken.items() if quantity > SKU[sku][1]["stock"]}


def test_the_expo_has_twelve_exhibitors_and_forty_entries_and_says_what_is_missing():
    assert (len(EXPO["exhibitors"]), len(EXPO["entries"])) == (12, 40)
    assert not twice(x["booth"] for x in EXPO["exhibitors"])
    assert not twice(e["item_no"] for e in EXPO["entries"])
    wrong = [fault for key in ("name", "venue", "preface") for fault in wrong_text(key, EXPO[key])]
    wrong += [fault for x in EXPO["exhibitors"] for fault in wrong_text(x["id"], x["name"])]
    for entry in EXPO["entries"]:
        assert entry["booth"] == BOOTH[entry["exhibitor"]]["booth"]
        assert not entry["product"] or (entry["product"] in PRODUCT and entry["sku"] in SKU)
        assert not set(entry["missing"]) - set(EXPO["demands"]["required"])
        if "name.vi" not in entry["missing"]:
            wrong += wrong_text(entry["id"], entry["name"])
        first, second = entry["tiers"]
        assert all(type(t[k]) is int and t[k] >= 0 for t in (first, second) for k in ("min_qty", "exw_fen", "fob_fen"))
        assert all(tier["fob_fen"] > tier["exw_fen"] for tier in (first, second))
        assert second["exw_fen"] < first["exw_fen"]
    assert not wrong


def test_the_glossary_says_each_term_in_three_languages_and_promises_no_escrow():
    assert not twice(term["key"] for term in GLOSSARY)
    wrong = []
    for term in GLOSSARY:
        plural = isinstance(term["en"], dict)
        forms = list(term["en"].values()) if plural else [term["en"]]
        if plural and (set(term["en"]) != {"one", "other"} or len(set(forms)) != 2):
            wrong.append(f"{term['key']}: plural forms")
        for form in forms:
            wrong += wrong_text(term["key"], {"zh": term["zh"], "vi": term["vi"], "en": form})
            if not set(HOLE.findall(term["zh"])) == set(HOLE.findall(term["vi"])) == set(HOLE.findall(form)):
                wrong.append(f"{term['key']}: placeholders differ")
            if len(form) > 120:
                wrong.append(f"{term['key']}: long")
        if not term["context"]:
            wrong.append(f"{term['key']}: no context")
        if re.search(r"余额|钱包余额|escrow|balance|số dư|guarantee|担保", term["zh"] + term["vi"] + " ".join(forms)):
            wrong.append(f"{term['key']}: a money word we may not use")
    assert not wrong


@pytest.mark.parametrize("name", PAGES)
def test_a_footer_page_says_the_same_in_three_languages(name):
    texts = {lang: (DATA / "pages" / f"{name}.{lang}.md").read_text("utf-8") for lang in LANGS}
    for lang, text in texts.items():
        length = len(HAN.findall(text)) if lang == "zh" else len(text.split())
        least, most = (250, 600) if lang == "zh" else (150, 400)
        assert least <= length <= most
        assert lang == "zh" or not HAN.search(text)
    assert not [fault for line in texts["zh"].splitlines() for fault in half_width_in_chinese(line)]
    holes = {lang: set(HOLE.findall(text)) for lang, text in texts.items()}
    assert holes["zh"] == holes["vi"] == holes["en"] <= {"coop_name", "hotline", "address", "email"}
