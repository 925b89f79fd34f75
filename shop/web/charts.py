"""Charts as plain numbers: where a page's SVG draws what. Every figure of a chart also stands in its table."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDE, HIGH, LEFT, RIGHT, TOP, FLOOR = 780, 250, 66, 690, 20, 220
LINES = 4


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines over the same places: `scale` are heights with the number they stand for, `places` the x of each name,
    `series` the points of each line.
    """

    scale: tuple[tuple[int, int], ...]
    places: tuple[tuple[int, str], ...]
    series: tuple[tuple[tuple[int, int], ...], ...]


def lines(names: Sequence[str], series: Sequence[Sequence[int]]) -> Lines:
    """A chart of lines; numbers are whole and not negative, and there is one for each name."""
    top = round_up(max((number for line in series for number in line), default=0))
    step = (RIGHT - LEFT) / max(len(names) - 1, 1)

    def high(number: int) -> int:
        return round(FLOOR - (FLOOR - TOP) * number / top)

    return Lines(
        scale=tuple((high(top * each // LINES), top * each // LINES) for each in range(LINES + 1)),
        places=tuple((round(LEFT + step * place), name) for place, name in enumerate(names)),
        series=tuple(
            tuple((round(LEFT + step * place), high(number)) for place, number in enumerate(line)) for line in series
        ),
    )


def round_up(number: int) -> int:
    """The next of 4, 8, 12, 16, 20, 40 … times a power of ten: it is cut into four round steps."""
    power = 1
    while True:
        for times in (4, 8, 12, 16, 20, 24, 32):
            if times * power >= number:
                return times * power
        power *= 10


@dataclass(frozen=True, slots=True)
class Column:
    """One standing bar: left edge, top, width, height, its number and its name."""

    x: int
    y: int
    width: int
    height: int
    number: int
    name: str

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


def columns(rows: Sequence[tuple[str, int]]) -> list[Column]:
    """Standing bars of one colour in a field of 560 by 222, or less wide where they are few."""
    most = max((number for _name, number in rows), default=0) or 1
    width = min(530 // max(len(rows), 1), 110)
    found = []
    for place, (name, number) in enumerate(rows):
        height = round(160 * number / most)
        found.append(Column(16 + place * width, 190 - height, width - 10, height, number, name))
    return found


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of which a part is filled, in units of the drawing; `number` is the whole, `name` its words. Where `told` is
    False nobody may know how large the part is.
    """

    x: int
    y: int
    width: int
    height: int
    part_x: int
    part_y: int
    part_width: int
    part_height: int
    number: int
    name: str
    told: bool

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True)
class Pairs:
    """The same bars twice: standing in a field of 726 by 270 for wide pages, lying in one 350 wide and `high` high."""

    scale: tuple[tuple[int, int], ...]
    standing: tuple[Bar, ...]
    lying: tuple[Bar, ...]
    high: int


def pairs(rows: Sequence[tuple[str, int, int | None]]) -> Pairs:
    """A chart of (name, whole, part) rows; numbers are whole, no part is more than its whole, None is not told."""
    top = round_up(max((whole for _name, whole, _part in rows), default=0))
    step = 660 // max(len(rows), 1)
    wide = min(step * 2 // 3, 60)

    def high(number: int) -> int:
        return round(220 * number / top)

    standing = tuple(
        Bar(
            x := 64 + place * step + (step - wide) // 2,
            240 - high(whole),
            wide,
            high(whole),
            x,
            240 - high(part or 0),
            wide,
            high(part or 0),
            whole,
            name,
            part is not None,
        )
        for place, (name, whole, part) in enumerate(rows)
    )
    lying = tuple(
        Bar(
            96,
            4 + place * 30,
            long(whole, top),
            20,
            96,
            4 + place * 30,
            long(part or 0, top),
            20,
            whole,
            name,
            part is not None,
        )
        for place, (name, whole, part) in enumerate(reversed(rows))
    )
    scale = tuple((240 - high(top * each // LINES), top * each // LINES) for each in range(LINES + 1))
    return Pairs(scale, standing, lying, 4 + 30 * len(rows))


def long(number: int, top: int) -> int:
    """How long a lying bar of `pairs` is."""
    return round(180 * number / top)
