"""What `flask audit` checks of orders: sums, parts, payments, and the accounts behind them."""

from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from shop.ledger.audit import Breach, check
from shop.ledger.models import Account, Posting
from shop.orders.models import LinePiece, OrderGroup, OrderLine, Refund, SellerOrder, SplitPart
from shop.payments.models import Checkout


def _found(name: str, ids: list[int]) -> list[Breach]:
    return [Breach(name, list(ids))] if ids else []


def _group_sums(session: Session) -> list[Breach]:
    goods = (
        select(SellerOrder.group_id, func.sum(OrderLine.amount_minor).label("goods"))
        .join(OrderLine, OrderLine.seller_order_id == SellerOrder.id)
        .group_by(SellerOrder.group_id)
        .subquery()
    )
    post = (
        select(SellerOrder.group_id, func.sum(SellerOrder.shipping_minor).label("post"))
        .group_by(SellerOrder.group_id)
        .subquery()
    )
    ids = session.scalars(
        select(OrderGroup.id)
        .outerjoin(goods, goods.c.group_id == OrderGroup.id)
        .outerjoin(post, post.c.group_id == OrderGroup.id)
        .where(
            (OrderGroup.goods_minor != func.coalesce(goods.c.goods, 0))
            | (OrderGroup.shipping_minor != func.coalesce(post.c.post, 0))
        )
    ).all()
    return _found("orders.group_sums", list(ids))


def _parts(session: Session) -> list[Breach]:
    sums = (
        select(SplitPart.line_id, func.sum(SplitPart.paid_minor + SplitPart.given_minor).label("whole"))
        .where(SplitPart.line_id.is_not(None))
        .group_by(SplitPart.line_id)
        .subquery()
    )
    ids = session.scalars(
        select(OrderLine.id)
        .outerjoin(sums, sums.c.line_id == OrderLine.id)
        .where(OrderLine.amount_minor != func.coalesce(sums.c.whole, 0), ~OrderLine.cancelled)
    ).all()
    return _found("orders.parts_are_the_line", list(ids))


def _paid_is_posted(session: Session) -> list[Breach]:
    keys = set(session.scalars(select(Posting.key).where(Posting.kind == "order_paid")))
    paid = session.scalars(select(OrderGroup.id).where(OrderGroup.paid_at.is_not(None))).all()
    wrong = [group_id for group_id in paid if f"order:{group_id}:paid" not in keys]
    return _found("orders.paid_is_posted", wrong)


def _received_is_posted(session: Session) -> list[Breach]:
    keys = set(session.scalars(select(Posting.key).where(Posting.kind == "pay")))
    rows = session.execute(select(Checkout.id, Checkout.payment_intent).where(Checkout.state == "paid"))
    return _found("orders.payment_is_posted", [row.id for row in rows if f"pay:{row.payment_intent}" not in keys])


def _refunded_within(session: Session) -> list[Breach]:
    back = select(Refund.group_id, func.sum(Refund.amount_minor).label("back")).group_by(Refund.group_id).subquery()
    got = {
        int(ref.partition(":")[2]): int(minor or 0)
        for ref, minor in session.execute(
            select(Checkout.ref, func.sum(Checkout.received_minor))
            .where(Checkout.state == "paid", Checkout.ref.like("order:%"))
            .group_by(Checkout.ref)
        )
    }
    wrong = [row.group_id for row in session.execute(select(back)) if int(row.back) > got.get(row.group_id, 0)]
    return _found("orders.refunded_within_paid", wrong)


def _buyer_credit(session: Session) -> list[Breach]:
    """buyer:credit is what was received, less what orders took, less what was sent back."""
    owed: dict[str, int] = {}
    decided = session.execute(
        select(Refund.group_id, func.sum(Refund.amount_minor)).where(Refund.state != "sent").group_by(Refund.group_id)
    )
    for group_id, minor in decided:
        owed[str(group_id)] = int(minor)
    short = session.execute(
        select(Checkout.ref, Checkout.received_minor)
        .join(OrderGroup, Checkout.ref == "order:" + cast(OrderGroup.id, String))
        .where(Checkout.state == "paid", OrderGroup.state.in_(("placed", "cancelled")))
    )
    for ref, received in short:
        key = ref.partition(":")[2]
        owed[key] = owed.get(key, 0) + int(received or 0)
    booked = {
        row.owner: row.balance_minor for row in session.scalars(select(Account).where(Account.kind == "buyer:credit"))
    }
    wrong = sorted(key for key in {*owed, *booked} if owed.get(key, 0) != booked.get(key, 0))
    return [
        Breach("orders.buyer_credit", [key], {"owed": owed.get(key, 0), "booked": booked.get(key, 0)}) for key in wrong
    ]


def _pieces(session: Session) -> list[Breach]:
    counted = (
        select(LinePiece.line_id, func.count(LinePiece.piece_id).label("pieces")).group_by(LinePiece.line_id).subquery()
    )
    ids = session.scalars(
        select(OrderLine.id)
        .join(SellerOrder, SellerOrder.id == OrderLine.seller_order_id)
        .join(OrderGroup, OrderGroup.id == SellerOrder.group_id)
        .outerjoin(counted, counted.c.line_id == OrderLine.id)
        .where(
            OrderGroup.state == "paid",
            OrderLine.source == "shelf",
            ~OrderLine.cancelled,
            func.coalesce(counted.c.pieces, 0) != OrderLine.quantity,
        )
    ).all()
    return _found("orders.line_pieces", list(ids))


def init_checks() -> None:
    for name, found in {
        "orders.group_sums": _group_sums,
        "orders.parts_are_the_line": _parts,
        "orders.paid_is_posted": _paid_is_posted,
        "orders.payment_is_posted": _received_is_posted,
        "orders.refunded_within_paid": _refunded_within,
        "orders.buyer_credit": _buyer_credit,
        "orders.line_pieces": _pieces,
    }.items():
        check(name)(found)
