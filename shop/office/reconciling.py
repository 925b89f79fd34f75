"""Stripe's movements beside our postings: what agrees, and a name for everything that does not (money.md 6)."""

from collections.abc import Sequence
from dataclasses import dataclass

from shop.office.queries.books import StripePosting
from shop.payments.answers import Movement


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing on which Stripe and the books differ, in minor units; None where one side does not know it.

    `what` is payment, fee, refund, other; `name` is Stripe's id or our posting's key, `source` what our posting is about.
    """

    what: str
    name: str
    source: str
    outside_minor: int | None
    books_minor: int | None

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
            Difference(what, posting.key if posting else name, posting.source if posting else "", minor, None)
            if posting is None
            else Difference(what, posting.key, posting.source, minor, posting.minor)
            for what, name, minor, posting in expected
            if posting is None or posting.minor != minor
        ]
        differences += wrong
        agreeing += not wrong
    for posting in postings:
        if posting.key not in seen:
            differences.append(Difference(_what(posting.kind), posting.key, posting.source, None, posting.minor))
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
        return [
            (
                "refund",
                name,
                movement.amount_minor - movement.fee_minor,
                books.get(f"{_sent_as(movement, by_end)}:failed"),
            )
        ]
    return [("other", name, movement.amount_minor - movement.fee_minor, None)]


def _sent_as(movement: Movement, by_end: dict[str, StripePosting]) -> str:
    sent = by_end.get(movement.source or "")
    return sent.key if sent else ""


def _what(kind: str) -> str:
    return {"pay": "payment", "pay_fee": "fee", "refund_sent": "refund", "refund_failed": "refund"}.get(kind, "other")
