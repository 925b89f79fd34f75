"""What the tests of a day look at."""

from sqlalchemy import select

from shop.db import reading, writing
from shop.ledger.chart import named
from shop.ledger.queries import balance
from shop.payouts import services as payouts
from shop.payouts.models import Payout, PayoutBatch
from tests.factories.orders import on_shelf
from tests.factories.ways import paid_by
from tests.people import FEN, HOA, TAO


def kept(name: str) -> int:
    """What stands on an account."""
    with reading() as session:
        return balance(session, named(name), "CNY")


def rows(model):
    """All rows of a table, by id."""
    with reading() as session:
        return list(session.scalars(select(model).order_by(model.id)))


def row(model, key):
    """One row as it stands now."""
    with reading() as session:
        return session.get_one(model, key)


def bank_method(payee: str = "maker:5", **facts) -> None:
    """She wants her money by bank."""
    known = {"holder": "赵", "bank": "Farm Bank", "account_no": "0622 0000 1111 2222", **facts}
    paid_by(payee, "bank_file", **known)


def plates(chain, count: int = 2) -> None:
    """Zhao makes further plates: pay that no batch has claimed."""
    on_shelf(chain.foreign["variant_id"], 5, count, by=HOA, key=f"more-{count}")


def bank_batch(chain, *, approved: bool = True) -> tuple[int, Payout]:
    """A batch with one bank payout of Zhao's: its id and the payout."""
    plates(chain)
    bank_method()
    pay_on = row(PayoutBatch, 1).pay_on
    with writing() as session:
        batch, _ = payouts.draft_batch(session, pay_on=pay_on, currency="CNY", by=TAO)
    if approved:
        with writing() as session:
            payouts.approve(session, batch_id=batch.id, by=FEN)
    return batch.id, rows(Payout)[-1]
