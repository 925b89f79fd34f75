"""Orders at any point of the chain, made by the services."""

from datetime import timedelta
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.cart import services as carts
from shop.cart.models import Voucher
from shop.cart.vouchers import enter, make_voucher
from shop.db import writing
from shop.orders import services as orders
from shop.orders.models import OrderGroup, OrderLine, SellerOrder
from shop.orders.services.placing import Placed
from shop.payments.answers import CheckoutAnswer, FeeAnswer
from shop.payments.models import Checkout
from shop.work import services as work
from shop.work.models import WorkOrder
from shop.work.services import Counts, Share
from tests.people import ADA, ANNA, HOA, MEI

BUYER = Actor("buyer:guest", "buyer", "Anna")


def buyer(**changes) -> orders.Buyer:
    """Anna's address."""
    facts = {
        "email": "anna@example.org",
        "name": "Anna",
        "street": "1 High Street",
        "city": "Leeds",
        "country": "GB",
        "lang": "en",
    }
    return orders.Buyer(**(facts | changes))


def voucher(session: Session, code: str = "LOTUS-20", **facts) -> Voucher:
    """The co-op's voucher, in force since last year, of as much as is said."""
    known = {"kind": "coop", "currency": "CNY", "valid_from": clock.today() - timedelta(days=365)}
    return make_voucher(session, code=code, by=ADA, **(known | facts))


def place(session: Session, wants: dict[int, int], *, token: str | None = None, code: str = "", **changes) -> Placed:
    """A cart with these variants, and this voucher's code, ordered."""
    cart, _ = carts.open_cart(session, token=token, country="GB")
    for variant_id, quantity in wants.items():
        carts.put(session, cart=cart, variant_id=variant_id, quantity=quantity)
    session.flush()
    session.refresh(cart)
    if code:
        enter(session, cart=cart, code=code)
    return orders.place(
        session,
        cart_id=cart.id,
        version=cart.version,
        buyer=buyer(**changes),
        currency="CNY",
        site_url="http://shop.test",
        by=BUYER,
    )


def answer_for(
    checkout: Checkout, *, state: str = "paid", pi: str = "", amount: int | None = None, currency: str = "CNY"
) -> CheckoutAnswer:
    """What Stripe would say of a checkout."""
    return CheckoutAnswer(
        session_id=f"cs_{checkout.id}",
        url="http://pay.test",
        state=state,
        payment_intent=pi or f"pi_{checkout.id}",
        expires_at=clock.now() + timedelta(minutes=35),
        amount_minor=checkout.amount_minor if amount is None else amount,
        currency=currency,
        mode="payment",
        ref=checkout.ref,
        livemode=False,
        metadata=MappingProxyType({}),
    )


def pay(checkout_id: int, *, fee: int = 0, **facts) -> str:
    """Stripe reports it as paid."""
    with writing() as session:
        checkout = session.get_one(Checkout, checkout_id)
        answer = answer_for(checkout, **facts)
        checkout.session_id = checkout.session_id or answer.session_id
        return orders.settle(session, checkout, answer, FeeAnswer("txn_1", answer.amount_minor, fee, checkout.currency))


def paid(wants: dict[int, int], **changes) -> int:
    """A paid order; gives its id."""
    with writing() as session:
        placed = place(session, wants, **changes)
    assert placed.checkout is not None
    assert pay(placed.checkout.id) == "paid"
    return placed.group.id


def seller_orders(session: Session, group_id: int) -> list[SellerOrder]:
    """Its workshops' parts."""
    return list(session.scalars(select(SellerOrder).where(SellerOrder.group_id == group_id).order_by(SellerOrder.id)))


def lines(session: Session, group_id: int) -> list[OrderLine]:
    """Its lines."""
    return list(
        session.scalars(
            select(OrderLine)
            .join(SellerOrder, SellerOrder.id == OrderLine.seller_order_id)
            .where(SellerOrder.group_id == group_id)
            .order_by(OrderLine.id)
        )
    )


def work_of(session: Session, group_id: int) -> list[WorkOrder]:
    """The work it opened."""
    return list(
        session.scalars(
            select(WorkOrder)
            .where(WorkOrder.id.in_([line.work_order_id for line in lines(session, group_id)]))
            .order_by(WorkOrder.id)
        )
    )


def agreed(work_order_id: int, shares: dict[int, int], *, by: Actor = MEI) -> list[int]:
    """Assigned, and every maker said yes; gives the assignments' ids."""
    with writing() as session:
        made = work.assign(session, work_order_id=work_order_id, shares=[Share(m, q) for m, q in shares.items()], by=by)
        ids = [each.id for each in made]
    for assignment_id in ids:
        with writing() as session:
            work.answer(session, assignment_id=assignment_id, yes=True, how="visit", by=by)
    return ids


def received(
    assignment_id: int, accepted: int, *, mend: int = 0, rejected: int = 0, key: str = "", by: Actor = MEI
) -> int:
    """Taken in; gives the receipt's id."""
    with writing() as session:
        reasons = ["stitch"] if rejected else []
        counts = Counts(accepted, mend, rejected, reasons=reasons)
        return work.receive(
            session, assignment_id=assignment_id, counts=counts, key=key or f"r{assignment_id}-{accepted}", by=by
        ).id


def on_shelf(variant_id: int, maker_id: int, count: int, *, by: Actor = HOA, key: str = "") -> None:
    """Finished pieces taken in for the shelf."""
    with writing() as session:
        work.make_for_shelf(
            session,
            variant_id=variant_id,
            maker_id=maker_id,
            quantity=count,
            how="visit",
            key=key or f"shelf{variant_id}-{count}",
            by=by,
        )


def group(session: Session, group_id: int) -> OrderGroup:
    """The order as it stands now."""
    return session.get_one(OrderGroup, group_id, populate_existing=True)


__all__ = [
    "ANNA",
    "BUYER",
    "agreed",
    "answer_for",
    "buyer",
    "group",
    "lines",
    "on_shelf",
    "paid",
    "pay",
    "place",
    "received",
    "seller_orders",
    "voucher",
    "work_of",
]
