"""Taking something off the co-op's list: what has an outcome goes by its outcome, what controls pay by an officer."""

from sqlalchemy.orm import Session

from shop.actor import Actor
from shop.coop.models import Task
from shop.coop.services import close_task
from shop.errors import NotFound
from shop.office.errors import HasOutcome
from shop.payouts.services.rights import OFFICERS, STAFF, only

BY_OUTCOME = frozenset(
    {
        "spot_call",
        "float_short",
        "method_second",
        "payer_change",
        "refund_unnamed",
        "dispute_opened",
        "fault_asked",
        "carrier_claim",
        "advance_asked",
        "advance_agreed",
        "advance_loss",
        "advance_uncovered",
    }
)
"""A call goes by its answer, cash that a broker laid out by being given back, a changed account by a second person,
a refund made at Stripe by its name, a dispute by its end, an advance by what is said of it."""

CONTROLS = frozenset(
    {
        "not_received",
        "less_received",
        "card_on_brokers_phone",
        "brokers_number",
        "burst",
        "one_account",
        "back_after_word",
        "bank_against_word",
        "method_call",
        "message",
    }
)
"""What is asked about the people who hand out or send money: an officer decides, never the treasurer."""


def may_finish(kind: str, *, role: str) -> bool:
    """Whether somebody of this role may take a task of this kind off the list."""
    return kind not in BY_OUTCOME and role in (OFFICERS if kind in CONTROLS else STAFF)


def finish_task(session: Session, *, task_id: int, by: Actor) -> None:
    """Off the list. Raises NotFound, HasOutcome for what goes by its outcome only, NotYourPart."""
    task = session.get(Task, task_id)
    if task is None:
        raise NotFound(what="task")
    if task.kind in BY_OUTCOME:
        raise HasOutcome(kind=task.kind)
    only(by, OFFICERS if task.kind in CONTROLS else STAFF)
    close_task(session, key=task.key, by=by)
