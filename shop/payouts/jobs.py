"""What comes by itself: text messages, of which a maker's 1 is her word, and pay days that draft their batch."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import WORKER, Actor
from shop.brokers.services import is_a_brokers
from shop.coop.errors import BadPhone
from shop.coop.facts import coop_facts
from shop.coop.models import Coop
from shop.coop.phones import canonical
from shop.coop.services import open_task
from shop.db import reading, writing
from shop.ids import digest
from shop.ledger.services import Overdraft
from shop.makers.models import Maker
from shop.outbox.periodic import every
from shop.outbox.sms import IncomingSms, incoming_sms
from shop.payouts.errors import NothingToPay
from shop.payouts.facts import schedule
from shop.payouts.models import IncomingSms as SmsRow
from shop.payouts.models import Payout, PayoutBatch
from shop.payouts.paydays import began
from shop.payouts.queries.unclaimed import unclaimed
from shop.payouts.services import confirm, draft_batch

_REFERENCE = re.compile(r"\bP\d+-[0-9A-Z]{5}\b", re.IGNORECASE)
_POLITE = re.compile(
    r"谢谢(?:你|您|了)*|谢了|thank(?:s| you)|cảm ơn|cám ơn|cam on|ạ\b|nhé\b|请问|啊|哦|嗯", re.IGNORECASE
)
_BARE = re.compile(r"[\s,，.。!！;；、~～]+")
_YES = re.compile(
    r"1|好的?|是的?|(?:我|钱|工钱)?(?:已经?)?(?:全)?收到(?:了|钱了|工钱了)?|钱?到了|ok(?:ay)?|yes|received"
    r"|có|co|rồi|roi|(?:em|chị|tôi|con)?(?:đã|da)?(?:nhận|nhan)(?:đủ|du|tiền|tien|được|duoc)*(?:rồi|roi)?",
    re.IGNORECASE,
)
_NO = re.compile(
    r"^[2２]$|[没沒未](?:有|收|到|拿|给)|少了|不够|chưa|chua|(?:không|khong|ko) ?(?:nhận|nhan|thấy|thay|có|co)|thiếu|thieu"
    r"|\bnot (?:yet|received)|\bless\b|^no$",
    re.IGNORECASE,
)
"""It did not come, or not all of it; whatever else she says, that is no yes."""


HEARD = ("confirmed", "acknowledged", "float short", "not received")
"""What came of a message that needs no reader."""

LONGEST_SHOWN = 160


def take_sms(session: Session, sms: IncomingSms) -> bool:
    """Read one message, in the transaction that ticks it off; what came of it is kept beside it."""
    numbers = _spellings(session, sms.sender)
    makers = session.scalars(select(Maker).where(Maker.phone.in_(numbers), Maker.left_on.is_(None))).all()
    if not makers:
        return False
    row = SmsRow(key=sms.key, number=sms.sender[:20], body=sms.text[:500], received_at=clock.now())
    session.add(row)
    row.outcome = _word(session, makers, sms.sender, sms.text)
    if row.outcome not in HEARD:
        # whatever she wrote, a person reads it
        first, *others = sorted(f"maker:{maker.id}" for maker in makers)
        facts = {"payee": first, "others": others, "text": sms.text.strip()[:LONGEST_SHOWN]}
        open_task(session, key=f"message:{sms.key}", kind="message", facts=facts)
    return True


def _said(body: str) -> tuple[str, str]:
    """(yes, no or "", the payout's reference if it names one), whatever politeness stands around it."""
    reference = _REFERENCE.search(body)
    bare = unicodedata.normalize("NFKC", _POLITE.sub(" ", _REFERENCE.sub(" ", body)))
    answer = "no" if _NO.search(bare.strip()) else "yes" if _YES.fullmatch(_BARE.sub("", bare)) else ""
    return answer, reference.group().upper() if reference else ""


def _spellings(session: Session, sender: str) -> set[str]:
    """The number as the gateway gave it, and in the one spelling in which numbers are kept."""
    coop = session.get(Coop, 1)
    try:
        return {sender, canonical(sender, country=coop.country if coop else "CN")}
    except BadPhone:
        return {sender}


def _word(session: Session, makers: Sequence[Maker], number: str, body: str) -> str:
    answer, reference = _said(body)
    if not answer:
        return "not a yes"
    query = select(Payout).where(
        Payout.payee.in_([f"maker:{maker.id}" for maker in makers]), Payout.state.in_(("sent", "acknowledged"))
    )
    if reference:
        query = query.where(Payout.reference == reference)
    payouts = session.scalars(query.order_by(Payout.id)).all()
    if len(payouts) != 1:
        return "nothing open" if not payouts else "which one?"
    payout = payouts[0]
    if answer == "no":
        _missing(session, payout)
        return "not received"
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


def _missing(session: Session, payout: Payout) -> None:
    """She says that it did not come, or not all of it: the same task as from her own page, which no broker can close."""
    facts = {"payout_id": payout.id, "payee": payout.payee, "broker_id": payout.broker_id, "said_by": "sms"}
    key = f"not_received:{payout.id}:{clock.today().isoformat()}"
    open_task(session, key=key, kind="not_received", facts=facts)


MOST_BATCHES = 40
"""Batches of one pay day that the worker drafts at most, each of CHUNK payees."""


def draft_due() -> int:
    """Draft the next pay day's batches once its cut-off has passed, where the co-op set it so; how many were made.

    A pay day that had a batch before, also one that was given up, is left to the treasurer.
    """
    with reading() as session:
        days, currency = schedule(session), coop_facts(session).currency
        pay_on = days.day_to_draft()
        begins = days.cut_off(pay_on) or began(pay_on)
        known = session.scalar(select(PayoutBatch.id).where(PayoutBatch.pay_on == pay_on).limit(1))
    if not days.drafts_itself or clock.now() < begins or known is not None:
        return 0
    for made in range(MOST_BATCHES):
        try:
            with writing() as session:
                draft_batch(session, pay_on=pay_on, currency=currency, by=WORKER)
        except NothingToPay:
            return made
    return MOST_BATCHES


SETTLING = timedelta(days=31)
"""After the year's end, before its unclaimed pay is put onto the list: the last pay days are over then."""


def list_unclaimed() -> int:
    """Put last year's unclaimed pay onto the co-op's list, once a year; how many people it is of."""
    year = (clock.now() - SETTLING).astimezone(UTC).year - 1
    with reading() as session:
        currency = coop_facts(session).currency
        found = unclaimed(session, year=year, currency=currency)
    if found:
        facts = {"year": year, "people": len(found), "minor": sum(line.amount_minor for line in found)}
        with writing() as session:
            open_task(session, key=f"unclaimed:{year}", kind="unclaimed", facts=facts | {"currency": currency})
    return len(found)


def init_app() -> None:
    incoming_sms(take_sms)
    every(600, "payouts.draft_due")(draft_due)
    every(24 * 60 * 60, "payouts.list_unclaimed")(list_unclaimed)
