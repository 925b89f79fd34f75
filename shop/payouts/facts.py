"""How and when the co-op pays, kept in memory by each process as the co-op's facts are."""

import threading
import time
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.coop.facts import FRESH_SECONDS, coop_facts
from shop.db import KEPT
from shop.documents.pain001 import Payer
from shop.payouts.models import PaySettings
from shop.payouts.paydays import Schedule


@dataclass(frozen=True, slots=True)
class PayFacts:
    """The co-op's settings for paying; these defaults (version 0) before anything was set. `bank_profile` "" is the
    usual one of the currency. A changed account waits `account_wait_days` before it pays; above `account_limit_minor` a
    second person says yes first, None where that is not asked.
    """

    bank_profile: str = ""
    payer_name: str = ""
    payer_account: str = ""
    payer_bank: str = ""
    payer_bank_code: str = ""
    every_weeks: int = 1
    counted_from: date | None = None
    cut_off_days: int | None = None
    cut_off_hour: int = 0
    drafts_itself: bool = False
    account_wait_days: int = 3
    account_limit_minor: int | None = None
    version: int = 0

    @property
    def payer(self) -> Payer:
        """From which account is paid."""
        return Payer(self.payer_name, self.payer_account, self.payer_bank, self.payer_bank_code)


@dataclass(slots=True)
class _Kept:
    facts: PayFacts | None = None
    until: float = 0.0


_kept = _Kept()
_lock = threading.Lock()
NAMES = tuple(PayFacts.__dataclass_fields__)
_FACTS = select(*(getattr(PaySettings, name) for name in NAMES)).where(PaySettings.id == 1)


def pay_facts(session: Session) -> PayFacts:
    """How the co-op pays, at most FRESH_SECONDS old; a statement only when it is older."""
    kept = _kept.facts
    if kept is not None and time.monotonic() < _kept.until:
        return kept
    row = session.execute(_FACTS).first()
    found = PayFacts(*row) if row else PayFacts()
    with _lock:
        _kept.facts, _kept.until = found, time.monotonic() + FRESH_SECONDS
    return found


def schedule(session: Session) -> Schedule:
    """The co-op's pay days and cut-off."""
    facts = pay_facts(session)
    return Schedule(
        coop_facts(session).payout_weekday,
        facts.every_weeks,
        facts.counted_from,
        facts.cut_off_days,
        facts.cut_off_hour,
        facts.drafts_itself,
    )


def forget_pay_facts() -> None:
    """Look again at once: something was changed."""
    with _lock:
        _kept.facts, _kept.until = None, 0.0


KEPT.append(forget_pay_facts)
