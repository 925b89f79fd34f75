"""From a placed order to released parts: every step, its postings and its history."""

import pytest
from sqlalchemy import select

from shop.db import reading, writing
from shop.ledger.chart import named
from shop.ledger.queries import balance
from shop.orders import services as orders
from shop.orders.errors import NotReady, NotRefundable, WorkBegun
from shop.orders.history import events_of
from shop.orders.models import LinePiece, Refund, SplitPart
from shop.payments.models import StripeRefund
from tests.factories.catalog import publish, variant
from tests.factories.orders import agreed, group, lines, on_shelf, paid, pay, place, received, seller_orders, work_of
from tests.people import HOA, MEI


def kept(name: str) -> int:
    with reading() as session:
        return balance(session, named(name), "CNY")


def test_a_paid_order_shares_the_price_as_the_product_page_said(shop):
    group_id = paid({shop.variants["lotus"]: 1})
    with reading() as session:
        line = lines(session, group_id)[0]
        parts = {p.kind: p.paid_minor for p in session.scalars(select(SplitPart).where(SplitPart.line_id == line.id))}
    assert parts == {"maker": 23600, "materials": 5200, "broker": 3040, "coop": 3800, "costs": 2360}
    assert kept(f"work:L{line.id}:open") == 23600
    assert kept(f"materials:L{line.id}:held") == 5200
    assert kept("broker:1:held") == 3040 + 1200
    assert kept("coop:1:commission:held") == 3800
    assert kept(f"buyer:{group_id}:credit") == 0
    assert kept("psp:stripe") == 39200


def test_the_whole_chain_makes_her_pay_hers_at_acceptance(shop):
    group_id = paid({shop.variants["lotus"]: 1})
    with reading() as session:
        order = work_of(session, group_id)[0]
    (assignment_id,) = agreed(order.id, {1: 1})
    assert kept("maker:1:held") == 23600
    received(assignment_id, 1)
    assert (kept("maker:1:held"), kept("maker:1:available")) == (0, 23600)
    with reading() as session:
        seller = seller_orders(session, group_id)[0]
        assert seller.state == "ready"
        assert session.scalar(select(LinePiece)) is not None
    with writing() as session:
        orders.dispatch(session, seller_order_id=seller.id, carrier="EMS", tracking="E123", by=MEI)
    with writing() as session:
        orders.deliver(session, seller_order_id=seller.id, by=MEI)
    assert kept("broker:1:available") == 4240
    assert kept("coop:1:commission:held") == 0
    with reading() as session:
        kinds = [event.kind for event in events_of(session, group_id=group_id)]
    assert kinds == ["placed", "paid", "routed", "asked", "agreed", "received", "ready", "dispatched", "delivered"]


def test_history_says_who_did_it_and_on_whose_behalf(shop):
    group_id = paid({shop.variants["lotus"]: 1})
    with reading() as session:
        order = work_of(session, group_id)[0]
    agreed(order.id, {1: 1})
    with reading() as session:
        event = events_of(session, group_id=group_id)[-1]
    assert (event.kind, event.actor, event.actor_name, event.on_behalf_of) == ("agreed", "user:1", "Mei", "maker:1")
    assert event.facts["how"] == "visit"


def test_three_makers_of_one_line_share_it_to_the_cent(shop):
    group_id = paid({shop.variants["knot"]: 7})
    with reading() as session:
        order = work_of(session, group_id)[0]
    agreed(order.id, {2: 3, 3: 2, 4: 2})
    assert [kept(f"maker:{n}:held") for n in (2, 3, 4)] == [12300, 8200, 8200]


def test_a_parcel_cannot_leave_before_everything_in_it_is_accepted(shop):
    group_id = paid({shop.variants["knot"]: 2})
    with reading() as session:
        seller = seller_orders(session, group_id)[0]
    with pytest.raises(NotReady), writing() as session:
        orders.dispatch(session, seller_order_id=seller.id, carrier="EMS", tracking="E1", by=MEI)


def test_another_broker_cannot_dispatch_and_nothing_changes(shop):
    publish_plate(shop)
    group_id = paid({shop.variants["plate"]: 1})
    with reading() as session:
        seller = seller_orders(session, group_id)[0]
    with pytest.raises(Exception, match="not_found"), writing() as session:
        orders.dispatch(session, seller_order_id=seller.id, carrier="EMS", tracking="E1", by=MEI)
    with reading() as session:
        assert seller_orders(session, group_id)[0].state == "ready"


def publish_plate(shop, count: int = 2) -> None:
    on_shelf(shop.variants["plate"], 5, count)
    with writing() as session:
        publish(session, shop, "plate")


def test_a_shelf_piece_is_numbered_sold_once_and_names_its_maker(shop):
    publish_plate(shop)
    group_id = paid({shop.variants["plate"]: 1})
    with reading() as session:
        plate = variant(session, shop, "plate")
        assert (plate.on_hand, plate.reserved) == (1, 0)
        assert seller_orders(session, group_id)[0].state == "ready"
    assert kept("stock:2:pieces") == 27300
    assert kept("maker:5:available") == 42600


def test_an_order_of_both_workshops_is_cut_in_two_with_their_own_post(shop):
    publish_plate(shop)
    group_id = paid({shop.variants["lotus"]: 1, shop.variants["plate"]: 1})
    with reading() as session:
        sellers = seller_orders(session, group_id)
        assert [(s.workshop_id, s.state, s.shipping_minor) for s in sellers] == [
            (1, "to_assign", 1200),
            (2, "ready", 1500),
        ]
        assert group(session, group_id).total_minor == 38000 + 34200 + 2700


def test_a_cancelled_shelf_line_goes_back_and_the_buyer_is_owed_post_too(shop):
    publish_plate(shop)
    group_id = paid({shop.variants["lotus"]: 1, shop.variants["plate"]: 1})
    with reading() as session:
        line = lines(session, group_id)[1]
    with writing() as session:
        refund = orders.cancel_line(session, line_id=line.id, by=HOA)
    assert refund.amount_minor == 34200 + 1500
    assert kept(f"buyer:{group_id}:credit") == 35700
    with reading() as session:
        assert variant(session, shop, "plate").on_hand == 2
        row = session.scalars(select(StripeRefund)).one()
        assert (row.ref, row.amount_minor) == (f"refund:{refund.id}", 35700)
    with pytest.raises(NotRefundable), writing() as session:
        orders.cancel_line(session, line_id=line.id, by=HOA)


def test_work_somebody_said_yes_to_is_not_undone_by_a_click(shop):
    group_id = paid({shop.variants["lotus"]: 1})
    with reading() as session:
        order, line = work_of(session, group_id)[0], lines(session, group_id)[0]
    agreed(order.id, {1: 1})
    with pytest.raises(WorkBegun), writing() as session:
        orders.cancel_line(session, line_id=line.id, by=MEI)
    assert kept("maker:1:held") == 23600


def test_a_line_nobody_said_yes_to_is_undone_whole(shop):
    group_id = paid({shop.variants["lotus"]: 1})
    with reading() as session:
        line = lines(session, group_id)[0]
    with writing() as session:
        orders.cancel_line(session, line_id=line.id, by=MEI)
    assert kept(f"work:L{line.id}:open") == 0
    assert kept(f"buyer:{group_id}:credit") == 39200
    with reading() as session:
        assert group(session, group_id).state == "refunded"


def test_a_return_never_touches_the_makers_or_the_brokers_pay(shop):
    publish_plate(shop)
    group_id = paid({shop.variants["plate"]: 1})
    with reading() as session:
        line, seller = lines(session, group_id)[0], seller_orders(session, group_id)[0]
    with writing() as session:
        orders.dispatch(session, seller_order_id=seller.id, carrier="EMS", tracking="E1", by=HOA)
    with writing() as session:
        orders.deliver(session, seller_order_id=seller.id, by=HOA)
    with writing() as session:
        refund = orders.return_line(session, line_id=line.id, by=HOA)
    assert refund.amount_minor == 34200 + 1500
    assert kept("maker:5:available") == 42600
    assert kept("broker:2:available") == 2736 + 1500
    assert kept("expense:returns") == 2736 + 1500
    assert kept("stock:2:pieces") == 54600


def test_an_order_of_which_one_line_was_lost_and_the_other_cancelled_is_over(shop):
    publish_plate(shop)
    group_id = paid({shop.variants["lotus"]: 1, shop.variants["plate"]: 1})
    with reading() as session:
        (lotus, plate), sellers = lines(session, group_id), seller_orders(session, group_id)
    with writing() as session:
        orders.dispatch(session, seller_order_id=sellers[1].id, carrier="EMS", tracking="E1", by=HOA)
    with writing() as session:
        orders.lose_line(session, line_id=plate.id, by=HOA)
    with reading() as session:
        assert group(session, group_id).state == "paid"
    with writing() as session:
        orders.cancel_line(session, line_id=lotus.id, by=MEI)
    with reading() as session:
        assert group(session, group_id).state == "refunded"


@pytest.mark.parametrize("cancelled_first", [True, False])
def test_an_order_of_which_one_parcel_came_back_and_the_other_was_cancelled_is_over(shop, cancelled_first):
    publish_plate(shop)
    group_id = paid({shop.variants["lotus"]: 1, shop.variants["plate"]: 1})
    with reading() as session:
        (lotus, plate), sellers = lines(session, group_id), seller_orders(session, group_id)
    with writing() as session:
        orders.dispatch(session, seller_order_id=sellers[1].id, carrier="EMS", tracking="E1", by=HOA)
    with writing() as session:
        orders.deliver(session, seller_order_id=sellers[1].id, by=HOA)
    ends = [
        lambda session: orders.cancel_line(session, line_id=lotus.id, by=MEI),
        lambda session: orders.return_line(session, line_id=plate.id, by=HOA),
    ]
    states = []
    for end in ends if cancelled_first else reversed(ends):
        with writing() as session:
            end(session)
        with reading() as session:
            states.append(group(session, group_id).state)
    assert states == ["paid", "refunded"]
    assert kept(f"buyer:{group_id}:credit") == group_total(group_id)


def group_total(group_id: int) -> int:
    """All that the buyer paid."""
    with reading() as session:
        found = group(session, group_id)
        return found.total_minor


def test_a_voucher_of_the_co_op_is_its_own_gift_and_row_6_of_the_worked_example(shop):
    publish_plate(shop)
    from shop.cart import services as carts
    from shop.cart.vouchers import enter
    from tests.factories.orders import BUYER, buyer, voucher

    with writing() as session:
        voucher(session, amount_minor=2000)
        cart, _ = carts.open_cart(session, token=None, country="GB")
        for slug, count in (("lotus", 1), ("plate", 1)):
            carts.put(session, cart=cart, variant_id=shop.variants[slug], quantity=count)
        session.flush()
        session.refresh(cart)
        enter(session, cart=cart, code="lotus-20")
        placed = orders.place(
            session,
            cart_id=cart.id,
            version=cart.version,
            buyer=buyer(),
            currency="CNY",
            site_url="http://s.test",
            by=BUYER,
        )
        assert placed.checkout is not None
    assert pay(placed.checkout.id) == "paid"
    assert kept("expense:promotions") == 2000
    assert kept("broker:1:held") == 3040 + 1200
    assert kept("coop:1:commission:held") + kept("coop:2:commission:held") == 7220
    assert placed.group.total_minor == 38000 + 34200 + 2700 - 2000


def test_a_second_payment_of_the_same_order_is_given_back_and_the_order_stands(shop):
    with writing() as session:
        placed = place(session, {shop.variants["lotus"]: 1})
        assert placed.checkout is not None
        second = placed.checkout.id
    assert pay(second, pi="pi_one") == "paid"
    assert pay(second, pi="pi_one") == "already paid"
    from shop.payments.services import ask_for_payment

    with writing() as session:
        twin = ask_for_payment(
            session,
            ref=placed.checkout.ref,
            key="twin",
            amount_minor=39200,
            currency="CNY",
            expires_at=placed.checkout.expires_at,
            request={},
        )
    assert pay(twin.id, pi="pi_two") == "double_payment"
    with reading() as session:
        assert group(session, placed.group.id).state == "paid"
        assert [(r.reason, r.amount_minor) for r in session.scalars(select(Refund))] == [("double_payment", 39200)]


@pytest.mark.parametrize(("amount", "currency", "outcome"), [(100, "CNY", "short"), (39200, "USD", "mismatch")])
def test_a_payment_of_another_sum_or_currency_pays_nothing(shop, amount, currency, outcome):
    with writing() as session:
        placed = place(session, {shop.variants["lotus"]: 1})
        assert placed.checkout is not None
    assert pay(placed.checkout.id, amount=amount, currency=currency) == outcome
    with reading() as session:
        assert group(session, placed.group.id).state == "placed"
        assert work_of(session, placed.group.id) == []


def test_a_lost_parcel_is_given_back_and_nobody_who_worked_loses(shop):
    publish_plate(shop)
    group_id = paid({shop.variants["plate"]: 1})
    with reading() as session:
        line, seller = lines(session, group_id)[0], seller_orders(session, group_id)[0]
    with writing() as session:
        orders.dispatch(session, seller_order_id=seller.id, carrier="EMS", tracking="E1", by=HOA)
    with writing() as session:
        refund = orders.lose_line(session, line_id=line.id, by=HOA)
    assert refund.amount_minor == 35700
    assert kept("expense:losses") == 35700
    assert kept("maker:5:available") == 42600
    assert kept("broker:2:held") == 2736 + 1500
