"""Ten bugs that somebody might make, each planted only while its block runs: the model must find every one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy import update
from sqlalchemy.orm import Session

from shop.ledger.chart import account
from shop.money import share
from shop.orders import services as orders
from shop.orders.models import RefundPart, SplitPart
from shop.orders.services import aftersale, refunds, settling, undoing
from shop.payments.models import Checkout
from shop.payouts import services as payouts
from shop.payouts.models import PayoutItem
from shop.work.services import assigning, collecting

Plant = Callable[[], Any]
BUGS: dict[str, tuple[Plant, int]] = {}
"""With a seed at which it is found early, so that the usual run stays short."""
OF_PAY_DAYS = ("what the bank sent back is never paid again", "a drafted pay day claims nothing")
"""The others show without a pay day, and sooner."""


def bug(name: str, *, seed: int = 0) -> Callable[[Plant], Plant]:
    """Register a bug by what goes wrong."""

    def add(plant: Plant) -> Plant:
        BUGS[name] = contextmanager(plant), seed
        return plant

    return add


@bug("a payment reported twice counts twice")
def _twice() -> Iterator[None]:
    right = orders.settle

    def settle(session: Session, checkout: Checkout, *rest: Any) -> str:
        checkout.state = "open"
        session.flush()
        return right(session, checkout, *rest)

    with patch.object(orders, "settle", settle):
        yield


@bug("the last line of a parcel does not take its post along")
def _post() -> Iterator[None]:
    with patch.object(undoing, "_others", lambda *_: True):
        yield


@bug("a return is taken from the broker's pay", seed=2)
def _broker_pays() -> Iterator[None]:
    right = aftersale.borne_by_coop

    def borne(case: Any, back: Any) -> Any:
        if back.part.kind == "broker":
            return [undoing.Out(account("broker:available", case.seller.broker_id), back.whole_minor)]
        return right(case, back)

    with patch.object(aftersale, "borne_by_coop", borne):
        yield


@bug("a cancelled line's share is released all the same", seed=4)
def _released() -> Iterator[None]:
    right = orders.cancel_line

    def cancel(session: Session, *, line_id: int, **rest: Any) -> Any:
        refund = right(session, line_id=line_id, **rest)
        session.flush()
        session.execute(update(SplitPart).where(SplitPart.line_id == line_id).values(released=False))
        session.execute(update(RefundPart).where(RefundPart.refund_id == refund.id).values(undone_minor=0))
        return refund

    with patch.object(orders, "cancel_line", cancel):
        yield


@bug("each receipt pays from the first piece on", seed=2)
def _from_the_first() -> Iterator[None]:
    def pay_for(assignment: Any, before: int, pieces: int) -> int:
        return sum(share(assignment.pay_minor, [1] * assignment.quantity)[: before + pieces]) if pieces else 0

    with patch.object(collecting, "pay_for", pay_for):
        yield


@bug("work taken back keeps its pay")
def _keeps() -> Iterator[None]:
    right = assigning.post

    def post(session: Session, drafts: Any, **rest: Any) -> Any:
        return right(session, [draft for draft in drafts if draft.kind != "assign_back"], **rest)

    with patch.object(assigning, "post", post):
        yield


@bug("an order that nobody paid keeps its pieces")
def _held() -> Iterator[None]:
    with patch.object(settling.catalog, "free", lambda _session, *, ref: len(ref)):
        yield


@bug("what the bank sent back is never paid again")
def _claimed() -> Iterator[None]:
    right = payouts.bank_failed

    def failed(session: Session, *, payout_id: int, **rest: Any) -> Any:
        payout = right(session, payout_id=payout_id, **rest)
        session.flush()
        session.execute(update(PayoutItem).where(PayoutItem.payout_id == payout_id).values(live=True))
        return payout

    with patch.object(payouts, "bank_failed", failed):
        yield


@bug("a drafted pay day claims nothing")
def _unclaimed() -> Iterator[None]:
    right = payouts.draft_batch

    def draft(session: Session, **rest: Any) -> Any:
        made = right(session, **rest)
        session.flush()
        session.execute(update(PayoutItem).values(live=False))
        return made

    with patch.object(payouts, "draft_batch", draft):
        yield


@bug("a refund that failed after it was sent stays booked as sent", seed=9)
def _gone() -> Iterator[None]:
    def failed(_session: Session, refund: Any, *_rest: Any) -> None:
        refund.state = "failed"

    with patch.object(refunds, "_failed", failed):
        yield
