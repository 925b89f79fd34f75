"""The pages, a file for each kind of thing that is looked at."""

from shop.desk.views import (
    account,
    advances,
    card,
    collect,
    goods,
    groups,
    listing,
    makers,
    parcels,
    pay,
    statements,
    today,
    work,
)

__all__ = [
    "account",
    "advances",
    "card",
    "collect",
    "goods",
    "groups",
    "listing",
    "makers",
    "parcels",
    "pay",
    "statements",
    "today",
    "work",
]
