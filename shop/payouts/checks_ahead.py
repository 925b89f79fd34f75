"""What `flask audit` checks of advances and of what payouts keep back."""

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from shop.ledger.audit import Breach, Sums, booked, check, disagreeing, named_rows
from shop.ledger.chart import account
from shop.payouts.models import Advance, Deduction, Payout, PayoutItem

OUT = ("given", "settled", "written_off")
"""States of an advance that was given."""

NOT_BOOKED = ("drafted", "cancelled")
"""States of a payout whose deductions are in no posting, or were undone."""


def _out(session: Session) -> list[Breach]:
    """What a maker was given before the work is her advances less what was kept back and written off."""
    rows: Sums = {}

    def add(maker_id: int, currency: str, minor: int) -> None:
        key = (str(account("maker:advance", maker_id)), currency)
        rows[key] = rows.get(key, 0) + minor

    given = func.sum(Advance.amount_minor - Advance.written_off_minor)
    for row in session.execute(
        select(Advance.maker_id, Advance.currency, given.label("minor"))
        .where(Advance.state.in_(OUT))
        .group_by(Advance.maker_id, Advance.currency)
    ):
        add(row.maker_id, row.currency, int(row.minor))
    for row in session.execute(
        select(Advance.maker_id, Deduction.currency, func.sum(Deduction.amount_minor).label("minor"))
        .join(Advance, Advance.id == Deduction.advance_id)
        .join(Payout, Payout.id == Deduction.payout_id)
        .where(Deduction.live, Payout.state.not_in(NOT_BOOKED))
        .group_by(Advance.maker_id, Deduction.currency)
    ):
        add(row.maker_id, row.currency, -int(row.minor))
    return disagreeing("payouts.advances", rows, booked(session, "maker:advance"))


def _rules(session: Session) -> list[Breach]:
    """Agreed by her, given by a second person, and all of a slip's together at most half of it."""
    by_two = or_(
        Advance.agreed_by.is_(None),
        Advance.given_by.is_(None),
        Advance.given_by == Advance.asked_by,
        Advance.given_by == Advance.agreed_by,
        Advance.agreed_by.like("user:%") & (Advance.evidence == ""),
    )
    alone = select(Advance.id).where(Advance.state.in_(OUT), by_two)
    over = (
        select(Advance.assignment_id)
        .where(Advance.state.in_(OUT))
        .group_by(Advance.assignment_id)
        .having(func.sum(Advance.amount_minor) * 2 > func.max(Advance.slip_minor))
    )
    return [
        *named_rows(session, "payouts.advance_rules", alone),
        *named_rows(session, "payouts.advance_rules", over),
    ]


def _kept_back(session: Session) -> list[Breach]:
    """A payout keeps back at most as much as it pays out, its claims add up, and no advance comes back twice."""
    half = (
        select(Payout.id)
        .join(Deduction, Deduction.payout_id == Payout.id)
        .where(Deduction.live)
        .group_by(Payout.id, Payout.amount_minor)
        .having(func.sum(Deduction.amount_minor) > Payout.amount_minor)
    )
    claims = (
        select(Deduction.id)
        .outerjoin(PayoutItem, (PayoutItem.deduction_id == Deduction.id) & PayoutItem.live)
        .where(Deduction.live)
        .group_by(Deduction.id, Deduction.amount_minor)
        .having(func.coalesce(func.sum(PayoutItem.amount_minor), 0) != Deduction.amount_minor)
    )
    twice = (
        select(Advance.id)
        .join(Deduction, Deduction.advance_id == Advance.id)
        .where(Deduction.live)
        .group_by(Advance.id, Advance.amount_minor, Advance.written_off_minor)
        .having(func.sum(Deduction.amount_minor) + Advance.written_off_minor > Advance.amount_minor)
    )
    return [breach for wrong in (half, claims, twice) for breach in named_rows(session, "payouts.kept_back", wrong)]


def init_checks() -> None:
    for name, found in {
        "payouts.advances": _out,
        "payouts.advance_rules": _rules,
        "payouts.kept_back": _kept_back,
    }.items():
        check(name)(found)
