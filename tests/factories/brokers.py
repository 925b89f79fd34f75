"""Brokers and mandates, through their services."""

from typing import Any

from sqlalchemy.orm import Session

from shop.brokers.models import Broker, Mandate
from shop.brokers.services import Scopes, create_broker, give_mandate
from tests.people import ADA, FEN


def make_broker(session: Session, village_id: int, *, name: str = "Mei", **fields: Any) -> Broker:
    """Mei, of the first tier."""
    facts = {"tier": 1, **fields}
    return create_broker(session, name={"zh": "梅", "vi": name, "en": name}, village_id=village_id, by=ADA, **facts)


def let_act(session: Session, *, maker_id: int, broker_id: int, **fields: Any) -> Mandate:
    """A mandate with all scopes, on paper."""
    facts = {"scopes": Scopes(may_collect_money=True), "evidence": "paper 1", **fields}
    return give_mandate(session, maker_id=maker_id, broker_id=broker_id, by=FEN, **facts)
