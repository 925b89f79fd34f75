"""Reading payouts: statements of a payee, what waits, and what is sent but not confirmed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop import clock
from shop.brokers.models import Broker
from shop.catalog.models import Piece
from shop.db import Texts
from shop.ledger.models import Earning
from shop.makers.models import Maker
from shop.money import Money
from shop.payouts.models import Advance, Confirmation, Deduction, Payout, PayoutBatch, PayoutItem
from shop.payouts.queries.claims import has_open, kept_of
from shop.payouts.words import ahead_of
from shop.work.models import WorkAssignment, WorkOrder, WorkReceipt
from shop.workshops.models import Workshop


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One earning of a payee. `state` is open (waits for a pay day), drafted, approved, sent, acknowledged, confirmed.

    `kept_minor` of it was kept back for an advance, "kept" says that all of it was.
    Cash ends at whole notes, so an earning may stand in two lines: `part` is "first" for what a payout took of it and
    "rest" for what is or was left, which names no pieces again; "" for a whole earning.
    """

    earning_id: int
    source: str
    title: Texts
    pieces: int
    each: Money | None
    amount: Money
    earned_on: date
    state: str
    reference: str
    payout_id: int | None
    sent_on: date | None
    confirmed_on: date | None
    strength: str
    numbers: tuple[str, ...]
    part: str = ""
    kept_minor: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept back of these lines for one advance, and for which slip it had been given."""

    advance_id: int
    title: Texts
    amount: Money
    agreed_on: date


@dataclass(frozen=True, slots=True)
class Statement:
    """What a payee earned in a span of days, and what became of it. Sums are in the co-op's currency.

    `sent` are the payouts of these lines that left us, each once.
    """

    payee: str
    since: date
    until: date
    currency: str
    lines: tuple[StatementLine, ...]
    sent: tuple[Payout, ...] = ()
    kept: tuple[Kept, ...] = ()

    def sum_of(self, *states: str) -> Money:
        """What she gets of the lines in these states; of all of them without any."""
        chosen = [line.amount.minor - line.kept_minor for line in self.lines if not states or line.state in states]
        return Money(sum(chosen), self.currency)

    @property
    def gross(self) -> Money:
        """The sum of the lines before anything is kept back."""
        return Money(sum(line.amount.minor for line in self.lines), self.currency)

    @property
    def total(self) -> Money:
        return self.sum_of()

    @property
    def confirmed(self) -> Money:
        return self.sum_of("confirmed")

    @property
    def on_the_way(self) -> Money:
        return self.sum_of("sent", "acknowledged")

    @property
    def waiting(self) -> Money:
        return self.sum_of("open", "drafted", "approved")


def statement(session: Session, *, payee: str, since: date, until: date, currency: str) -> Statement:
    """All earnings of `payee` ("maker:7", "broker:2") that became available from `since` to `until`, both included."""
    begin = datetime.combine(since, datetime.min.time(), tzinfo=clock.now().tzinfo) - timedelta(hours=8)
    end = datetime.combine(until, datetime.min.time(), tzinfo=clock.now().tzinfo) + timedelta(hours=16)
    rows = session.execute(
        select(Earning, Payout, PayoutItem.amount_minor, kept_of().label("kept"))
        .outerjoin(
            PayoutItem,
            (PayoutItem.earning_id == Earning.id) & PayoutItem.live & PayoutItem.deduction_id.is_(None),
        )
        .outerjoin(Payout, Payout.id == PayoutItem.payout_id)
        .where(
            Earning.owner == payee,
            Earning.currency == currency,
            Earning.available_at >= begin,
            Earning.available_at < end,
        )
        .order_by(Earning.id, PayoutItem.id)
        .limit(1000)
    ).all()
    words = _words_of(session, [row[0] for row in rows])
    said = strongest(session, payout_ids=[row[1].id for row in rows if row[1]])
    lines: list[StatementLine] = []
    for _id, claims in groupby(rows, key=lambda row: row[0].id):
        lines += _lines([(row[0], row[1], row[2], int(row.kept)) for row in claims], words, said)
    gone = {row[1].id: row[1] for row in rows if row[1] and row[1].state in {"sent", "acknowledged", "confirmed"}}
    kept = _kept(session, [line.earning_id for line in lines if line.kept_minor])
    return Statement(payee, since, until, currency, tuple(lines), tuple(gone.values()), kept)


def _lines(
    claims: list[tuple[Earning, Payout | None, int | None, int]],
    words: dict[str, "_Words"],
    said: dict[int, Confirmation],
) -> list[StatementLine]:
    """The lines of one earning: one, or one for each payout that took of it and one for what is left."""
    earning, kept = claims[0][0], claims[0][3]
    line = replace(_line(earning, claims[0][1], words, said), kept_minor=kept)
    taken = [minor for _earning, _payout, minor, _kept in claims if minor]
    if kept == earning.amount_minor:
        return [replace(line, state="kept")]
    if not taken or taken == [earning.amount_minor - kept]:
        return [line]
    lines = [
        replace(_line(earning, payout, words, said), amount=Money(minor or 0, earning.currency), each=None, part="rest")
        for _earning, payout, minor, _kept in claims
    ]
    if sum(taken) + kept < earning.amount_minor:
        rest = Money(earning.amount_minor - sum(taken) - kept, earning.currency)
        lines.append(replace(_line(earning, None, words, said), amount=rest, each=None, part="rest"))
    first = replace(lines[0], part="first", amount=lines[0].amount + Money(kept, earning.currency), kept_minor=kept)
    return [first, *(replace(rest, pieces=0, numbers=()) for rest in lines[1:])]


def _kept(session: Session, earning_ids: list[int]) -> tuple[Kept, ...]:
    if not earning_ids:
        return ()
    rows = session.execute(
        select(
            Advance.id,
            Advance.agreed_at,
            Advance.currency,
            WorkOrder.title,
            func.sum(PayoutItem.amount_minor).label("minor"),
        )
        .join(Deduction, Deduction.advance_id == Advance.id)
        .join(PayoutItem, PayoutItem.deduction_id == Deduction.id)
        .join(WorkAssignment, WorkAssignment.id == Advance.assignment_id)
        .join(WorkOrder, WorkOrder.id == WorkAssignment.work_order_id)
        .where(PayoutItem.earning_id.in_(earning_ids), PayoutItem.live)
        .group_by(Advance.id, Advance.agreed_at, Advance.currency, WorkOrder.id)
        .order_by(Advance.id)
    )
    return tuple(
        Kept(row.id, row.title, Money(int(row.minor), row.currency), clock.day_of(row.agreed_at)) for row in rows
    )


def _line(
    earning: Earning, payout: Payout | None, words: dict[str, "_Words"], said: dict[int, Confirmation]
) -> StatementLine:
    about = words.get(earning.source) or _Words({}, 0, None, ())
    confirmation = said.get(payout.id) if payout else None
    return StatementLine(
        earning.id,
        earning.source,
        about.title,
        about.pieces,
        about.each,
        Money(earning.amount_minor, earning.currency),
        clock.day_of(earning.available_at),
        payout.state if payout else "open",
        payout.reference if payout else "",
        payout.id if payout else None,
        clock.day_of(payout.sent_at) if payout and payout.sent_at else None,
        clock.day_of(confirmation.at) if confirmation and confirmation.strength == "self" else None,
        confirmation.strength if confirmation else "",
        about.numbers,
    )


@dataclass(frozen=True, slots=True)
class _Words:
    title: Texts
    pieces: int
    each: Money | None
    numbers: tuple[str, ...]


def _words_of(session: Session, earnings: Sequence[Earning]) -> dict[str, _Words]:
    """What each receipt behind an earning was for; releases of a parcel have no words of their own."""
    ids = [int(row.source.partition(":")[2]) for row in earnings if row.source.startswith("receipt:")]
    if not ids:
        return {}
    numbers: dict[str, list[str]] = {}
    for key, number in session.execute(
        select(Piece.receipt_key, Piece.number)
        .where(Piece.receipt_key.in_([f"receipt:{receipt_id}" for receipt_id in ids]))
        .order_by(Piece.id)
    ):
        numbers.setdefault(key, []).append(number)
    found = {}
    for receipt, order in session.execute(
        select(WorkReceipt, WorkOrder)
        .join(WorkAssignment, WorkAssignment.id == WorkReceipt.assignment_id)
        .join(WorkOrder, WorkOrder.id == WorkAssignment.work_order_id)
        .where(WorkReceipt.id.in_(ids))
    ):
        name = f"receipt:{receipt.id}"
        even = receipt.accepted and receipt.pay_minor % receipt.accepted == 0
        each = Money(receipt.pay_minor // receipt.accepted, receipt.currency) if even else None
        found[name] = _Words(order.title, receipt.accepted, each, tuple(numbers.get(name, ())))
    ahead = [int(row.source.partition(":")[2]) for row in earnings if row.source.startswith("advance:")]
    titles = (
        select(Advance.id, WorkOrder.title)
        .join(WorkAssignment, WorkAssignment.id == Advance.assignment_id)
        .join(WorkOrder, WorkOrder.id == WorkAssignment.work_order_id)
        .where(Advance.id.in_(ahead))
    )
    for advance_id, title in session.execute(titles) if ahead else ():
        found[f"advance:{advance_id}"] = _Words(ahead_of(title), 0, None, ())
    return found


def strongest(session: Session, *, payout_ids: Sequence[int]) -> dict[int, Confirmation]:
    """The strongest word about each payout: self before witnessed, the earlier of two alike."""
    found: dict[int, Confirmation] = {}
    if not payout_ids:
        return found
    for row in session.scalars(
        select(Confirmation).where(Confirmation.payout_id.in_(list(payout_ids))).order_by(Confirmation.id)
    ):
        known = found.get(row.payout_id)
        if known is None or (known.strength == "witnessed" and row.strength == "self"):
            found[row.payout_id] = row
    return found


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A payout that left us and that she has not confirmed, with its age in days."""

    payout: Payout
    days: int
    band: str


def unconfirmed(session: Session, *, broker_id: int | None = None, limit: int = 500) -> list[Unconfirmed]:
    """Sent and unanswered, oldest first; acknowledged ones age no more (money.md 4). Bands are 0-3, 3-7 and 7+ days."""
    query = select(Payout).where(Payout.state == "sent").order_by(Payout.sent_at).limit(limit)
    if broker_id is not None:
        query = query.where(Payout.broker_id == broker_id)
    found = []
    for payout in session.scalars(query):
        days = max((clock.now() - (payout.sent_at or clock.now())).days, 0)
        found.append(Unconfirmed(payout, days, "0-3" if days < 3 else "3-7" if days < 7 else "7+"))
    return found


@dataclass(frozen=True, slots=True)
class PayeeName:
    """How a payee is called in the office and on the desk."""

    payee: str
    name: Texts
    number: str
    mark: str


def payee_names(session: Session, *, payees: Sequence[str]) -> dict[str, PayeeName]:
    """Names of makers, brokers and workshops by their owner key, in at most three statements."""
    ids: dict[str, list[int]] = {"maker": [], "broker": [], "workshop": []}
    for payee in set(payees):
        owner, _, number = payee.partition(":")
        # a longer number is nobody's, and more than either database can look for
        if owner in ids and number.isdecimal() and len(number) < 19:
            ids[owner].append(int(number))
    found: dict[str, PayeeName] = {}
    makers = select(Maker.id, Maker.name, Maker.number, Maker.mark).where(Maker.id.in_(ids["maker"]))
    for maker in session.execute(makers) if ids["maker"] else ():
        found[f"maker:{maker.id}"] = PayeeName(f"maker:{maker.id}", maker.name, maker.number, maker.mark)
    brokers = select(Broker.id, Broker.name).where(Broker.id.in_(ids["broker"]))
    for broker in session.execute(brokers) if ids["broker"] else ():
        found[f"broker:{broker.id}"] = PayeeName(f"broker:{broker.id}", broker.name, "", "")
    workshops = select(Workshop.id, Workshop.name).where(Workshop.id.in_(ids["workshop"]))
    for workshop in session.execute(workshops) if ids["workshop"] else ():
        found[f"workshop:{workshop.id}"] = PayeeName(f"workshop:{workshop.id}", workshop.name, "", "")
    return found


def batches(session: Session, *, before: int | None = None, limit: int = 20) -> list[PayoutBatch]:
    """The newest batches, older than number `before`; their numbers are 32 bits wide."""
    before = None if before is None else min(before, 2**31 - 1)
    query = select(PayoutBatch).order_by(PayoutBatch.number.desc()).limit(limit)
    return list(session.scalars(query if before is None else query.where(PayoutBatch.number < before)))


def oldest_waiting(session: Session) -> Earning | None:
    """The oldest earning that no payout has claimed: how long pay has been waiting."""
    return session.scalar(select(Earning).where(has_open()).order_by(Earning.id).limit(1))
