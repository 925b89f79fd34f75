"""How a payee wants her money, and that she hears of every change of it (money.md 4)."""

import re

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session, aliased

from shop import clock
from shop.actor import Actor
from shop.brokers.models import Broker
from shop.coop.models import Coop
from shop.coop.services import open_task
from shop.db import LANGS
from shop.documents.latin import plain
from shop.errors import BadInput
from shop.ids import digest
from shop.makers.models import Maker
from shop.outbox.sms import owe_sms
from shop.payouts.models import BY_BANK, WALLETS, Payout, PayoutBatch, PayoutMethod
from shop.payouts.services.rights import OFFICERS, only
from shop.payouts.words import method_text
from shop.people.models import User


def set_method(
    session: Session,
    *,
    payee: str,
    rail: str,
    by: Actor,
    holder: str = "",
    bank: str = "",
    bank_code: str = "",
    account_no: str = "",
) -> PayoutMethod:
    """How a payee wants her money from now on. Without what her rail cannot do without: BadInput with the field.

    She is told on her telephone where another way was in force, and an account that is somebody else's too goes onto
    the co-op's list. Raises NotYourPart.
    """
    only(by, OFFICERS)
    holder, bank, account_no, bank_code = plain(holder), plain(bank), account_no.replace(" ", ""), bank_code.strip()
    _complete(rail, holder, bank, bank_code, account_no)
    before = session.scalar(select(PayoutMethod).where(PayoutMethod.payee == payee, PayoutMethod.live))
    session.execute(update(PayoutMethod).where(PayoutMethod.payee == payee, PayoutMethod.live).values(live=False))
    method = PayoutMethod(
        payee=payee,
        rail=rail,
        holder=holder,
        bank=bank,
        bank_code=bank_code,
        account=account_no,
        set_by=by.key,
        set_at=clock.now(),
    )
    session.add(method)
    session.flush()  # the partial unique index has the last word
    if before is not None and _where(before) != _where(method):
        _tell(session, method)
    if rail in BY_BANK:
        _shared_account(session, method)
    return method


def _where(method: PayoutMethod) -> tuple[str, ...]:
    """What decides where money goes; a bank's name is only read by people, a wallet's decides."""
    return method.rail, method.account, method.holder, method.bank_code, method.bank if method.rail == "wallet" else ""


def _complete(rail: str, holder: str, bank: str, bank_code: str, account_no: str) -> None:
    if rail not in BY_BANK:
        return
    shape = {"bank_file": r"[0-9]{8,34}", "vietqr": r"[0-9A-Za-z]{6,19}", "wallet": r"\S{3,40}"}[rail]
    if not holder:
        raise BadInput(field="holder")
    if not re.fullmatch(shape, account_no, re.ASCII):
        raise BadInput(field="account")
    if rail == "wallet" and not any(bank in known for known in WALLETS.values()):
        raise BadInput(field="wallet")
    if not re.fullmatch(r"[0-9]{6}" if rail == "vietqr" else r"[0-9A-Z]{0,20}", bank_code, re.ASCII):
        raise BadInput(field="bank_code")


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
