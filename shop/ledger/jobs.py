"""What the worker does for the books: it folds free accounts, so that reading them stays short, and writes down each
day whether there was enough for what is owed.
"""

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from shop import clock
from shop.db import again, writing
from shop.ledger.models import Account, CoverDay, Transfer
from shop.ledger.queries import cover


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


FOR_MAKERS = ("work:open", "maker:held", "maker:available", "maker:in_transit")


def note_cover(session: Session) -> None:
    """Write down what we have and owe today; what was written earlier today gives way to it, other days stay."""
    for currency in session.scalars(select(Account.currency).distinct().order_by(Account.currency)):
        found = cover(session, currency)
        fund = session.scalar(
            select(func.sum(Account.balance_minor)).where(Account.kind == "fund:cash", Account.currency == currency)
        )
        makers = sum(found.owe[kind] for kind in FOR_MAKERS)
        session.merge(
            CoverDay(
                day=clock.today(),
                currency=currency,
                bank_minor=found.have["bank"],
                stripe_minor=found.have["psp:stripe"] + found.have["psp:in_transit"],
                float_minor=found.have["broker:float"],
                makers_minor=makers,
                others_minor=sum(found.owe.values()) - makers,
                fund_minor=int(fund or 0),
                seen_at=clock.now(),
            )
        )


def note_cover_now() -> None:
    """One run of the worker's job."""

    def work() -> None:
        with writing() as session:
            note_cover(session)

    again(work)


def init_app() -> None:
    from shop.outbox.periodic import every  # noqa: PLC0415  the worker is wired once the app is being made

    every(300, "ledger.fold")(fold_now)
    every(3600, "ledger.cover")(note_cover_now)
