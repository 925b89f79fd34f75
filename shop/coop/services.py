"""What the co-op decides, what it must look at, and who changed what."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import event, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from shop import clock
from shop.actor import Actor
from shop.coop.errors import HotlineIsABrokers, NoCoop, TooFewYears
from shop.coop.facts import forget_facts
from shop.coop.models import Change, Coop, CoopPage, HourlyMinimum, Task
from shop.coop.pages import SLUGS, check_placeholders
from shop.db import LANGS, Texts
from shop.errors import BadInput, Conflict, NotFound, Outdated

LEGAL_AGE = {"CN": 16, "VN": 15}
"""Least age to work; 16 where we do not know better. A co-op may only raise it (product.md 1.7)."""

EDITABLE = frozenset(
    {
        "name",
        "claim",
        "legal_form",
        "address",
        "registration",
        "email",
        "hotline",
        "hotline_hours",
        "logo_id",
        "hold_days",
        "return_days",
        "working_age",
        "payout_weekday",
    }
)
"""What a form may change. The currency is settled when the co-op is founded, and so is the country."""

SomebodyElses = Callable[[Session, str], bool]
_elses: list[SomebodyElses] = []


def never_the_hotline(found: SomebodyElses) -> SomebodyElses:
    """Register who says of a number that it is a broker's, so that it cannot become the hotline."""
    if found not in _elses:
        _elses.append(found)
    return found


def the_coop(session: Session) -> Coop:
    """The one co-op. Raises NoCoop."""
    coop = session.get(Coop, 1)
    if coop is None:
        raise NoCoop
    return coop


def create_coop(session: Session, *, name: Texts, currency: str, by: Actor, country: str = "CN", **fields: Any) -> Coop:
    """Found the co-op of this installation. Raises Conflict where there is one, BadInput, TooFewYears."""
    if session.get(Coop, 1) is not None:
        raise Conflict(what="coop")
    if not any(name.values()):
        raise BadInput(field="name")
    least = LEGAL_AGE.get(country, 16)
    fields.setdefault("working_age", least)
    _check(session, fields, least)
    coop = Coop(id=1, name=name, currency=currency, country=country, **fields)
    session.add(coop)
    session.flush()
    record(session, about="coop:1", kind="founded", by=by, facts={"currency": currency, "country": country})
    _look_again_after(session)
    return coop


def edit_coop(session: Session, *, version: int, by: Actor, **fields: Any) -> Coop:
    """Change what the co-op says of itself; the history keeps which fields and by whom.

    Raises NoCoop, Outdated where somebody saved since `version` was read, BadInput, TooFewYears, HotlineIsABrokers.
    """
    coop = the_coop(session)
    _check(session, fields, LEGAL_AGE.get(coop.country, 16))
    changed = sorted(name for name, value in fields.items() if getattr(coop, name) != value)
    taken = session.execute(
        update(Coop)
        .where(Coop.id == 1, Coop.version == version)
        .values(version=version + 1, **fields)
        .returning(Coop.id),
        execution_options={"synchronize_session": False},
    ).scalar_one_or_none()
    if taken is None:
        raise Outdated(what="coop")
    session.refresh(coop)
    record(session, about="coop:1", kind="edited", by=by, facts={"fields": changed})
    _look_again_after(session)
    return coop


def _check(session: Session, fields: dict[str, Any], least: int) -> None:
    unknown = set(fields) - EDITABLE
    if unknown:
        raise BadInput(field=min(unknown))
    if "name" in fields and not any(fields["name"].values()):
        raise BadInput(field="name")
    bounds = {"hold_days": (0, 60), "return_days": (0, 365), "payout_weekday": (0, 6), "working_age": (0, 30)}
    for name, (lowest, highest) in bounds.items():
        if name in fields and not lowest <= fields[name] <= highest:
            raise BadInput(field=name)
    if fields.get("working_age", least) < least:
        raise TooFewYears(least=least)
    hotline = fields.get("hotline")
    if hotline and any(found(session, hotline) for found in _elses):
        raise HotlineIsABrokers(field="hotline")


def _look_again_after(session: Session) -> None:
    event.listen(session, "after_commit", lambda _session: forget_facts(), once=True)


def set_hourly_minimum(session: Session, *, minor: int, valid_from: date, by: Actor) -> HourlyMinimum:
    """The local minimum pay per hour from a day on; a second one for the same day puts the first right.

    Raises NoCoop, BadInput.
    """
    coop = the_coop(session)
    if not 0 < minor < 10**12:
        raise BadInput(field="minor")
    row = session.scalar(select(HourlyMinimum).where(HourlyMinimum.valid_from == valid_from))
    facts: dict[str, Any] = {"valid_from": valid_from.isoformat(), "minor": minor, "before": row.minor if row else None}
    if row is None:
        row = HourlyMinimum(valid_from=valid_from, minor=minor, currency=coop.currency)
        session.add(row)
    row.minor = minor
    session.flush()  # two at once for one day must meet here
    record(session, about="coop:1", kind="hourly_minimum", by=by, facts=facts)
    return row


def set_page(session: Session, *, slug: str, lang: str, body: str, by: Actor) -> CoopPage:
    """Put down a page's text in one language, as Markdown; its first line "# …" is the title.

    Raises NotFound for a page we do not have, BadInput without a title, UnknownPlaceholder.
    """
    if slug not in SLUGS or lang not in LANGS:
        raise NotFound(what="page")
    text = body.replace("\r\n", "\n").strip() + "\n"
    if not text.startswith("# ") or not text.partition("\n")[0][2:].strip():
        raise BadInput(field="body", why="title")
    check_placeholders(text)
    page = session.scalar(select(CoopPage).where(CoopPage.slug == slug, CoopPage.lang == lang))
    if page is None:
        page = CoopPage(slug=slug, lang=lang, body=text, updated_at=clock.now())
        session.add(page)
    page.body, page.updated_at = text, clock.now()
    session.flush()
    record(session, about=f"page:{slug}", kind="page", by=by, facts={"lang": lang})
    return page


def open_task(session: Session, *, key: str, kind: str, facts: dict[str, Any] | None = None) -> None:
    """Put something on the co-op's list; the same `key` again changes nothing."""
    make = (sqlite_insert if session.get_bind().dialect.name == "sqlite" else pg_insert)(Task)
    session.execute(
        make.values(key=key, kind=kind, facts=facts or {}, created_at=clock.now()).on_conflict_do_nothing(
            index_elements=["key"]
        )
    )


def close_task(session: Session, *, key: str, by: Actor) -> None:
    """It has been looked at; closing again changes nothing."""
    session.execute(
        update(Task).where(Task.key == key, Task.done_at.is_(None)).values(done_at=clock.now(), done_by=by.key)
    )


def record(
    session: Session,
    *,
    about: str,
    kind: str,
    by: Actor,
    on_behalf_of: str | None = None,
    facts: dict[str, Any] | None = None,
) -> None:
    """Write into the history of what has none of its own who changed it, and for whom. `about` is "maker:7"."""
    session.add(
        Change(
            about=about,
            kind=kind,
            facts=facts or {},
            at=clock.now(),
            actor=by.key,
            actor_name=by.name,
            on_behalf_of=on_behalf_of,
        )
    )
