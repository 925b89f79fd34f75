"""Vouchers: who bears what they give, what is left to pay, and that her pay is never touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from shop import clock
from shop.cart import errors
from shop.cart.models import Cart
from shop.cart.vouchers import Off
from shop.catalog.models.prices import PART_KINDS
from shop.db import reading, writing
from shop.orders import services as orders
from shop.orders.errors import NotRefundable
from shop.orders.models import SplitPart, VoucherUse
from shop.orders.services.freezing import GIVEN_ORDER, Frozen, with_voucher
from shop.orders.services.placing import PAGE_OPEN
from shop.payments.models import Checkout, StripeRefund
from tests.factories.orders import (
    agreed,
    group,
    lines,
    pay,
    place,
    received,
    seller_orders,
    work_of,
)
from tests.orders.vouchers import kept, made, ordered, plates_for_sale, used, with_workshop_part
from tests.people import FEN, HOA, MEI

# Who bears it


def test_it_is_spread_over_the_lines_as_in_the_worked_example(shop):
    """money.md 7: lines of 380.00, 204.00 and 342.00, a voucher of 20.00: 8.21, 4.40 and 7.39, out of the co-op's part."""
    plates_for_sale(shop, 1)
    made(amount_minor=2000)
    placed = ordered({shop.variants["lotus"]: 1, shop.variants["knot"]: 3, shop.variants["plate"]: 1})
    with reading() as session:
        given = {
            line.amount_minor: {
                part.kind: part.given_minor
                for part in session.scalars(select(SplitPart).where(SplitPart.line_id == line.id))
                if part.given_minor
            }
            for line in lines(session, placed.group.id)
        }
    assert given == {38000: {"coop": 821}, 20400: {"coop": 440}, 34200: {"coop": 739}}
    assert placed.group.total_minor == 38000 + 20400 + 34200 + 2700 - 2000
    assert placed.checkout.amount_minor == placed.group.total_minor


def test_the_makers_part_is_the_last_that_a_gift_fills_and_she_is_paid_all_of_it(shop):
    made(percent=90)
    placed = ordered({shop.variants["lotus"]: 1})
    assert placed.group.voucher_minor == 34200
    assert pay(placed.checkout.id) == "paid"
    with reading() as session:
        (line,) = lines(session, placed.group.id)
        parts = session.scalars(select(SplitPart).where(SplitPart.line_id == line.id)).all()
        (work,) = work_of(session, placed.group.id)
    given = {part.kind: (part.paid_minor, part.given_minor) for part in parts}
    assert given == {
        "coop": (0, 3800),
        "costs": (0, 2360),
        "broker": (0, 3040),
        "materials": (0, 5200),
        "maker": (3800, 19800),
    }
    received(*agreed(work.id, {1: 1}), 1)
    assert kept("maker:1:available") == 23600
    assert kept("expense:promotions") == 34200


def test_a_workshops_voucher_comes_out_of_its_own_part_alone(shop):
    with_workshop_part(shop)
    made(kind="workshop", workshop_id=1, amount_minor=2500)
    placed = ordered({shop.variants["lotus"]: 1})
    assert placed.group.total_minor == 38000 + 1200 - 2500
    assert pay(placed.checkout.id) == "paid"
    assert kept("workshop:1:held") == 500
    assert kept("expense:promotions") == 0
    assert kept("coop:1:commission:held") == 1800
    with reading() as session:
        (line,) = lines(session, placed.group.id)
        (work,) = work_of(session, placed.group.id)
        seller = seller_orders(session, placed.group.id)[0]
        waived = session.scalars(select(SplitPart.waived_minor).where(SplitPart.waived_minor > 0)).all()
    assert waived == [2500]
    received(*agreed(work.id, {1: 1}), 1)
    assert kept("maker:1:available") == 23600
    with writing() as session:
        orders.dispatch(session, seller_order_id=seller.id, carrier="EMS", tracking="E1", by=MEI)
    with writing() as session:
        orders.deliver(session, seller_order_id=seller.id, by=MEI)
    assert (kept("workshop:1:held"), kept("workshop:1:available")) == (0, 500)
    assert kept("broker:1:available") == 3040 + 1200
    with writing() as session:
        refund = orders.return_line(session, line_id=line.id, by=HOA)
    assert refund.amount_minor == placed.group.total_minor


def test_a_workshops_voucher_that_takes_more_than_its_part_is_refused_and_nothing_is_kept(shop):
    with_workshop_part(shop)
    voucher_id = made(kind="workshop", workshop_id=1, percent=10)
    with pytest.raises(errors.VoucherOverShare), writing() as session:
        place(session, {shop.variants["lotus"]: 1}, code="LOTUS-20")
    assert used(voucher_id) == 0
    with reading() as session:
        assert session.scalars(select(VoucherUse)).all() == []


def test_a_workshops_voucher_is_for_its_own_pieces_only(shop):
    plates_for_sale(shop)
    with_workshop_part(shop)
    made(kind="workshop", workshop_id=1, percent=5)
    with pytest.raises(errors.VoucherElsewhere) as refused, writing() as session:
        place(session, {shop.variants["plate"]: 1}, code="LOTUS-20")
    with reading() as session:
        assert refused.value.data["workshop"] == seller_name(session, 1)
    placed = ordered({shop.variants["plate"]: 1, shop.variants["lotus"]: 1})
    assert placed.group.voucher_minor == 1900


def seller_name(session, workshop_id):
    from shop.workshops.models import Workshop

    return session.get_one(Workshop, workshop_id).name


def test_every_part_of_a_price_can_be_given():
    assert set(GIVEN_ORDER) == set(PART_KINDS)


def test_parts_and_posts_hold_exactly_what_a_voucher_takes_off():
    @given(
        st.lists(st.tuples(st.integers(1, 3), st.lists(st.integers(0, 50_000), min_size=3, max_size=3)), min_size=1),
        st.lists(st.integers(0, 3_000), min_size=1, max_size=3),
        st.integers(0, 10_000),
        st.sampled_from([None, 1, 2]),
    )
    def holds(wanted, posts, share_of, workshop):
        kinds = ("maker", "coop", "workshop")
        drafts = [
            (owner, [Frozen(kind, "", minor) for kind, minor in zip(kinds, sums, strict=True)])
            for owner, sums in wanted
        ]
        goods = sum(sum(sums) for owner, sums in wanted if workshop in {None, owner})
        whole = goods + (sum(posts) if workshop is None else 0)
        minor = whole * share_of // 10_000
        filled, to_post = with_voucher(drafts, posts, Off(1, "X", "coop", workshop, minor))
        assert sum(part.given_minor for parts in filled for part in parts) + sum(to_post) == minor
        assert all(part.paid_minor >= 0 and part.waived_minor == 0 for parts in filled for part in parts)
        assert all(0 <= given <= post for given, post in zip(to_post, posts, strict=True))
        untouched = [parts for (owner, _), parts in zip(drafts, filled, strict=True) if workshop not in {None, owner}]
        assert all(part.given_minor == 0 for parts in untouched for part in parts)
        if workshop is None:
            return
        try:
            own, _ = with_voucher(drafts, posts, Off(1, "X", "workshop", workshop, minor))
        except errors.VoucherOverShare:
            return
        assert sum(part.waived_minor for parts in own for part in parts) == minor
        for parts in own:
            assert all(part.kind == "workshop" or part.waived_minor == 0 for part in parts)
            assert all(part.paid_minor >= 0 and part.given_minor == 0 for part in parts)

    holds()


# The whole price


def given_whole(shop, wants, **changes):
    made(percent=100, with_post=True)
    placed = ordered(wants, **changes)
    assert placed.checkout is None
    return placed


def test_an_order_that_a_voucher_pays_whole_is_paid_at_once_and_asks_stripe_for_nothing(shop):
    plates_for_sale(shop)
    placed = given_whole(shop, {shop.variants["lotus"]: 1, shop.variants["plate"]: 1})
    with reading() as session:
        found = group(session, placed.group.id)
        assert (found.state, found.total_minor, found.voucher_minor) == ("paid", 0, 38000 + 34200 + 2700)
        assert session.scalars(select(Checkout)).all() == []
        (work,) = work_of(session, placed.group.id)
        assert session.get_one(Cart, found.cart_id).voucher_id is None
        sellers = seller_orders(session, placed.group.id)
    assert kept("expense:promotions") == 74900
    assert (kept("broker:1:held"), kept("broker:2:held")) == (3040 + 1200, 2736 + 1500)
    received(*agreed(work.id, {1: 1}), 1)
    assert kept("maker:1:available") == 23600
    for seller, by in zip(sellers, (MEI, HOA), strict=True):
        with writing() as session:
            orders.dispatch(session, seller_order_id=seller.id, carrier="EMS", tracking="E1", by=by)
        with writing() as session:
            orders.deliver(session, seller_order_id=seller.id, by=by)
    assert kept("broker:2:available") == 2736 + 1500
    assert kept("income:commission") == 3800 + 3420


def test_without_the_post_a_hundred_percent_leaves_the_post_to_pay(shop):
    made(percent=100)
    placed = ordered({shop.variants["lotus"]: 1})
    assert placed.checkout.amount_minor == 1200
    assert pay(placed.checkout.id) == "paid"
    with reading() as session:
        (line,) = lines(session, placed.group.id)
    with writing() as session:
        refund = orders.cancel_line(session, line_id=line.id, by=FEN)
    assert refund.amount_minor == 1200
    assert kept("expense:promotions") == 0


@pytest.mark.parametrize("way", ["cancel", "return", "lose"])
def test_a_line_that_a_voucher_paid_whole_is_undone_and_nothing_goes_back(shop, way):
    plates_for_sale(shop)
    placed = given_whole(shop, {shop.variants["plate"]: 1})
    with reading() as session:
        (line,) = lines(session, placed.group.id)
        (seller,) = seller_orders(session, placed.group.id)
    if way != "cancel":
        with writing() as session:
            orders.dispatch(session, seller_order_id=seller.id, carrier="EMS", tracking="E1", by=HOA)
    if way == "return":
        with writing() as session:
            orders.deliver(session, seller_order_id=seller.id, by=HOA)
    work = {"cancel": orders.cancel_line, "return": orders.return_line, "lose": orders.lose_line}[way]
    with writing() as session:
        refund = work(session, line_id=line.id, by=FEN)
    assert (refund.amount_minor, refund.state) == (0, "sent")
    with pytest.raises(NotRefundable), writing() as session:
        work(session, line_id=line.id, by=FEN)
    with reading() as session:
        assert session.scalars(select(StripeRefund)).all() == []
        assert group(session, placed.group.id).state == "refunded"
    assert kept("expense:promotions") == 0
    assert kept("maker:5:available") == 3 * 21300
    assert kept(f"buyer:{placed.group.id}:credit") == 0


def test_of_what_was_partly_given_only_what_was_paid_goes_back_line_by_line(shop):
    plates_for_sale(shop)
    made(amount_minor=2000)
    placed = ordered({shop.variants["lotus"]: 1, shop.variants["plate"]: 1})
    assert pay(placed.checkout.id) == "paid"
    back = 0
    with reading() as session:
        rows = lines(session, placed.group.id)
    for line in rows:
        with writing() as session:
            back += orders.cancel_line(session, line_id=line.id, by=FEN).amount_minor
    assert back == placed.group.total_minor
    assert kept("expense:promotions") == 0


def test_the_payment_page_is_open_for_what_is_left_to_pay(shop):
    made(amount_minor=2000)
    placed = ordered({shop.variants["lotus"]: 1})
    assert placed.checkout.request["lines"] == [[placed.group.number, 38000 + 1200 - 2000, 1]]
    assert placed.checkout.expires_at <= clock.now() + PAGE_OPEN
