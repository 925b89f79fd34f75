"""Text messages that come in: a maker's 1 is her word."""

import re
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.brokers.services import is_a_brokers
from shop.coop.errors import BadPhone
from shop.coop.models import Coop
from shop.coop.phones import canonical
from shop.coop.services import open_task
from shop.ids import digest
from shop.ledger.services import Overdraft
from shop.makers.models import Maker
from shop.outbox.sms import IncomingSms, incoming_sms
from shop.payouts.models import IncomingSms as SmsRow
from shop.payouts.models import Payout
from shop.payouts.services import confirm

_YES = re.compile(r"\s*(?:1|１|好|收到|ok|có|da nhan|đã nhận)[\s,，.]*(P\d+-[0-9A-Z]{5})?\s*", re.IGNORECASE)


def take_sms(session: Session, sms: IncomingSms) -> bool:
    """Read one message, in the transaction that ticks it off; what came of it is kept beside it."""
    numbers = _spellings(session, sms.sender)
    makers = session.scalars(select(Maker).where(Maker.phone.in_(numbers), Maker.left_on.is_(None))).all()
    if not makers:
        return False
    row = SmsRow(key=sms.key, number=sms.sender[:20], body=sms.text[:500], received_at=clock.now())
    session.add(row)
    row.outcome = _word(session, makers, sms.sender, sms.text)
    return True


def _spellings(session: Session, sender: str) -> set[str]:
    """The number as the gateway gave it, and in the one spelling in which numbers are kept."""
    coop = session.get(Coop, 1)
    try:
        return {sender, canonical(sender, country=coop.country if coop else "CN")}
    except BadPhone:
        return {sender}


def _word(session: Session, makers: Sequence[Maker], number: str, body: str) -> str:
    said = _YES.fullmatch(body)
    if said is None:
        return "not a yes"
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
    if is_a_brokers(session, number):
        hers = False
        open_task(
            session,
            key=f"brokers_number:{payout.id}",
            kind="brokers_number",
            facts={"payout_id": payout.id, "maker_id": maker.id},
        )
    try:
        with session.begin_nested():  # a float that holds too little must not lose her word, nor ask the gateway again
            confirm(
                session,
                payout_id=payout.id,
                strength="self" if hers else "witnessed",
                route="sms",
                by=Actor(payout.payee, "maker", lang=maker.lang),
                evidence=f"{number}: {body.strip()[:60]}",
                device=f"sms:{digest(number)[:40]}",
            )
    except Overdraft:
        open_task(
            session,
            key=f"float_short:{payout.broker_id}:{payout.id}",
            kind="float_short",
            facts={"payout_id": payout.id, "broker_id": payout.broker_id},
        )
        return "float short"
    return "confirmed" if hers else "acknowledged"


def init_app() -> None:
    incoming_sms(take_sms)
