"""Which way a payee is paid now: a changed account waits, and large sums wait for a second person (money.md 4)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.payouts.facts import pay_facts
from shop.payouts.models import PayerChange, Payout, PayoutMethod

SHOWN = 8
MOST_MINOR = 10**15
"""More than any payout, in minor units."""
_PLACE = ("rail", "holder", "bank", "bank_code", "account")


def waits_for_second(method: PayoutMethod, limit_minor: int | None, amount_minor: int) -> bool:
    """Whether a payout of this size may not go by it before a second person said yes."""
    over = limit_minor is not None and amount_minor > limit_minor
    return method.watched and method.approved_by is None and (over or method.heir != "")


def in_force(
    ways: Sequence[PayoutMethod], *, now: datetime, limit_minor: int | None = None, amount_minor: int = 0
) -> PayoutMethod | None:
    """The way that a payout of this size goes by now, of her ways with the newest first; None where it must wait."""
    for method in ways:
        waited = method.good_from is not None and method.good_from <= now
        if waited and not waits_for_second(method, limit_minor, amount_minor):
            return method
    return None


def why_none(ways: Sequence[PayoutMethod], *, now: datetime) -> str:
    """Why no way is in force: no_method, new_account (it waits), or unapproved (it waits for a second person)."""
    if not ways:
        return "no_method"
    waited = any(method.good_from is not None and method.good_from <= now for method in ways)
    return "unapproved" if waited else "new_account"


def ways_of(session: Session, *, payees: Sequence[str] | None) -> dict[str, list[PayoutMethod]]:
    """Each payee's ways that were not taken back, the newest first; of everybody where `payees` is None."""
    query = select(PayoutMethod).where(PayoutMethod.good_from.is_not(None)).order_by(PayoutMethod.id.desc())
    if payees is not None:
        query = query.where(PayoutMethod.payee.in_(list(payees)))
    found: dict[str, list[PayoutMethod]] = defaultdict(list)
    for method in session.scalars(query):
        found[method.payee].append(method)
    return found


def changed_since(session: Session, *, batch_id: int) -> int:
    """How many payees of a drafted batch would be paid another way now than by their payout in it.

    The way for any sum counts as well as the way for this one: it was chosen by all that waited for her, of which the
    payout may be less.
    """
    payouts = session.scalars(select(Payout).where(Payout.batch_id == batch_id, Payout.state == "drafted")).all()
    ways, now = ways_of(session, payees=[row.payee for row in payouts]), clock.now()
    limit = pay_facts(session).account_limit_minor
    changed = 0
    for row in payouts:
        found = (
            in_force(ways[row.payee], now=now, limit_minor=limit, amount_minor=minor)
            for minor in (row.amount_minor, MOST_MINOR)
        )
        changed += not any(way and all(getattr(way, name) == getattr(row, name) for name in _PLACE) for way in found)
    return changed


def method_of(session: Session, *, payee: str) -> PayoutMethod | None:
    """How a payee is paid now."""
    return in_force(ways_of(session, payees=[payee])[payee], now=clock.now())


@dataclass(frozen=True, slots=True)
class Ways:
    """A payee's way now, the one written down that is not in force yet, and all of them with the newest first.

    `waits`: the new one is not old enough; `second`: above `limit_minor` it waits for a second person.
    """

    now: PayoutMethod | None
    new: PayoutMethod | None
    waits: bool
    second: bool
    limit_minor: int | None
    all: tuple[PayoutMethod, ...]


def ways(session: Session, *, payee: str) -> Ways:
    """What the payee's page says of how she is paid."""
    rows = session.scalars(
        select(PayoutMethod).where(PayoutMethod.payee == payee).order_by(PayoutMethod.id.desc()).limit(SHOWN)
    ).all()
    limit, moment = pay_facts(session).account_limit_minor, clock.now()
    now = in_force(rows, now=moment)
    new = next((row for row in rows if row.live and row.watched), None)
    waits = new is not None and new.good_from is not None and new.good_from > moment
    second = new is not None and new.approved_by is None and (limit is not None or new.heir != "")
    return Ways(now, new if waits or second else None, waits, second, limit, tuple(rows))


def open_payer_change(session: Session) -> PayerChange | None:
    """Another account of the co-op's own that is not in force yet."""
    return session.scalar(select(PayerChange).where(PayerChange.is_open))
