"""Drafting a pay day and approving it, by two persons (money.md 4)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.brokers.models import Mandate
from shop.db import locked
from shop.errors import NotFound
from shop.ids import spoken
from shop.ledger.chart import account
from shop.ledger.models import Earning
from shop.ledger.services import Draft, Move, post
from shop.payouts.errors import NothingToPay, OwnMethod, SamePerson, WayChanged, WrongState
from shop.payouts.facts import pay_facts, schedule
from shop.payouts.models import Deduction, Payout, PayoutBatch, PayoutMethod
from shop.payouts.queries.advances import AdvanceLine
from shop.payouts.queries.claims import has_open, still_open
from shop.payouts.queries.ways import changed_since, in_force, ways_of, why_none
from shop.payouts.rails import PAYOUT_RAILS, Terms, terms_of
from shop.payouts.services.deducting import (
    Claim,
    Shares,
    deductions_of,
    due_of,
    free_claims,
    kept_back,
    moves_of,
    settle,
    shared,
    write_down,
)
from shop.payouts.services.methods import methods_set_by
from shop.payouts.services.rights import DRAFTERS, OFFICERS, STAFF, only

CHUNK = 500
"""Most payouts of one batch; the next batch takes the rest."""


@dataclass(frozen=True, slots=True)
class Left:
    """A payee who was left out of a batch, and why: what keeps her ways from paying (why_none), or what her rail lacks
    (PayoutRail.lacks).
    """

    payee: str
    amount_minor: int
    why: str


def draft_batch(
    session: Session, *, pay_on: date, currency: str, by: Actor, number: int | None = None
) -> tuple[PayoutBatch, list[Left]]:
    """Propose a payout for everybody with something available before the cut-off: the batch, and who was left out and why.

    Every earning is claimed here, once (trigger on live claims). `number` is the one that her page offered her: a second
    click on it is given the batch of the first, with nobody left out. Raises NothingToPay, NotYourPart.
    """
    only(by, DRAFTERS)
    drafted = _drafted(session, number=number, pay_on=pay_on, by=by)
    if drafted is not None:
        return drafted, []
    before = schedule(session).cut_off(pay_on)
    found = _waiting(session, currency, before)
    earnings = _earnings_of(session, [method.payee for method, _minor in found.ready], currency, before)
    shares = {method.payee: _shares(method, earnings[method.payee], currency, found) for method, _minor in found.ready}
    if not any(each.out for each in shares.values()):
        raise NothingToPay(left=len(found.left))
    batch = PayoutBatch(
        number=next_number(session), pay_on=pay_on, currency=currency, drafted_by=by.key, drafted_at=clock.now()
    )
    session.add(batch)
    session.flush()  # its payouts point to it
    payouts = [
        _payout(batch, method, shares[method.payee].out_minor, found.brokers.get(method.payee))
        for method, _minor in found.ready
        if shares[method.payee].out
    ]
    session.add_all(payouts)
    session.flush()  # their items point to them
    write_down(session, [(payout, shares[payout.payee]) for payout in payouts])
    return batch, found.left


def _drafted(session: Session, *, number: int | None, pay_on: date, by: Actor) -> PayoutBatch | None:
    if number is None:
        return None
    return session.scalar(
        select(PayoutBatch).where(
            PayoutBatch.number == number,
            PayoutBatch.drafted_by == by.key,
            PayoutBatch.pay_on == pay_on,
            PayoutBatch.state != "cancelled",
        )
    )


def next_number(session: Session) -> int:
    """The number that the next batch will have."""
    return (session.scalar(select(func.max(PayoutBatch.number))) or 0) + 1


@dataclass(frozen=True, slots=True)
class _Waiting:
    """`ready` are at most CHUNK payees, each with her method and what goes out to her; `due` is what she is to give back."""

    ready: list[tuple[PayoutMethod, int]]
    left: list[Left]
    brokers: dict[str, int]
    due: dict[str, list[AdvanceLine]]


def _waiting(session: Session, currency: str, before: datetime | None) -> _Waiting:
    """Everybody with something that no payout claims, summed by the database: who can be paid, who is left out and why."""
    sums: dict[str, int] = {
        owner: int(minor)
        for owner, minor in session.execute(
            select(Earning.owner, func.sum(still_open()))
            .where(has_open(), Earning.currency == currency, *_until(before))
            .group_by(Earning.owner)
        )
    }
    few = len(sums) <= CHUNK
    ways, now, limit = ways_of(session, payees=list(sums) if few else None), clock.now(), _limit(session)
    due = due_of(session, payees=list(sums) if few else None, accepted_before=before)
    found = _Waiting([], [], _brokers_of(session, list(sums), few=few), due)
    terms = terms_of(session, currency=currency)
    for payee, minor in sorted(sums.items()):
        method = in_force(ways[payee], now=now, limit_minor=limit, amount_minor=minor)
        why = (
            _obstacle(method, terms, brokered=payee in found.brokers)
            if method is not None
            else why_none(ways[payee], now=now)
        )
        paid = kept_back(method.rail, minor, currency, due[payee])[0] if method else 0
        if why or method is None or not paid:
            found.left.append(Left(payee, minor, why or "below_note"))
        elif len(found.ready) < CHUNK:
            found.ready.append((method, paid))
    return found


def _limit(session: Session) -> int | None:
    return pay_facts(session).account_limit_minor


def _until(before: datetime | None) -> list[ColumnElement[bool]]:
    return [] if before is None else [Earning.available_at < before]


def _earnings_of(
    session: Session, payees: list[str], currency: str, before: datetime | None
) -> dict[str, list[tuple[int, int]]]:
    """What no payout claims of these payees, as (id, minor units), oldest first, held until the unit of work ends."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    rows = session.execute(
        select(Earning.id, Earning.owner, still_open())
        .where(has_open(), Earning.owner.in_(payees), Earning.currency == currency, *_until(before))
        .order_by(Earning.id)
        .with_for_update(of=Earning)
    )
    for earning_id, owner, minor in rows:
        found[owner].append((earning_id, minor))
    return found


def _shares(method: PayoutMethod, earnings: list[Claim], currency: str, found: _Waiting) -> Shares:
    """What goes out of these earnings by her rail, and what is kept back of them as she agreed."""
    out_minor, kept = kept_back(method.rail, sum(minor for _id, minor in earnings), currency, found.due[method.payee])
    return shared(earnings, out_minor, kept)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a batch drafted now would hold: how many people and how much, and who would be left out and why."""

    people: int
    amount_minor: int
    left: list[Left]


def outlook(session: Session, *, currency: str, pay_on: date | None = None, before: datetime | None = None) -> Outlook:
    """What a batch drafted now for that day would hold, or of what was accepted `before`; nothing is claimed.

    Without either all that waits counts.
    """
    found = _waiting(session, currency, before or (schedule(session).cut_off(pay_on) if pay_on else None))
    return Outlook(len(found.ready), sum(minor for _method, minor in found.ready), found.left)


def _brokers_of(session: Session, payees: list[str], *, few: bool) -> dict[str, int]:
    """The broker through whom a maker is reached now; a broker stands for herself."""
    live = select(Mandate.maker_id, Mandate.broker_id).where(Mandate.live)
    if few:
        makers = [int(payee.partition(":")[2]) for payee in payees if payee.startswith("maker:")]
        live = live.where(Mandate.maker_id.in_(makers))
    found = {f"maker:{maker_id}": broker_id for maker_id, broker_id in session.execute(live)}
    return found | {payee: int(payee.partition(":")[2]) for payee in payees if payee.startswith("broker:")}


def _obstacle(method: PayoutMethod, terms: Terms, *, brokered: bool) -> str:
    return PAYOUT_RAILS[method.rail].lacks(method, terms, brokered=brokered)


def _payout(batch: PayoutBatch, method: PayoutMethod, amount_minor: int, broker_id: int | None) -> Payout:
    return Payout(
        batch_id=batch.id,
        payee=method.payee,
        broker_id=broker_id,
        attempt=1,
        reference=f"P{batch.number}-{spoken(5)}",
        rail=method.rail,
        holder=method.holder,
        bank=method.bank,
        bank_code=method.bank_code,
        account=method.account,
        amount_minor=amount_minor,
        currency=batch.currency,
    )


def approve(session: Session, *, batch_id: int, by: Actor) -> PayoutBatch:
    """A second person says yes: every sum leaves `available` for `in_transit`, one posting per payee.

    Raises SamePerson for whoever drafted it, OwnMethod for whoever set where a payee's money goes, WayChanged where it
    would go elsewhere if it were drafted now, NotYourPart, WrongState unless it is drafted. Approving again changes nothing.
    """
    only(by, OFFICERS)
    batch = locked(session, PayoutBatch, {batch_id}).get(batch_id)
    if batch is None:
        raise NotFound(what="batch")
    if batch.drafted_by == by.key:
        raise SamePerson(batch_id=batch_id)
    if batch.state == "approved":
        return batch
    if batch.state != "drafted":
        raise WrongState(state=batch.state)
    people = methods_set_by(session, batch_id=batch_id, key=by.key)
    if people:
        raise OwnMethod(people=people)
    changed = changed_since(session, batch_id=batch_id)
    if changed:
        raise WayChanged(people=changed)
    batch.state, batch.approved_by, batch.approved_at = "approved", by.key, clock.now()
    payouts = session.scalars(
        select(Payout).where(Payout.batch_id == batch.id, Payout.state == "drafted").order_by(Payout.id)
    ).all()
    kept = deductions_of(session, payout_ids=[payout.id for payout in payouts])
    for payout in payouts:
        payout.state = "approved"
    settle(session, advance_ids={row.advance_id for rows in kept.values() for row in rows}, by=by)
    drafts = [_approved(payout, kept.get(payout.id, ())) for payout in payouts]
    post(session, drafts, by=by)
    return batch


def _approved(payout: Payout, kept: Sequence[Deduction]) -> Draft:
    """The posting of one payee: what goes out, and what is kept back."""
    owner, _, number = payout.payee.partition(":")
    out = Move(account(f"{owner}:available", number), account(f"{owner}:in_transit", number), payout.amount_minor)
    return Draft(
        key=f"{key_of(payout)}:approved",
        kind="payout_approved",
        currency=payout.currency,
        moves=[out, *moves_of(payout, kept)],
        source=f"payout:{payout.id}",
        on_behalf_of=payout.payee,
    )


def key_of(payout: Payout) -> str:
    """`payout:<batch>:<payee>:<attempt>`, the stem of a payout's posting keys (money.md 3)."""
    return f"payout:{payout.batch_id}:{payout.payee}:{payout.attempt}"


def cancel_batch(session: Session, *, batch_id: int, by: Actor) -> PayoutBatch:
    """Give up a drafted batch: its claims are free again. Raises WrongState once it was approved, NotYourPart."""
    only(by, STAFF)
    batch = locked(session, PayoutBatch, {batch_id}).get(batch_id)
    if batch is None:
        raise NotFound(what="batch")
    if batch.state != "drafted":
        raise WrongState(state=batch.state)
    batch.state, batch.cancelled_by, batch.cancelled_at = "cancelled", by.key, clock.now()
    ids = session.scalars(select(Payout.id).where(Payout.batch_id == batch.id)).all()
    kept = deductions_of(session, payout_ids=ids)
    free_claims(session, payout_ids=ids, undone=True)
    settle(session, advance_ids={row.advance_id for rows in kept.values() for row in rows}, by=by)
    session.execute(update(Payout).where(Payout.batch_id == batch.id).values(state="cancelled", closed_at=clock.now()))
    return batch
