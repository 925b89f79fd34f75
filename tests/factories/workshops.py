"""Workshops, through their services."""

from typing import Any

from sqlalchemy.orm import Session

from shop.workshops.models import Workshop
from shop.workshops.services import create_workshop
from tests.people import ADA


def make_workshop(
    session: Session, *, craft_id: int, village_id: int, broker_id: int, name: str = "Lotus Workshop", **fields: Any
) -> Workshop:
    """The Lotus Workshop."""
    return create_workshop(
        session,
        name={"zh": "荷坊", "vi": "Xưởng Sen", "en": name},
        craft_id=craft_id,
        village_id=village_id,
        broker_id=broker_id,
        by=ADA,
        **fields,
    )
