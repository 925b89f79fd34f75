"""Every table of the shop, so that migrations and tests see the whole schema with one import."""

from shop.brokers import models as brokers
from shop.cart import models as cart
from shop.catalog import models as catalog
from shop.coop import models as coop
from shop.crafts import models as crafts
from shop.db import Base
from shop.expo import models as expo
from shop.ledger import models as ledger
from shop.makers import models as makers
from shop.media import models as media
from shop.orders import models as orders
from shop.outbox import models as outbox
from shop.payments import models as payments
from shop.payouts import models as payouts
from shop.people import models as people
from shop.places import models as places
from shop.search import models as search
from shop.work import models as work
from shop.workshops import models as workshops

__all__ = [
    "Base",
    "brokers",
    "cart",
    "catalog",
    "coop",
    "crafts",
    "expo",
    "ledger",
    "makers",
    "media",
    "orders",
    "outbox",
    "payments",
    "payouts",
    "people",
    "places",
    "search",
    "work",
    "workshops",
]
