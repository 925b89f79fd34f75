"""Steps of the work and of the parcels."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import update
from sqlalchemy.orm import Session

from shop import clock
from shop.db import writing
from shop.orders import services as orders
from shop.orders.jobs import end_unpaid, release_ripe
from shop.orders.models import OrderLine
from shop.outbox.models import OutboxRow
from shop.work import services as work
from shop.work.services import Counts, Share
from tests.model.life import BROKERS, Life, breaks, few, some
from tests.model.shadow import MAKERS
from tests.people import MEI


class Making(Life):
    """A maker is asked, says yes or no, brings her pieces; they are sent."""

    def sold(self) -> list[int]:
        """Lines of orders that were paid."""
        return [line_id for line_id, line in self.shadow.lines.items() if self.shadow.orders[line["order"]]["was_paid"]]

    def to_make(self) -> list[int]:
        """Lines with pieces that nobody has yet."""
        return [
            line_id
            for line_id in self.sold()
            for line in (self.shadow.lines[line_id],)
            if line["source"] == "made" and not line["gone"] and self.shadow.unassigned(line)
        ]

    @precondition(lambda self: self.to_make())
    @rule(pick=some, who=few, count=st.integers(1, 4), broken=breaks)
    def a_maker_is_asked(self, pick: int, who: int, count: int, broken: bool) -> None:
        line_id = self.one(self.to_make(), pick)
        makers = MAKERS[self.shadow.lines[line_id]["slug"]]
        self._ask(line_id, makers[who % len(makers)], count, broken=broken)

    def _ask(self, line_id: int, maker: int, count: int, *, broken: bool) -> None:
        line = self.shadow.lines[line_id]

        def ask(session: Session) -> int:
            order_id = session.get_one(OrderLine, line_id).work_order_id
            assert order_id is not None
            return work.assign(session, work_order_id=order_id, shares=[Share(maker, count)], by=MEI)[0].id

        slip_id = self.step(ask, may=count <= self.shadow.unassigned(line), broken=broken)
        if slip_id is not None:
            self.shadow.ask(slip_id, line_id, maker, count)

    def slips_in(self, *states: str) -> list[int]:
        """Slips that stand so."""
        return [number for number, slip in self.shadow.slips.items() if slip["state"] in states]

    @precondition(lambda self: self.shadow.slips)
    @rule(pick=some, yes=st.sampled_from([True, True, True, False]), broken=breaks)
    def she_answers(self, pick: int, yes: bool, broken: bool) -> None:
        slip_id = self.one(self.slips_in("asked") or list(self.shadow.slips), pick)
        slip = self.shadow.slips[slip_id]
        may = slip["state"] in ({"asked", "agreed", "done"} if yes else {"asked", "refused"})
        self.step(
            lambda session: work.answer(session, assignment_id=slip_id, yes=yes, how="visit", by=MEI),
            may=may,
            broken=broken,
        )
        if slip["state"] == "asked":
            self.shadow.answer(slip, yes=yes)

    @precondition(lambda self: self.shadow.slips)
    @rule(pick=some, broken=breaks)
    def work_is_taken_back(self, pick: int, broken: bool) -> None:
        slip_id = self.one(self.shadow.slips, pick)
        slip = self.shadow.slips[slip_id]
        may = slip["state"] in {"asked", "agreed"}
        self.step(
            lambda session: work.take_back(session, assignment_id=slip_id, by=MEI, reason="ill"), may=may, broken=broken
        )
        if may:
            self.shadow.take_back(slip)

    @precondition(lambda self: self.slips_in("agreed"))
    @rule(pick=some, accepted=few, mend=st.integers(0, 1), rejected=st.integers(0, 1), twice=breaks, broken=breaks)
    def pieces_come_in(self, pick: int, accepted: int, mend: int, rejected: int, twice: bool, broken: bool) -> None:
        slip_id = self.one(self.slips_in("agreed"), pick)
        slip = self.shadow.slips[slip_id]
        out = slip["quantity"] - slip["accepted"] - slip["rejected"]
        counts = Counts(accepted, mend, rejected, reasons=["stitch"] if rejected else [])
        name = self.name()
        may = 0 < accepted + mend + rejected <= out

        def take_in(session: Session) -> int:
            return work.receive(session, assignment_id=slip_id, counts=counts, key=name, by=MEI).id

        first = self.step(take_in, may=may, broken=broken)
        if may:
            self.shadow.receive(slip, accepted, rejected)
            if twice:
                assert self.step(take_in, may=True) == first

    # parcels

    def parcels_in(self, *states: str) -> list[int]:
        """Parcels that stand so."""
        return [number for number, seller in self.shadow.sellers.items() if seller["state"] in states]

    @precondition(lambda self: self.shadow.sellers)
    @rule(pick=some, broken=breaks)
    def a_parcel_leaves(self, pick: int, broken: bool) -> None:
        self._send(self.one(self.parcels_in("ready") or list(self.shadow.sellers), pick), broken=broken)

    def _send(self, seller_id: int, *, broken: bool) -> None:
        seller = self.shadow.sellers[seller_id]
        by = BROKERS[seller["workshop"]]
        disputed = self.shadow.orders[seller["order"]].get("dispute") in {"open", "lost"}
        may = seller["state"] in {"dispatched", "delivered"} or (seller["state"] == "ready" and not disputed)
        self.step(
            lambda session: orders.dispatch(session, seller_order_id=seller_id, carrier="EMS", tracking="E1", by=by),
            may=may,
            broken=broken,
        )
        if may and seller["state"] == "ready":
            seller |= {"state": "dispatched", "left": self.now}

    @precondition(lambda self: self.shadow.sellers)
    @rule(pick=some, broken=breaks)
    def a_parcel_arrives(self, pick: int, broken: bool) -> None:
        self._arrive(self.one(self.parcels_in("dispatched") or list(self.shadow.sellers), pick), broken=broken)

    def _arrive(self, seller_id: int, *, broken: bool) -> None:
        seller = self.shadow.sellers[seller_id]
        by = BROKERS[seller["workshop"]]
        may = seller["state"] in {"dispatched", "delivered"}
        self.step(lambda session: orders.deliver(session, seller_order_id=seller_id, by=by), may=may, broken=broken)
        if seller["state"] == "dispatched":
            self.shadow.deliver(seller)

    @rule(hours=st.sampled_from([1, 30, 100]))
    def time_goes_by(self, hours: int) -> None:
        """And the worker makes its round."""
        self.now += timedelta(hours=hours)
        clock.stand_at(self.now)
        end_unpaid()
        release_ripe()
        with writing() as session:
            # Stripe's news come by steps of their own
            session.execute(update(OutboxRow).values(state="done", done_at=self.now))
        live = {checkout["order"] for checkout in self.shadow.checkouts.values() if checkout["live"]}
        for number, order in self.shadow.orders.items():
            if order["state"] == "placed" and order["until"] < self.now and number not in live:
                self.shadow.expire(number)
        for seller in self.shadow.sellers.values():
            if "left" in seller and self.now >= seller["left"] + timedelta(days=7):
                self.shadow.release(seller)
