"""The share of each price, frozen on the order line at checkout (money.md 1)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shop.cart.errors import VoucherOverShare
from shop.cart.vouchers import Off
from shop.catalog.models import Piece
from shop.catalog.queries import LiveSplit
from shop.errors import Conflict
from shop.money import share

GIVEN_ORDER = ("coop", "costs", "broker", "workshop", "outlet", "materials", "maker", "tax")
"""What a co-op's voucher fills, in this order: the maker's part last (money.md 1), and then the tax, so that a gift of
the whole price leaves nothing to pay."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """One share of a line in minor units: `given_minor` of it comes from the co-op's voucher, `waived_minor` a workshop
    leaves out of its own, the rest comes from the buyer.
    """

    kind: str
    payee: str
    amount_minor: int
    given_minor: int = 0
    waived_minor: int = 0

    @property
    def paid_minor(self) -> int:
        return self.amount_minor - self.given_minor - self.waived_minor


def parts_of_made(split: LiveSplit, quantity: int) -> list[Frozen]:
    """The parts of `quantity` pieces that are to be made: the split, so many times."""
    return [Frozen(part.kind, part.payee, part.amount_minor * quantity) for part in split.parts]


def parts_of_shelf(split: LiveSplit, pieces: Sequence[Piece]) -> list[Frozen]:
    """The parts of numbered pieces: maker and materials are what they were when each piece was taken in.

    Where the split has changed since, the co-op's part carries the difference, then its costs.
    """
    frozen = {
        "maker": sum(piece.maker_minor for piece in pieces),
        "materials": sum(piece.materials_minor for piece in pieces),
    }
    parts = [
        Frozen(part.kind, part.payee, frozen.get(part.kind, part.amount_minor * len(pieces))) for part in split.parts
    ]
    for kind, minor in frozen.items():
        if minor and not any(part.kind == kind for part in parts):
            parts.append(Frozen(kind, "", minor))
    rest = split.price_minor * len(pieces) - sum(part.amount_minor for part in parts)
    for kind in ("coop", "costs"):
        for place, part in enumerate(parts):
            if part.kind == kind and rest:
                change = max(rest, -part.amount_minor)
                parts[place] = replace(part, amount_minor=part.amount_minor + change)
                rest -= change
    if rest > 0:
        parts.append(Frozen("coop", "", rest))
    elif rest < 0:
        raise Conflict(why="piece_costs_more_than_its_price")
    return parts


def with_voucher(
    lines: Sequence[tuple[int, list[Frozen]]], posts: Sequence[int], off: Off
) -> tuple[list[list[Frozen]], list[int]]:
    """The parts of each line (with its workshop's id) once a voucher has filled them, and what it gives of each post.

    It is spread over the lines it is for by largest remainder of their totals; only what is more than all of them goes
    to the posts. Raises VoucherOverShare where a workshop's would take more than its own part of a line (money.md 1).
    """
    totals = [sum(part.amount_minor for part in parts) if off.fits(owner) else 0 for owner, parts in lines]
    goods = min(off.minor, sum(totals))
    given = share(goods, totals) if goods else [0] * len(lines)
    rest = off.minor - goods
    to_post = share(rest, posts) if rest else [0] * len(posts)
    if off.kind == "workshop":
        given = _within_own(given, [[part for part in parts if part.kind == "workshop"] for _, parts in lines], off)
        return [_waive(parts, minor) for (_, parts), minor in zip(lines, given, strict=True)], to_post
    return [_give(parts, minor) for (_, parts), minor in zip(lines, given, strict=True)], to_post


def _within_own(given: list[int], owned: Sequence[list[Frozen]], off: Off) -> list[int]:
    """What spreading has rounded over a line's part goes to another line; anything more is refused."""
    rooms = [sum(part.amount_minor for part in parts) for parts in owned]
    if any(minor > room + 1 for minor, room in zip(given, rooms, strict=True)) or sum(given) > sum(rooms):
        raise VoucherOverShare(code=off.code)
    kept = [min(minor, room) for minor, room in zip(given, rooms, strict=True)]
    over = sum(given) - sum(kept)
    for place, room in enumerate(rooms):
        if given[place]:
            more = min(over, room - kept[place])
            kept[place] += more
            over -= more
    if over:
        raise VoucherOverShare(code=off.code)
    return kept


def _waive(parts: list[Frozen], minor: int) -> list[Frozen]:
    left = list(parts)
    for place, part in enumerate(left):
        if part.kind == "workshop" and minor:
            waived = min(minor, part.amount_minor)
            left[place] = replace(part, waived_minor=waived)
            minor -= waived
    return left


def _give(parts: list[Frozen], minor: int) -> list[Frozen]:
    filled = list(parts)
    for kind in GIVEN_ORDER:
        for place, part in enumerate(filled):
            if part.kind == kind and minor:
                given = min(minor, part.amount_minor)
                filled[place] = replace(part, given_minor=given)
                minor -= given
    return filled
