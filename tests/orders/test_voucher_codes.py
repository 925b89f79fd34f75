"""A voucher’s code: how it is typed, when it holds, when a use of it counts."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop import clock
from shop.cart import errors
from shop.cart import services as carts
from shop.cart.vouchers import end_voucher, enter, folded, make_voucher
from shop.db import reading, writing
from shop.errors import BadInput, Conflict, Taken
from shop.orders import services as orders
from shop.orders.models import Refund, VoucherUse
from tests.factories.orders import (
    BUYER,
    buyer,
    group,
    lines,
    pay,
    place,
    voucher,
)
from tests.orders.vouchers import ended, kept, made, ordered, plates_for_sale, used
from tests.people import ADA, FEN
from tests.support.statements import counted

# When it gives nothing


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"percent": 10, "valid_from": timedelta(days=1)}, errors.VoucherNotYet),
        ({"percent": 10, "valid_from": timedelta(days=-9), "minimum_minor": 38001}, errors.VoucherBelowMinimum),
        ({"percent": 10, "currency": "VND"}, errors.VoucherUnknown),
    ],
)
def test_a_code_that_does_not_fit_is_refused_by_its_reason(shop, facts, error):
    if "valid_from" in facts:
        facts = facts | {"valid_from": clock.today() + facts["valid_from"]}
    made(**facts)
    with pytest.raises(error), writing() as session:
        place(session, {shop.variants["lotus"]: 1}, code="LOTUS-20")


def test_it_is_in_force_through_its_last_day_and_ended_after_it(shop):
    made(percent=10, valid_until=clock.today())
    assert ordered({shop.variants["lotus"]: 1}).group.voucher_minor == 3800
    clock.stand_at(clock.now() + timedelta(days=1))
    try:
        with pytest.raises(errors.VoucherEnded), writing() as session:
            place(session, {shop.variants["lotus"]: 1}, code="LOTUS-20")
    finally:
        clock.stand_at(None)


def test_an_ended_one_gives_nothing_more_and_orders_placed_with_it_stand(shop):
    voucher_id = made(percent=10)
    placed = ordered({shop.variants["lotus"]: 1})
    with writing() as session:
        end_voucher(session, voucher_id=voucher_id, by=FEN)
    with pytest.raises(errors.VoucherEnded), writing() as session:
        place(session, {shop.variants["lotus"]: 1}, code="LOTUS-20")
    with pytest.raises(Conflict), writing() as session:
        end_voucher(session, voucher_id=voucher_id, by=FEN)
    assert pay(placed.checkout.id) == "paid"
    assert used(voucher_id) == 1


@pytest.mark.parametrize("typed", ["lotus-20", " LOTUS - 20 ", "ｌｏｔｕｓ-20", "Lotus-20\n"])
def test_a_code_is_the_same_however_it_is_typed(typed):
    assert folded(typed) == "LOTUS-20"


@pytest.mark.parametrize("typed", ["", "ab", "a" * 31, "LOTUS_20", "LO%", "a\x00bc", "'; --"])
def test_what_can_be_no_code_is_unknown(typed):
    with pytest.raises(errors.VoucherUnknown):
        folded(typed)


def test_an_unknown_code_leaves_the_cart_as_it_was(shop):
    with writing() as session:
        cart, _ = carts.open_cart(session, token=None, country="GB")
        with pytest.raises(errors.VoucherUnknown):
            enter(session, cart=cart, code="NOBODYS")
        assert (cart.voucher_id, cart.version) == (None, 1)


def test_a_cart_with_another_code_is_another_cart(shop):
    made(percent=10)
    with writing() as session:
        from shop.cart.vouchers import drop

        cart, _ = carts.open_cart(session, token=None, country="GB")
        before = cart.version
        enter(session, cart=cart, code="LOTUS-20")
        enter(session, cart=cart, code="lotus-20")
        assert cart.version == before + 1
        drop(session, cart=cart)
        drop(session, cart=cart)
        assert (cart.version, cart.voucher_id) == (before + 2, None)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"code": "A!", "percent": 5}, "code"),
        ({"kind": "village", "percent": 5}, "kind"),
        ({"kind": "workshop", "percent": 5}, "workshop_id"),
        ({}, "percent"),
        ({"percent": 5, "amount_minor": 5}, "percent"),
        ({"percent": 101}, "percent"),
        ({"amount_minor": 0}, "amount_minor"),
        ({"percent": 5, "minimum_minor": -1}, "minimum_minor"),
        ({"kind": "workshop", "workshop_id": 1, "percent": 5, "with_post": True}, "with_post"),
        ({"percent": 5, "valid_until": -1}, "valid_until"),
        ({"percent": 5, "limit_all": 0}, "limit_all"),
        ({"percent": 5, "limit_each": 2**40}, "limit_each"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_field(shop, facts, field):
    known = {"code": "NEW-ONE", "kind": "coop", "currency": "CNY", "valid_from": clock.today(), "by": ADA}
    if "valid_until" in facts:
        facts = facts | {"valid_until": clock.today() - timedelta(days=1)}
    with pytest.raises(BadInput) as refused, writing() as session:
        make_voucher(session, **(known | facts))
    assert refused.value.data["field"] == field


def test_a_code_is_made_once(shop):
    made(percent=5)
    with pytest.raises(Taken), writing() as session:
        voucher(session, code="lotus-20", percent=6)


# When a use counts


def test_limits_in_all_and_per_buyer_hold_one_after_the_other(shop):
    voucher_id = made(percent=10, limit_all=2, limit_each=1)
    ordered({shop.variants["lotus"]: 1})
    with pytest.raises(errors.VoucherUsedByYou), writing() as session:
        place(session, {shop.variants["lotus"]: 1}, code="LOTUS-20", email="ANNA@Example.org ")
    ordered({shop.variants["lotus"]: 1}, email="ben@example.org")
    with pytest.raises(errors.VoucherUsedUp), writing() as session:
        place(session, {shop.variants["lotus"]: 1}, code="LOTUS-20", email="cem@example.org")
    assert used(voucher_id) == 2


def test_an_order_that_ends_unpaid_frees_its_use_and_a_paid_one_never_does(shop):
    voucher_id = made(percent=10, limit_all=1, limit_each=1)
    first = ordered({shop.variants["lotus"]: 1})
    ended(first.group.id)
    assert used(voucher_id) == 0
    second = ordered({shop.variants["lotus"]: 1})
    assert pay(second.checkout.id) == "paid"
    with reading() as session:
        (line,) = lines(session, second.group.id)
    with writing() as session:
        refund = orders.cancel_line(session, line_id=line.id, by=FEN)
    assert refund.amount_minor == 34200 + 1200
    with reading() as session:
        assert group(session, second.group.id).state == "refunded"
    assert used(voucher_id) == 1
    assert kept("expense:promotions") == 0


def test_a_late_payment_takes_its_use_again_also_when_the_voucher_has_ended(shop):
    voucher_id = made(percent=10, limit_all=1)
    placed = ordered({shop.variants["lotus"]: 1})
    ended(placed.group.id)
    with writing() as session:
        end_voucher(session, voucher_id=voucher_id, by=FEN)
    assert pay(placed.checkout.id) == "paid"
    assert used(voucher_id) == 1


def test_a_late_payment_whose_use_is_somebody_elses_now_goes_back_whole(shop):
    plates_for_sale(shop)
    voucher_id = made(percent=10, limit_all=1)
    late = ordered({shop.variants["plate"]: 1})
    ended(late.group.id)
    ordered({shop.variants["plate"]: 1}, email="ben@example.org")
    assert pay(late.checkout.id) == "late_payment"
    with reading() as session:
        assert [(row.reason, row.amount_minor) for row in session.scalars(select(Refund))] == [
            ("late_payment", late.group.total_minor)
        ]
    assert used(voucher_id) == 1


def test_a_payment_that_comes_when_the_pieces_are_gone_frees_the_use(shop):
    plates_for_sale(shop, 1)
    voucher_id = made(percent=10)
    late = ordered({shop.variants["plate"]: 1})
    ended(late.group.id)
    ordered({shop.variants["plate"]: 1}, code="", email="ben@example.org")
    assert pay(late.checkout.id) == "late_payment"
    assert used(voucher_id) == 0


def test_the_same_form_sent_again_counts_once_and_a_corrected_address_takes_the_use_along(shop):
    voucher_id = made(percent=10, limit_each=1)
    placed = ordered({shop.variants["lotus"]: 1})
    ordered({shop.variants["knot"]: 1}, email="ben@example.org")
    facts = {"currency": "CNY", "site_url": "http://shop.test", "by": BUYER}
    key = {"cart_id": placed.group.cart_id, "version": int(placed.group.key.rsplit(":", 1)[1])}
    for email in ("anna@example.org", "Anna@example.org", "anna.berg@example.org"):
        with writing() as session:
            again = orders.place(session, **key, buyer=buyer(email=email), **facts)
            assert (again.group.id, again.fresh) == (placed.group.id, False)
    assert used(voucher_id) == 2
    with pytest.raises(errors.VoucherUsedByYou), writing() as session:
        orders.place(session, **key, buyer=buyer(email="BEN@example.org"), **facts)
    with reading() as session:
        uses = {use.group_id: use.buyer for use in session.scalars(select(VoucherUse))}
    assert uses[placed.group.id] == "anna.berg@example.org"
    ordered({shop.variants["knot"]: 1})
    assert used(voucher_id) == 3


# What it costs


def test_a_cart_without_a_code_is_placed_without_one_statement_more(shop):
    made(amount_minor=2000, limit_each=9)
    ordered({shop.variants["lotus"]: 1}, code="")  # what is read once and kept is read
    asked = {}
    for code in ("", "LOTUS-20"):
        with writing() as session:
            cart, _ = carts.open_cart(session, token=None, country="GB")
            carts.put(session, cart=cart, variant_id=shop.variants["lotus"], quantity=1)
            session.flush()
            session.refresh(cart)
            if code:
                enter(session, cart=cart, code=code)
            key = {"cart_id": cart.id, "version": cart.version}
        with counted() as asked[code], writing() as session:
            orders.place(session, **key, buyer=buyer(), currency="CNY", site_url="http://shop.test", by=BUYER)
    assert [one for one in asked[""] if "UPDATE voucher" in one or "INTO voucher" in one or "FROM voucher" in one] == []
    # read with the lines; its use counted in, hers counted, the use written
    assert len(asked["LOTUS-20"]) == len(asked[""]) + 3
