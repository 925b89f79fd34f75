"""How a payee wants her money, and that she hears of every change of it (money.md 4)."""

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session, aliased

from shop import clock
from shop.actor import Actor
from shop.brokers.models import Broker
from shop.coop.models import Coop
from shop.coop.services import open_task
from shop.db import LANGS
from shop.errors import BadInput
from shop.ids import digest
from shop.makers.models import Maker
from shop.outbox.sms import owe_sms
from shop.payouts.models import Payout, PayoutBatch, PayoutMethod
from shop.payouts.services.rights import OFFICERS, only
from shop.payouts.words import method_text
from shop.people.models import User


def set_method(
    session: Session, *, payee: str, rail: str, by: Actor, holder: str = "", bank: str = "", account_no: str = ""
) -> PayoutMethod:
    """How a payee wants her money from now on. A bank file needs holder and account: BadInput otherwise.

    She is told on her telephone where another way was in force, and an account that is somebody else's too goes onto
    the co-op's list. Raises NotYourPart.
    """
    only(by, OFFICERS)
    account_no = account_no.replace(" ", "")
    if rail == "bank_file" and not (holder and account_no.isdigit() and 8 <= len(account_no) <= 34):
        raise BadInput(field="account" if holder else "holder")
    before = session.scalar(select(PayoutMethod).where(PayoutMethod.payee == payee, PayoutMethod.live))
    session.execute(update(PayoutMethod).where(PayoutMethod.payee == payee, PayoutMethod.live).values(live=False))
    method = PayoutMethod(
        payee=payee, rail=rail, holder=holder, bank=bank, account=account_no, set_by=by.key, set_at=clock.now()
    )
    session.add(method)
    session.flush()  # the partial unique index has the last word
    if before is not None and (before.rail, before.account, before.holder) != (rail, account_no, holder):
        _tell(session, method)
    if rail == "bank_file":
        _shared_account(session, method)
    return method


def _tell(session: Session, method: PayoutMethod) -> None:
    """A text message by another route than the one just changed, without sums or accounts."""
    owner, _, number = method.payee.partition(":")
    lang, phone = "", None
    if owner == "maker":
        maker = session.get(Maker, int(number))
        lang, phone = (maker.lang, maker.phone) if maker else ("", None)
    elif owner == "broker":
        broker = session.get(Broker, int(number))
        user = session.get(User, broker.user_id) if broker and broker.user_id else None
        lang, phone = user.lang if user else "", broker.phone if broker else None
    if not phone:
        return
    coop = session.get(Coop, 1)
    name, lang = coop.name if coop else {}, lang if lang in LANGS else "zh"
    said = method_text(
        lang=lang,
        coop=name.get(lang) or next(iter(name.values()), ""),
        hotline=coop.hotline if coop else "",
    )
    owe_sms(session, key=f"method:{method.id}", to=phone, text=said)


def _shared_account(session: Session, method: PayoutMethod) -> None:
    others = session.scalars(
        select(PayoutMethod.payee)
        .where(PayoutMethod.account == method.account, PayoutMethod.live, PayoutMethod.payee != method.payee)
        .order_by(PayoutMethod.payee)
        .limit(20)
    ).all()
    if others:
        open_task(
            session,
            key=f"one_account:{digest(method.account)[:24]}:{method.payee}",
            kind="one_account",
            facts={"payee": method.payee, "others": list(others)},
        )


def methods_set_by(session: Session, *, batch_id: int, key: str) -> int:
    """For how many payees of a batch this person set the way it pays them, unless they were paid that way before.

    Who sets where money goes does not also say yes to its going there. What counts is what was in force when the batch
    was drafted: a later change back hides nothing.
    """
    earlier, day, later = aliased(Payout), aliased(PayoutBatch), aliased(PayoutMethod)
    paid_since = exists().where(
        earlier.payee == PayoutMethod.payee,
        earlier.batch_id != batch_id,
        earlier.batch_id == day.id,
        day.approved_at >= PayoutMethod.set_at,
    )
    replaced = exists().where(
        later.payee == PayoutMethod.payee, later.id > PayoutMethod.id, later.set_at <= PayoutBatch.drafted_at
    )
    return int(
        session.scalar(
            select(func.count(func.distinct(PayoutMethod.payee)))
            .join(Payout, Payout.payee == PayoutMethod.payee)
            .join(PayoutBatch, PayoutBatch.id == Payout.batch_id)
            .where(
                PayoutBatch.id == batch_id,
                PayoutMethod.set_by == key,
                PayoutMethod.set_at <= PayoutBatch.drafted_at,
                ~replaced,
                ~paid_since,
            )
        )
        or 0
    )
