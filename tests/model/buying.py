"""Steps of a buyer, of Stripe and of whoever gives money back."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.db import reading
from shop.orders import services as orders
from shop.orders.models import OrderGroup, OrderLine, SellerOrder
from shop.orders.services.placing import HELD
from shop.payments.answers import FeeAnswer
from shop.payments.models import Checkout
from shop.work import services as work
from tests.factories.orders import answer_for, place
from tests.model.giving_back import GivingBack
from tests.model.life import breaks, few, some
from tests.model.shadow import MAKERS
from tests.model.shadow_pay import Row
from tests.people import HOA


class Buying(GivingBack):
    """The shelf, orders, payments, refunds."""

    @precondition(lambda self: self.shadow.free("plate") < 2)
    @rule(count=st.integers(1, 3), broken=breaks)
    def plates_come_in(self, count: int, broken: bool) -> None:
        variant, name = self.variants["plate"], self.name()

        def take_in(session: Session) -> None:
            work.make_for_shelf(session, variant_id=variant, maker_id=5, quantity=count, how="visit", key=name, by=HOA)

        self.step(take_in, may=True, broken=broken)
        self.shadow.make_for_shelf("plate", 5, count)

    @rule(lotus=few, knot=few, plate=few, broken=breaks)
    def somebody_orders(self, lotus: int, knot: int, plate: int, broken: bool) -> None:
        wants = {slug: n for slug, n in (("lotus", lotus), ("knot", knot), ("plate", plate)) if n}
        if not wants:
            return
        asked = {self.variants[slug]: count for slug, count in wants.items()}
        may = plate <= self.shadow.free("plate")
        placed = self.step(lambda session: place(session, asked), may=may, broken=broken)
        if placed is None:
            return
        group_id, checkout_id = placed.group.id, placed.checkout.id
        slugs = {variant_id: slug for slug, variant_id in self.variants.items()}
        with reading() as session:
            rows = session.scalars(
                select(OrderLine)
                .join(SellerOrder, SellerOrder.id == OrderLine.seller_order_id)
                .where(SellerOrder.group_id == group_id)
                .order_by(OrderLine.id)
            ).all()
            parcels = session.scalars(select(SellerOrder).where(SellerOrder.group_id == group_id)).all()
            total = session.get_one(OrderGroup, group_id).total_minor
        lines: list[Row] = [
            {"id": row.id, "slug": slugs[row.variant_id], "source": row.source, "quantity": row.quantity}
            for row in rows
        ]
        cut = {(line["slug"], line["source"]): line["quantity"] for line in lines}
        assert cut == self.shadow.cut(wants)
        sellers = [{"id": row.id, "workshop": row.workshop_id, "post": row.shipping_minor} for row in parcels]
        self.shadow.place(group_id, lines, sellers)
        assert total == self.shadow.orders[group_id]["total"]
        self.shadow.orders[group_id]["until"] = self.now + HELD
        self._checkout(checkout_id, group_id)

    @rule(lotus=few, knot=few, plate=few, far=st.sampled_from([1, 1, 2, 3, 4, 5]))
    def an_order_goes_its_way(self, lotus: int, knot: int, plate: int, far: int) -> None:
        """Several steps at once, so that later steps find something to be taken on."""
        before = len(self.shadow.orders)
        self.somebody_orders(lotus=lotus, knot=knot, plate=min(plate, self.shadow.free("plate")), broken=False)
        if len(self.shadow.orders) > before:
            self.a_payment_is_reported(pick=-1, delta=0, fee=130, broken=False)
            self._go_on(max(self.shadow.orders), far)

    @precondition(lambda self: self.sold())
    @rule(pick=some, far=st.integers(2, 5))
    def an_order_goes_on(self, pick: int, far: int) -> None:
        """What became of it since may have left only a part of it to be made and sent."""
        self._go_on(self.shadow.lines[self.one(self.sold(), pick)]["order"], far)

    def _go_on(self, order_id: int, far: int) -> None:
        for line in self.shadow.lines_of(order_id) if far > 1 else []:
            if line["id"] in self.to_make():
                count = self.shadow.unassigned(line)
                self._make(line["id"], count, accepted=count if far > 2 else 0)
        for seller in self.shadow.sellers_of(order_id) if far > 3 else []:
            if seller["state"] == "ready":
                self._send(seller["id"], broken=False)
            if seller["state"] == "dispatched" and far > 4:
                self._arrive(seller["id"], broken=False)

    def _make(self, line_id: int, count: int, *, accepted: int) -> None:
        self._ask(line_id, MAKERS[self.shadow.lines[line_id]["slug"]][0], count, broken=False)
        self.she_answers(pick=-1, yes=True, broken=False)
        if accepted:
            self.pieces_come_in(pick=-1, accepted=accepted, mend=0, rejected=0, twice=False, broken=False)

    def _checkout(self, checkout_id: int, group_id: int) -> None:
        self.shadow.checkouts[checkout_id] = {"order": group_id, "paid": None, "given": False, "live": True}

    @precondition(lambda self: self.shadow.checkouts)
    @rule(pick=some, delta=st.sampled_from([0, 0, 0, 0, -100, 250]), fee=st.sampled_from([0, 130]), broken=breaks)
    def a_payment_is_reported(self, pick: int, delta: int, fee: int, broken: bool) -> None:
        """The first time or again, in time or late, the right sum or another."""
        checkout_id = self.one(self.shadow.checkouts, pick)
        amount = self.shadow.orders[self.shadow.checkouts[checkout_id]["order"]]["total"] + delta

        def settle(session: Session) -> str:
            checkout = session.get_one(Checkout, checkout_id)
            answer = answer_for(checkout, amount=amount)
            checkout.session_id = checkout.session_id or answer.session_id
            return orders.settle(session, checkout, answer, FeeAnswer(f"txn_{checkout_id}", amount, fee, "CNY"))

        outcome = self.step(settle, may=True, broken=broken)
        assert outcome == self.shadow.paid(checkout_id, amount, fee)

    @precondition(lambda self: self.unpaid())
    @rule(pick=some, broken=breaks)
    def the_page_closes_unpaid(self, pick: int, broken: bool) -> None:
        order_id = self.one(self.unpaid(), pick)
        (checkout_id,) = [
            number
            for number, checkout in self.shadow.checkouts.items()
            if checkout["order"] == order_id and checkout["live"]
        ]

        def expire(session: Session) -> str:
            checkout = session.get_one(Checkout, checkout_id)
            checkout.state = "expired"
            session.flush()
            return orders.expire(session, checkout)

        assert self.step(expire, may=True, broken=broken) == "expired"
        self.shadow.checkouts[checkout_id]["live"] = False
        self.shadow.expire(order_id)

    def unpaid(self) -> list[int]:
        """Orders with a page that may still be paid."""
        live = {checkout["order"] for checkout in self.shadow.checkouts.values() if checkout["live"]}
        return [number for number, order in self.shadow.orders.items() if order["state"] == "placed" and number in live]

    @precondition(lambda self: self.unpaid())
    @rule(pick=some, broken=breaks)
    def she_tries_to_pay_once_more(self, pick: int, broken: bool) -> None:
        """The first page failed, and may still turn out to be paid: a double payment."""
        order_id = self.one(self.unpaid(), pick)

        def again(session: Session) -> int:
            for row in session.scalars(select(Checkout).where(Checkout.ref == f"order:{order_id}")):
                row.state = "failed" if row.state != "paid" else row.state
            session.flush()
            return orders.retry_payment(session, group_id=order_id, site_url="http://shop.test").id

        may = self.now < self.shadow.orders[order_id]["until"]
        checkout_id = self.step(again, may=may, broken=broken)
        if checkout_id is not None:
            for checkout in self.shadow.checkouts.values():
                checkout["live"] = checkout["live"] and checkout["order"] != order_id
            self._checkout(checkout_id, order_id)
            self.shadow.orders[order_id]["until"] = self.now + HELD
