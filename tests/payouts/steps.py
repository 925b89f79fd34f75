"""Steps of a pay day that several tests take."""

from datetime import date

from sqlalchemy import select

from shop.actor import Actor
from shop.coop.models import Task
from shop.db import reading, writing
from shop.ledger.chart import named
from shop.ledger.queries import balance
from shop.makers.models import Maker
from shop.outbox.sms import IncomingSms
from shop.payouts import services as payouts
from shop.payouts.jobs import take_sms
from shop.payouts.models import Payout
from tests.factories.cash import in_hand
from tests.factories.ways import paid_by
from tests.people import FEN, TAO

ZHAO = Actor("maker:5", "maker", "Zhao")


def kept(name: str) -> int:
    with reading() as session:
        return balance(session, named(name), "CNY")


def method(payee: str, rail: str = "cash", **facts) -> None:
    paid_by(payee, rail, **facts)


def bank(payee: str = "maker:5") -> None:
    method(payee, "bank_file", holder="Zhao", bank="Farm Bank", account_no="6222 0000 1111 2222")


def draft(by=TAO) -> tuple[int, list]:
    with writing() as session:
        batch, left = payouts.draft_batch(session, pay_on=date(2026, 11, 27), currency="CNY", by=by)
        return batch.id, left


def approved(batch_id: int) -> list[Payout]:
    with writing() as session:
        payouts.approve(session, batch_id=batch_id, by=FEN)
    with reading() as session:
        return list(session.scalars(select(Payout).where(Payout.batch_id == batch_id).order_by(Payout.id)))


def sent(rail: str = "cash") -> Payout:
    """Zhao's two plates, on their way."""
    on_the_way = []
    if rail == "bank_file":
        bank()
    else:
        method("maker:5")
    batch_id, _ = draft()
    on_the_way = approved(batch_id)
    with writing() as session:
        return payouts.mark_sent(session, payout_ids=[on_the_way[0].id], by=TAO)[0]


def draw(minor: int = 50_000, broker: int = 2) -> None:
    in_hand(broker, minor)


def text(body: str, *, number: str = "13800000005", key: str = "in-1") -> None:
    """A text message comes in."""
    with writing() as session:
        take_sms(session, IncomingSms(key, number, body))


def phone(kind: str, **facts) -> None:
    """Zhao's telephone is another."""
    with writing() as session:
        maker = session.get_one(Maker, 5)
        maker.phone_kind = kind
        for name, value in facts.items():
            setattr(maker, name, value)


def state(payout_id: int) -> str:
    """Where a payout stands."""
    with reading() as session:
        return session.get_one(Payout, payout_id).state


def tasks() -> list[str]:
    """Kinds of what waits for the co-op."""
    with reading() as session:
        return list(session.scalars(select(Task.kind).where(Task.done_at.is_(None)).order_by(Task.id)))
