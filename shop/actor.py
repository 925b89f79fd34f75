"""Who does something: carried from the view to every service, kept in every history."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["buyer", "broker", "organizer", "treasurer", "officer", "admin", "maker", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or a machine that acts. `key` is what is stored: "user:7", "maker:3", "buyer:<order>", "system:worker"."""

    key: str
    role: Role
    name: str = ""
    user_id: int | None = None
    broker_id: int | None = None
    lang: str = "en"


WORKER = Actor("system:worker", "system", "worker")
COMMAND = Actor("system:command", "system", "command line")
STRIPE = Actor("system:stripe", "system", "Stripe")
