"""Places, through their service."""

from sqlalchemy.orm import Session

from shop.places.models import Place
from shop.places.services import create_place


def make_village(session: Session, slug: str = "lotus") -> Place:
    """A village in a town in a county, all three made."""
    county = create_place(session, kind="county", slug=f"{slug}-county", name={"zh": "云县", "en": "Cloud County"})
    town = create_place(
        session, kind="town", slug=f"{slug}-town", name={"zh": "锦镇", "en": "Brocade Town"}, parent_id=county.id
    )
    return create_place(
        session,
        kind="village",
        slug=slug,
        name={"zh": "荷村", "vi": "Làng Sen", "en": "Lotus Village"},
        short_name={"zh": "荷村", "vi": "Sen", "en": "Lotus"},
        parent_id=town.id,
    )
