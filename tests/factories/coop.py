"""A co-op, founded through its service."""

from typing import Any

from sqlalchemy.orm import Session

from shop.coop.models import Coop
from shop.coop.services import create_coop
from tests.people import ADA


def tri(text: str) -> dict[str, str]:
    """One text in three languages that can be told apart."""
    return {"zh": f"{text}（中）", "vi": f"{text} (việt)", "en": text}


def make_coop(session: Session, **fields: Any) -> Coop:
    """Skilful Hands, in yuan, in China."""
    facts = {
        "name": {"zh": "巧手合作社", "vi": "Hợp tác xã Khéo Tay", "en": "Skilful Hands"},
        "currency": "CNY",
        "hotline": "400-820-0000",
        "email": "office@example.org",
        **fields,
    }
    return create_coop(session, by=ADA, **facts)
