"""What pages say of the co-op, kept in memory by each process so that no page needs a statement for it."""

import threading
import time
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from shop.coop.models import Coop
from shop.db import KEPT, Texts
from shop.media.models import Picture

FRESH_SECONDS = 5.0
"""How long other processes may go on with what was true before a change."""


@dataclass(frozen=True, slots=True)
class CoopFacts:
    """The co-op as pages show it; before one is founded, these defaults. `logo` is a picture's key, "" without one."""

    name: Texts = field(default_factory=lambda: {"zh": "巧手", "vi": "Qiaoshou", "en": "Qiaoshou"})
    claim: Texts = field(default_factory=dict)
    legal_form: Texts = field(default_factory=dict)
    address: Texts = field(default_factory=dict)
    registration: str = ""
    email: str = ""
    hotline: str = ""
    hotline_hours: Texts = field(default_factory=dict)
    logo: str = ""
    logo_width: int = 0
    logo_height: int = 0
    currency: str = "CNY"
    country: str = "CN"
    hold_days: int = 7
    return_days: int = 30
    working_age: int = 16
    payout_weekday: int = 4
    version: int = 0

    @property
    def founded(self) -> bool:
        """Whether there is a co-op yet."""
        return self.version > 0


@dataclass(slots=True)
class _Kept:
    facts: CoopFacts | None = None
    until: float = 0.0


_kept = _Kept()
_default = CoopFacts()
_lock = threading.Lock()

_FACTS = (
    select(
        Coop.name,
        Coop.claim,
        Coop.legal_form,
        Coop.address,
        Coop.registration,
        Coop.email,
        Coop.hotline,
        Coop.hotline_hours,
        Picture.key.label("logo"),
        Picture.width.label("logo_width"),
        Picture.height.label("logo_height"),
        Coop.currency,
        Coop.country,
        Coop.hold_days,
        Coop.return_days,
        Coop.working_age,
        Coop.payout_weekday,
        Coop.version,
    )
    .outerjoin(Picture, Picture.id == Coop.logo_id)
    .where(Coop.id == 1)
)


def coop_facts(source: Session | Connection) -> CoopFacts:
    """The co-op's facts, at most FRESH_SECONDS old; a statement only when they are older."""
    kept = _kept.facts
    return kept if kept is not None and time.monotonic() < _kept.until else _read(source)


def _read(source: Session | Connection) -> CoopFacts:
    row = source.execute(_FACTS).first()
    found = _default
    if row is not None:
        values = dict(row._mapping)  # noqa: SLF001  SQLAlchemy's documented name
        found = CoopFacts(
            **{name: value if value is not None else getattr(_default, name) for name, value in values.items()}
        )
    with _lock:
        _kept.facts, _kept.until = found, time.monotonic() + FRESH_SECONDS
    return found


def known_facts() -> CoopFacts:
    """What was last read, without looking again; defaults before anything was."""
    return _kept.facts or _default


def stale() -> bool:
    """Whether the next page should look again."""
    return _kept.facts is None or time.monotonic() >= _kept.until


def forget_facts() -> None:
    """Look again at once: something was changed."""
    with _lock:
        _kept.facts, _kept.until = None, 0.0


KEPT.append(forget_facts)
