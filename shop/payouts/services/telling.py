"""She hears of every change of how she is paid, by another route than the one that was changed (money.md 4)."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.brokers.models import Broker
from shop.coop.models import Coop
from shop.coop.services import open_task
from shop.db import LANGS
from shop.documents.labels import day
from shop.makers.models import Maker
from shop.outbox.mail import owe_mail
from shop.outbox.sms import owe_sms
from shop.payouts.models import PayerChange, PayoutMethod
from shop.payouts.words import method_text
from shop.people.models import User
from shop.workshops.models import Workshop


@dataclass(frozen=True, slots=True)
class _Route:
    """Where somebody can be told: `sure` where nobody else reads along."""

    lang: str = "zh"
    phone: str = ""
    email: str = ""
    sure: bool = False


def tell_payee(session: Session, method: PayoutMethod) -> str:
    """Tell her without sums or accounts: sms, email, or call where an officer has to ring or visit her."""
    route = _route(session, method.payee)
    good_from = day(clock.day_of(method.good_from or method.set_at), route.lang)
    coop, hotline = _coop(session, route.lang)
    if route.phone:
        said = method_text(lang=route.lang, coop=coop, hotline=hotline, good_from=good_from)
        owe_sms(session, key=f"method:{method.id}", to=route.phone, text=said)
    if route.email:
        owe_mail(
            session,
            key=f"payouts.method:{method.id}",
            to=route.email,
            lang=route.lang,
            template="payouts/method_changed",
            facts={"coop": coop, "hotline": hotline, "day": good_from},
        )
    if route.sure:
        return "sms" if route.phone else "email"
    open_task(session, key=f"method_call:{method.id}", kind="method_call", facts={"payee": method.payee})
    return "call"


def tell_of_payer(session: Session, change: PayerChange) -> None:
    """A letter to every other administrator, officer and treasurer: the co-op is to pay from another account."""
    rows = session.execute(
        select(User.id, User.email, User.lang, User.name).where(
            User.is_active, User.role.in_(("admin", "officer", "treasurer"))
        )
    )
    for row in rows:
        if f"user:{row.id}" == change.set_by:
            continue
        owe_mail(
            session,
            key=f"payouts.payer:{change.id}:{row.id}",
            to=row.email,
            lang=row.lang,
            template="payouts/payer_changed",
            facts={"name": row.name, "day": day(clock.day_of(change.good_from), row.lang)},
        )


def _coop(session: Session, lang: str) -> tuple[str, str]:
    coop = session.get(Coop, 1)
    if coop is None:
        return "", ""
    return coop.name.get(lang) or next(iter(coop.name.values()), ""), coop.hotline


def _route(session: Session, payee: str) -> _Route:
    owner, _, number = payee.partition(":")
    if owner == "maker":
        maker = session.get(Maker, int(number))
        if maker is None:
            return _Route()
        own = bool(maker.phone) and maker.phone_kind == "own_phone"
        return _Route(_lang(maker.lang), maker.phone or "", "", own)
    broker_id: int | None = int(number)
    if owner == "workshop":
        workshop = session.get(Workshop, int(number))
        broker_id = workshop.broker_id if workshop else None
    broker = session.get(Broker, broker_id) if broker_id else None
    if broker is None:
        return _Route()
    user = session.get(User, broker.user_id) if broker.user_id else None
    email = user.email if user and user.is_active else ""
    return _Route(_lang(user.lang if user else ""), broker.phone or "", email, bool(broker.phone or email))


def _lang(lang: str) -> str:
    return lang if lang in LANGS else "zh"
