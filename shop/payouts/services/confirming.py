"""Her word, and how strong it is: only `self` confirms, `witnessed` acknowledges (money.md 4)."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.coop.services import close_task, open_task
from shop.db import locked
from shop.errors import NotFound, NotYours
from shop.ledger.services import Draft, post
from shop.payouts.errors import NotHerself, WrongState
from shop.payouts.models import Confirmation, Payout, SpotCall
from shop.payouts.services.batches import key_of
from shop.payouts.services.floats import paid_out
from shop.payouts.services.rights import OFFICERS, only

SELF_ROUTES = ("sms", "card", "account", "coop_call")
WITNESSED_ROUTES = ("pin", "signature", "sms")
"""A text message from a shared phone is only a witness too."""

SPOT_SHARE = 10
"""One call for every so many acknowledgements of a broker in a batch, at least one."""

BURST = timedelta(minutes=10)
"""Own words of several payees from one device within this time are looked at (money.md 4)."""


def confirm(
    session: Session,
    *,
    payout_id: int,
    strength: str,
    route: str,
    by: Actor,
    evidence: str = "",
    picture_id: int | None = None,
    device: str = "",
) -> Payout:
    """Record that a payout was received. The cash of it leaves the broker's float, once, at the first word.

    `device` tells the phone or browser that was used from others; several payees' own words from one within minutes go
    onto the co-op's list.

    `self` makes it confirmed; `witnessed` makes it acknowledged and may draw a spot call. A broker can only witness,
    and only her own makers; of her own pay she is the payee, and says so signed in (`account`). Raises NotHerself, WrongState, NotYours, and for `witnessed` Overdraft where the float holds
    less; her own word is never refused for that.
    """
    payout = locked(session, Payout, {payout_id}).get(payout_id)
    if payout is None or (by.role == "broker" and payout.broker_id != by.broker_id):
        raise NotYours(payout_id=payout_id)
    _route_proves(payout, strength, route, by)
    if payout.state == "confirmed" or (payout.state == "acknowledged" and strength == "witnessed"):
        return payout
    if payout.state not in {"sent", "acknowledged"}:
        raise WrongState(state=payout.state)
    first = payout.state == "sent"
    payout.state = "confirmed" if strength == "self" else "acknowledged"
    payout.closed_at = clock.now() if strength == "self" else payout.closed_at
    session.add(
        Confirmation(
            payout_id=payout.id,
            strength=strength,
            route=route,
            evidence=evidence,
            picture_id=picture_id,
            device=device[:64] or None,
            at=clock.now(),
            by=by.key,
        )
    )
    session.flush()  # the drawing of spot calls counts it
    if strength == "witnessed":
        _draw_spot_call(session, payout)
    elif device:
        _look_for_burst(session, payout, device[:64])
    if first and payout.rail == "cash":
        _book_cash(session, payout, by)
    return payout


def _route_proves(payout: Payout, strength: str, route: str, by: Actor) -> None:
    allowed = SELF_ROUTES if strength == "self" else WITNESSED_ROUTES
    if route not in allowed:
        raise NotHerself(route=route)
    if strength == "self":
        by_coop = route == "coop_call" and by.role in OFFICERS
        speaks = payee_of(by) == payout.payee and (route == "account") == (by.role == "broker")
        if not by_coop and not speaks:
            raise NotHerself(route=route)


def payee_of(by: Actor) -> str:
    """As whom somebody is paid: a broker signs in as a person, a maker acts by her own name."""
    return f"broker:{by.broker_id}" if by.role == "broker" else by.key


def _book_cash(session: Session, payout: Payout, by: Actor) -> None:
    """`in_transit ← broker's float`, whoever of the two words came first."""
    word = "confirmed" if payout.state == "confirmed" else "acknowledged"
    draft = Draft(
        key=f"{key_of(payout)}:{word}",
        kind=f"payout_{word}",
        currency=payout.currency,
        moves=paid_out(session, payout, her_own_word=payout.state == "confirmed"),
        source=f"payout:{payout.id}",
        on_behalf_of=payout.payee,
    )
    post(session, [draft], by=by)


def _look_for_burst(session: Session, payout: Payout, device: str) -> None:
    others = session.scalars(
        select(Payout.payee)
        .join(Confirmation, Confirmation.payout_id == Payout.id)
        .where(
            Confirmation.device == device,
            Confirmation.at > clock.now() - BURST,
            Confirmation.strength == "self",
            Payout.payee != payout.payee,
        )
        .distinct()
        .limit(20)
    ).all()
    if others:
        open_task(
            session,
            key=f"burst:{device}:{clock.today().isoformat()}",
            kind="burst",
            facts={"payout_id": payout.id, "others": sorted(others)},
        )


def _draw_spot_call(session: Session, payout: Payout) -> None:
    """At least one acknowledged payout of a broker and batch is called by the co-op, and every tenth."""
    same = (
        select(Payout.id)
        .where(Payout.batch_id == payout.batch_id, Payout.broker_id == payout.broker_id)
        .scalar_subquery()
    )
    seen = session.scalar(
        select(func.count(Confirmation.id)).where(
            Confirmation.payout_id.in_(same), Confirmation.strength == "witnessed"
        )
    )
    if (int(seen or 1) - 1) % SPOT_SHARE == 0:
        session.add(SpotCall(payout_id=payout.id, drawn_at=clock.now()))
        open_task(session, key=f"spot_call:{payout.id}", kind="spot_call", facts={"payout_id": payout.id})


def answer_spot_call(session: Session, *, payout_id: int, answer: str, by: Actor) -> SpotCall:
    """What she said when the co-op called: received confirms it; anything less opens a case. Raises NotYourPart."""
    only(by, OFFICERS)
    call = session.scalar(select(SpotCall).where(SpotCall.payout_id == payout_id).with_for_update())
    if call is None:
        raise NotFound(what="spot_call")
    if call.answer in {"received", "not_received", "less_received"}:
        return call
    call.answer, call.answered_at, call.answered_by = answer, clock.now(), by.key
    if answer != "not_reached":
        close_task(session, key=f"spot_call:{payout_id}", by=by)
    if answer == "received":
        confirm(session, payout_id=payout_id, strength="self", route="coop_call", by=by)
    elif answer != "not_reached":
        open_task(session, key=f"case:{payout_id}", kind=answer, facts={"payout_id": payout_id})
    return call
