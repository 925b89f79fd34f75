"""The next step of a demo order, and taking it as the person whose step it is: the same services as by hand."""

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.brokers.models import Broker, Mandate
from shop.db import reading, writing
from shop.ledger.models import Earning
from shop.makers.models import Maker
from shop.orders import services as orders
from shop.orders.models import OrderGroup, OrderLine, SellerOrder
from shop.outbox.worker import run_due
from shop.payouts import services as payouts
from shop.payouts.models import Payout, PayoutBatch, PayoutItem, PayoutMethod
from shop.payouts.queries.claims import has_open
from shop.people.models import User
from shop.work.models import WorkAssignment, WorkOrder, WorkReceipt
from shop.work.queries import proposal
from shop.work.services import Counts, Share, answer, assign, receive


@dataclass(frozen=True, slots=True)
class Step:
    """What comes next; `take` does it, `after` is where to look then ("" means the order's page), `as_user` as whom."""

    code: str
    label: str
    take: Callable[[], None]
    after: str = ""
    as_user: int | None = None


def next_step(session: Session, *, secret: str) -> Step | None:
    """The next step of the order behind a secret link; None when it is unpaid, over or unknown."""
    group = session.scalar(select(OrderGroup).where(OrderGroup.secret == secret, OrderGroup.state == "paid"))
    if group is None:
        return None
    sellers = session.scalars(
        select(SellerOrder).where(SellerOrder.group_id == group.id).order_by(SellerOrder.id)
    ).all()
    for seller in sellers:
        found = _of_seller(seller)
        if found:
            return found
    return _of_pay(session, [seller.id for seller in sellers], lang=group.lang)


def _of_seller(seller: SellerOrder) -> Step | None:
    known = {
        "to_assign": Step("agree", _("Next: the broker asks, she says yes"), lambda: _agree(seller.id)),
        "making": Step("accept", _("Next: her work is collected and accepted"), lambda: _accept(seller.id)),
        "ready": Step("send", _("Next: the parcel leaves"), lambda: _send(seller.id)),
        "dispatched": Step("arrive", _("Next: the parcel arrives"), lambda: _arrive(seller.id)),
    }
    return known.get(seller.state)


def _of_pay(session: Session, seller_ids: list[int], *, lang: str) -> Step | None:
    """Her pay for this order: drafted and approved, sent, confirmed, and then her statement."""
    receipts = session.execute(
        select(WorkReceipt.id, WorkAssignment.maker_id)
        .join(WorkAssignment, WorkAssignment.id == WorkReceipt.assignment_id)
        .join(OrderLine, OrderLine.work_order_id == WorkAssignment.work_order_id)
        .where(OrderLine.seller_order_id.in_(seller_ids), WorkReceipt.pay_minor > 0)
        .order_by(WorkReceipt.id)
    ).all()
    if not receipts:
        return None
    states: dict[str, str] = {
        row[0]: row[1] or "open"
        for row in session.execute(
            select(Earning.source, Payout.state)
            .outerjoin(PayoutItem, (PayoutItem.earning_id == Earning.id) & PayoutItem.live)
            .outerjoin(Payout, Payout.id == PayoutItem.payout_id)
            .where(Earning.source.in_([f"receipt:{row.id}" for row in receipts]))
        )
    }
    found = set(states.values())
    ids = [int(source.partition(":")[2]) for source in states]
    if "open" in found:
        return Step("draft", _("Next: the treasurer drafts Friday's pay"), _draft)
    if "drafted" in found:
        return Step("approve", _("Next: a second person approves it"), _approve)
    if "approved" in found:
        return Step("pay", _("Next: her pay is sent"), lambda: _pay(ids))
    if found & {"sent", "acknowledged"}:
        return Step("confirm", _("Next: she confirms that she has it"), lambda: _confirm(ids))
    maker_id = receipts[-1].maker_id
    broker_id = session.scalar(select(Mandate.broker_id).where(Mandate.maker_id == maker_id, Mandate.live))
    user_id = session.scalar(select(Broker.user_id).where(Broker.id == broker_id))
    return Step(
        "statement", _("See her statement"), lambda: None, f"/desk/makers/{maker_id}/statement?lang={lang}", user_id
    )


def _actor(session: Session, role: str) -> Actor:
    user = session.scalars(select(User).where(User.role == role, User.is_active).order_by(User.id)).first()
    assert user is not None
    return Actor(f"user:{user.id}", user.role, user.name, user_id=user.id, lang=user.lang)  # type: ignore[arg-type]


def _broker(session: Session, broker_id: int) -> Actor:
    broker = session.get_one(Broker, broker_id)
    user = session.get_one(User, broker.user_id)
    return Actor(f"user:{user.id}", "broker", user.name, user_id=user.id, broker_id=broker.id, lang=user.lang)


def _work(session: Session, seller_id: int) -> list[WorkOrder]:
    return list(
        session.scalars(
            select(WorkOrder)
            .join(OrderLine, OrderLine.work_order_id == WorkOrder.id)
            .where(OrderLine.seller_order_id == seller_id, WorkOrder.state == "open")
        )
    )


def _agree(seller_id: int) -> None:
    with reading() as session:
        found = _work(session, seller_id)
        broker = _broker(session, session.get_one(SellerOrder, seller_id).broker_id)
        shares = {order.id: proposal(session, work_order=order) for order in found}
    for order in found:
        wanted = [Share(each.maker_id, each.quantity) for each in shares[order.id] if each.quantity]
        if wanted:
            with writing() as session:
                assign(session, work_order_id=order.id, shares=wanted, by=broker)
        with reading() as session:
            asked = session.scalars(
                select(WorkAssignment.id).where(
                    WorkAssignment.work_order_id == order.id, WorkAssignment.state == "asked"
                )
            ).all()
        for assignment_id in asked:
            with writing() as session:
                answer(session, assignment_id=assignment_id, yes=True, how="visit", by=broker)


def _accept(seller_id: int) -> None:
    with reading() as session:
        found = _work(session, seller_id)
        broker = _broker(session, session.get_one(SellerOrder, seller_id).broker_id)
        rows = session.scalars(
            select(WorkAssignment).where(
                WorkAssignment.work_order_id.in_([order.id for order in found]), WorkAssignment.state == "agreed"
            )
        ).all()
    for row in rows:
        with writing() as session:
            left = row.quantity - row.accepted - row.rejected
            receive(session, assignment_id=row.id, counts=Counts(left), key=f"demo-next:{row.id}:{left}", by=broker)


def _send(seller_id: int) -> None:
    with reading() as session:
        broker = _broker(session, session.get_one(SellerOrder, seller_id).broker_id)
    with writing() as session:
        orders.dispatch(
            session, seller_order_id=seller_id, carrier="EMS", tracking=f"EE{800000000 + seller_id}CN", by=broker
        )


def _arrive(seller_id: int) -> None:
    with reading() as session:
        broker = _broker(session, session.get_one(SellerOrder, seller_id).broker_id)
    with writing() as session:
        orders.deliver(session, seller_order_id=seller_id, by=broker)


def _draft() -> None:
    """Everybody who waits is paid with her; who has named no way to be paid gets cash from her broker."""
    with reading() as session:
        treasurer = _actor(session, "treasurer")
        currency = session.scalars(select(Earning.currency).limit(1)).one()
        without = session.scalars(
            select(Earning.owner)
            .outerjoin(PayoutMethod, (PayoutMethod.payee == Earning.owner) & PayoutMethod.live)
            .where(has_open(), PayoutMethod.id.is_(None), Earning.owner.like("maker:%"))
            .distinct()
        ).all()
        admin = _actor(session, "admin")  # whoever approves the batch may not have set where its money goes
    for payee in without:
        with writing() as session:
            payouts.set_method(session, payee=payee, rail="cash", by=admin)
    with writing() as session:
        payouts.draft_batch(session, pay_on=clock.today(), currency=currency, by=treasurer)


def _approve() -> None:
    with reading() as session:
        officer = _actor(session, "officer")
        ids = session.scalars(
            select(PayoutBatch.id).where(PayoutBatch.state == "drafted").order_by(PayoutBatch.id)
        ).all()
    for batch_id in ids:
        with writing() as session:
            payouts.approve(session, batch_id=batch_id, by=officer)


def _of_receipts(session: Session, receipt_ids: list[int], *states: str) -> list[Payout]:
    return list(
        session.scalars(
            select(Payout)
            .join(PayoutItem, PayoutItem.payout_id == Payout.id)
            .join(Earning, Earning.id == PayoutItem.earning_id)
            .where(
                PayoutItem.live,
                Payout.state.in_(states),
                Earning.source.in_([f"receipt:{receipt_id}" for receipt_id in receipt_ids]),
            )
            .distinct()
        )
    )


def _pay(receipt_ids: list[int]) -> None:
    with reading() as session:
        treasurer = _actor(session, "treasurer")
        rows = _of_receipts(session, receipt_ids, "approved")
    for row in rows:
        if row.rail == "cash":
            with writing() as session:
                payouts.draw_float(
                    session,
                    broker_id=row.broker_id or 0,
                    amount_minor=row.amount_minor,
                    currency=row.currency,
                    by=treasurer,
                    key=f"demo:{row.id}",
                )
        with writing() as session:
            payouts.mark_sent(session, payout_ids=[row.id], by=treasurer)
        if row.rail == "bank_file":
            with writing() as session:
                payouts.bank_paid(session, payout_id=row.id, by=treasurer)
    run_due(kinds=["sms"])


def _confirm(receipt_ids: list[int]) -> None:
    with reading() as session:
        rows = _of_receipts(session, receipt_ids, "sent", "acknowledged")
        makers = {f"maker:{row.id}": row for row in session.scalars(select(Maker))}
    for row in rows:
        maker = makers[row.payee]
        with writing() as session:
            herself = Actor(row.payee, "maker", maker.name.get("zh", ""), lang=maker.lang)
            payouts.confirm(session, payout_id=row.id, strength="self", route="card", by=herself)
