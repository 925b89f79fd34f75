"""From pieces to make to a woman who said yes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.brokers.models import Mandate
from shop.catalog.models import ProductMaker, Variant
from shop.coop.models import Coop
from shop.db import Texts, locked
from shop.errors import BadInput, NotYours
from shop.ledger.chart import account
from shop.ledger.services import Draft, Move, post
from shop.makers.models import Maker
from shop.money import share
from shop.work.capacity import refresh_lead_days
from shop.work.errors import Answered, NotHerWork, TooMany, TooYoung
from shop.work.models import WorkAssignment, WorkOrder
from shop.work.news import News, tell
from shop.work.queries import left_of

TOLD_HOW = ("slip", "visit", "call", "sms", "self")


@dataclass(frozen=True, slots=True)
class Share:
    """So many pieces for one maker."""

    maker_id: int
    quantity: int


def open_work(
    session: Session,
    *,
    variant_id: int,
    workshop_id: int,
    broker_id: int,
    purpose: str,
    title: Texts,
    quantity: int,
    maker_minor: int,
    materials_minor: int,
    currency: str,
    minutes_each: int,
    due_on: date,
    ledger_line: str = "",
) -> WorkOrder:
    """Pieces to make; pay and materials are the frozen sums of all of them, in minor units."""
    order = WorkOrder(
        variant_id=variant_id,
        workshop_id=workshop_id,
        broker_id=broker_id,
        purpose=purpose,
        ledger_line=ledger_line,
        title=title,
        quantity=quantity,
        maker_minor=maker_minor,
        materials_minor=materials_minor,
        currency=currency,
        minutes_each=minutes_each,
        due_on=due_on,
        created_at=clock.now(),
    )
    session.add(order)
    session.flush()  # assignments and lines point to it
    return order


def my_work_order(session: Session, work_order_id: int, by: Actor) -> WorkOrder:
    """The work order, held until the unit of work ends, if `by` may act on it; NotYours otherwise."""
    order = locked(session, WorkOrder, {work_order_id}).get(work_order_id)
    if order is None or (by.role == "broker" and order.broker_id != by.broker_id):
        raise NotYours(work_order_id=work_order_id)
    return order


def assign(
    session: Session, *, work_order_id: int, shares: Sequence[Share], by: Actor, due_on: date | None = None
) -> list[WorkAssignment]:
    """Ask makers to make pieces; each waits for her own yes or no.

    Pay is shared by pieces with largest remainder, earlier makers first (money.md 1). Raises TooMany, NotHerWork,
    TooYoung, NotYours.
    """
    order = my_work_order(session, work_order_id, by)
    wanted = [each for each in shares if each.quantity]
    if not wanted or any(each.quantity < 0 for each in wanted) or order.state != "open":
        raise BadInput(field="quantity")
    free = left_of(session, work_order=order)
    left, left_minor = free.pieces, free.minor
    asked = sum(each.quantity for each in wanted)
    if asked > left:
        raise TooMany(asked=asked, left=left)
    for each in wanted:
        may_work(session, order=order, maker_id=each.maker_id)
    pays = share(left_minor, [*(each.quantity for each in wanted), left - asked])
    made = [
        WorkAssignment(
            work_order_id=order.id,
            maker_id=each.maker_id,
            quantity=each.quantity,
            pay_minor=pays[place],
            currency=order.currency,
            due_on=due_on or order.due_on,
            created_at=clock.now(),
            created_by=by.key,
        )
        for place, each in enumerate(wanted)
    ]
    session.add_all(made)
    session.flush()  # news names them
    for assignment in made:
        tell(session, News("asked", order.id, assignment.id, assignment.maker_id, by))
    return made


def may_work(session: Session, *, order: WorkOrder, maker_id: int) -> Maker:
    """The maker, if she may get this work: of age, here, able, and with a mandate for this broker."""
    maker = session.get(Maker, maker_id)
    if maker is None or maker.left_on is not None:
        raise NotHerWork(maker_id=maker_id)
    age = clock.today().year - maker.birth_year - 1  # the birthday may be still to come: the younger age counts
    coop = session.get(Coop, 1)
    if age < (coop.working_age if coop else 16):
        raise TooYoung(maker_id=maker_id, age=age)
    mandate = session.scalar(
        select(Mandate.id).where(
            Mandate.maker_id == maker_id,
            Mandate.broker_id == order.broker_id,
            Mandate.live,
            Mandate.may_accept_work,
            Mandate.starts_on <= clock.today(),
        )
    )
    able = session.scalar(
        select(ProductMaker.id)
        .join(Variant, Variant.product_id == ProductMaker.product_id)
        .where(Variant.id == order.variant_id, ProductMaker.maker_id == maker_id)
    )
    if mandate is None or able is None:
        raise NotHerWork(maker_id=maker_id)
    return maker


def answer(session: Session, *, assignment_id: int, yes: bool, how: str, by: Actor, reason: str = "") -> WorkAssignment:
    """Record her yes or no, and how she was told. A no never counts against her.

    The same answer again changes nothing; another one raises Answered.
    """
    if how not in TOLD_HOW:
        raise BadInput(field="how")
    assignment = session.get(WorkAssignment, assignment_id)
    if assignment is None:
        raise NotYours(assignment_id=assignment_id)
    order = my_work_order(session, assignment.work_order_id, by)
    session.refresh(assignment)
    if assignment.state != "asked":
        if (assignment.state in {"agreed", "done"}) == yes and assignment.state != "taken_back":
            return assignment
        raise Answered(state=assignment.state)
    if yes:
        may_work(session, order=order, maker_id=assignment.maker_id)
    assignment.state = "agreed" if yes else "refused"
    assignment.told_how, assignment.answered_at, assignment.answered_by = how, clock.now(), by.key
    assignment.reason = reason[:200]
    tell(session, News("agreed" if yes else "refused", order.id, assignment.id, assignment.maker_id, by, how=how))
    refresh_lead_days(session, maker_ids={assignment.maker_id})
    if yes and order.ledger_line:
        post(
            session,
            [
                Draft(
                    key=f"assign:{assignment.id}",
                    kind="assign",
                    currency=order.currency,
                    moves=[
                        Move(
                            account("work:open", order.ledger_line),
                            account("maker:held", assignment.maker_id),
                            assignment.pay_minor,
                        )
                    ],
                    source=f"assignment:{assignment.id}",
                    on_behalf_of=f"maker:{assignment.maker_id}",
                )
            ],
            by=by,
        )
    return assignment


def take_back(session: Session, *, assignment_id: int, by: Actor, reason: str = "") -> WorkAssignment:
    """Reassign pieces not yet accepted: they and their pay are open again; accepted ones stay hers.

    Raises Answered where nothing is left to take back.
    """
    from shop.work.services.collecting import pay_for  # noqa: PLC0415  the two halves know each other's arithmetic

    assignment = session.get(WorkAssignment, assignment_id)
    if assignment is None:
        raise NotYours(assignment_id=assignment_id)
    order = my_work_order(session, assignment.work_order_id, by)
    session.refresh(assignment)
    if assignment.state not in {"asked", "agreed"}:
        raise Answered(state=assignment.state)
    was_agreed = assignment.state == "agreed"
    open_pieces = assignment.quantity - assignment.accepted - assignment.rejected
    open_minor = pay_for(assignment, assignment.accepted + assignment.rejected, open_pieces)
    settled = assignment.accepted + assignment.rejected
    if settled:
        # what she delivered stays an assignment of that size, done
        assignment.quantity, assignment.pay_minor = settled, assignment.pay_minor - open_minor
        assignment.state = "done"
    else:
        assignment.state = "taken_back"
    assignment.reason = reason[:200]
    tell(session, News("taken_back", order.id, assignment.id, assignment.maker_id, by))
    refresh_lead_days(session, maker_ids={assignment.maker_id})
    if was_agreed and order.ledger_line and open_minor:
        post(
            session,
            [
                Draft(
                    key=f"assign:{assignment.id}:back",
                    kind="assign_back",
                    currency=order.currency,
                    moves=[
                        Move(
                            account("maker:held", assignment.maker_id),
                            account("work:open", order.ledger_line),
                            open_minor,
                        )
                    ],
                    source=f"assignment:{assignment.id}",
                    on_behalf_of=f"maker:{assignment.maker_id}",
                )
            ],
            by=by,
        )
    return assignment


def reopen(session: Session, *, work_order_id: int) -> None:
    """An order whose rejected or taken-back pieces are to be made after all is open again."""
    session.execute(
        update(WorkOrder).where(WorkOrder.id == work_order_id, WorkOrder.state == "done").values(state="open")
    )
