"""What `flask audit` checks of makers: answers in force are not withdrawn, nobody below working age is registered."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.coop.facts import coop_facts
from shop.ledger.audit import Breach, check
from shop.makers.models import Consent, Maker


def _consents(session: Session) -> list[Breach]:
    ids = session.scalars(select(Consent.id).where(Consent.live, Consent.withdrawn_on.is_not(None))).all()
    return [Breach("makers.live_consents", list(ids))] if ids else []


def _working_age(session: Session) -> list[Breach]:
    latest = clock.today().year - coop_facts(session).working_age
    ids = session.scalars(select(Maker.id).where(Maker.left_on.is_(None), Maker.birth_year >= latest)).all()
    return [Breach("makers.working_age", list(ids))] if ids else []


def init_checks() -> None:
    check("makers.live_consents")(_consents)
    check("makers.working_age")(_working_age)
