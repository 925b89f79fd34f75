"""The cart as its page shows it: who makes each piece, what of its price is hers, and what an unpaid order holds."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from sqlalchemy import BigInteger, String, Text, bindparam, func, literal, null, select, union_all
from sqlalchemy import cast as as_type
from sqlalchemy.orm import Session

from shop.cart.errors import VoucherOverShare
from shop.cart.models import Cart, CartLine
from shop.cart.queries import Basket, BasketLine, basket
from shop.catalog.models import Piece, PricePart, PriceSplit, ProductMaker, Reservation, ReservedPiece, Variant
from shop.catalog.queries import LivePart, LiveSplit
from shop.errors import Conflict
from shop.makers.models import Maker
from shop.makers.public import PublicMaker, agreed_mark, public_makers, public_side
from shop.money import Money
from shop.orders.models import OrderGroup, VoucherUse
from shop.orders.services.freezing import Frozen, parts_of_made, parts_of_shelf, with_voucher

BAR = {
    "maker": "her",
    "materials": "mat",
    "broker": "broker",
    "workshop": "broker",
    "coop": "coop",
    "costs": "cost",
    "outlet": "cost",
    "tax": "cost",
}
"""Part of a price → its colour in the bar."""


@dataclass(frozen=True, slots=True)
class NextPiece:
    """A numbered piece that would be hers: held for her already, else the oldest on the shelf, as reserving takes it."""

    number: str
    maker_id: int
    maker_minor: int
    materials_minor: int


@dataclass(frozen=True, slots=True)
class Unpaid:
    """An order of this cart that waits for its payment; `key` tells whether it is of the cart as it stands.

    `voucher_id` is the voucher that it holds a use of.
    """

    group_id: int
    key: str
    number: str
    secret: str
    voucher_id: int | None


@dataclass(frozen=True, slots=True)
class SightLine:
    """A line with its makers. `hers` is what one piece earns her, None unless each of them lets her pay be public."""

    line: BasketLine
    makers: tuple[PublicMaker, ...]
    one_of: bool
    piece: str | None
    hers: Money | None


@dataclass(frozen=True, slots=True)
class BarPart:
    """A share of all the goods, for the bar."""

    kind: str
    minor: int


@dataclass(frozen=True, slots=True)
class Sight:
    """The cart and what belongs to it. `hers` and `bar` stand only where every line's pay is public."""

    basket: Basket
    lines: Mapping[int, SightLine]
    hers: Money | None
    bar: tuple[BarPart, ...]
    makers: tuple[PublicMaker, ...]
    unpaid: tuple[Unpaid, ...]

    @property
    def changed(self) -> list[BasketLine]:
        """Lines whose price is not the one she was shown."""
        return [line for line in self.basket.lines if line.price_changed and not line.problem]

    @property
    def key(self) -> str:
        """The key that an order of the cart as it stands has."""
        return f"cart:{self.basket.cart_id}:{self.basket.version}"

    @property
    def waiting(self) -> Unpaid | None:
        """The unpaid order of just this cart, if she has begun to pay."""
        return next((one for one in self.unpaid if one.key == self.key), None)

    def can_be_ordered(self) -> bool:
        """Whether it can be ordered as it was shown."""
        return self.basket.ready and not self.changed


@dataclass(slots=True)
class _Facts:
    held: dict[int, int] = field(default_factory=dict)
    able: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    pieces: dict[int, list[NextPiece]] = field(default_factory=lambda: defaultdict(list))
    unpaid: list[Unpaid] = field(default_factory=list)
    parts: dict[int, list[LivePart]] = field(default_factory=lambda: defaultdict(list))
    public: dict[int, PublicMaker] = field(default_factory=dict)


_NO = as_type(null(), Text)
_NONE = as_type(null(), BigInteger)
_NAMES = (Maker.slug, Maker.name, Maker.pen_name)
_cart = bindparam("cart_id", type_=BigInteger)
_ref = literal("order:") + as_type(OrderGroup.id, String)


def _row(kind: str, variant: Any, n1: Any = _NONE, n2: Any = _NONE, n3: Any = _NONE, *texts: Any) -> list[Any]:
    words = [*texts, _NO, _NO, _NO][:3]
    return [
        literal(kind, Text).label("kind"),
        *(as_type(number, BigInteger).label(f"n{place}") for place, number in enumerate((variant, n1, n2, n3))),
        *(as_type(word, Text).label(f"t{place}") for place, word in enumerate(words)),
    ]


def _statement() -> Any:
    mine = (OrderGroup.cart_id == _cart, OrderGroup.state == "placed")
    texts = (OrderGroup.key, OrderGroup.number, OrderGroup.secret)
    order = (
        select(*_row("order", OrderGroup.id, VoucherUse.voucher_id, _NONE, _NONE, *texts))
        .outerjoin(VoucherUse, (VoucherUse.group_id == OrderGroup.id) & VoucherUse.freed_at.is_(None))
        .where(*mine)
    )
    held = (
        select(*_row("held", Reservation.variant_id, func.sum(Reservation.quantity)))
        .join(OrderGroup, Reservation.ref == _ref)
        .where(*mine, Reservation.state == "held")
        .group_by(Reservation.variant_id)
    )
    able = (
        select(*_row("able", CartLine.variant_id, Maker.id, agreed_mark(Maker.id), Maker.village_id, *_NAMES))
        .join(Variant, Variant.id == CartLine.variant_id)
        .join(ProductMaker, ProductMaker.product_id == Variant.product_id)
        .join(Maker, Maker.id == ProductMaker.maker_id)
        .where(CartLine.cart_id == _cart)
    )
    facts = (Piece.maker_id, Piece.maker_minor, Piece.materials_minor, Piece.number)
    own = (
        select(*_row("own", Piece.variant_id, *facts))
        .join(ReservedPiece, ReservedPiece.piece_id == Piece.id)
        .join(Reservation, Reservation.id == ReservedPiece.reservation_id)
        .join(OrderGroup, Reservation.ref == _ref)
        .where(*mine, Reservation.state == "held")
    )
    place = func.row_number().over(partition_by=Piece.variant_id, order_by=Piece.id).label("place")
    shelf = (
        select(Piece.variant_id, *facts, CartLine.quantity, place)
        .join(CartLine, CartLine.variant_id == Piece.variant_id)
        .where(CartLine.cart_id == _cart, Piece.state == "shelf")
        .subquery()
    )
    there = shelf.c
    oldest = select(
        *_row("piece", there.variant_id, there.maker_id, there.maker_minor, there.materials_minor, there.number)
    ).where(there.place <= there.quantity)
    parts = (
        select(
            *_row("part", CartLine.variant_id, PricePart.amount_minor, _NONE, _NONE, PricePart.kind, PricePart.payee)
        )
        .join(PriceSplit, PriceSplit.variant_id == CartLine.variant_id)
        .join(PricePart, PricePart.split_id == PriceSplit.id)
        .where(CartLine.cart_id == _cart, PriceSplit.live, PriceSplit.kind == "retail", PriceSplit.min_quantity == 1)
    )
    return union_all(order, held, able, own, oldest, parts)


_STATEMENT = _statement()


def _facts(session: Session, cart_id: int) -> _Facts:
    found = _Facts()
    shelf: dict[int, list[NextPiece]] = defaultdict(list)
    for row in session.execute(_STATEMENT, {"cart_id": cart_id}):
        if row.kind == "held":
            found.held[row.n0] = int(row.n1)
        elif row.kind == "able":
            found.able[row.n0].append(row.n1)
            found.public[row.n1] = public_side(
                row.n2,
                maker_id=row.n1,
                slug=row.t0,
                name=json.loads(row.t1),
                pen_name=json.loads(row.t2) if row.t2 else None,
                village_id=row.n3,
            )
        elif row.kind == "part":
            found.parts[row.n0].append(LivePart(row.t0, row.t1, row.n1))
        elif row.kind == "order":
            found.unpaid.append(Unpaid(row.n0, row.t0, row.t1, row.t2, row.n1))
        else:
            where = found.pieces if row.kind == "own" else shelf
            where[row.n0].append(NextPiece(row.t0, row.n1, row.n2, row.n3))
    for variant_id, pieces in shelf.items():
        found.pieces[variant_id] += pieces
    return found


def held_for(session: Session, *, cart_id: int, variant_id: int) -> int:
    """Pieces of a variant that an unpaid order of this cart holds: they are hers already."""
    return int(
        session.scalar(
            select(func.coalesce(func.sum(Reservation.quantity), 0))
            .join(OrderGroup, Reservation.ref == _ref)
            .where(
                OrderGroup.cart_id == cart_id,
                OrderGroup.state == "placed",
                Reservation.state == "held",
                Reservation.variant_id == variant_id,
            )
        )
        or 0
    )


def sight(session: Session, *, cart: Cart, currency: str) -> Sight:
    """The cart with everything that its page, and the checkout's, say of it: three statements, a fourth where a piece's
    maker makes it no more.
    """
    facts = _facts(session, cart.id)
    held = {one.voucher_id for one in facts.unpaid if one.voucher_id is not None}
    seen = basket(session, cart=cart, currency=currency, held=facts.held, vouchers_held=held)
    seen = _within_own_share(seen, facts)
    splits = {line.variant_id: _split(line, facts.parts[line.variant_id]) for line in seen.lines}
    made_them = {piece.maker_id for pieces in facts.pieces.values() for piece in pieces}
    public = facts.public | public_makers(session, made_them - set(facts.public))
    lines = {line.variant_id: _sight_line(line, facts, splits[line.variant_id], public) for line in seen.lines}
    hers, bar = _shares(seen, lines, facts, splits)
    named = {maker.id: maker for one in lines.values() for maker in one.makers if maker.named}
    return Sight(seen, lines, hers, bar, tuple(named.values()), tuple(facts.unpaid))


def _within_own_share(seen: Basket, facts: _Facts) -> Basket:
    """The same cart; a workshop's voucher gives nothing where it would take more than that workshop's own part."""
    off = seen.voucher
    if off is None or off.refused or off.kind != "workshop" or not seen.ready:
        return seen
    owned = []
    try:
        for line in seen.lines:
            split = _split(line, facts.parts[line.variant_id])
            owned += [(line.workshop_id, parts) for parts in _cut(line, split, facts.pieces[line.variant_id])]
        with_voucher(owned, [0] * len(seen.parcels), off)
    except VoucherOverShare as refused:
        return replace(seen, voucher=replace(off, minor=0, refused=refused))
    except Conflict:
        # a piece costs more than its price: placing says so
        return seen
    return seen


def _split(line: BasketLine, parts: list[LivePart]) -> LiveSplit:
    """The price in force as it is shared; without parts where it has no split yet."""
    return LiveSplit(0, line.variant_id, sum(part.amount_minor for part in parts), line.currency, tuple(parts))


def _sight_line(line: BasketLine, facts: _Facts, split: LiveSplit, public: Mapping[int, PublicMaker]) -> SightLine:
    able, pieces = facts.able[line.variant_id], facts.pieces[line.variant_id][: line.shelf]
    made_them = list(dict.fromkeys(piece.maker_id for piece in pieces))
    concerned = made_them if pieces and not line.made else able
    makers = tuple(public[each] for each in concerned if each in public)
    everyone = [public[each] for each in {*able, *made_them} if each in public]
    sums = {piece.maker_minor for piece in pieces} | ({split.of("maker")} if split.parts and line.made else set())
    shown = bool(everyone) and all(maker.shows_pay for maker in everyone) and len(sums) == 1
    return SightLine(
        line=line,
        makers=makers,
        one_of=bool(line.made) and len(makers) > 1,
        piece=pieces[0].number if len(pieces) == 1 and not line.made else None,
        hers=Money(sums.pop(), line.currency) if shown and not line.problem else None,
    )


def _shares(
    seen: Basket, lines: Mapping[int, SightLine], facts: _Facts, splits: Mapping[int, LiveSplit]
) -> tuple[Money | None, tuple[BarPart, ...]]:
    """What of the goods goes where; nothing unless every line's pay is public, or a hidden sum could be reckoned."""
    if not lines or any(one.hers is None or one.line.problem for one in lines.values()):
        return None, ()
    sums: dict[str, int] = dict.fromkeys(("her", "mat", "broker", "coop", "cost"), 0)
    try:
        for line in seen.lines:
            for parts in _cut(line, splits[line.variant_id], facts.pieces[line.variant_id]):
                for part in parts:
                    sums[BAR[part.kind]] += part.amount_minor
    except (Conflict, KeyError):
        return None, ()
    return Money(sums["her"], seen.currency), tuple(BarPart(kind, minor) for kind, minor in sums.items())


def _cut(line: BasketLine, split: LiveSplit, pieces: Sequence[NextPiece]) -> Iterable[list[Frozen]]:
    """The parts of what comes from the shelf, and of what is made, as placing cuts the line."""
    if line.shelf:
        yield parts_of_shelf(split, cast("Sequence[Piece]", pieces[: line.shelf]))
    if line.made:
        yield parts_of_made(split, line.made)
