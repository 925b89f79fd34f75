"""Brokers, and the mandates by which makers let them act."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Base, Id, Texts, Tri, Utc


class Broker(Base):
    """Coordinates makers. Named in a price split only where she agreed, else "her broker"."""

    __tablename__ = "broker"
    __table_args__ = (CheckConstraint("tier IN (1, 2)", name="tier_known"),)
    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[Texts] = mapped_column(Tri)
    about: Mapped[Texts] = mapped_column(Tri, default=dict)
    tier: Mapped[int]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("broker.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), unique=True)
    village_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    phone: Mapped[str | None] = mapped_column(String(20))
    name_in_split: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    joined_on: Mapped[date]
    version: Mapped[int] = mapped_column(default=1)


class Mandate(Base):
    """A maker's dated, revocable consent that a broker acts for her. At most one is live per maker."""

    __tablename__ = "mandate"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        Index("uq_mandate_live", "maker_id", unique=True, sqlite_where=text("live"), postgresql_where=text("live")),
    )
    id: Mapped[Id]
    maker_id: Mapped[int] = mapped_column(ForeignKey("maker.id"), index=True)
    broker_id: Mapped[int] = mapped_column(ForeignKey("broker.id"), index=True)
    may_list: Mapped[bool] = mapped_column(default=True)
    may_accept_work: Mapped[bool] = mapped_column(default=True)
    may_collect_money: Mapped[bool] = mapped_column(default=False)
    evidence: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    live: Mapped[bool] = mapped_column(default=True)
    recorded_by: Mapped[str] = mapped_column(String(80))
    recorded_at: Mapped[datetime] = mapped_column(Utc)
