"""How a piece came about, or how one will be made, as a thread of events (product.md 4)."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from shop.home.queries.goods import NextPiece
from shop.web.filters import day_long


@dataclass(frozen=True, slots=True)
class Event:
    """A knot of the thread as `ui/thread.html` draws it."""

    state: str
    when: str | None
    date: str | None
    title: str
    text: str


def event(state: str, at: datetime | None, title: str, text: str = "") -> Event:
    """An event with its day in the page's language."""
    return Event(state, day_long(at) if at else None, at.date().isoformat() if at else None, title, text)


def accepted(at: datetime, hers: str | None) -> Event:
    """Her pay became hers; the sum only where it is public."""
    if hers:
        text = _("From this day the %(amount)s belongs to her, whoever buys the piece and whenever.", amount=hers)
    else:
        text = _("From this day her pay belongs to her, whoever buys the piece and whenever.")
    return event("done", at, _("Checked and accepted: her pay became hers"), text)


def confirmed(at: datetime) -> Event:
    """Said only once she has said so herself (product.md 1.6)."""
    return event("done", at, _("Paid, and confirmed by her"), _("She said herself that the money had arrived."))


def of_shelf(piece: NextPiece, hers: str | None) -> list[Event]:
    """How the piece at hand came about, and what happens when it is bought."""
    events = [accepted(piece.accepted_at, hers)]
    if piece.confirmed_at is not None:
        events.append(confirmed(piece.confirmed_at))
    refills = _(
        "Your payment refills the fund that paid her, so the next piece can be ordered. Nothing of hers waits for you."
    )
    return [
        *events,
        event("now", None, _("On the shelf"), _("Numbered and ready to post.")),
        event("todo", None, _("When you buy it"), refills),
    ]


def to_be_made(*, several: bool, days: int) -> list[Event]:
    """How one will be made."""
    if several:
        asked = _("One of these makers is asked. She may say no, and it costs her nothing.")
    else:
        asked = _("The maker is asked. She may say no, and it costs her nothing.")
    made = ngettext("Made by hand in about %(num)s day", "Made by hand in about %(num)s days", days)
    return [
        event("now", None, _("You order"), asked),
        event("todo", None, made, _("The days follow from the work she already has in hand.")),
        event(
            "todo",
            None,
            _("Checked and accepted: her pay becomes hers"),
            _("From then on it is hers, whatever happens to the parcel."),
        ),
        event(
            "todo", None, _("Numbered and posted"), _("Its number opens its own record, with her name if she agrees.")
        ),
    ]
