"""One shop's life: how a step is taken, and what must hold after each."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import COMMAND
from shop.catalog.models import Variant
from shop.db import reading, writing
from shop.errors import ShopError
from shop.ledger.audit import audit
from shop.ledger.chart import account
from shop.ledger.queries import trial_balance
from shop.ledger.services import Draft, Move, post
from shop.orders.models import OrderGroup, Refund, SellerOrder
from shop.payouts import services as payouts
from shop.payouts.models import Payout, PayoutBatch
from shop.work.models import WorkAssignment
from tests.factories import catalog
from tests.factories.orders import on_shelf
from tests.model.shadow_back import Backs
from tests.model.shadow_pay import OPENING, RAIL, Row, grows_by_debit
from tests.people import ADA, HOA, MEI
from tests.support import databases

BROKERS = {1: MEI, 2: HOA}
ACCOUNT = {"holder": "Somebody", "bank": "Farm Bank", "account_no": "6222000011112222"}
START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
PLATES = 3

few = st.integers(0, 3)
some = st.integers(0, 10_000)
breaks = st.sampled_from([False, False, False, True])


class BrokenOff(Exception):
    """The process died before its commit."""


_begun: list[Path] = []
"""The shop as every life finds it, on SQLite: copying it is quicker than making it."""


def _begin() -> None:
    with writing() as session:
        shop = catalog.make_shop(session)
        opening = [Move(account("bank", "main"), account("equity:opening"), OPENING)]
        post(session, [Draft("open:1", "open", "CNY", opening)], by=COMMAND)
        for payee in (*RAIL, "broker:1", "broker:2"):
            facts = {} if RAIL.get(payee) == "cash" else ACCOUNT
            method = payouts.set_method(session, payee=payee, rail=RAIL.get(payee, "bank_file"), by=ADA, **facts)
            method.good_from = method.set_at
    on_shelf(shop.variants["plate"], 5, PLATES)
    with writing() as session:
        catalog.publish(session, shop, "plate")


class Life(RuleBasedStateMachine):
    """One shop's life. `kind` names the database."""

    kind = "sqlite"

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        clock.stand_at(self.now)
        self.shadow = Backs()
        self.serial = 0
        if _begun and self.kind == "sqlite":
            databases.again_sqlite(_begun[0])
        else:
            databases.clean(self.kind)
            _begin()
            _begun[:] = [databases.keep_sqlite()] if self.kind == "sqlite" else []
        self.shadow.make_for_shelf("plate", 5, PLATES)
        with reading() as session:
            rows = session.execute(select(Variant.sku, Variant.id))
            self.variants = {row.sku.lower(): row.id for row in rows}

    def teardown(self) -> None:
        self.audited()
        clock.stand_at(None)

    # how a step is taken

    def step(self, work: Callable[[Session], Any], *, may: bool, broken: bool = False) -> Any:
        """Take the step, which must be refused unless it `may` be; `broken` lets it die before its commit first."""
        if broken:
            with suppress(BrokenOff, ShopError):
                self._die(work)
        try:
            with writing() as session:
                done = work(session)
        except ShopError as error:
            if may:
                raise AssertionError(f"refused: {error!r}") from error
            return None
        assert may, "this had to be refused"
        return done

    @staticmethod
    def _die(work: Callable[[Session], Any]) -> None:
        with writing() as session:
            work(session)
            raise BrokenOff

    def name(self) -> str:
        """A key that no other step has."""
        self.serial += 1
        return f"model-{self.serial}"

    @staticmethod
    def one(of: Sequence[int], pick: int) -> int:
        """Any of them."""
        return sorted(of)[pick % len(of)]

    # what must hold after every step

    @invariant()
    def everything_holds(self) -> None:
        """The books and the states after each step; `flask audit`, which looks at everything, at the end of a life."""
        self.books_are_what_they_should_be()
        self.states_and_shelf_are_what_they_should_be()

    def books_are_what_they_should_be(self) -> None:
        """Every account to the cent."""
        with reading() as session:
            rows = trial_balance(session, "CNY")
        booked = {row.name: row.debit_minor or row.credit_minor for row in rows}
        sides = {row.name: bool(row.debit_minor) for row in rows}
        wanted = self.shadow.balances()
        mine = {name: abs(minor) for name, minor in wanted.items()}
        _same("books", booked, mine)
        assert sides == {name: grows_by_debit(name) == (minor > 0) for name, minor in wanted.items()}

    def states_and_shelf_are_what_they_should_be(self) -> None:
        """Orders, parcels, slips, payouts and pieces."""
        shadow = self.shadow
        with reading() as session:
            _same("orders", _states(session, OrderGroup), _expected(shadow.orders))
            _same("parcels", _states(session, SellerOrder), _expected(shadow.sellers))
            slips = _states(session, WorkAssignment, WorkAssignment.id.in_(shadow.slips))
            _same("slips", slips, _expected(shadow.slips))
            _same("batches", _states(session, PayoutBatch), _expected(shadow.batches))
            _same("payouts", _states(session, Payout), _expected(shadow.payouts))
            refunds = session.scalars(select(Refund.state).order_by(Refund.id)).all()
            _same("refunds", dict(enumerate(refunds, 1)), _expected(shadow.refunds))
            shelf = {row.id: (row.on_hand, row.reserved) for row in session.scalars(select(Variant))}
        _same("shelf", shelf, {self.variants[slug]: (shadow.shelf[slug], shadow.held[slug]) for slug in self.variants})

    def audited(self) -> None:
        """`flask audit`."""
        with reading() as session:
            found = audit(session, deep=True)
        assert not found, found


def _same(what: str, real: dict[Any, Any], mine: dict[Any, Any]) -> None:
    other = {key: (real.get(key), mine.get(key)) for key in {*real, *mine} if real.get(key) != mine.get(key)}
    assert not other, f"{what}, as they are and as they should be: {other}"


def _states(session: Session, model: Any, *these: Any) -> dict[int, str]:
    return {row.id: row.state for row in session.execute(select(model.id, model.state).where(*these))}


def _expected(rows: dict[int, Row]) -> dict[int, str]:
    return {number: str(row["state"]) for number, row in rows.items()}
