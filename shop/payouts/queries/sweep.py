"""When pay is paid, and whether it is: a pay day that went by without its batch is seen (money.md 4)."""

from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from shop import clock
from shop.coop.facts import coop_facts
from shop.ledger.models import Earning
from shop.payouts.facts import schedule
from shop.payouts.models import Payout, PayoutBatch
from shop.payouts.paydays import began
from shop.payouts.queries.claims import has_open
from shop.payouts.services.batches import outlook


def next_pay_day(session: Session, *, payee: str = "") -> date:
    """When a payee's oldest open earning is paid; without one, or without a payee, what becomes somebody's own now."""
    drafted = select(func.max(PayoutBatch.pay_on)).where(PayoutBatch.state != "cancelled").scalar_subquery()
    since = select(func.min(Earning.available_at)).where(Earning.owner == payee, has_open()).scalar_subquery()
    last, oldest = session.execute(select(drafted, since)).one()
    return schedule(session).day_of(oldest or clock.now(), drafted=last)


def stalled_since(session: Session) -> datetime | None:
    """Since which pay day payable work has waited, or a batch lies unapproved or unsent; None where all went out.

    A pay day counts from the day after it on. Who cannot be paid, for want of an account or a broker, is no stall: she is
    listed beside each batch.
    """
    yesterday = clock.today() - timedelta(days=1)
    unsent = select(Payout.batch_id).where(Payout.state == "approved")
    lying = select(func.min(PayoutBatch.pay_on)).where(
        PayoutBatch.pay_on <= yesterday, or_(PayoutBatch.state == "drafted", PayoutBatch.id.in_(unsent))
    )
    waiting = select(func.min(Earning.available_at)).where(has_open())
    left_lying, oldest = session.execute(select(lying.scalar_subquery(), waiting.scalar_subquery())).one()
    found = [began(left_lying)] if left_lying else []
    days = schedule(session)
    last = days.last_day(until=yesterday)
    until = days.cut_off(last) or began(last)
    waits = oldest is not None and oldest < until
    if waits and outlook(session, currency=coop_facts(session).currency, before=until).people:
        found.append(began(last))
    return min(found) if found else None
