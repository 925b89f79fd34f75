"""The chart of accounts (money.md 3): which kinds there are, on which side they grow, and which have a floor."""

import re
from dataclasses import dataclass

from shop.errors import ShopError


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of account. `pattern` is how its accounts are called, {} standing for the owner."""

    pattern: str
    side: str
    floored: bool


def _kinds(side: str, floored: bool, *patterns: str) -> dict[str, Kind]:  # noqa: FBT001
    return {kind_of(pattern): Kind(pattern, side, floored) for pattern in patterns}


def kind_of(pattern: str) -> str:
    """maker:{}:available → maker:available."""
    return ":".join(part for part in pattern.split(":") if part != "{}")


CHART: dict[str, Kind] = {
    **_kinds("debit", False, "psp:stripe", "bank:{}", "coop:costs", "expense:{}", "fx:trading:{}"),
    **_kinds("credit", False, "income:{}", "equity:opening"),
    **_kinds(
        "debit",
        True,
        "psp:in_transit",
        "stock:{}:pieces",
        "stock:{}:materials",
        "materials:{}:out",
        "maker:{}:owes",
        "broker:{}:owes",
        "workshop:{}:owes",
        "outlet:{}:owes",
        "maker:{}:advance",
        "broker:{}:float",
        "outlet:{}:receivable",
        "trade:{}:receivable",
        "carrier:{}:claims",
        "disputes:open",
        "fund:cash",
        "fund:loans:{}",
    ),
    **_kinds(
        "credit",
        True,
        "work:{}:open",
        "materials:{}:held",
        "maker:{}:held",
        "maker:{}:available",
        "maker:{}:in_transit",
        "broker:{}:held",
        "broker:{}:available",
        "broker:{}:in_transit",
        "broker:{}:credit",
        "workshop:{}:held",
        "workshop:{}:available",
        "workshop:{}:in_transit",
        "coop:{}:commission:held",
        "buyer:{}:credit",
        "outlet:{}:credit",
        "deposits:{}",
        "suspense:in",
        "tax:{}",
        "fund:transit",
        "fund:capital",
        "gifts:{}",
    ),
}

OWED = (
    "work:open",
    "materials:held",
    *(f"{who}:{state}" for who in ("maker", "broker", "workshop") for state in ("held", "available", "in_transit")),
    "coop:commission:held",
    "broker:credit",
    "buyer:credit",
    "outlet:credit",
    "deposits",
    "suspense:in",
    "tax",
    "fund:transit",
    "gifts",
)
"""Kinds that say what we owe, without the fund's own capital."""

HELD_FOR_IT = ("bank", "psp:stripe", "psp:in_transit", "broker:float")
"""Kinds that say what we have to pay it with, without the fund's cash."""


class NoSuchAccount(ShopError):
    """A name that the chart does not know; a programming error, never a visitor's."""

    status = 500
    code = "no_such_account"


@dataclass(frozen=True, slots=True, order=True)
class Name:
    """An account's kind and owner. Raises NoSuchAccount for a kind outside the chart."""

    kind: str
    owner: str = ""

    def __post_init__(self) -> None:
        if self.kind not in CHART:
            raise NoSuchAccount(kind=self.kind)

    def __str__(self) -> str:
        return CHART[self.kind].pattern.replace("{}", self.owner).replace("::", ":").strip(":")


_NAMES = [
    (kind, re.compile(":".join(r"([^:]+)" if part == "{}" else re.escape(part) for part in entry.pattern.split(":"))))
    for kind, entry in CHART.items()
]


def named(name: str) -> Name:
    """The account called `maker:7:available`, `bank:main`, `stock:pieces` …; NoSuchAccount where there is none."""
    for kind, shape in _NAMES:
        found = shape.fullmatch(name)
        if found:
            return Name(kind, *found.groups())
    return Name(name)


def account(kind: str, owner: int | str = "") -> Name:
    """Shorthand for services: `account("maker:available", 7)`."""
    return Name(kind, str(owner))
