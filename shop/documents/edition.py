"""A frozen edition of a fair: what catalogue and price list are made from (expo.md)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from shop.documents.labels import Words
from shop.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Carton:
    """How pieces are packed: lengths in whole centimetres, weights in grams."""

    pieces: int
    length_cm: int
    width_cm: int
    height_cm: int
    gross_weight_g: int | None = None
    net_weight_g: int | None = None
    inner_pack: int | None = None

    @property
    def cubic_metres(self) -> str:
        """The volume to the thousandth, half rounded up: 27 × 27 × 50 cm is 0.036."""
        litres = (self.length_cm * self.width_cm * self.height_cm + 500) // 1000
        return f"{litres // 1000}.{litres % 1000:03d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A heritage certificate: its level (国家, 省, 市, 县), number and issuer."""

    level: Words
    number: str
    issuer: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueItem:
    """One item of an edition at trade prices. ``maker`` is the name she agreed to show, or None.

    ``tiers`` are (from quantity, price per piece). Raises ValueError when a price is not in ``currency``.
    """

    item_no: str
    names: Words
    workshop: Words
    price_term: Words
    currency: str
    tiers: Sequence[tuple[int, Money]]
    moq: int
    lead_days: int
    monthly_capacity: int | None = None
    sku: str = ""
    text: Words | None = None
    size: Words | None = None
    weight_g: int | None = None
    materials: Words | None = None
    technique: Words | None = None
    colours: Words | None = None
    care: Words | None = None
    maker: Words | None = None
    booth: str = ""
    image: Path | bytes | None = None
    sample: Money | None = None
    valid_until: date | None = None
    hs_code: str = ""
    origin: Words | None = None
    carton: Carton | None = None
    certificate: Certificate | None = None
    url: str = ""

    def __post_init__(self) -> None:
        prices = [price for _, price in self.tiers] + ([self.sample] if self.sample else [])
        if any(price.currency != self.currency for price in prices):
            raise ValueError(f"{self.item_no}: a price that is not in {self.currency}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueData:
    """A frozen edition; ``edition`` is its number as a text ("2"). ``made_on`` is the day the edition was made, not today: the same edition, the same bytes."""

    expo_name: Words
    starts_on: date
    ends_on: date
    place: Words
    edition: str
    coop_name: Words
    made_on: date
    items: Sequence[CatalogueItem]
    preface: Words | None = None
    valid_until: date | None = None
