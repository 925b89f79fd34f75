"""What is public about her: her dated answers, item by item. A change reaches every page at once (product.md 1.5)."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.coop.services import record
from shop.errors import BadInput, NotFound
from shop.makers.errors import NotAsked, OlderAnswer
from shop.makers.models import CONSENT_ITEMS, Consent, Maker

WAYS = ("signed", "thumb", "voice", "call", "visit")
"""How she answered: on paper, by thumb, in a recording, on the telephone, face to face."""

PublicChange = Callable[[Session, int], None]
_heard: list[PublicChange] = []


def on_public_change(hear: PublicChange) -> PublicChange:
    """Register who must follow what is public of a maker, in the same transaction: `hear(session, maker_id)`."""
    if hear not in _heard:
        _heard.append(hear)
    return hear


def tell_public_change(session: Session, maker_id: int) -> None:
    """Tell them."""
    session.flush()  # they read what is public now
    for hear in _heard:
        hear(session, maker_id)


def answer_consent(
    session: Session, *, maker_id: int, item: str, given: bool, how: str, by: Actor, on: date | None = None
) -> Consent:
    """Write down her yes or no to one item; what she said before ends with it. The same answer again changes nothing.

    Raises NotFound, BadInput (unknown item or way, a day to come), OlderAnswer where a later answer is known.
    """
    day = on or clock.today()
    live = _live(session, maker_id, item, how, day)
    if live is not None:
        if (live.given, live.answered_on, live.how) == (given, day, how):
            return live
        if live.given and not given:
            live.withdrawn_on = day
        live.live = False
        session.flush()  # only one answer may be live, and the database checks each statement
    answer = Consent(maker_id=maker_id, item=item, given=given, answered_on=day, how=how, recorded_by=by.key)
    session.add(answer)
    _written(session, maker_id, "consent" if given else "no_consent", by, item=item, how=how)
    return answer


def withdraw_consent(
    session: Session, *, maker_id: int, item: str, how: str, by: Actor, on: date | None = None
) -> Consent:
    """She takes back a yes: it is dated on her old answer, and public pages change with this transaction.

    Raises NotFound, NotAsked where she has said no yes, BadInput (a day to come), OlderAnswer.
    """
    day = on or clock.today()
    live = _live(session, maker_id, item, how, day)
    if live is None or not live.given:
        raise NotAsked(item=item)
    live.withdrawn_on, live.live = day, False
    _written(session, maker_id, "withdrawn", by, item=item, how=how)
    return live


def _live(session: Session, maker_id: int, item: str, how: str, day: date) -> Consent | None:
    """Her answer in force, her row held meanwhile. Refuses a day before her last word on the item, and one to come."""
    if item not in CONSENT_ITEMS:
        raise BadInput(field="item")
    if how not in WAYS:
        raise BadInput(field="how")
    if session.scalar(select(Maker.id).where(Maker.id == maker_id).with_for_update()) is None:
        raise NotFound(what="maker")
    if day > clock.today():
        raise BadInput(field="on")
    known = session.scalars(select(Consent).where(Consent.maker_id == maker_id, Consent.item == item)).all()
    latest = max((max(row.answered_on, row.withdrawn_on or row.answered_on) for row in known), default=day)
    if day < latest:
        raise OlderAnswer(latest=latest)
    return next((row for row in known if row.live), None)


def _written(session: Session, maker_id: int, kind: str, by: Actor, **facts: str) -> None:
    about = f"maker:{maker_id}"
    record(session, about=about, kind=kind, by=by, on_behalf_of=about, facts=facts)
    tell_public_change(session, maker_id)
