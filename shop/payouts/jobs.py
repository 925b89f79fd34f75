"""Text messages that come in: a maker's 1 is her word."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.db import again, writing
from shop.makers.models import Maker
from shop.outbox.sms import incoming_sms
from shop.payouts.models import IncomingSms, Payout
from shop.payouts.services import confirm

_YES = re.compile(r"\s*(?:1|１|好|收到|ok|có|da nhan|đã nhận)\b?[\s,，.]*(P\d+-[0-9A-Z]{5})?\s*", re.IGNORECASE)


def take_sms(key: str, number: str, body: str) -> str:
    """Handle one message once. Gives the outcome in a word, which is kept beside it."""

    def work() -> str:
        with writing() as session:
            known = session.scalar(select(IncomingSms).where(IncomingSms.key == key))
            if known is not None:
                return known.outcome
            row = IncomingSms(key=key, number=number[:20], body=body[:500], received_at=clock.now())
            session.add(row)
            row.outcome = _word(session, number, body)
            return row.outcome

    return again(work)


def _word(session: Session, number: str, body: str) -> str:
    said = _YES.fullmatch(body)
    if said is None:
        return "not a yes"
    makers = session.scalars(select(Maker).where(Maker.phone == number, Maker.left_on.is_(None))).all()
    if not makers:
        return "unknown number"
    query = select(Payout).where(
        Payout.payee.in_([f"maker:{maker.id}" for maker in makers]), Payout.state.in_(("sent", "acknowledged"))
    )
    if said.group(1):
        query = query.where(Payout.reference == said.group(1).upper())
    payouts = session.scalars(query.order_by(Payout.id)).all()
    if len(payouts) != 1:
        return "nothing open" if not payouts else "which one?"
    payout = payouts[0]
    maker = next(each for each in makers if payout.payee == f"maker:{each.id}")
    hers = len(makers) == 1 and maker.phone_kind == "own_phone" and maker.phone_verified_at is not None
    confirm(
        session,
        payout_id=payout.id,
        strength="self" if hers else "witnessed",
        route="sms",
        by=Actor(payout.payee, "maker", lang=maker.lang),
        evidence=f"{number}: {body.strip()[:60]}",
    )
    return "confirmed" if hers else "acknowledged"


def init_app() -> None:
    incoming_sms(take_sms)
