"""Numbered pieces on the shelf: taken in, reserved, taken, freed. Every change of a count is one conditional UPDATE."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from shop import clock
from shop.catalog.errors import SoldOut
from shop.catalog.models import Piece, Product, Reservation, ReservedPiece, Variant
from shop.db import locked
from shop.errors import NotFound


def reserve(session: Session, *, ref: str, wants: Mapping[int, int], until: datetime) -> dict[int, list[Piece]]:
    """Hold pieces for a checkout: variant id → the numbered pieces held, oldest first.

    Raises SoldOut for the first variant of which fewer are left; nothing is held then, since the unit of work ends.
    """
    held: dict[int, list[Piece]] = {}
    for variant_id, quantity in sorted(wants.items()):
        row = session.execute(
            update(Variant)
            .where(Variant.id == variant_id, Variant.is_active, Variant.on_hand - Variant.reserved >= quantity)
            .values(reserved=Variant.reserved + quantity)
            .returning(Variant.id)
        ).scalar_one_or_none()
        if row is None:
            left = session.scalar(select(Variant.on_hand - Variant.reserved).where(Variant.id == variant_id)) or 0
            raise SoldOut(variant_id=variant_id, left=left)
        reservation = Reservation(ref=ref, variant_id=variant_id, quantity=quantity, expires_at=until)
        session.add(reservation)
        session.flush()  # its pieces point to it
        pieces = session.scalars(
            select(Piece)
            .where(Piece.variant_id == variant_id, Piece.state == "shelf")
            .order_by(Piece.id)
            .limit(quantity)
            .with_for_update()
        ).all()
        if len(pieces) < quantity:
            raise SoldOut(variant_id=variant_id, left=len(pieces))
        for piece in pieces:
            piece.state = "reserved"
            session.add(ReservedPiece(piece_id=piece.id, reservation_id=reservation.id))
        held[variant_id] = list(pieces)
    session.flush()  # the counts and the pieces must stand before anything is read again
    return held


def held_pieces(session: Session, *, ref: str) -> dict[int, list[Piece]]:
    """The pieces that a live reservation holds, by variant."""
    rows = session.execute(
        select(Piece)
        .join(ReservedPiece, ReservedPiece.piece_id == Piece.id)
        .join(Reservation, Reservation.id == ReservedPiece.reservation_id)
        .where(Reservation.ref == ref, Reservation.state == "held")
        .order_by(Piece.id)
    ).scalars()
    found: dict[int, list[Piece]] = {}
    for piece in rows:
        found.setdefault(piece.variant_id, []).append(piece)
    return found


def prolong(session: Session, *, ref: str, until: datetime) -> int:
    """Keep live reservations longer, never shorter; gives how many were kept."""
    rows = session.execute(
        update(Reservation)
        .where(Reservation.ref == ref, Reservation.state == "held", Reservation.expires_at < until)
        .values(expires_at=until)
        .returning(Reservation.id)
    ).all()
    return len(rows)


def free(session: Session, *, ref: str) -> int:
    """Put what a checkout held back on sale; gives how many pieces. Harmless when nothing is held."""
    freed = 0
    for reservation in _end(session, ref=ref, state="freed"):
        pieces = _let_go(session, reservation.id, state="shelf")
        session.execute(
            update(Variant)
            .where(Variant.id == reservation.variant_id)
            .values(reserved=Variant.reserved - reservation.quantity)
        )
        freed += len(pieces)
    return freed


def take(session: Session, *, ref: str) -> dict[int, list[int]]:
    """The checkout was paid: what it held leaves the shelf. Gives variant id → ids of the pieces now sold."""
    taken: dict[int, list[int]] = {}
    for reservation in _end(session, ref=ref, state="taken"):
        taken[reservation.variant_id] = _let_go(session, reservation.id, state="sold")
        session.execute(
            update(Variant)
            .where(Variant.id == reservation.variant_id)
            .values(on_hand=Variant.on_hand - reservation.quantity, reserved=Variant.reserved - reservation.quantity)
        )
    return taken


def _end(session: Session, *, ref: str, state: str) -> list[Reservation]:
    rows = session.scalars(
        update(Reservation)
        .where(Reservation.ref == ref, Reservation.state == "held")
        .values(state=state)
        .returning(Reservation)
    ).all()
    return sorted(rows, key=lambda row: row.variant_id)


def _let_go(session: Session, reservation_id: int, *, state: str) -> list[int]:
    ids = list(
        session.scalars(
            delete(ReservedPiece)
            .where(ReservedPiece.reservation_id == reservation_id)
            .returning(ReservedPiece.piece_id)
        )
    )
    session.execute(update(Piece).where(Piece.id.in_(ids)).values(state=state))
    return sorted(ids)


def put_back(session: Session, *, piece_ids: list[int]) -> None:
    """Sold pieces that came back before they left, or in good order later, are for sale again."""
    back = session.execute(
        update(Piece)
        .where(Piece.id.in_(piece_ids), Piece.state.in_(("sold", "made")))
        .values(state="shelf")
        .returning(Piece.variant_id)
    ).scalars()
    counts: dict[int, int] = {}
    for variant_id in back:
        counts[variant_id] = counts.get(variant_id, 0) + 1
    for variant_id, count in sorted(counts.items()):
        session.execute(update(Variant).where(Variant.id == variant_id).values(on_hand=Variant.on_hand + count))


def take_in(
    session: Session,
    *,
    variant_id: int,
    maker_id: int,
    count: int,
    maker_minor: list[int],
    materials_minor: list[int],
    receipt_key: str,
    for_sale: bool,
) -> list[Piece]:
    """Number `count` accepted pieces and freeze what each cost; onto the shelf, or kept for the order they were made for.

    The two lists hold one sum per piece. Numbers run per product: QS-0381-01, -02 …
    """
    variant = session.get(Variant, variant_id)
    if variant is None:
        raise NotFound(what="variant")
    product = locked(session, Product, {variant.product_id})[variant.product_id]
    before = session.scalar(
        select(func.count(Piece.id))
        .join(Variant, Variant.id == Piece.variant_id)
        .where(Variant.product_id == product.id)
    )
    pieces = [
        Piece(
            number=f"{product.item_no}-{(before or 0) + place + 1:02d}",
            variant_id=variant_id,
            maker_id=maker_id,
            workshop_id=product.workshop_id,
            state="shelf" if for_sale else "made",
            maker_minor=maker_minor[place],
            materials_minor=materials_minor[place],
            currency=variant.currency,
            receipt_key=receipt_key,
            accepted_at=clock.now(),
        )
        for place in range(count)
    ]
    session.add_all(pieces)
    if for_sale:
        session.execute(
            update(Variant)
            .where(Variant.id == variant_id)
            .values(
                on_hand=Variant.on_hand + count,
                to_take_in=func.coalesce(
                    select(Variant.to_take_in - count)
                    .where(Variant.id == variant_id, Variant.to_take_in >= count)
                    .scalar_subquery(),
                    0,
                ),
            )
        )
    session.flush()  # callers need the numbers
    return pieces
