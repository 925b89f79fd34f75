"""What the tests of vouchers do: make one, order with it, look what became of it."""

from shop.actor import COMMAND
from shop.cart.models import Voucher
from shop.catalog import services as catalog
from shop.catalog.services import Part
from shop.db import reading, writing
from shop.ledger.chart import named
from shop.ledger.queries import balance
from shop.orders.services.settling import cancel_unpaid, held_order
from shop.payments.models import Checkout
from tests.factories.catalog import publish
from tests.factories.orders import (
    on_shelf,
    place,
    voucher,
)


def kept(name: str) -> int:
    with reading() as session:
        return balance(session, named(name), "CNY")


def plates_for_sale(shop, count=3):
    on_shelf(shop.variants["plate"], 5, count)
    with writing() as session:
        publish(session, shop, "plate")


def made(**facts) -> int:
    with writing() as session:
        return voucher(session, **facts).id


def ordered(wants, code="LOTUS-20", **changes):
    with writing() as session:
        return place(session, wants, code=code, **changes)


def used(voucher_id) -> int:
    with reading() as session:
        return session.get_one(Voucher, voucher_id).used


def ended(group_id):
    with writing() as session:
        found = held_order(session, group_id=group_id)
        session.get_one(Checkout, 1).state = "expired"
        cancel_unpaid(session, group=found)


def with_workshop_part(shop, workshop_minor=3000):
    """The lotus costs the same; some of the co-op's and the costs' part is the workshop's."""
    with writing() as session:
        parts = [
            Part("maker", 23600),
            Part("materials", 5200),
            Part("broker", 3040, "broker:1"),
            Part("workshop", workshop_minor),
            Part("coop", 38000 - 23600 - 5200 - 3040 - workshop_minor - 1360),
            Part("costs", 1360),
        ]
        catalog.set_price(session, variant_id=shop.variants["lotus"], price_minor=38000, parts=parts, by=COMMAND)
