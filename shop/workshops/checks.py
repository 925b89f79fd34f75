"""What `flask audit` checks of workshops: an open one has a broker who works with the co-op."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.brokers.models import Broker
from shop.ledger.audit import Breach, check
from shop.workshops.models import Workshop


def _brokers(session: Session) -> list[Breach]:
    wrong = (
        select(Workshop.id)
        .join(Broker, Broker.id == Workshop.broker_id)
        .where(Workshop.is_open, Broker.is_active.is_(False))
    )
    ids = session.scalars(wrong).all()
    return [Breach("workshops.open_without_broker", list(ids))] if ids else []


def init_checks() -> None:
    check("workshops.open_without_broker")(_brokers)
