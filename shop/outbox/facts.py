"""What a letter says, kept as JSON until it is written: money and days come back as what they were."""

from datetime import date, datetime
from typing import Any

from shop.money import Money


def packed(value: Any) -> Any:
    """`value` as JSON. TypeError for what no letter may hold: floats, rows, sets."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Money):
        return {"$money": [value.minor, value.currency]}
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}")
        return {"$at": value.isoformat()}
    if isinstance(value, date):
        return {"$on": value.isoformat()}
    if isinstance(value, dict):
        return {str(name): packed(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [packed(inner) for inner in value]
    raise TypeError(f"a letter cannot hold a {type(value).__name__}")


def unpacked(value: Any) -> Any:
    """What `packed` was given."""
    if isinstance(value, list):
        return [unpacked(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"$money"}:
        minor, currency = value["$money"]
        return Money(minor, currency)
    if set(value) == {"$at"}:
        return datetime.fromisoformat(value["$at"])
    if set(value) == {"$on"}:
        return date.fromisoformat(value["$on"])
    return {name: unpacked(inner) for name, inner in value.items()}
