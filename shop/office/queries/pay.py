"""Batches and payouts as the treasurer reads them, down to the slips and order lines behind each sum."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import String, case, cast, func, literal, select
from sqlalchemy.orm import Session

from shop.brokers.models import Broker
from shop.catalog.models import Variant
from shop.db import Texts
from shop.ledger.models import Account, Earning, Posting
from shop.makers.models import Maker
from shop.money import Money
from shop.orders.models import OrderGroup, OrderLine, SellerOrder, Shipment
from shop.payouts.models import BY_BANK, Confirmation, Payout, PayoutBatch, PayoutItem, SpotCall
from shop.payouts.queries import payee_names
from shop.people.models import User
from shop.work.models import WorkAssignment, WorkOrder, WorkReceipt

PAGE = 100


@dataclass(frozen=True, slots=True)
class BatchSums:
    """Sums of a batch in minor units: (rail, state) → (how many, how much)."""

    by: dict[tuple[str, str], tuple[int, int]]

    def people(self, *, rail: str = "", states: Sequence[str] = ()) -> int:
        return sum(row[0] for row in self._chosen(rail, states))

    def minor(self, *, rail: str = "", states: Sequence[str] = ()) -> int:
        return sum(row[1] for row in self._chosen(rail, states))

    def _chosen(self, rail: str, states: Sequence[str]) -> list[tuple[int, int]]:
        return [
            found
            for (of_rail, state), found in self.by.items()
            if rail in {"", of_rail} and (not states or state in states)
        ]

    def standing(self, state: str) -> str:
        """Where the batch as a whole stands: an approved one is sent once nothing waits to leave, confirmed once all are."""
        live = {each for each in self.states if each not in {"failed", "returned", "cancelled"}}
        if state != "approved" or not live or "approved" in live:
            return state
        return "confirmed" if live == {"confirmed"} else "sent"

    @property
    def rails(self) -> list[str]:
        return sorted({rail for rail, _ in self.by})

    @property
    def states(self) -> list[str]:
        return sorted({state for _, state in self.by})


def sums_of(session: Session, *, batch_ids: Sequence[int]) -> dict[int, BatchSums]:
    """How many and how much by rail and state, of each of these batches."""
    rows = session.execute(
        select(Payout.batch_id, Payout.rail, Payout.state, func.count(Payout.id), func.sum(Payout.amount_minor))
        .where(Payout.batch_id.in_(list(batch_ids)))
        .group_by(Payout.batch_id, Payout.rail, Payout.state)
    )
    found: dict[int, dict[tuple[str, str], tuple[int, int]]] = {batch_id: {} for batch_id in batch_ids}
    for batch_id, rail, state, count, minor in rows:
        found[batch_id][rail, state] = (int(count), int(minor))
    return {batch_id: BatchSums(by) for batch_id, by in found.items()}


def payouts_page(
    session: Session, *, batch_id: int, after: int = 0, rail: str = "", limit: int = PAGE + 1
) -> list[Payout]:
    """A page of a batch's payouts in the order of their making."""
    query = select(Payout).where(Payout.batch_id == batch_id, Payout.id > after).order_by(Payout.id).limit(limit)
    return list(session.scalars(query.where(Payout.rail == rail) if rail else query))


def work_of(session: Session, *, payout_ids: Sequence[int]) -> dict[int, list[tuple[Texts, int]]]:
    """What each payout pays for: titles and pieces, where it pays for pieces."""
    items = session.execute(
        select(PayoutItem.payout_id, Earning.source)
        .join(Earning, Earning.id == PayoutItem.earning_id)
        .where(PayoutItem.payout_id.in_(list(payout_ids)))
        .order_by(PayoutItem.id)
    ).all()
    ids = {_number(source, "receipt") for _, source in items} - {0}
    about = {
        receipt_id: (title, accepted)
        for receipt_id, title, accepted in session.execute(
            select(WorkReceipt.id, WorkOrder.title, WorkReceipt.accepted)
            .join(WorkAssignment, WorkAssignment.id == WorkReceipt.assignment_id)
            .join(WorkOrder, WorkOrder.id == WorkAssignment.work_order_id)
            .where(WorkReceipt.id.in_(sorted(ids)))
        )
    }
    found: dict[int, list[tuple[Texts, int]]] = {}
    for payout_id, source in items:
        made = about.get(_number(source, "receipt"))
        if made is not None:
            found.setdefault(payout_id, []).append(made)
    return found


def _number(source: str, kind: str) -> int:
    head, _, tail = source.partition(":")
    first = tail.partition(":")[0]
    return int(first) if head == kind and first.isdecimal() else 0


def carried_out(session: Session, *, payout_ids: Sequence[int]) -> set[int]:
    """Those that the bank reported as carried out. That is not her word: they stay sent."""
    sources = {f"payout:{payout_id}": payout_id for payout_id in payout_ids}
    rows = session.scalars(
        select(Posting.source).where(Posting.kind == "payout_paid", Posting.source.in_(list(sources)))
    )
    return {sources[source] for source in rows}


def unreported(session: Session, *, batch_id: int, rails: Sequence[str] = BY_BANK) -> list[Payout]:
    """Payouts of a batch by bank that left us and that the bank has not reported, whatever she said of them since."""
    reported = select(Posting.source).where(Posting.kind == "payout_paid")
    return list(
        session.scalars(
            select(Payout)
            .where(
                Payout.batch_id == batch_id,
                Payout.rail.in_(rails),
                Payout.state.in_(("sent", "acknowledged", "confirmed")),
                (literal("payout:") + cast(Payout.id, String)).not_in(reported),
            )
            .order_by(Payout.id)
        )
    )


@dataclass(frozen=True, slots=True)
class Handing:
    """What a broker hands out in cash, in minor units: of a batch not yet marked as sent, and of all that waits.

    `float_minor` is the co-op's cash she holds now, `credit_minor` what she laid out of her own.
    """

    broker_id: int
    name: Texts
    people: int
    unsent_minor: int
    waits_minor: int
    float_minor: int
    credit_minor: int

    @property
    def missing_minor(self) -> int:
        """What she must still draw to hand everything over and have her own back; 0 where she holds enough."""
        return max(self.waits_minor + self.credit_minor - self.float_minor, 0)


def handing(session: Session, *, currency: str, batch_id: int | None = None) -> list[Handing]:
    """Brokers with cash to hand over or in hand; of one batch only those who have payouts in it. One statement."""
    in_batch = Payout.batch_id == batch_id if batch_id is not None else Payout.state == "approved"
    waits = (
        select(
            Payout.broker_id.label("broker_id"),
            func.sum(Payout.amount_minor).label("waits"),
            func.sum(case((in_batch & (Payout.state == "approved"), Payout.amount_minor), else_=0)).label("unsent"),
            func.sum(case((in_batch, 1), else_=0)).label("people"),
        )
        .where(Payout.rail == "cash", Payout.state.in_(("approved", "sent")), Payout.currency == currency)
        .group_by(Payout.broker_id)
        .subquery()
    )
    cash = select(Account.owner, Account.balance_minor).where(
        Account.kind == "broker:float", Account.currency == currency
    )
    held = cash.subquery()
    credit = (
        select(Account.owner, Account.balance_minor)
        .where(Account.kind == "broker:credit", Account.currency == currency)
        .subquery()
    )
    rows = session.execute(
        select(
            Broker.id,
            Broker.name,
            waits.c.waits,
            waits.c.unsent,
            waits.c.people,
            held.c.balance_minor,
            credit.c.balance_minor.label("credit"),
        )
        .outerjoin(waits, waits.c.broker_id == Broker.id)
        .outerjoin(held, held.c.owner == cast(Broker.id, String))
        .outerjoin(credit, credit.c.owner == cast(Broker.id, String))
        .where((waits.c.waits > 0) | (held.c.balance_minor > 0) | (credit.c.balance_minor > 0))
        .order_by(Broker.id)
    )
    found = [
        Handing(
            row.id,
            row.name,
            int(row.people or 0),
            int(row.unsent or 0),
            int(row.waits or 0),
            row.balance_minor or 0,
            row.credit or 0,
        )
        for row in rows
    ]
    return found if batch_id is None else [row for row in found if row.people]


@dataclass(frozen=True, slots=True)
class Behind:
    """One earning of a payout, and where it comes from: a slip's receipt, or a parcel of an order."""

    earning_id: int
    source: str
    amount: Money
    earned_at: datetime
    title: Texts
    pieces: int
    assignment_id: int | None
    order_id: int | None
    order_number: str
    product_id: int | None


def behind(session: Session, *, payout_id: int, after: int = 0, limit: int = PAGE + 1) -> list[Behind]:
    """A page of the earnings of a payout with slip, product and order, in their order; three statements."""
    items = session.execute(
        select(Earning, func.sum(PayoutItem.amount_minor))
        .join(PayoutItem, PayoutItem.earning_id == Earning.id)
        .where(PayoutItem.payout_id == payout_id, Earning.id > after)
        .group_by(Earning.id)
        .order_by(Earning.id)
        .limit(limit)
    ).all()
    earnings = [earning for earning, _minor in items]
    receipts = {
        row.id: row
        for row in session.execute(
            select(
                WorkReceipt.id,
                WorkReceipt.accepted,
                WorkReceipt.assignment_id,
                WorkOrder.title,
                Variant.product_id,
                OrderGroup.id.label("order_id"),
                OrderGroup.number,
            )
            .join(WorkAssignment, WorkAssignment.id == WorkReceipt.assignment_id)
            .join(WorkOrder, WorkOrder.id == WorkAssignment.work_order_id)
            .join(Variant, Variant.id == WorkOrder.variant_id)
            .outerjoin(OrderLine, OrderLine.work_order_id == WorkOrder.id)
            .outerjoin(SellerOrder, SellerOrder.id == OrderLine.seller_order_id)
            .outerjoin(OrderGroup, OrderGroup.id == SellerOrder.group_id)
            .where(WorkReceipt.id.in_([_number(row.source, "receipt") for row in earnings]))
        )
    }
    parcels = {
        row.id: row
        for row in session.execute(
            select(Shipment.id, OrderGroup.id.label("order_id"), OrderGroup.number)
            .join(SellerOrder, SellerOrder.id == Shipment.seller_order_id)
            .join(OrderGroup, OrderGroup.id == SellerOrder.group_id)
            .where(Shipment.id.in_([_number(row.source, "release") for row in earnings]))
        )
    }
    found = []
    for row, minor in items:
        receipt, parcel = receipts.get(_number(row.source, "receipt")), parcels.get(_number(row.source, "release"))
        whence = receipt or parcel
        found.append(
            Behind(
                row.id,
                row.source,
                Money(int(minor), row.currency),
                row.available_at,
                receipt.title if receipt else {},
                receipt.accepted if receipt else 0,
                receipt.assignment_id if receipt else None,
                whence.order_id if whence else None,
                (whence.number or "") if whence else "",
                receipt.product_id if receipt else None,
            )
        )
    return found


def confirmations_of(session: Session, *, payout_id: int) -> list[Confirmation]:
    """Every word about a payout, in order."""
    return list(
        session.scalars(select(Confirmation).where(Confirmation.payout_id == payout_id).order_by(Confirmation.id))
    )


def postings_of(session: Session, *, source: str) -> list[Posting]:
    """What the books say of one thing, in order."""
    return list(session.scalars(select(Posting).where(Posting.source == source).order_by(Posting.id).limit(200)))


def payout_names(session: Session, *, sources: Sequence[str]) -> dict[str, tuple[str, Texts]]:
    """Of postings about payouts ("payout:7"): source → (reference, the payee's name)."""
    ids = {_number(source, "payout") for source in sources} - {0}
    if not ids:
        return {}
    rows = session.execute(select(Payout.id, Payout.reference, Payout.payee).where(Payout.id.in_(sorted(ids)))).all()
    names = payee_names(session, payees=[row.payee for row in rows])
    return {f"payout:{row.id}": (row.reference, names[row.payee].name if row.payee in names else {}) for row in rows}


def actor_names(session: Session, keys: Sequence[str]) -> dict[str, str]:
    """Names of the users among these actors ("user:3"), as they are called now."""
    ids = {_number(key, "user") for key in keys} - {0}
    if not ids:
        return {}
    rows = session.execute(select(User.id, User.name).where(User.id.in_(sorted(ids))))
    return {f"user:{user_id}": name for user_id, name in rows}


@dataclass(frozen=True, slots=True)
class Call:
    """A call that the co-op owes: to whom, on which number, about which sum. A shared telephone is said."""

    payout: Payout
    drawn_at: datetime
    answer: str | None
    phone: str
    phone_kind: str
    batch_number: int
    pay_on: date


def calls_owed(session: Session, *, after: int = 0, limit: int = 50) -> list[Call]:
    """Spot calls without a final answer, the oldest first; `after` is the last payout's id of the page before."""
    rows = session.execute(
        select(SpotCall, Payout, PayoutBatch.number, PayoutBatch.pay_on)
        .join(Payout, Payout.id == SpotCall.payout_id)
        .join(PayoutBatch, PayoutBatch.id == Payout.batch_id)
        .where(
            SpotCall.answer.is_(None) | (SpotCall.answer == "not_reached"),
            Payout.state.in_(("acknowledged", "confirmed", "returned")),
            Payout.id > after,
        )
        .order_by(Payout.id)
        .limit(limit)
    ).all()
    makers = {_number(row.Payout.payee, "maker") for row in rows} - {0}
    phones = {
        maker_id: (phone or "", kind)
        for maker_id, phone, kind in session.execute(
            select(Maker.id, Maker.phone, Maker.phone_kind).where(Maker.id.in_(sorted(makers)))
        )
    }
    return [
        Call(
            row.Payout,
            row.SpotCall.drawn_at,
            row.SpotCall.answer,
            *phones.get(_number(row.Payout.payee, "maker"), ("", "none")),
            row.number,
            row.pay_on,
        )
        for row in rows
    ]
