"""The share of each price, frozen on the order line at checkout (money.md 1)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shop.catalog.models import Piece
from shop.catalog.queries import LiveSplit
from shop.errors import Conflict
from shop.money import share

GIVEN_ORDER = ("coop", "costs", "broker", "materials", "maker")
"""What a co-op's voucher fills, in this order: the maker's part last (money.md 1)."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """One share of a line in minor units; `given_minor` of it comes from a voucher, the rest from the buyer."""

    kind: str
    payee: str
    amount_minor: int
    given_minor: int = 0

    @property
    def paid_minor(self) -> int:
        return self.amount_minor - self.given_minor


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


def with_voucher(lines: Sequence[list[Frozen]], voucher_minor: int) -> list[list[Frozen]]:
    """The same lines with the co-op's gift spread over them by largest remainder of their totals."""
    if not voucher_minor:
        return [list(parts) for parts in lines]
    totals = [sum(part.amount_minor for part in parts) for parts in lines]
    given = share(min(voucher_minor, sum(totals)), totals)
    return [_give(parts, minor) for parts, minor in zip(lines, given, strict=True)]


def _give(parts: list[Frozen], minor: int) -> list[Frozen]:
    filled = list(parts)
    for kind in GIVEN_ORDER:
        for place, part in enumerate(filled):
            if part.kind == kind and minor:
                given = min(minor, part.amount_minor)
                filled[place] = replace(part, given_minor=given)
                minor -= given
    return filled
