"""Registering a maker, what the co-op knows of her, and her leaving."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.coop import phones
from shop.coop.facts import coop_facts
from shop.coop.services import record
from shop.crafts.models import Craft
from shop.db import LANGS, Texts
from shop.errors import BadInput, NotFound, Outdated, Taken
from shop.makers.errors import BrokersNumber, HasLeft, TooYoung
from shop.makers.index import index_maker
from shop.makers.marks import MARKS
from shop.makers.models import Maker, Skill
from shop.makers.services.consents import tell_public_change
from shop.makers.words import tell_old_phone
from shop.places.models import Place

MOST_HOURS_A_WEEK = 48
EDITABLE = frozenset(
    {
        "name",
        "pen_name",
        "mark",
        "birth_year",
        "village_id",
        "hours_a_week",
        "languages",
        "lang",
        "story",
        "face_id",
        "phone",
        "phone_kind",
    }
)

Leaving = Callable[[Session, int, date, Actor], None]
_leaving: list[Leaving] = []


def on_leaving(hear: Leaving) -> Leaving:
    """Register what must happen when a maker leaves, in the same transaction: `hear(session, maker_id, on, by)`."""
    if hear not in _leaving:
        _leaving.append(hear)
    return hear


IsABrokers = Callable[[Session, str], bool]
_brokers: list[IsABrokers] = []


def not_her_own(found: IsABrokers) -> IsABrokers:
    """Register who says of a number that it is a broker's, so that it never counts as a maker's own."""
    if found not in _brokers:
        _brokers.append(found)
    return found


def create_maker(
    session: Session,
    *,
    name: Texts,
    birth_year: int,
    village_id: int,
    by: Actor,
    mark: str = "",
    number: str = "",
    slug: str = "",
    joined_on: date | None = None,
    **fields: Any,
) -> Maker:
    """Register a person who makes; nothing of her is public until she says so. Number and mark are given when left out.

    Raises TooYoung, BadInput, Taken (the number), BadPhone.
    """
    facts = {
        "name": name,
        "birth_year": birth_year,
        "village_id": village_id,
        "mark": mark or _rarest_mark(session, village_id),
        **fields,
    }
    _check(session, facts)
    chosen = number or _next_number(session)
    if session.scalar(select(Maker.id).where(Maker.number == chosen)) is not None:
        raise Taken(field="number", value=chosen)
    # the address tells her number and nothing of her name, which is hers to give
    maker = Maker(
        number=chosen,
        slug=slug or f"maker-{chosen.rsplit('-', 1)[-1].lower()}",
        joined_on=joined_on or clock.today(),
        **facts,
    )
    session.add(maker)
    session.flush()  # her id names her from here on
    record(session, about=f"maker:{maker.id}", kind="registered", by=by, facts={"number": chosen})
    index_maker(session, maker_id=maker.id)
    return maker


def edit_maker(session: Session, *, maker_id: int, version: int, by: Actor, **fields: Any) -> Maker:
    """Change what the co-op knows of her; the history keeps which fields, never what stood in them.

    Another telephone is no longer verified, and the one before is told. Raises NotFound, Outdated, TooYoung, BadInput, BadPhone.
    """
    before = session.get(Maker, maker_id)
    if before is None:
        raise NotFound(what="maker")
    _check(session, fields)
    changed = sorted(name for name, value in fields.items() if getattr(before, name) != value)
    old_phone = before.phone if "phone" in changed else None
    if {"phone", "phone_kind"} & set(changed):
        fields["phone_verified_at"] = None
    saved = session.execute(
        update(Maker)
        .where(Maker.id == maker_id, Maker.version == version)
        .values(version=version + 1, **fields)
        .returning(Maker.id),
        execution_options={"synchronize_session": False},
    ).scalar_one_or_none()
    if saved is None:
        raise Outdated(what="maker")
    session.refresh(before)
    record(session, about=f"maker:{maker_id}", kind="edited", by=by, facts={"fields": changed})
    if old_phone:
        tell_old_phone(session, maker=before, phone=old_phone)
    index_maker(session, maker_id=maker_id)
    tell_public_change(session, maker_id)
    return before


def _check(session: Session, facts: dict[str, Any]) -> None:
    unknown = set(facts) - EDITABLE
    if unknown:
        raise BadInput(field=min(unknown))
    if "name" in facts and not any(facts["name"].values()):
        raise BadInput(field="name")
    for optional in ("pen_name", "story"):
        if optional in facts:
            facts[optional] = facts[optional] if any((facts[optional] or {}).values()) else None
    if "birth_year" in facts:
        _of_age(session, facts["birth_year"])
    if "village_id" in facts and session.scalar(select(Place.kind).where(Place.id == facts["village_id"])) != "village":
        raise BadInput(field="village_id")
    if "mark" in facts and facts["mark"] not in MARKS:
        raise BadInput(field="mark")
    if "hours_a_week" in facts and not 0 <= facts["hours_a_week"] <= MOST_HOURS_A_WEEK:
        raise BadInput(field="hours_a_week")
    if "lang" in facts and facts["lang"] not in LANGS:
        raise BadInput(field="lang")
    _check_phone(session, facts)


def _check_phone(session: Session, facts: dict[str, Any]) -> None:
    if "phone" not in facts and "phone_kind" not in facts:
        return
    number, kind = facts.get("phone") or None, facts.get("phone_kind", "none")
    if (number is None) != (kind == "none") or kind not in {"none", "own_phone", "shared_phone"}:
        raise BadInput(field="phone_kind" if number else "phone")
    facts["phone_kind"] = kind
    facts["phone"] = phones.canonical(number, country=coop_facts(session).country) if number else None
    if kind == "own_phone" and any(found(session, facts["phone"]) for found in _brokers):
        raise BrokersNumber


def _of_age(session: Session, birth_year: int) -> None:
    """Nobody below working age gets work (product.md 1.7): by the year alone she counts as born on its last day."""
    least, year = coop_facts(session).working_age, clock.today().year
    if not 1900 <= birth_year <= year:
        raise BadInput(field="birth_year")
    if year - birth_year <= least:
        raise TooYoung(least=least, from_year=birth_year + least + 1)


def _next_number(session: Session) -> str:
    number = (session.scalar(select(func.max(Maker.id))) or 0) + 201
    while session.scalar(select(Maker.id).where(Maker.number == f"QS-M-{number:04d}")) is not None:
        number += 1
    return f"QS-M-{number:04d}"


def _rarest_mark(session: Session, village_id: int) -> str:
    """The mark that fewest have in her village, then anywhere."""
    rows = session.execute(select(Maker.mark, Maker.village_id, func.count()).group_by(Maker.mark, Maker.village_id))
    near, far = dict.fromkeys(MARKS, 0), dict.fromkeys(MARKS, 0)
    for mark, village, count in rows:
        far[mark] = far.get(mark, 0) + count
        if village == village_id:
            near[mark] = near.get(mark, 0) + count
    return min(MARKS, key=lambda mark: (near[mark], far[mark]))


def set_skill(session: Session, *, maker_id: int, craft_id: int, level: int | None, by: Actor) -> None:
    """What she can make and how well, 1 learning … 5 master; None takes it away. Raises NotFound, BadInput."""
    if session.get(Maker, maker_id) is None or session.get(Craft, craft_id) is None:
        raise NotFound(what="skill")
    if level is not None and not 1 <= level <= 5:
        raise BadInput(field="level")
    row = session.scalar(select(Skill).where(Skill.maker_id == maker_id, Skill.craft_id == craft_id))
    if (row.level if row else None) == level:
        return
    if row is None:
        session.add(Skill(maker_id=maker_id, craft_id=craft_id, level=level))
    elif level is None:
        session.delete(row)
    else:
        row.level = level
    record(session, about=f"maker:{maker_id}", kind="skill", by=by, facts={"craft": craft_id, "level": level})
    session.flush()


def set_skills(session: Session, *, maker_id: int, levels: Sequence[tuple[int, int]], by: Actor) -> None:
    """Exactly these skills, as (craft_id, level). Raises as `set_skill`."""
    wanted = dict(levels)
    known = set(session.scalars(select(Skill.craft_id).where(Skill.maker_id == maker_id)))
    for craft_id in sorted(known | set(wanted)):
        set_skill(session, maker_id=maker_id, craft_id=craft_id, level=wanted.get(craft_id), by=by)


def verify_phone(session: Session, *, maker_id: int, by: Actor) -> None:
    """The co-op has rung her number and she answered: from now on a message from it is her word (money.md 4).

    Raises NotFound, BadInput where she has no telephone of her own, BrokersNumber where it is a broker's.
    """
    maker = session.get(Maker, maker_id)
    if maker is None:
        raise NotFound(what="maker")
    if maker.phone is None or maker.phone_kind != "own_phone":
        raise BadInput(field="phone")
    if any(found(session, maker.phone) for found in _brokers):
        raise BrokersNumber
    maker.phone_verified_at = clock.now()
    record(session, about=f"maker:{maker_id}", kind="phone_verified", by=by)


def leave(session: Session, *, maker_id: int, by: Actor, on: date | None = None) -> Maker:
    """She no longer works with the co-op; what she earned stays hers. Raises NotFound, HasLeft, BadInput."""
    maker = session.get(Maker, maker_id, with_for_update=True)
    if maker is None:
        raise NotFound(what="maker")
    if maker.left_on is not None:
        raise HasLeft
    day = on or clock.today()
    if not maker.joined_on <= day <= clock.today():
        raise BadInput(field="on")
    maker.left_on = day
    maker.version += 1
    record(session, about=f"maker:{maker_id}", kind="left", by=by, on_behalf_of=f"maker:{maker_id}")
    session.flush()  # the handlers read that she has left
    for hear in _leaving:
        hear(session, maker_id, day, by)
    return maker


def come_back(session: Session, *, maker_id: int, by: Actor) -> Maker:
    """She works with the co-op again. Raises NotFound, TooYoung."""
    maker = session.get(Maker, maker_id)
    if maker is None:
        raise NotFound(what="maker")
    _of_age(session, maker.birth_year)
    maker.left_on = None
    maker.version += 1
    record(session, about=f"maker:{maker_id}", kind="came_back", by=by, on_behalf_of=f"maker:{maker_id}")
    return maker
