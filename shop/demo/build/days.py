"""Fifty days of the demo co-op, lived through the services: orders, work, parcels, refunds and two Fridays."""

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.test import Client

from shop import clock
from shop.actor import Actor
from shop.cart import services as carts
from shop.cart.vouchers import enter
from shop.catalog.models import Product
from shop.db import reading, writing
from shop.demo.build.fridays import pay_day
from shop.demo.build.ground import WELCOME, Made
from shop.demo.build.scale import read
from shop.expo.models import Entry, Expo, ExpoOrganizer
from shop.orders import services as orders
from shop.orders.history import note
from shop.orders.models import OrderLine, Review, SellerOrder
from shop.outbox.worker import run_due
from shop.payments.jobs import create_checkout, settle_payment
from shop.payments.sandbox.app import create_sandbox
from shop.work.models import WorkAssignment, WorkOrder
from shop.work.services import Counts, Share, answer, assign, receive

STREETS = {"CN": "人民路 18 号", "VN": "12 Phố Hàng Gai", "PT": "Rua das Flores 8"}


def live(made: Made, app: Flask) -> None:
    """Run the script's days in order, then the pay days between them; ends with the clock let go."""
    script = {row["id"]: row for row in made.cast.orders}
    events = sorted(
        (
            (step["day"], place, row["id"], step["event"])
            for row in script.values()
            for place, step in enumerate(row["script"])
        ),
        key=lambda event: (event[0], _turn(event[2]), event[2], event[1]),
    )
    fridays = _fridays(made)
    pay = _Desk(made, app)
    for day in range(min(event[0] for event in events), 1):
        for _, place, order, event in (each for each in events if each[0] == day):
            # a quarter of an hour per order and six minutes per step: she pays before her page closes
            clock.stand_at(made.moment(day, 1 + _turn(order) * 0.25 + place * 0.1))
            pay.step(script[order], event)
        clock.stand_at(made.moment(day, 10.5))
        run_due()
        if day in fridays or day - 1 in fridays or day - 2 in fridays:
            pay_day(made, day, friday=max(each for each in fridays if each <= day), last=day - 2 in fridays)
            run_due()
    clock.stand_at(None)
    _say()
    _plan_fair(made)


def _turn(order: str) -> int:
    """Which quarter of an hour of a day is this order's."""
    return int(order[1:]) % 30


def _fridays(made: Made) -> list[int]:
    """The last two Fridays, as days of the script."""
    back = (made.today.weekday() - 4) % 7 or 7
    return [-back - 7, -back]


class _Desk:
    """Does each step of an order as the person would whose step it is."""

    def __init__(self, made: Made, app: Flask) -> None:
        self.made = made
        settings = app.config["SETTINGS"]
        sandbox = create_sandbox(
            settings.instance_path,
            secret=app.config["STRIPE_SECRET"],
            webhook_url=f"{settings.site_url}/webhooks/stripe",
        )
        self.stripe = Client(sandbox)
        self.site = settings.site_url
        self.sessions: dict[str, str] = {}

    def step(self, row: dict[str, Any], event: str) -> None:
        """One line of the script; events that are only told stand in the history alone."""
        known = {
            "placed": self.placed,
            "paid": self.paid,
            "maker_said_yes": self.agreed,
            "checked": self.checked,
            "dispatched": self.dispatched,
            "part_dispatched": self.part_dispatched,
            "delivered": self.delivered,
            "cancelled": self.cancelled,
            "return_received": self.returned,
            "refunded": self.refunded,
        }
        done = known.get(event)
        if done:
            done(row)
        else:
            self.told(row, event)

    def placed(self, row: dict[str, Any]) -> None:
        buyer, country = row["buyer"], row["buyer"]["country"]
        with writing() as session:
            cart, _ = carts.open_cart(session, token=None, country=country)
            for line in row["lines"]:
                variant_id = self.made.variants[line["sku"]]
                carts.put(session, cart=cart, variant_id=variant_id, quantity=line["qty"])
            session.flush()  # the cart's version moved with each line
            session.refresh(cart)
            if row["voucher_fen"]:
                enter(session, cart=cart, code=WELCOME)
            placed = orders.place(
                session,
                cart_id=cart.id,
                version=cart.version,
                buyer=orders.Buyer(
                    email=buyer["email"],
                    name=buyer["name"],
                    street=STREETS.get(country, "1 Market Square"),
                    city=buyer["city"],
                    country=country,
                    lang=buyer["lang"],
                ),
                currency=self.made.currency,
                site_url=self.site,
                by=Actor("buyer:guest", "buyer", buyer["name"]),
            )
            self.made.orders[row["id"]] = placed.group.id
            assert placed.checkout is not None
            checkout_id = placed.checkout.id
        self.sessions[row["id"]] = create_checkout(checkout_id).session_id or ""

    def paid(self, row: dict[str, Any]) -> None:
        session_id = self.sessions[row["id"]]
        self.stripe.post(f"/pay/{session_id}", data={"do": "pay", "m": "card"})
        outcome = settle_payment(session_id)
        if outcome not in {"paid", "already paid"}:
            raise RuntimeError(f"demo order {row['id']}: {outcome}")

    def agreed(self, row: dict[str, Any]) -> None:
        makers = {self.made.variants[line["sku"]]: line["maker"] for line in row["lines"]}
        for order, broker in self._work(row):
            maker_id = self.made.makers[makers[order.variant_id]]
            with writing() as session:
                shares = [Share(maker_id, order.quantity)]
                (assignment,) = assign(session, work_order_id=order.id, shares=shares, by=broker)
            with writing() as session:
                answer(session, assignment_id=assignment.id, yes=True, how="visit", by=broker)

    def checked(self, row: dict[str, Any]) -> None:
        for order, broker in self._work(row):
            with reading() as session:
                rows = session.scalars(
                    select(WorkAssignment).where(
                        WorkAssignment.work_order_id == order.id, WorkAssignment.state == "agreed"
                    )
                ).all()
            for each in rows:
                with writing() as session:
                    receive(
                        session,
                        assignment_id=each.id,
                        counts=Counts(each.quantity),
                        key=f"demo:{row['id']}:{each.id}",
                        by=broker,
                    )

    def dispatched(self, row: dict[str, Any]) -> None:
        for seller, broker in self._sellers(row):
            self._dispatch(row, seller, broker)

    def part_dispatched(self, row: dict[str, Any]) -> None:
        seller, broker = self._sellers(row)[0]
        self._dispatch(row, seller, broker)

    def _dispatch(self, row: dict[str, Any], seller: SellerOrder, broker: Actor) -> None:
        home = row["buyer"]["country"] == "CN"
        with writing() as session:
            orders.dispatch(
                session,
                seller_order_id=seller.id,
                carrier="顺丰速运" if home else "EMS",
                tracking=f"{'SF' if home else 'EE'}{700000000 + seller.id * 137}CN",
                by=broker,
            )

    def delivered(self, row: dict[str, Any]) -> None:
        for seller, broker in self._sellers(row):
            with writing() as session:
                orders.deliver(session, seller_order_id=seller.id, by=broker)

    def cancelled(self, row: dict[str, Any]) -> None:
        for line in self._lines(row):
            with writing() as session:
                orders.cancel_line(session, line_id=line.id, by=self.made.users["officer"])

    def returned(self, row: dict[str, Any]) -> None:
        for line in self._lines(row):
            with writing() as session:
                orders.return_line(session, line_id=line.id, by=self.made.users["officer"])

    def refunded(self, row: dict[str, Any]) -> None:
        """Decided by the step before; a lost parcel is decided here. The outbox sends the money."""
        if any(step["event"] == "lost_reported" for step in row["script"]):
            for line in self._lines(row):
                with writing() as session:
                    orders.lose_line(session, line_id=line.id, by=self.made.users["officer"])
        run_due()

    def told(self, row: dict[str, Any], event: str) -> None:
        seller, broker = self._sellers(row)[0]
        with writing() as session:
            note(session, group_id=seller.group_id, seller_order_id=seller.id, kind=event, by=broker)

    def _sellers(self, row: dict[str, Any]) -> list[tuple[SellerOrder, Actor]]:
        brokers = {actor.broker_id: actor for actor in self.made.brokers.values()}
        with reading() as session:
            found = session.scalars(
                select(SellerOrder).where(SellerOrder.group_id == self.made.orders[row["id"]]).order_by(SellerOrder.id)
            ).all()
        return [(seller, brokers[seller.broker_id]) for seller in found]

    def _work(self, row: dict[str, Any]) -> list[tuple[WorkOrder, Actor]]:
        found = []
        for seller, broker in self._sellers(row):
            with reading() as session:
                found += [
                    (order, broker)
                    for order in session.scalars(
                        select(WorkOrder)
                        .join(OrderLine, OrderLine.work_order_id == WorkOrder.id)
                        .where(OrderLine.seller_order_id == seller.id)
                    )
                ]
        return found

    def _lines(self, row: dict[str, Any]) -> list[OrderLine]:
        ids = [seller.id for seller, _ in self._sellers(row)]
        with reading() as session:
            return list(
                session.scalars(select(OrderLine).where(OrderLine.seller_order_id.in_(ids)).order_by(OrderLine.id))
            )


def _say() -> None:
    """What buyers wrote of the pieces they bought."""
    with writing() as session:
        products = dict(session.execute(select(Product.slug, Product.id)).all())
        for row in read("reviews.json"):
            session.add(
                Review(
                    product_id=products[row["product"]],
                    piece_number=row["piece"] or "",
                    stars=row["stars"],
                    lang=row["lang"],
                    signed=row["by"],
                    text=row["text"],
                    written_at=clock.now() - timedelta(days=row["days_ago"]),
                )
            )


def _plan_fair(made: Made) -> None:
    """The fair to come, its organizer, and what she has chosen so far."""
    row = read("expo.json")
    with writing() as session:
        expo = Expo(
            slug=row["slug"],
            name=row["name"],
            venue=row["venue"],
            preface=row["preface"],
            place_id=made.places[row["place"]],
            starts_on=made.today + timedelta(days=16),
            ends_on=made.today + timedelta(days=19),
            entry_deadline=made.today + timedelta(days=2),
            created_at=clock.now(),
        )
        session.add(expo)
        session.flush()  # its organizer and entries point to it
        organizer = made.users["organizer"]
        session.add(ExpoOrganizer(expo_id=expo.id, user_id=organizer.user_id or 0))
        products = dict(session.execute(select(Product.item_no, Product.id)).all())
        chosen = [products[each["item_no"]] for each in row["entries"] if each.get("item_no") in products]
        session.add_all(
            Entry(expo_id=expo.id, product_id=product_id, position=place, added_by=organizer.key, added_at=clock.now())
            for place, product_id in enumerate(dict.fromkeys(chosen))
        )
