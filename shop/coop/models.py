"""What the co-op decides for itself, its pages, and what waits for its people."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Base, Currency, Id, Minor, Texts, Tri, Utc, one_of


class Coop(Base):
    """The one co-op of this installation. Changed on /office/shop only; `version` refuses a save over another's."""

    __tablename__ = "coop"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        CheckConstraint("hold_days BETWEEN 0 AND 60", name="hold_days_sane"),
        CheckConstraint("return_days BETWEEN 0 AND 365", name="return_days_sane"),
        CheckConstraint("working_age BETWEEN 15 AND 30", name="working_age_legal"),
    )
    id: Mapped[Id]
    name: Mapped[Texts] = mapped_column(Tri)
    claim: Mapped[Texts] = mapped_column(Tri, default=dict)
    legal_form: Mapped[Texts] = mapped_column(Tri, default=dict)
    address: Mapped[Texts] = mapped_column(Tri, default=dict)
    registration: Mapped[str] = mapped_column(String(80), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    hotline: Mapped[str] = mapped_column(String(40), default="")
    hotline_hours: Mapped[Texts] = mapped_column(Tri, default=dict)
    logo_id: Mapped[int | None] = mapped_column(ForeignKey("picture.id"))
    currency: Mapped[Currency]
    country: Mapped[str] = mapped_column(String(2), default="CN")
    hold_days: Mapped[int] = mapped_column(default=7)
    return_days: Mapped[int] = mapped_column(default=30)
    working_age: Mapped[int] = mapped_column(default=16)
    payout_weekday: Mapped[int] = mapped_column(default=4)
    version: Mapped[int] = mapped_column(default=1)


class HourlyMinimum(Base):
    """The local minimum pay per hour from a day on; piece rates are shown beside it."""

    __tablename__ = "hourly_minimum"
    __table_args__ = (CheckConstraint("minor > 0", name="positive"),)
    id: Mapped[Id]
    valid_from: Mapped[date] = mapped_column(unique=True)
    minor: Mapped[Minor]
    currency: Mapped[Currency]


class CoopPage(Base):
    """A page the law or a buyer asks for: terms, privacy, returns …, one text per language, Markdown."""

    __tablename__ = "coop_page"
    __table_args__ = (UniqueConstraint("slug", "lang"),)
    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(40))
    lang: Mapped[str] = mapped_column(one_of("lang", "zh", "vi", "en"))
    body: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(Utc)


class Task(Base):
    """Something a person at the co-op must look at. `key` keeps the same matter from being listed twice."""

    __tablename__ = "task"
    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(160), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(Utc)
    done_at: Mapped[datetime | None] = mapped_column(Utc)
    done_by: Mapped[str | None] = mapped_column(String(80))


class Change(Base):
    """Who changed what, and on whose behalf; kept for everything that has no history of its own. Append-only."""

    __tablename__ = "change"
    id: Mapped[Id]
    about: Mapped[str] = mapped_column(String(80), index=True)
    kind: Mapped[str] = mapped_column(String(60))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    at: Mapped[datetime] = mapped_column(Utc)
    actor: Mapped[str] = mapped_column(String(80))
    actor_name: Mapped[str] = mapped_column(String(120), default="")
    on_behalf_of: Mapped[str | None] = mapped_column(String(80))
