"""Some pieces of a line, or a sum of it, given back: how much of which part, and which accounts bear it (money.md 2)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop.catalog.models import Piece
from shop.db import locked
from shop.errors import BadInput, NotFound, Outdated
from shop.ledger.chart import Name, account
from shop.ledger.services import Move
from shop.money import take
from shop.orders.errors import NotRefundable
from shop.orders.models import LinePiece, OrderGroup, OrderLine, RefundPart, SellerOrder, SplitPart
from shop.orders.services.allocating import given_back, of_pieces
from shop.orders.services.settling import part_account


@dataclass(frozen=True, slots=True)
class Back:
    """What of a part goes back to the buyer and to the co-op's gifts; `whole_minor` is the pieces' share of all of it."""

    part: SplitPart
    paid_minor: int
    given_minor: int
    whole_minor: int


@dataclass(frozen=True, slots=True)
class Case:
    """So many `pieces` of a line about to be undone; none of them where only the price is reduced.

    With the last piece of its parcel goes the post: `last`.
    """

    group: OrderGroup
    seller: SellerOrder
    line: OrderLine
    pieces: int
    last: bool
    backs: tuple[Back, ...]

    @property
    def amount_minor(self) -> int:
        """What the buyer gets."""
        return sum(back.paid_minor for back in self.backs)

    @property
    def given_minor(self) -> int:
        """What goes back to the co-op's gifts."""
        return sum(back.given_minor for back in self.backs)


def left_minor(session: Session, line_id: int) -> int:
    """What of a line's paid parts has not been given back, without its post."""
    left = func.sum(SplitPart.paid_minor - SplitPart.refunded_minor)
    return int(session.scalar(select(left).where(SplitPart.line_id == line_id)) or 0)


@dataclass(frozen=True, slots=True)
class Standing:
    """A line with its part of the order and the order."""

    group: OrderGroup
    seller: SellerOrder
    line: OrderLine


def standing(session: Session, *, line_id: int) -> Standing:
    """The line as it stands, for a look at it. Raises NotFound."""
    line = session.get(OrderLine, line_id)
    if line is None:
        raise NotFound(what="line")
    seller = session.get_one(SellerOrder, line.seller_order_id)
    return Standing(session.get_one(OrderGroup, seller.group_id), seller, line)


def held(session: Session, *, line_id: int, seen: str) -> Standing:
    """The line, held until the unit of work ends. Raises NotFound, NotRefundable where nothing is left of it, Outdated
    where something of it was given back since the page was `seen` (as `seen_now` wrote it).
    """
    found = standing(session, line_id=line_id)
    locked(session, SellerOrder, {found.seller.id})
    locked(session, OrderGroup, {found.group.id})
    session.refresh(found.line)
    if found.line.cancelled or found.group.state != "paid":
        raise NotRefundable(line_id=line_id)
    if seen and seen != seen_now(session, found.line):
        raise Outdated(line_id=line_id)
    return found


def seen_now(session: Session, line: OrderLine) -> str:
    """How a line stands, for a form that gives something of it back: sent twice, it must not do so twice."""
    return seen_as(line, left_minor(session, line.id))


def seen_as(line: OrderLine, minor: int) -> str:
    """The same, where it is known what is left of its price."""
    return f"{line.left}:{minor}"


def pieces_back(
    session: Session,
    found: Standing,
    *,
    quantity: int | None,
    amount_minor: int | None = None,
    most_minor: int | None = None,
    last: bool | None = None,
) -> Case:
    """So many pieces of a line, by default all that are left, and what they give back, at most `most_minor`.

    `amount_minor` is the sum where somebody else has decided it. Raises BadInput for more pieces or a larger sum than
    are left. `last`: whether its post goes too, by default with the last pieces of its parcel.
    """
    group, seller, line = found.group, found.seller, found.line
    pieces = line.left if quantity is None else quantity
    if not 0 < pieces <= line.left:
        raise BadInput(field="quantity", left=line.left)
    parts = _parts(session, SplitPart.line_id == line.id)
    if last is None:
        last = pieces == line.left and not _others(session, line)
    post = _parts(session, (SplitPart.seller_order_id == seller.id) & (SplitPart.kind == "shipping")) if last else []
    given = _given_left(session, [*parts, *post])
    paid = given_back([_left(part) for part in parts], pieces=pieces, of=line.left) + [_left(part) for part in post]
    if most_minor is not None and amount_minor is None:
        amount_minor = min(most_minor, sum(paid))
    if amount_minor is not None:
        lefts = [_left(part) for part in (*parts, *post)]
        if amount_minor > sum(lefts):
            raise BadInput(field="amount")
        paid = take(amount_minor, lefts)
    gifts = given_back([given[part.id] for part in parts], pieces=pieces, of=line.left)
    gifts += [given[part.id] for part in post]
    shares = [
        of_pieces(part.paid_minor + part.given_minor, quantity=line.quantity, before=line.undone, pieces=pieces)
        for part in parts
    ]
    shares += [part.paid_minor + part.given_minor for part in post]
    backs = tuple(Back(*row) for row in zip([*parts, *post], paid, gifts, shares, strict=True))
    return Case(group, seller, line, pieces, last, backs)


def sum_back(session: Session, found: Standing, *, amount_minor: int) -> Case:
    """A sum of a line's price; its pieces stay the buyer's. Raises BadInput for more than is left."""
    parts = _parts(session, SplitPart.line_id == found.line.id)
    lefts = [_left(part) for part in parts]
    if not 0 < amount_minor <= sum(lefts):
        raise BadInput(field="amount")
    backs = tuple(Back(part, paid, 0, 0) for part, paid in zip(parts, take(amount_minor, lefts), strict=True))
    return Case(found.group, found.seller, found.line, 0, last=False, backs=backs)


def _parts(session: Session, these: object) -> list[SplitPart]:
    query = select(SplitPart).where(these).order_by(SplitPart.position, SplitPart.id)  # type: ignore[arg-type]
    return list(session.scalars(query.execution_options(populate_existing=True)))


def _left(part: SplitPart) -> int:
    return part.paid_minor - part.refunded_minor


def _given_left(session: Session, parts: Sequence[SplitPart]) -> dict[int, int]:
    back = dict(
        session.execute(
            select(RefundPart.part_id, func.sum(RefundPart.given_minor))
            .where(RefundPart.part_id.in_([part.id for part in parts]))
            .group_by(RefundPart.part_id)
        ).all()
    )
    return {part.id: part.given_minor - int(back.get(part.id, 0)) for part in parts}


def _others(session: Session, line: OrderLine) -> bool:
    other = select(OrderLine.id).where(
        OrderLine.seller_order_id == line.seller_order_id, OrderLine.id != line.id, ~OrderLine.cancelled
    )
    return session.scalar(other.limit(1)) is not None


def unlink(session: Session, line: OrderLine, count: int, piece_ids: Iterable[int] = ()) -> list[Piece]:
    """Take so many numbered pieces off a line: those that are named, or else the last of them. Raises BadInput."""
    rows = session.scalars(select(LinePiece).where(LinePiece.line_id == line.id).order_by(LinePiece.piece_id)).all()
    wanted = set(piece_ids)
    chosen = [row for row in rows if row.piece_id in wanted] if wanted else rows[len(rows) - count :]
    if len(chosen) != count or (wanted and len(wanted) != count):
        raise BadInput(field="pieces")
    pieces = [session.get_one(Piece, row.piece_id) for row in chosen]
    for row in chosen:
        session.delete(row)
    return pieces


@dataclass(frozen=True, slots=True)
class Out:
    """A sum that leaves an account with a refund; `own`: the one in which the part waits for its owner.

    `owed`: it had been released, and whoever has it owes it now.
    """

    where: Name
    minor: int
    own: bool = False
    owed: bool = False


def undone_of(outs: Sequence[Out]) -> int:
    """What of it leaves the part's own account."""
    return sum(out.minor for out in outs if out.own)


def moves_of(case: Case, outs: Sequence[Sequence[Out]], bearers: Sequence[tuple[Name, int | None]]) -> list[Move]:
    """The buyer's credit and the co-op's gifts get what is theirs, from the accounts that give it.

    What those do not give, the bearers bear in turn, each up to its sum (None: the rest). What they give more, since the
    price was reduced before or by an odd unit, goes to the last bearer.
    """
    sums: dict[tuple[Name, Name], int] = {}
    buyer, gifts = account("buyer:credit", case.group.id), account("expense", "promotions")
    rooms = [(name, room) for name, room in bearers if room is not None]
    last = bearers[-1][0]
    for back, given_up in zip(case.backs, outs, strict=True):
        debits = [(out.where, out.minor) for out in given_up]
        wanted = [(buyer, back.paid_minor), (gifts, back.given_minor)]
        short = back.paid_minor + back.given_minor - sum(out.minor for out in given_up)
        for place, (name, room) in enumerate(rooms):
            borne = max(0, min(short, room))
            rooms[place] = (name, room - borne)
            debits.append((name, borne))
            short -= borne
        debits.append((last, max(0, short)))
        wanted.append((last, max(0, -short)))
        for debit, credit, minor in _paired(debits, wanted):
            sums[debit, credit] = sums.get((debit, credit), 0) + minor
    return [Move(debit, credit, minor) for (debit, credit), minor in sums.items() if debit != credit]


def _paired(debits: list[tuple[Name, int]], wanted: list[tuple[Name, int]]) -> Iterator[tuple[Name, Name, int]]:
    """Sums that leave beside sums that arrive, both in their order; both sides are equal."""
    waiting = [pair for pair in reversed(wanted) if pair[1]]
    for debit, whole in debits:
        left = whole
        while left:
            credit, room = waiting.pop()
            minor = min(left, room)
            yield debit, credit, minor
            left -= minor
            if room > minor:
                waiting.append((credit, room - minor))


def own_account(case: Case, part: SplitPart) -> Name:
    """Where the part waits for its owner."""
    return part_account(part, case.seller.workshop_id, case.line.source)
