"""An order is its lines and its post, a line its parts, and every part is where its order stands."""

from sqlalchemy import String, and_, case, cast, func, literal, or_, select
from sqlalchemy.orm import Session

from shop.catalog.models import Piece
from shop.ledger.audit import Breach, check, named_rows
from shop.ledger.models import Posting
from shop.orders.models import LinePiece, OrderGroup, OrderLine, Refund, RefundPart, SellerOrder, Shipment, SplitPart
from shop.work.models import WorkOrder

LEFT = ("dispatched", "delivered")
BEFORE_PAYMENT = ("placed", "cancelled")


def _group_sums(session: Session) -> list[Breach]:
    """The group is the sum of its lines and posts; what its parts were given is its voucher."""
    goods = (
        select(SellerOrder.group_id, func.sum(OrderLine.amount_minor).label("minor"))
        .join(OrderLine, OrderLine.seller_order_id == SellerOrder.id)
        .group_by(SellerOrder.group_id)
        .subquery()
    )
    post = (
        select(SellerOrder.group_id, func.sum(SellerOrder.shipping_minor).label("minor"))
        .group_by(SellerOrder.group_id)
        .subquery()
    )
    given = (
        select(SellerOrder.group_id, func.sum(SplitPart.given_minor + SplitPart.waived_minor).label("minor"))
        .join(SplitPart, SplitPart.seller_order_id == SellerOrder.id)
        .group_by(SellerOrder.group_id)
        .subquery()
    )
    wrong = select(OrderGroup.id)
    for sums in (goods, post, given):
        wrong = wrong.outerjoin(sums, sums.c.group_id == OrderGroup.id)
    wrong = wrong.where(
        (OrderGroup.goods_minor != func.coalesce(goods.c.minor, 0))
        | (OrderGroup.shipping_minor != func.coalesce(post.c.minor, 0))
        | (OrderGroup.voucher_minor != func.coalesce(given.c.minor, 0))
    )
    return named_rows(session, "orders.group_sums", wrong)


def _parts(session: Session) -> list[Breach]:
    sums = (
        select(
            SplitPart.line_id,
            func.sum(SplitPart.paid_minor + SplitPart.given_minor + SplitPart.waived_minor).label("whole"),
        )
        .where(SplitPart.line_id.is_not(None))
        .group_by(SplitPart.line_id)
        .subquery()
    )
    wrong = (
        select(OrderLine.id)
        .outerjoin(sums, sums.c.line_id == OrderLine.id)
        .where(OrderLine.amount_minor != func.coalesce(sums.c.whole, 0))
    )
    return named_rows(session, "orders.parts_are_the_line", wrong)


def _post(session: Session) -> list[Breach]:
    sums = (
        select(SplitPart.seller_order_id, func.sum(SplitPart.paid_minor + SplitPart.given_minor).label("whole"))
        .where(SplitPart.kind == "shipping")
        .group_by(SplitPart.seller_order_id)
        .subquery()
    )
    wrong = (
        select(SellerOrder.id)
        .outerjoin(sums, sums.c.seller_order_id == SellerOrder.id)
        .where(SellerOrder.shipping_minor != func.coalesce(sums.c.whole, 0))
    )
    return named_rows(session, "orders.parts_are_the_post", wrong)


def _paid_is_posted(session: Session) -> list[Breach]:
    posted = select(Posting.id).where(Posting.key == literal("order:") + cast(OrderGroup.id, String) + ":paid").exists()
    wrong = select(OrderGroup.id).where(OrderGroup.paid_at.is_not(None) != posted)
    return named_rows(session, "orders.paid_is_posted", wrong)


def _states(session: Session) -> list[Breach]:
    """A paid order stays paid or is refunded, and is refunded only when nothing of it is left; its parts go with it."""
    was_paid = OrderGroup.paid_at.is_not(None)
    left = (
        select(OrderLine.id)
        .join(SellerOrder, SellerOrder.id == OrderLine.seller_order_id)
        .where(SellerOrder.group_id == OrderGroup.id, ~OrderLine.cancelled)
        .exists()
    )
    begun = (
        select(SellerOrder.id)
        .where(SellerOrder.group_id == OrderGroup.id, SellerOrder.state.not_in(BEFORE_PAYMENT))
        .exists()
    )
    waiting = (
        select(SellerOrder.id).where(SellerOrder.group_id == OrderGroup.id, SellerOrder.state == "placed").exists()
    )
    wrong = select(OrderGroup.id).where(
        or_(
            and_(was_paid, OrderGroup.state.not_in(("paid", "refunded"))),
            and_(was_paid, OrderGroup.state == "refunded", left),
            and_(was_paid, waiting),
            and_(~was_paid, OrderGroup.state == "paid"),
            and_(~was_paid, begun),
        )
    )
    return named_rows(session, "orders.state", wrong)


def _parcels(session: Session) -> list[Breach]:
    """What has left has a parcel, and what has arrived has the day of it."""
    wrong = (
        select(SellerOrder.id)
        .outerjoin(Shipment, Shipment.seller_order_id == SellerOrder.id)
        .where(
            or_(
                SellerOrder.state.in_(LEFT) != Shipment.id.is_not(None),
                (SellerOrder.state == "delivered") != Shipment.delivered_at.is_not(None),
                and_(Shipment.delivered_at.is_not(None), Shipment.released_at.is_(None)),
            )
        )
    )
    return named_rows(session, "orders.parcels", wrong)


def _work(session: Session) -> list[Breach]:
    """The work of a line to be made is its pieces and exactly its makers' and materials' parts, without what nobody
    began; where nobody began any, it is cancelled.
    """
    parts = {
        kind: select(func.coalesce(func.sum(SplitPart.paid_minor + SplitPart.given_minor), 0))
        .where(SplitPart.line_id == OrderLine.id, SplitPart.kind == kind)
        .scalar_subquery()
        - select(func.coalesce(func.sum(RefundPart.undone_minor), 0))
        .join(SplitPart, SplitPart.id == RefundPart.part_id)
        .where(SplitPart.line_id == OrderLine.id, SplitPart.kind == kind)
        .scalar_subquery()
        for kind in ("maker", "materials")
    }
    wrong = (
        select(OrderLine.id)
        .join(SellerOrder, SellerOrder.id == OrderLine.seller_order_id)
        .join(OrderGroup, OrderGroup.id == SellerOrder.group_id)
        .outerjoin(WorkOrder, WorkOrder.id == OrderLine.work_order_id)
        .where(
            or_(
                and_(OrderGroup.paid_at.is_not(None), OrderLine.source == "made") != WorkOrder.id.is_not(None),
                WorkOrder.ledger_line != literal("L") + cast(OrderLine.id, String),
                (WorkOrder.state == "cancelled") != (OrderLine.unmade == OrderLine.quantity),
                and_(
                    WorkOrder.state != "cancelled",
                    or_(
                        WorkOrder.quantity != OrderLine.quantity - OrderLine.unmade,
                        WorkOrder.maker_minor != parts["maker"],
                        WorkOrder.materials_minor != parts["materials"],
                    ),
                ),
            )
        )
    )
    return named_rows(session, "orders.work_is_the_line", wrong)


def _undone(session: Session) -> list[Breach]:
    """A line's undone pieces are those of its refunds, all of them where the order was cancelled whole; then it is cancelled."""
    told = (
        select(Refund.line_id, func.sum(Refund.quantity).label("pieces"))
        .where(Refund.line_id.is_not(None))
        .group_by(Refund.line_id)
        .subquery()
    )
    with_the_order = (
        select(RefundPart.id)
        .join(SplitPart, SplitPart.id == RefundPart.part_id)
        .join(Refund, Refund.id == RefundPart.refund_id)
        .where(SplitPart.line_id == OrderLine.id, Refund.line_id.is_(None), Refund.reason == "cancelled")
        .exists()
    )
    wrong = (
        select(OrderLine.id)
        .outerjoin(told, told.c.line_id == OrderLine.id)
        .where(
            or_(
                case(
                    (with_the_order, OrderLine.undone != OrderLine.quantity),
                    else_=OrderLine.undone != func.coalesce(told.c.pieces, 0),
                ),
                OrderLine.cancelled != (OrderLine.undone == OrderLine.quantity),
            )
        )
    )
    return named_rows(session, "orders.undone_pieces", wrong)


def _pieces(session: Session) -> list[Breach]:
    counted = (
        select(LinePiece.line_id, func.count(LinePiece.piece_id).label("pieces")).group_by(LinePiece.line_id).subquery()
    )
    pieces = func.coalesce(counted.c.pieces, 0)
    left = OrderLine.quantity - OrderLine.undone
    wrong = (
        select(OrderLine.id)
        .join(SellerOrder, SellerOrder.id == OrderLine.seller_order_id)
        .join(OrderGroup, OrderGroup.id == SellerOrder.group_id)
        .outerjoin(counted, counted.c.line_id == OrderLine.id)
        .where(
            OrderGroup.paid_at.is_not(None),
            or_(
                and_(OrderLine.source == "shelf", pieces != left),
                pieces > left,
                and_(SellerOrder.state.in_(LEFT), pieces != left),
            ),
        )
    )
    return named_rows(session, "orders.line_pieces", wrong)


def _sold(session: Session) -> list[Breach]:
    """A piece that is sold belongs to a line, and no piece of a line is for sale."""
    line = select(LinePiece.piece_id).where(LinePiece.piece_id == Piece.id).exists()
    wrong = select(Piece.id).where(case((line, Piece.state.not_in(("sold", "made"))), else_=Piece.state == "sold"))
    return named_rows(session, "orders.sold_pieces", wrong)


def init_checks() -> None:
    """Register these."""
    for name, found in {
        "orders.group_sums": _group_sums,
        "orders.parts_are_the_line": _parts,
        "orders.parts_are_the_post": _post,
        "orders.paid_is_posted": _paid_is_posted,
        "orders.state": _states,
        "orders.parcels": _parcels,
        "orders.work_is_the_line": _work,
        "orders.undone_pieces": _undone,
        "orders.line_pieces": _pieces,
        "orders.sold_pieces": _sold,
    }.items():
        check(name)(found)
