"""The real services beside the shadow: any order of steps, each of which may first break off in the middle."""

from datetime import date

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.db import reading
from shop.payouts import services as payouts
from shop.payouts.models import Payout
from tests.model.buying import Buying
from tests.model.life import BROKERS, breaks, some
from tests.people import FEN, TAO


class Machine(Buying):
    """The last of the steps: pay days."""

    @precondition(lambda self: self.shadow.waiting() or not self.shadow.batches)
    @rule(broken=breaks)
    def a_pay_day_is_drafted(self, broken: bool) -> None:
        waiting = self.shadow.waiting()

        def draft(session: Session) -> int:
            return payouts.draft_batch(session, pay_on=date(2026, 12, 4), currency="CNY", by=TAO)[0].id

        batch_id = self.step(draft, may=bool(waiting), broken=broken)
        if batch_id is None:
            return
        with reading() as session:
            rows = session.scalars(select(Payout).where(Payout.batch_id == batch_id)).all()
        assert {row.payee: row.amount_minor for row in rows} == waiting
        self.shadow.draft(batch_id, {row.id: row.payee for row in rows})

    @precondition(lambda self: self.shadow.waiting())
    @rule(far=st.integers(1, 4))
    def a_pay_day_goes_its_way(self, far: int) -> None:
        """Drafted, approved, cash drawn for it, and sent."""
        self.a_pay_day_is_drafted(broken=False)
        self.a_second_person_decides(pick=-1, yes=True, broken=False)
        if far > 1:
            for broker in (1, 2):
                books = self.shadow.accounts
                need = self.shadow.to_hand_over(broker) - books[f"broker:{broker}:float"]
                if need > 0:
                    self._draw(broker, need + books[f"broker:{broker}:credit"], broken=False)
        if far > 2:
            for payout_id in self.shadow.ids_of(max(self.shadow.batches)):
                self._leave(payout_id, broken=False)

    @precondition(lambda self: self.shadow.batches)
    @rule(pick=some, yes=st.sampled_from([True, True, False]), broken=breaks)
    def a_second_person_decides(self, pick: int, yes: bool, broken: bool) -> None:
        open_ones = [number for number, batch in self.shadow.batches.items() if batch["state"] == "drafted"]
        batch_id = self.one(open_ones or list(self.shadow.batches), pick)
        batch = self.shadow.batches[batch_id]
        service = payouts.approve if yes else payouts.cancel_batch
        may = batch["state"] == "drafted" or (yes and batch["state"] == "approved")
        self.step(lambda session: service(session, batch_id=batch_id, by=FEN), may=may, broken=broken)
        if batch["state"] == "drafted":
            (self.shadow.approve if yes else self.shadow.cancel)(batch_id)

    @precondition(lambda self: self.shadow.payouts)
    @rule(pick=some, broken=breaks)
    def money_leaves(self, pick: int, broken: bool) -> None:
        self._leave(self.one(self.shadow.payouts, pick), broken=broken)

    def _leave(self, payout_id: int, *, broken: bool) -> None:
        self.step(lambda session: payouts.mark_sent(session, payout_ids=[payout_id], by=TAO), may=True, broken=broken)
        payout = self.shadow.payouts[payout_id]
        payout["state"] = "sent" if payout["state"] == "approved" else payout["state"]

    @precondition(lambda self: self.shadow.payouts)
    @rule(pick=some, herself=st.booleans(), broken=breaks)
    def it_is_said_that_she_has_it(self, pick: int, herself: bool, broken: bool) -> None:
        payout_id = self.one(self.shadow.payouts, pick)
        payout = self.shadow.payouts[payout_id]
        broker = self.shadow.broker_of(payout)
        strength, route, by = ("self", "coop_call", FEN) if herself else ("witnessed", "pin", BROKERS[broker])
        enough = payout["rail"] != "cash" or self.shadow.accounts[f"broker:{broker}:float"] >= payout["amount"]
        known = payout["state"] == "confirmed" or (payout["state"] == "acknowledged" and not herself)
        may = known or payout["state"] == "acknowledged" or (payout["state"] == "sent" and (herself or enough))

        def say(session: Session) -> None:
            payouts.confirm(session, payout_id=payout_id, strength=strength, route=route, by=by)

        self.step(say, may=may, broken=broken)
        if may and not known:
            self.shadow.word(payout, herself=herself)

    @precondition(lambda self: self.shadow.payouts)
    @rule(pick=some, broken=breaks)
    def the_bank_has_paid(self, pick: int, broken: bool) -> None:
        payout_id = self.one(self.shadow.payouts, pick)
        payout = self.shadow.payouts[payout_id]
        may = payout["rail"] == "bank_file" and payout["state"] in {"approved", "sent", "acknowledged", "confirmed"}
        self.step(lambda session: payouts.bank_paid(session, payout_id=payout_id, by=TAO), may=may, broken=broken)
        if may:
            self.shadow.bank_paid(payout)

    @precondition(lambda self: self.shadow.payouts)
    @rule(pick=some, returned=st.booleans(), broken=breaks)
    def the_bank_could_not(self, pick: int, returned: bool, broken: bool) -> None:
        payout_id = self.one(self.shadow.payouts, pick)
        payout = self.shadow.payouts[payout_id]
        word = "returned" if returned else "failed"
        may = self.shadow.bank_may_fail(payout, returned=returned)
        self.step(
            lambda session: payouts.bank_failed(session, payout_id=payout_id, by=TAO, returned=returned),
            may=may or payout["state"] == word,
            broken=broken,
        )
        if may:
            source = "bank:main" if payout["booked"] else f"{payout['owner']}:in_transit"
            self.shadow.hers_again(payout_id, word, source)

    @precondition(lambda self: self.shadow.payouts)
    @rule(pick=some, broken=breaks)
    def an_officer_ends_it(self, pick: int, broken: bool) -> None:
        payout_id = self.one(self.shadow.payouts, pick)
        payout = self.shadow.payouts[payout_id]
        cash = payout["rail"] == "cash"
        may = payout["state"] in ({"approved", "sent", "acknowledged"} if cash else {"approved"})
        self.step(
            lambda session: payouts.end_payout(session, payout_id=payout_id, reason="never came", by=FEN),
            may=may,
            broken=broken,
        )
        if may:
            float_ = f"broker:{self.shadow.broker_of(payout)}:float"
            source = float_ if payout["state"] == "acknowledged" else f"{payout['owner']}:in_transit"
            self.shadow.hers_again(payout_id, "failed" if cash else "cancelled", source)

    @precondition(lambda self: self.shadow.payouts)
    @rule(broker=st.sampled_from([1, 2]), minor=st.integers(1, 60_000), out=st.booleans(), broken=breaks)
    def a_broker_draws_cash_or_brings_it_back(self, broker: int, minor: int, out: bool, broken: bool) -> None:
        books = self.shadow.accounts
        credit, held = books[f"broker:{broker}:credit"], books[f"broker:{broker}:float"]
        most = max(self.shadow.to_hand_over(broker) + credit - held, 0) if out else held
        amount = min(minor, most + 1) if minor % 2 else minor
        (self._draw if out else self._bring)(broker, amount, broken=broken)

    def _draw(self, broker: int, amount: int, *, broken: bool) -> None:
        books, name = self.shadow.accounts, self.name()
        credit = books[f"broker:{broker}:credit"]
        most = max(self.shadow.to_hand_over(broker) + credit - books[f"broker:{broker}:float"], 0)
        may = amount <= most and amount <= books["bank:main"]

        def draw(session: Session) -> None:
            payouts.draw_float(session, broker_id=broker, amount_minor=amount, currency="CNY", by=TAO, key=name)

        self.step(draw, may=may, broken=broken)
        if may:
            repaid = min(credit, amount)
            self.shadow.move(f"broker:{broker}:credit", "bank:main", repaid)
            self.shadow.move(f"broker:{broker}:float", "bank:main", amount - repaid)

    def _bring(self, broker: int, amount: int, *, broken: bool) -> None:
        name = self.name()
        may = amount <= self.shadow.accounts[f"broker:{broker}:float"]

        def bring(session: Session) -> None:
            payouts.return_float(session, broker_id=broker, amount_minor=amount, currency="CNY", by=TAO, key=name)

        self.step(bring, may=may, broken=broken)
        if may:
            self.shadow.move("bank:main", f"broker:{broker}:float", amount)
