"""A broker's makers: who they are, what each has in hand, and how much time she has."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, case, cast, func, literal, select
from sqlalchemy.orm import Session

from shop.brokers.models import Mandate
from shop.catalog.models import Piece, Product, Variant
from shop.crafts.models import Craft
from shop.db import Texts
from shop.makers.index import KIND
from shop.makers.models import Maker, Skill
from shop.payouts.models import Payout
from shop.places.models import Place
from shop.search.queries import found, question_of
from shop.work.capacity import busy_minutes
from shop.work.models import WorkAssignment
from shop.workshops.models import WorkshopMaker

PAGE = 24


@dataclass(frozen=True, slots=True)
class MakerLine:
    """A maker as the desk's list shows her: slips and pieces in hand, days late, hours free a week, words awaited."""

    id: int
    number: str
    name: Texts
    mark: str
    village: Texts
    phone_kind: str
    pieces: int
    due_on: date | None
    free_hours: int
    unconfirmed: int
    total: int


def _open_slips(broker_id: int) -> Any:
    out = WorkAssignment.quantity - WorkAssignment.accepted - WorkAssignment.rejected
    return (
        select(
            WorkAssignment.maker_id,
            func.sum(out).label("pieces"),
            func.min(WorkAssignment.due_on).label("due_on"),
        )
        .join(Mandate, (Mandate.maker_id == WorkAssignment.maker_id) & Mandate.live)
        .where(WorkAssignment.state == "agreed", Mandate.broker_id == broker_id)
        .group_by(WorkAssignment.maker_id)
        .subquery()
    )


def makers(
    session: Session, *, broker_id: int, words: str = "", which: str = "", today: date, after: int = 0
) -> list[MakerLine]:
    """A page of the makers who gave this broker a mandate, in order of id, from the one after `after`.

    `which` narrows: free (has hours), late, unconfirmed, no_phone. One more than PAGE tells that there are more.
    """
    slips = _open_slips(broker_id)
    silent = (
        select(func.count(Payout.id))
        .where(Payout.payee == literal("maker:") + cast(Maker.id, String), Payout.state == "sent")
        .correlate(Maker)
        .scalar_subquery()
    )
    busy = busy_minutes(Maker.id)
    free = Maker.hours_a_week * 60 - busy
    wanted = (
        select(
            Maker.id,
            Maker.number,
            Maker.name,
            Maker.mark,
            Place.short_name,
            Maker.phone_kind,
            func.coalesce(slips.c.pieces, 0).label("pieces"),
            slips.c.due_on,
            case((free > 0, free), else_=0).label("free"),
            silent.label("silent"),
            func.count().over().label("total"),
        )
        .join(Mandate, (Mandate.maker_id == Maker.id) & Mandate.live)
        .join(Place, Place.id == Maker.village_id)
        .outerjoin(slips, slips.c.maker_id == Maker.id)
        .where(Mandate.broker_id == broker_id, Maker.left_on.is_(None), Maker.id > after)
        .order_by(Maker.id)
        .limit(PAGE + 1)
    )
    narrow: dict[str, Any] = {
        "free": free >= 60,
        "late": slips.c.due_on < today,
        "unconfirmed": silent > 0,
        "no_phone": Maker.phone_kind == "none",
    }
    if which in narrow:
        wanted = wanted.where(narrow[which])
    if words.strip():
        hits = found(session, kind=KIND, question=question_of(session, words), limit=1000)
        wanted = wanted.where(Maker.id.in_(hits))
    return [
        MakerLine(
            row.id,
            row.number,
            row.name,
            row.mark,
            row.short_name,
            row.phone_kind,
            int(row.pieces),
            row.due_on,
            int(row.free) // 60,
            int(row.silent),
            int(row.total),
        )
        for row in session.execute(wanted)
    ]


@dataclass(frozen=True, slots=True)
class MakerPage:
    """A maker as her broker sees her. `able` are her crafts with a level from 1 to 5."""

    maker: Maker
    village: Texts
    mandate: Mandate | None
    able: tuple[tuple[Texts, int], ...]
    busy_hours: int


def maker(session: Session, *, maker_id: int) -> MakerPage:
    """One maker, her village, the mandate in force and her crafts, in two statements."""
    person, village, mandate, busy = session.execute(
        select(Maker, Place.name, Mandate, busy_minutes(Maker.id))
        .join(Place, Place.id == Maker.village_id)
        .outerjoin(Mandate, (Mandate.maker_id == Maker.id) & Mandate.live)
        .where(Maker.id == maker_id)
    ).one()
    able = session.execute(
        select(Craft.name, Skill.level)
        .join(Craft, Craft.id == Skill.craft_id)
        .where(Skill.maker_id == maker_id)
        .order_by(Skill.level.desc(), Craft.id)
        .limit(20)
    )
    return MakerPage(person, village, mandate, tuple((name, level) for name, level in able), int(busy) // 60)


@dataclass(frozen=True, slots=True)
class Able:
    """Somebody who may be named as the maker of goods: of the workshop, here, and her broker may list for her."""

    id: int
    number: str
    name: Texts
    mark: str


def may_be_named(session: Session, *, broker_id: int, workshop_ids: Collection[int]) -> dict[int, list[Able]]:
    """Makers by workshop whom this broker may name on goods."""
    rows = session.execute(
        select(WorkshopMaker.workshop_id, Maker.id, Maker.number, Maker.name, Maker.mark)
        .join(Maker, Maker.id == WorkshopMaker.maker_id)
        .join(Mandate, (Mandate.maker_id == Maker.id) & Mandate.live & Mandate.may_list)
        .where(
            WorkshopMaker.workshop_id.in_(sorted(workshop_ids)),
            Mandate.broker_id == broker_id,
            Maker.left_on.is_(None),
        )
        .order_by(Maker.id)
        .limit(500)
    )
    named: dict[int, list[Able]] = {}
    for row in rows:
        named.setdefault(row.workshop_id, []).append(Able(row.id, row.number, row.name, row.mark))
    return named


@dataclass(frozen=True, slots=True)
class MadePiece:
    """A numbered piece of hers that was accepted; `of` counts all of hers."""

    number: str
    title: Texts
    accepted_at: datetime
    of: int


def pieces_of(session: Session, *, maker_id: int, limit: int = 12) -> list[MadePiece]:
    """Her newest accepted pieces."""
    rows = session.execute(
        select(Piece.number, Product.name, Piece.accepted_at, func.count().over())
        .join(Variant, Variant.id == Piece.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .where(Piece.maker_id == maker_id)
        .order_by(Piece.id.desc())
        .limit(limit)
    )
    return [MadePiece(*row) for row in rows]
