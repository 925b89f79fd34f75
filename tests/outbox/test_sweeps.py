"""What is forgotten after ninety days, and what never is."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from shop.cart import services as carts
from shop.cart.models import Cart, CartLine
from shop.db import reading, writing
from shop.orders.models import OrderGroup
from shop.orders.sweeps import forget_events, remove_old_carts
from shop.outbox import periodic
from shop.outbox.models import OutboxRow
from shop.outbox.services import owe
from shop.outbox.sweep import forget_done
from shop.payments.models import StripeEvent
from tests.factories import catalog
from tests.factories.orders import place

TODAY = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LONG_AGO = TODAY - timedelta(days=91)
LATELY = TODAY - timedelta(days=89)


@pytest.fixture(autouse=True)
def today(at):
    at("2026-11-20 09:00")


def row(key: str, state: str, when: datetime) -> None:
    with writing() as session:
        owe(session, kind="mail", key=key, payload={"to": "anna@example.org"}, due_at=when)
        session.execute(
            update(OutboxRow).where(OutboxRow.key == key).values(state=state, done_at=when if state == "done" else None)
        )


def test_a_job_done_long_ago_keeps_its_key_and_loses_what_it_said(app):
    row("old", "done", LONG_AGO)
    row("new", "done", LATELY)
    row("parked", "parked", LONG_AGO)
    row("waiting", "pending", LONG_AGO)
    assert forget_done() == 1
    assert forget_done() == 0
    with reading() as session:
        kept = dict(session.execute(select(OutboxRow.key, OutboxRow.payload)).all())
    told = {"to": "anna@example.org"}
    assert kept == {"old": {}, "new": told, "parked": told, "waiting": told}


def test_a_handled_event_keeps_its_id_and_loses_what_it_told(app):
    with writing() as session:
        for name, handled in (("old", LONG_AGO), ("new", LATELY), ("stuck", None)):
            event = StripeEvent(
                id=f"evt_{name}", type="refund.failed", payload={"email": "a"}, received_at=LONG_AGO, handled_at=handled
            )
            session.add(event)
    assert forget_events() == 1
    assert forget_events() == 0
    with reading() as session:
        kept = dict(session.execute(select(StripeEvent.id, StripeEvent.payload)).all())
    assert kept == {"evt_old": {}, "evt_new": {"email": "a"}, "evt_stuck": {"email": "a"}}


def test_a_cart_left_long_ago_goes_unless_an_order_came_from_it(app):
    with writing() as session:
        shop = catalog.make_shop(session)
    lotus = shop.variants["lotus"]
    with writing() as session:
        place(session, {lotus: 1})
    made = []
    for _ in range(2):
        with writing() as session:
            cart, _secret = carts.open_cart(session, token=None, country="GB")
            carts.put(session, cart=cart, variant_id=lotus, quantity=1)
            made.append(cart.id)
    with writing() as session:
        session.execute(update(Cart).values(touched_at=LONG_AGO))
        session.execute(update(Cart).where(Cart.id == made[1]).values(touched_at=LATELY))
    assert remove_old_carts() == 1
    assert remove_old_carts() == 0
    with reading() as session:
        left = set(session.scalars(select(Cart.id)))
        assert left == {made[1], session.scalar(select(OrderGroup.cart_id))}
        assert session.scalar(select(func.count(CartLine.id)).where(CartLine.cart_id == made[0])) == 0


def test_the_worker_does_all_three_once_a_day(app):
    assert {"outbox.forget_done", "orders.remove_old_carts", "orders.forget_events"} <= set(periodic.names())
