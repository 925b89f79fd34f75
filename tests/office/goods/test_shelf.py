"""Finished pieces for the shelf: said back in words, booked once, numbered, and nothing at all for a sum that cannot be."""

import pytest

from shop.catalog.models import Piece, Variant
from shop.db import reading
from shop.ledger.chart import named
from shop.ledger.queries import balance
from tests.office.goods.rows import everything, form, row, rows, says
from tests.people import FEN


def hers() -> int:
    with reading() as session:
        return balance(session, named("maker:5:available"), "CNY")


@pytest.fixture
def plate(goods):
    """The plate's page and the form that takes pieces in; Zhao makes it, for 213.00 each."""
    product_id, variant_id = goods.products["plate"], goods.variants["plate"]
    return f"/office/products/{product_id}", form(product_id, f"/variants/{variant_id}/take-in"), variant_id


def test_pieces_are_said_back_in_words_then_numbered_and_hers_once(goods, plate, as_, visit):
    path, take_in, variant_id = plate
    before = everything()
    asked = visit(path, client=as_(FEN), ceiling=28).submit(take_in, maker_id="5", count="3")
    assert (asked.status, asked.one(".words b")) == (200, "¥639.00 · six hundred thirty-nine yuan")
    assert everything() == before
    sent = asked.form(take_in)
    done = asked.submit(take_in)
    assert "They are on the shelf, and her pay is hers." in done.text
    for _ in range(2):
        assert done.client.post(asked.doc.cssselect(take_in)[0].get("action"), data=sent).status_code == 303
    assert [(piece.number, piece.state, piece.maker_id) for piece in rows(Piece)] == [
        (f"QS-0300-0{place}", "shelf", 5) for place in (1, 2, 3)
    ]
    assert (row(Variant, variant_id).on_hand, hers()) == (3, 63900)
    again = done.submit(take_in, maker_id="5", count="1").submit(take_in)
    assert "on the shelf: 4" in again.text
    assert rows(Piece)[-1].number == "QS-0300-04"


def test_a_number_changed_after_it_was_said_back_is_said_back_anew(goods, plate, as_, visit):
    path, take_in, _variant_id = plate
    before = everything()
    asked = visit(path, client=as_(FEN), ceiling=28).submit(take_in, maker_id="5", count="3")
    again = asked.submit(take_in, count="4")
    assert again.one(".words b").startswith("¥852.00")
    assert everything() == before


def test_numbers_of_pieces_that_cannot_be_meant_book_nothing_and_stay_typed(goods, plate, as_, visit):
    path, take_in, _variant_id = plate
    before = everything()
    page = visit(path, client=as_(FEN, "vi"), lang="vi", ceiling=28)
    for count in ("", "0", "-3", "1.5", "501", "ba", str(2**63)):
        again = page.submit(take_in, maker_id="5", count=count)
        assert (again.status, again.form(take_in)["count"]) == (422, count)
        assert len(again.all(".summary li")) == 1
    for maker in ("1", "0", "1.5", str(2**63), "赵"):
        again = page.submit(take_in, maker_id=maker, count="2")
        assert (again.status, again.form(take_in)["count"]) == (422, "2")
    assert everything() == before


def test_without_a_piece_rate_nothing_is_taken_in(goods, as_, visit):
    fen = as_(FEN)
    lotus = goods.products["lotus"]
    page = visit(f"/office/products/{lotus}", client=fen, ceiling=28)
    page = page.submit(form(lotus, "/variants"), **{"new-size_label-en": "small"})
    variant_id = rows(Variant, Variant.product_id == lotus)[-1].id
    before = everything()
    refused = page.submit(form(lotus, f"/variants/{variant_id}/take-in"), maker_id="1", count="2")
    assert says(refused, 422, "It needs a price with its split and a piece rate first.")
    assert everything() == before
