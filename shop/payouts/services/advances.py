"""Advances: asked for, agreed by her, given by the co-op, carried on at her new word, or written off by two persons."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.brokers.models import Mandate
from shop.coop.services import close_task, open_task, record
from shop.db import locked
from shop.errors import BadInput, NotFound, NotYours
from shop.ledger.chart import account
from shop.ledger.services import Draft, Earned, Move, post
from shop.payouts.errors import NotCovered, NotHerself, SamePerson, TooMuchAhead, WrongState
from shop.payouts.models import LONGEST_REASON, Advance
from shop.payouts.queries.advances import AdvanceLine, advances, room
from shop.payouts.services.rights import OFFICERS, only
from shop.work.models import WorkAssignment


def ask_advance(session: Session, *, assignment_id: int, amount_minor: int, by: Actor) -> Advance:
    """Ask for pay before the work of a slip: by her broker, or an officer. Nothing is hers before she and the co-op agreed.

    Raises NotYours for another broker's maker, TooMuchAhead above half of the slip or what it can still bring, BadInput.
    """
    if by.role != "broker":
        only(by, OFFICERS)
    slip = locked(session, WorkAssignment, {assignment_id}).get(assignment_id)
    if slip is None or (by.role == "broker" and _broker_of(session, slip.maker_id) != by.broker_id):
        raise NotYours(assignment_id=assignment_id)
    if amount_minor <= 0:
        raise BadInput(field="amount")
    _within(session, slip, amount_minor)
    advance = Advance(
        maker_id=slip.maker_id,
        assignment_id=slip.id,
        slip_minor=slip.pay_minor,
        amount_minor=amount_minor,
        currency=slip.currency,
        asked_by=by.key,
        asked_at=clock.now(),
    )
    session.add(advance)
    session.flush()  # its id names the task
    _on_the_list(session, advance, "advance_asked")
    return advance


def _broker_of(session: Session, maker_id: int) -> int | None:
    return session.scalar(select(Mandate.broker_id).where(Mandate.maker_id == maker_id, Mandate.live))


def _within(session: Session, slip: WorkAssignment, amount_minor: int, *, but: int = 0) -> None:
    most = room(session, assignment_id=slip.id, but=but)
    if amount_minor > most:
        raise TooMuchAhead(most_minor=most, currency=slip.currency, field="amount")


def _on_the_list(session: Session, advance: Advance, kind: str) -> None:
    facts = {"payee": f"maker:{advance.maker_id}", "advance_id": advance.id}
    open_task(session, key=f"{kind}:{advance.id}", kind=kind, facts=facts)


def _hers(session: Session, advance_id: int, by: Actor) -> Advance:
    """The advance, for herself or for an officer who rang her. Raises NotHerself for everybody else's word."""
    advance = locked(session, Advance, {advance_id}).get(advance_id)
    if advance is None:
        raise NotFound(what="advance")
    if by.role == "maker" and by.key != f"maker:{advance.maker_id}":
        raise NotYours(advance_id=advance_id)
    if by.role not in {"maker", *OFFICERS}:
        raise NotHerself(route=by.role)
    return advance


def _how(by: Actor, evidence: str) -> str:
    """By which of her ways this word came. Raises BadInput for a call without what was said."""
    if by.role == "maker":
        return "card"
    if not 0 < len(evidence.strip()) <= LONGEST_REASON:
        raise BadInput(field="evidence")
    return "coop_call"


def agree_advance(session: Session, *, advance_id: int, by: Actor, evidence: str = "") -> Advance:
    """She wants it, and wants it kept back from the pay of that slip: by her own card, or in the co-op's call.

    Again changes nothing. Raises NotHerself (her broker's word is none), NotYours, BadInput for a call without evidence,
    WrongState once it was refused.
    """
    advance = _hers(session, advance_id, by)
    how = _how(by, evidence)
    if advance.state != "asked":
        if advance.state == "refused":
            raise WrongState(state=advance.state)
        return advance
    advance.state, advance.agreed_how, advance.evidence = "agreed", how, evidence.strip()[:LONGEST_REASON]
    advance.agreed_at, advance.agreed_by = clock.now(), by.key
    close_task(session, key=f"advance_asked:{advance.id}", by=by)
    _on_the_list(session, advance, "advance_agreed")
    return advance


def refuse_advance(session: Session, *, advance_id: int, by: Actor) -> Advance:
    """She does not want it, or the co-op does not give it. Raises WrongState once it was given, NotHerself, NotYours."""
    advance = _hers(session, advance_id, by)
    if advance.state == "refused":
        return advance
    if advance.state not in {"asked", "agreed"}:
        raise WrongState(state=advance.state)
    advance.state, advance.ended_at, advance.ended_by = "refused", clock.now(), by.key
    for kind in ("advance_asked", "advance_agreed"):
        close_task(session, key=f"{kind}:{advance.id}", by=by)
    return advance


def give_advance(session: Session, *, advance_id: int, by: Actor) -> Advance:
    """The co-op gives it: it is hers, and goes out with her next payout. `maker:advance ← maker:available`.

    Raises NotYourPart, SamePerson for whoever asked for it or took down her word, WrongState before she agreed,
    TooMuchAhead where the slip has changed meanwhile. Again changes nothing.
    """
    only(by, OFFICERS)
    advance = _one(session, advance_id)
    if advance.given_by is not None:
        return advance
    if advance.state != "agreed":
        raise WrongState(state=advance.state)
    if by.key in {advance.asked_by, advance.agreed_by}:
        raise SamePerson(advance_id=advance_id)
    slip = locked(session, WorkAssignment, {advance.assignment_id})[advance.assignment_id]
    _within(session, slip, advance.amount_minor, but=advance.id)
    advance.state, advance.given_by, advance.given_at = "given", by.key, clock.now()
    advance.slip_minor = slip.pay_minor
    close_task(session, key=f"advance_agreed:{advance.id}", by=by)
    her, name = advance.maker_id, f"advance:{advance.id}"
    draft = Draft(
        key=f"{name}:given",
        kind="advance_given",
        currency=advance.currency,
        moves=[Move(account("maker:advance", her), account("maker:available", her), advance.amount_minor)],
        source=name,
        on_behalf_of=f"maker:{her}",
        earned=[Earned(f"maker:{her}", name, advance.amount_minor)],
    )
    post(session, [draft], by=by)
    return advance


def _one(session: Session, advance_id: int) -> Advance:
    advance = locked(session, Advance, {advance_id}).get(advance_id)
    if advance is None:
        raise NotFound(what="advance")
    return advance


def standing(session: Session, advance_id: int) -> AdvanceLine:
    """The advance with what stands of it. Raises NotFound."""
    for line in advances(session, advance_id=advance_id):
        return line
    raise NotFound(what="advance")


def advance_of(session: Session, *, advance_id: int, by: Actor) -> AdvanceLine:
    """Her own advance. Raises NotFound, NotYours for another's."""
    line = standing(session, advance_id)
    if by.key != f"maker:{line.advance.maker_id}":
        raise NotYours(advance_id=advance_id)
    return line


def carry_on(session: Session, *, advance_id: int, by: Actor, evidence: str = "") -> Advance:
    """She agrees anew: what her slip did not cover is kept back from later pay. Again changes nothing.

    Raises NotHerself, NotYours, BadInput for a call without evidence, NotCovered where there is nothing to carry on.
    """
    advance = _hers(session, advance_id, by)
    how = _how(by, evidence)
    if advance.carried_at is not None:
        return advance
    if not standing(session, advance_id).uncovered.minor:
        raise NotCovered(advance_id=advance_id)
    advance.carried_how, advance.carried_at, advance.carried_by = how, clock.now(), by.key
    advance.loss_asked_by, advance.loss_reason = None, ""
    _close_loss(session, advance, by)
    record(
        session,
        about=f"maker:{advance.maker_id}",
        kind="advance_carried",
        by=by,
        on_behalf_of=f"maker:{advance.maker_id}",
        facts={"advance_id": advance.id, "evidence": evidence.strip()[:LONGEST_REASON]},
    )
    return advance


def propose_loss(session: Session, *, advance_id: int, reason: str, by: Actor) -> Advance:
    """An officer proposes to write off what a slip did not cover, or what cannot be got back. A second person decides.

    Raises NotYourPart, BadInput without a reason, NotCovered where nothing is left that her slip will not cover.
    """
    only(by, OFFICERS)
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise BadInput(field="reason")
    advance = _one(session, advance_id)
    if not _lost(standing(session, advance_id)):
        raise NotCovered(advance_id=advance_id)
    advance.loss_asked_by, advance.loss_reason = by.key, reason.strip()
    _on_the_list(session, advance, "advance_loss")
    return advance


def _lost(line: AdvanceLine) -> int:
    """What may be written off, in minor units: of an ended slip what it does not cover, or all that was carried on."""
    if line.advance.state != "given" or not line.slip_ended:
        return 0
    return line.left.minor if line.advance.carried_at is not None else line.uncovered.minor


def write_off(session: Session, *, advance_id: int, by: Actor) -> Advance:
    """A second person says yes: the co-op bears it, `expense:losses ← maker:advance`. What is due from her slip stays due.

    Raises NotYourPart, SamePerson for whoever proposed it, WrongState where nobody did, NotCovered.
    """
    only(by, OFFICERS)
    advance = _one(session, advance_id)
    if advance.written_off_by is not None:
        return advance
    if advance.loss_asked_by is None:
        raise WrongState(state=advance.state)
    if advance.loss_asked_by == by.key:
        raise SamePerson(advance_id=advance_id)
    line = standing(session, advance_id)
    lost = _lost(line)
    if not lost:
        raise NotCovered(advance_id=advance_id)
    advance.written_off_by, advance.written_off_minor = by.key, lost
    restate(advance, line.back_minor, by)
    _close_loss(session, advance, by)
    move = Move(account("expense", "losses"), account("maker:advance", advance.maker_id), lost)
    draft = Draft(
        key=f"advance:{advance.id}:written_off",
        kind="advance_written_off",
        currency=advance.currency,
        moves=[move],
        source=f"advance:{advance.id}",
        on_behalf_of=f"maker:{advance.maker_id}",
    )
    post(session, [draft], by=by)
    return advance


def restate(advance: Advance, back_minor: int, by: Actor) -> None:
    """Settled or written off once nothing is left of it, given again where a payout that kept it back was cancelled."""
    over = back_minor + advance.written_off_minor >= advance.amount_minor
    if over == (advance.state != "given"):
        return
    word = "written_off" if advance.written_off_minor else "settled"
    advance.state, advance.ended_at = (word, clock.now()) if over else ("given", None)
    advance.ended_by = by.key if over else None


def _close_loss(session: Session, advance: Advance, by: Actor) -> None:
    for kind in ("advance_loss", "advance_uncovered"):
        close_task(session, key=f"{kind}:{advance.id}", by=by)
