"""Workshops: what they are, who works there, whether they sell now."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from shop.actor import Actor
from shop.brokers.errors import StillNeeded
from shop.brokers.models import Broker
from shop.coop.services import record
from shop.crafts.models import Craft
from shop.db import Texts
from shop.errors import BadInput, NotFound, Outdated, Taken
from shop.ids import slug_of
from shop.makers.models import Maker
from shop.places.models import Place
from shop.workshops.errors import NoBroker, NotAMaker
from shop.workshops.models import Workshop, WorkshopMaker

EDITABLE = frozenset({"name", "story", "hours", "craft_id", "village_id", "broker_id", "picture_id"})


def create_workshop(
    session: Session,
    *,
    name: Texts,
    craft_id: int,
    village_id: int,
    broker_id: int,
    by: Actor,
    slug: str = "",
    is_open: bool = True,
    **fields: Any,
) -> Workshop:
    """A seller of parts of orders, whose broker gets them. Raises BadInput, NoBroker, Taken (the slug)."""
    facts = {"name": name, "craft_id": craft_id, "village_id": village_id, "broker_id": broker_id, **fields}
    _check(session, facts)
    chosen = slug_of(slug or name.get("en") or name.get("vi") or "")
    if not chosen:
        raise BadInput(field="slug")
    if session.scalar(select(Workshop.id).where(Workshop.slug == chosen)) is not None:
        raise Taken(field="slug", value=chosen)
    workshop = Workshop(slug=chosen, is_open=is_open, **facts)
    session.add(workshop)
    session.flush()  # makers and products need its id
    record(session, about=f"workshop:{workshop.id}", kind="created", by=by)
    return workshop


def edit_workshop(session: Session, *, workshop_id: int, version: int, by: Actor, **fields: Any) -> Workshop:
    """Change its texts and facts; orders already there stay with the broker they went to.

    Raises NotFound, Outdated, BadInput, NoBroker.
    """
    workshop = _workshop(session, workshop_id)
    _check(session, fields)
    changed = sorted(name for name, value in fields.items() if getattr(workshop, name) != value)
    saved = session.execute(
        update(Workshop)
        .where(Workshop.id == workshop_id, Workshop.version == version)
        .values(version=version + 1, **fields)
        .returning(Workshop.id),
        execution_options={"synchronize_session": False},
    ).scalar_one_or_none()
    if saved is None:
        raise Outdated(what="workshop")
    session.refresh(workshop)
    record(session, about=f"workshop:{workshop_id}", kind="edited", by=by, facts={"fields": changed})
    return workshop


def _check(session: Session, facts: dict[str, Any]) -> None:
    unknown = set(facts) - EDITABLE
    if unknown:
        raise BadInput(field=min(unknown))
    if "name" in facts and not any(facts["name"].values()):
        raise BadInput(field="name")
    if "craft_id" in facts and session.get(Craft, facts["craft_id"]) is None:
        raise BadInput(field="craft_id")
    if "village_id" in facts and session.scalar(select(Place.kind).where(Place.id == facts["village_id"])) != "village":
        raise BadInput(field="village_id")
    if "broker_id" in facts:
        _working_broker(session, facts["broker_id"])


def _working_broker(session: Session, broker_id: int) -> None:
    if not session.scalar(select(Broker.is_active).where(Broker.id == broker_id)):
        raise NoBroker(field="broker_id")


def _workshop(session: Session, workshop_id: int) -> Workshop:
    workshop = session.get(Workshop, workshop_id)
    if workshop is None:
        raise NotFound(what="workshop")
    return workshop


def set_workshop_makers(session: Session, *, workshop_id: int, maker_ids: Sequence[int], by: Actor) -> None:
    """Exactly these makers work with it. Who goes keeps what she has in hand. Raises NotFound, NotAMaker."""
    workshop = _workshop(session, workshop_id)
    wanted = set(maker_ids)
    before = set(session.scalars(select(WorkshopMaker.maker_id).where(WorkshopMaker.workshop_id == workshop_id)))
    come, go = wanted - before, before - wanted
    if not come and not go:
        return
    known = set(session.scalars(select(Maker.id).where(Maker.id.in_(come), Maker.left_on.is_(None))))
    if come - known:
        raise NotAMaker(ids=sorted(come - known), field="makers")
    if go:
        session.execute(
            delete(WorkshopMaker).where(WorkshopMaker.workshop_id == workshop_id, WorkshopMaker.maker_id.in_(go))
        )
    session.add_all(WorkshopMaker(workshop_id=workshop_id, maker_id=maker_id) for maker_id in sorted(come))
    workshop.version += 1
    facts = {"come": sorted(come), "gone": sorted(go)}
    record(session, about=f"workshop:{workshop_id}", kind="makers", by=by, facts=facts)
    session.flush()


def open_workshop(session: Session, *, workshop_id: int, by: Actor) -> None:
    """It sells from now on. Raises NotFound, NoBroker."""
    workshop = _workshop(session, workshop_id)
    _working_broker(session, workshop.broker_id)
    _switch(session, workshop, by, on=True)


def close_workshop(session: Session, *, workshop_id: int, by: Actor) -> None:
    """It sells no more for now; paid orders are finished. Raises NotFound."""
    _switch(session, _workshop(session, workshop_id), by, on=False)


def _switch(session: Session, workshop: Workshop, by: Actor, *, on: bool) -> None:
    if workshop.is_open == on:
        return
    workshop.is_open = on
    workshop.version += 1
    record(session, about=f"workshop:{workshop.id}", kind="opened" if on else "closed", by=by)


def broker_needed(session: Session, broker_id: int) -> None:
    """Raise StillNeeded while an open workshop has her."""
    ids = session.scalars(select(Workshop.id).where(Workshop.broker_id == broker_id, Workshop.is_open)).all()
    if ids:
        raise StillNeeded(workshops=list(ids))
