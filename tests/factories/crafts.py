"""Crafts, through their service."""

from sqlalchemy.orm import Session

from shop.crafts.models import Craft
from shop.crafts.services import create_craft


def make_craft(session: Session, slug: str = "embroidery", *, parent_id: int | None = None) -> Craft:
    """Embroidery, or another by its slug."""
    names = {
        "embroidery": {"zh": "刺绣", "vi": "Thêu", "en": "Embroidery"},
        "knots": {"zh": "中国结", "vi": "Nút", "en": "Knots"},
    }
    return create_craft(session, slug=slug, name=names.get(slug, {"en": slug}), parent_id=parent_id)
