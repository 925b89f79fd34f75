"""Drafting a pay day and approving it, by two persons (money.md 4)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.brokers.models import Mandate
from shop.db import locked
from shop.errors import BadInput, NotFound
from shop.ids import spoken
from shop.ledger.chart import account
from shop.ledger.models import Earning
from shop.ledger.services import Draft, Move, post
from shop.payouts.errors import NothingToPay, SamePerson, WrongState
from shop.payouts.models import Payout, PayoutBatch, PayoutItem, PayoutMethod

CHUNK = 500
"""Most payouts of one batch; the next batch takes the rest."""


@dataclass(frozen=True, slots=True)
class Left:
    """A payee who was left out of a batch, and why: no_method, no_account, no_broker."""

    payee: str
    amount_minor: int
    why: str


def set_method(
    session: Session, *, payee: str, rail: str, by: Actor, holder: str = "", bank: str = "", account_no: str = ""
) -> PayoutMethod:
    """How a payee wants her money from now on. A bank file needs holder and account: BadInput otherwise."""
    account_no = account_no.replace(" ", "")
    if rail == "bank_file" and not (holder and account_no.isdigit() and 8 <= len(account_no) <= 34):
        raise BadInput(field="account" if holder else "holder")
    session.execute(update(PayoutMethod).where(PayoutMethod.payee == payee, PayoutMethod.live).values(live=False))
    method = PayoutMethod(
        payee=payee, rail=rail, holder=holder, bank=bank, account=account_no, set_by=by.key, set_at=clock.now()
    )
    session.add(method)
    session.flush()  # the partial unique index has the last word
    return method


def draft_batch(session: Session, *, pay_on: date, currency: str, by: Actor) -> tuple[PayoutBatch, list[Left]]:
    """Propose a payout for everybody with something available: the batch, and who was left out and why.

    Every earning is claimed here, once (UNIQUE on live claims). Raises NothingToPay.
    """
    found = _waiting(session, currency, for_update=True)
    left, ready, brokers = found.left, found.ready[:CHUNK], found.brokers
    if not ready:
        raise NothingToPay(left=len(left))
    number = (session.scalar(select(func.max(PayoutBatch.number))) or 0) + 1
    batch = PayoutBatch(number=number, pay_on=pay_on, currency=currency, drafted_by=by.key, drafted_at=clock.now())
    session.add(batch)
    session.flush()  # its payouts point to it
    for payee, earnings, method in ready:
        _payout(session, batch, payee=payee, earnings=earnings, method=method, broker_id=brokers.get(payee))
    return batch, left


@dataclass(frozen=True, slots=True)
class _Waiting:
    ready: list[tuple[str, list[Earning], PayoutMethod]]
    left: list[Left]
    brokers: dict[str, int]


def _waiting(session: Session, currency: str, *, for_update: bool) -> _Waiting:
    """Everybody with something that no payout claims: who can be paid, and who is left out and why."""
    query = (
        select(Earning)
        .outerjoin(PayoutItem, (PayoutItem.earning_id == Earning.id) & PayoutItem.live)
        .where(PayoutItem.id.is_(None), Earning.currency == currency)
        .order_by(Earning.id)
    )
    by_payee: dict[str, list[Earning]] = defaultdict(list)
    for earning in session.scalars(query.with_for_update(of=Earning) if for_update else query):
        by_payee[earning.owner].append(earning)
    methods = {
        row.payee: row
        for row in session.scalars(
            select(PayoutMethod).where(PayoutMethod.payee.in_(list(by_payee)), PayoutMethod.live)
        )
    }
    found = _Waiting([], [], _brokers_of(session, list(by_payee)))
    for payee, earnings in sorted(by_payee.items()):
        why = _obstacle(payee, methods.get(payee), found.brokers)
        if why:
            found.left.append(Left(payee, sum(row.amount_minor for row in earnings), why))
        else:
            found.ready.append((payee, earnings, methods[payee]))
    return found


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a batch drafted now would hold: how many people and how much, and who would be left out and why."""

    people: int
    amount_minor: int
    left: list[Left]


def outlook(session: Session, *, currency: str) -> Outlook:
    """What a batch drafted now would hold; nothing is claimed."""
    found = _waiting(session, currency, for_update=False)
    ready = found.ready[:CHUNK]
    return Outlook(len(ready), sum(row.amount_minor for _, rows, _ in ready for row in rows), found.left)


def _brokers_of(session: Session, payees: list[str]) -> dict[str, int]:
    """The broker through whom a maker is reached now; a broker stands for herself."""
    makers = [int(payee.partition(":")[2]) for payee in payees if payee.startswith("maker:")]
    found = {
        f"maker:{maker_id}": broker_id
        for maker_id, broker_id in session.execute(
            select(Mandate.maker_id, Mandate.broker_id).where(Mandate.maker_id.in_(makers), Mandate.live)
        )
    }
    return found | {payee: int(payee.partition(":")[2]) for payee in payees if payee.startswith("broker:")}


def _obstacle(payee: str, method: PayoutMethod | None, brokers: dict[str, int]) -> str:
    if method is None:
        return "no_method"
    if method.rail == "bank_file" and not (method.account and method.holder):
        return "no_account"
    return "no_broker" if method.rail == "cash" and payee not in brokers else ""


def _payout(
    session: Session,
    batch: PayoutBatch,
    *,
    payee: str,
    earnings: list[Earning],
    method: PayoutMethod,
    broker_id: int | None,
) -> None:
    attempt = 1 + (
        session.scalar(select(func.max(Payout.attempt)).where(Payout.batch_id == batch.id, Payout.payee == payee)) or 0
    )
    payout = Payout(
        batch_id=batch.id,
        payee=payee,
        broker_id=broker_id,
        attempt=attempt,
        reference=f"P{batch.number}-{spoken(5)}",
        rail=method.rail,
        holder=method.holder,
        bank=method.bank,
        account=method.account,
        amount_minor=sum(row.amount_minor for row in earnings),
        currency=batch.currency,
    )
    session.add(payout)
    session.flush()  # its items point to it
    session.add_all(
        PayoutItem(payout_id=payout.id, earning_id=row.id, amount_minor=row.amount_minor) for row in earnings
    )


def approve(session: Session, *, batch_id: int, by: Actor) -> PayoutBatch:
    """A second person says yes: every sum leaves `available` for `in_transit`, one posting per payee.

    Raises SamePerson for whoever drafted it, WrongState unless it is drafted. Approving again changes nothing.
    """
    batch = locked(session, PayoutBatch, {batch_id}).get(batch_id)
    if batch is None:
        raise NotFound(what="batch")
    if batch.drafted_by == by.key:
        raise SamePerson(batch_id=batch_id)
    if batch.state == "approved":
        return batch
    if batch.state != "drafted":
        raise WrongState(state=batch.state)
    batch.state, batch.approved_by, batch.approved_at = "approved", by.key, clock.now()
    payouts = session.scalars(
        select(Payout).where(Payout.batch_id == batch.id, Payout.state == "drafted").order_by(Payout.id)
    ).all()
    drafts = []
    for payout in payouts:
        payout.state = "approved"
        owner, _, number = payout.payee.partition(":")
        drafts.append(
            Draft(
                key=f"{key_of(payout)}:approved",
                kind="payout_approved",
                currency=batch.currency,
                moves=[
                    Move(
                        account(f"{owner}:available", number),
                        account(f"{owner}:in_transit", number),
                        payout.amount_minor,
                    )
                ],
                source=f"payout:{payout.id}",
                on_behalf_of=payout.payee,
            )
        )
    post(session, drafts, by=by)
    return batch


def key_of(payout: Payout) -> str:
    """`payout:<batch>:<payee>:<attempt>`, the stem of a payout's posting keys (money.md 3)."""
    return f"payout:{payout.batch_id}:{payout.payee}:{payout.attempt}"


def cancel_batch(session: Session, *, batch_id: int, by: Actor) -> PayoutBatch:
    """Give up a drafted batch: its claims are free again. Raises WrongState once it was approved."""
    batch = locked(session, PayoutBatch, {batch_id}).get(batch_id)
    if batch is None:
        raise NotFound(what="batch")
    if batch.state != "drafted":
        raise WrongState(state=batch.state)
    batch.state = "cancelled"
    ids = select(Payout.id).where(Payout.batch_id == batch.id)
    session.execute(update(PayoutItem).where(PayoutItem.payout_id.in_(ids)).values(live=False))
    session.execute(update(Payout).where(Payout.batch_id == batch.id).values(state="cancelled", closed_at=clock.now()))
    assert by is not None
    return batch
