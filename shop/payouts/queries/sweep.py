"""Whether pay is being paid: a pay day that went by without its batch is seen (money.md 4)."""

from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from shop import clock
from shop.coop.facts import coop_facts
from shop.payouts.facts import schedule
from shop.payouts.models import Payout, PayoutBatch
from shop.payouts.paydays import began
from shop.payouts.queries import oldest_waiting
from shop.payouts.services.batches import outlook


def stalled_since(session: Session) -> datetime | None:
    """Since which pay day payable work has waited, or a batch lies unapproved or unsent; None where all went out.

    A pay day counts from the day after it on. Who cannot be paid, for want of an account or a broker, is no stall: she is
    listed beside each batch.
    """
    yesterday = clock.today() - timedelta(days=1)
    unsent = select(Payout.batch_id).where(Payout.state == "approved")
    left_lying = session.scalar(
        select(func.min(PayoutBatch.pay_on)).where(
            PayoutBatch.pay_on <= yesterday, or_(PayoutBatch.state == "drafted", PayoutBatch.id.in_(unsent))
        )
    )
    found = [began(left_lying)] if left_lying else []
    days = schedule(session)
    last = days.last_day(until=yesterday)
    until = days.cut_off(last) or began(last)
    oldest = oldest_waiting(session)
    waits = oldest is not None and oldest.available_at < until
    if waits and outlook(session, currency=coop_facts(session).currency, before=until).people:
        found.append(began(last))
    return min(found) if found else None
