"""When it would arrive, and what it costs in all, before anybody has said who she is (product.md 5.3)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from shop import clock
from shop.cart.errors import NoPost
from shop.cart.models import Cart
from shop.cart.queries import PACK_DAYS
from shop.cart.shipping import Post, post_to
from shop.ids import digest
from shop.web.countries import every_code

ELSEWHERE = "*"


def served(countries: Collection[str]) -> Collection[str]:
    """The countries that parcels go to, out of those that have a rate; "*" stands for all others."""
    return every_code() if ELSEWHERE in countries else countries


def known_country(code: str) -> str:
    """The code in capitals where it is a country's, else ""."""
    code = code[:3].upper()
    return code if code in every_code() else ""


def cart_country(connection: Connection, token: str) -> str:
    """Where the cart that this cookie opens is sent to; "" where it opens none. One statement."""
    found = connection.execute(_CART, {"digest": digest(token)}).scalar_one_or_none()
    return str(found or "")


_CART = select(Cart.country).where(Cart.token_digest == bindparam("digest"))


def post_for(connection: Connection, *, country: str, workshop_id: int) -> Post | None:
    """A parcel of this workshop to a country; None where nobody sends there. One statement."""
    with Session(connection) as session:
        try:
            return post_to(session, country=country, workshop_ids=[workshop_id])[workshop_id]
        except NoPost:
            return None


@dataclass(frozen=True, slots=True)
class Arrival:
    """A range of days, and the total in minor units."""

    first: date
    last: date
    total_minor: int


def arrival(post: Post, *, price_minor: int, making_days: int) -> Arrival:
    """When a piece bought today would arrive, and what it costs with its post."""
    leaves = clock.today() + timedelta(days=PACK_DAYS + making_days)
    return Arrival(
        leaves + timedelta(days=post.days_min), leaves + timedelta(days=post.days_max), price_minor + post.fee_minor
    )
