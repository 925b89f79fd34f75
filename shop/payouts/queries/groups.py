"""A broker's whole group on paper: who is in it, and the runs that were asked for."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, cast, exists, func, literal, select
from sqlalchemy.orm import Session

from shop import clock
from shop.brokers.models import Mandate
from shop.ledger.models import Earning
from shop.makers.models import Maker
from shop.payouts.models import StatementRun


def _in_group(broker_id: int, since: date, until: date) -> list[ColumnElement[bool]]:
    """Makers who let her act for them now and to whom something became theirs in those days."""
    zone: Any = clock.now().tzinfo
    begin = datetime.combine(since, datetime.min.time(), tzinfo=zone) - timedelta(hours=8)
    end = datetime.combine(until, datetime.min.time(), tzinfo=zone) + timedelta(hours=16)
    earned = exists().where(
        Earning.owner == literal("maker:") + cast(Maker.id, String),
        Earning.available_at >= begin,
        Earning.available_at < end,
    )
    return [exists().where(Mandate.maker_id == Maker.id, Mandate.broker_id == broker_id, Mandate.live), earned]


def group_size(session: Session, *, broker_id: int, since: date, until: date) -> int:
    """Of how many makers statements would be made."""
    return int(session.scalar(select(func.count(Maker.id)).where(*_in_group(broker_id, since, until))) or 0)


def group_part(session: Session, *, run: StatementRun, limit: int) -> list[int]:
    """The next makers of a run, by id."""
    return list(
        session.scalars(
            select(Maker.id)
            .where(*_in_group(run.broker_id, run.since, run.until), Maker.id > (run.last_maker_id or 0))
            .order_by(Maker.id)
            .limit(limit)
        )
    )


def runs(session: Session, *, broker_id: int, limit: int = 6) -> list[StatementRun]:
    """What was asked for a broker's group, the newest first."""
    return list(
        session.scalars(
            select(StatementRun)
            .where(StatementRun.broker_id == broker_id)
            .order_by(StatementRun.id.desc())
            .limit(limit)
        )
    )
