"""Pay and cash: payouts that go through a broker, what is confirmed, and her own account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, String, cast, exists, func, literal, or_, select
from sqlalchemy.orm import Session

from shop import clock
from shop.coop.models import Task
from shop.db import Texts
from shop.ledger.models import Account, Earning
from shop.makers.models import Maker
from shop.makers.pins import TRIES
from shop.money import Money
from shop.payouts.models import Confirmation, Payout, PayoutBatch, PayoutItem
from shop.payouts.queries.claims import has_open, still_open

_PAYEE = literal("maker:") + cast(Maker.id, String)
_NUMBER = cast(Payout.id, String)
_MISSING = exists().where(
    Task.done_at.is_(None),
    or_(
        Task.key.like(literal("not_received:") + _NUMBER + literal(":%")),
        Task.key == literal("case:") + _NUMBER,
    ),
)


@dataclass(frozen=True, slots=True)
class PayoutLine:
    """A payout to a maker as the desk's lists show it. `missing`: she said that it did not come, and the co-op asks.

    `total` and `total_minor` are of all that the list was cut from.
    """

    payout: Payout
    number: str
    name: Texts
    mark: str
    lang: str
    batch: int
    missing: bool
    total: int
    total_minor: int

    @property
    def amount(self) -> Money:
        return Money(self.payout.amount_minor, self.payout.currency)

    @property
    def all_of_them(self) -> Money:
        return Money(self.total_minor, self.payout.currency)

    @property
    def days(self) -> int:
        """Whole days since it was sent."""
        return max((clock.now() - (self.payout.sent_at or clock.now())).days, 0)


def payouts(
    session: Session,
    *,
    broker_id: int | None = None,
    maker_id: int | None = None,
    states: Sequence[str] = ("sent",),
    newest_first: bool = False,
    limit: int = 6,
    before: int | None = None,
    after: int | None = None,
) -> list[PayoutLine]:
    """Payouts to makers through this broker, or to one maker; the oldest first unless asked otherwise.

    `before` and `after` are the id of the last line of the page before.
    """
    which: list[ColumnElement[bool]] = [Payout.state.in_(states)]
    if broker_id is not None:
        which.append(Payout.broker_id == broker_id)
    if maker_id is not None:
        which.append(Payout.payee == f"maker:{maker_id}")
    if before is not None:
        which.append(Payout.id < before)
    if after is not None:
        which.append(Payout.id > after)
    rows = session.execute(
        select(
            Payout,
            Maker.number,
            Maker.name,
            Maker.mark,
            Maker.lang,
            PayoutBatch.number,
            _MISSING,
            func.count().over(),
            func.sum(Payout.amount_minor).over(),
        )
        .join(Maker, Payout.payee == _PAYEE)
        .join(PayoutBatch, PayoutBatch.id == Payout.batch_id)
        .where(*which)
        .order_by(Payout.id.desc() if newest_first else Payout.id)
        .limit(limit)
    )
    return [PayoutLine(*row[:6], bool(row[6]), row[7], int(row[8])) for row in rows]


@dataclass(frozen=True, slots=True)
class Keys:
    """What could witness her word on the broker's phone: her PIN (none, set, locked)."""

    pin: str


def payout(session: Session, *, payout_id: int) -> tuple[PayoutLine, Keys]:
    """One payout to a maker, and the state of her PIN."""
    row = session.execute(
        select(
            Payout,
            Maker.number,
            Maker.name,
            Maker.mark,
            Maker.lang,
            PayoutBatch.number,
            _MISSING,
            literal(1),
            Payout.amount_minor,
            Maker.pin_hash.is_not(None).label("has_pin"),
            Maker.pin_tries,
        )
        .join(Maker, Payout.payee == _PAYEE)
        .join(PayoutBatch, PayoutBatch.id == Payout.batch_id)
        .where(Payout.id == payout_id)
    ).one()
    pin = "none" if not row.has_pin else "locked" if row.pin_tries >= TRIES else "set"
    return PayoutLine(*row[:6], bool(row[6]), *row[7:9]), Keys(pin)


@dataclass(frozen=True, slots=True)
class Purse:
    """A broker's own sums now: the co-op's cash she holds, her parts not yet and already hers, and this week's."""

    currency: str
    float_minor: int
    held_minor: int
    available_minor: int
    in_transit_minor: int
    week_minor: int

    @property
    def cash(self) -> Money:
        return Money(self.float_minor, self.currency)

    @property
    def held(self) -> Money:
        return Money(self.held_minor, self.currency)

    @property
    def available(self) -> Money:
        return Money(self.available_minor, self.currency)

    @property
    def on_the_way(self) -> Money:
        return Money(self.in_transit_minor, self.currency)

    @property
    def week(self) -> Money:
        return Money(self.week_minor, self.currency)


def purse(session: Session, *, broker_id: int, currency: str, week_began: datetime) -> Purse:
    """A broker's own account in one statement."""
    week = (
        select(func.coalesce(func.sum(Earning.amount_minor), 0))
        .where(Earning.owner == f"broker:{broker_id}", Earning.currency == currency, Earning.available_at >= week_began)
        .scalar_subquery()
    )
    kinds = ("broker:float", "broker:held", "broker:available", "broker:in_transit")
    rows = session.execute(
        select(Account.kind, Account.balance_minor, week.label("week")).where(
            Account.kind.in_(kinds), Account.owner == str(broker_id), Account.currency == currency
        )
    ).all()
    sums = {row.kind: int(row.balance_minor) for row in rows}
    cash, held, available, in_transit = (sums.get(kind, 0) for kind in kinds)
    return Purse(currency, cash, held, available, in_transit, int(rows[0].week) if rows else 0)


@dataclass(frozen=True, slots=True)
class OwnPay:
    """A payout of a broker's own fee that left and that she has not confirmed; `missing`: she said that it did not come."""

    payout: Payout
    missing: bool

    @property
    def amount(self) -> Money:
        return Money(self.payout.amount_minor, self.payout.currency)


def own_pay(session: Session, *, broker_id: int, limit: int = 12) -> list[OwnPay]:
    """What was sent to a broker herself and waits for her word, the oldest first."""
    rows = session.execute(
        select(Payout, _MISSING)
        .where(Payout.payee == f"broker:{broker_id}", Payout.state.in_(("sent", "acknowledged")))
        .order_by(Payout.id)
        .limit(limit)
    )
    return [OwnPay(payout, bool(missing)) for payout, missing in rows]


def cash_to_hand(session: Session, *, broker_id: int) -> tuple[int, int]:
    """Cash that stands in her float for makers who have not said a word yet: how many, and the sum in minor units."""
    count, minor = session.execute(
        select(func.count(Payout.id), func.coalesce(func.sum(Payout.amount_minor), 0)).where(
            Payout.broker_id == broker_id,
            Payout.rail == "cash",
            Payout.state.in_(("approved", "sent")),
            Payout.payee.startswith("maker:"),
        )
    ).one()
    return int(count), int(minor)


@dataclass(frozen=True, slots=True)
class Owed:
    """What stands for a maker, in minor units: owed (no payout on its way), sent (waits for her word), confirmed."""

    open_minor: int
    sent_minor: int
    acknowledged_minor: int
    confirmed_minor: int


def owed(session: Session, *, maker_id: int, currency: str) -> Owed:
    """A maker's earnings by what became of them, all of them since she joined, in one statement."""
    mine = (Earning.owner == f"maker:{maker_id}", Earning.currency == currency)
    claimed = (
        select(cast(Payout.state, String), func.sum(PayoutItem.amount_minor))
        .join(PayoutItem, PayoutItem.payout_id == Payout.id)
        .join(Earning, Earning.id == PayoutItem.earning_id)
        .where(*mine, PayoutItem.live, PayoutItem.deduction_id.is_(None))
        .group_by(Payout.state)
    )
    waits = select(literal("open"), func.sum(still_open())).where(*mine, has_open())
    sums: dict[str, int] = {state: int(minor or 0) for state, minor in session.execute(claimed.union_all(waits))}
    waiting = sum(sums.get(state, 0) for state in ("open", "drafted", "approved"))
    return Owed(waiting, sums.get("sent", 0), sums.get("acknowledged", 0), sums.get("confirmed", 0))


def words_about(session: Session, *, payout_ids: Sequence[int]) -> dict[int, list[Confirmation]]:
    """Every word about these payouts, in order."""
    found: dict[int, list[Confirmation]] = {}
    for row in session.scalars(
        select(Confirmation).where(Confirmation.payout_id.in_(list(payout_ids))).order_by(Confirmation.id)
    ):
        found.setdefault(row.payout_id, []).append(row)
    return found


def missing_key(payout_id: int, day: date) -> str:
    """The key of the task that says: she did not receive this payout. One a day, so that a later word is not lost."""
    return f"not_received:{payout_id}:{day.isoformat()}"
