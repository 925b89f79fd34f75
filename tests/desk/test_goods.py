"""Listing goods on a phone: the split is seen before anything is saved, and nothing typed is ever lost."""

import io
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from shop.catalog.models import Piece, PieceRate, PriceSplit, Product, ProductMaker, ProductPicture, Variant
from shop.catalog.queries import live_splits
from shop.db import reading, writing
from shop.media.models import Picture
from shop.search.queries import found, question_of
from shop.work.models import WorkReceipt
from shop.workshops.models import Workshop
from tests.desk.conftest import count, kept
from tests.factories.brokers import let_act
from tests.people import HOA, MEI
from tests.support.pages import Page
from tests.support.statements import Statements

SHOW, SAVE = "看看怎么分", "存下，上架"
TYPED = {
    "title": "葫芦香包 艾草",
    "craft": "1",
    "width": "8",
    "height": "13",
    "price": "58.00",
    "pay": "34.00",
    "materials": "9",
    "minutes": "70",
    "makers": ["2", "3"],
    "ready2": "3",
}


def photo(colour: tuple[int, int, int] = (180, 60, 50)) -> tuple[io.BytesIO, str]:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return io.BytesIO(out.getvalue()), "photo.jpg"


def send(page: Page, *, button: str = SHOW, **fields: Any) -> Page:
    """Send the form as a phone would, files and all."""
    values = page.form("main form")
    if button in {SAVE, "保存"}:
        values["save"] = "1"
    values |= fields
    values = {name: value for name, value in values.items() if value is not None}
    answer = page.client.post(
        page.doc.cssselect("main form")[0].get("action"),
        data=values,
        content_type="multipart/form-data",
        follow_redirects=True,
    )
    return Page(page.client, answer.request.full_path.rstrip("?"), answer, Statements())


@pytest.fixture
def empty(mei, visit) -> Page:
    return visit("/desk/pieces/new", client=mei, lang="zh")


def products() -> list[Product]:
    with reading() as session:
        return list(session.scalars(select(Product).where(Product.source_key.like("desk:%"))))


def test_the_split_and_the_hour_are_seen_before_anything_is_saved(empty):
    shown = send(empty, photo0=photo(), **TYPED)
    assert shown.status == 200
    for part in ("¥34.00", "¥9.00", "¥5.00", "¥6.25", "¥3.75"):
        assert part in shown.text, part  # the rest, 15.00, is shared 8:10:6
    assert "加起来和卖价一样" in shown.text
    assert "人民币伍拾捌元整" in shown.text
    assert "¥29.14" in shown.text
    assert "¥25.00" in shown.text
    assert "人民币壹佰零贰元整" in shown.text  # three ready pieces are hers when it is saved
    assert not products()
    assert count(WorkReceipt) == 0


def test_saving_lists_it_takes_the_pieces_in_and_publishes(empty, visit):
    send(send(empty, photo0=photo(), photo1=photo((20, 20, 90)), **TYPED), button=SAVE)
    (product,) = products()
    assert (product.state, product.name, product.broker_id, product.listed_by) == (
        "published",
        {"zh": "葫芦香包 艾草"},
        1,
        "user:1",
    )
    with reading() as session:
        variant = session.scalars(select(Variant).where(Variant.product_id == product.id)).one()
        assert (variant.price_minor, variant.on_hand) == (5800, 3)
        assert variant.size_label == {"zh": "8 × 13 厘米", "vi": "8 × 13 cm", "en": "8 × 13 cm"}
        assert variant.size == {"shape": "box", "width": 8, "height": 13}
        rate = session.scalars(select(PieceRate).where(PieceRate.variant_id == variant.id)).one()
        assert (rate.pay_minor, rate.minutes) == (3400, 70)
        assert live_splits(session, variant_ids=[variant.id])[variant.id].of("maker") == 3400
        pieces = session.scalars(select(Piece).where(Piece.variant_id == variant.id)).all()
        assert [(piece.maker_id, piece.state, piece.maker_minor) for piece in pieces] == [(2, "shelf", 3400)] * 3
        assert session.query(ProductPicture).filter_by(product_id=product.id).count() == 2
        assert product.id in found(session, kind="product", question=question_of(session, "香包"), limit=5)
    assert kept("maker:2:available") == 10200
    page = visit("/desk/pieces", lang="zh", client=empty.client)
    assert "葫芦香包" in page.text


def test_a_replayed_save_lists_it_once(empty):
    shown = send(empty, photo0=photo(), **TYPED)
    for _click in range(3):
        assert send(shown, button=SAVE).status == 200
    assert len(products()) == 1
    assert count(WorkReceipt) == 1
    assert kept("maker:2:available") == 10200


def test_figures_changed_after_looking_are_shown_once_more(empty):
    shown = send(empty, photo0=photo(), **TYPED)
    again = send(shown, button=SAVE, price="68")
    assert again.status == 200
    assert "数改过了" in again.text
    assert "¥68.00" in again.text
    assert not products()
    send(again, button=SAVE)
    assert len(products()) == 1


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"title": ""}, "title", "请起个名字"),
        ({"craft": None}, "craft", "请选手艺"),
        ({"makers": []}, "makers", "请选谁能做"),
        ({"price": ""}, "price", "请填金额"),
        ({"price": "380.000"}, "price", "看不出是多少"),
        ({"price": "-5"}, "price", "金额"),
        ({"price": "1e9"}, "price", "不是金额"),
        ({"price": "0"}, "price", "大于零"),
        ({"price": "5.555"}, "price", ""),
        ({"minutes": "1.5"}, "minutes", "请填整数"),
        ({"minutes": "0"}, "minutes", "1到20000"),
        ({"minutes": str(2**63)}, "minutes", "请填整数"),
        ({"width": "wide"}, "width", "请填厘米数"),
        ({"width": ""}, "width", "请填厘米数"),
        ({"ready2": "-1"}, "ready2", "0到500"),
        ({"ready2": "1.5"}, "ready2", "0到500"),
        ({"ready2": ""}, "made_to_order", "现货几件"),
        ({"makers": ["3"]}, "makers", "也要勾上"),
        ({"pay": "60"}, "pay", "比卖价还多"),
        ({"title": "a\x01b"}, "title", "无法保存的字符"),
    ],
)
def test_bad_input_is_told_and_everything_typed_is_kept(empty, typed, field, said):
    after = send(empty, photo0=photo(), **(TYPED | typed))
    assert after.status == 422
    assert said in after.text
    assert after.doc.findtext(".//title").startswith("错误")
    assert after.doc.cssselect(f"#{field}"), field
    now = after.form("main form")
    for name, value in (TYPED | typed).items():
        if name in {"makers", "craft"} or value is None:
            continue
        assert now.get(name, "") == value, name
    assert now["kept0"]  # the photo too
    assert not products()
    fixed = send(after, **TYPED)
    assert fixed.status == 200
    send(fixed, button=SAVE)
    (product,) = products()
    assert product.cover_id is not None


def test_pay_below_the_local_minimum_is_refused_with_both_figures(empty):
    shown = send(empty, photo0=photo(), **(TYPED | {"minutes": "120"}))
    assert "低于当地最低" in shown.text
    after = send(shown, button=SAVE)
    assert after.status == 422
    assert "¥17.00" in after.text
    assert "¥25.00" in after.text
    assert after.form("main form")["title"] == TYPED["title"]
    assert not products()


@pytest.mark.parametrize(("data", "status"), [(b"GIF89a....", 422), (b"no picture", 422), (b"", 422)])
def test_a_bad_photo_is_told_beside_the_photo(empty, data, status):
    before = count(Picture)
    after = send(empty, photo0=(io.BytesIO(data), "x.jpg"), **TYPED)
    assert after.status == status
    assert after.doc.cssselect("#e-photo0")
    assert after.form("main form")["price"] == "58.00"
    assert count(Picture) == before


def test_a_photo_kept_by_one_broker_is_no_use_to_another(empty, hoa, visit):
    shown = send(empty, photo0=photo(), **(TYPED | {"title": ""}))
    stolen = shown.form("main form")["kept0"]
    hers = visit("/desk/pieces/new", client=hoa)
    fields = TYPED | {"craft": "3", "makers": ["5"], "ready2": None, "ready5": "1"}
    after = send(hers, kept0=stolen, **fields)
    assert after.status == 422
    assert "Xin chụp ảnh mặt trước" in after.text


def test_made_to_order_needs_no_pieces_and_gets_its_days(empty):
    send(send(empty, photo0=photo(), **(TYPED | {"ready2": "", "made_to_order": "y"})), button=SAVE)
    (product,) = products()
    assert product.state == "published"
    assert product.made_to_order
    assert product.lead_days > 0
    assert count(Piece) == 0


def test_makers_of_others_cannot_be_named(empty):
    after = send(empty, photo0=photo(), **(TYPED | {"makers": ["2", "5"]}))
    assert after.status == 422
    assert not products()


def test_another_brokers_workshop_cannot_be_listed_in(mei, visit):
    page = visit("/desk/pieces/new", client=mei, lang="zh")
    shown = send(page, photo0=photo(), workshop="2", **TYPED)
    send(shown, button=SAVE, workshop="2")
    assert {product.workshop_id for product in products()} <= {1}
    with reading() as session:
        assert session.query(Product).filter_by(workshop_id=2).count() == 1


def test_a_round_piece_has_one_measure(empty):
    send(send(empty, photo0=photo(), **(TYPED | {"height": "", "width": "8.5"})), button=SAVE)
    with reading() as session:
        variant = session.scalars(select(Variant).order_by(Variant.id.desc())).first()
    assert variant.size_label["zh"] == "直径8.5厘米"
    assert variant.size == {"shape": "round", "diameter": 9}


@pytest.mark.parametrize(("lang", "price", "shown"), [("vi", "58,50", "58,50"), ("en", "58.50", "¥58.50")])
def test_money_is_read_and_said_in_her_language(mei, visit, speaks, lang, price, shown):
    speaks(MEI, lang)
    page = visit("/desk/pieces/new", client=mei, lang=lang)
    after = send(page, photo0=photo(), **(TYPED | {"price": price}))
    assert after.status == 200
    assert shown in after.text
    assert {"vi": "Năm mươi tám nhân dân tệ", "en": "fifty-eight yuan"}[lang] in after.text


def test_editing_keeps_the_split_as_long_as_the_figures_stay(mei, visit, shop):
    product_id = shop.products["lotus"]
    page = visit(f"/desk/pieces/{product_id}", client=mei, lang="zh", ceiling=16)
    assert page.form("main form")["price"] == "380.00"
    before = count(PriceSplit)
    send(send(page, title="荷塘绣片 大"), button="保存")
    with reading() as session:
        product = session.get_one(Product, product_id)
    assert product.name == {"zh": "荷塘绣片 大", "vi": "Tranh sen", "en": "Lotus pond"}
    assert product.state == "published"
    assert count(PriceSplit) == before
    with reading() as session:
        variant = session.get_one(Variant, shop.variants["lotus"])
    assert variant.size_label["zh"] == "直径24厘米"


def test_a_new_price_and_pay_are_a_new_split_and_rate(mei, visit, shop):
    product_id = shop.products["lotus"]
    page = visit(f"/desk/pieces/{product_id}", client=mei, lang="zh", ceiling=16)
    shown = send(page, price="420", pay="260")
    assert "¥420.00" in shown.text
    send(shown, button="保存")
    with reading() as session:
        split = live_splits(session, variant_ids=[shop.variants["lotus"]])[shop.variants["lotus"]]
        rate = session.scalars(
            select(PieceRate).where(PieceRate.variant_id == shop.variants["lotus"], PieceRate.live)
        ).one()
    assert (split.price_minor, split.of("maker"), rate.pay_minor) == (42000, 26000, 26000)
    assert sum(part.amount_minor for part in split.parts) == 42000


def test_a_save_over_another_is_refused(mei, visit, shop):
    product_id = shop.products["lotus"]
    first = visit(f"/desk/pieces/{product_id}", client=mei, lang="zh", ceiling=16)
    second = visit(f"/desk/pieces/{product_id}", client=mei, lang="zh", ceiling=16)
    send(send(first, title="一"), button="保存")
    after = send(send(second, title="二"), button="保存")
    assert after.status == 409
    assert "有人先改过了" in after.text
    assert after.form("main form")["title"] == "二"
    with reading() as session:
        assert session.get_one(Product, product_id).name["zh"] == "一"


def test_sold_out_on_sale_again_withdrawn_and_shown_again(mei, visit, shop):
    product_id = shop.products["lotus"]
    address = f"/desk/pieces/{product_id}/state"

    def stands() -> tuple[str, bool]:
        with reading() as session:
            variant = session.get_one(Variant, shop.variants["lotus"])
            return session.get_one(Product, product_id).state, variant.is_active

    steps = (
        ("sold_out", ("published", False)),
        ("on_sale", ("published", True)),
        ("withdrawn", ("withdrawn", True)),
        ("published", ("published", True)),
    )
    for to, then in steps:
        assert mei.send(address, to=to).status_code == 303
        assert stands() == then
        visit("/desk/pieces", client=mei, lang="zh")
    assert mei.send(address, to="eaten").status_code == 303
    assert stands() == ("published", True)


def test_what_lacks_something_cannot_be_shown(hoa, shop):
    product_id = shop.products["plate"]
    answer = hoa.send(f"/desk/pieces/{product_id}/state", to="published")
    assert answer.status_code == 303
    with reading() as session:
        assert session.get_one(Product, product_id).state == "draft"


def test_more_pieces_pay_is_seen_first_and_a_replay_adds_none(hoa, visit, shop, speaks):
    speaks(HOA, "zh")
    product_id = shop.products["plate"]
    page = visit(f"/desk/pieces/{product_id}/add", client=hoa, lang="zh", ceiling=16)
    shown = page.submit(button="看她得多少", count="2")
    assert "¥426.00" in shown.text
    assert "人民币肆佰贰拾陆元整" in shown.text
    assert count(Piece) == 0
    saved = shown.submit(button="存下，就是她的了")
    assert "QS-0300-02" in saved.text
    shown.submit(button="存下，就是她的了")
    assert count(Piece) == 2
    assert kept("maker:5:available") == 42600
    for bad in ("0", "-1", "1.5", "501", str(2**63), ""):
        assert page.submit(button="看她得多少", count=bad).status == 422
    assert count(Piece) == 2


def test_another_brokers_goods_are_not_found_and_stay(hoa, shop):
    product_id = shop.products["lotus"]
    for path in (f"/desk/pieces/{product_id}", f"/desk/pieces/{product_id}/add"):
        assert hoa.get(path).status_code == 404
    assert hoa.send(f"/desk/pieces/{product_id}", title="mine", save="1").status_code == 404
    assert hoa.send(f"/desk/pieces/{product_id}/state", to="withdrawn").status_code == 404
    assert hoa.send(f"/desk/pieces/{product_id}/add", maker="1", count="1", save="1").status_code == 404
    with reading() as session:
        assert session.get_one(Product, product_id).state == "published"
        assert session.get_one(Product, product_id).name["en"] == "Lotus pond"
    assert count(Piece) == 0


def test_a_broker_without_a_workshop_is_told_what_to_do(mei, visit):
    with writing() as session:
        session.get_one(Workshop, 1).broker_id = 2
    page = visit("/desk/pieces/new", client=mei, lang="zh")
    assert "您还没有管工坊" in page.text
    with writing() as session:
        session.get_one(Workshop, 1).broker_id = 1


def test_lists_speak_her_language(mei, visit, shop, speaks):
    for lang in ("zh", "vi", "en"):
        speaks(MEI, lang)
        visit("/desk/pieces", client=mei, lang=lang, ceiling=9)
        visit("/desk/pieces?state=draft&before=99999999999999999999", client=mei, lang=lang)
        visit("/desk/pieces/new", client=mei, lang=lang)
        visit(f"/desk/pieces/{shop.products['lotus']}", client=mei, lang=lang, ceiling=16)
        visit(f"/desk/pieces/{shop.products['lotus']}/add", client=mei, lang=lang, ceiling=16)


def test_a_maker_of_another_broker_is_not_struck_off(mei, visit, shop):
    with writing() as session:
        let_act(session, maker_id=4, broker_id=2)  # Yang changes broker; she goes on making knots
    page = visit(f"/desk/pieces/{shop.products['knot']}", client=mei, lang="zh", ceiling=16)
    assert "QS-M-0004" not in page.text
    send(send(page, makers=["2"]), button="保存")
    with reading() as session:
        ids = session.scalars(select(ProductMaker.maker_id).where(ProductMaker.product_id == shop.products["knot"]))
        assert sorted(ids) == [2, 4]


def test_another_workshop_brings_up_its_makers_and_loses_nothing(mei, visit, shop):
    with writing() as session:
        session.get_one(Workshop, 2).broker_id = 1
        let_act(session, maker_id=5, broker_id=1)
    page = visit("/desk/pieces/new", client=mei, lang="zh")
    assert "QS-M-0005" not in page.text
    other = send(page, look="1", photo0=photo(), **(TYPED | {"workshop": "2", "makers": []}))
    assert other.status == 200
    assert "QS-M-0005" in other.text
    assert other.form("main form")["title"] == TYPED["title"]
    assert other.form("main form")["kept0"]
    fields = TYPED | {"workshop": "2", "makers": ["5"], "ready2": None, "ready5": "1"}
    send(send(other, **fields), button=SAVE)
    (product,) = products()
    assert (product.workshop_id, product.state) == (2, "published")
    with writing() as session:
        session.get_one(Workshop, 2).broker_id = 2
