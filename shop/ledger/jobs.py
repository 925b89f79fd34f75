"""Folding: the running sums of free accounts, brought up to date by the worker so that reading them stays short."""

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from shop.db import again, writing
from shop.ledger.models import Account, Transfer


def fold(session: Session) -> int:
    """Bring every free account's fold up to the newest transfer; gives how many accounts moved."""
    if session.get_bind().dialect.name == "postgresql":
        # a transfer with a lower id may still be uncommitted elsewhere: wait for those writers, let none begin
        session.execute(text("LOCK TABLE transfer IN SHARE MODE"))
    newest = session.scalar(select(func.max(Transfer.id))) or 0
    moved = 0
    for row in session.scalars(
        select(Account).where(~Account.floored, Account.folded_to < newest).order_by(Account.id)
    ):
        sums = [
            int(
                session.scalar(
                    select(func.coalesce(func.sum(Transfer.amount_minor), 0)).where(
                        column == row.id, Transfer.id > row.folded_to, Transfer.id <= newest
                    )
                )
                or 0
            )
            for column in (Transfer.debit_id, Transfer.credit_id)
        ]
        delta = sums[0] - sums[1]
        row.folded_minor += delta if row.side == "debit" else -delta
        row.folded_to = newest
        moved += bool(delta)
    return moved


def fold_now() -> None:
    """One run of the worker's job."""

    def work() -> None:
        with writing() as session:
            fold(session)

    again(work)


def init_app() -> None:
    from shop.outbox.periodic import every  # noqa: PLC0415  the worker is wired once the app is being made

    every(300, "ledger.fold")(fold_now)
