"""Putting pieces into a cart and out of it."""

from typing import Any

from sqlalchemy import bindparam, case, delete, func, insert, select, update
from sqlalchemy.orm import Session

from shop import clock
from shop.cart.errors import BadQuantity, CartFull, NotForSale
from shop.cart.models import Cart, CartLine
from shop.catalog.errors import SoldOut
from shop.catalog.models import Product, Variant
from shop.ids import digest, secret
from shop.workshops.models import Workshop

LIMIT = 100
MOST = 999


def cart_of(session: Session, *, token: str | None) -> Cart | None:
    """The cart that a cookie opens, if any."""
    if not token:
        return None
    return session.scalar(select(Cart).where(Cart.token_digest == digest(token)))


def open_cart(session: Session, *, token: str | None, country: str) -> tuple[Cart, str]:
    """The visitor's cart, made when she has none yet, and the secret that opens it."""
    known = cart_of(session, token=token)
    if known is not None and token:
        return known, token
    fresh = secret()
    cart = Cart(token_digest=digest(fresh), country=country, created_at=clock.now(), touched_at=clock.now())
    session.add(cart)
    session.flush()  # lines point to it
    return cart, fresh


_BUYABLE = (
    select(Variant.on_hand, Variant.reserved, Variant.price_minor, Variant.currency, Product.made_to_order)
    .join(Product, Product.id == Variant.product_id)
    .join(Workshop, Workshop.id == Product.workshop_id)
    .where(
        Variant.id == bindparam("variant_id"),
        Product.state == "published",
        Variant.is_active,
        Variant.price_minor.is_not(None),
        Workshop.is_open,
    )
)
_this = CartLine.variant_id == bindparam("variant_id")
_LINES = select(
    func.count(CartLine.id),
    func.max(case((_this, CartLine.id))),
    func.coalesce(func.max(case((_this, CartLine.quantity))), 0),
).where(CartLine.cart_id == bindparam("cart_id"))


def put(
    session: Session,
    *,
    cart: Cart,
    variant_id: int,
    quantity: int,
    add: bool = True,
    held: int = 0,
    sees_price: bool = True,
) -> int:
    """Set how many of a variant the cart holds, or add to what it holds; gives the new quantity.

    `held` pieces are on hold for an unpaid order of this very cart: they are hers. With `sees_price` she is shown
    today's price where she does this; otherwise a changed one is still to be accepted. Raises BadQuantity, NotForSale,
    CartFull, and SoldOut where fewer are left and none can be made.
    """
    if not 1 <= quantity <= MOST:
        raise BadQuantity
    goods = session.execute(_BUYABLE, {"variant_id": variant_id}).one_or_none()
    if goods is None:
        raise NotForSale(variant_id=variant_id)
    lines, line_id, there = session.execute(_LINES, {"variant_id": variant_id, "cart_id": cart.id}).one()
    wanted = quantity + (there if add else 0)
    left = goods.on_hand - goods.reserved + held
    if wanted > MOST:
        raise BadQuantity
    if wanted > left and not goods.made_to_order:
        raise SoldOut(variant_id=variant_id, left=left)
    values: dict[str, Any] = {"quantity": wanted}
    if line_id is None or sees_price:
        values |= {"seen_minor": goods.price_minor, "currency": goods.currency}
    if line_id is not None:
        session.execute(update(CartLine).where(CartLine.id == line_id).values(values))
    elif lines >= LIMIT:
        raise CartFull(limit=LIMIT)
    else:
        session.execute(insert(CartLine).values(cart_id=cart.id, variant_id=variant_id, **values))
    touch(session, cart_id=cart.id)
    return wanted


def remove(session: Session, *, cart: Cart, variant_id: int) -> None:
    """Take a variant out of the cart; harmless when it is not in it."""
    session.execute(delete(CartLine).where(CartLine.cart_id == cart.id, CartLine.variant_id == variant_id))
    touch(session, cart_id=cart.id)


def set_country(session: Session, *, cart: Cart, country: str) -> None:
    """Where it shall be sent; post and total follow from it."""
    if cart.country != country:
        cart.country = country
        touch(session, cart_id=cart.id)


def see_prices(session: Session, *, cart: Cart) -> None:
    """She has been shown today's prices."""
    for line in session.scalars(select(CartLine).where(CartLine.cart_id == cart.id)):
        price = session.scalar(select(Variant.price_minor).where(Variant.id == line.variant_id))
        if price is not None:
            line.seen_minor = price
    touch(session, cart_id=cart.id)


def empty(session: Session, *, cart_id: int) -> None:
    """Everything in it has been bought, and its voucher is used."""
    session.execute(delete(CartLine).where(CartLine.cart_id == cart_id))
    session.execute(
        update(Cart).where(Cart.id == cart_id).values(version=Cart.version + 1, touched_at=clock.now(), voucher_id=None)
    )


def touch(session: Session, *, cart_id: int) -> None:
    """The cart is another one now: a checkout begun before it changed is not the same order."""
    session.execute(update(Cart).where(Cart.id == cart_id).values(version=Cart.version + 1, touched_at=clock.now()))
