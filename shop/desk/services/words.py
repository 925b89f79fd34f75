"""What is said of a payout on the desk and on a maker's own page."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.coop.models import Task
from shop.coop.services import open_task
from shop.db import locked
from shop.desk.errors import NotSent, UnderInquiry
from shop.desk.queries.purse import missing_key
from shop.errors import NotYours
from shop.payouts.models import Payout
from shop.payouts.services import confirm
from shop.payouts.services.confirming import payee_of

OPEN = ("sent", "acknowledged")
"""States in which she may still say something of a payout."""

WITNESSED = ("acknowledged", "confirmed")
"""States to which a witness adds nothing."""


def witness(
    session: Session,
    *,
    payout_id: int,
    route: str,
    by: Actor,
    evidence: str = "",
    picture_id: int | None = None,
    pin_checked: bool = False,
) -> Payout:
    """The broker witnesses that money reached a maker: acknowledged, never confirmed.

    A PIN proves something only where it was checked, whatever state the payout was in when it was asked for. Raises
    UnderInquiry while the co-op looks into her word that it did not come, NotSent for a PIN not asked for; else as
    `payouts.confirm`.
    """
    payout = locked(session, Payout, {payout_id}).get(payout_id)
    if payout is None or payout.broker_id != by.broker_id or not payout.payee.startswith("maker:"):
        raise NotYours(payout_id=payout_id)
    if route == "pin" and not pin_checked and payout.state not in WITNESSED:
        raise NotSent(state=payout.state)
    asking = session.scalar(
        select(Task.id).where(
            Task.done_at.is_(None),
            Task.key.startswith(f"not_received:{payout_id}:") | (Task.key == f"case:{payout_id}"),
        )
    )
    if asking is not None:
        raise UnderInquiry(payout_id=payout_id)
    return confirm(
        session,
        payout_id=payout_id,
        strength="witnessed",
        route=route,
        by=by,
        evidence=evidence,
        picture_id=picture_id,
    )


def own_word(
    session: Session, *, payout_id: int, by: Actor, evidence: str = "", brokers_phone: bool = False, device: str = ""
) -> Payout:
    """She says on her own page that the money came: confirmed. A maker by her card, a broker signed in as herself.

    A phone that was lately used as a broker's is told to the co-op (money.md 4). Raises NotYours for another's payout,
    else as `payouts.confirm`.
    """
    payout = locked(session, Payout, {payout_id}).get(payout_id)
    if payout is None or payout.payee != payee_of(by) or payout.state not in {*OPEN, "confirmed"}:
        raise NotYours(payout_id=payout_id)
    if brokers_phone and payout.state != "confirmed":
        open_task(session, key=f"card_here:{payout_id}", kind="card_on_brokers_phone", facts={"payout_id": payout_id})
    return confirm(
        session, payout_id=payout_id, strength="self", route=_page_of(by), by=by, evidence=evidence, device=device
    )


def say_missing(session: Session, *, payout_id: int, by: Actor) -> None:
    """She says that the money did not come: a task for the co-op, which no broker can close. Again today changes nothing.

    Raises NotYours for another's payout, NotSent where nothing is open about it.
    """
    payout = locked(session, Payout, {payout_id}).get(payout_id)
    if payout is None or payout.payee != payee_of(by):
        raise NotYours(payout_id=payout_id)
    if payout.state not in OPEN:
        raise NotSent(state=payout.state)
    open_task(
        session,
        key=missing_key(payout_id, clock.today()),
        kind="not_received",
        facts={"payout_id": payout_id, "payee": payout.payee, "broker_id": payout.broker_id, "said_by": _page_of(by)},
    )


def _page_of(by: Actor) -> str:
    return "account" if by.role == "broker" else "card"
