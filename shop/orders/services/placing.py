"""Placing an order: split frozen, pieces reserved, payment asked for, in one unit of work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.cart.errors import NoPost, NotForSale
from shop.cart.models import Cart
from shop.cart.queries import Basket, BasketLine, Parcel, basket
from shop.catalog import services as catalog
from shop.catalog.errors import SoldOut
from shop.catalog.models import Piece
from shop.catalog.queries import LiveSplit, live_splits
from shop.coop.facts import coop_facts
from shop.db import locked
from shop.errors import Conflict
from shop.ids import secret, spoken
from shop.orders.errors import CartChanged, EmptyCart, PriceChanged
from shop.orders.history import note
from shop.orders.models import OrderGroup, OrderLine, SellerOrder, SplitPart
from shop.orders.services.freezing import Frozen, parts_of_made, parts_of_shelf, with_voucher
from shop.orders.services.settling import settle_given
from shop.orders.services.vouchers import hand_over, take_use
from shop.payments.models import Checkout
from shop.payments.services import ask_for_payment, live_checkout, newest_checkout

PAGE_OPEN = timedelta(minutes=35)
HELD = timedelta(minutes=45)
"""Stripe's page closes before our reservation ends (money.md 6)."""


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who buys and where it goes; what was typed on the checkout page."""

    email: str
    name: str
    street: str
    city: str
    country: str
    lang: str
    phone: str = ""
    region: str = ""
    postcode: str = ""
    note: str = ""
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """The order, and the checkout that waits to be opened or is open; None when there is nothing to pay."""

    group: OrderGroup
    checkout: Checkout | None
    fresh: bool


def place(
    session: Session,
    *,
    cart_id: int,
    version: int,
    buyer: Buyer,
    currency: str,
    site_url: str,
    by: Actor,
) -> Placed:
    """Place the order of a cart as the buyer saw it; the same cart and version again give the order there is.

    One that its voucher pays whole is paid at once. Raises EmptyCart, CartChanged, PriceChanged, SoldOut, NotForSale,
    NoPost, and VoucherRefused by its kinds; nothing is kept then.
    """
    key = f"cart:{cart_id}:{version}"
    cart = locked(session, Cart, {cart_id}).get(cart_id)
    known = session.scalar(select(OrderGroup).where(OrderGroup.key == key))
    if known is not None:
        return _again(session, known, buyer, site_url)
    if cart is None or cart.version != version:
        raise CartChanged
    if cart.country != buyer.country:
        raise CartChanged
    bought = basket(session, cart=cart, currency=currency)
    _check(bought)
    now = clock.now()
    group = OrderGroup(
        number=f"QS-{spoken(6)}",
        secret=secret(),
        key=key,
        cart_id=cart_id,
        currency=currency,
        goods_minor=bought.goods.minor,
        shipping_minor=bought.post.minor if bought.post else 0,
        voucher_minor=bought.off.minor,
        total_minor=bought.goods.minor + (bought.post.minor if bought.post else 0) - bought.off.minor,
        placed_at=now,
        expires_at=now + HELD,
        **_of_buyer(buyer),
    )
    session.add(group)
    session.flush()  # everything below points to it
    held = catalog.reserve(
        session,
        ref=f"order:{group.id}",
        wants={line.variant_id: line.shelf for line in bought.lines if line.shelf},
        until=group.expires_at,
    )
    if bought.voucher:
        take_use(session, group=group, voucher_id=bought.voucher.voucher_id)
    lines = _freeze(session, group, bought, held)
    note(session, group_id=group.id, kind="placed", by=by, facts={"total_minor": group.total_minor})
    if not group.total_minor:
        settle_given(session, group=group, by=by)
        return Placed(group, None, fresh=True)
    checkout = _ask(session, group, lines, site_url, attempt=1)
    return Placed(group, checkout, fresh=True)


def _again(session: Session, group: OrderGroup, buyer: Buyer, site_url: str) -> Placed:
    """A double click, a second tab or the back button: the same order, with what she typed last while unpaid."""
    if group.state != "placed":
        return Placed(group, None, fresh=False)
    if buyer.country != group.country:
        # its post was reckoned for another country
        raise CartChanged
    for name, value in _of_buyer(buyer).items():
        setattr(group, name, value)
    if group.voucher_minor:
        hand_over(session, group=group)
    checkout = live_checkout(session, ref=f"order:{group.id}")
    if checkout is None:
        checkout = retry_payment(session, group_id=group.id, site_url=site_url)
    return Placed(group, checkout, fresh=False)


def _of_buyer(buyer: Buyer) -> dict[str, Any]:
    return {
        "email": buyer.email,
        "name": buyer.name,
        "phone": buyer.phone,
        "street": buyer.street,
        "city": buyer.city,
        "region": buyer.region,
        "postcode": buyer.postcode,
        "country": buyer.country,
        "note": buyer.note,
        "lang": buyer.lang,
        "user_id": buyer.user_id,
    }


def _check(bought: Basket) -> None:
    if not bought.lines:
        raise EmptyCart
    for line in bought.lines:
        if line.problem == "not_for_sale":
            raise NotForSale(variant_id=line.variant_id)
        if line.problem:
            raise SoldOut(variant_id=line.variant_id, left=line.shelf)
    changed = [line.product_id for line in bought.lines if line.price_changed]
    if changed:
        raise PriceChanged(product_ids=changed)
    if bought.post is None:
        raise NoPost(country=bought.country)
    if bought.refused:
        raise bought.refused


def _freeze(session: Session, group: OrderGroup, bought: Basket, held: dict[int, list[Piece]]) -> list[OrderLine]:
    """Workshops' parts, lines and shares, each kind written at once: the write door is held no longer than need be."""
    splits = live_splits(session, variant_ids=[line.variant_id for line in bought.lines])
    sellers = [_seller_order(group, parcel) for parcel in bought.parcels]
    session.add_all(sellers)
    session.flush()  # lines and parts point to them
    drafts: list[tuple[OrderLine, list[Frozen]]] = []
    for seller, parcel in zip(sellers, bought.parcels, strict=True):
        for line in parcel.lines:
            for source, quantity, parts in _sources(line, splits, held.get(line.variant_id, [])):
                drafts.append((_line(seller, line, source, quantity), parts))
    lines = [line_row for line_row, _ in drafts]
    session.add_all(lines)
    session.flush()  # their parts point to them
    filled, given = [parts for _, parts in drafts], [0] * len(sellers)
    if bought.voucher:
        owners = {line.variant_id: line.workshop_id for line in bought.lines}
        owned = [(owners[line_row.variant_id], parts) for line_row, parts in drafts]
        filled, given = with_voucher(owned, [seller.shipping_minor for seller in sellers], bought.voucher)
    rows = [_shipping(seller, minor) for seller, minor in zip(sellers, given, strict=True) if seller.shipping_minor]
    for line_row, parts in zip(lines, filled, strict=True):
        rows += [_part(line_row, place, part) for place, part in enumerate(parts)]
    session.execute(insert(SplitPart), rows)
    return lines


def _part(line: OrderLine, place: int, part: Frozen) -> dict[str, Any]:
    return {
        "line_id": line.id,
        "seller_order_id": line.seller_order_id,
        "position": place,
        "kind": part.kind,
        "payee": part.payee,
        "paid_minor": part.paid_minor,
        "given_minor": part.given_minor,
        "waived_minor": part.waived_minor,
        "currency": line.currency,
    }


def _sources(
    line: BasketLine, splits: dict[int, LiveSplit], pieces: list[Piece]
) -> list[tuple[str, int, list[Frozen]]]:
    """A line of both kinds is cut into one from the shelf and one to be made (money.md 1)."""
    split = splits.get(line.variant_id)
    if split is None or split.price_minor != line.unit_minor:
        raise NotForSale(variant_id=line.variant_id)
    cut: list[tuple[str, int, list[Frozen]]] = []
    if line.shelf:
        cut.append(("shelf", line.shelf, parts_of_shelf(split, pieces)))
    if line.made:
        cut.append(("made", line.made, parts_of_made(split, line.made)))
    return cut


def _seller_order(group: OrderGroup, parcel: Parcel) -> SellerOrder:
    assert parcel.post is not None
    assert parcel.arrives_from is not None
    assert parcel.arrives_to is not None
    return SellerOrder(
        group_id=group.id,
        workshop_id=parcel.workshop_id,
        broker_id=parcel.broker_id,
        shipping_minor=parcel.post.fee_minor,
        currency=group.currency,
        ship_by=parcel.ship_by,
        arrives_from=parcel.arrives_from,
        arrives_to=parcel.arrives_to,
    )


def _shipping(seller: SellerOrder, given_minor: int) -> dict[str, Any]:
    """The post of a parcel, to the broker who sends it; the co-op's voucher may have given some of it."""
    return {
        "line_id": None,
        "seller_order_id": seller.id,
        "position": 0,
        "kind": "shipping",
        "payee": f"broker:{seller.broker_id}",
        "paid_minor": seller.shipping_minor - given_minor,
        "given_minor": given_minor,
        "waived_minor": 0,
        "currency": seller.currency,
    }


def _line(seller: SellerOrder, line: BasketLine, source: str, quantity: int) -> OrderLine:
    return OrderLine(
        seller_order_id=seller.id,
        variant_id=line.variant_id,
        title=line.name,
        size_label=line.size_label,
        sku=line.sku,
        source=source,
        quantity=quantity,
        unit_minor=line.unit_minor,
        amount_minor=line.unit_minor * quantity,
        currency=line.currency,
    )


def _ask(session: Session, group: OrderGroup, lines: Sequence[OrderLine], site_url: str, *, attempt: int) -> Checkout:
    """The request for Stripe, stored before the call: everything in it comes from frozen rows."""
    named = [[_title(line, group.lang), line.unit_minor, line.quantity] for line in lines]
    if group.shipping_minor:
        named.append([{"zh": "邮费", "vi": "Cước gửi", "en": "Post"}[group.lang], group.shipping_minor, 1])
    if group.voucher_minor:
        # Stripe takes no negative line, so a reduced order is one line of the right sum
        named = [[f"{group.number}", group.total_minor, 1]]
    page = f"{site_url}/{group.lang}/orders/{group.secret}"
    return ask_for_payment(
        session,
        ref=f"order:{group.id}",
        key=f"order:{group.id}:{attempt}",
        amount_minor=group.total_minor,
        currency=group.currency,
        expires_at=clock.now() + PAGE_OPEN,
        request={
            "lines": named,
            "email": group.email,
            "shop_name": _shop_name(session, group.lang),
            "success_url": page,
            "cancel_url": f"{site_url}/{group.lang}/cart",
            "lang": group.lang,
        },
    )


def _shop_name(session: Session, lang: str) -> str:
    names = coop_facts(session).name
    return names.get(lang) or next((name for name in names.values() if name), "")


def _title(line: OrderLine, lang: str) -> str:
    found = line.title.get(lang) or next((text for text in line.title.values() if text), line.sku)
    size = line.size_label.get(lang, "")
    return f"{found}, {size}" if size else found


def retry_payment(session: Session, *, group_id: int, site_url: str) -> Checkout:
    """Another try to be paid for an order that still holds its pieces; the live try, where there is one.

    Raises Conflict where the order is paid or over.
    """
    group = locked(session, OrderGroup, {group_id})[group_id]
    if group.state != "placed" or group.expires_at <= clock.now():
        raise Conflict(state=group.state)
    ref = f"order:{group.id}"
    live = live_checkout(session, ref=ref)
    if live is not None:
        return live
    before = newest_checkout(session, ref=ref)
    attempt = int(before.key.rsplit(":", 1)[1]) + 1 if before else 1
    group.expires_at = clock.now() + HELD
    catalog.prolong(session, ref=ref, until=group.expires_at)
    lines = session.scalars(
        select(OrderLine)
        .join(SellerOrder, SellerOrder.id == OrderLine.seller_order_id)
        .where(SellerOrder.group_id == group.id)
        .order_by(OrderLine.id)
    ).all()
    return _ask(session, group, lines, site_url, attempt=attempt)
