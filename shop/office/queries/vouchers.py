"""Vouchers as the co-op reads them: what each gives, for whom, and what it has given."""

from dataclasses import dataclass

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from shop.cart.models import Voucher
from shop.db import Texts
from shop.money import Money
from shop.orders.models import OrderGroup, OrderLine, RefundPart, SellerOrder, SplitPart, VoucherUse
from shop.workshops.models import Workshop

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A voucher, the name of its workshop, and what it gave to orders that were paid."""

    voucher: Voucher
    workshop: Texts | None
    given: Money


_BACK = select(func.sum(RefundPart.given_minor)).where(RefundPart.part_id == SplitPart.id).scalar_subquery()
_KEPT = (
    SplitPart.given_minor
    - func.coalesce(_BACK, 0)
    + case((OrderLine.cancelled.is_(True), 0), else_=SplitPart.waived_minor)
)
"""What a voucher gave of a part and what was not given back since."""


def vouchers(session: Session, *, before: int | None = None, limit: int = PAGE + 1) -> list[Line]:
    """The newest first; `before` is the last id of the page before. Two statements."""
    query = (
        select(Voucher, Workshop.name)
        .outerjoin(Workshop, Workshop.id == Voucher.workshop_id)
        .order_by(Voucher.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(Voucher.id < before)
    rows = session.execute(query).all()
    given = {
        voucher_id: int(minor)
        for voucher_id, minor in session.execute(
            select(VoucherUse.voucher_id, func.sum(_KEPT))
            .join(OrderGroup, OrderGroup.id == VoucherUse.group_id)
            .join(SellerOrder, SellerOrder.group_id == OrderGroup.id)
            .join(SplitPart, SplitPart.seller_order_id == SellerOrder.id)
            .outerjoin(OrderLine, OrderLine.id == SplitPart.line_id)
            .where(
                VoucherUse.voucher_id.in_([voucher.id for voucher, _ in rows]),
                and_(VoucherUse.freed_at.is_(None), OrderGroup.paid_at.is_not(None)),
            )
            .group_by(VoucherUse.voucher_id)
        )
    }
    return [Line(voucher, name, Money(given.get(voucher.id, 0), voucher.currency)) for voucher, name in rows]


def voucher_of_order(session: Session, *, order_id: int) -> Voucher | None:
    """The voucher that an order used."""
    return session.scalar(
        select(Voucher).join(VoucherUse, VoucherUse.voucher_id == Voucher.id).where(VoucherUse.group_id == order_id)
    )
