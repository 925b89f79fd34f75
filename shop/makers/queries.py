"""Makers as the co-op and the brokers see them. What the public sees is public.py's business alone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from shop.db import Texts
from shop.ids import digest
from shop.makers.index import KIND
from shop.makers.models import CONSENT_ITEMS, Consent, Maker, Skill
from shop.search.queries import found, question_of

LARGEST_PAGE = 100


@dataclass(frozen=True, slots=True)
class MakerLine:
    """A line of a list: how she is named and known there."""

    id: int
    number: str
    name: Texts
    mark: str
    village_id: int
    phone_kind: str
    lang: str
    hours_a_week: int
    left_on: date | None


_LINE = select(
    Maker.id,
    Maker.number,
    Maker.name,
    Maker.mark,
    Maker.village_id,
    Maker.phone_kind,
    Maker.lang,
    Maker.hours_a_week,
    Maker.left_on,
)


def makers(
    source: Session | Connection,
    *,
    words: str = "",
    ids: Collection[int] | None = None,
    village_id: int | None = None,
    with_left: bool = False,
    after: int = 0,
    limit: int = 50,
) -> list[MakerLine]:
    """A page of makers in order of id; `after` is the last id of the page before, `ids` narrows it to some of them.

    `words` looks for name, number or village in any language, accents or none, among the first 1000 found.
    """
    page = _LINE.where(Maker.id > after).order_by(Maker.id).limit(max(1, min(limit, LARGEST_PAGE)))
    if not with_left:
        page = page.where(Maker.left_on.is_(None))
    if ids is not None:
        page = page.where(Maker.id.in_(sorted(ids)))
    if village_id is not None:
        page = page.where(Maker.village_id == village_id)
    if words.strip():
        hits = found(source, kind=KIND, question=question_of(source, words), limit=1000)
        page = page.where(Maker.id.in_(hits))
    return [MakerLine(*row) for row in source.execute(page)]


def maker_lines(source: Session | Connection, ids: Collection[int]) -> dict[int, MakerLine]:
    """These makers by id, whether they have left or not."""
    if not ids:
        return {}
    return {row.id: MakerLine(*row) for row in source.execute(_LINE.where(Maker.id.in_(sorted(ids))))}


def maker_by_card(session: Session, *, token: str) -> Maker | None:
    """Whose card opens this address, also after she has left: what she earned stays hers. None for no card of ours."""
    return session.scalar(select(Maker).where(Maker.card_digest == digest(token))) if token else None


def skills_of(source: Session | Connection, *, maker_id: int) -> dict[int, int]:
    """Her level by craft id."""
    rows = source.execute(select(Skill.craft_id, Skill.level).where(Skill.maker_id == maker_id))
    return {craft_id: level for craft_id, level in rows}  # noqa: C416  rows are no pairs to mypy


@dataclass(frozen=True, slots=True)
class Answer:
    """Where an item stands: her last word on it. `given` None: not asked; a withdrawal is a no dated `on`."""

    item: str
    given: bool | None
    on: date | None
    how: str
    withdrawn: bool


def answers_of(session: Session, *, maker_id: int) -> list[Answer]:
    """Her last word on each item, in the order of CONSENT_ITEMS."""
    last: dict[str, Consent] = {}
    for row in session.scalars(select(Consent).where(Consent.maker_id == maker_id).order_by(Consent.id)):
        if row.item not in last or row.live or not last[row.item].live:
            last[row.item] = row
    return [_answer(item, last.get(item)) for item in CONSENT_ITEMS]


def _answer(item: str, row: Consent | None) -> Answer:
    if row is None:
        return Answer(item, given=None, on=None, how="", withdrawn=False)
    if row.live:
        return Answer(item, given=row.given, on=row.answered_on, how=row.how, withdrawn=False)
    return Answer(item, given=False, on=row.withdrawn_on, how=row.how, withdrawn=True)
