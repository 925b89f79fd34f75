"""What `flask audit` checks of brokers: a mandate in force has no end, and no maker who left has one."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.brokers.models import Mandate
from shop.ledger.audit import Breach, check
from shop.makers.models import Maker


def _mandates(session: Session) -> list[Breach]:
    wrong = (
        select(Mandate.id)
        .join(Maker, Maker.id == Mandate.maker_id)
        .where(Mandate.live, Mandate.ends_on.is_not(None) | Maker.left_on.is_not(None))
    )
    ids = session.scalars(wrong).all()
    return [Breach("brokers.live_mandates", list(ids))] if ids else []


def init_checks() -> None:
    check("brokers.live_mandates")(_mandates)
