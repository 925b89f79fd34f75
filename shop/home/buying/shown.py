"""An order as its page shows it: six states at most, each with its date and what comes next (product.md 5.6)."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.cart.models import Voucher
from shop.catalog.models import Piece, Product, ProductMaker, Variant
from shop.db import Texts
from shop.home.buying.basket import BAR, BarPart
from shop.makers.public import PublicMaker, public_makers
from shop.media.models import Picture
from shop.money import Money
from shop.orders.models import (
    LinePiece,
    OrderEvent,
    OrderGroup,
    OrderLine,
    Refund,
    SellerOrder,
    Shipment,
    SplitPart,
    VoucherUse,
)
from shop.payments.models import Checkout
from shop.payments.services import LIVE
from shop.payouts.queries.claims import confirmed_at
from shop.work.models import WorkAssignment
from shop.workshops.models import Workshop

STEPS = ("received", "paid", "making", "checked", "sent", "delivered")
"""The six states; "making" is left out of a parcel that is all from the shelf."""

AT = {"placed": 0, "to_assign": 1, "making": 2, "ready": 3, "dispatched": 4, "delivered": 5}
"""How far a workshop's part is: its state → the last step reached."""


ENDS = ("expired", "late_payment", "line_cancelled", "line_returned", "line_lost")
"""Entries of the history after which there is nothing to wait for."""


@dataclass(frozen=True, slots=True)
class PieceSight:
    """A numbered piece of this order. `confirmed_on`: the day on which she said that this pay reached her."""

    number: str
    maker_id: int
    maker_minor: int
    accepted_at: datetime
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class LineSight:
    """A line with who made it or said yes to it. `hers` only where each of them lets her pay be public."""

    row: OrderLine
    slug: str
    picture: str | None
    makers: tuple[PublicMaker, ...]
    hers: Money | None
    parts: tuple[BarPart, ...]
    pieces: tuple[PieceSight, ...]

    @property
    def amount(self) -> Money:
        return Money(self.row.amount_minor, self.row.currency)


@dataclass(frozen=True, slots=True)
class ParcelSight:
    """A workshop's part, how far it is, and when each step was."""

    row: SellerOrder
    workshop_slug: str
    workshop_name: Texts
    lines: tuple[LineSight, ...]
    shipment: Shipment | None
    dates: Mapping[str, datetime]
    end: str
    due_on: date | None

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps that this parcel goes through; one that is cancelled as a whole, the steps it was to go through."""
        waited = [line.row for line in self.lines if self.over or not line.row.cancelled]
        made = any(row.source == "made" for row in waited)
        return STEPS if made else tuple(step for step in STEPS if step != "making")

    @property
    def reached(self) -> int:
        """The last step reached, as a place in STEPS; -1 for a part that was cancelled."""
        return AT.get(self.row.state, -1)

    @property
    def over(self) -> bool:
        """Whether nothing of it is left: cancelled, come back or lost; `end` says which."""
        return bool(self.lines) and all(line.row.cancelled for line in self.lines)

    @property
    def makers(self) -> tuple[PublicMaker, ...]:
        """Everybody who made or makes something of it; of its cancelled lines only where nothing else is left."""
        waited = [line for line in self.lines if self.over or not line.row.cancelled]
        return tuple({maker.id: maker for line in waited for maker in line.makers}.values())

    @property
    def asked(self) -> tuple[PublicMaker, ...]:
        """Those of its makers who said yes to making it; a piece from the shelf was made before."""
        made = {maker.id for line in self.lines if line.row.source == "made" for maker in line.makers}
        return tuple(maker for maker in self.makers if maker.id in made)

    @property
    def pieces(self) -> tuple[PieceSight, ...]:
        """Its numbered pieces."""
        return tuple(piece for line in self.lines for piece in line.pieces)


@dataclass(frozen=True, slots=True)
class OrderSight:
    """The whole order, and its voucher's code. `payment`: none, waiting (a page may still be opened), under_way, paid, over."""

    row: OrderGroup
    parcels: tuple[ParcelSight, ...]
    refunds: tuple[Refund, ...]
    payment: str
    bar: tuple[BarPart, ...]
    code: str

    @property
    def id(self) -> int:
        return self.row.id

    @property
    def live(self) -> tuple[ParcelSight, ...]:
        """Parcels of which something is left."""
        return tuple(parcel for parcel in self.parcels if parcel.reached >= 0 and not parcel.over)

    @property
    def slowest(self) -> ParcelSight | None:
        """The parcel that the buyer waits for longest."""
        return min(self.live, key=lambda parcel: parcel.reached, default=None)

    @property
    def hers(self) -> Money | None:
        """What the makers get, where all of it is public."""
        return (
            Money(sum(part.minor for part in self.bar if part.kind == "her"), self.row.currency) if self.bar else None
        )

    @property
    def makers(self) -> tuple[PublicMaker, ...]:
        """Everybody who made or makes something of it."""
        return tuple({maker.id: maker for parcel in self.parcels for maker in parcel.makers}.values())

    def money(self, name: str) -> Money:
        """One of the order's sums: goods, shipping, tax, voucher, total."""
        return Money(int(getattr(self.row, f"{name}_minor")), self.row.currency)


@dataclass(slots=True)
class _Read:
    """Rows of one order, by what they belong to."""

    parts: dict[int, list[SplitPart]] = field(default_factory=lambda: defaultdict(list))
    pieces: dict[int, list[PieceSight]] = field(default_factory=lambda: defaultdict(list))
    agreed: dict[int, list[WorkAssignment]] = field(default_factory=lambda: defaultdict(list))
    able: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    public: dict[int, PublicMaker] = field(default_factory=dict)


def order_sight(session: Session, *, group_id: int) -> OrderSight:
    """Everything that an order's page says, in at most eleven statements."""
    group, code = session.execute(
        select(OrderGroup, Voucher.code)
        .outerjoin(VoucherUse, VoucherUse.group_id == OrderGroup.id)
        .outerjoin(Voucher, Voucher.id == VoucherUse.voucher_id)
        .where(OrderGroup.id == group_id)
    ).one()
    sellers = session.execute(
        select(SellerOrder, Workshop, Shipment)
        .join(Workshop, Workshop.id == SellerOrder.workshop_id)
        .outerjoin(Shipment, Shipment.seller_order_id == SellerOrder.id)
        .where(SellerOrder.group_id == group.id)
        .order_by(SellerOrder.id)
    ).all()
    rows = session.execute(
        select(OrderLine, Product.slug, Picture.key)
        .join(SellerOrder, SellerOrder.id == OrderLine.seller_order_id)
        .join(Variant, Variant.id == OrderLine.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .outerjoin(Picture, Picture.id == Product.cover_id)
        .where(SellerOrder.group_id == group.id)
        .order_by(OrderLine.id)
    ).all()
    read = _read(session, [row[0] for row in rows])
    lines: dict[int, list[LineSight]] = defaultdict(list)
    for line, slug, picture in rows:
        lines[line.seller_order_id].append(_line(line, slug, picture, read))
    events = session.scalars(select(OrderEvent).where(OrderEvent.group_id == group.id).order_by(OrderEvent.id)).all()
    parcels = tuple(
        ParcelSight(
            row=seller,
            workshop_slug=workshop.slug,
            workshop_name=workshop.name,
            lines=tuple(lines[seller.id]),
            shipment=shipment,
            dates=_dates(list(events), seller.id),
            end=_end(list(events), seller.id),
            due_on=_due(lines[seller.id], read),
        )
        for seller, workshop, shipment in sellers
    )
    refunds = session.scalars(select(Refund).where(Refund.group_id == group.id).order_by(Refund.id)).all()
    return OrderSight(group, parcels, tuple(refunds), _payment(session, group), _bar(parcels), code or "")


def _read(session: Session, lines: list[OrderLine]) -> _Read:
    read, ids = _Read(), [line.id for line in lines]
    for part in session.scalars(
        select(SplitPart).where(SplitPart.line_id.in_(ids)).order_by(SplitPart.line_id, SplitPart.position)
    ):
        read.parts[part.line_id or 0].append(part)
    for line_id, piece, said in session.execute(
        select(LinePiece.line_id, Piece, confirmed_at(Piece.receipt_key))
        .join(Piece, Piece.id == LinePiece.piece_id)
        .where(LinePiece.line_id.in_(ids))
        .order_by(Piece.id)
    ):
        read.pieces[line_id].append(
            PieceSight(piece.number, piece.maker_id, piece.maker_minor, piece.accepted_at, said)
        )
    orders = {line.work_order_id: line.id for line in lines if line.work_order_id}
    for each in session.scalars(
        select(WorkAssignment)
        .where(WorkAssignment.work_order_id.in_(orders), WorkAssignment.state.in_(("agreed", "done")))
        .order_by(WorkAssignment.id)
    ):
        read.agreed[orders[each.work_order_id]].append(each)
    for line_id, maker_id in session.execute(
        select(OrderLine.id, ProductMaker.maker_id)
        .join(Variant, Variant.id == OrderLine.variant_id)
        .join(ProductMaker, ProductMaker.product_id == Variant.product_id)
        .where(OrderLine.id.in_(ids))
    ):
        read.able[line_id].append(maker_id)
    makers = {piece.maker_id for pieces in read.pieces.values() for piece in pieces}
    makers |= {each.maker_id for agreed in read.agreed.values() for each in agreed}
    makers |= {maker_id for able in read.able.values() for maker_id in able}
    read.public = public_makers(session, makers)
    return read


def _line(line: OrderLine, slug: str, picture: str | None, read: _Read) -> LineSight:
    pieces = tuple(read.pieces[line.id])
    ids = dict.fromkeys([*(each.maker_id for each in read.agreed[line.id]), *(piece.maker_id for piece in pieces)])
    makers = tuple(read.public[each] for each in ids if each in read.public)
    sums: dict[str, int] = dict.fromkeys(("her", "mat", "broker", "coop", "cost"), 0)
    for part in read.parts[line.id]:
        sums[BAR[part.kind]] += part.paid_minor + part.given_minor
    # before anybody said yes it is the pay of each who could make it
    concerned = makers or tuple(read.public[each] for each in read.able[line.id] if each in read.public)
    shown = bool(concerned) and all(maker.shows_pay for maker in concerned)
    return LineSight(
        row=line,
        slug=slug,
        picture=picture,
        makers=makers,
        hers=Money(sums["her"], line.currency) if shown else None,
        parts=tuple(BarPart(kind, minor) for kind, minor in sums.items()) if shown else (),
        pieces=pieces,
    )


def _dates(events: list[OrderEvent], seller_id: int) -> dict[str, datetime]:
    """When each step was reached: the last time it was, since a maker may have been replaced."""
    found: dict[str, datetime] = {}
    names = {"placed": "received", "paid": "paid", "ready": "checked", "dispatched": "sent", "delivered": "delivered"}
    for event in events:
        if event.seller_order_id not in {None, seller_id}:
            continue
        if event.kind == "agreed":
            found["making"] = event.at
        elif event.kind in names:
            found[names[event.kind]] = event.at
        elif event.kind in ENDS:
            found["ended"] = event.at
        elif event.kind == "routed" and not event.facts.get("made"):
            found["checked"] = event.at
    return found


def _end(events: list[OrderEvent], seller_id: int) -> str:
    return next((one.kind for one in reversed(events) if one.kind in ENDS and one.seller_order_id == seller_id), "")


def _due(lines: list[LineSight], read: _Read) -> date | None:
    """The day by which the last of its makers has promised it."""
    return max((each.due_on for line in lines for each in read.agreed[line.row.id]), default=None)


def _payment(session: Session, group: OrderGroup) -> str:
    if group.paid_at is not None or group.state != "placed":
        return "over" if group.paid_at is None else "paid"
    states: list[Any] = list(
        session.scalars(
            select(Checkout.state).where(Checkout.ref == f"order:{group.id}", Checkout.state.in_([*LIVE, "paid"]))
        )
    )
    if "processing" in states or "paid" in states:
        return "under_way"
    return "waiting" if group.expires_at > clock.now() else "over"


def _bar(parcels: tuple[ParcelSight, ...]) -> tuple[BarPart, ...]:
    """What of the goods goes where; nothing unless every line's pay is public, or a hidden sum could be reckoned."""
    lines = [line for parcel in parcels for line in parcel.lines if not line.row.cancelled]
    if not lines or any(not line.parts for line in lines):
        return ()
    kinds = [part.kind for part in lines[0].parts]
    return tuple(
        BarPart(kind, sum(part.minor for line in lines for part in line.parts if part.kind == kind)) for kind in kinds
    )
