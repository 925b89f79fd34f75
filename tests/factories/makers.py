"""Makers, through their services."""

from typing import Any

from sqlalchemy.orm import Session

from shop.makers.models import Maker
from shop.makers.services import answer_consent, create_maker
from tests.people import FEN


def make_maker(session: Session, village_id: int, *, agrees_to: tuple[str, ...] = (), **fields: Any) -> Maker:
    """Lan, born 1980; says yes, on paper, to each of `agrees_to`."""
    facts = {"name": {"zh": "阮兰", "vi": "Nguyễn Thị Lan", "en": "Nguyen Thi Lan"}, "birth_year": 1980, **fields}
    maker = create_maker(session, village_id=village_id, by=FEN, **facts)
    for item in agrees_to:
        answer_consent(session, maker_id=maker.id, item=item, given=True, how="signed", by=FEN)
    return maker
