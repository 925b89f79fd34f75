"""A fair, and what an organizer chose to show there."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from shop.db import Base, Id, Texts, Tri, Utc


class Expo(Base):
    """A fair. Its organizers see and export only what belongs to it."""

    __tablename__ = "expo"
    __table_args__ = (CheckConstraint("ends_on >= starts_on", name="ends_after_start"),)
    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[Texts] = mapped_column(Tri)
    venue: Mapped[Texts] = mapped_column(Tri, default=dict)
    preface: Mapped[Texts] = mapped_column(Tri, default=dict)
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    entry_deadline: Mapped[date]
    created_at: Mapped[datetime] = mapped_column(Utc)


class ExpoOrganizer(Base):
    """Who may work on a fair."""

    __tablename__ = "expo_organizer"
    __table_args__ = (UniqueConstraint("expo_id", "user_id"),)
    id: Mapped[Id]
    expo_id: Mapped[int] = mapped_column(ForeignKey("expo.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)


class Entry(Base):
    """A product chosen for a fair, in the order of its catalogue."""

    __tablename__ = "entry"
    __table_args__ = (UniqueConstraint("expo_id", "product_id"),)
    id: Mapped[Id]
    expo_id: Mapped[int] = mapped_column(ForeignKey("expo.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    position: Mapped[int]
    added_by: Mapped[str] = mapped_column(String(80))
    added_at: Mapped[datetime] = mapped_column(Utc)
