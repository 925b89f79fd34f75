"""Each step of an order's life, broken off at its first, second, … last statement and at its commit: nothing is left."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.engine import Engine

from shop.actor import COMMAND
from shop.db import reading, writing
from shop.ledger.audit import audit
from shop.ledger.chart import account
from shop.ledger.services import Draft, Move, post
from shop.orders import services as orders
from shop.payments.models import Checkout
from shop.payouts import services as payouts
from shop.payouts.models import Payout, PayoutBatch
from shop.work import services as work
from shop.work.models import WorkAssignment
from shop.work.services import Counts, Share
from tests.factories import catalog
from tests.factories.orders import lines, on_shelf, pay, place, received, seller_orders, work_of
from tests.people import ADA, FEN, LAN, MEI, TAO
from tests.support.kept import fingerprint
from tests.support.statements import FRAME

MOST = 200


class Broken(Exception):
    """The database went away."""


class Breaker:
    """Lets so many statements through, and then none; the commit counts as one."""

    def __init__(self, left: int) -> None:
        self.left, self.fired = left, False

    def statement(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.upper().startswith(FRAME):
            self.commit()

    def commit(self, *_args: Any) -> None:
        self.left -= 1
        if self.left < 0:
            self.fired = True
            raise Broken


@contextmanager
def breaking(left: int) -> Iterator[Breaker]:
    """Nothing but the first `left` statements of the block is carried out."""
    breaker = Breaker(left)
    event.listen(Engine, "before_cursor_execute", breaker.statement)
    event.listen(Engine, "commit", breaker.commit)
    try:
        yield breaker
    finally:
        event.remove(Engine, "before_cursor_execute", breaker.statement)
        event.remove(Engine, "commit", breaker.commit)


def broken_everywhere(step: Callable[[], object]) -> int:
    """Run a step, broken off one statement later each time, until it comes through; gives how often it broke off."""
    before = fingerprint(but=set())
    for left in range(MOST):
        with breaking(left) as breaker, suppress(Broken):
            step()
        if not breaker.fired:
            return left
        assert fingerprint(but=set()) == before, f"something is left after {left} statements"
    raise AssertionError(f"over {MOST} statements")


class Life:
    """An order of a lotus to be made and a plate from the shelf, another one that is given back, and two pay days."""

    def __init__(self) -> None:
        with writing() as session:
            self.shop = catalog.make_shop(session)
            opening = [Move(account("bank", "main"), account("equity:opening"), 1_000_000)]
            post(session, [Draft("open:1", "open", "CNY", opening)], by=COMMAND)
            for payee in ("maker:1", "maker:5"):
                payouts.set_method(session, payee=payee, rail="cash", by=ADA)
        self.lotus, self.plate = self.shop.variants["lotus"], self.shop.variants["plate"]

    def take_in(self) -> None:
        on_shelf(self.plate, 5, 3)

    def placed(self) -> None:
        with writing() as session:
            placed = place(session, {self.lotus: 1, self.plate: 1})
            assert placed.checkout is not None
            self.order, self.checkout = placed.group.id, placed.checkout.id

    def settled(self) -> None:
        assert pay(self.checkout) == "paid"

    def assigned(self) -> None:
        with reading() as session:
            (order,) = work_of(session, self.order)
        with writing() as session:
            (made,) = work.assign(session, work_order_id=order.id, shares=[Share(1, 1)], by=MEI)
            self.assignment = made.id

    def agreed(self) -> None:
        with writing() as session:
            work.answer(session, assignment_id=self.assignment, yes=True, how="visit", by=MEI)

    def mended(self) -> None:
        with writing() as session:
            counts = Counts(0, 1, 0, reasons=["stitch"])
            work.receive(session, assignment_id=self.assignment, counts=counts, key="r-mend", by=MEI)

    def accepted(self) -> None:
        received(self.assignment, 1)

    def sent(self) -> None:
        with reading() as session:
            seller, _ = seller_orders(session, self.order)
        with writing() as session:
            orders.dispatch(session, seller_order_id=seller.id, carrier="EMS", tracking="EE1CN", by=MEI)

    def delivered(self) -> None:
        with reading() as session:
            seller, _ = seller_orders(session, self.order)
        with writing() as session:
            orders.deliver(session, seller_order_id=seller.id, by=MEI)

    def cancelled(self) -> None:
        with reading() as session:
            line = next(each for each in lines(session, self.order) if each.variant_id == self.plate)
        with writing() as session:
            orders.cancel_line(session, line_id=line.id, by=FEN)

    def drafted(self) -> None:
        with writing() as session:
            batch, _ = payouts.draft_batch(session, pay_on=date(2099, 1, 1), currency="CNY", by=TAO)
            self.batch = batch.id

    def approved(self) -> None:
        with writing() as session:
            payouts.approve(session, batch_id=self.batch, by=FEN)

    def floated(self) -> None:
        with writing() as session:
            payouts.draw_float(session, broker_id=1, amount_minor=23_600, currency="CNY", by=TAO, key="float-1")

    def handed_over(self) -> None:
        with reading() as session:
            self.payout = session.scalars(select(Payout.id).where(Payout.payee == "maker:1")).one()
        with writing() as session:
            payouts.mark_sent(session, payout_ids=[self.payout], by=TAO)

    def confirmed(self) -> None:
        with writing() as session:
            payouts.confirm(session, payout_id=self.payout, strength="self", route="card", by=LAN)


STEPS = (
    Life.take_in, Life.placed, Life.settled, Life.assigned, Life.agreed, Life.mended, Life.accepted, Life.sent,
    Life.delivered, Life.cancelled, Life.drafted, Life.approved, Life.floated, Life.handed_over, Life.confirmed,
)  # fmt: skip


@pytest.fixture
def life(app) -> Life:
    made = Life()
    with writing() as session:
        catalog.publish(session, made.shop, "lotus")
    return made


def test_a_step_broken_off_anywhere_leaves_nothing_and_can_be_taken_again(life):
    broken = {}
    for step in STEPS:
        broken[step.__name__] = broken_everywhere(lambda step=step: step(life))
        if step is Life.take_in:
            with writing() as session:
                catalog.publish(session, life.shop, "plate")
        with reading() as session:
            assert audit(session) == [], step.__name__
    assert all(times >= 3 for times in broken.values()), broken
    with reading() as session:
        assert session.get_one(Checkout, life.checkout).state == "paid"
        assert session.get_one(WorkAssignment, life.assignment).accepted == 1
        assert session.get_one(PayoutBatch, life.batch).approved_by
        assert session.get_one(Payout, life.payout).state == "confirmed"


def test_the_breaker_is_felt(life):
    before = fingerprint(but=set())
    with breaking(MOST) as breaker:
        life.take_in()
    assert not breaker.fired
    assert fingerprint(but=set()) != before
    with breaking(0), pytest.raises(Broken):
        life.placed()
