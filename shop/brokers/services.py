"""Brokers, and the mandates by which makers let them act."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.brokers.errors import BrokerRests, NoBrokersUser, NoMandate, NumberIsTheHotline
from shop.brokers.models import Broker, Mandate
from shop.coop import phones
from shop.coop.facts import coop_facts
from shop.coop.services import record
from shop.db import Texts
from shop.errors import BadInput, NotFound, Outdated, Taken
from shop.ids import slug_of
from shop.makers.errors import HasLeft
from shop.makers.models import Maker
from shop.people.models import User
from shop.places.models import Place

EDITABLE = frozenset({"name", "about", "tier", "parent_id", "village_id", "phone", "name_in_split"})

Resting = Callable[[Session, int], None]
_resting: list[Resting] = []


def before_resting(ask: Resting) -> Resting:
    """Register who must agree before a broker rests: `ask(session, broker_id)` raises where she is still needed."""
    if ask not in _resting:
        _resting.append(ask)
    return ask


def create_broker(
    session: Session,
    *,
    name: Texts,
    tier: int,
    village_id: int,
    by: Actor,
    slug: str = "",
    joined_on: date | None = None,
    **fields: Any,
) -> Broker:
    """A broker of the first or second tier. Raises BadInput, Taken (the slug), BadPhone, NumberIsTheHotline."""
    facts = {"name": name, "tier": tier, "village_id": village_id, **fields}
    _check(session, facts, tier=tier)
    chosen = slug_of(slug or name.get("en") or name.get("vi") or "")
    if not chosen:
        raise BadInput(field="slug")
    if session.scalar(select(Broker.id).where(Broker.slug == chosen)) is not None:
        raise Taken(field="slug", value=chosen)
    broker = Broker(slug=chosen, joined_on=joined_on or clock.today(), **facts)
    session.add(broker)
    session.flush()  # mandates and workshops need her id
    record(session, about=f"broker:{broker.id}", kind="registered", by=by, facts={"tier": tier})
    return broker


def edit_broker(session: Session, *, broker_id: int, version: int, by: Actor, **fields: Any) -> Broker:
    """Change what the co-op knows of her; the history keeps which fields.

    Raises NotFound, Outdated, BadInput, BadPhone, NumberIsTheHotline.
    """
    broker = _broker(session, broker_id)
    _check(session, fields, tier=fields.get("tier", broker.tier), broker_id=broker_id)
    changed = sorted(name for name, value in fields.items() if getattr(broker, name) != value)
    saved = session.execute(
        update(Broker)
        .where(Broker.id == broker_id, Broker.version == version)
        .values(version=version + 1, **fields)
        .returning(Broker.id),
        execution_options={"synchronize_session": False},
    ).scalar_one_or_none()
    if saved is None:
        raise Outdated(what="broker")
    session.refresh(broker)
    record(session, about=f"broker:{broker_id}", kind="edited", by=by, facts={"fields": changed})
    return broker


def _check(session: Session, facts: dict[str, Any], *, tier: int, broker_id: int | None = None) -> None:
    unknown = set(facts) - EDITABLE
    if unknown:
        raise BadInput(field=min(unknown))
    if "name" in facts and not any(facts["name"].values()):
        raise BadInput(field="name")
    if tier not in {1, 2}:
        raise BadInput(field="tier")
    if "village_id" in facts and session.scalar(select(Place.kind).where(Place.id == facts["village_id"])) != "village":
        raise BadInput(field="village_id")
    _check_tier(session, facts, tier, broker_id)
    if facts.get("phone"):
        coop = coop_facts(session)
        if phones.same(facts["phone"], coop.hotline, country=coop.country):
            raise NumberIsTheHotline(field="phone")
        facts["phone"] = phones.canonical(facts["phone"], country=coop.country)


def _check_tier(session: Session, facts: dict[str, Any], tier: int, broker_id: int | None) -> None:
    """A broker of tier 2 may have one of tier 1 above her, and nothing goes deeper."""
    if facts.get("parent_id") is not None:
        parent = session.get(Broker, facts["parent_id"])
        if tier != 2 or parent is None or parent.tier != 1 or parent.id == broker_id:
            raise BadInput(field="parent_id")
    if broker_id is None:
        return
    if tier == 1 and "tier" in facts:
        facts.setdefault("parent_id", None)
    if tier == 2 and _has_below(session, broker_id):
        raise BadInput(field="tier")


def _has_below(session: Session, broker_id: int) -> bool:
    return session.scalar(select(Broker.id).where(Broker.parent_id == broker_id).limit(1)) is not None


def _broker(session: Session, broker_id: int) -> Broker:
    broker = session.get(Broker, broker_id)
    if broker is None:
        raise NotFound(what="broker")
    return broker


def is_a_brokers(session: Session, number: str) -> bool:
    """Whether a telephone number is some broker's, resting ones included."""
    country = coop_facts(session).country
    known = session.scalars(select(Broker.phone).where(Broker.phone.is_not(None)))
    return any(phones.same(number, phone or "", country=country) for phone in known)


def link_user(session: Session, *, broker_id: int, user_id: int | None, by: Actor) -> None:
    """Who signs in as this broker; None lets nobody. Raises NotFound, NoBrokersUser, Taken (another's user)."""
    broker = _broker(session, broker_id)
    if user_id is not None:
        user = session.get(User, user_id)
        if user is None or user.role != "broker" or not user.is_active:
            raise NoBrokersUser(field="user_id")
        other = session.scalar(select(Broker.id).where(Broker.user_id == user_id, Broker.id != broker_id))
        if other is not None:
            raise Taken(field="user_id", value=user_id)
    if broker.user_id == user_id:
        return
    broker.user_id = user_id
    broker.version += 1
    session.flush()  # two brokers with one user must meet here
    record(session, about=f"broker:{broker_id}", kind="user_linked", by=by, facts={"user": user_id})


def set_active(session: Session, *, broker_id: int, active: bool, by: Actor) -> None:
    """Let her rest, or work again. Her makers' mandates stay until they choose another. Raises NotFound, StillNeeded."""
    broker = _broker(session, broker_id)
    if broker.is_active == active:
        return
    if not active:
        for ask in _resting:
            ask(session, broker_id)
    broker.is_active = active
    broker.version += 1
    record(session, about=f"broker:{broker_id}", kind="active" if active else "resting", by=by)


@dataclass(frozen=True, slots=True)
class Scopes:
    """What a broker may do for a maker."""

    may_list: bool = True
    may_accept_work: bool = True
    may_collect_money: bool = False


def give_mandate(
    session: Session,
    *,
    maker_id: int,
    broker_id: int,
    scopes: Scopes,
    evidence: str,
    by: Actor,
    starts_on: date | None = None,
) -> Mandate:
    """She lets a broker act for her, from a day on; the mandate before ends with it, whatever that broker says.

    `evidence` is what shows it: a signed paper's number, a recording. Raises NotFound, HasLeft, BrokerRests, BadInput.
    """
    day = starts_on or clock.today()
    if day > clock.today():
        raise BadInput(field="starts_on")
    if not evidence.strip():
        raise BadInput(field="evidence")
    broker = _broker(session, broker_id)
    if not broker.is_active:
        raise BrokerRests
    live = _live(session, maker_id)
    if live is not None:
        if day < live.starts_on:
            raise BadInput(field="starts_on")
        live.ends_on, live.live = day, False
        session.flush()  # only one may be live, and the database checks each statement
    mandate = Mandate(
        maker_id=maker_id,
        broker_id=broker_id,
        evidence=evidence.strip()[:200],
        starts_on=day,
        recorded_by=by.key,
        recorded_at=clock.now(),
        **asdict(scopes),
    )
    session.add(mandate)
    session.flush()  # its id is the answer
    facts = {"broker": broker_id, "before": live.broker_id if live else None, **asdict(scopes)}
    record(session, about=f"maker:{maker_id}", kind="mandate", by=by, on_behalf_of=f"maker:{maker_id}", facts=facts)
    return mandate


def end_mandate(session: Session, *, maker_id: int, by: Actor, ends_on: date | None = None) -> Mandate:
    """She takes it back: from now on no broker acts for her. Raises NotFound, NoMandate, BadInput."""
    day = ends_on or clock.today()
    live = _live(session, maker_id, left_too=True)
    if live is None:
        raise NoMandate
    if not live.starts_on <= day <= clock.today():
        raise BadInput(field="ends_on")
    live.ends_on, live.live = day, False
    facts = {"broker": live.broker_id}
    record(
        session, about=f"maker:{maker_id}", kind="mandate_ended", by=by, on_behalf_of=f"maker:{maker_id}", facts=facts
    )
    session.flush()
    return live


def _live(session: Session, maker_id: int, *, left_too: bool = False) -> Mandate | None:
    """Her mandate in force, her row held meanwhile."""
    maker = session.get(Maker, maker_id, with_for_update=True)
    if maker is None:
        raise NotFound(what="maker")
    if maker.left_on is not None and not left_too:
        raise HasLeft
    return session.scalar(select(Mandate).where(Mandate.maker_id == maker_id, Mandate.live))


def end_with_leaving(session: Session, maker_id: int, on: date, by: Actor) -> None:
    """Who leaves has no broker any more."""
    live = session.scalar(select(Mandate).where(Mandate.maker_id == maker_id, Mandate.live))
    if live is not None:
        end_mandate(session, maker_id=maker_id, by=by, ends_on=max(on, live.starts_on))
