"""Where a price goes, as it may be shown: to the cent, and never so that a pay can be got at that is not public."""

from collections.abc import Sequence
from dataclasses import dataclass

COLOURS = {
    "maker": "her",
    "materials": "mat",
    "broker": "broker",
    "workshop": "coop",
    "coop": "coop",
    "costs": "cost",
    "outlet": "cost",
    "tax": "cost",
}
"""Kind of a part → its colour in the drawing."""

_MERGED_FIRST = ("materials", "broker", "workshop", "outlet", "tax", "costs", "coop")

BLUR = 10
"""What is merged with a pay that is not public is at least a tenth of the price, so that the sum says little of it."""


@dataclass(frozen=True, slots=True)
class ShownPart:
    """One row of the table: `kinds` of parts (several where they are merged), their payees, their sum."""

    kinds: tuple[str, ...]
    payees: tuple[str, ...]
    minor: int

    @property
    def colour(self) -> str:
        """The row's key in the drawing; a merged row is not shown as hers."""
        return COLOURS[self.kinds[0]] if len(self.kinds) == 1 else "mat"


def public_split(parts: Sequence[tuple[str, str, int]], *, hers_public: bool) -> list[ShownPart]:
    """The parts of a price, (kind, payee, minor) each, as the public may see them; their sum stays the same.

    Where her pay is not public, other parts are merged with hers until they are a BLUR-th of the price, materials
    first; what then stands by itself cannot be taken away from the price to find her sum.
    """
    shown = [ShownPart((kind,), (payee,), minor) for kind, payee, minor in parts if minor]
    price = sum(part.minor for part in shown)
    if hers_public or not any(part.kinds == ("maker",) for part in shown):
        return shown
    merged = {"maker"}
    beside = 0
    for kind in _MERGED_FIRST:
        if beside * BLUR >= price and {"materials", "broker"} <= merged:
            break
        merged.add(kind)
        beside += sum(part.minor for part in shown if part.kinds == (kind,))
    inside = [part for part in shown if part.kinds[0] in merged]
    kinds = tuple(dict.fromkeys(part.kinds[0] for part in inside))
    together = ShownPart(kinds, (), sum(part.minor for part in inside))
    return [together, *(part for part in shown if part.kinds[0] not in merged)]
