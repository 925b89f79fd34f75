"""A pay day of the demo: drafted, approved, sent on Friday; confirmed by most of the women in the days after."""

from datetime import timedelta

from sqlalchemy import select

from shop import clock
from shop.actor import Actor
from shop.db import reading, writing
from shop.demo.build.ground import Made
from shop.ledger.chart import account
from shop.ledger.queries import balance
from shop.makers.models import Maker
from shop.outbox.sms import IncomingSms
from shop.payouts import services as payouts
from shop.payouts.errors import NothingToPay
from shop.payouts.jobs import take_sms
from shop.payouts.models import BY_BANK, Payout, PayoutBatch
from shop.payouts.services.floats import cash_to_hand_over


def pay_day(made: Made, day: int, *, friday: int, last: bool) -> None:
    """What happens to a batch on `day`: on its Friday drafted to sent, on Saturday the bank's result and most answers.

    On Sunday (`last`) the brokers bring back what they did not need; somebody is always still silent.
    """
    if day == friday:
        _draft_and_send(made, day)
    elif last:
        _bring_back(made, day)
    else:
        _answers(made, day)


def _draft_and_send(made: Made, day: int) -> None:
    clock.stand_at(made.moment(day, 2))
    try:
        with writing() as session:
            pay_on = made.today + timedelta(days=day)
            batch, _ = payouts.draft_batch(session, pay_on=pay_on, currency=made.currency, by=made.users["treasurer"])
            batch_id = batch.id
    except NothingToPay:
        return
    clock.stand_at(made.moment(day, 6))
    with writing() as session:
        payouts.approve(session, batch_id=batch_id, by=made.users["officer"])
    with reading() as session:
        rows = session.scalars(select(Payout).where(Payout.batch_id == batch_id)).all()
    for broker in made.brokers.values():
        cash = sum(row.amount_minor for row in rows if row.rail == "cash" and row.broker_id == broker.broker_id)
        if cash:
            with writing() as session:
                payouts.draw_float(
                    session,
                    broker_id=broker.broker_id or 0,
                    amount_minor=cash,
                    currency=made.currency,
                    by=made.users["treasurer"],
                    key=f"batch-{batch_id}",
                )
    with writing() as session:
        payouts.mark_sent(session, payout_ids=[row.id for row in rows], by=made.users["treasurer"])


def _newest(state: str) -> list[Payout]:
    with reading() as session:
        batch_id = session.scalar(select(PayoutBatch.id).order_by(PayoutBatch.id.desc()).limit(1))
        return list(
            session.scalars(
                select(Payout).where(Payout.batch_id == batch_id, Payout.state == state).order_by(Payout.id)
            )
        )


def _answers(made: Made, day: int) -> None:
    """The bank has paid; who has a phone of her own answers it, cash is witnessed or said by her own card."""
    clock.stand_at(made.moment(day, 3))
    brokers = {actor.broker_id: actor for actor in made.brokers.values()}
    sent = _newest("sent")
    # who continues as the broker finds cash to hand over
    first = next(iter(made.brokers.values())).broker_id
    waits = next((payout.id for payout in sent if payout.rail == "cash" and payout.broker_id == first), 0)
    for place, payout in enumerate(sent):
        if payout.rail in BY_BANK:
            with writing() as session:
                payouts.bank_paid(session, payout_id=payout.id, by=made.users["treasurer"])
        if place % 9 == 7 or payout.id == waits:
            continue  # she has not said anything yet
        clock.stand_at(made.moment(day, 4 + place * 0.2))
        owner, _, number = payout.payee.partition(":")
        if owner == "broker":
            _by_coop(made, payout)
            continue
        with reading() as session:
            maker = session.get_one(Maker, int(number))
        if maker.phone and maker.phone_kind == "own_phone":
            with writing() as session:
                take_sms(session, IncomingSms(f"demo-{payout.id}", maker.phone, f"1 {payout.reference}"))
        elif payout.rail == "cash" and place % 2:
            with writing() as session:
                payouts.confirm(
                    session,
                    payout_id=payout.id,
                    strength="witnessed",
                    route="signature",
                    by=brokers[payout.broker_id],
                )
        else:
            with writing() as session:
                herself = Actor(payout.payee, "maker", maker.name["zh"], lang=maker.lang)
                payouts.confirm(session, payout_id=payout.id, strength="self", route="card", by=herself)


def _by_coop(made: Made, payout: Payout) -> None:
    with writing() as session:
        payouts.confirm(session, payout_id=payout.id, strength="self", route="coop_call", by=made.users["officer"])


def _bring_back(made: Made, day: int) -> None:
    """What is in a float beyond what is still to be handed over comes back."""
    clock.stand_at(made.moment(day, 9))
    for broker in made.brokers.values():
        broker_id = broker.broker_id or 0
        with reading() as session:
            over = balance(session, account("broker:float", broker_id), made.currency) - cash_to_hand_over(
                session, broker_id=broker_id
            )
        if over > 0:
            with writing() as session:
                payouts.return_float(
                    session,
                    broker_id=broker_id,
                    amount_minor=over,
                    currency=made.currency,
                    by=made.users["treasurer"],
                    key=f"back-{day}",
                )
