"""Money on its way: marked as sent, and what the bank says of it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.coop.models import Coop
from shop.coop.services import open_task
from shop.db import locked
from shop.errors import NotFound
from shop.ledger.chart import account
from shop.ledger.models import Posting
from shop.ledger.services import Draft, Move, post
from shop.makers.models import Maker
from shop.outbox.sms import owe_sms
from shop.payouts.errors import WrongState
from shop.payouts.models import BY_BANK, Payout
from shop.payouts.services.batches import key_of
from shop.payouts.services.deducting import free_claims
from shop.payouts.services.rights import TREASURER, only
from shop.payouts.words import sent_text


def mark_sent(session: Session, *, payout_ids: list[int], by: Actor) -> list[Payout]:
    """The money has left us: the bank has the file, or the broker hands it over. She is told, where she can be.

    Only approved payouts change; others are passed by, so that a second click does nothing. Raises NotYourPart.
    """
    only(by, TREASURER)
    payouts = locked(session, Payout, set(payout_ids))
    sent = []
    for payout in payouts.values():
        if payout.state != "approved":
            continue
        payout.state, payout.sent_at, payout.sent_by = "sent", clock.now(), by.key
        sent.append(payout)
        _tell(session, payout)
    return sent


def _tell(session: Session, payout: Payout) -> None:
    """A text message where she has a phone of her own; a shared phone gets no amounts (money.md 4)."""
    owner, _, number = payout.payee.partition(":")
    if owner != "maker":
        return
    maker = session.get_one(Maker, int(number))
    if not maker.phone or maker.phone_kind == "none":
        return
    coop = session.get(Coop, 1)
    name = coop.name if coop else {}
    owe_sms(
        session,
        key=f"payout:{payout.id}:sent",
        to=maker.phone,
        text=sent_text(
            payout,
            lang=maker.lang,
            with_amount=maker.phone_kind == "own_phone",
            coop=name.get(maker.lang) or next(iter(name.values()), ""),
            hotline=coop.hotline if coop else "",
        ),
    )


def bank_paid(session: Session, *, payout_id: int, by: Actor) -> Payout:
    """The bank reports it as paid: `in_transit ← bank`. Not yet confirmed: only she can do that."""
    only(by, TREASURER)
    payout = locked(session, Payout, {payout_id}).get(payout_id)
    if payout is None:
        raise NotFound(what="payout")
    if payout.rail not in BY_BANK or payout.state not in {"approved", "sent", "confirmed", "acknowledged"}:
        raise WrongState(state=payout.state)
    if payout.state == "approved":
        payout.state, payout.sent_at, payout.sent_by = "sent", clock.now(), by.key
        _tell(session, payout)
    owner, _, number = payout.payee.partition(":")
    post(
        session,
        [
            Draft(
                key=f"{key_of(payout)}:paid",
                kind="payout_paid",
                currency=payout.currency,
                moves=[Move(account(f"{owner}:in_transit", number), account("bank", "main"), payout.amount_minor)],
                source=f"payout:{payout.id}",
                on_behalf_of=payout.payee,
            )
        ],
        by=by,
    )
    return payout


def bank_failed(session: Session, *, payout_id: int, by: Actor, returned: bool = False) -> Payout:
    """The bank could not pay it, or sent it back: the money is hers again and its earnings wait for a new batch.

    What the bank carried out may come back after she had said that it came: a task, since one of the two is wrong.
    Raises NotYourPart, WrongState.
    """
    only(by, TREASURER)
    payout = locked(session, Payout, {payout_id}).get(payout_id)
    if payout is None:
        raise NotFound(what="payout")
    word = "returned" if returned else "failed"
    if payout.state == word:
        return payout
    was_paid = session.scalar(select(Posting.id).where(Posting.key == f"{key_of(payout)}:paid")) is not None
    heard = payout.state in {"acknowledged", "confirmed"}
    if payout.rail not in BY_BANK or not (payout.state in {"approved", "sent"} or (heard and returned and was_paid)):
        raise WrongState(state=payout.state)
    if heard:
        open_task(
            session,
            key=f"back_after_word:{payout.id}",
            kind="back_after_word",
            facts={"payout_id": payout.id, "state": payout.state},
        )
    owner, _, number = payout.payee.partition(":")
    source = account("bank", "main") if was_paid else account(f"{owner}:in_transit", number)
    payout.state, payout.closed_at = word, clock.now()
    free_claims(session, payout_ids=[payout.id], undone=False)
    post(
        session,
        [
            Draft(
                key=f"{key_of(payout)}:{word}",
                kind=f"payout_{word}",
                currency=payout.currency,
                moves=[Move(source, account(f"{owner}:available", number), payout.amount_minor)],
                source=f"payout:{payout.id}",
                on_behalf_of=payout.payee,
            )
        ],
        by=by,
    )
    return payout
