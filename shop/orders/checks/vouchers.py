"""Vouchers: what an order was given is a use of one voucher, borne by whom that voucher says, within its limits."""

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from shop.cart.models import Voucher
from shop.ledger.audit import Breach, check, named_rows
from shop.orders.models import OrderGroup, SellerOrder, SplitPart, VoucherUse


def _uses(session: Session) -> list[Breach]:
    """An order with a voucher is one use of it; the use is freed exactly when the order ended unpaid."""
    ended = and_(OrderGroup.paid_at.is_(None), OrderGroup.state.in_(("cancelled", "refunded")))
    wrong = (
        select(OrderGroup.id)
        .outerjoin(VoucherUse, VoucherUse.group_id == OrderGroup.id)
        .where(
            or_(
                (OrderGroup.voucher_minor > 0) != VoucherUse.id.is_not(None),
                and_(VoucherUse.id.is_not(None), ended != VoucherUse.freed_at.is_not(None)),
            )
        )
    )
    return named_rows(session, "orders.voucher_uses", wrong)


def _limits(session: Session) -> list[Breach]:
    """A voucher counts the uses there are; they are no more than it allows in all, nor by any one buyer."""
    live = (
        select(VoucherUse.voucher_id, func.count(VoucherUse.id).label("uses"))
        .where(VoucherUse.freed_at.is_(None))
        .group_by(VoucherUse.voucher_id)
        .subquery()
    )
    uses = func.coalesce(live.c.uses, 0)
    in_all = (
        select(Voucher.id)
        .outerjoin(live, live.c.voucher_id == Voucher.id)
        .where(or_(Voucher.used != uses, uses > Voucher.limit_all))
    )
    each = (
        select(Voucher.id)
        .join(VoucherUse, VoucherUse.voucher_id == Voucher.id)
        .where(VoucherUse.freed_at.is_(None))
        .group_by(Voucher.id, Voucher.limit_each, VoucherUse.buyer)
        .having(func.count(VoucherUse.id) > Voucher.limit_each)
    )
    return [
        *named_rows(session, "orders.voucher_limits", in_all),
        *named_rows(session, "orders.voucher_limits", each),
    ]


def _bearer(session: Session) -> list[Breach]:
    """A workshop's voucher is waived by that workshop and given by nobody; the co-op's is given, and nothing waived."""
    wrong = (
        select(SplitPart.id)
        .join(SellerOrder, SellerOrder.id == SplitPart.seller_order_id)
        .outerjoin(VoucherUse, VoucherUse.group_id == SellerOrder.group_id)
        .outerjoin(Voucher, Voucher.id == VoucherUse.voucher_id)
        .where(
            or_(
                and_(SplitPart.given_minor > 0, func.coalesce(Voucher.kind, "") != "coop"),
                and_(SplitPart.waived_minor > 0, func.coalesce(Voucher.kind, "") != "workshop"),
                and_(SplitPart.waived_minor > 0, Voucher.workshop_id != SellerOrder.workshop_id),
            )
        )
    )
    return named_rows(session, "orders.voucher_bearer", wrong)


def init_checks() -> None:
    """Register these."""
    for name, found in {
        "orders.voucher_uses": _uses,
        "orders.voucher_limits": _limits,
        "orders.voucher_bearer": _bearer,
    }.items():
        check(name)(found)
