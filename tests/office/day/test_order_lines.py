"""Parts of a line given back from the office: some of its pieces, or a sum of its price, shown in words before it goes."""

import pytest

from shop.db import reading
from shop.orders.models import OrderLine, Refund
from tests.factories.orders import lines, paid
from tests.office.day.rows import kept, plates, row, rows
from tests.people import FEN, MEI, TAO


@pytest.fixture
def three(chain) -> OrderLine:
    """A paid order of three plates."""
    plates(chain, 3)
    group_id = paid({chain.foreign["variant_id"]: 3})
    with reading() as session:
        return lines(session, group_id)[0]


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_some_pieces_are_cancelled_once_and_the_rest_stays(three, as_, visit):
    fen, path = as_(FEN), f"/office/orders/lines/{three.id}/cancel"
    before = kept("stock:2:pieces")
    assert "¥1,041.00" in visit(path, client=fen).text
    asked = visit(f"{path}?quantity=2", client=fen)
    assert "2 pieces · To the buyer: ¥684.00" in asked.text
    assert "post is given back too" not in asked.text
    done = asked.submit("main form[method=post]")
    assert "2 pieces are left" not in done.text
    assert "1 of 3 pieces are left" in done.text
    assert kept("stock:2:pieces") == before + 2 * 27300
    again = asked.submit("main form[method=post]")
    assert again.status == 409
    assert "Somebody else saved this in the meantime" in again.one(".summary")
    assert [(each.reason, each.quantity, each.amount_minor) for each in rows(Refund)] == [("cancelled", 2, 68400)]
    nonsense = visit(f"{path}?quantity=9", client=fen)
    assert "¥357.00" in nonsense.text


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_price_is_reduced_by_a_sum_that_was_shown_in_words(three, as_, visit):
    fen, path = as_(FEN), f"/office/orders/lines/{three.id}/reduce"
    first = visit(path, client=fen)
    assert "At most ¥1,026.00 are left of it." in first.text
    assert not first.doc.cssselect("main form[method=post]")
    for typed in ("1026.01", "-5", "x", "0"):
        assert visit(f"{path}?amount={typed}", client=fen, status=422).one(".summary")
    asked = visit(f"{path}?amount=50.50", client=fen)
    assert "¥50.50 · fifty yuan and fifty" in asked.text
    asked.submit("main form[method=post]")
    assert asked.submit("main form[method=post]").status == 409
    assert kept("expense:returns") == 5050
    assert [(each.reason, each.quantity, each.amount_minor) for each in rows(Refund)] == [("reduction", 0, 5050)]
    assert (
        "price reduced, ¥50.50 go back"
        in visit(f"/office/orders/{rows(Refund)[0].group_id}", client=fen, ceiling=20).text
    )


def test_what_makers_have_begun_is_cancelled_only_when_an_officer_says_so(chain, as_, visit):
    with reading() as session:
        knot = lines(session, chain.mine["order_id"])[1]
    fen, path = as_(FEN), f"/office/orders/lines/{knot.id}/cancel"
    page = visit(f"{path}?quantity=3", client=fen)
    refused = page.submit("main form[method=post]")
    assert refused.status == 409
    assert "A maker has said yes" in refused.one(".summary")
    page.submit("main form[method=post]", begun="y")
    assert row(OrderLine, knot.id).undone == 3
    assert kept("maker:2:held") == 2 * 4100


@pytest.mark.parametrize("lang", ["zh", "vi"])
@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_the_pages_speak_every_language_and_others_may_not(three, as_, visit, lang):
    ada = as_(FEN, lang)
    for what in ("cancel?quantity=1", "reduce", "reduce?amount=1"):
        visit(f"/office/orders/lines/{three.id}/{what}", client=ada, lang=lang)
    for who in (TAO, MEI):
        assert as_(who).send(f"/office/orders/lines/{three.id}/reduce", minor="5").status_code == 403
    assert rows(Refund) == []
