"""What the tests of buying do with carts, payment pages and Stripe's news."""

import threading
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import func, select

from shop import clock
from shop.cart import services as carts
from shop.cart.vouchers import enter
from shop.db import reading, writing
from shop.ledger.models import Posting
from shop.orders.models import OrderGroup
from shop.outbox.models import OutboxRow
from shop.outbox.worker import run_due
from shop.payments import jobs
from shop.payments.sandbox.delivery import deliver_due
from tests.factories.orders import place


def carts_with(wants, count, code=""):
    """So many visitors' carts, each with this voucher's code: (cart, version) each."""
    found = []
    with writing() as session:
        for _ in range(count):
            cart, _token = carts.open_cart(session, token=None, country="GB")
            for variant_id, quantity in wants:
                carts.put(session, cart=cart, variant_id=variant_id, quantity=quantity)
            session.flush()
            session.refresh(cart)
            if code:
                enter(session, cart=cart, code=code)
            found.append((cart.id, cart.version))
    return found


def orders_placed():
    with reading() as session:
        return session.scalar(select(func.count(OrderGroup.id)))


def url_of(engine):
    return engine.url.render_as_string(hide_password=False)


def at_once(*deeds):
    """Run them at the same moment; their results in order, exceptions raised."""
    gate, results = threading.Barrier(len(deeds)), [None] * len(deeds)

    def go(place, deed):
        gate.wait()
        try:
            results[place] = deed()
        except Exception as error:
            results[place] = error

    threads = [threading.Thread(target=go, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for result in results:
        if isinstance(result, Exception):
            raise result
    return results


def inside(app, deed):
    def go():
        with app.app_context():
            return deed()

    return go


def settled(app, session_id):
    """Settle as webhook, return page and worker do."""
    with app.app_context():
        return jobs.settle_payment(session_id)


def opened(app, checkout_id):
    """The payment page, open."""
    with app.app_context():
        return jobs.create_checkout(checkout_id)


def press(app, checkout, button="pay", method="card"):
    return app.test_client().post(urlsplit(checkout.url).path, data={"do": button, "m": method})


def news(app):
    """Deliver the sandbox's events to the shop's door and work them off."""
    door = app.test_client()

    def post(url, body, headers):
        return door.post(urlsplit(url).path, data=body, headers=headers).status_code

    taken = deliver_due(Path(app.instance_path), post, clock.now())
    with app.app_context():
        run_due()
    return taken


def postings(kind):
    with reading() as session:
        return session.scalar(select(func.count(Posting.id)).where(Posting.kind == kind))


def letters(template):
    with reading() as session:
        rows = session.scalars(select(OutboxRow.payload).where(OutboxRow.kind == "mail"))
        return sum(row["template"] == f"orders/{template}" for row in rows)


def placed(wants, **changes):
    with writing() as session:
        made = place(session, wants, **changes)
    assert made.checkout is not None
    return made.group.id, made.checkout.id
