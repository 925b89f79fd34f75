"""How a payee wants her money, and that she hears of every change of it (money.md 4)."""

import re
from datetime import timedelta

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session, aliased

from shop import clock
from shop.actor import Actor
from shop.coop.services import close_task, open_task, record
from shop.db import locked
from shop.documents.latin import plain
from shop.errors import BadInput, NotFound
from shop.ids import digest
from shop.payouts.errors import SamePerson, WrongState
from shop.payouts.facts import pay_facts
from shop.payouts.models import BY_BANK, LONGEST_REASON, WALLETS, Payout, PayoutBatch, PayoutMethod
from shop.payouts.queries.ways import in_force, ways_of
from shop.payouts.services.rights import OFFICERS, only
from shop.payouts.services.telling import tell_payee


def set_method(
    session: Session,
    *,
    payee: str,
    rail: str,
    by: Actor,
    holder: str = "",
    bank: str = "",
    bank_code: str = "",
    account_no: str = "",
    heir: str = "",
    evidence: str = "",
) -> PayoutMethod:
    """How a payee wants her money from now on. Without what her rail cannot do without: BadInput with the field.

    What sends it elsewhere than before pays only after the co-op's waiting time, and she is told at once, by telephone,
    letter or a call; a first account waits as well. With `heir` she is paid no more, but her heir is, on `evidence` and once
    a second person said yes. An account that is somebody else's too goes onto the co-op's list. Raises NotYourPart.
    """
    only(by, OFFICERS)
    holder, bank, account_no, bank_code = plain(holder), plain(bank), account_no.replace(" ", ""), bank_code.strip()
    _complete(rail, holder, bank, bank_code, account_no)
    heir, evidence = plain(heir), evidence.strip()
    if heir and not 0 < len(evidence) <= LONGEST_REASON:
        raise BadInput(field="evidence")
    now, facts = clock.now(), pay_facts(session)
    known = ways_of(session, payees=[payee])[payee]
    before = in_force(known, now=now)
    _take_back_waiting(session, payee)
    for each in known:
        close_task(session, key=f"method_second:{each.id}", by=by)
    session.execute(update(PayoutMethod).where(PayoutMethod.payee == payee, PayoutMethod.live).values(live=False))
    method = PayoutMethod(
        payee=payee,
        rail=rail,
        holder=holder,
        bank=bank,
        bank_code=bank_code,
        account=account_no,
        set_by=by.key,
        set_at=now,
        good_from=now,
        heir=heir,
        evidence=evidence if heir else "",
    )
    elsewhere = before is not None and _where(before) != _where(method)
    method.watched = elsewhere or (before is None and rail in BY_BANK) or heir != ""
    if method.watched:
        method.good_from = now + timedelta(days=facts.account_wait_days)
    session.add(method)
    session.flush()  # the partial unique index has the last word, and its id names the notice
    if method.watched:
        if known:
            tell_payee(session, method)
        if facts.account_limit_minor is not None or heir:
            open_task(session, key=f"method_second:{method.id}", kind="method_second", facts={"payee": payee})
    if rail in BY_BANK:
        _shared_account(session, method)
    return method


def _take_back_waiting(session: Session, payee: str) -> None:
    """A way that never came to pay never will, once another is written down."""
    session.execute(
        update(PayoutMethod)
        .where(PayoutMethod.payee == payee, PayoutMethod.good_from > clock.now())
        .values(good_from=None),
        execution_options={"synchronize_session": "fetch"},
    )


def approve_method(session: Session, *, method_id: int, by: Actor) -> PayoutMethod:
    """A second person says yes to a changed account, so that large sums go by it too. Again changes nothing.

    Raises NotYourPart, SamePerson for whoever wrote it down, WrongState for one that is not the last or no change.
    """
    method = _changed(session, method_id, by)
    if method.set_by == by.key:
        raise SamePerson(method_id=method_id)
    if method.approved_by is None:
        method.approved_by, method.approved_at = by.key, clock.now()
        close_task(session, key=f"method_second:{method.id}", by=by)
        record(session, about=method.payee, kind="pay_method_approved", by=by, facts={"method_id": method.id})
    return method


def take_back_method(session: Session, *, method_id: int, by: Actor) -> PayoutMethod | None:
    """She did not ask for it: the way before it is in force again, which is given back; None where there was none.

    Raises NotYourPart, WrongState for one that is not the last or no change.
    """
    method = _changed(session, method_id, by)
    method.good_from, method.live = None, False
    session.flush()  # one way at a time is the last
    before = session.scalar(
        select(PayoutMethod)
        .where(PayoutMethod.payee == method.payee, PayoutMethod.id < method.id, PayoutMethod.good_from.is_not(None))
        .order_by(PayoutMethod.id.desc())
        .limit(1)
    )
    if before is not None:
        before.live = True
    for kind in ("method_second", "method_call"):
        close_task(session, key=f"{kind}:{method.id}", by=by)
    record(session, about=method.payee, kind="pay_method_taken_back", by=by, facts={"method_id": method.id})
    return before


def _changed(session: Session, method_id: int, by: Actor) -> PayoutMethod:
    only(by, OFFICERS)
    method = locked(session, PayoutMethod, {method_id}).get(method_id)
    if method is None:
        raise NotFound(what="method")
    if not (method.live and method.watched):
        raise WrongState(state="drafted")
    return method


def _where(method: PayoutMethod) -> tuple[str, ...]:
    """What decides where money goes; a bank's name is only read by people, a wallet's decides."""
    return (
        method.rail,
        method.account,
        method.holder,
        method.bank_code,
        method.bank if method.rail == "wallet" else "",
        method.heir,
    )


def _complete(rail: str, holder: str, bank: str, bank_code: str, account_no: str) -> None:
    if rail not in BY_BANK:
        return
    shape = {"bank_file": r"[0-9]{8,34}", "vietqr": r"[0-9A-Za-z]{6,19}", "wallet": r"\S{3,40}"}[rail]
    if not holder:
        raise BadInput(field="holder")
    if not re.fullmatch(shape, account_no, re.ASCII):
        raise BadInput(field="account", rail=rail)
    if rail == "wallet" and not any(bank in known for known in WALLETS.values()):
        raise BadInput(field="wallet")
    if not re.fullmatch(r"[0-9]{6}" if rail == "vietqr" else r"[0-9A-Z]{0,20}", bank_code, re.ASCII):
        raise BadInput(field="bank_code", rail=rail)


def _shared_account(session: Session, method: PayoutMethod) -> None:
    others = session.scalars(
        select(PayoutMethod.payee)
        .where(PayoutMethod.account == method.account, PayoutMethod.live, PayoutMethod.payee != method.payee)
        .order_by(PayoutMethod.payee)
        .limit(20)
    ).all()
    if others:
        open_task(
            session,
            key=f"one_account:{digest(method.account)[:24]}:{method.payee}",
            kind="one_account",
            facts={"payee": method.payee, "others": list(others)},
        )


def methods_set_by(session: Session, *, batch_id: int, key: str) -> int:
    """For how many payees of a batch this person set the way it pays them, unless they were paid that way before.

    Who sets where money goes does not also say yes to its going there. What counts is where the batch's payouts
    go: neither a later change back nor a newer way that still waits hides anything.
    """
    earlier, day = aliased(Payout), aliased(PayoutBatch)
    paid_since = exists().where(
        earlier.payee == PayoutMethod.payee,
        earlier.rail == PayoutMethod.rail,
        earlier.account == PayoutMethod.account,
        earlier.batch_id != batch_id,
        earlier.batch_id == day.id,
        day.approved_at >= PayoutMethod.good_from,
    )
    where_it_goes = (
        (Payout.payee == PayoutMethod.payee)
        & (Payout.rail == PayoutMethod.rail)
        & (Payout.account == PayoutMethod.account)
        & (Payout.holder == PayoutMethod.holder)
        & (Payout.bank_code == PayoutMethod.bank_code)
    )
    return int(
        session.scalar(
            select(func.count(func.distinct(PayoutMethod.payee)))
            .join(Payout, where_it_goes)
            .join(PayoutBatch, PayoutBatch.id == Payout.batch_id)
            .where(
                PayoutBatch.id == batch_id,
                PayoutMethod.set_by == key,
                PayoutMethod.good_from <= PayoutBatch.drafted_at,
                ~paid_since,
            )
        )
        or 0
    )
