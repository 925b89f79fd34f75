"""What somebody asks of the list, read from an address in which anything may stand. What makes no sense is left out."""

import base64
import binascii
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol
from urllib.parse import urlencode

from shop.words import LONGEST_QUESTION

SORTS = ("new", "low", "high")
WHEN = ("ready", "made")
MOST_CHOSEN = 20
"""Of one filter; nobody ticks more boxes, and a statement has room for only so many."""

_LONGEST_CURSOR = 80
_MOST = 10**16

NO_END = 9_000_000_000_000_000
BANDS = {"CNY": (10_000, 50_000), "VND": (300_000, 1_500_000), "JPY": (2_000, 10_000), "KRW": (20_000, 100_000)}
USUAL_BANDS = (2_000, 8_000)


class Args(Protocol):
    """An address's query, as Werkzeug gives it."""

    def get(self, key: str, default: str) -> str: ...
    def getlist(self, key: str) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the list: the last (turn "after") or first ("before") row's sort key and id; with `best` a rank."""

    sort: str
    turn: str
    place: int
    id: int

    def text(self) -> str:
        """What stands in the address."""
        plain = f"{self.sort}.{self.turn[0]}.{self.place}.{self.id}"
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def cursor_of(text: str) -> Cursor | None:
    """The cursor in an address; None for anything that we did not write."""
    if not text or len(text) > _LONGEST_CURSOR:
        return None
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
        sort, turn, place, row_id = plain.split(".")
        found = Cursor(sort, {"a": "after", "b": "before"}[turn], int(place), int(row_id))
    except (binascii.Error, UnicodeError, ValueError, KeyError):
        return None
    known = found.sort in {*SORTS, "best"} and 0 <= found.place < _MOST and 0 <= found.id < _MOST
    return found if known else None


@dataclass(frozen=True, slots=True)
class Band:
    """A price band in minor units, `low` included, `high` not."""

    code: str
    low: int
    high: int


def bands_of(currency: str) -> tuple[Band, ...]:
    """The three price bands of a currency."""
    first, second = BANDS.get(currency, USUAL_BANDS)
    return Band("1", 0, first), Band("2", first, second), Band("3", second, NO_END)


@dataclass(frozen=True, slots=True)
class Wish:
    """Filters, order and place in the list. Crafts, workshops and villages are slugs that exist, each with its id."""

    q: str = ""
    exact: bool = False
    sort: str = ""
    when: tuple[str, ...] = ()
    price: tuple[str, ...] = ()
    named: bool = False
    crafts: tuple[str, ...] = ()
    workshops: tuple[str, ...] = ()
    villages: tuple[str, ...] = ()
    bands: tuple[tuple[int, int], ...] = ()
    craft_ids: tuple[int, ...] = ()
    workshop_ids: tuple[int, ...] = ()
    village_ids: tuple[int, ...] = ()
    maker_ids: tuple[int, ...] = ()
    cursor: Cursor | None = field(default=None, compare=False)

    @property
    def groups(self) -> frozenset[str]:
        """The filters that the statement must know of, apart from delivery and price."""
        pairs = (
            ("craft", self.craft_ids),
            ("workshop", self.workshop_ids),
            ("village", self.village_ids),
            ("maker", self.maker_ids),
            ("named", self.named),
        )
        return frozenset(name for name, chosen in pairs if chosen)

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """(name, value) of every ticked box, in the page's order."""
        return [
            *(("when", value) for value in self.when),
            *(("price", value) for value in self.price),
            *(("village", value) for value in self.villages),
            *([("named", "1")] if self.named else []),
            *(("craft", value) for value in self.crafts),
            *(("workshop", value) for value in self.workshops),
        ]

    def query(self, *, without: Sequence[tuple[str, str]] = (), cursor: Cursor | None = None) -> str:
        """The address's query for this wish, "" or with its "?"; without some boxes, and at a place."""
        pairs = [("q", self.q)] if self.q else []
        pairs += [pair for pair in self.chosen if pair not in without]
        pairs += [("sort", self.sort)] if self.sort else []
        pairs += [("exact", "1")] if self.exact else []
        pairs += [("at", cursor.text())] if cursor else []
        return f"?{urlencode(pairs)}" if pairs else ""

    def bare(self) -> "Wish":
        """The same question without any filter."""
        return Wish(q=self.q, exact=self.exact, sort=self.sort)


def clean(text: str) -> str:
    """A question as it may be searched for and shown again: bounded, on one line, without what no database takes."""
    text = text[: LONGEST_QUESTION * 2]
    text = "".join(sign for sign in text if sign.isprintable() or sign.isspace())
    return " ".join(text.split())[:LONGEST_QUESTION]


def _known(values: Iterable[str], known: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value in known))[:MOST_CHOSEN]


def wish_of(
    args: Args,
    *,
    crafts: Mapping[str, int],
    workshops: Mapping[str, int],
    villages: Mapping[str, int],
    currency: str,
) -> Wish:
    """The wish in an address's query; the mappings are slug → id of what there is."""
    when = tuple(value for value in WHEN if value in args.getlist("when"))
    asked_bands = set(args.getlist("price"))
    bands = tuple(band for band in bands_of(currency) if band.code in asked_bands)
    crafts_, workshops_, villages_ = (
        _known(args.getlist(name), known)
        for name, known in (("craft", crafts), ("workshop", workshops), ("village", villages))
    )
    sort = args.get("sort", "")
    return Wish(
        q=clean(args.get("q", "")),
        exact=args.get("exact", "") == "1",
        sort=sort if sort in SORTS else "",
        when=when,
        price=tuple(band.code for band in bands),
        named=args.get("named", "") == "1",
        crafts=crafts_,
        workshops=workshops_,
        villages=villages_,
        bands=tuple((band.low, band.high) for band in bands),
        craft_ids=tuple(crafts[slug] for slug in crafts_),
        workshop_ids=tuple(workshops[slug] for slug in workshops_),
        village_ids=tuple(villages[slug] for slug in villages_),
        cursor=cursor_of(args.get("at", "")),
    )


def within(wish: Wish, **given: object) -> Wish:
    """The wish on a page that itself gives some of it: of one craft, or without a question."""
    return replace(wish, **given)  # type: ignore[arg-type]
