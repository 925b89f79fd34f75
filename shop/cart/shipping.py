"""Post: what a parcel of each workshop costs to a country, and how long it takes."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from shop.cart.errors import NoPost
from shop.cart.models import ShippingRate


@dataclass(frozen=True, slots=True)
class Post:
    """One parcel: fee in minor units, and days on the way."""

    workshop_id: int
    fee_minor: int
    days_min: int
    days_max: int


_RATES = select(
    ShippingRate.workshop_id,
    ShippingRate.country,
    ShippingRate.fee_minor,
    ShippingRate.second_fee_minor,
    ShippingRate.days_min,
    ShippingRate.days_max,
).where(
    ShippingRate.country.in_(bindparam("countries", expanding=True)),
    ShippingRate.workshop_id.in_(bindparam("workshops", expanding=True)) | ShippingRate.workshop_id.is_(None),
)


def post_to(session: Session, *, country: str, workshop_ids: Sequence[int]) -> dict[int, Post]:
    """The parcels to `country`, one per workshop, in one statement; further workshops pay the second fee.

    The workshop's own rate counts before the co-op's, the country's before "*". Raises NoPost where there is none.
    """
    wanted = sorted(set(workshop_ids))
    rows = session.execute(_RATES, {"countries": (country, "*"), "workshops": wanted}).all()
    found: dict[int, Post] = {}
    for place, workshop_id in enumerate(wanted):
        fitting = [row for row in rows if row.workshop_id in (workshop_id, None)]
        if not fitting:
            raise NoPost(country=country)
        best = max(fitting, key=lambda row: (row.workshop_id is not None, row.country != "*"))
        fee = best.fee_minor if place == 0 else best.second_fee_minor
        found[workshop_id] = Post(workshop_id, fee, best.days_min, best.days_max)
    return found


def countries(session: Session) -> list[str]:
    """Codes of the countries with a rate; "*" means that all others are served too."""
    return sorted(set(session.scalars(select(ShippingRate.country))))
