"""Stripe's movements beside our postings: what agrees, and a name for everything that does not (money.md 6)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import WORKER
from shop.coop.facts import coop_facts
from shop.coop.queries import open_tasks
from shop.coop.services import close_task, open_task
from shop.db import again, reading, writing
from shop.ledger.models import Account, Posting, Transfer
from shop.payments.answers import Movement
from shop.payments.gateway import Gateway, OutcomeUnknown, Refused
from shop.payments.models import Checkout

WINDOW = timedelta(days=31)
"""Stripe is asked for so many days at a time, since one answer holds at most a thousand movements."""

MOST_WINDOWS = 60
GRACE = timedelta(hours=1)
TASK = "stripe_difference"
MOST_TASKS = 200

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class StripePosting:
    """What the books say moved at Stripe for one posting: `minor` is what its balance gained."""

    key: str
    kind: str
    source: str
    minor: int
    at: datetime | None = None


def stripe_postings(session: Session, *, currency: str) -> list[StripePosting]:
    """Every posting that touched psp:stripe, oldest first, with its sum there."""
    account_id = session.scalar(
        select(Account.id).where(Account.kind == "psp:stripe", Account.owner == "", Account.currency == currency)
    )
    if account_id is None:
        return []
    gained = func.sum(case((Transfer.debit_id == account_id, Transfer.amount_minor), else_=-Transfer.amount_minor))
    rows = session.execute(
        select(Posting.key, Posting.kind, Posting.source, gained, Posting.occurred_at)
        .join(Transfer, Transfer.posting_id == Posting.id)
        .where((Transfer.debit_id == account_id) | (Transfer.credit_id == account_id))
        .group_by(Posting.id, Posting.key, Posting.kind, Posting.source, Posting.occurred_at)
        .order_by(Posting.id)
    )
    return [StripePosting(row[0], row[1], row[2], int(row[3]), row[4]) for row in rows]


def first_stripe_day(session: Session, *, currency: str) -> datetime | None:
    """When the shop first asked Stripe for money, or the books first had some there; None while neither was."""
    asked = session.scalar(select(func.min(Checkout.created_at)))
    booked = session.scalar(
        select(func.min(Posting.occurred_at))
        .join(Transfer, Transfer.posting_id == Posting.id)
        .join(Account, Account.id == Transfer.debit_id)
        .where(Account.kind == "psp:stripe", Account.currency == currency)
    )
    return min((each for each in (asked, booked) if each is not None), default=None)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing on which Stripe and the books differ, in minor units; None where one side does not know it.

    `what` is payment, fee, refund, dispute, other; `name` is Stripe's id or our posting's key, `source` what our posting is about.
    `at` is when it happened at the side that knows it.
    """

    what: str
    name: str
    source: str
    outside_minor: int | None
    books_minor: int | None
    at: datetime | None = None
    payment_intent: str | None = None

    @property
    def minor(self) -> int:
        """What Stripe has more than the books."""
        return (self.outside_minor or 0) - (self.books_minor or 0)


@dataclass(frozen=True, slots=True)
class Compared:
    """The comparison: both sums, how many movements agree, and every difference."""

    outside_minor: int
    books_minor: int
    agreeing: int
    differences: tuple[Difference, ...]


def compare(movements: Sequence[Movement], postings: Sequence[StripePosting], *, currency: str) -> Compared:
    """Each movement against the postings that should say it. Movements in another currency are not looked at."""
    books = {posting.key: posting for posting in postings}
    by_end = {posting.key.rpartition(":")[2]: posting for posting in postings if posting.key.startswith("refund:")}
    seen: set[str] = set()
    differences: list[Difference] = []
    agreeing = outside = 0
    for movement in (each for each in movements if each.currency == currency):
        outside += movement.amount_minor - movement.fee_minor
        expected = _expected(movement, books, by_end)
        seen |= {posting.key for _, _, _, posting in expected if posting}
        wrong = [
            Difference(what, name, "", minor, None, movement.created_at, movement.payment_intent)
            if posting is None
            else Difference(what, posting.key, posting.source, minor, posting.minor, movement.created_at)
            for what, name, minor, posting in expected
            if posting is None or posting.minor != minor
        ]
        differences += wrong
        agreeing += not wrong
    for posting in postings:
        if posting.key not in seen:
            differences.append(
                Difference(_what(posting.kind), posting.key, posting.source, None, posting.minor, posting.at)
            )
    return Compared(outside, sum(posting.minor for posting in postings), agreeing, tuple(differences))


def _expected(
    movement: Movement, books: dict[str, StripePosting], by_end: dict[str, StripePosting]
) -> list[tuple[str, str, int, StripePosting | None]]:
    """(what, Stripe's name, sum at Stripe, our posting of it) for a movement's amount, and for its fee if it has one."""
    name = movement.source or movement.balance_transaction
    if movement.kind in {"charge", "payment"}:
        stem = f"pay:{movement.payment_intent}"
        rows = [("payment", name, movement.amount_minor, books.get(stem))]
        if movement.fee_minor:
            rows.append(("fee", name, -movement.fee_minor, books.get(f"{stem}:fee")))
        return rows
    if movement.kind in {"refund", "payment_refund"}:
        return [("refund", name, movement.amount_minor - movement.fee_minor, by_end.get(movement.source or ""))]
    if movement.kind == "refund_failure":
        sent = by_end.get(movement.source or "")
        back = books.get(f"{sent.key}:failed") if sent else None
        return [("refund", name, movement.amount_minor - movement.fee_minor, back)]
    if movement.kind == "adjustment" and name.startswith(("du_", "dp_")):
        return _of_dispute(movement, name, books)
    return [("other", name, movement.amount_minor - movement.fee_minor, None)]


def _of_dispute(
    movement: Movement, name: str, books: dict[str, StripePosting]
) -> list[tuple[str, str, int, StripePosting | None]]:
    """A sum that a bank took back with its fee, or gave back after all."""
    stem, taken = f"dispute:{name}", movement.amount_minor < 0
    rows = [("dispute", name, movement.amount_minor, books.get(f"{stem}:{'opened' if taken else 'won'}"))]
    if movement.fee_minor:
        rows.append(("fee", name, -movement.fee_minor, books.get(f"{stem}:{'fee' if taken else 'fee_back'}")))
    return rows


def _what(kind: str) -> str:
    if kind.startswith("dispute_"):
        return "fee" if "fee" in kind else "dispute"
    return {"pay": "payment", "pay_fee": "fee", "refund_sent": "refund", "refund_failed": "refund"}.get(kind, "other")


def movements_since(gateway: Gateway, since: datetime | None) -> list[Movement]:
    """Everything Stripe has from a day before `since` on, window by window. Raises OutcomeUnknown, Refused."""
    now = clock.now()
    begin = (since or now) - timedelta(days=1)
    moved: list[Movement] = []
    for _window in range(MOST_WINDOWS):
        end = min(begin + WINDOW, now)
        moved += gateway.movements(since=begin, until=end)
        if end >= now:
            return moved
        begin = end + timedelta(seconds=1)
    raise OutcomeUnknown(reason="too_long_ago")


def reconciled(gateway: Gateway, *, currency: str) -> Compared:
    """The whole comparison in the shop's currency, asked between two looks at the books. Raises OutcomeUnknown, Refused."""
    with reading() as session:
        since = first_stripe_day(session, currency=currency)
    moved = movements_since(gateway, since)
    with reading() as session:
        # read last: what Stripe has told us by now is in the books, what came since is younger than any movement
        postings = stripe_postings(session, currency=currency)
    return compare(moved, postings, currency=currency)


def note_differences(session: Session, found: Compared) -> list[str]:
    """Put what has differed for an hour on the co-op's list and take off what agrees by now; gives the open keys.

    For an hour a payment may stand on one side only: its event or its fee is on the way.
    """
    before = clock.now() - GRACE
    wanted = {f"stripe:{each.what}:{each.name}"[:120]: each for each in found.differences}
    for key, each in list(wanted.items())[:MOST_TASKS]:
        if each.at is None or each.at <= before:
            facts = {"what": each.what, "name": each.name, "source": each.source, "minor": each.minor}
            open_task(session, key=key, kind=TASK, facts=facts)
    for task in open_tasks(session, kinds={TASK}, limit=MOST_TASKS):
        if task.key not in wanted:
            close_task(session, key=task.key, by=WORKER)
    return sorted(wanted)


def reconcile(gateway: Gateway, *, catch_up: Callable[[Compared], int] | None = None) -> list[str]:
    """One run of the worker's daily job; gives the keys of what differs. Where Stripe does not answer: tomorrow again.

    `catch_up` asks for what only Stripe knows, whose news was lost; then both are compared once more.
    """
    with reading() as session:
        currency = coop_facts(session).currency
    try:
        found = reconciled(gateway, currency=currency)
        if catch_up is not None and catch_up(found):
            found = reconciled(gateway, currency=currency)
    except (Refused, OutcomeUnknown) as error:
        log.warning("not reconciled", error=str(error))
        return []

    def work() -> list[str]:
        with writing() as session:
            return note_differences(session, found)

    return again(work)
