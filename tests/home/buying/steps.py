"""What a buyer does, step by step, as her browser would."""

from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import func, select

from shop import clock
from shop.db import reading
from shop.orders.models import OrderGroup
from shop.outbox.models import OutboxRow
from shop.outbox.worker import run_due
from shop.payments.models import Checkout
from shop.payments.sandbox.delivery import deliver_due
from tests.support.pages import Page, fetch

ADDRESS = {
    "email": "anna@example.org",
    "name": "Anna Berg",
    "street": "14 Weaver’s Row",
    "postcode": "BS3 1AB",
    "city": "Bristol",
}
NEAR = {"Accept-Language": "en-GB"}


class Buyer:
    """Somebody with a browser of her own; in Britain unless told otherwise."""

    def __init__(self, client, app, lang="en") -> None:
        self.client = client
        self.app = app
        self.lang = lang

    def add(self, variant_id, quantity=1, **fields):
        """Press "add to cart"."""
        data = {"variant_id": str(variant_id), "quantity": str(quantity), **fields}
        return self.client.post(f"/{self.lang}/cart/lines", data=data, headers=NEAR)

    def see(self, path, **wanted) -> Page:
        """Fetch and lint a page in her language."""
        return fetch(self.client, f"/{self.lang}{path}", **wanted)

    def form(self) -> dict:
        """The checkout form as its page holds it, filled in."""
        return self.see("/checkout").form() | ADDRESS

    def send(self, form, **changes):
        """Send the checkout form."""
        return self.client.post(f"/{self.lang}/checkout", data=form | changes)

    def order(self, variant_id=None, quantity=1, **changes):
        """Add, fill in and send; gives the address of the payment page."""
        if variant_id is not None:
            assert self.add(variant_id, quantity).status_code == 303
        answer = self.send(self.form(), **changes)
        assert answer.status_code == 303, answer.get_data(as_text=True)[:2000]
        return answer.headers["Location"]

    def press(self, url, button="pay", method="card"):
        """Press a button of the payment page; where it leads."""
        answer = self.client.post(urlsplit(url).path, data={"do": button, "m": method})
        return answer.headers.get("Location", "")

    def check(self, secret):
        """Ask on the order's page whether the payment has arrived."""
        return self.client.send(f"/{self.lang}/orders/{secret}/check")

    def buy(self, variant_id, quantity=1, **changes) -> OrderGroup:
        """The whole way to a paid order."""
        self.press(self.order(variant_id, quantity, **changes))
        group = newest_order()
        self.check(group.secret)
        return newest_order()


def newest_order() -> OrderGroup:
    """The order placed last."""
    with reading() as session:
        return session.scalars(select(OrderGroup).order_by(OrderGroup.id.desc()).limit(1)).one()


def order_of(group_id) -> OrderGroup:
    """An order as it stands now."""
    with reading() as session:
        return session.get_one(OrderGroup, group_id)


def counts() -> dict[str, int]:
    """How many orders, paid orders, checkouts and paid checkouts there are."""
    with reading() as session:

        def count(model, *where):
            return session.scalar(select(func.count()).select_from(model).where(*where))

        return {
            "orders": count(OrderGroup),
            "paid": count(OrderGroup, OrderGroup.state == "paid"),
            "checkouts": count(Checkout),
            "payments": count(Checkout, Checkout.state == "paid"),
        }


def checkouts() -> list[Checkout]:
    """All of them, oldest first."""
    with reading() as session:
        return list(session.scalars(select(Checkout).order_by(Checkout.id)))


def letters(template) -> list[OutboxRow]:
    """The letters owed with that template, sent or not."""
    with reading() as session:
        rows = session.scalars(select(OutboxRow).where(OutboxRow.kind == "mail").order_by(OutboxRow.id))
        return [row for row in rows if row.payload["template"] == f"orders/{template}"]


def work(app) -> None:
    """Let the worker do what is due."""
    with app.app_context():
        run_due()


def webhooks(app) -> int:
    """Let the sandbox send its events to the shop's door, and the worker work them off; gives how many were taken."""
    door = app.test_client()

    def post(url, body, headers):
        return door.post(urlsplit(url).path, data=body, headers=headers).status_code

    taken = deliver_due(Path(app.instance_path), post, clock.now())
    work(app)
    return taken
