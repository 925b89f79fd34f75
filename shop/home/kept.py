"""What a process keeps between requests. Every key names all that its value was made from, so nothing goes stale."""

from collections.abc import Hashable
from typing import Generic, TypeVar

from shop.db import KEPT

V = TypeVar("V")

_every: list["Kept[object]"] = []


class Kept(Generic[V]):
    """At least the `most` values used last, at most twice as many. Safe among threads: each step is one dict operation."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.young: dict[Hashable, V] = {}
        self.old: dict[Hashable, V] = {}
        _every.append(self)  # type: ignore[arg-type]

    def get(self, key: Hashable) -> V | None:
        """The value, or None where it is to be made."""
        found = self.young.get(key)
        if found is None:
            found = self.old.get(key)
            if found is not None:
                self.put(key, found)
        return found

    def put(self, key: Hashable, value: V) -> V:
        """Keep it; gives it back."""
        if len(self.young) >= self.most:
            self.old, self.young = self.young, {}
        self.young[key] = value
        return value

    def forget(self) -> None:
        """Drop all of it."""
        self.young, self.old = {}, {}


def _forget_all() -> None:
    for one in _every:
        one.forget()


KEPT.append(_forget_all)
