"""Brokers, whose makers are whose, and what a broker may do for whom."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from shop.brokers.models import Broker, Mandate
from shop.db import Texts
from shop.makers.models import Maker

LARGEST_PAGE = 100


@dataclass(frozen=True, slots=True)
class BrokerLine:
    """A line of the co-op's list. `makers` counts live mandates of makers who have not left."""

    id: int
    slug: str
    name: Texts
    tier: int
    parent_id: int | None
    user_id: int | None
    village_id: int
    phone: str | None
    is_active: bool
    makers: int


@dataclass(frozen=True, slots=True)
class MandateLine:
    """A mandate as the history shows it; `live` is the one in force."""

    id: int
    maker_id: int
    broker_id: int
    may_list: bool
    may_accept_work: bool
    may_collect_money: bool
    evidence: str
    starts_on: date
    ends_on: date | None
    live: bool
    recorded_by: str
    recorded_at: datetime


_COUNT = (
    select(func.count(Mandate.id))
    .join(Maker, Maker.id == Mandate.maker_id)
    .where(Mandate.broker_id == Broker.id, Mandate.live, Maker.left_on.is_(None))
    .scalar_subquery()
)
_LINE = select(
    Broker.id,
    Broker.slug,
    Broker.name,
    Broker.tier,
    Broker.parent_id,
    Broker.user_id,
    Broker.village_id,
    Broker.phone,
    Broker.is_active,
    _COUNT,
)
_MANDATE = select(
    Mandate.id,
    Mandate.maker_id,
    Mandate.broker_id,
    Mandate.may_list,
    Mandate.may_accept_work,
    Mandate.may_collect_money,
    Mandate.evidence,
    Mandate.starts_on,
    Mandate.ends_on,
    Mandate.live,
    Mandate.recorded_by,
    Mandate.recorded_at,
)


def _mandate(row: Any) -> MandateLine:
    return MandateLine(*row)


SCOPES = {
    "list": Mandate.may_list,
    "accept_work": Mandate.may_accept_work,
    "collect_money": Mandate.may_collect_money,
}


def brokers(
    source: Session | Connection, *, with_resting: bool = True, after: int = 0, limit: int = 50
) -> list[BrokerLine]:
    """A page of brokers in order of id; `after` is the last id of the page before."""
    page = _LINE.where(Broker.id > after).order_by(Broker.id).limit(max(1, min(limit, LARGEST_PAGE)))
    if not with_resting:
        page = page.where(Broker.is_active)
    return [BrokerLine(*row) for row in source.execute(page)]


def broker_names(source: Session | Connection, ids: Collection[int] | None = None) -> dict[int, Texts]:
    """Names by id, of these or of all brokers; for the co-op's own pages."""
    wanted = select(Broker.id, Broker.name)
    if ids is not None:
        wanted = wanted.where(Broker.id.in_(sorted(ids)))
    return {row.id: row.name for row in source.execute(wanted)}


def public_broker_names(source: Session | Connection, ids: Collection[int]) -> dict[int, Texts]:
    """Names by id of those brokers who agreed to stand in a price split; the others are "her broker"."""
    if not ids:
        return {}
    wanted = select(Broker.id, Broker.name).where(Broker.id.in_(sorted(ids)), Broker.name_in_split)
    return {row.id: row.name for row in source.execute(wanted)}


def broker_of_user(source: Session | Connection, *, user_id: int) -> int | None:
    """The working broker who signs in as this user."""
    wanted = select(Broker.id).where(Broker.user_id == user_id, Broker.is_active)
    return source.execute(wanted).scalar_one_or_none()


def makers_of(source: Session | Connection, *, broker_id: int, after: int = 0, limit: int | None = None) -> list[int]:
    """Ids of the makers whose mandate she holds now and who have not left, in order of id; a page with `after`, `limit`."""
    wanted = (
        select(Mandate.maker_id)
        .join(Maker, Maker.id == Mandate.maker_id)
        .where(Mandate.broker_id == broker_id, Mandate.live, Maker.left_on.is_(None), Mandate.maker_id > after)
        .order_by(Mandate.maker_id)
        .limit(limit)
    )
    return list(source.execute(wanted).scalars())


def maker_count(source: Session | Connection, *, broker_id: int) -> int:
    """How many makers she acts for now."""
    return int(
        source.execute(select(_COUNT).select_from(Broker).where(Broker.id == broker_id)).scalar_one_or_none() or 0
    )


def mandate_between(source: Session | Connection, *, maker_id: int, broker_id: int) -> MandateLine | None:
    """The mandate this maker has given this broker and that is in force, or None."""
    row = source.execute(
        _MANDATE.where(Mandate.maker_id == maker_id, Mandate.broker_id == broker_id, Mandate.live)
    ).first()
    return _mandate(row) if row else None


def may(source: Session | Connection, *, maker_id: int, broker_id: int, scope: str) -> bool:
    """Whether her broker may do this for her now: `list`, `accept_work` or `collect_money`."""
    wanted = select(Mandate.id).where(
        Mandate.maker_id == maker_id, Mandate.broker_id == broker_id, Mandate.live, SCOPES[scope]
    )
    return source.execute(wanted).first() is not None


def brokers_of_makers(source: Session | Connection, *, maker_ids: Collection[int]) -> dict[int, int]:
    """Her broker's id by maker id, for those who have one."""
    if not maker_ids:
        return {}
    wanted = select(Mandate.maker_id, Mandate.broker_id).where(Mandate.maker_id.in_(sorted(maker_ids)), Mandate.live)
    return {row.maker_id: row.broker_id for row in source.execute(wanted)}


def mandates_of(source: Session | Connection, *, maker_id: int) -> list[MandateLine]:
    """All mandates she has ever given, the newest first."""
    wanted = _MANDATE.where(Mandate.maker_id == maker_id).order_by(Mandate.id.desc()).limit(LARGEST_PAGE)
    return [_mandate(row) for row in source.execute(wanted)]
