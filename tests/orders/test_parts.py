"""Pieces of a line and sums of its price given back, one after the other: the table of money.md 2."""

import pytest

from shop.actor import Actor
from shop.db import reading, writing
from shop.errors import BadInput, NotYours, Outdated
from shop.ledger.chart import named
from shop.ledger.queries import balance
from shop.money import share
from shop.orders import services as orders
from shop.orders.errors import NotRefundable, WorkBegun
from shop.orders.models import OrderLine
from tests.factories.catalog import variant
from tests.factories.orders import (
    agreed,
    group,
    lines,
    on_shelf,
    paid,
    pay,
    place,
    received,
    seller_orders,
    voucher,
    work_of,
)
from tests.people import FEN, HOA, MEI


def kept(name: str) -> int:
    with reading() as session:
        return balance(session, named(name), "CNY")


def line_of(group_id: int) -> OrderLine:
    with reading() as session:
        (line,) = lines(session, group_id)
        return line


def work(group_id: int):
    with reading() as session:
        return work_of(session, group_id)[0]


def state(group_id: int) -> tuple[str, str]:
    with reading() as session:
        return group(session, group_id).state, seller_orders(session, group_id)[0].state


def undo(service, group_id: int, quantity: int | None = None, *, by: Actor = FEN, **more) -> int:
    """Gives what goes to the buyer."""
    line_id = line_of(group_id).id
    with writing() as session:
        return service(session, line_id=line_id, quantity=quantity, by=by, **more).amount_minor


def reduced(group_id: int, amount: int, *, by: Actor = FEN) -> int:
    line_id = line_of(group_id).id
    with writing() as session:
        return orders.reduce_line(session, line_id=line_id, amount_minor=amount, by=by).amount_minor


def sent(group_id: int, *, by: Actor = MEI, delivered: bool = True) -> None:
    with reading() as session:
        (seller,) = seller_orders(session, group_id)
    with writing() as session:
        orders.dispatch(session, seller_order_id=seller.id, carrier="EMS", tracking="E1", by=by)
    if delivered:
        with writing() as session:
            orders.deliver(session, seller_order_id=seller.id, by=by)


def test_some_pieces_nobody_has_begun_are_cancelled_and_the_others_are_made(shop):
    group_id = paid({shop.variants["knot"]: 3})
    (slip,) = agreed(work(group_id).id, {2: 1})
    with pytest.raises(WorkBegun):
        undo(orders.cancel_line, group_id, quantity=1, by=MEI)
    assert undo(orders.cancel_line, group_id, 1) == 6800
    line = line_of(group_id)
    assert (line.undone, line.unmade, line.cancelled) == (1, 1, False)
    assert (work(group_id).quantity, work(group_id).maker_minor) == (2, 8200)
    assert (kept(f"work:L{line.id}:open"), kept("maker:2:held")) == (4100, 4100)
    assert undo(orders.cancel_line, group_id, 1) == 6800
    assert state(group_id) == ("paid", "making")
    with pytest.raises(WorkBegun):
        undo(orders.cancel_line, group_id, by=FEN)
    received(slip, 1)
    assert state(group_id) == ("paid", "ready")
    sent(group_id)
    assert (kept("broker:1:available"), kept("income:commission")) == (544 + 1200, 680)
    assert kept(f"buyer:{group_id}:credit") == 2 * 6800


def test_what_makers_have_begun_is_finished_for_the_shelf_and_paid_as_agreed(shop):
    group_id = paid({shop.variants["knot"]: 4})
    done, begun = agreed(work(group_id).id, {2: 1, 3: 2})
    received(done, 1)
    with pytest.raises(NotYours):
        undo(orders.cancel_line, group_id, begun=True, by=MEI)
    assert undo(orders.cancel_line, group_id, begun=True) == 4 * 6800 + 1200
    assert state(group_id) == ("refunded", "cancelled")
    assert (kept("maker:2:available"), kept("maker:3:held")) == (4100, 8200)
    assert (kept("stock:1:pieces"), kept("expense:returns")) == (5000, 2 * 5000)
    received(begun, 2)
    assert (kept("maker:3:held"), kept("maker:3:available")) == (0, 8200)
    assert (kept("stock:1:pieces"), kept("expense:returns")) == (15000, 0)
    with reading() as session:
        assert variant(session, shop, "knot").on_hand == 3


def test_the_buyer_still_gets_the_first_that_are_finished(shop):
    group_id = paid({shop.variants["knot"]: 3})
    (slip,) = agreed(work(group_id).id, {2: 3})
    assert undo(orders.cancel_line, group_id, 1, begun=True) == 6800
    assert state(group_id) == ("paid", "making")
    received(slip, 2, key="first")
    assert state(group_id) == ("paid", "ready")
    sent(group_id)
    received(slip, 1, key="second")
    with reading() as session:
        assert variant(session, shop, "knot").on_hand == 1
    assert kept("maker:2:available") == 3 * 4100


def test_whoever_was_asked_last_is_not_needed_when_pieces_are_cancelled(shop):
    from shop.work import services as making

    group_id = paid({shop.variants["knot"]: 3})
    order_id = work(group_id).id
    with writing() as session:
        shares = [making.Share(2, 1), making.Share(3, 2)]
        making.assign(session, work_order_id=order_id, shares=shares, by=MEI)
    assert undo(orders.cancel_line, group_id, 2, by=MEI) == 2 * 6800
    agreed_ids = [1, 2]
    with reading() as session:
        states = [session.get_one(making.assigning.WorkAssignment, each).state for each in agreed_ids]
    assert states == ["asked", "taken_back"]


def test_pieces_from_the_shelf_go_back_each_at_its_own_cost(shop, plates):
    group_id = paid({plates(3): 3})
    assert undo(orders.cancel_line, group_id, 1, by=HOA) == 34200
    assert kept("stock:2:pieces") == 27300
    sent(group_id, by=HOA)
    assert undo(orders.return_line, group_id, 1) == 34200
    assert (kept("stock:2:pieces"), kept("expense:returns")) == (54600, 2736)
    assert undo(orders.lose_line, group_id) == 34200 + 1500
    assert kept("expense:losses") == 34200 + 1500
    assert kept("broker:2:available") == 2 * 2736 + 1500
    assert state(group_id) == ("refunded", "delivered")
    assert kept(f"buyer:{group_id}:credit") == 3 * 34200 + 1500
    with pytest.raises(NotRefundable):
        undo(orders.return_line, group_id, by=FEN)


def test_a_price_reduction_touches_nobodys_pay_and_is_never_given_back_again(shop, plates):
    group_id = paid({plates(2): 2})
    sent(group_id, by=HOA)
    with pytest.raises(NotYours):
        reduced(group_id, 1, by=HOA)
    assert reduced(group_id, 10_001) == 10_001
    assert kept("expense:returns") == 10_001
    with pytest.raises(BadInput):
        reduced(group_id, 2 * 34200 - 10_000, by=FEN)
    first = undo(orders.return_line, group_id, 1)
    assert first == share(2 * 34200 - 10_001, [1, 1])[0]
    assert undo(orders.return_line, group_id) == 2 * 34200 - 10_001 - first + 1500
    assert kept(f"buyer:{group_id}:credit") == 2 * 34200 + 1500
    assert (kept("stock:2:pieces"), kept("expense:returns")) == (54600, 2 * 2736 + 1500)
    assert (kept("maker:5:available"), kept("broker:2:available")) == (42600, 2 * 2736 + 1500)


def test_a_line_reduced_to_nothing_can_still_be_cancelled_and_gives_nothing_twice(shop, plates):
    group_id = paid({plates(1): 1})
    assert reduced(group_id, 34200) == 34200
    assert undo(orders.cancel_line, group_id, by=HOA) == 1500
    assert (kept("expense:returns"), kept("broker:2:held"), kept("stock:2:pieces")) == (0, 0, 27300)


def test_a_gift_goes_back_in_step_with_the_pieces(shop):
    with writing() as session:
        voucher(session, amount_minor=1001)
    with writing() as session:
        placed = place(session, {shop.variants["knot"]: 3}, code="LOTUS-20")
    assert pay(placed.checkout.id) == "paid"
    group_id = placed.group.id
    back = [undo(orders.cancel_line, group_id, 1, by=MEI) for _ in range(3)]
    assert sum(back) == 3 * 6800 + 1200 - 1001
    assert back[0] == share(3 * 6800 - 1001, [1, 2])[0]
    for name in ("expense:promotions", "broker:1:held", "coop:1:commission:held", "coop:costs", "expense:returns"):
        assert kept(name) == 0, name


def test_a_form_sent_twice_gives_nothing_back_twice(shop, plates):
    group_id = paid({plates(3): 3})
    line = line_of(group_id)
    with reading() as session:
        seen = orders.seen_now(session, line)
    undo(orders.cancel_line, group_id, 1, seen=seen)
    with pytest.raises(Outdated):
        undo(orders.cancel_line, group_id, quantity=1, seen=seen, by=FEN)
    for quantity in (0, 3):
        with pytest.raises(BadInput):
            undo(orders.cancel_line, group_id, quantity=quantity, by=FEN)
    assert kept(f"buyer:{group_id}:credit") == 34200


def test_the_pieces_that_came_back_are_those_that_were_named(shop, plates):
    from shop.catalog.models import Piece
    from shop.orders.models import LinePiece

    group_id = paid({plates(2): 2})
    sent(group_id, by=HOA)
    with reading() as session:
        pieces = sorted(row.piece_id for row in session.query(LinePiece))
    with pytest.raises(BadInput):
        undo(orders.return_line, group_id, quantity=1, piece_ids=pieces, by=FEN)
    undo(orders.return_line, group_id, 1, piece_ids=pieces[:1])
    with reading() as session:
        assert [session.get_one(Piece, each).state for each in pieces] == ["shelf", "sold"]


def test_her_pieces_are_paid_in_full_when_others_of_the_line_are_cancelled(shop):
    on_shelf(shop.variants["plate"], 5, 1)
    group_id = paid({shop.variants["knot"]: 7})
    (slip,) = agreed(work(group_id).id, {2: 3})
    undo(orders.cancel_line, group_id, 4)
    received(slip, 3)
    assert kept("maker:2:available") == 3 * 4100
    assert kept("materials:L1:held") == 0
