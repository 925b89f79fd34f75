"""An order's use of a voucher: taken when it is placed, freed when it ends unpaid, taken again when it is paid late.

Every one of these holds the voucher's row, after pieces are reserved and before anything else waits for it; so the
limits hold however many order at once, and no two orders wait for each other.
"""

import unicodedata

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from shop import clock
from shop.cart.errors import VoucherEnded, VoucherUsedByYou, VoucherUsedUp
from shop.cart.models import Voucher
from shop.db import locked
from shop.orders.models import OrderGroup, VoucherUse


def buyer_key(email: str) -> str:
    """How a buyer is known to a voucher: her e-mail address, whatever the case of its letters."""
    return unicodedata.normalize("NFKC", email).strip().casefold()[:254]


def take_use(session: Session, *, group: OrderGroup, voucher_id: int) -> None:
    """Count this order among a voucher's uses. Raises VoucherUsedUp, VoucherUsedByYou, or VoucherEnded in the meantime."""
    buyer = buyer_key(group.email)
    _count_in(session, voucher_id, buyer, ended=VoucherEnded)
    session.add(VoucherUse(group_id=group.id, voucher_id=voucher_id, buyer=buyer, used_at=clock.now()))


def _count_in(session: Session, voucher_id: int, buyer: str, *, ended: type[VoucherEnded] | None) -> None:
    room = or_(Voucher.limit_all.is_(None), Voucher.used < Voucher.limit_all)
    live = Voucher.ended_at.is_(None) if ended else Voucher.id == voucher_id
    held = session.execute(
        update(Voucher)
        .where(Voucher.id == voucher_id, room, live)
        .values(used=Voucher.used + 1)
        .returning(Voucher.code, Voucher.limit_each)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if held is None:
        code, over = session.execute(select(Voucher.code, Voucher.ended_at).where(Voucher.id == voucher_id)).one()
        if ended and over is not None:
            raise ended(code=code)
        raise VoucherUsedUp(code=code)
    _within_hers(session, voucher_id, buyer, code=held.code, limit=held.limit_each)


def _within_hers(session: Session, voucher_id: int, buyer: str, *, code: str, limit: int | None) -> None:
    """The voucher's row is held: nobody adds a use between this count and the end of the unit of work."""
    if limit is None:
        return
    hers = session.scalar(
        select(func.count(VoucherUse.id)).where(
            VoucherUse.voucher_id == voucher_id, VoucherUse.buyer == buyer, VoucherUse.freed_at.is_(None)
        )
    )
    if (hers or 0) >= limit:
        raise VoucherUsedByYou(code=code, limit=limit)


def free_use(session: Session, *, group_id: int) -> None:
    """The order has ended unpaid: somebody else may have its use. Again, or without a voucher, it changes nothing."""
    voucher_id = session.scalar(
        update(VoucherUse)
        .where(VoucherUse.group_id == group_id, VoucherUse.freed_at.is_(None))
        .values(freed_at=clock.now())
        .returning(VoucherUse.voucher_id)
        .execution_options(synchronize_session=False)
    )
    if voucher_id is not None:
        session.execute(
            update(Voucher)
            .where(Voucher.id == voucher_id)
            .values(used=Voucher.used - 1)
            .execution_options(synchronize_session=False)
        )


def take_use_again(session: Session, *, group: OrderGroup) -> None:
    """An order that had ended is paid after all: its use counts again, also of a voucher that has ended since.

    Raises VoucherUsedUp or VoucherUsedByYou where others have used it up in the meantime.
    """
    use = session.scalar(
        select(VoucherUse)
        .where(VoucherUse.group_id == group.id, VoucherUse.freed_at.is_not(None))
        .execution_options(populate_existing=True)
    )
    if use is None:
        return
    _count_in(session, use.voucher_id, use.buyer, ended=None)
    use.freed_at = None
    session.flush()  # read again by nobody here, but the savepoint around it must hold it


def hand_over(session: Session, *, group: OrderGroup) -> None:
    """The buyer of an unpaid order has typed another e-mail: the use is that address's. Raises VoucherUsedByYou."""
    use = session.scalar(select(VoucherUse).where(VoucherUse.group_id == group.id))
    buyer = buyer_key(group.email)
    if use is None or use.buyer == buyer:
        return
    voucher = locked(session, Voucher, {use.voucher_id})[use.voucher_id]
    _within_hers(session, voucher.id, buyer, code=voucher.code, limit=voucher.limit_each)
    use.buyer = buyer
