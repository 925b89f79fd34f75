"""Whose part of paying people it is, asked again where it is done (house.md 4)."""

from shop.actor import Actor
from shop.payouts.errors import NotYourPart

TREASURER = ("treasurer",)
OFFICERS = ("officer", "admin")
STAFF = (*TREASURER, *OFFICERS)
ADMIN = ("admin",)
DRAFTERS = (*TREASURER, "system")
"""Who proposes a batch: the treasurer, or the worker where the co-op set it so. Neither approves it."""


def only(by: Actor, roles: tuple[str, ...]) -> None:
    """Return where the actor has one of these roles. Raises NotYourPart."""
    if by.role not in roles:
        raise NotYourPart(needs=roles[0])
