"""What is in a cart, at today's prices, with post and total."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, aliased

from shop import clock
from shop.cart.errors import NoPost, VoucherRefused
from shop.cart.models import Cart, CartLine, Voucher
from shop.cart.shipping import Post, post_to
from shop.cart.vouchers import Goods, Off, off
from shop.catalog.models import Product, Variant
from shop.db import Texts
from shop.media.models import Picture
from shop.money import Money
from shop.workshops.models import Workshop

PACK_DAYS = 2
"""Days from "ready" to the carrier."""


@dataclass(frozen=True, slots=True)
class BasketLine:
    """One line as it would be bought now. `shelf` pieces are there, `made` ones are to be made in `lead_days`."""

    variant_id: int
    product_id: int
    slug: str
    name: Texts
    size_label: Texts
    colour: Texts
    sku: str
    picture_key: str | None
    picture_width: int
    picture_height: int
    workshop_id: int
    quantity: int
    unit_minor: int
    currency: str
    seen_minor: int
    shelf: int
    made: int
    lead_days: int
    problem: str

    @property
    def unit(self) -> Money:
        return Money(self.unit_minor, self.currency)

    @property
    def amount(self) -> Money:
        return Money(self.unit_minor * self.quantity, self.currency)

    @property
    def price_changed(self) -> bool:
        return self.seen_minor != self.unit_minor


@dataclass(frozen=True, slots=True)
class Parcel:
    """A workshop's part of the cart, its post, and when it would arrive."""

    workshop_id: int
    workshop_slug: str
    workshop_name: Texts
    broker_id: int
    lines: tuple[BasketLine, ...]
    post: Post | None
    ship_by: date
    arrives_from: date | None
    arrives_to: date | None


@dataclass(frozen=True, slots=True)
class Basket:
    """The whole cart. `post` and `total` are None where nobody sends to the country."""

    cart_id: int
    version: int
    country: str
    currency: str
    parcels: tuple[Parcel, ...]
    voucher: Off | None = None

    @property
    def lines(self) -> list[BasketLine]:
        return [line for parcel in self.parcels for line in parcel.lines]

    @property
    def pieces(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def goods(self) -> Money:
        return Money(sum(line.amount.minor for line in self.lines if line.currency == self.currency), self.currency)

    @property
    def post(self) -> Money | None:
        if any(parcel.post is None for parcel in self.parcels):
            return None
        return Money(sum(parcel.post.fee_minor for parcel in self.parcels if parcel.post), self.currency)

    @property
    def total(self) -> Money | None:
        return None if self.post is None else Money(self.goods.minor + self.post.minor - self.off.minor, self.currency)

    @property
    def off(self) -> Money:
        """What its voucher takes off."""
        return Money(self.voucher.minor if self.voucher else 0, self.currency)

    @property
    def refused(self) -> VoucherRefused | None:
        """Why its voucher gives nothing."""
        return self.voucher.refused if self.voucher else None

    @property
    def ready(self) -> bool:
        """Whether it can be ordered as it stands."""
        return (
            bool(self.lines)
            and self.post is not None
            and self.refused is None
            and not any(line.problem for line in self.lines)
        )


_ROWS = (
    select(
        CartLine.variant_id,
        CartLine.quantity,
        CartLine.seen_minor,
        Variant.size_label,
        Variant.colour,
        Variant.sku,
        Variant.price_minor,
        Variant.currency,
        Variant.on_hand,
        Variant.reserved,
        Variant.is_active,
        Product.id.label("product_id"),
        Product.slug,
        Product.name,
        Product.state,
        Product.made_to_order,
        Product.lead_days,
        Picture.key.label("picture_key"),
        Picture.width,
        Picture.height,
        Workshop.id.label("workshop_id"),
        Workshop.slug.label("workshop_slug"),
        Workshop.name.label("workshop_name"),
        Workshop.broker_id,
        Workshop.is_open,
    )
    .join(Variant, Variant.id == CartLine.variant_id)
    .join(Product, Product.id == Variant.product_id)
    .join(Workshop, Workshop.id == Product.workshop_id)
    .outerjoin(Picture, Picture.id == Product.cover_id)
    .where(CartLine.cart_id == bindparam("cart_id"))
    .order_by(CartLine.id)
)


_OF_VOUCHER = aliased(Workshop)
_ROWS_WITH_VOUCHER = (
    _ROWS.add_columns(Voucher, _OF_VOUCHER.name.label("voucher_workshop"))
    .join(Cart, Cart.id == CartLine.cart_id)
    .join(Voucher, Voucher.id == Cart.voucher_id)
    .outerjoin(_OF_VOUCHER, _OF_VOUCHER.id == Voucher.workshop_id)
)


def basket(
    session: Session,
    *,
    cart: Cart,
    currency: str,
    held: Mapping[int, int] | None = None,
    vouchers_held: Collection[int] = (),
) -> Basket:
    """The cart at today's prices, by workshop; what cannot be bought carries a `problem` code.

    `held` (variant id → pieces) is what an unpaid order of this cart holds already: these pieces are hers, and so are
    its uses of vouchers, `vouchers_held`. Two statements; a voucher without anything to take it off gives nothing.
    """
    rows = session.execute(_ROWS if cart.voucher_id is None else _ROWS_WITH_VOUCHER, {"cart_id": cart.id}).all()
    hers = held or {}
    lines = [_line(row, currency=currency, held=hers.get(row.variant_id, 0)) for row in rows]
    workshops = {row.workshop_id: row for row in rows}
    try:
        posts: dict[int, Post] = (
            post_to(session, country=cart.country, workshop_ids=list(workshops)) if workshops else {}
        )
    except NoPost:
        posts = {}
    parcels = [
        _parcel(workshop, [line for line in lines if line.workshop_id == workshop_id], posts.get(workshop_id))
        for workshop_id, workshop in sorted(workshops.items())
    ]
    found = Basket(cart.id, cart.version, cart.country, currency, tuple(parcels))
    if cart.voucher_id is None or not rows:
        return found
    goods = [Goods(line.workshop_id, line.amount.minor) for line in lines if line.currency == currency]
    taken = off(
        rows[0].Voucher,
        rows[0].voucher_workshop or {},
        goods=goods,
        post_minor=found.post.minor if found.post else 0,
        currency=currency,
        held=cart.voucher_id in vouchers_held,
    )
    return replace(found, voucher=taken)


def _line(row: Any, *, currency: str, held: int) -> BasketLine:
    left = row.on_hand - row.reserved + held
    shelf = min(row.quantity, max(left, 0))
    made = row.quantity - shelf
    problem = ""
    on_sale = row.state == "published" and row.is_active and row.is_open
    if not on_sale or row.price_minor is None or row.currency != currency:
        problem = "not_for_sale"
    elif made and not row.made_to_order:
        problem = "sold_out" if left <= 0 else "too_few"
    return BasketLine(
        row.variant_id,
        row.product_id,
        row.slug,
        row.name,
        row.size_label,
        row.colour,
        row.sku or "",
        row.picture_key,
        row.width or 0,
        row.height or 0,
        row.workshop_id,
        row.quantity,
        row.price_minor or row.seen_minor,
        row.currency,
        row.seen_minor,
        shelf,
        made,
        row.lead_days if made else 0,
        problem,
    )


def _parcel(workshop: Any, lines: list[BasketLine], post: Post | None) -> Parcel:
    """`workshop` is any row of one of its lines."""
    ship_by = clock.today() + timedelta(days=PACK_DAYS + max((line.lead_days for line in lines), default=0))
    return Parcel(
        workshop.workshop_id,
        workshop.workshop_slug,
        workshop.workshop_name,
        workshop.broker_id,
        tuple(lines),
        post,
        ship_by,
        ship_by + timedelta(days=post.days_min) if post else None,
        ship_by + timedelta(days=post.days_max) if post else None,
    )
