"""Who may see what: the cart belongs to its cookie's bearer, an order to whoever holds its secret link."""

import re
from dataclasses import dataclass

from sqlalchemy import select

from shop.db import reading
from shop.errors import NotFound
from shop.orders.models import OrderGroup
from shop.web.access import public, rule

__all__ = ["Opened", "order_of_secret", "public"]

SECRET = re.compile(r"[A-Za-z0-9_-]{20,40}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Opened:
    """The order that a link opens."""

    id: int
    secret: str


@rule(own="order")
def order_of_secret(secret: str) -> Opened:
    """The order of this link. NotFound alike for what never was and for what can be no secret."""
    found = None
    if SECRET.fullmatch(secret):
        with reading() as session:
            found = session.scalar(select(OrderGroup.id).where(OrderGroup.secret == secret))
    if found is None:
        raise NotFound(what="order")
    return Opened(found, secret)
