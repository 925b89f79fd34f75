"""Vouchers: made, entered into a cart, ended, and what one takes off. Uses are counted where orders are placed."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.cart.errors import (
    VoucherBelowMinimum,
    VoucherElsewhere,
    VoucherEnded,
    VoucherNotYet,
    VoucherRefused,
    VoucherUnknown,
    VoucherUsedUp,
)
from shop.cart.models import Cart, Voucher
from shop.coop.services import record
from shop.db import Texts, locked
from shop.errors import BadInput, Conflict, NotFound, Taken
from shop.workshops.models import Workshop

SHORTEST, LONGEST = 3, 30
MOST_USES = 1_000_000
MOST_MINOR = 10**12


@dataclass(frozen=True, slots=True)
class Off:
    """A cart's voucher, and what it takes off in minor units; or why it gives nothing."""

    voucher_id: int
    code: str
    kind: str
    workshop_id: int | None
    minor: int
    refused: VoucherRefused | None = None

    def fits(self, workshop_id: int) -> bool:
        """Whether it is for the pieces of this workshop."""
        return self.workshop_id in {None, workshop_id}


@dataclass(frozen=True, slots=True)
class Goods:
    """What of a cart a voucher may be for: its workshop, and what its lines cost."""

    workshop_id: int
    minor: int


def folded(text: str) -> str:
    """A code as it is kept, however it was typed: capitals, no spaces, plain width. Raises VoucherUnknown for none."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()
    said = [sign for sign in plain if sign != "-"]
    if not SHORTEST <= len(plain) <= LONGEST or not said or not all(sign.isalnum() for sign in said):
        raise VoucherUnknown(code="".join(sign for sign in plain[:LONGEST] if sign.isprintable()))
    return plain


def is_taken(session: Session, *, code: str) -> bool:
    """Whether there is a voucher with this code, as `folded` gives it."""
    return session.scalar(select(Voucher.id).where(Voucher.code == code)) is not None


def enter(session: Session, *, cart: Cart, code: str) -> None:
    """Put a code into the cart; it is another cart then. Raises VoucherUnknown."""
    plain = folded(code)
    voucher_id = session.scalar(select(Voucher.id).where(Voucher.code == plain))
    if voucher_id is None:
        raise VoucherUnknown(code=plain)
    _set(session, cart, voucher_id)


def drop(session: Session, *, cart: Cart) -> None:
    """Take the code out of the cart; harmless where there is none."""
    _set(session, cart, None)


def _set(session: Session, cart: Cart, voucher_id: int | None) -> None:
    if cart.voucher_id == voucher_id:
        return
    # an unpaid order of the cart as it was is another order than this one
    session.execute(
        update(Cart)
        .where(Cart.id == cart.id)
        .values(voucher_id=voucher_id, version=Cart.version + 1, touched_at=clock.now())
    )
    session.refresh(cart)


def off(
    voucher: Voucher, workshop: Texts, *, goods: Sequence[Goods], post_minor: int, currency: str, held: bool = False
) -> Off:
    """What this voucher takes off such a cart today, or why nothing; `workshop` is the name of the one it is for.

    `held`: an unpaid order of this very cart is one of its uses.
    """
    minor, refused = 0, None
    try:
        minor = _minor(voucher, workshop, goods, post_minor, currency, held=held)
    except VoucherRefused as error:
        refused = error
    return Off(voucher.id, voucher.code, voucher.kind, voucher.workshop_id, minor, refused)


def _minor(
    voucher: Voucher, workshop: Texts, goods: Sequence[Goods], post_minor: int, currency: str, *, held: bool
) -> int:
    code, today = voucher.code, clock.today()
    if voucher.currency != currency:
        raise VoucherUnknown(code=code)
    if voucher.ended_at is not None or (voucher.valid_until is not None and voucher.valid_until < today):
        raise VoucherEnded(code=code)
    if voucher.valid_from > today:
        raise VoucherNotYet(code=code, day=voucher.valid_from)
    if voucher.limit_all is not None and voucher.used - held >= voucher.limit_all:
        raise VoucherUsedUp(code=code)
    fitting = [each.minor for each in goods if voucher.workshop_id in {None, each.workshop_id}]
    if goods and not fitting:
        raise VoucherElsewhere(code=code, workshop=workshop)
    whole = sum(fitting)
    # of less than this a percentage is nothing at all
    least = max(voucher.minimum_minor, -(-100 // voucher.percent) if voucher.percent else 1)
    if whole < least:
        raise VoucherBelowMinimum(code=code, minimum_minor=least, currency=currency)
    base = whole + (post_minor if voucher.with_post else 0)
    # rounded down: a workshop's share is never passed by rounding
    return base * voucher.percent // 100 if voucher.percent else min(voucher.amount_minor or 0, base)


def make_voucher(
    session: Session,
    *,
    code: str,
    kind: str,
    currency: str,
    valid_from: date,
    by: Actor,
    percent: int | None = None,
    amount_minor: int | None = None,
    workshop_id: int | None = None,
    minimum_minor: int = 0,
    with_post: bool = False,
    valid_until: date | None = None,
    limit_all: int | None = None,
    limit_each: int | None = None,
) -> Voucher:
    """A new voucher. Raises Taken for a code there is already, BadInput naming the field that cannot be meant."""
    try:
        plain = folded(code)
    except VoucherUnknown:
        raise BadInput(field="code") from None
    for field, fine in (
        ("kind", kind in {"coop", "workshop"}),
        ("workshop_id", kind == "coop" or workshop_id is not None),
        ("percent", (percent is None) != (amount_minor is None) and (percent is None or 1 <= percent <= 100)),
        ("amount_minor", amount_minor is None or 1 <= amount_minor <= MOST_MINOR),
        ("minimum_minor", 0 <= minimum_minor <= MOST_MINOR),
        ("with_post", not with_post or (kind == "coop" and workshop_id is None)),
        ("valid_until", valid_until is None or valid_until >= max(valid_from, clock.today())),
        ("limit_all", limit_all is None or 1 <= limit_all <= MOST_USES),
        ("limit_each", limit_each is None or 1 <= limit_each <= MOST_USES),
    ):
        if not fine:
            raise BadInput(field=field)
    if workshop_id is not None and session.get(Workshop, workshop_id) is None:
        raise NotFound(what="workshop")
    if is_taken(session, code=plain):
        raise Taken(field="code", value=plain)
    voucher = Voucher(
        code=plain,
        kind=kind,
        workshop_id=workshop_id,
        percent=percent,
        amount_minor=amount_minor,
        currency=currency,
        minimum_minor=minimum_minor,
        with_post=with_post,
        valid_from=valid_from,
        valid_until=valid_until,
        limit_all=limit_all,
        limit_each=limit_each,
        made_by=by.key,
        made_at=clock.now(),
    )
    session.add(voucher)
    session.flush()  # the history names it
    record(session, about=f"voucher:{voucher.id}", kind="voucher", by=by, facts={"code": plain})
    return voucher


def end_voucher(session: Session, *, voucher_id: int, by: Actor) -> Voucher:
    """Nobody can use it from now on; orders placed with it stand. Raises NotFound, Conflict where it had been ended."""
    voucher = locked(session, Voucher, {voucher_id}).get(voucher_id)
    if voucher is None:
        raise NotFound(what="voucher")
    if voucher.ended_at is not None:
        raise Conflict(state="ended")
    voucher.ended_at, voucher.ended_by = clock.now(), by.key
    record(session, about=f"voucher:{voucher.id}", kind="voucher_ended", by=by, facts={"code": voucher.code})
    return voucher
