"""What `flask audit` checks of the catalogue: counts and pieces agree, every live split sums to its price."""

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from shop.catalog.models import Piece, PricePart, PriceSplit, Product, Reservation, ReservedPiece, Variant
from shop.ledger.audit import Breach, booked, check, disagreeing
from shop.ledger.chart import account


def _stock_counts(session: Session) -> list[Breach]:
    counted = (
        select(
            Piece.variant_id,
            func.sum(case((Piece.state.in_(("shelf", "reserved")), 1), else_=0)).label("on_hand"),
            func.sum(case((Piece.state == "reserved", 1), else_=0)).label("reserved"),
        )
        .group_by(Piece.variant_id)
        .subquery()
    )
    rows = session.execute(
        select(Variant.id)
        .outerjoin(counted, counted.c.variant_id == Variant.id)
        .where(
            (Variant.on_hand != func.coalesce(counted.c.on_hand, 0))
            | (Variant.reserved != func.coalesce(counted.c.reserved, 0))
        )
    ).scalars()
    ids = list(rows)
    return [Breach("catalog.stock_counts", list(ids))] if ids else []


def _reservations(session: Session) -> list[Breach]:
    held = (
        select(Reservation.id, Reservation.quantity, func.count(ReservedPiece.piece_id).label("pieces"))
        .outerjoin(ReservedPiece, ReservedPiece.reservation_id == Reservation.id)
        .group_by(Reservation.id, Reservation.quantity, Reservation.state)
        .having(
            func.count(ReservedPiece.piece_id) != case((Reservation.state == "held", Reservation.quantity), else_=0)
        )
    )
    ids = [row.id for row in session.execute(held)]
    return [Breach("catalog.reservation_pieces", list(ids))] if ids else []


def _splits(session: Session) -> list[Breach]:
    rows = session.execute(
        select(PriceSplit.id)
        .join(PricePart, PricePart.split_id == PriceSplit.id)
        .group_by(PriceSplit.id, PriceSplit.price_minor)
        .having(func.sum(PricePart.amount_minor) != PriceSplit.price_minor)
    ).scalars()
    ids = list(rows)
    return [Breach("catalog.split_sums", list(ids))] if ids else []


def _live_prices(session: Session) -> list[Breach]:
    """What is for sale is shared to the cent; the price of an imported draft still waits for its split."""
    rows = session.execute(
        select(Variant.id)
        .join(Product, Product.id == Variant.product_id)
        .outerjoin(
            PriceSplit,
            (PriceSplit.variant_id == Variant.id)
            & PriceSplit.live
            & (PriceSplit.kind == "retail")
            & (PriceSplit.min_quantity == 1),
        )
        .where(Product.state == "published", Variant.price_minor.is_not(None))
        .where(func.coalesce(PriceSplit.price_minor, -1) != Variant.price_minor)
    ).scalars()
    ids = list(rows)
    return [Breach("catalog.price_has_split", list(ids))] if ids else []


def _stock_value(session: Session) -> list[Breach]:
    """`stock:pieces` of each workshop is the frozen cost of its pieces on the shelf, reserved ones included."""
    cost = {
        (str(account("stock:pieces", row.workshop_id)), row.currency): int(row.cost)
        for row in session.execute(
            select(Piece.workshop_id, Piece.currency, func.sum(Piece.maker_minor + Piece.materials_minor).label("cost"))
            .where(Piece.state.in_(("shelf", "reserved")))
            .group_by(Piece.workshop_id, Piece.currency)
        )
    }
    return disagreeing("catalog.stock_value", cost, booked(session, "stock:pieces"))


def init_checks() -> None:
    for name, found in {
        "catalog.stock_counts": _stock_counts,
        "catalog.reservation_pieces": _reservations,
        "catalog.split_sums": _splits,
        "catalog.price_has_split": _live_prices,
        "catalog.stock_value": _stock_value,
    }.items():
        check(name)(found)
