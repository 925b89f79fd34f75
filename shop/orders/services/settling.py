"""Taking a payment once, whoever reports it: webhook, return page or worker (money.md 5 and 6)."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import STRIPE, WORKER, Actor
from shop.cart.errors import VoucherRefused
from shop.cart.models import Cart
from shop.cart.services import empty, touch
from shop.catalog import services as catalog
from shop.catalog.errors import SoldOut
from shop.catalog.models import Reservation
from shop.coop.services import open_task
from shop.db import locked
from shop.ledger.chart import Name, account
from shop.ledger.services import Draft, Move, post
from shop.orders.history import note
from shop.orders.mails import owe_order_mail
from shop.orders.models import LinePiece, OrderGroup, OrderLine, SellerOrder, SplitPart
from shop.orders.services.refunds import fee_draft, give_back, give_back_short
from shop.orders.services.routing import route
from shop.orders.services.vouchers import free_use, take_use_again
from shop.payments.answers import CheckoutAnswer, FeeAnswer
from shop.payments.models import Checkout
from shop.payments.services import LIVE

_ASYNC = timedelta(hours=3)
"""How long a wallet's payment under way keeps its pieces before it is looked at again."""


def order_of(ref: str) -> int | None:
    """The order that a payment's reference names."""
    kind, _, number = ref.partition(":")
    return int(number) if kind == "order" and number.isdecimal() else None


def held_order(session: Session, *, group_id: int) -> OrderGroup | None:
    """The order, held until the unit of work ends, and before it its cart: placing takes them in that order too."""
    cart_id = session.scalar(select(OrderGroup.cart_id).where(OrderGroup.id == group_id))
    if cart_id is not None:
        locked(session, Cart, {cart_id})
    return locked(session, OrderGroup, {group_id}).get(group_id)


def settle(session: Session, checkout: Checkout, answer: CheckoutAnswer, fee: FeeAnswer | None) -> str:
    """Book a payment that Stripe reports as made. Gives the outcome in a word; again, it changes nothing.

    Amount, currency and mode are compared with what we asked for: a real payment of 1.00 settles no order of 2,000.00.
    """
    group_id = order_of(checkout.ref)
    if group_id is None:
        return "not an order"
    group = held_order(session, group_id=group_id)
    if group is None:
        return "no such order"
    session.refresh(checkout)
    if checkout.state == "paid":
        return "already paid"
    if answer.currency != checkout.currency or answer.mode != "payment" or not answer.payment_intent:
        return _mismatch(session, group, checkout, answer, fee)
    checkout.state, checkout.paid_at, checkout.payment_intent = "paid", clock.now(), answer.payment_intent
    checkout.received_minor = answer.amount_minor
    checkout.fee_minor = fee.fee_minor if fee and fee.currency == checkout.currency else None
    drafts = _received(group, checkout, answer)
    outcome = "paid"
    if group.paid_at is not None:
        # also when everything of it was cancelled since: it was paid once
        outcome = _back(session, group, answer, answer.amount_minor, "double_payment")
    elif answer.amount_minor < group.total_minor:
        open_task(
            session,
            key=f"payment:{answer.session_id}",
            kind="short_payment",
            facts={"order": group.number, "paid_minor": answer.amount_minor, "total_minor": group.total_minor},
        )
        outcome = "short"
    elif not _pieces_are_ours(session, group):
        outcome = _back(session, group, answer, answer.amount_minor, "late_payment")
        group.state = "refunded"
        if group.voucher_minor:
            free_use(session, group_id=group.id)
        give_back_short(session, group, but=checkout)
    else:
        drafts.append(_take(session, group, by=STRIPE))
        group.settling_intent = answer.payment_intent
        if answer.amount_minor > group.total_minor:
            _back(session, group, answer, answer.amount_minor - group.total_minor, "over_payment")
        give_back_short(session, group, but=checkout)
    post(session, drafts, by=STRIPE)
    return outcome


def _back(session: Session, group: OrderGroup, answer: CheckoutAnswer, amount_minor: int, reason: str) -> str:
    assert answer.payment_intent is not None
    return give_back(session, group, payment_intent=answer.payment_intent, amount_minor=amount_minor, reason=reason)


def _mismatch(
    session: Session, group: OrderGroup, checkout: Checkout, answer: CheckoutAnswer, fee: FeeAnswer | None
) -> str:
    """Money that is not what we asked for: it came, so it is booked, as nobody's yet; the page is over, a person looks.

    The order stays unpaid and ends with its time, and then what it held is for sale again.
    """
    open_task(
        session,
        key=f"payment:{answer.session_id}",
        kind="payment_mismatch",
        facts={"order": group.number, "currency": answer.currency, "amount_minor": answer.amount_minor},
    )
    checkout.state = "failed"
    if not answer.payment_intent or answer.amount_minor <= 0:
        return "mismatch"
    checkout.payment_intent, checkout.received_minor = answer.payment_intent, answer.amount_minor
    checkout.paid_at = checkout.paid_at or clock.now()
    draft = Draft(
        key=f"pay:{answer.payment_intent}",
        kind="pay",
        currency=answer.currency,
        moves=[Move(account("psp:stripe"), account("suspense:in"), answer.amount_minor)],
        source=f"order:{group.id}",
    )
    drafts = [draft]
    if fee is not None and fee.fee_minor and fee.currency == answer.currency:
        kept = Move(account("coop:costs"), account("psp:stripe"), fee.fee_minor)
        drafts.append(replace(draft, key=f"{draft.key}:fee", kind="pay_fee", moves=[kept]))
    post(session, drafts, by=STRIPE)
    return "mismatch"


def _received(group: OrderGroup, checkout: Checkout, answer: CheckoutAnswer) -> list[Draft]:
    """psp:stripe has the money, the buyer has it to her credit; the fee is read from Stripe, never computed."""
    pi = answer.payment_intent
    drafts = [
        Draft(
            key=f"pay:{pi}",
            kind="pay",
            currency=group.currency,
            moves=[Move(account("psp:stripe"), account("buyer:credit", group.id), answer.amount_minor)],
            source=f"order:{group.id}",
        )
    ]
    if checkout.fee_minor:
        drafts.append(fee_draft(checkout, checkout.fee_minor, source=f"order:{group.id}"))
    return drafts


def _pieces_are_ours(session: Session, group: OrderGroup) -> bool:
    """Whether what was bought can be had: still held, nothing to hold, or free again and held anew, with its voucher."""
    ref = f"order:{group.id}"
    states = dict(
        session.execute(select(Reservation.variant_id, Reservation.state).where(Reservation.ref == ref)).all()
    )
    if all(state == "held" for state in states.values()) and group.state == "placed":
        return True
    shelf = session.execute(
        select(OrderLine.variant_id, OrderLine.quantity)
        .join(SellerOrder, SellerOrder.id == OrderLine.seller_order_id)
        .where(SellerOrder.group_id == group.id, OrderLine.source == "shelf")
    ).all()
    late = f"{ref}:late"
    try:
        with session.begin_nested():
            catalog.reserve(
                session, ref=late, wants={row.variant_id: row.quantity for row in shelf}, until=group.expires_at
            )
            _same_cost(session, group, late)
            if group.voucher_minor:
                take_use_again(session, group=group)
    except (SoldOut, VoucherRefused):
        return False
    return True


def _same_cost(session: Session, group: OrderGroup, ref: str) -> None:
    """Other pieces than those first held must have cost the same, or the frozen parts would be wrong: SoldOut then."""
    held = catalog.held_pieces(session, ref=ref)
    for line_id, variant_id in session.execute(
        select(OrderLine.id, OrderLine.variant_id)
        .join(SellerOrder, SellerOrder.id == OrderLine.seller_order_id)
        .where(SellerOrder.group_id == group.id, OrderLine.source == "shelf")
    ):
        parts = session.execute(
            select(SplitPart.paid_minor, SplitPart.given_minor).where(
                SplitPart.line_id == line_id, SplitPart.kind.in_(("maker", "materials"))
            )
        ).all()
        cost = sum(piece.maker_minor + piece.materials_minor for piece in held.get(variant_id, []))
        if cost != sum(row.paid_minor + row.given_minor for row in parts):
            raise SoldOut(variant_id=variant_id, left=0)


def settle_given(session: Session, *, group: OrderGroup, by: Actor) -> None:
    """An order that its voucher pays whole is paid as it is placed, by no payment: as any other from here on."""
    post(session, [_take(session, group, by=by)], by=by)


def _take(session: Session, group: OrderGroup, *, by: Actor) -> Draft:
    """The order is paid: pieces leave the shelf, work is opened, and the split becomes postings."""
    taken: dict[int, list[int]] = {}
    for ref in (f"order:{group.id}", f"order:{group.id}:late"):
        for variant_id, ids in catalog.take(session, ref=ref).items():
            taken.setdefault(variant_id, []).extend(ids)
    group.state, group.paid_at = "paid", clock.now()
    sellers = session.scalars(
        select(SellerOrder).where(SellerOrder.group_id == group.id).order_by(SellerOrder.id)
    ).all()
    lines = session.scalars(
        select(OrderLine).where(OrderLine.seller_order_id.in_([seller.id for seller in sellers])).order_by(OrderLine.id)
    ).all()
    for line in lines:
        if line.source == "shelf":
            session.add_all(LinePiece(piece_id=piece_id, line_id=line.id) for piece_id in taken[line.variant_id])
    parts = session.scalars(
        select(SplitPart).where(SplitPart.seller_order_id.in_([seller.id for seller in sellers])).order_by(SplitPart.id)
    ).all()
    note(session, group_id=group.id, kind="paid", by=by, facts={"total_minor": group.total_minor})
    for seller in sellers:
        route(session, group=group, seller=seller, lines=[line for line in lines if line.seller_order_id == seller.id])
    if group.cart_id is not None:
        cart = session.get(Cart, group.cart_id)
        if cart is not None and group.key == f"cart:{cart.id}:{cart.version}":
            empty(session, cart_id=cart.id)
    owe_order_mail(session, group=group, template="paid")
    workshops = {seller.id: seller.workshop_id for seller in sellers}
    sources = {line.id: line.source for line in lines}
    moves = [
        move
        for part in parts
        for move in part_moves(part, group.id, workshops[part.seller_order_id], sources.get(part.line_id or 0, ""))
    ]
    return Draft(
        key=f"order:{group.id}:paid",
        kind="order_paid",
        currency=group.currency,
        moves=moves,
        source=f"order:{group.id}",
    )


def part_moves(part: SplitPart, group_id: int, workshop_id: int, source: str) -> list[Move]:
    """Where a frozen part goes when the order takes the buyer's money (money.md 5, worked example row 6)."""
    buyer = account("buyer:credit", group_id)
    where = part_account(part, workshop_id, source)
    return [Move(buyer, where, part.paid_minor), Move(account("expense", "promotions"), where, part.given_minor)]


def part_account(part: SplitPart, workshop_id: int, source: str) -> Name:
    """The account that a frozen part waits in until its owner has a right to it."""
    line = f"L{part.line_id}"
    if part.kind in {"maker", "materials"}:
        if source == "shelf":
            return account("stock:pieces", workshop_id)
        return account("work:open", line) if part.kind == "maker" else account("materials:held", line)
    if part.kind in {"broker", "shipping", "workshop"} and part.payee:
        owner, _, number = part.payee.partition(":")
        return account(f"{owner}:held", number)
    if part.kind == "workshop":
        return account("workshop:held", workshop_id)
    if part.kind == "tax":
        return account("tax", part.payee or "sales")
    return account("coop:costs") if part.kind == "costs" else account("coop:commission:held", workshop_id)


def expire(session: Session, checkout: Checkout) -> str:
    """The payment page is closed for good and unpaid: what it held is for sale again."""
    group_id = order_of(checkout.ref)
    if group_id is None:
        return "not an order"
    group = held_order(session, group_id=group_id)
    other = session.scalar(select(Checkout.id).where(Checkout.ref == checkout.ref, Checkout.state.in_(LIVE)).limit(1))
    if group is None or group.state != "placed" or other is not None:
        return "nothing to end"
    return cancel_unpaid(session, group=group)


def cancel_unpaid(session: Session, *, group: OrderGroup) -> str:
    """End an order nobody paid: pieces back on sale, history and state say so; its cart can be ordered anew."""
    group.state = "cancelled"
    cart = session.get(Cart, group.cart_id) if group.cart_id is not None else None
    if cart is not None and group.key == f"cart:{cart.id}:{cart.version}":
        touch(session, cart_id=cart.id)
    catalog.free(session, ref=f"order:{group.id}")
    if group.voucher_minor:
        free_use(session, group_id=group.id)
    for seller in session.scalars(select(SellerOrder).where(SellerOrder.group_id == group.id)):
        seller.state = "cancelled"
    note(session, group_id=group.id, kind="expired", by=WORKER)
    return "expired"


def prolong(session: Session, checkout: Checkout) -> None:
    """An e-wallet payment under way keeps the pieces: until it succeeds or fails."""
    group_id = order_of(checkout.ref)
    if group_id is None:
        return
    group = locked(session, OrderGroup, {group_id})[group_id]
    if group.state == "placed":
        group.expires_at = max(group.expires_at, clock.now() + _ASYNC)
        catalog.prolong(session, ref=checkout.ref, until=group.expires_at)
