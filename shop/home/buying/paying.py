"""The way to the payment page and back. Everything here stands between transactions."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, current_app, redirect, render_template, url_for
from sqlalchemy import String, bindparam, cast, literal, select
from sqlalchemy.orm import Session

from config import Settings
from shop import clock
from shop.db import again, reading, writing
from shop.errors import ShopError
from shop.home.buying.visitor import private
from shop.orders.models import OrderGroup
from shop.orders.services import retry_payment
from shop.orders.services.settling import cancel_unpaid, held_order
from shop.payments.gateway import OutcomeUnknown, Refused
from shop.payments.jobs import close_checkout, create_checkout, settle_payment
from shop.payments.models import Checkout
from shop.payments.services import LIVE, live_checkout
from shop.web.errors import sentence


@dataclass(frozen=True, slots=True)
class Older:
    """An unpaid order of a cart, and the checkout that may still be paid."""

    group_id: int
    secret: str
    key: str
    checkout_id: int | None
    over: bool


def site_url() -> str:
    """The shop's own address, for what others are told of it."""
    settings = current_app.config["SETTINGS"]
    assert isinstance(settings, Settings)
    return settings.site_url


def older_orders(session: Session, *, cart_id: int) -> list[Older]:
    """The cart's orders that still wait for a payment, oldest first; `over` ones can no longer be paid in time."""
    now, found = clock.now(), {}
    for row in session.execute(_OLDER, {"cart_id": cart_id}):
        over = row.expires_at <= now or (row.page_until is not None and row.page_until <= now)
        found[row.id] = Older(row.id, row.secret, row.key, row.checkout_id, over)
    return list(found.values())


_OLDER = (
    select(
        OrderGroup.id,
        OrderGroup.secret,
        OrderGroup.key,
        OrderGroup.expires_at,
        Checkout.id.label("checkout_id"),
        Checkout.expires_at.label("page_until"),
    )
    .outerjoin(
        Checkout,
        (Checkout.ref == literal("order:") + cast(OrderGroup.id, String)) & Checkout.state.in_(LIVE),
    )
    .where(OrderGroup.cart_id == bindparam("cart_id"), OrderGroup.state == "placed")
    .order_by(OrderGroup.id, Checkout.id)
    .limit(20)
)
"""The newest live checkout of an order comes last, and counts."""


def close_older(orders: Sequence[Older], *, key: str) -> str | None:
    """End a cart's unpaid orders other than `key`'s, so that her own hold does not sell her out.

    Gives the secret of one that turns out to be paid or about to be; then nothing else should be placed. Raises
    Refused or OutcomeUnknown where Stripe does not let go of one: it might still be paid.
    """
    for older in orders:
        if older.key == key and not older.over:
            continue
        if older.checkout_id is not None:
            close_checkout(older.checkout_id)
        if not again(lambda older=older: _ended(older.group_id)):  # type: ignore[misc]
            return older.secret
    return None


def _ended(group_id: int) -> bool:
    """Whether the order is over and unpaid; one that nothing can pay any more is ended here."""
    with writing() as session:
        group = held_order(session, group_id=group_id)
        if group is None or group.state == "cancelled":
            return True
        if group.state != "placed" or live_checkout(session, ref=f"order:{group_id}") is not None:
            return False
        cancel_unpaid(session, group=group)
        return True


def payment_page(checkout_id: int, *, stored: Checkout | None = None) -> str | None:
    """The address where this checkout is paid; None where it is past that. Raises Refused or OutcomeUnknown."""
    try:
        checkout = create_checkout(checkout_id, stored=stored)
    except (Refused, OutcomeUnknown):
        # a second click may have got the answer that this one missed
        with reading() as session:
            checkout = session.get_one(Checkout, checkout_id)
        if not _open(checkout):
            raise
    return checkout.url if _open(checkout) else None


def _open(checkout: Checkout) -> bool:
    return bool(checkout.url) and checkout.state in {"pending", "open", "unknown"}


def to_payment(group_id: int, secret: str, checkout_id: int, *, stored: Checkout | None = None) -> Response:
    """To the payment page; to the order where nothing is to be paid; or a page that says what to do."""
    order_page = url_for("home.order", secret=secret)
    try:
        url = payment_page(checkout_id, stored=stored)
        if url is None:
            url = _once_more(group_id)
    except (Refused, OutcomeUnknown) as error:
        return stuck(secret, error)
    answer: Response = redirect(url or order_page, 303)  # type: ignore[assignment]
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Referrer-Policy"] = "same-origin"
    return answer


def _once_more(group_id: int) -> str | None:
    """A new attempt where the one before was never made; None where the order needs none."""
    with writing() as session:
        group = held_order(session, group_id=group_id)
        if group is None or group.state != "placed" or group.expires_at <= clock.now():
            return None
        fresh = retry_payment(session, group_id=group_id, site_url=site_url())
        fresh_id = fresh.id
    return payment_page(fresh_id)


def stuck(secret: str, error: ShopError) -> Response:
    """The order stands, its payment page does not: say so, and offer to try again."""
    with reading() as session:
        group = session.scalar(select(OrderGroup).where(OrderGroup.secret == secret))
    page = render_template(
        "home/checkout_stuck.html",
        secret=secret,
        number=group.number if group else "",
        text=sentence(error),
        has_errors=True,
    )
    answer = private(page, 503)
    answer.headers["Referrer-Policy"] = "same-origin"
    return answer


def ask_stripe(group_id: int) -> None:
    """Bring every checkout of the order that may still be paid to what Stripe says of it. Raises OutcomeUnknown."""
    with reading() as session:
        rows = session.execute(
            select(Checkout.id, Checkout.session_id, Checkout.expires_at)
            .where(Checkout.ref == f"order:{group_id}", Checkout.state.in_(LIVE))
            .order_by(Checkout.id)
        ).all()
    for row in rows:
        if row.session_id is None:
            continue
        settle_payment(row.session_id)
