"""What a bank's file says, laid beside our payouts: every row has a fate, and only what is sure is booked, once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.actor import Actor
from shop.coop.services import open_task, record
from shop.db import locked
from shop.ledger.models import Posting
from shop.payouts.models import BY_BANK, LONGEST_REASON, Payout
from shop.payouts.results.reading import ResultRow
from shop.payouts.results.words import FAILED, PAID, PENDING, RETURNED
from shop.payouts.services.rights import TREASURER, only
from shop.payouts.services.sending import bank_failed, bank_paid

SAME = "same"
REFUSED = "refused"
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one row: paid, failed, returned (booked), same (booked before), pending (the bank is at it), or
    refused with `why`: what the row itself lacks (ResultRow.why), unknown_reference, other_amount, other_currency,
    not_by_bank, not_sent, contradicts.

    `steps` are what is still to be booked, in order; `after_word`: she had said that it came, so it becomes a case.
    """

    row: ResultRow
    fate: str
    why: str = ""
    payout_id: int | None = None
    payee: str = ""
    expected_minor: int | None = None
    steps: tuple[str, ...] = ()
    after_word: bool = False


@dataclass(slots=True)
class _Standing:
    """A payout as it stands, or will once the rows above are booked."""

    payout: Payout
    state: str
    reported: bool


def plan_results(session: Session, *, rows: Sequence[ResultRow]) -> list[Fate]:
    """The fate of every row, in the file's order; a later row sees what an earlier one will have done. Writes nothing."""
    known = _standings(session, sorted({row.reference for row in rows if row.reference}))
    return [_fate(row, known.get(row.reference)) for row in rows]


def _standings(session: Session, references: Sequence[str]) -> dict[str, _Standing]:
    found: dict[str, _Standing] = {}
    for start in range(0, len(references), _CHUNK):
        payouts = session.scalars(select(Payout).where(Payout.reference.in_(references[start : start + _CHUNK]))).all()
        sources = [f"payout:{payout.id}" for payout in payouts]
        reported = set(
            session.scalars(select(Posting.source).where(Posting.kind == "payout_paid", Posting.source.in_(sources)))
        )
        found |= {
            payout.reference: _Standing(payout, payout.state, f"payout:{payout.id}" in reported) for payout in payouts
        }
    return found


def _fate(row: ResultRow, standing: _Standing | None) -> Fate:
    if row.why:
        return Fate(row, REFUSED, row.why)
    if standing is None:
        return Fate(row, REFUSED, "unknown_reference")
    payout = standing.payout
    about = Fate(row, REFUSED, payout_id=payout.id, payee=payout.payee, expected_minor=payout.amount_minor)
    why = _mismatch(row, payout)
    if why:
        return replace(about, why=why)
    if row.outcome == PENDING:
        return replace(about, fate=PENDING)
    return _booking(about, row.outcome, standing)


def _mismatch(row: ResultRow, payout: Payout) -> str:
    if payout.rail not in BY_BANK:
        return "not_by_bank"
    if payout.state in {"drafted", "cancelled"}:
        return "not_sent"
    if row.currency != payout.currency:
        return "other_currency"
    return "other_amount" if row.amount_minor not in {None, payout.amount_minor} else ""


def _booking(about: Fate, outcome: str, standing: _Standing) -> Fate:
    """What the outcome means for a payout that stands so; moves the standing on."""
    heard = standing.state in {"acknowledged", "confirmed"}
    gone = standing.state in {"failed", "returned"}
    if outcome == PAID:
        if standing.reported:
            return replace(about, fate=SAME)
        if gone:
            return replace(about, why="contradicts")
        standing.reported = True
        standing.state = "sent" if standing.state == "approved" else standing.state
        return replace(about, fate=PAID, steps=(PAID,))
    if gone:
        return replace(about, fate=SAME)
    if outcome == FAILED and heard and not standing.reported:
        return replace(about, why="contradicts", after_word=True)
    # a bank that takes back "carried out" has sent the money back, whatever it calls it
    fate = RETURNED if standing.reported else outcome
    steps = (PAID, RETURNED) if heard and not standing.reported else (fate,)
    standing.state = fate
    return replace(about, fate=fate, steps=steps, after_word=heard)


def open_cases(session: Session, *, rows: Sequence[ResultRow]) -> int:
    """Rows in which the bank says that it failed while she said that she has it: an officer asks both. How many."""
    found = [fate for fate in plan_results(session, rows=rows) if _against_word(fate)]
    for fate in found:
        _open_case(session, fate)
    return len(found)


def _against_word(fate: Fate) -> bool:
    return fate.why == "contradicts" and fate.row.outcome == FAILED and fate.after_word


def _open_case(session: Session, fate: Fate) -> None:
    facts = {"payout_id": fate.payout_id, "payee": fate.payee, "reason": fate.row.reason[:LONGEST_REASON]}
    open_task(session, key=f"bank_against_word:{fate.payout_id}", kind="bank_against_word", facts=facts)


def book_result(session: Session, *, row: ResultRow, by: Actor) -> Fate:
    """Book the next step of a row, if it has one still to book; call it again while the fate has more than one step.
    What contradicts her own word books nothing and goes onto the co-op's list.

    Compared anew in this unit of work, so that a row booked meanwhile is passed by. Raises NotYourPart.
    """
    only(by, TREASURER)
    payout_id = session.scalar(select(Payout.id).where(Payout.reference == row.reference)) if row.reference else None
    locked(session, Payout, {payout_id} if payout_id else set())
    (fate,) = plan_results(session, rows=[row])
    if _against_word(fate):
        _open_case(session, fate)
    if not fate.steps or payout_id is None:
        return fate
    step = fate.steps[0]
    if step == PAID:
        bank_paid(session, payout_id=payout_id, by=by)
        return fate
    record(
        session,
        about=f"payout:{payout_id}",
        kind=f"payout_{step}",
        by=by,
        on_behalf_of=fate.payee,
        facts={"reason": row.reason},
    )
    bank_failed(session, payout_id=payout_id, by=by, returned=step == RETURNED)
    return fate
