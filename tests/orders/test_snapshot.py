"""What was agreed on the day an order was paid stays so: neither a new share nor a new broker changes yesterday's."""

from datetime import date

import pytest
from sqlalchemy import select, update

from shop.actor import COMMAND
from shop.brokers.models import Mandate
from shop.catalog import services as catalog
from shop.catalog.services import Part
from shop.db import reading, writing
from shop.ledger.chart import named
from shop.ledger.queries import balance
from shop.orders import services as orders
from shop.orders.models import SplitPart
from shop.payouts import services as payouts
from shop.payouts.models import Payout
from tests.factories.brokers import let_act
from tests.factories.orders import agreed, lines, paid, received, seller_orders, work_of
from tests.people import ADA, HOA, MEI, TAO

SPLIT = {"maker": 23600, "materials": 5200, "broker": 3040, "coop": 3800, "costs": 2360}


def kept(name: str) -> int:
    with reading() as session:
        return balance(session, named(name), "CNY")


def split_of(group_id: int) -> dict[str, int]:
    """The frozen parts of its one line."""
    with reading() as session:
        (line,) = lines(session, group_id)
        return {
            part.kind: part.paid_minor
            for part in session.scalars(select(SplitPart).where(SplitPart.line_id == line.id))
        }


def made_and_delivered(group_id: int) -> None:
    """Lan makes it, Mei takes it in and sends it, and it arrives."""
    with reading() as session:
        (work,) = work_of(session, group_id)
    received(*agreed(work.id, {1: 1}), 1)
    with reading() as session:
        (seller,) = seller_orders(session, group_id)
    with writing() as session:
        orders.dispatch(session, seller_order_id=seller.id, carrier="EMS", tracking="E1", by=MEI)
    with writing() as session:
        orders.deliver(session, seller_order_id=seller.id, by=MEI)


def goes_over_to_hoa() -> None:
    """Lan lets another broker act for her."""
    with writing() as session:
        session.execute(update(Mandate).where(Mandate.maker_id == 1).values(live=False, ends_on=date(2026, 11, 1)))
    with writing() as session:
        let_act(session, maker_id=1, broker_id=2)


def test_a_share_changed_today_leaves_yesterdays_order_as_it_was(shop):
    lotus = shop.variants["lotus"]
    before = paid({lotus: 1})
    assert split_of(before) == SPLIT
    dearer = {**SPLIT, "broker": 4040, "coop": 2800}
    with writing() as session:
        catalog.set_rule(session, part="broker", basis_points=2500, valid_from=date(2024, 1, 1), by=COMMAND)
        parts = [Part(kind, minor, "broker:1" if kind == "broker" else "") for kind, minor in dearer.items()]
        catalog.set_price(session, variant_id=lotus, price_minor=38000, parts=parts, by=ADA)
    after = paid({lotus: 1})
    assert (split_of(before), split_of(after)) == (SPLIT, dearer)
    post = kept("broker:1:held") - 3040 - 4040
    made_and_delivered(before)
    assert kept("broker:1:available") == 3040 + post // 2, "her part of that day, and the post of one parcel"
    assert kept("maker:1:available") == 23600


@pytest.mark.parametrize("when", ["before the work", "after it was accepted"])
def test_a_maker_who_changes_her_broker_is_paid_by_the_orders_snapshot(shop, when):
    group_id = paid({shop.variants["lotus"]: 1})
    with reading() as session:
        (work,) = work_of(session, group_id)
    slips = agreed(work.id, {1: 1})
    if when == "before the work":
        goes_over_to_hoa()
    received(*slips, 1)
    if when == "after it was accepted":
        goes_over_to_hoa()
    with reading() as session:
        (seller,) = seller_orders(session, group_id)
    with writing() as session:
        orders.dispatch(session, seller_order_id=seller.id, carrier="EMS", tracking="E1", by=MEI)
    with writing() as session:
        orders.deliver(session, seller_order_id=seller.id, by=MEI)
    assert kept("maker:1:available") == 23600
    assert kept("broker:1:available") >= 3040, "the part of the broker whose order it was"
    assert (kept("broker:2:available"), kept("broker:2:held")) == (0, 0)
    with writing() as session:
        payouts.set_method(session, payee="maker:1", rail="cash", by=ADA)
    with writing() as session:
        payouts.draft_batch(session, pay_on=date(2026, 11, 27), currency="CNY", by=TAO)
    with reading() as session:
        payout = session.scalars(select(Payout).where(Payout.payee == "maker:1")).one()
    assert (payout.amount_minor, payout.broker_id) == (23600, HOA.broker_id), "her cash comes through who is there now"
