"""Pictures of a product: added, put in order, given words, taken away; what is none is refused in the user's words."""

import io

import pytest

from shop.catalog.models import Product
from shop.media.models import Picture
from tests.office.goods.rows import everything, form, photo, row, rows, says, shown
from tests.people import FEN


@pytest.fixture
def lotus(goods):
    """The lotus' id; it has one picture, of id 1."""
    return goods.products["lotus"]


def upload(page, product_id, files):
    """Send these files with the page's form."""
    return page.submit(form(product_id, "/pictures"), pictures=files)


def test_pictures_are_added_behind_those_that_are_there(lotus, as_, visit):
    page = visit(f"/office/products/{lotus}", client=as_(FEN), ceiling=28)
    page = upload(page, lotus, [photo("a.png"), photo("b.jpg", "navy", "JPEG")])
    assert "Saved." in page.text
    assert [picture_id for picture_id, _alt in shown(lotus)] == [1, *[each.id for each in rows(Picture)[-2:]]]
    assert row(Product, lotus).cover_id == 1
    assert rows(Picture)[-1].uploaded_by == FEN.key


@pytest.mark.parametrize(
    ("lang", "data", "name", "said"),
    [
        ("en", b"GIF89a nothing", "a.gif", "Please choose a picture (JPG or PNG)."),
        ("zh", b"<svg/>", "a.svg", "这是 SVG 文件。请上传图片（JPG 或 PNG）。"),
        ("vi", photo()[0].getvalue()[:300], "a.png", "Ảnh chưa tới đủ. Xin gửi lại lần nữa."),
    ],
)
def test_what_is_no_picture_is_refused_in_the_users_language(lotus, as_, visit, lang, data, name, said):
    before = everything()
    page = visit(f"/office/products/{lotus}", client=as_(FEN, lang), lang=lang, ceiling=28)
    refused = upload(page, lotus, [photo(), (io.BytesIO(data), name)])
    assert says(refused, 422, said)
    assert name in refused.one(".summary li"), "which of them it is"
    assert "photo.png" not in refused.one(".summary li")
    assert everything() == before


def test_a_file_name_that_would_turn_the_sentence_is_shown_straight(lotus, as_, visit):
    page = visit(f"/office/products/{lotus}", client=as_(FEN), ceiling=28)
    refused = upload(page, lotus, [(io.BytesIO(b"no"), "a\u202egpj.exe")])
    assert "\u202e" not in refused.source
    assert "a\ufffdgpj.exe" in refused.one(".summary li")


def test_no_file_at_all_is_asked_for(lotus, as_, visit):
    page = visit(f"/office/products/{lotus}", client=as_(FEN), ceiling=28)
    assert says(page.submit(form(lotus, "/pictures")), 422, "Please choose a picture (JPG or PNG).")


def test_too_many_at_once_or_in_all_are_refused_and_none_is_dropped_in_silence(lotus, as_, visit, monkeypatch):
    before = everything()
    page = visit(f"/office/products/{lotus}", client=as_(FEN), ceiling=28)
    again = upload(page, lotus, [photo() for _ in range(9)])
    assert says(again, 422, "At most 8 pictures at a time. None of these was saved.")
    monkeypatch.setattr("shop.office.services.goods.MOST_PICTURES", 2)
    again = upload(page, lotus, [photo(), photo()])
    assert says(again, 422, "A product has at most 2 pictures. None of these was saved.")
    assert everything() == before


def test_pictures_change_places_get_words_and_go(lotus, as_, visit):
    page = visit(f"/office/products/{lotus}", client=as_(FEN), ceiling=28)
    page = upload(page, lotus, [photo("a.png"), photo("b.png", "navy")])
    _first, second, third = (picture_id for picture_id, _alt in shown(lotus))
    order = form(lotus, "/pictures/order")
    page = page.submit(order, **{f"place-{third}": "1", f"alt-{third}-en": "A blue cloth", f"alt-{third}-zh": ""})
    assert [picture_id for picture_id, _alt in shown(lotus)] == [1, third, second]
    page = page.submit(order, **{f"place-{third}": "1", "place-1": "2", f"gone-{second}": "1"})
    assert shown(lotus)[0] == (third, {"en": "A blue cloth"})
    assert [picture_id for picture_id, _alt in shown(lotus)] == [third, 1]
    assert row(Product, lotus).cover_id == third
    page = page.submit(order, **{f"gone-{third}": "1", "gone-1": "1"})
    assert (shown(lotus), row(Product, lotus).cover_id) == ([], None)


def test_places_and_words_that_cannot_be_kept_change_nothing_and_stay_typed(lotus, as_, visit):
    before = everything()
    order = form(lotus, "/pictures/order")
    page = visit(f"/office/products/{lotus}", client=as_(FEN), ceiling=28)
    for name, typed in (
        *(("place-1", typed) for typed in ("0", "-1", "1.5", "first", str(2**63))),
        ("alt-1-en", "a" * 301),
        ("alt-1-zh", "a\x00b"),
    ):
        again = page.submit(order, **{"alt-1-vi": "Tấm thêu", name: typed})
        assert again.status == 422, name
        assert again.form(order)["alt-1-vi"] == "Tấm thêu"
        assert again.form(order)[name] == typed or "\x00" in typed
        assert again.hrefs(".summary a") == [f"#{name}"]
    assert everything() == before


def test_a_picture_that_came_in_between_is_not_lost_by_a_stale_order(lotus, as_, visit):
    fen = as_(FEN)
    stale = visit(f"/office/products/{lotus}", client=fen, ceiling=28)
    upload(stale, lotus, [photo()])
    order = form(lotus, "/pictures/order")
    late = stale.submit(order, **{"alt-1-en": "Lotus"})
    assert late.status == 409
    assert late.form(order)["alt-1-en"] == "Lotus"
    late.submit(order)
    assert (len(shown(lotus)), shown(lotus)[0][1]) == (2, {"en": "Lotus", "zh": "荷塘绣片", "vi": "Tranh sen"})
