"""From a paid order to the women who make it: work is opened for the workshop's broker, and its news come back."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import WORKER
from shop.brokers.models import Broker
from shop.catalog import services as catalog
from shop.catalog.models import Piece, PieceRate
from shop.db import locked
from shop.ledger.chart import account
from shop.ledger.services import Move
from shop.orders.history import note
from shop.orders.mails import owe_broker_mail, owe_order_mail
from shop.orders.models import LinePiece, OrderGroup, OrderLine, SellerOrder, SplitPart
from shop.work.models import SAID_YES, WorkAssignment
from shop.work.news import News
from shop.work.services import open_work

PACK_DAYS = 2


def route(session: Session, *, group: OrderGroup, seller: SellerOrder, lines: list[OrderLine]) -> None:
    """Open work for the lines to be made; a part that is all from the shelf is ready to be sent at once."""
    for line in lines:
        if line.source != "made":
            continue
        parts = dict(
            session.execute(
                select(SplitPart.kind, func.sum(SplitPart.paid_minor + SplitPart.given_minor))
                .where(SplitPart.line_id == line.id, SplitPart.kind.in_(("maker", "materials")))
                .group_by(SplitPart.kind)
            ).all()
        )
        minutes = session.scalar(
            select(PieceRate.minutes).where(PieceRate.variant_id == line.variant_id, PieceRate.live)
        )
        order = open_work(
            session,
            variant_id=line.variant_id,
            workshop_id=seller.workshop_id,
            broker_id=seller.broker_id,
            purpose="order",
            ledger_line=f"L{line.id}",
            title=line.title,
            quantity=line.quantity,
            maker_minor=int(parts["maker"]),
            materials_minor=int(parts.get("materials", 0)),
            currency=line.currency,
            minutes_each=minutes or 0,
            due_on=max(seller.ship_by - timedelta(days=PACK_DAYS), clock.today()),
        )
        line.work_order_id = order.id
    made = any(line.source == "made" for line in lines)
    seller.state = "to_assign" if made else "ready"
    note(
        session,
        group_id=group.id,
        seller_order_id=seller.id,
        kind="routed",
        by=WORKER,
        facts={"broker_id": seller.broker_id, "made": made},
    )
    broker = session.get_one(Broker, seller.broker_id)
    owe_broker_mail(session, group=group, seller=seller, broker=broker)


def on_work_news(session: Session, news: News) -> list[Move]:
    """Write what happened to the work into the order's history, and move the order's state with it.

    Pieces that the buyer does not get any more go on the shelf; gives what is to be booked for them.
    """
    line = session.scalar(select(OrderLine).where(OrderLine.work_order_id == news.work_order_id))
    if line is None:
        return []
    seller = locked(session, SellerOrder, {line.seller_order_id})[line.seller_order_id]
    session.refresh(line)
    facts = {"line_id": line.id, "maker_id": news.maker_id, "assignment_id": news.assignment_id}
    if news.how:
        facts["how"] = news.how  # type: ignore[assignment]
    moves: list[Move] = []
    if news.kind == "received":
        facts |= {"accepted": news.accepted, "mend": news.mend, "rejected": news.rejected}
        hers = max(0, line.left - linked(session, line))
        session.add_all(LinePiece(piece_id=piece_id, line_id=line.id) for piece_id in news.piece_ids[:hers])
        moves = _for_the_shelf(session, seller, news.piece_ids[hers:])
    note(
        session,
        group_id=seller.group_id,
        seller_order_id=seller.id,
        kind=news.kind,
        by=news.by,
        on_behalf_of=f"maker:{news.maker_id}",
        facts=facts,
    )
    before = seller.state
    seller.state = _state_now(session, seller)
    if before != seller.state and seller.state in {"making", "ready"}:
        group = session.get_one(OrderGroup, seller.group_id)
        if seller.state == "ready":
            note(session, group_id=group.id, seller_order_id=seller.id, kind="ready", by=WORKER)
        owe_order_mail(session, group=group, template=seller.state, key=f"{seller.state}:{seller.id}")
    return moves


def linked(session: Session, line: OrderLine) -> int:
    """Numbered pieces that are the line's."""
    return session.scalar(select(func.count(LinePiece.piece_id)).where(LinePiece.line_id == line.id)) or 0


def _for_the_shelf(session: Session, seller: SellerOrder, piece_ids: Sequence[int]) -> list[Move]:
    """Begun for a buyer who cancelled: `expense:returns` bore it until now, and the shelf has it at cost."""
    if not piece_ids:
        return []
    cost = session.scalar(select(func.sum(Piece.maker_minor + Piece.materials_minor)).where(Piece.id.in_(piece_ids)))
    catalog.put_back(session, piece_ids=list(piece_ids))
    return [Move(account("stock:pieces", seller.workshop_id), account("expense", "returns"), int(cost or 0))]


def _state_now(session: Session, seller: SellerOrder) -> str:
    """to_assign until every piece has a maker who said yes, making until every piece is accepted, then ready."""
    if seller.state not in {"to_assign", "making", "ready"}:
        return seller.state
    session.flush()  # the news itself must be counted
    wanted, agreed, accepted = 0, 0, 0
    for line in session.scalars(
        select(OrderLine).where(
            OrderLine.seller_order_id == seller.id, OrderLine.work_order_id.is_not(None), ~OrderLine.cancelled
        )
    ):
        said_yes = session.scalar(
            select(func.coalesce(func.sum(WorkAssignment.quantity - WorkAssignment.rejected), 0)).where(
                WorkAssignment.work_order_id == line.work_order_id, WorkAssignment.state.in_(SAID_YES)
            )
        )
        wanted += line.left
        # more may have been begun than the buyer still gets
        agreed += min(int(said_yes or 0), line.left)
        accepted += linked(session, line)
    if accepted == wanted:
        return "ready"
    return "making" if agreed == wanted else "to_assign"


def refresh_state(session: Session, seller: SellerOrder) -> None:
    """After a line was cancelled: what is left may be ready."""
    seller.state = _state_now(session, seller)
