"""Reading the co-op's decisions, pages, tasks and history."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from shop.coop.facts import coop_facts
from shop.coop.models import Change, CoopPage, HourlyMinimum, Task
from shop.coop.pages import RenderedPage, rendered
from shop.db import LANGS
from shop.money import Money

LARGEST_PAGE = 100
_PAGE = select(CoopPage.lang, CoopPage.body)


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """Who changed what and when, on whose behalf."""

    id: int
    about: str
    kind: str
    facts: dict[str, Any]
    at: datetime
    actor: str
    actor_name: str
    on_behalf_of: str | None


@dataclass(frozen=True, slots=True)
class TaskLine:
    """Something that waits for a person at the co-op."""

    id: int
    key: str
    kind: str
    facts: dict[str, Any]
    created_at: datetime


def page(source: Session | Connection, *, slug: str, lang: str) -> RenderedPage | None:
    """A page in `lang`, else in the first of zh, en, vi it exists in; None where it exists in none. Two statements."""
    bodies: dict[str, str] = dict(source.execute(_PAGE.where(CoopPage.slug == slug)).all())
    found = next((code for code in (lang, "zh", "en", "vi") if bodies.get(code)), None)
    return None if found is None else rendered(bodies[found], coop_facts(source), found)


def page_bodies(source: Session | Connection, *, slug: str) -> dict[str, str]:
    """The Markdown of a page by language, "" where there is none."""
    bodies: dict[str, str] = dict(source.execute(_PAGE.where(CoopPage.slug == slug)).all())
    return {lang: bodies.get(lang, "") for lang in LANGS}


def pages_there(source: Session | Connection) -> set[tuple[str, str]]:
    """Which pages exist in which languages, as (slug, lang)."""
    return {(slug, lang) for slug, lang in source.execute(select(CoopPage.slug, CoopPage.lang))}


def hourly_minimum(source: Session | Connection, *, on: date) -> Money | None:
    """The local minimum pay per hour in force on a day; None where the co-op has set none."""
    row = source.execute(
        select(HourlyMinimum.minor, HourlyMinimum.currency)
        .where(HourlyMinimum.valid_from <= on)
        .order_by(HourlyMinimum.valid_from.desc())
        .limit(1)
    ).first()
    return Money(row.minor, row.currency) if row else None


def hourly_minimums(session: Session) -> list[HourlyMinimum]:
    """All minimums, the newest first."""
    return list(session.scalars(select(HourlyMinimum).order_by(HourlyMinimum.valid_from.desc()).limit(LARGEST_PAGE)))


def open_tasks(
    session: Session, *, kinds: Collection[str] | None = None, after: int = 0, limit: int = 50
) -> list[TaskLine]:
    """What waits, the oldest first; `after` is the last id of the page before."""
    wanted = (
        select(Task.id, Task.key, Task.kind, Task.facts, Task.created_at)
        .where(Task.done_at.is_(None), Task.id > after)
        .order_by(Task.id)
        .limit(max(1, min(limit, LARGEST_PAGE)))
    )
    if kinds is not None:
        wanted = wanted.where(Task.kind.in_(sorted(kinds)))
    return [TaskLine(*row) for row in session.execute(wanted)]


def open_task_counts(session: Session) -> dict[str, int]:
    """How many tasks of each kind wait."""
    rows = session.execute(select(Task.kind, func.count(Task.id)).where(Task.done_at.is_(None)).group_by(Task.kind))
    return {kind: int(count) for kind, count in rows}


def changes_about(session: Session, *, about: str = "", before: int | None = None, limit: int = 30) -> list[ChangeLine]:
    """The history of one thing ("maker:7"), or of everything, the newest first; `before` is the last id seen."""
    wanted = (
        select(
            Change.id,
            Change.about,
            Change.kind,
            Change.facts,
            Change.at,
            Change.actor,
            Change.actor_name,
            Change.on_behalf_of,
        )
        .order_by(Change.id.desc())
        .limit(max(1, min(limit, LARGEST_PAGE)))
    )
    if about:
        wanted = wanted.where(Change.about == about)
    if before is not None:
        wanted = wanted.where(Change.id < before)
    return [ChangeLine(*row) for row in session.execute(wanted)]
