"""What a statement says besides the earnings themselves: who she is, through whom, and what buyers paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.brokers.models import Broker, Mandate
from shop.db import Texts
from shop.ledger.models import Earning
from shop.makers.models import Maker
from shop.orders.models import OrderGroup, OrderLine, SellerOrder, Shipment, SplitPart
from shop.places.models import Place
from shop.work.models import WorkAssignment, WorkOrder, WorkReceipt


@dataclass(frozen=True, slots=True)
class Payee:
    """Whom a statement is for. A broker has no mark; `broker` is a maker's present one.

    `this_year_minor` is what became hers since January.
    """

    name: Texts
    number: str
    mark: str
    village: Texts
    broker: Texts | None
    lang: str
    this_year_minor: int


def payee_of(session: Session, *, payee: str, currency: str, year_began: datetime) -> Payee:
    """A maker or a broker by her owner key ("maker:7", "broker:2"), in one statement."""
    owner, _, number = payee.partition(":")
    earned = (
        select(func.coalesce(func.sum(Earning.amount_minor), 0))
        .where(
            Earning.owner == payee,
            Earning.currency == currency,
            Earning.available_at >= year_began,
            Earning.source.not_like("advance:%"),  # it is pay for work that is still to come
        )
        .scalar_subquery()
        .label("earned")
    )
    if owner == "broker":
        row = session.execute(
            select(Broker.name, Place.name.label("village"), earned)
            .join(Place, Place.id == Broker.village_id)
            .where(Broker.id == int(number))
        ).one()
        return Payee(row.name, "", "", row.village, None, "zh", int(row.earned))
    her = session.execute(
        select(
            Maker.name,
            Maker.number,
            Maker.mark,
            Place.name.label("village"),
            Broker.name.label("broker"),
            Maker.lang,
            earned,
        )
        .join(Place, Place.id == Maker.village_id)
        .outerjoin(Mandate, (Mandate.maker_id == Maker.id) & Mandate.live)
        .outerjoin(Broker, Broker.id == Mandate.broker_id)
        .where(Maker.id == int(number))
    ).one()
    return Payee(her.name, her.number, her.mark, her.village, her.broker, her.lang, int(her.earned))


@dataclass(frozen=True, slots=True)
class BuyersPaid:
    """The price of pieces of hers that were made to order, a voucher's gift included, by part; the parts sum to `minor`."""

    pieces: int
    minor: int
    parts: tuple[tuple[str, int], ...]


def buyers_paid(session: Session, *, sources: Sequence[str]) -> BuyersPaid | None:
    """The frozen prices behind receipts ("receipt:41") of work made to order.

    A line is left out where its parts do not divide evenly over its pieces, or her pay is not just its maker part:
    then no exact figure for some of its pieces exists.
    """
    ids = [int(source.partition(":")[2]) for source in sources if source.startswith("receipt:")]
    rows = session.execute(
        select(
            WorkReceipt.id,
            WorkReceipt.accepted,
            WorkReceipt.pay_minor,
            OrderLine.quantity,
            SplitPart.kind,
            func.sum(SplitPart.paid_minor + SplitPart.given_minor).label("minor"),
        )
        .join(WorkAssignment, WorkAssignment.id == WorkReceipt.assignment_id)
        .join(WorkOrder, WorkOrder.id == WorkAssignment.work_order_id)
        .join(OrderLine, OrderLine.work_order_id == WorkOrder.id)
        .join(SplitPart, SplitPart.line_id == OrderLine.id)
        .where(WorkReceipt.id.in_(ids), WorkReceipt.accepted > 0, ~OrderLine.cancelled)
        .group_by(WorkReceipt.id, WorkReceipt.accepted, WorkReceipt.pay_minor, OrderLine.quantity, SplitPart.kind)
        .order_by(WorkReceipt.id)
    ).all()
    found: dict[int, tuple[int, int, int, dict[str, int]]] = {}
    for row in rows:
        found.setdefault(row.id, (row.accepted, row.pay_minor, row.quantity, {}))[3][row.kind] = int(row.minor)
    sums: dict[str, int] = {}
    pieces = 0
    for accepted, pay, quantity, parts in found.values():
        exact = all(minor % quantity == 0 for minor in parts.values())
        if not exact or parts.get("maker", 0) // quantity * accepted != pay:
            continue
        pieces += accepted
        for kind, minor in parts.items():
            sums[kind] = sums.get(kind, 0) + minor // quantity * accepted
    order = ("maker", "materials", "broker", "workshop", "coop", "costs", "outlet", "tax")
    shown = tuple((kind, sums[kind]) for kind in order if sums.get(kind))
    return BuyersPaid(pieces, sum(minor for _, minor in shown), shown) if pieces else None


def parcels_behind(session: Session, *, sources: Sequence[str]) -> dict[str, str]:
    """Order numbers of what a broker earned by parcels: earning source ("release:3:broker:1") → order number."""
    ids = {
        source: int(source.split(":")[1])
        for source in sources
        if source.startswith("release:") and source.split(":")[1].isdecimal()
    }
    numbers = session.execute(
        select(Shipment.id, OrderGroup.number)
        .join(SellerOrder, SellerOrder.id == Shipment.seller_order_id)
        .join(OrderGroup, OrderGroup.id == SellerOrder.group_id)
        .where(Shipment.id.in_(sorted(set(ids.values()))))
    )
    rows: dict[int, str] = {row.id: row.number for row in numbers}
    return {source: rows[shipment] for source, shipment in ids.items() if shipment in rows}
