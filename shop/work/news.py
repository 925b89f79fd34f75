"""Who hears of work done. A higher room registers here; its handler runs in the same unit of work."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from shop.actor import Actor
from shop.ledger.services import Move


@dataclass(frozen=True, slots=True)
class News:
    """Something happened to a work order: `kind` is asked, agreed, refused, taken_back, received."""

    kind: str
    work_order_id: int
    assignment_id: int
    maker_id: int
    by: Actor
    accepted: int = 0
    mend: int = 0
    rejected: int = 0
    piece_ids: list[int] = field(default_factory=list)
    how: str = ""


Listener = Callable[[Session, News], Sequence[Move]]
"""Gives what else is to be booked with it; only `received` always has a posting to book it in."""

_listeners: list[Listener] = []


def on_news(listener: Listener) -> None:
    """Call `listener` for every piece of news from now on; once, however often the app is made."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(session: Session, news: News) -> list[Move]:
    """Let everybody who registered know; gives what they want booked with it."""
    return [move for listener in _listeners for move in listener(session, news)]
