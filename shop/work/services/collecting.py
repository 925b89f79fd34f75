"""What comes in: counted, judged, and paid for at once (money.md 4)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.catalog import services as catalog
from shop.catalog.models import PieceRate, Product, Variant
from shop.catalog.queries import live_splits
from shop.errors import BadInput, NotFound, NotYours
from shop.ledger.chart import account
from shop.ledger.services import Draft, Earned, Move, post
from shop.money import share
from shop.work.capacity import refresh_lead_days
from shop.work.errors import CountedBefore, CountsDisagree, NotAgreed
from shop.work.models import WorkAssignment, WorkOrder, WorkReceipt
from shop.work.news import News, tell
from shop.work.services.assigning import may_work, my_work_order, open_work
from shop.workshops.models import Workshop

REASONS = ("stitch", "colour", "size", "stain", "broken", "other")

MEND = "mend:"
"""Stands before what is to be mended in a receipt's reasons; without it they are of what was rejected."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How pieces were judged; `counted` is what was laid on the table, by default their sum."""

    accepted: int
    mend: int = 0
    rejected: int = 0
    counted: int | None = None
    reasons: Sequence[str] = field(default=())
    """Why pieces are rejected."""
    mend_reasons: Sequence[str] = field(default=())
    """What is to be mended."""

    @property
    def total(self) -> int:
        return self.accepted + self.mend + self.rejected


def pay_for(assignment: WorkAssignment, before: int, pieces: int) -> int:
    """Pay of `pieces` pieces after `before` others, so that all of them together are exactly the agreed pay."""
    each = share(assignment.pay_minor, [1] * assignment.quantity)
    return sum(each[before : before + pieces])


def reasons_of(receipt: WorkReceipt) -> tuple[list[str], list[str]]:
    """What is to be mended, and why pieces were rejected."""
    told = [str(reason) for reason in receipt.reasons]
    mend = [reason.removeprefix(MEND) for reason in told if reason.startswith(MEND)]
    bare = [reason for reason in told if not reason.startswith(MEND)]
    # before the two were kept apart, both were written alike
    return (mend, bare) if receipt.rejected else (mend or bare, [])


def preview(session: Session, *, assignment_id: int, counts: Counts) -> int:
    """What accepting would pay her, in minor units; shown before anything is saved."""
    assignment = session.get(WorkAssignment, assignment_id)
    if assignment is None:
        raise NotFound(what="assignment")
    _agree(assignment, counts)
    return pay_for(assignment, assignment.accepted + assignment.rejected, counts.accepted)


def _agree(assignment: WorkAssignment, counts: Counts) -> None:
    out = assignment.quantity - assignment.accepted - assignment.rejected
    counted = counts.total if counts.counted is None else counts.counted
    if min(counts.accepted, counts.mend, counts.rejected) < 0 or counts.total != counted or not 0 < counted <= out:
        raise CountsDisagree(counted=counted, sum=counts.total, out=out)
    if counts.rejected and not counts.reasons:
        raise BadInput(field="reasons")
    if not {*counts.reasons, *counts.mend_reasons} <= set(REASONS):
        raise BadInput(field="reasons")


def receive(
    session: Session, *, assignment_id: int, counts: Counts, key: str, by: Actor, at: datetime | None = None
) -> WorkReceipt:
    """Take pieces in. Accepted pieces are numbered and her pay for them is hers; mended ones come in again later.

    `key` was made where it was typed: the same key gives back the receipt there is. Raises CountsDisagree, NotAgreed,
    NotYours, BadInput (rejected without a reason), CountedBefore for the same key with other numbers.
    """
    assignment = session.get(WorkAssignment, assignment_id)
    if assignment is None:
        raise NotYours(assignment_id=assignment_id)
    order = my_work_order(session, assignment.work_order_id, by)
    known = session.scalar(select(WorkReceipt).where(WorkReceipt.key == key))
    if known is not None:
        if known.assignment_id != assignment_id:
            raise BadInput(field="key")
        return _unchanged(known, counts)
    session.refresh(assignment)
    if assignment.state != "agreed":
        raise NotAgreed(state=assignment.state)
    _agree(assignment, counts)
    before = assignment.accepted + assignment.rejected
    pay = pay_for(assignment, before, counts.accepted)
    lost = pay_for(assignment, before + counts.accepted, counts.rejected)
    receipt = _receipt(session, assignment, counts, key=key, pay_minor=pay, at=at, by=by)
    materials = _materials(session, order, counts.accepted)
    pieces = catalog.take_in(
        session,
        variant_id=order.variant_id,
        maker_id=assignment.maker_id,
        count=counts.accepted,
        maker_minor=share(pay, [1] * counts.accepted) if counts.accepted else [],
        materials_minor=materials,
        receipt_key=f"receipt:{receipt.id}",
        for_sale=order.purpose == "shelf",
    )
    assignment.accepted += counts.accepted
    assignment.rejected += counts.rejected
    assignment.lost_minor += lost
    if assignment.accepted + assignment.rejected == assignment.quantity:
        assignment.state = "done"
    session.flush()  # the whole order's count is read below
    if _accepted_of(session, order.id) == order.quantity:
        order.state = "done"
    more = tell(
        session,
        News(
            "received",
            order.id,
            assignment.id,
            assignment.maker_id,
            by,
            accepted=counts.accepted,
            mend=counts.mend,
            rejected=counts.rejected,
            piece_ids=[piece.id for piece in pieces],
        ),
    )
    refresh_lead_days(session, maker_ids={assignment.maker_id})
    _book(session, order, assignment, receipt, materials_minor=sum(materials), lost_minor=lost, more=more, by=by)
    return receipt


def _receipt(
    session: Session,
    assignment: WorkAssignment,
    counts: Counts,
    *,
    key: str,
    pay_minor: int,
    at: datetime | None,
    by: Actor,
) -> WorkReceipt:
    receipt = WorkReceipt(
        key=key,
        assignment_id=assignment.id,
        counted=counts.total,
        accepted=counts.accepted,
        mend=counts.mend,
        rejected=counts.rejected,
        reasons=[*counts.reasons, *(MEND + reason for reason in counts.mend_reasons)],
        pay_minor=pay_minor,
        currency=assignment.currency,
        at=at or clock.now(),
        by=by.key,
    )
    session.add(receipt)
    session.flush()  # its id names the posting
    return receipt


def _accepted_of(session: Session, work_order_id: int) -> int:
    rows = session.scalars(select(WorkAssignment.accepted).where(WorkAssignment.work_order_id == work_order_id))
    return sum(rows)


def _materials(session: Session, order: WorkOrder, accepted: int) -> list[int]:
    """The material share of the next `accepted` pieces of the whole order, one sum each."""
    done = _accepted_of(session, order.id)
    return share(order.materials_minor, [1] * order.quantity)[done : done + accepted]


def _book(
    session: Session,
    order: WorkOrder,
    assignment: WorkAssignment,
    receipt: WorkReceipt,
    *,
    materials_minor: int,
    lost_minor: int,
    more: Sequence[Move],
    by: Actor,
) -> None:
    """`maker:held ← maker:available` for an order's pieces, `stock:pieces ← maker:available` for the shelf's.

    Until material slips exist, used material has no lot to come from: it is credited to expense:materials, where
    what the co-op buys is debited. Pay of rejected pieces goes back to the line's open work.
    """
    her = account("maker:available", assignment.maker_id)
    used = account("expense", "materials")
    if order.ledger_line:
        held = account("maker:held", assignment.maker_id)
        moves = [
            Move(held, her, receipt.pay_minor),
            Move(account("materials:held", order.ledger_line), used, materials_minor),
            Move(held, account("work:open", order.ledger_line), lost_minor),
        ]
    else:
        shelf = account("stock:pieces", order.workshop_id)
        moves = [Move(shelf, her, receipt.pay_minor), Move(shelf, used, materials_minor)]
    moves += more
    if not any(move.amount_minor for move in moves):
        return
    name = f"receipt:{receipt.id}"
    earned = [Earned(f"maker:{assignment.maker_id}", name, receipt.pay_minor)] if receipt.pay_minor else []
    draft = Draft(
        key=name,
        kind="receipt",
        currency=order.currency,
        moves=moves,
        source=name,
        occurred_at=receipt.at,
        on_behalf_of=f"maker:{assignment.maker_id}",
        earned=earned,
    )
    post(session, [draft], by=by)


def _unchanged(known: WorkReceipt, counts: Counts) -> WorkReceipt:
    if (known.accepted, known.mend, known.rejected) != (counts.accepted, counts.mend, counts.rejected):
        raise CountedBefore(accepted=known.accepted, mend=known.mend, rejected=known.rejected)
    return known


def _same_receipt(session: Session, known: WorkReceipt, *, variant_id: int, maker_id: int, by: Actor) -> WorkReceipt:
    """The receipt there is, for whoever may see it and if it is of this work: NotYours, BadInput."""
    assignment = session.get_one(WorkAssignment, known.assignment_id)
    order = my_work_order(session, assignment.work_order_id, by)
    if (order.variant_id, assignment.maker_id, order.purpose) != (variant_id, maker_id, "shelf"):
        raise BadInput(field="key")
    return known


def make_for_shelf(
    session: Session, *, variant_id: int, maker_id: int, quantity: int, how: str, key: str, by: Actor
) -> WorkReceipt:
    """Finished pieces laid on the table for the shelf: order, her yes, and receipt in one step, at the agreed rate.

    Raises BadInput where the variant has no piece rate and split yet; otherwise as `assign` and `receive`.
    """
    known = session.scalar(select(WorkReceipt).where(WorkReceipt.key == key))
    if known is not None:
        same = _same_receipt(session, known, variant_id=variant_id, maker_id=maker_id, by=by)
        return _unchanged(same, Counts(quantity))
    variant = session.get(Variant, variant_id)
    if variant is None:
        raise NotFound(what="variant")
    product = session.get_one(Product, variant.product_id)
    workshop = session.get_one(Workshop, product.workshop_id)
    rate = session.scalar(select(PieceRate).where(PieceRate.variant_id == variant_id, PieceRate.live))
    split = live_splits(session, variant_ids=[variant_id]).get(variant_id)
    if rate is None or split is None or not 0 < quantity <= 500:
        raise BadInput(field="quantity" if rate and split else "rate")
    order = open_work(
        session,
        variant_id=variant_id,
        workshop_id=product.workshop_id,
        broker_id=workshop.broker_id,
        purpose="shelf",
        title=product.name,
        quantity=quantity,
        maker_minor=split.of("maker") * quantity,
        materials_minor=split.of("materials") * quantity,
        currency=variant.currency,
        minutes_each=rate.minutes,
        due_on=clock.today(),
    )
    if by.role == "broker" and order.broker_id != by.broker_id:
        raise NotYours(variant_id=variant_id)
    may_work(session, order=order, maker_id=maker_id)
    assignment = WorkAssignment(
        work_order_id=order.id,
        maker_id=maker_id,
        quantity=quantity,
        pay_minor=order.maker_minor,
        currency=order.currency,
        due_on=order.due_on,
        state="agreed",
        told_how=how,
        answered_at=clock.now(),
        answered_by=by.key,
        created_at=clock.now(),
        created_by=by.key,
    )
    session.add(assignment)
    session.flush()  # the receipt points to it
    return receive(session, assignment_id=assignment.id, counts=Counts(quantity), key=key, by=by)
