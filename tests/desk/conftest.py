"""A small shop with money in the bank, Mei's browser, and books that must be clean when a test ends."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select, update

from shop.db import reading, writing
from shop.ids import digest
from shop.ledger.chart import named
from shop.ledger.queries import balance
from shop.makers.models import Maker
from shop.makers.pins import hashed
from shop.makers.services import set_pin
from shop.payouts import services as payouts
from shop.payouts.models import Payout
from shop.people.limits import limiter
from shop.people.models import User
from tests.factories import catalog
from tests.factories.cash import in_hand
from tests.factories.opened import opened_shop
from tests.factories.orders import agreed, paid, received, work_of
from tests.factories.ways import paid_by
from tests.people import FEN, HOA, MEI, TAO
from tests.support.audited import audited

CARD = "card-of-lan-0123456789abcdef"
PIN = "4271"


@pytest.fixture
def shop(app) -> Iterator[catalog.Shop]:
    """The factory's shop; `flask audit` is clean after every test that uses it."""
    made = opened_shop()
    with audited():
        yield made
        limiter.reset()


@pytest.fixture
def mei(shop, signed_in):
    """Mei's phone."""
    return signed_in(MEI)


@pytest.fixture
def hoa(shop, signed_in):
    """Hoa's phone: another broker's."""
    return signed_in(HOA)


@pytest.fixture
def knots(shop):
    """Twelve knots to make for a paid order, at 41.00 a piece."""
    group_id = paid({shop.variants["knot"]: 12})
    with reading() as session:
        return work_of(session, group_id)[0]


@pytest.fixture
def slip(knots) -> int:
    """Li has said yes to six of them."""
    return agreed(knots.id, {2: 6})[0]


@pytest.fixture
def speaks() -> Callable[[Any, str], None]:
    """Let one of the cast speak another language."""

    def change(who: Any, lang: str) -> None:
        with writing() as session:
            session.execute(update(User).where(User.id == who.user_id).values(lang=lang))

    return change


@pytest.fixture
def sent(shop) -> Callable[..., int]:
    """A payout to Lan (maker 1) that was sent: `sent()`, in cash through Mei's float unless `rail` says otherwise."""

    def make(*, rail: str = "cash", pieces: int = 1) -> int:
        group_id = paid({shop.variants["lotus"]: pieces})
        with reading() as session:
            order = work_of(session, group_id)[0]
        (assignment,) = agreed(order.id, {1: pieces})
        received(assignment, pieces)
        facts = {"holder": "Lan", "bank": "Bank", "account_no": "622200001111"} if rail == "bank_file" else {}
        paid_by("maker:1", rail, **facts)
        with writing() as session:
            batch, _ = payouts.draft_batch(session, pay_on=order.due_on, currency="CNY", by=TAO)
        with writing() as session:
            payouts.approve(session, batch_id=batch.id, by=FEN)
        if rail == "cash":
            in_hand(1, 50_000)
        with writing() as session:
            payout = session.scalars(select(Payout).where(Payout.batch_id == batch.id)).one()
            payouts.mark_sent(session, payout_ids=[payout.id], by=TAO)
            return payout.id

    return make


@pytest.fixture
def card(shop) -> str:
    """Lan's card; gives the address of her page."""
    with writing() as session:
        session.get_one(Maker, 1).card_digest = digest(CARD)
    return f"/m/{CARD}"


@pytest.fixture
def pin(shop) -> str:
    """Lan's PIN, set before an officer."""
    secret = hashed(PIN)
    with writing() as session:
        set_pin(session, maker_id=1, pin_hash=secret, by=FEN)
    return PIN


def kept(name: str) -> int:
    """What stands on an account, in minor units."""
    with reading() as session:
        return balance(session, named(name), "CNY")


def count(model: Any) -> int:
    """How many rows a table has."""
    with reading() as session:
        return len(session.scalars(select(model)).all())


def state_of(payout_id: int) -> str:
    """Where a payout stands."""
    with reading() as session:
        return session.get_one(Payout, payout_id).state
