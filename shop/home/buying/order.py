"""The order behind its secret link: where it is, paying for it, and having the link sent again."""

from typing import cast

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from shop import clock
from shop.cart.models import Cart, CartLine
from shop.coop.facts import known_facts
from shop.db import reading, writing
from shop.errors import Conflict, ShopError
from shop.home.blueprint import bp
from shop.home.buying import access
from shop.home.buying.access import Opened
from shop.home.buying.find import owe_link
from shop.home.buying.paying import ask_stripe, site_url, to_payment
from shop.home.buying.shown import order_sight
from shop.home.buying.told import confirmed, headline, names, place_of, refund_words, thread
from shop.home.buying.visitor import COUNT, cart_token, private, remember
from shop.ids import digest
from shop.orders.models import OrderGroup
from shop.orders.services import retry_payment
from shop.payments.gateway import OutcomeUnknown, Refused
from shop.payments.jobs import close_checkout
from shop.payments.services import live_checkout
from shop.web.countries import country_name
from shop.web.errors import sentence


@bp.get("/<lang:lang>/orders/<secret>")
def order(secret: str) -> ResponseReturnValue:
    """Where the order stands."""
    opened = access.order_of_secret(secret)
    return _page(opened)


def _page(opened: Opened, error: ShopError | None = None) -> Response:
    with reading() as session:
        sight = order_sight(session, group_id=opened.id)
    page = render_template(
        "home/order.html",
        sight=sight,
        headline=headline(sight),
        place=place_of(sight),
        makers=names(sight.makers),
        threads=[(parcel, thread(sight, parcel)) for parcel in sight.parcels],
        confirmed=confirmed(sight),
        refunds=[(refund, *refund_words(refund)) for refund in sight.refunds],
        country=country_name(sight.row.country),
        abroad=sight.row.country != known_facts().country,
        refused=sentence(error) if error else "",
        has_errors=error is not None,
        letter_sent=request.args.get("letter") == "sent",
    )
    answer = guarded(private(page, error.status if error else 200))
    if sight.payment == "paid" and request.cookies.get(COUNT, "0") != "0":
        remember(answer, pieces=_left_in_cart())
    return answer


def guarded(answer: Response) -> Response:
    """The address is the key to the order: no other site is told of it. Stricter would send forms with an empty Origin."""
    answer.headers["Referrer-Policy"] = "same-origin"
    return answer


def _left_in_cart() -> int:
    token = cart_token()
    if token is None:
        return 0
    with reading() as session:
        pieces = session.scalar(
            select(func.sum(CartLine.quantity))
            .join(Cart, Cart.id == CartLine.cart_id)
            .where(Cart.token_digest == digest(token))
        )
    return int(pieces or 0)


def _back(opened: Opened, *, letter: str | None = None) -> Response:
    where = url_for("home.order", secret=opened.secret, letter=letter)
    return guarded(cast("Response", redirect(where, 303)))


@bp.get("/<lang:lang>/orders/<secret>/<any(check,pay,letter):what>")
def order_reloaded(secret: str, what: str) -> ResponseReturnValue:
    """Somebody reloads where a form was sent to."""
    opened = access.order_of_secret(secret)
    assert what
    return _back(opened)


@bp.post("/<lang:lang>/orders/<secret>/check")
def order_check(secret: str) -> ResponseReturnValue:
    """Ask Stripe whether the payment has arrived, whoever else may be asking."""
    opened = access.order_of_secret(secret)
    try:
        ask_stripe(opened.id)
    except (Refused, OutcomeUnknown) as error:
        return _page(opened, error)
    return _back(opened)


@bp.post("/<lang:lang>/orders/<secret>/pay")
def order_pay(secret: str) -> ResponseReturnValue:
    """To the payment page that is open for it, else to a new one; to the order where nothing is to be paid."""
    opened = access.order_of_secret(secret)
    with reading() as session:
        live = live_checkout(session, ref=f"order:{opened.id}")
    if live is not None and live.expires_at <= clock.now():
        try:
            close_checkout(live.id)
        except (Refused, OutcomeUnknown) as error:
            return _page(opened, error)
        return _back(opened)
    try:
        with writing() as session:
            checkout_id = retry_payment(session, group_id=opened.id, site_url=site_url()).id
    except Conflict:
        return _back(opened)
    return to_payment(opened.id, opened.secret, checkout_id)


@bp.post("/<lang:lang>/orders/<secret>/letter")
def order_letter(secret: str) -> ResponseReturnValue:
    """Send the link once more, to the address that the order was placed with."""
    opened = access.order_of_secret(secret)
    with writing() as session:
        owe_link(session, session.get_one(OrderGroup, opened.id))
    return _back(opened, letter="sent")
