"""Closing a month, with an entry in the history."""

from datetime import date

from sqlalchemy.orm import Session

from shop.actor import Actor
from shop.coop.services import record
from shop.ledger import closing
from shop.ledger.models import ClosedMonth
from shop.payouts.services.rights import OFFICERS, only


def close_month(session: Session, *, month: date, by: Actor) -> ClosedMonth:
    """An officer closes the oldest open month; the treasurer, who books, does not. Raises NotToClose, NotYourPart."""
    only(by, OFFICERS)
    row = closing.close_month(session, month=month, by=by)
    record(session, about=f"month:{month:%Y-%m}", kind="month_closed", by=by, facts={"digest": row.digest})
    return row
