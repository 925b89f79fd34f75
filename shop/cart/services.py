"""Putting pieces into a cart and out of it."""

from sqlalchemy import delete, func, select, update
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


def buyable(session: Session, *, variant_id: int) -> tuple[Variant, Product]:
    """The variant and its product if it can be bought at all; NotForSale otherwise."""
    row = session.execute(
        select(Variant, Product)
        .join(Product, Product.id == Variant.product_id)
        .join(Workshop, Workshop.id == Product.workshop_id)
        .where(
            Variant.id == variant_id,
            Product.state == "published",
            Variant.is_active,
            Variant.price_minor.is_not(None),
            Workshop.is_open,
        )
    ).one_or_none()
    if row is None:
        raise NotForSale(variant_id=variant_id)
    return row[0], row[1]


def put(session: Session, *, cart: Cart, variant_id: int, quantity: int, add: bool = True, held: int = 0) -> int:
    """Set how many of a variant the cart holds, or add to what it holds; gives the new quantity.

    `held` pieces are on hold for an unpaid order of this very cart: they are hers. Raises BadQuantity, NotForSale, CartFull, and SoldOut where fewer are left and none can be made.
    """
    if not 1 <= quantity <= MOST:
        raise BadQuantity
    variant, product = buyable(session, variant_id=variant_id)
    line = session.scalar(select(CartLine).where(CartLine.cart_id == cart.id, CartLine.variant_id == variant_id))
    wanted = quantity + (line.quantity if line and add else 0)
    left = variant.on_hand - variant.reserved + held
    if wanted > MOST:
        raise BadQuantity
    if wanted > left and not product.made_to_order:
        raise SoldOut(variant_id=variant_id, left=left)
    if line is None:
        if (session.scalar(select(func.count(CartLine.id)).where(CartLine.cart_id == cart.id)) or 0) >= LIMIT:
            raise CartFull(limit=LIMIT)
        line = CartLine(cart_id=cart.id, variant_id=variant_id)
        session.add(line)
    line.quantity = wanted
    line.seen_minor, line.currency = variant.price_minor or 0, variant.currency
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
    """Everything in it has been bought."""
    session.execute(delete(CartLine).where(CartLine.cart_id == cart_id))
    touch(session, cart_id=cart_id)


def touch(session: Session, *, cart_id: int) -> None:
    """The cart is another one now: a checkout begun before it changed is not the same order."""
    session.execute(update(Cart).where(Cart.id == cart_id).values(version=Cart.version + 1, touched_at=clock.now()))
