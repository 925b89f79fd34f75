"""Steps of whoever gives money back, of Stripe that sends it, and of the buyer's bank that takes it."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.orders import services as orders
from shop.orders.models import Refund
from shop.payments.answers import DisputeAnswer, RefundAnswer
from shop.payments.models import StripeRefund
from shop.work import services as work
from tests.model.life import breaks, some
from tests.model.making import Making
from tests.model.shadow import MAKERS
from tests.model.shadow_pay import Row
from tests.people import FEN, MEI, TAO

FEE = 7700
few_or_all = st.sampled_from([0, 0, 1, 1, 2, 3])
"""How many pieces; 0: all that are left."""


class GivingBack(Making):
    """Pieces of a line, sums of it, refunds at Stripe, disputes."""

    @precondition(lambda self: self.sold())
    @rule(pick=some, count=few_or_all, begun=st.booleans(), broken=breaks)
    def pieces_are_cancelled(self, pick: int, count: int, begun: bool, broken: bool) -> None:
        def allowed(line: Row) -> bool:
            return self.shadow.can_be_cancelled(line, count or line["left"], begun=begun)

        self._undo(orders.cancel_line, "cancelled", allowed, pick, count, broken=broken, begun=begun)

    @precondition(lambda self: self.sold())
    @rule(pick=some, count=few_or_all, broken=breaks)
    def pieces_come_back(self, pick: int, count: int, broken: bool) -> None:
        def allowed(line: Row) -> bool:
            return self.shadow.can_come_back(line, count or line["left"])

        self._undo(orders.return_line, "returned", allowed, pick, count, broken=broken)

    @precondition(lambda self: self.sold())
    @rule(pick=some, count=few_or_all, broken=breaks)
    def pieces_are_lost(self, pick: int, count: int, broken: bool) -> None:
        def allowed(line: Row) -> bool:
            return self.shadow.can_be_lost(line, count or line["left"])

        self._undo(orders.lose_line, "lost", allowed, pick, count, broken=broken)

    def _undo(
        self,
        service: Any,
        how: str,
        allowed: Callable[[Row], bool],
        pick: int,
        count: int,
        *,
        broken: bool,
        **more: Any,
    ) -> None:
        line = self._line(allowed, pick)
        may = allowed(line)
        wanted = count or None
        self.step(
            lambda session: service(session, line_id=line["id"], quantity=wanted, by=FEN, **more),
            may=may,
            broken=broken,
        )
        if may:
            self.shadow.undo(line, how, count or line["left"])

    def _line(self, allowed: Callable[[Row], bool], pick: int) -> Row:
        """One that can be, or now and then any."""
        lines = self.shadow.lines
        fitting = [line_id for line_id in self.sold() if allowed(lines[line_id])] if pick % 4 else []
        return lines[self.one(fitting or self.sold(), pick)]

    @precondition(lambda self: self.sold())
    @rule(pick=some, amount=st.sampled_from([1, 333, 6800, 40_000]), broken=breaks)
    def a_price_is_reduced(self, pick: int, amount: int, broken: bool) -> None:
        line = self._line(lambda each: self.shadow.can_be_reduced(each, amount), pick)
        may = self.shadow.can_be_reduced(line, amount)
        self.step(
            lambda session: orders.reduce_line(session, line_id=line["id"], amount_minor=amount, by=FEN),
            may=may,
            broken=broken,
        )
        if may:
            self.shadow.reduce(line, amount)

    @precondition(lambda self: self.open_work())
    @rule(pick=some, count=few_or_all, twice=st.booleans())
    def a_buyer_cancels_what_is_begun(self, pick: int, count: int, twice: bool) -> None:
        """Several steps at once: half of it is begun, it is cancelled in part, and what was begun comes in."""
        line_id = self.one(self.open_work(), pick)
        line = self.shadow.lines[line_id]
        maker = MAKERS[line["slug"]][0]
        half = (self.shadow.unassigned(line) + 1) // 2
        if half:
            self._ask(line_id, maker, half, broken=False)
            self.she_answers(pick=-1, yes=True, broken=False)
        if self.shadow.unassigned(line):
            self._ask(line_id, maker, self.shadow.unassigned(line), broken=False)
        for number in (count, 1) if twice else (count,):
            pieces = min(number or line["left"], line["left"])
            if self.shadow.can_be_cancelled(line, pieces, begun=True):
                self._cancel(line, pieces)
        for slip_id in self.slips_in("agreed"):
            slip = self.shadow.slips[slip_id]
            if slip["line"] == line_id:
                out = slip["quantity"] - slip["accepted"] - slip["rejected"]
                self._bring_in(slip_id, out)

    def _cancel(self, line: Row, pieces: int) -> None:
        self.step(
            lambda session: orders.cancel_line(session, line_id=line["id"], quantity=pieces, begun=True, by=FEN),
            may=True,
        )
        self.shadow.undo(line, "cancelled", pieces)

    def _bring_in(self, slip_id: int, pieces: int) -> None:
        name = self.name()
        self.step(
            lambda session: work.receive(session, assignment_id=slip_id, counts=work.Counts(pieces), key=name, by=MEI),
            may=True,
        )
        self.shadow.receive(self.shadow.slips[slip_id], pieces, 0)

    def open_work(self) -> list[int]:
        """Lines to be made that can be cancelled, and of which something is not begun."""
        return [
            number
            for number in self.to_make()
            if self.shadow.can_be_cancelled(self.shadow.lines[number], 1, begun=True)
        ]

    def settled(self) -> list[int]:
        """Orders that a payment settled."""
        return [number for number, order in self.shadow.orders.items() if "settled_by" in order]

    @precondition(lambda self: self.settled())
    @rule(pick=some, state=st.sampled_from(["open", "open", "won", "lost"]), broken=breaks)
    def a_bank_disputes_a_payment(self, pick: int, state: str, broken: bool) -> None:
        """Opened, won, lost; any of them may be heard first, or again."""
        order_id = self.one(self.settled(), pick)
        order = self.shadow.orders[order_id]
        if order.get("dispute") in {"won", "lost"}:
            state = order["dispute"]
        paid = self.shadow.checkouts[order["settled_by"]]["paid"]
        answer = DisputeAnswer(
            f"dp_{order_id}",
            state,
            "fraudulent",
            f"pi_{order['settled_by']}",
            paid,
            "CNY",
            paid,
            FEE,
            paid if state == "won" else 0,
            0,
            "CNY",
            clock.now(),
            None,
        )
        assert self.step(lambda session: orders.settle_dispute(session, answer), may=True, broken=broken) == state
        self.shadow.dispute(order_id, state, FEE)

    def sendable(self) -> list[int]:
        """Refunds that Stripe is asked to send."""
        return [number for number, refund in self.shadow.refunds.items() if refund["amount"]]

    @precondition(lambda self: self.sendable())
    @rule(pick=some, failed=st.booleans(), broken=breaks)
    def stripe_tells_of_a_refund(self, pick: int, failed: bool, broken: bool) -> None:
        """It was sent, or it was not, perhaps after all; once or again."""
        number = self.one(self.sendable(), pick)
        refund = self.shadow.refunds[number]

        def tell(session: Session) -> bool:
            refund_id = _nth(session, number)
            ref = f"refund:{refund_id}"
            row = session.scalars(
                select(StripeRefund)
                .where((StripeRefund.ref == ref) | StripeRefund.ref.startswith(f"{ref}:"))
                .order_by(StripeRefund.id.desc())
            ).first()
            assert row is not None
            if row.state == "failed" or (not failed and row.state == "sent"):
                return False
            row.refund_id, row.state = f"re_{row.id}", "failed" if failed else "sent"
            state = "failed" if failed else "succeeded"
            answer = RefundAnswer(row.refund_id, state, row.amount_minor, "CNY", row.payment_intent)
            orders.refund_sent(session, row, answer)
            return True

        if self.step(tell, may=True, broken=broken):
            credit = f"buyer:{refund['order']}:credit"
            if failed and refund["state"] == "sent":
                self.shadow.move("psp:stripe", credit, refund["amount"])
            elif not failed:
                self.shadow.move(credit, "psp:stripe", refund["amount"])
            refund["state"] = "failed" if failed else "sent"

    @precondition(lambda self: self.sendable())
    @rule(pick=some)
    def a_refund_fails_after_it_was_sent(self, pick: int) -> None:
        """Both of it, one after the other."""
        self.stripe_tells_of_a_refund(pick=pick, failed=False, broken=False)
        self.stripe_tells_of_a_refund(pick=pick, failed=True, broken=False)

    @precondition(lambda self: self.failed())
    @rule(pick=some, by_bank=st.booleans(), broken=breaks)
    def a_failed_refund_is_sent_otherwise(self, pick: int, by_bank: bool, broken: bool) -> None:
        """Once more by Stripe, or by bank with a second person."""
        number = self.one(self.failed(), pick)
        refund = self.shadow.refunds[number]

        def work_on(session: Session) -> None:
            refund_id = _nth(session, number)
            if not by_bank:
                orders.try_again(session, refund_id=refund_id, by=FEN)
                return
            orders.ask_by_bank(session, refund_id=refund_id, how="her account", by=FEN)
            orders.sent_by_bank(session, refund_id=refund_id, by=TAO)

        self.step(work_on, may=True, broken=broken)
        refund["state"] = "sent" if by_bank else "decided"
        if by_bank:
            self.shadow.move(f"buyer:{refund['order']}:credit", "bank:main", refund["amount"])

    def failed(self) -> list[int]:
        """Refunds that Stripe could not send."""
        return [number for number, refund in self.shadow.refunds.items() if refund["state"] == "failed"]


def _nth(session: Session, number: int) -> int:
    """The id of the so-and-so-many-th refund: rolled-back tries leave gaps in the ids."""
    return session.scalars(select(Refund.id).order_by(Refund.id)).all()[number - 1]
