"""What a payout keeps back of her pay: only what she agreed to, at most half of it, and nothing twice (money.md 4)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from shop.actor import Actor
from shop.coop.services import open_task
from shop.db import locked, reading, writing
from shop.ledger.chart import account
from shop.ledger.services import Move
from shop.outbox.periodic import every
from shop.payouts.models import Advance, Deduction, Payout, PayoutItem
from shop.payouts.queries.advances import AdvanceLine, advances
from shop.payouts.rails import PAYOUT_RAILS
from shop.payouts.services.advances import restate

MOST = 20_000
"""Advances that are out at once, at most; whoever comes after them gives nothing back this time."""

Claim = tuple[int, int]
"""An earning's id and minor units of it."""


@dataclass(frozen=True, slots=True)
class Shares:
    """What goes out of some earnings, and what is kept back of them: advance → claims."""

    out: list[Claim]
    kept: dict[int, list[Claim]] = field(default_factory=dict)

    @property
    def out_minor(self) -> int:
        return sum(minor for _id, minor in self.out)


def due_of(
    session: Session, *, payees: Sequence[str] | None, accepted_before: datetime | None
) -> dict[str, list[AdvanceLine]]:
    """Advances of these payees, of everybody where it is None, of which something is due by now, the oldest first."""
    found: dict[str, list[AdvanceLine]] = defaultdict(list)
    makers = None
    if payees is not None:
        makers = [int(payee.partition(":")[2]) for payee in payees if payee.startswith("maker:")]
        if not makers:
            return found
    lines = advances(session, maker_ids=makers, states=("given",), accepted_before=accepted_before, limit=MOST)
    for line in lines:
        if line.due_minor:
            found[f"maker:{line.advance.maker_id}"].append(line)
    return found


def kept_back(rail: str, minor: int, currency: str, lines: Sequence[AdvanceLine]) -> tuple[int, dict[int, int]]:
    """(what a payout of `minor` pays out, advance → what it keeps back): together at most half of it is kept back."""
    room, kept = minor // 2, {}
    for line in lines:
        part = min(line.due_minor, room)
        if part:
            kept[line.advance.id] = part
            room -= part
    pays = PAYOUT_RAILS[rail].pays
    out = pays(minor - sum(kept.values()), currency)
    if sum(kept.values()) > out:  # whole notes took more than the half that must reach her
        kept = _at_most(kept, out)
        out = pays(minor - sum(kept.values()), currency)
    return out, kept


def _at_most(kept: dict[int, int], most: int) -> dict[int, int]:
    found = {}
    for advance_id, minor in kept.items():
        part = min(minor, most)
        most -= part
        if part:
            found[advance_id] = part
    return found


def shared(earnings: Sequence[Claim], out_minor: int, kept: dict[int, int]) -> Shares:
    """Which earnings pay what: the oldest go out first, what is kept back comes of those after them."""
    left = list(earnings)
    out = _taken(left, out_minor)
    return Shares(out, {advance_id: _taken(left, minor) for advance_id, minor in kept.items()})


def _taken(left: list[Claim], minor: int) -> list[Claim]:
    taken = []
    while minor > 0 and left:
        earning_id, there = left.pop(0)
        part = min(there, minor)
        taken.append((earning_id, part))
        minor -= part
        if there > part:
            left.insert(0, (earning_id, there - part))
    return taken


def write_down(session: Session, payouts: Sequence[tuple[Payout, Shares]]) -> None:
    """Claims of drafted payouts: what goes out, and what is kept back under its deduction."""
    rows = []
    for payout, shares in payouts:
        for advance_id, claims in shares.kept.items():
            minor = sum(part for _id, part in claims)
            deduction = Deduction(
                payout_id=payout.id, advance_id=advance_id, amount_minor=minor, currency=payout.currency
            )
            rows.append((deduction, claims))
    session.add_all(deduction for deduction, _claims in rows)
    session.flush()  # their items point to them
    # one statement for all: a pay day has as many claims as there are receipts
    items = [
        {"payout_id": payout.id, "earning_id": earning_id, "amount_minor": minor, "deduction_id": None}
        for payout, shares in payouts
        for earning_id, minor in shares.out
    ] + [
        {
            "payout_id": deduction.payout_id,
            "earning_id": earning_id,
            "amount_minor": minor,
            "deduction_id": deduction.id,
        }
        for deduction, claims in rows
        for earning_id, minor in claims
    ]
    if items:
        session.execute(insert(PayoutItem), items)


def deductions_of(session: Session, *, payout_ids: Sequence[int]) -> dict[int, list[Deduction]]:
    """What each payout keeps back."""
    found: dict[int, list[Deduction]] = defaultdict(list)
    for row in session.scalars(
        select(Deduction).where(Deduction.payout_id.in_(list(payout_ids)), Deduction.live).order_by(Deduction.id)
    ):
        found[row.payout_id].append(row)
    return found


def moves_of(payout: Payout, deductions: Sequence[Deduction], *, back: bool = False) -> list[Move]:
    """`maker:available ← maker:advance` for each; the other way where a cancelled payout undoes it."""
    _owner, _, number = payout.payee.partition(":")
    hers, ahead = account("maker:available", number), account("maker:advance", number)
    return [Move(ahead, hers, row.amount_minor) if back else Move(hers, ahead, row.amount_minor) for row in deductions]


def settle(session: Session, *, advance_ids: set[int], by: Actor) -> None:
    """State anew what became of these advances, after a payout was approved or cancelled."""
    rows = locked(session, Advance, advance_ids)
    session.flush()  # what came back is counted by the database
    for line in advances(session, maker_ids=sorted({row.maker_id for row in rows.values()})):
        if line.advance.id in rows:
            restate(rows[line.advance.id], line.back_minor, by)


def free_claims(session: Session, *, payout_ids: Sequence[int], undone: bool) -> None:
    """Earnings of payouts that came to nothing wait again; what was kept back of them stays so unless it is undone."""
    which = [PayoutItem.payout_id.in_(list(payout_ids))]
    if not undone:
        which.append(PayoutItem.deduction_id.is_(None))
    else:
        session.execute(update(Deduction).where(Deduction.payout_id.in_(list(payout_ids))).values(live=False))
    session.execute(update(PayoutItem).where(*which).values(live=False))


def list_uncovered() -> int:
    """Put every advance onto the co-op's list that its slip no longer covers; how many there are."""
    with reading() as session:
        found = [line.advance for line in advances(session, states=("given",), limit=MOST) if line.uncovered.minor]
    for advance in found:
        facts = {"payee": f"maker:{advance.maker_id}", "advance_id": advance.id}
        with writing() as session:
            open_task(session, key=f"advance_uncovered:{advance.id}", kind="advance_uncovered", facts=facts)
    return len(found)


def init_app() -> None:
    every(3600, "payouts.list_uncovered")(list_uncovered)
