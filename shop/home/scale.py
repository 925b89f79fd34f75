"""The drawing that shows how large a piece is: beside a hand, or beside a person where it is taller than an arm."""

from dataclasses import dataclass
from typing import Any

HAND_CM = 18
PERSON_CM = 160
_BY_HAND = 60
"""Up to this size, in cm, a hand beside it says more than a person."""

WIDTH, HEIGHT = 120, 100
_FLOOR = 86.0
_TOP = 6.0
_GAP = 8.0

HAND = (
    "M7 18V13.600C5.200 12.200 3.800 10.300 3.400 8.500c-.2-1.100 1.100-1.500 1.600-.6l1.500 2.600V3.700c0-1.300 1.600-1.300 1.600 0"
    "V1.700c0-1.300 1.800-1.300 1.800 0v1.500c0-1.300 1.600-1.300 1.600 0v1.800c0-1.100 1.500-1.100 1.500 0v5c0 1.800-.7 3.300-1.500 4.100V18z"
)
"""A hand 18 units high and about 10 wide, drawn in its own centimetres."""

PERSON = (
    "M20 0a10 10 0 1 1 0 20a10 10 0 1 1 0-20M20 24c-12 0-16 6-17 16l-2 34h8l3-26v42l-3 70h9l3-64 3 64h9l-3-70V48l3 26h8"
    "l-2-34c-1-10-5-16-17-16z"
)
"""A person 160 units high and 40 wide."""


@dataclass(frozen=True, slots=True)
class Scale:
    """An SVG of WIDTH × HEIGHT: the piece as a circle or box, and beside it a hand or a person, all to one scale."""

    round: bool
    x: float
    y: float
    width: float
    height: float
    beside: str
    path: str
    factor: float
    beside_x: float
    beside_y: float
    stroke: float


def scale_of(size: dict[str, Any]) -> Scale | None:
    """The drawing of a size as a variant keeps it, in cm; None where it says too little."""
    measures = _measures(size)
    if measures is None:
        return None
    wide, high = measures
    by_hand = max(wide, high) <= _BY_HAND
    beside_cm, beside_wide, path = (HAND_CM, 11, HAND) if by_hand else (PERSON_CM, 40, PERSON)
    room_high, room_wide = _FLOOR - _TOP, WIDTH - 2 * 6 - _GAP
    factor = min(room_high / max(high, beside_cm), room_wide / (wide + beside_wide))
    total = (wide + beside_wide) * factor + _GAP
    left = (WIDTH - total) / 2
    return Scale(
        size.get("shape") == "round",
        round(left, 1),
        round(_FLOOR - high * factor, 1),
        round(wide * factor, 1),
        round(high * factor, 1),
        "hand" if by_hand else "person",
        path,
        round(factor, 3),
        round(left + wide * factor + _GAP, 1),
        round(_FLOOR - beside_cm * factor, 1),
        round(1.6 / factor, 2),
    )


def _measures(size: dict[str, Any]) -> tuple[float, float] | None:
    if size.get("shape") == "round":
        found = (size.get("diameter"), size.get("diameter"))
    else:
        wide, high, deep = size.get("width"), size.get("height"), size.get("depth")
        # length × width × height: a vase on a square foot stands as high as its last measure
        stands = wide == high and isinstance(deep, int | float) and isinstance(high, int | float) and deep > high
        found = (wide, deep if stands else high)
    if not all(isinstance(each, int | float) and 0 < each < 10_000 for each in found):
        return None
    return float(found[0]), float(found[1])  # type: ignore[arg-type]
